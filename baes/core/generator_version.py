"""Which generator made the files of a system: a hash of all that decides what they are.

A system whose files another version made is written anew as a whole with its next request, for the
parts of a system rely on each other.
"""

from __future__ import annotations

import functools
import hashlib

from baes.datafiles import PACKAGE

__all__ = ["generator_version"]

_DECIDING = ("templates", "swea_agents", "spec", "dependencies")
"""Folders of the package."""
_SOURCES = {".j2", ".py", ".toml", ".txt"}


@functools.cache
def generator_version() -> str:
    """The hash, in hexadecimal digits."""
    digest = hashlib.sha256()
    for folder in _DECIDING:
        for path in sorted((PACKAGE / folder).rglob("*")):
            if path.suffix in _SOURCES:
                digest.update(path.relative_to(PACKAGE).as_posix().encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()
