"""The end of a command: its report, or a question that is asked on a terminal and gone on with."""

from __future__ import annotations

import sys
from collections.abc import Callable

from baes.cli.output import print_error, print_notice
from baes.cli.report_output import print_report
from baes.core.enhanced_runtime_kernel import RequestReport
from baes.errors import NeedsAnswer
from baes.texts import text

__all__ = ["conclude"]


def conclude(
    report: RequestReport, answer: Callable[[str, str], RequestReport], *, as_json: bool
) -> int:
    """Print what became of a command; gives the exit status.

    Where standard input is a terminal, questions are asked and the command goes on; elsewhere, and
    with JSON, they are printed and stay open.

    Args:
        report: Of the command as it was given.
        answer: Goes on with a request: (its id, the user's words) -> the next report.
        as_json: JSON was asked for.
    """
    while isinstance(report.error, NeedsAnswer) and sys.stdin.isatty() and not as_json:
        words = _ask(report.error, report.language)
        if not words:
            return report.error.exit_status
        report = answer(report.request_id, words)
    print_report(report, as_json=as_json)
    return report.error.exit_status if report.error else 0


def _ask(error: NeedsAnswer, language: str) -> str:
    """What a person types; a question for a consent says by itself what it is about."""
    if error.consent == "data_loss":
        print_notice(error.spoken(language).question)
    else:
        print_error(error, language, as_json=False)
    sys.stderr.write(f"{text(language, 'cli.consent')} " if error.consent else "> ")
    sys.stderr.flush()
    return sys.stdin.readline().strip()
