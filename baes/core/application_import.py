"""Importing a generated application, again and again, in one process.

Every release is a package called ``app``; only one can be imported at a time.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

__all__ = ["application_folder", "environment", "forget_application", "restore_application"]


def forget_application() -> dict[str, ModuleType]:
    """Take the imported application out of Python's table; gives its modules."""
    names = [name for name in sys.modules if name == "app" or name.startswith("app.")]
    importlib.invalidate_caches()
    return {name: sys.modules.pop(name) for name in names}


def restore_application(modules: dict[str, ModuleType]) -> None:
    """Put back what was taken out, in place of whatever was imported since."""
    forget_application()
    sys.modules.update(modules)


@contextlib.contextmanager
def application_folder(folder: Path) -> Iterator[None]:
    """Let ``import app`` find the package in a folder, and leave nothing imported after."""
    before = Path.cwd()
    forget_application()
    sys.path.insert(0, str(folder))
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)
        sys.path.remove(str(folder))
        forget_application()


@contextlib.contextmanager
def environment(**values: str | None) -> Iterator[None]:
    """Have environment variables set, or absent where ``None``, for a while."""
    before = {name: os.environ.get(name) for name in values}
    _set(values)
    try:
        yield
    finally:
        _set(before)


def _set(values: dict[str, str | None]) -> None:
    for name, value in values.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
