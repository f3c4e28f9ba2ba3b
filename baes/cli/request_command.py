"""``baes request``: carry out one request in plain language."""

from __future__ import annotations

import argparse
import os

from baes.cli.logs import log_to_project
from baes.cli.output import Progress
from baes.cli.ports import add_port_arguments
from baes.cli.report_output import print_report
from baes.cli.request_text import add_text_argument, request_text
from baes.core.enhanced_runtime_kernel import Consents, EnhancedRuntimeKernel, Serving
from baes.core.switches import Switches

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
    print_report(report, as_json=options.json)
    return report.error.exit_status if report.error else 0
