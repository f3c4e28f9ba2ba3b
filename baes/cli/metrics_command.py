"""``baes metrics``: what the requests of a project cost."""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from baes.cli.metrics_output import page, print_summaries, print_timeline, timeline_svg
from baes.cli.output import print_json, say
from baes.cli.parser import Parser
from baes.core.project_paths import ProjectPaths
from baes.errors import RequestFailed
from baes.utils.metrics_summary import PERIODS, PeriodSummary, summarized, summary_of
from baes.utils.optimization_metrics import MetricsLog, RequestMetrics
from baes.utils.published_baselines import published_baselines, published_requests

__all__ = ["add_arguments", "run"]

LAST = "last"


def add_arguments(parser: Parser) -> None:
    """Declare the arguments."""
    parser.add_argument("--period", choices=PERIODS, default=PERIODS[0])
    parser.add_argument("--csv", type=Path, metavar="FILE")
    parser.add_argument("--html", type=Path, metavar="FILE")
    parser.add_argument("--svg", type=Path, metavar="FILE")
    parser.add_argument("--timeline", nargs="?", const=LAST, metavar="REQUEST_ID")


def run(options: argparse.Namespace) -> int:
    """Sum up the requests by period, and write what was asked for into files.

    Raises:
        RequestFailed: A file can't be written, or there is no such request.
    """
    records, damaged = MetricsLog.of_project(ProjectPaths(options.project).root).read()
    periods = summarized(records, options.period)
    chosen = _chosen(records, options.timeline or (LAST if options.svg else None))
    if options.csv:
        _write_csv(options.csv, periods)
    if options.html:
        content = page(periods, summary_of(records), records[-1:], options.language)
        _write(options.html, content)
    if options.svg and chosen is not None:
        _write(options.svg, timeline_svg(chosen, options.language))
    if options.json:
        print_json(_as_json(records, periods, damaged, chosen, options.period))
        return 0
    if chosen is not None:
        print_timeline(chosen, options.language)
    else:
        print_summaries(periods, summary_of(records), options.language)
    for path in filter(None, (options.csv, options.html, options.svg)):
        say(options.language, "cli.metrics.written", path=path)
    if damaged:
        say(options.language, "cli.metrics.damaged", count=damaged)
    return 0


def _chosen(records: tuple[RequestMetrics, ...], wanted: str | None) -> RequestMetrics | None:
    if wanted is None:
        return None
    found = [r for r in records if wanted in (LAST, r.request_id)]
    if not found:
        raise RequestFailed.of("cli.error.no_such_record", request=wanted)
    return found[-1]


def _as_json(
    records: tuple[RequestMetrics, ...],
    periods: Iterable[PeriodSummary],
    damaged: int,
    chosen: RequestMetrics | None,
    period: str,
) -> dict[str, Any]:
    return {
        "success": True,
        "period": period,
        "total": summary_of(records).to_json(),
        "periods": [summary.to_json() for summary in periods],
        "damaged_lines": damaged,
        "published": {
            "requests": published_requests(),
            "frameworks": [asdict(baseline) for baseline in published_baselines()],
        },
        "timeline": chosen.to_json() if chosen else None,
    }


def _write_csv(path: Path, periods: Iterable[PeriodSummary]) -> None:
    columns = list(summary_of(()).to_json())
    try:
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, columns)
            writer.writeheader()
            writer.writerows(summary.to_json() for summary in periods)
    except OSError as error:
        raise _unwritable(path, error) from error


def _write(path: Path, content: str) -> None:
    try:
        path.write_text(content, encoding="utf-8")
    except OSError as error:
        raise _unwritable(path, error) from error


def _unwritable(path: Path, error: OSError) -> RequestFailed:
    cause = error.strerror or type(error).__name__
    return RequestFailed.of("cli.error.unwritable", path=path, cause=cause)
