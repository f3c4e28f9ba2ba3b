"""Reading the packaged data files (TOML), fast.

Vocabularies are kept in TOML because people edit them; a pure-Python TOML parser would cost every
command tens of milliseconds. So the parsed form is kept beside the file in ``__pycache__``, as
Python does with modules, and is used while the file's size and time of change are the same.
"""

from __future__ import annotations

import contextlib
import marshal
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, cast

__all__ = ["PACKAGE", "load_toml", "made_from", "read_toml", "write_cache_file"]

PACKAGE = Path(__file__).parent
"""The folder of the installed package; packaged data lie under it."""

_FORMAT = 2


def load_toml(relative: str) -> dict[str, Any]:
    """The content of a packaged TOML file, named relative to the package.

    Args:
        relative: For example ``"language/data/en/verbs.toml"``. The file must hold no dates.

    Raises:
        FileNotFoundError: There is no such file.
        tomllib.TOMLDecodeError: It is no TOML.
    """
    return read_toml(PACKAGE / relative)


def read_toml(path: Path) -> dict[str, Any]:
    """The content of a TOML file without dates, from its parsed copy where that is fresh."""
    return cast(dict[str, Any], made_from([path], path, lambda: _parsed(path)))


def _parsed(path: Path) -> dict[str, Any]:
    import tomllib  # neither this nor tempfile is needed while the copies are fresh

    return tomllib.loads(path.read_text(encoding="utf-8"))


def made_from(sources: Sequence[Path], path: Path, make: Callable[[], Any]) -> Any:
    """What is made from some files, from its copy where none of them has changed since.

    Args:
        sources: The files; of code, those that hold it.
        path: Where it is: the copy lies in ``__pycache__`` beside, under that name.
        make: Makes it: plain values, which ``marshal`` knows.
    """
    key: Any = (
        _FORMAT,
        *((s.st_size, s.st_mtime_ns) for s in (source.stat() for source in sources)),
    )
    copy = path.parent / "__pycache__" / f"{path.name}.{sys.implementation.cache_tag}.data"
    with contextlib.suppress(OSError, ValueError, EOFError, TypeError):
        found_key, content = marshal.loads(copy.read_bytes())  # noqa: S302  our own file
        if found_key == key:
            return content
    content = make()
    # A copy that can't be written (read-only installation) only costs the next start its time.
    with contextlib.suppress(OSError):
        write_cache_file(copy, marshal.dumps((key, content)))
    return content


def write_cache_file(path: Path, content: bytes) -> None:
    """Replace a file that can be computed again: in one step, not forced to the disk.

    Raises:
        OSError: The place can't be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    import tempfile

    handle, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    Path(name).replace(path)
