"""``baes undo``: take the last change, or the last N requests, back."""

from __future__ import annotations

import argparse

from baes.cli.conversation import conclude
from baes.cli.kernel import project_kernel
from baes.cli.logs import log_to_project
from baes.cli.output import Progress
from baes.cli.parser import Parser
from baes.core.consents import Consents
from baes.core.enhanced_runtime_kernel import RequestReport
from baes.texts import text

__all__ = ["add_arguments", "run"]


def add_arguments(parser: Parser) -> None:
    """Declare the arguments."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = text(parser.language, "cli.undo.explanation")

    def count(given: str) -> int:
        if not (given.isascii() and given.isdigit() and int(given) > 0):
            raise argparse.ArgumentTypeError(text(parser.language, "cli.undo.wrong", text=given))
        return int(given)

    parser.add_argument("count", nargs="?", type=count, metavar="N")
    parser.add_argument("--yes", action="store_true")
    parser.add_argument("--overwrite-edits", action="store_true")


def run(options: argparse.Namespace) -> int:
    """Take it back, and say what that did."""
    log_to_project(options.project)
    progress = Progress(options.language)
    kernel = project_kernel(options.project, progress, options.language)
    consents = Consents(data_loss=options.yes, overwrite_edits=options.overwrite_edits)

    def answer(request_id: str, words: str) -> RequestReport:
        report = kernel.answer(request_id, words, consents=consents)
        progress.clear()
        return report

    report = kernel.undo(options.count, consents=consents)
    progress.clear()
    return conclude(report, answer, as_json=options.json)
