"""The ``baes`` command: one subcommand a module, imported when it is called for."""

from baes.cli.main import main

__all__ = ["main"]
