"""``baes purge``: erase for good what requests removed."""

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

    def days(given: str) -> int:
        if not (given.isascii() and given.isdigit() and len(given) < 6):
            raise argparse.ArgumentTypeError(text(parser.language, "cli.purge.wrong", text=given))
        return int(given)

    parser.add_argument("--older-than", type=days, metavar="DAYS")
    parser.add_argument("--yes", action="store_true")


def run(options: argparse.Namespace) -> int:
    """Say what the archive holds, and erase it once the user agrees."""
    log_to_project(options.project)
    progress = Progress(options.language)
    kernel = project_kernel(options.project, progress, options.language)

    def answer(request_id: str, words: str) -> RequestReport:
        report = kernel.answer(request_id, words, consents=Consents())
        progress.clear()
        return report

    report = kernel.purge(options.older_than, consents=Consents(data_loss=options.yes))
    progress.clear()
    return conclude(report, answer, as_json=options.json)
