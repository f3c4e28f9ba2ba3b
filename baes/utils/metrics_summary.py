"""What the requests of a day, week or month cost together."""

from __future__ import annotations

import datetime
import statistics
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Literal, get_args

from baes.spec.pipeline import Outcome
from baes.utils.optimization_metrics import RequestMetrics

__all__ = ["PERIODS", "Period", "PeriodSummary", "summarized", "summary_of"]

Period = Literal["daily", "weekly", "monthly"]
PERIODS: tuple[Period, ...] = get_args(Period)


@dataclass(frozen=True, slots=True)
class PeriodSummary:
    """The requests of one period; also the columns of the CSV file, in their order."""

    period: str
    """``2026-01-31``, ``2026-W05`` or ``2026-01``; empty for all requests together."""
    requests: int
    failed: int
    seconds: float
    """Of all requests together."""
    median_seconds: float
    slowest_seconds: float
    tokens: int
    llm_calls: int
    memory_hits: int
    disk_hits: int
    """Requests whose interpretation a tier of the recognition cache gave."""
    template_usage: float
    """Share of the artifacts that templates made; 1.0 where none was asked for."""
    confident_approvals: int
    confident_rejections: int
    uncertain: int

    @property
    def confident_share(self) -> float:
        """Share of the reviews that needed no model; 1.0 where there was none."""
        confident = self.confident_approvals + self.confident_rejections
        return confident / (confident + self.uncertain) if confident + self.uncertain else 1.0

    def to_json(self) -> dict[str, object]:
        """Column -> value, times to the microsecond."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {k: round(v, 6) if isinstance(v, float) else v for k, v in values.items()}


def summarized(records: Iterable[RequestMetrics], period: Period) -> tuple[PeriodSummary, ...]:
    """The requests by period, the earliest first."""
    name_of = _NAMES[period]
    groups: dict[str, list[RequestMetrics]] = {}
    for record in records:
        day = datetime.date.fromisoformat(record.started_at[:10])
        groups.setdefault(name_of(day), []).append(record)
    return tuple(summary_of(groups[name], name) for name in sorted(groups))


def summary_of(records: Iterable[RequestMetrics], period: str = "") -> PeriodSummary:
    """All of some requests together."""
    found = tuple(records)
    times = [record.total_time for record in found]
    made = sum(sum(record.templates.values()) for record in found)
    asked = sum(_artifacts(record) for record in found)
    return PeriodSummary(
        period=period,
        requests=len(found),
        failed=sum(not record.success for record in found),
        seconds=sum(times),
        median_seconds=statistics.median(times) if times else 0.0,
        slowest_seconds=max(times, default=0.0),
        tokens=sum(record.total_tokens for record in found),
        llm_calls=sum(record.llm_calls for record in found),
        memory_hits=sum(record.cache_hit == "memory" for record in found),
        disk_hits=sum(record.cache_hit == "persistent" for record in found),
        template_usage=made / asked if asked else 1.0,
        confident_approvals=_reviews(found, "confident_approval"),
        confident_rejections=_reviews(found, "confident_rejection"),
        uncertain=_reviews(found, "uncertain"),
    )


def _artifacts(record: RequestMetrics) -> float:
    """How many artifacts a request asked for: its templates made that share of them."""
    made = sum(record.templates.values())
    return made / record.template_usage if record.template_usage else sum(record.reviews.values())


def _reviews(records: Iterable[RequestMetrics], outcome: Outcome) -> int:
    return sum(record.reviews.get(outcome, 0) for record in records)


def _week(day: datetime.date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


_NAMES: Mapping[Period, Callable[[datetime.date], str]] = {
    "daily": datetime.date.isoformat,
    "weekly": _week,
    "monthly": lambda day: f"{day:%Y-%m}",
}
