"""One measured figure beside its goal."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["Figure", "median_seconds", "table"]


@dataclass(frozen=True)
class Figure:
    """What was measured, how much it is, and what it shall be."""

    what: str
    value: float
    unit: str
    goal: float | None = None
    """The most that it may be; ``None``: measured only."""
    at_least: bool = False
    """The goal is the least that it may be."""

    @property
    def met(self) -> str:
        """``yes``, ``NO``, or nothing where there is no goal."""
        if self.goal is None:
            return ""
        good = self.value >= self.goal if self.at_least else self.value < self.goal
        return "yes" if good else "NO"


def median_seconds(action: Callable[[], object], runs: int) -> float:
    """Median wall time of an action."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def table(title: str, figures: list[Figure]) -> str:
    """Figures as an aligned table."""
    width = max(len(figure.what) for figure in figures)
    lines = [f"\n{title}"]
    for figure in figures:
        sign = ">=" if figure.at_least else "<"
        goal = "" if figure.goal is None else f"{sign} {figure.goal:g}"
        measured = f"{figure.value:>10.3f} {figure.unit:<6}"
        lines.append(f"  {figure.what:<{width}}  {measured} {goal:>9}  {figure.met}")
    return "\n".join(lines)
