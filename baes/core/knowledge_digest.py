"""A digest of all that readings depend on: the grammar's code, its vocabularies, the domain packs.

It is made of contents, so that a cache can be carried to another machine; and it is kept beside the
files' sizes and times of change, for reading two hundred files costs more than a look-up.
"""

from __future__ import annotations

import contextlib
import hashlib
import marshal
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from baes.datafiles import PACKAGE, write_cache_file

__all__ = ["knowledge_digest"]

_ROOMS = ("language", "domain_entities", "spec", "llm/prompts")
_COPY = PACKAGE / "core" / "__pycache__" / f"knowledge.{sys.implementation.cache_tag}.data"
_SUFFIXES = (".py", ".toml")

Signature = tuple[tuple[str, int, int], ...]


def knowledge_digest(packs: Path) -> str:
    """The digest of what is packaged and of of a project's packs (a folder, maybe missing)."""
    own = sorted(packs.glob("*.toml")) if packs.is_dir() else []
    if not own:
        return _packaged()
    return _digest([_packaged(), *(path.read_text(encoding="utf-8") for path in own)])


def _packaged() -> str:
    files = sorted(file for room in _ROOMS for file in _files(PACKAGE / room))
    signature: Signature = tuple(
        (path, status.st_size, status.st_mtime_ns) for path, status in files
    )
    with contextlib.suppress(OSError, ValueError, EOFError, TypeError):
        known, digest = marshal.loads(_COPY.read_bytes())  # noqa: S302  our own file
        if known == signature:
            return str(digest)
    digest = _digest(Path(path).read_text(encoding="utf-8") for path, _, _ in signature)
    # A copy that can't be written (read-only installation) only costs the next start its time.
    with contextlib.suppress(OSError):
        write_cache_file(_COPY, marshal.dumps((signature, digest)))
    return digest


def _files(folder: Path) -> Iterator[tuple[str, os.stat_result]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir():
                if entry.name != "__pycache__":
                    yield from _files(Path(entry.path))
            elif entry.name.endswith(_SUFFIXES):
                yield entry.path, entry.stat()


def _digest(texts: Iterable[str]) -> str:
    found = hashlib.blake2b(digest_size=16)
    for text in texts:
        body = text.encode()
        found.update(len(body).to_bytes(8, "big"))
        found.update(body)
    return found.hexdigest()
