"""``baes chat``: a conversation about one project."""

from __future__ import annotations

import argparse
import sys

from baes.cli.chat import Chat
from baes.cli.chat_input import Lines, PipedLines
from baes.cli.kernel import project_kernel
from baes.cli.logs import log_to_project
from baes.cli.output import Progress
from baes.cli.parser import Parser
from baes.cli.ports import add_port_arguments
from baes.core.enhanced_runtime_kernel import Serving
from baes.core.managed_system_manager import ManagedSystemManager
from baes.core.project_paths import ProjectPaths

__all__ = ["add_arguments", "run"]


def add_arguments(parser: Parser) -> None:
    """Declare the arguments."""
    parser.add_argument("--serve", action="store_true")
    add_port_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Talk until the user leaves; what was said is remembered for the next time."""
    log_to_project(options.project)
    paths = ProjectPaths(options.project)
    progress = Progress(options.language)
    chat = Chat(
        project=options.project,
        kernel=project_kernel(options.project, progress, options.language),
        serving=Serving(options.api_port, options.ui_port) if options.serve else None,
        current=lambda: ManagedSystemManager(paths).current(),
        language=options.language,
        as_json=options.json,
        after_turn=progress.clear,
    )
    chat.run(_lines(paths, chat))
    return 0


def _lines(paths: ProjectPaths, chat: Chat) -> Lines:
    if not sys.stdin.isatty():
        return PipedLines(sys.stdin)
    from baes.cli.chat_terminal import TerminalLines  # the line editor takes a while to import

    return TerminalLines(paths.private / "chat_history", chat.completions)
