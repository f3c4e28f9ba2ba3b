"""The ``baes`` command: one subcommand a module, imported when it is called for."""

import gc

# Imports allocate much and free nothing, so looking for garbage meanwhile only costs a seventh of
# the command's start. ``main`` switches it on again before it runs anything.
gc.disable()

from baes.cli.main import main  # noqa: E402

__all__ = ["main"]
