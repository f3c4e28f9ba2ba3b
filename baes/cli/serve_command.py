"""``baes serve``: start the managed system's servers."""

from __future__ import annotations

import argparse

from baes.cli.output import Progress
from baes.cli.parser import Parser
from baes.cli.ports import add_port_arguments
from baes.cli.server_output import print_servers
from baes.core.managed_system_manager import ManagedSystemManager
from baes.core.project_lock import project_lock
from baes.core.project_paths import ProjectPaths
from baes.core.server_supervisor import ServerSupervisor
from baes.core.warm_process import WarmProcess
from baes.texts import Message

__all__ = ["add_arguments", "run"]


def add_arguments(parser: Parser) -> None:
    """Declare the arguments."""
    add_port_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Start what isn't running, and print the addresses."""
    paths = ProjectPaths(options.project)
    warm = WarmProcess(paths)
    progress = Progress(options.language)
    supervisor = ServerSupervisor(paths, warm)
    with project_lock(paths, purpose="baes serve", on_wait=progress):
        try:
            ManagedSystemManager(paths, warm).recover()
            progress(Message.of("core.progress.starting"))
            supervisor.start(options.api_port, options.ui_port)
            servers = supervisor.wait_for_ui()
        finally:
            supervisor.close()
    progress.clear()
    print_servers(servers, options.language, as_json=options.json)
    return 0
