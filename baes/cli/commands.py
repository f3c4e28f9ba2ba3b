"""Which subcommands there are, and where each lives."""

from __future__ import annotations

import argparse
import importlib
from typing import Protocol, cast

__all__ = ["COMMANDS", "Command", "load"]

COMMANDS: dict[str, str] = {
    "request": "carry out one request in plain language",
    "interpret": "say how a request is understood; nothing is changed",
    "serve": "start the managed system's servers",
    "stop": "stop the managed system's servers",
    "status": "show the managed system and its servers",
    "history": "what was done, request by request",
    "undo": "take the last change back, or the last N requests",
    "purge": "erase for good what requests removed",
    "test": "run the managed system's own tests",
    "cache": "what was understood before: statistics, clean-up, export and import",
    "templates": "list the templates, or check them against sample systems",
    "doctor": "what is configured, reachable, and wrong, with the mend",
}
"""Name -> one line of help. The module is ``baes.cli.<name>_command``."""


class Command(Protocol):
    """What the module of a subcommand offers."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the subcommand's own arguments."""

    def run(self, options: argparse.Namespace) -> int:
        """Carry it out; gives the exit status.

        Raises:
            BaesError: It could not be carried out.
        """


def load(name: str) -> Command:
    """The module of a subcommand."""
    return cast(Command, importlib.import_module(f"baes.cli.{name}_command"))
