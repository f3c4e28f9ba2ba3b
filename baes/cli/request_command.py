"""``baes request``: carry out one request in plain language."""

from __future__ import annotations

import argparse

from baes.cli.conversation import conclude
from baes.cli.kernel import project_kernel
from baes.cli.logs import log_to_project
from baes.cli.output import Progress
from baes.cli.parser import Parser
from baes.cli.ports import add_port_arguments
from baes.cli.request_text import add_text_argument, request_text
from baes.core.consents import Consents
from baes.core.enhanced_runtime_kernel import (
    RequestReport,
    Serving,
)
from baes.errors import WrongUsage

__all__ = ["add_arguments", "run"]


def add_arguments(parser: Parser) -> None:
    """Declare the arguments."""
    add_text_argument(parser)
    parser.add_argument("--serve", action="store_true")
    parser.add_argument("--yes", action="store_true")
    parser.add_argument("--overwrite-edits", action="store_true")
    parser.add_argument("--without-custom", action="store_true")
    parser.add_argument("--answer", metavar="TEXT")
    parser.add_argument("--request-id", metavar="ID")
    add_port_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Carry the request out, and say what became of it."""
    text = "" if _is_answer(options) else request_text(options)
    log_to_project(options.project)
    progress = Progress(options.language)
    kernel = project_kernel(options.project, progress, options.language)
    consents = Consents(options.yes, options.overwrite_edits, options.without_custom)
    serving = Serving(options.api_port, options.ui_port) if options.serve else None

    def answer(request_id: str, words: str) -> RequestReport:
        report = kernel.answer(request_id, words, consents=consents, serving=serving)
        progress.clear()
        return report

    if _is_answer(options):
        report = answer(options.request_id, options.answer)
    else:
        report = kernel.carry_out(text, consents=consents, serving=serving)
        progress.clear()
    return conclude(report, answer, as_json=options.json)


def _is_answer(options: argparse.Namespace) -> bool:
    """Whether the command answers a question instead of putting a request.

    Raises:
        WrongUsage: It does both, or half of it.
    """
    given = (options.answer is not None, options.request_id is not None)
    if any(given) and (not all(given) or options.text is not None):
        raise WrongUsage.of("cli.error.half_answer")
    return all(given)
