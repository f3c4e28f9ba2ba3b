"""Paying first-time costs once, after an installation: compiled templates, parsed data files."""

from __future__ import annotations

import compileall
import sys

from baes.datafiles import PACKAGE, read_toml
from baes.utils.template_registry import compile_all

__all__ = ["warm_up"]


def warm_up() -> None:
    """Compile the templates and the modules, and parse the data files, of this installation."""
    compile_all()
    compileall.compile_dir(PACKAGE, quiet=2)
    for path in PACKAGE.rglob("*.toml"):
        read_toml(path)


if __name__ == "__main__":
    warm_up()
    sys.exit(0)
