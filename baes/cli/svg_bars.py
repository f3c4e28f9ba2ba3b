"""Horizontal bars as one SVG image that needs nothing besides."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

__all__ = ["Bar", "bars_svg"]

_LABELS = 230
_BARS = 420
_FIGURES = 90
_ROW = 22


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of a chart."""

    label: str
    start: float
    """In the unit of the length."""
    length: float
    figure: str
    """What stands behind the bar."""
    is_faint: bool = False
    """Whether it is told apart from the others: cancelled, or not ours."""


def bars_svg(title: str, bars: Iterable[Bar], *, is_file: bool = True) -> str:
    """The chart, scaled to the longest bar.

    Args:
        title: What is read out in place of it.
        bars: From top to bottom.
        is_file: Whether it stands alone, and not within a page.
    """
    bars = tuple(bars)
    scale = _BARS / (max((bar.start + bar.length for bar in bars), default=0.0) or 1.0)
    width, height = _LABELS + _BARS + _FIGURES, len(bars) * _ROW + 4
    space = 'xmlns="http://www.w3.org/2000/svg" ' if is_file else ""
    lines = [
        f'<svg {space}viewBox="0 0 {width} {height}" role="img" '
        f'font-family="system-ui, sans-serif" font-size="11">',
        f"<title>{escape(title)}</title>",
    ]
    for number, bar in enumerate(bars):
        top, left = number * _ROW, _LABELS + bar.start * scale
        length = max(bar.length * scale, 1.0)
        colour = "#a9b4bf" if bar.is_faint else "#2f6fb0"
        lines += [
            f'<text x="0" y="{top + 15}">{escape(bar.label)}</text>',
            f'<rect x="{left:.1f}" y="{top + 3}" width="{length:.1f}" height="16" rx="2" '
            f'fill="{colour}"/>',
            f'<text x="{left + length + 6:.1f}" y="{top + 15}">{escape(bar.figure)}</text>',
        ]
    return "\n".join([*lines, "</svg>", ""])
