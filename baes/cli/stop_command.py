"""``baes stop``: end the managed system's servers."""

from __future__ import annotations

import argparse

from baes.cli.output import Progress, print_json, say
from baes.cli.parser import Parser
from baes.cli.ports import add_port_arguments
from baes.core.project_lock import project_lock
from baes.core.project_paths import ProjectPaths
from baes.core.server_supervisor import ServerSupervisor
from baes.core.suite import Suite

__all__ = ["add_arguments", "run"]


def add_arguments(parser: Parser) -> None:
    """Declare the arguments; the ports are accepted, the noted processes are what is ended."""
    add_port_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """End both servers and a background run of the tests; what doesn't run is no error."""
    paths = ProjectPaths(options.project)
    stopped: list[str] = ["tests"] if Suite(paths, is_on=False).stop() else []
    if paths.servers.exists():
        with project_lock(paths, purpose="baes stop", on_wait=Progress(options.language)):
            before = ServerSupervisor(paths).stop()
        stopped += [s.name for s in (before.api, before.ui) if s.state in ("running", "starting")]
    if options.json:
        print_json({"success": True, "stopped": stopped})
    else:
        say(options.language, "cli.servers.stopped" if stopped else "cli.servers.nothing_ran")
    return 0
