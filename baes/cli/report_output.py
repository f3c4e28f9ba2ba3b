"""How a command says what became of a request."""

from __future__ import annotations

from typing import Any, get_args

from baes.cli.output import error_json, print_error, print_json, print_text, say
from baes.cli.server_output import print_server
from baes.core.enhanced_runtime_kernel import RequestReport
from baes.spec.codec import interpretation_to_json
from baes.spec.pipeline import Outcome
from baes.texts import Message

__all__ = ["print_report"]


def print_report(report: RequestReport, *, as_json: bool) -> None:
    """Print the report of a request, a failed one too."""
    if as_json:
        print_json(_as_json(report))
    else:
        _print(report)


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
    language = report.language
    if report.error:
        print_error(report.error, language, as_json=False)
        return
    for line in (*report.description, *report.changes):
        print_text(line)
    if not report.description and not report.changes:
        say(language, "cli.request.no_changes")
    if report.interpretation and report.interpretation.assumptions:
        print_text("")
        say(language, "cli.request.assumed")
        for assumption in report.interpretation.assumptions:
            print_text(f"  - {assumption}")
    if report.artifacts:
        _print_costs(report)
    for notice in report.notices:
        say(language, "cli.request.note", text=notice)
    if report.urls:
        print_text("")
    for name, url in report.urls:
        print_server(language, name, url)


def _print_costs(report: RequestReport) -> None:
    metrics = report.metrics
    print_text("")
    say(
        report.language,
        "cli.request.done",
        files=Message.of("cli.request.files", count=len(report.artifacts)),
        seconds=round(metrics.total_time, 1),
        tokens=metrics.total_tokens,
    )
