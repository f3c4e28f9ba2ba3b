"""Which subcommands there are, and where each lives."""

from __future__ import annotations

import argparse
import importlib
from typing import Protocol, cast

from baes.cli.parser import Parser

__all__ = ["COMMANDS", "Command", "load"]

COMMANDS = (
    "request",
    "interpret",
    "chat",
    "serve",
    "stop",
    "status",
    "history",
    "undo",
    "purge",
    "describe",
    "custom",
    "test",
    "metrics",
    "cache",
    "templates",
    "rules",
    "bench",
    "doctor",
)
"""The module of each is ``baes.cli.<name>_command``, its line of help ``cli.command.<name>``."""


class Command(Protocol):
    """What the module of a subcommand offers."""

    def add_arguments(self, parser: Parser) -> None:
        """Declare the subcommand's own arguments; their help is in the catalogue."""

    def run(self, options: argparse.Namespace) -> int:
        """Carry it out; gives the exit status.

        Raises:
            BaesError: It could not be carried out.
        """


def load(name: str) -> Command:
    """The module of a subcommand."""
    return cast(Command, importlib.import_module(f"baes.cli.{name}_command"))
