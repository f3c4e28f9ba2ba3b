"""``baes status``: the managed system and its servers."""

from __future__ import annotations

import argparse

from baes.cli.parser import Parser
from baes.cli.server_output import print_servers
from baes.core.managed_system_manager import ManagedSystemManager
from baes.core.project_paths import ProjectPaths
from baes.core.server_supervisor import ServerSupervisor
from baes.core.suite import Suite

__all__ = ["add_arguments", "run"]


def add_arguments(parser: Parser) -> None:
    """Declare the arguments: there are only the common ones."""


def run(options: argparse.Namespace) -> int:
    """Print what the system is, since when, and what serves it."""
    paths = ProjectPaths(options.project)
    memory = ManagedSystemManager(paths).current()
    tests = Suite(paths, is_on=True).result(memory.request_id)
    servers = ServerSupervisor(paths).status()
    print_servers(servers, options.language, memory, tests, as_json=options.json)
    return 0
