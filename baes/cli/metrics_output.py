"""What requests cost, as tables and bars on a terminal and as a page with charts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from baes.cli.output import print_text, say
from baes.cli.svg_bars import Bar, bars_svg
from baes.datafiles import PACKAGE
from baes.texts import said, text
from baes.utils.metrics_summary import PeriodSummary
from baes.utils.optimization_metrics import RequestMetrics, TaskMetrics
from baes.utils.published_baselines import published_baselines

__all__ = ["page", "print_summaries", "print_timeline", "timeline_svg"]

_STAGE_OF_TASKS = "generate"

_BAR = 40
"""Characters of the longest bar."""
_TEMPLATE = PACKAGE / "cli" / "data" / "metrics.html.j2"


def print_summaries(periods: Sequence[PeriodSummary], total: PeriodSummary, language: str) -> None:
    """A table of the periods with a bar for the time, and what was saved."""
    if not periods:
        say(language, "cli.metrics.empty")
        return
    rows = [_row(summary, language) for summary in (*periods, total)]
    rows[-1][0] = text(language, "cli.metrics.together")
    head = [text(language, f"cli.metrics.column.{name}") for name in _COLUMNS]
    widths = [max(len(row[i]) for row in (head, *rows)) for i in range(len(head))]
    longest = max(summary.seconds for summary in periods) or 1.0
    print_text(_line(head, widths))
    for row, summary in zip(rows, periods, strict=False):
        bar = "#" * max(1, round(_BAR * summary.seconds / longest))
        print_text(f"{_line(row, widths)}  {bar}")
    print_text(_line(rows[-1], widths))
    print_text("")
    for baseline in published_baselines():
        saved = round(baseline.tokens_a_request * total.requests) - total.tokens
        say(language, "cli.metrics.saved", name=baseline.name, tokens=f"{saved:,}")


def print_timeline(record: RequestMetrics, language: str) -> None:
    """The stages and tasks of one request as a Gantt chart of characters."""
    say(language, "cli.metrics.timeline", request=record.request_id, when=record.started_at[:19])
    bars = _bars(record, language)
    width = max((len(bar.label) for bar in bars), default=0)
    scale = _BAR / (record.total_time or 1.0)
    for bar in bars:
        sign = "." if bar.is_faint else "#"
        drawn = " " * round(bar.start * scale) + sign * max(1, round(bar.length * scale))
        print_text(f"  {bar.label:<{width}}  {drawn:<{_BAR + 1}}  {bar.figure}")
    sequential = _number(record.total_time + record.parallel_saving, language)
    wall = _number(record.total_time, language)
    say(language, "cli.metrics.wall", sum=sequential, wall=wall)


def timeline_svg(record: RequestMetrics, language: str, *, is_file: bool = True) -> str:
    """The same chart as an image."""
    when = record.started_at[:19]
    title = text(language, "cli.metrics.timeline", request=record.request_id, when=when)
    return bars_svg(title, _bars(record, language), is_file=is_file)


def page(
    periods: Sequence[PeriodSummary],
    total: PeriodSummary,
    last: Iterable[RequestMetrics],
    language: str,
) -> str:
    """One HTML file with everything in it: the table, the charts, the last request's stages."""
    from jinja2 import Environment  # only this command's option needs it

    template = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(
        _TEMPLATE.read_text(encoding="utf-8")
    )
    charts = [
        _Chart(text(language, f"cli.metrics.chart.{name}"), _scaled(periods, name))
        for name in ("requests", "seconds", "tokens")
    ]
    words = {name: text(language, f"cli.metrics.page.{name}") for name in _PAGE_TEXTS}
    head = [text(language, f"cli.metrics.column.{name}") for name in _COLUMNS]
    rows = [_row(summary, language) for summary in (*periods, total)]
    if rows:
        rows[-1][0] = text(language, "cli.metrics.together")
    return template.render(
        language=language,
        words=words,
        head=head,
        rows=rows,
        charts=charts,
        baselines=published_baselines(),
        total=total,
        requests=[(record, timeline_svg(record, language, is_file=False)) for record in last],
    )


@dataclass(frozen=True, slots=True)
class _Chart:
    title: str
    bars: tuple[tuple[str, str, float], ...]
    """(period, its figure, share of the largest one in per cent)."""


def _bars(record: RequestMetrics, language: str) -> list[Bar]:
    """The stages, and under the one that they belong to the tasks, in seconds."""
    bars: list[Bar] = []
    for stage in record.stages:
        bars.append(Bar(stage.name, stage.start, stage.seconds, f"{stage.seconds:.3f} s"))
        if stage.name == _STAGE_OF_TASKS:
            bars += (_task_bar(task, language) for task in record.tasks)
    return bars


def _task_bar(task: TaskMetrics, language: str) -> Bar:
    figure = f"{task.seconds:.3f} s"
    if task.outcome != "success":
        figure += f", {text(language, f'cli.metrics.task.{task.outcome}')}"
    is_custom = task.id.startswith("custom:")
    name = task.id if is_custom else f"{task.agent} {task.entity}".rstrip()
    return Bar(f"  {name}", task.start, task.seconds, figure, task.outcome == "cancelled")


def _scaled(periods: Sequence[PeriodSummary], name: str) -> tuple[tuple[str, str, float], ...]:
    values = [float(getattr(summary, name)) for summary in periods]
    largest = max(values, default=0.0) or 1.0
    return tuple(
        (summary.period, f"{value:g}" if value < _MANY else f"{value:,.0f}", 100 * value / largest)
        for summary, value in zip(periods, values, strict=True)
    )


_MANY = 1_000.0


def _row(summary: PeriodSummary, language: str) -> list[str]:
    return [
        summary.period,
        str(summary.requests),
        str(summary.failed),
        _number(summary.seconds, language),
        _number(summary.median_seconds, language),
        f"{summary.tokens:,}",
        str(summary.llm_calls),
        f"{summary.memory_hits}+{summary.disk_hits}",
        f"{summary.template_usage:.0%}",
        f"{summary.confident_share:.0%}",
    ]


def _number(seconds: float, language: str) -> str:
    return str(said(round(seconds, 3), language))


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    first, *others = (
        cell.ljust(width) if i == 0 else cell.rjust(width)
        for i, (cell, width) in enumerate(zip(cells, widths, strict=True))
    )
    return "  ".join((first, *others))


_COLUMNS = (
    "period", "requests", "failed", "seconds", "median", "tokens", "calls", "cache", "templates",
    "confident",
)  # fmt: skip
_PAGE_TEXTS = ("title", "about", "published", "last", "framework", "tokens", "saved")
