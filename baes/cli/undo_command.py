"""``baes undo``: take the last change, or the last N requests, back."""

from __future__ import annotations

import argparse

from baes.cli.conversation import conclude
from baes.cli.kernel import project_kernel
from baes.cli.logs import log_to_project
from baes.cli.output import Progress
from baes.core.consents import Consents
from baes.core.enhanced_runtime_kernel import RequestReport

__all__ = ["add_arguments", "run"]

EXPLANATION = """\
Without a number, the last entry of `baes history` is taken back. An undo is an entry too, so a
second `baes undo` does again what the first one took back.

With a number, the last N requests that still stand are taken back at once; undos are not counted.
So after one `baes undo`, `baes undo 1` goes a step further back.

Values that a request removed come back; rows that were entered since stay. Nothing is erased from
the history: an undo is a change of its own.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = EXPLANATION
    parser.add_argument(
        "count",
        nargs="?",
        type=_count,
        metavar="N",
        help="how many of the last requests that stand (left out: the last entry of the history)",
    )
    parser.add_argument("--yes", action="store_true", help="do it without asking")
    parser.add_argument(
        "--overwrite-edits",
        action="store_true",
        help="agree to replacing generated files that were edited by hand",
    )


def run(options: argparse.Namespace) -> int:
    """Take it back, and say what that did."""
    log_to_project(options.project)
    progress = Progress()
    kernel = project_kernel(options.project, progress)
    consents = Consents(data_loss=options.yes, overwrite_edits=options.overwrite_edits)

    def answer(request_id: str, words: str) -> RequestReport:
        report = kernel.answer(request_id, words, consents=consents)
        progress("")
        return report

    report = kernel.undo(options.count, consents=consents)
    progress("")
    return conclude(report, answer, as_json=options.json)


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) > 0):
        raise argparse.ArgumentTypeError(f"{text!r} is no number of requests")
    return int(text)
