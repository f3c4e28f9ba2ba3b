"""``baes request``: carry out one request in plain language."""

from __future__ import annotations

import argparse
import os
from typing import Any, get_args

from baes.cli.logs import log_to_project
from baes.cli.output import Progress, error_json, print_error, print_json, print_text
from baes.cli.ports import add_port_arguments
from baes.cli.request_text import add_text_argument, request_text
from baes.cli.server_output import URL_TITLES
from baes.core.enhanced_runtime_kernel import (
    Consents,
    EnhancedRuntimeKernel,
    RequestReport,
    Serving,
)
from baes.core.switches import Switches
from baes.spec.codec import interpretation_to_json
from baes.spec.pipeline import Outcome

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add_text_argument(parser)
    parser.add_argument(
        "--serve", action="store_true", help="start the system, or swap the running one"
    )
    parser.add_argument("--yes", action="store_true", help="agree to losing or changing data")
    parser.add_argument(
        "--overwrite-edits",
        action="store_true",
        help="agree to replacing generated files that were edited by hand",
    )
    parser.add_argument(
        "--without-custom",
        action="store_true",
        help="leave out what needs a language model",
    )
    add_port_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Carry the request out, and say what became of it."""
    text = request_text(options)
    log_to_project(options.project)
    progress = Progress()
    kernel = EnhancedRuntimeKernel(
        options.project, switches=Switches.from_environment(os.environ), progress=progress
    )
    report = kernel.carry_out(
        text,
        consents=Consents(options.yes, options.overwrite_edits, options.without_custom),
        serving=Serving(options.api_port, options.ui_port) if options.serve else None,
    )
    progress("")
    if options.json:
        print_json(_as_json(report))
    else:
        _print(report)
    return report.error.exit_status if report.error else 0


def _as_json(report: RequestReport) -> dict[str, Any]:
    metrics, interpretation = report.metrics, report.interpretation
    body: dict[str, Any] = {
        "success": report.error is None,
        "request_id": report.request_id,
        "interpretation": interpretation_to_json(interpretation) if interpretation else None,
        "changes": list(report.changes),
        "artifacts": list(report.artifacts),
        "urls": dict(report.urls),
        "metrics": {
            "total_time": round(metrics.total_time, 4),
            "total_tokens": metrics.total_tokens,
            "llm_calls": metrics.llm_calls,
            "cache_hit": metrics.cache_hit,
            "template_usage": metrics.template_usage,
            "reviews": {outcome: metrics.reviews.get(outcome, 0) for outcome in get_args(Outcome)},
        },
    }
    if report.notices:
        body["notices"] = list(report.notices)
    if report.description:
        body["description"] = list(report.description)
    return body | error_json(report.error) if report.error else body


def _print(report: RequestReport) -> None:
    if report.error:
        print_error(report.error, as_json=False)
        return
    for line in (*report.description, *report.changes):
        print_text(line)
    if not report.description and not report.changes:
        print_text("Nothing changes: the system is like that already.")
    if report.interpretation and report.interpretation.assumptions:
        print_text("\nAssumed:")
        for assumption in report.interpretation.assumptions:
            print_text(f"  - {assumption}")
    metrics = report.metrics
    if report.changes:
        written = f"{len(report.artifacts)} files written"
        spent = f"{metrics.total_time:.1f} s, {metrics.total_tokens} tokens"
        print_text(f"\nDone: {written}, {spent}.")
    for notice in report.notices:
        print_text(f"Note: {notice}")
    if report.urls:
        print_text("")
    for name, url in report.urls:
        print_text(f"  {URL_TITLES[name]:<6} {url}")
