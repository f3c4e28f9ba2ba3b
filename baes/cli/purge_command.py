"""``baes purge``: erase for good what requests removed."""

from __future__ import annotations

import argparse

from baes.cli.conversation import conclude
from baes.cli.kernel import project_kernel
from baes.cli.logs import log_to_project
from baes.cli.output import Progress
from baes.core.consents import Consents
from baes.core.enhanced_runtime_kernel import RequestReport

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "--older-than",
        type=_days,
        metavar="DAYS",
        help="only what was set aside longer ago than that",
    )
    parser.add_argument("--yes", action="store_true", help="do it without asking")


def run(options: argparse.Namespace) -> int:
    """Say what the archive holds, and erase it once the user agrees."""
    log_to_project(options.project)
    progress = Progress()
    kernel = project_kernel(options.project, progress)

    def answer(request_id: str, words: str) -> RequestReport:
        report = kernel.answer(request_id, words, consents=Consents())
        progress("")
        return report

    report = kernel.purge(options.older_than, consents=Consents(data_loss=options.yes))
    progress("")
    return conclude(report, answer, as_json=options.json)


def _days(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        raise argparse.ArgumentTypeError(f"{text!r} is no number of days")
    return int(text)
