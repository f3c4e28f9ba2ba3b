"""Requests summed up by day, week and month."""

from __future__ import annotations

import datetime

import pytest

from baes.spec.pipeline import Verdict
from baes.utils.metrics_summary import PeriodSummary, summarized, summary_of
from baes.utils.optimization_metrics import MetricsRecorder, RequestMetrics
from baes.utils.published_baselines import published_baselines, published_requests


def record(
    day: str, seconds: float, *, error: str | None = None, tokens: int = 0
) -> RequestMetrics:
    moments = iter([0.0, *[seconds] * 9])
    started = datetime.datetime.fromisoformat(f"{day}T12:00:00+00:00")
    recorder = MetricsRecorder(day, started, clock=lambda: next(moments))
    recorder.made("backend/model.py.j2")
    recorder.made(None if tokens else "tests/api.py.j2")
    recorder.reviewed(Verdict("a.py", "confident_approval", "confident_regex_approval"))
    recorder.reviewed(Verdict("b.py", "uncertain", "undecided"))
    if tokens:
        recorder.spent("generate", tokens)
    return recorder.finished(error=error, source=None if tokens else "persistent_cache")


RECORDS = (
    record("2026-01-31", 1.0),
    record("2026-01-31", 3.0, error="UNCLEAR"),
    record("2026-02-01", 2.0, tokens=60),
    record("2026-02-02", 4.0),
)


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        ("daily", [("2026-01-31", 2), ("2026-02-01", 1), ("2026-02-02", 1)]),
        ("weekly", [("2026-W05", 3), ("2026-W06", 1)]),
        ("monthly", [("2026-01", 2), ("2026-02", 2)]),
    ],
)
def test_requests_are_put_together_by_period(period: str, expected: list[tuple[str, int]]) -> None:
    found = summarized(RECORDS, period)  # type: ignore[arg-type]  # one of PERIODS
    assert [(summary.period, summary.requests) for summary in found] == expected


def test_all_figures_of_a_period_are_told() -> None:
    assert summary_of(RECORDS) == PeriodSummary(
        period="",
        requests=4,
        failed=1,
        seconds=10.0,
        median_seconds=2.5,
        slowest_seconds=4.0,
        tokens=60,
        llm_calls=1,
        memory_hits=0,
        disk_hits=3,
        template_usage=7 / 8,
        confident_approvals=4,
        confident_rejections=0,
        uncertain=4,
    )
    assert summary_of(RECORDS).confident_share == 0.5


def test_no_requests_cost_nothing() -> None:
    nothing = summary_of(())
    assert (nothing.requests, nothing.seconds, nothing.template_usage) == (0, 0.0, 1.0)
    assert nothing.confident_share == 1.0
    assert summarized((), "daily") == ()


def test_the_published_figures_are_of_one_benchmark() -> None:
    cheapest, *dearer = published_baselines()
    assert cheapest.tokens_a_request * published_requests() == pytest.approx(cheapest.tokens)
    assert all(other.tokens > cheapest.tokens for other in dearer)
