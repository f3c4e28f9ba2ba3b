"""Texts that were formatted and approved before, so that they are not read again.

Formatting and review are functions of the text, the rules and the tools alone. Some thirty files
of a system are the same in every system; what was found of them by an earlier process holds as
long as none of the three changed. A damaged or missing memory costs time and nothing else.
"""

from __future__ import annotations

import contextlib
import hashlib
import marshal
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from baes.datafiles import PACKAGE, write_cache_file
from baes.spec.pipeline import Artifact
from baes.utils.template_cache import user_cache

__all__ = ["ApprovalMemory"]

MAX_ENTRIES = 400
"""Some ten systems' worth of files that belong to the whole system."""

_FILE_NAME = "approved-artifacts.data"


class ApprovalMemory:
    """Remembers approved artifacts that belong to no single entity.

    Args:
        tools: Files whose change makes everything uncertain again: rules, linter, settings.
        folders: Where the memory may lie; the first that works is used.
    """

    def __init__(
        self,
        tools: Iterable[Path],
        folders: tuple[Path, ...] = (PACKAGE / "core" / "__pycache__", user_cache()),
    ) -> None:
        self._tools = _fingerprint(tools)
        self._folders = folders
        self._formatted: dict[bytes, str] = {}
        self._approved: set[bytes] = set()
        self._grown = False
        self._load()

    def formatted(self, artifact: Artifact) -> Artifact | None:
        """The artifact as it was approved, if its raw text is known."""
        content = self._formatted.get(_key(artifact))
        return None if content is None else replace(artifact, content=content)

    def is_approved(self, artifact: Artifact) -> bool:
        """Whether a formatted artifact was approved before, to the byte."""
        return bool(self._approved) and _key(artifact) in self._approved

    def remember(self, raw: Artifact, approved: Artifact) -> None:
        """Note that the raw artifact was formatted to the other one, which was approved."""
        key = _key(raw)
        if raw.entity or key in self._formatted:
            return
        self._formatted[key] = approved.content
        self._approved.add(_key(approved))
        self._grown = True

    def save(self) -> None:
        """Keep what was learnt for other processes, where a folder takes it."""
        if not self._grown:
            return
        entries = dict(list(self._formatted.items())[-MAX_ENTRIES:])
        content = marshal.dumps((self._tools, entries, list(self._approved)[-MAX_ENTRIES:]))
        for folder in self._folders:
            with contextlib.suppress(OSError):
                write_cache_file(folder / _FILE_NAME, content)
                self._grown = False
                return

    def _load(self) -> None:
        for folder in self._folders:
            with contextlib.suppress(OSError, ValueError, EOFError, TypeError):
                content = marshal.loads((folder / _FILE_NAME).read_bytes())  # noqa: S302  our own
                tools, formatted, approved = content
                if tools == self._tools:
                    self._formatted, self._approved = formatted, set(approved)
                return


def _key(artifact: Artifact) -> bytes:
    text = f"{artifact.agent}\0{artifact.path}\0{artifact.content}"
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def _fingerprint(tools: Iterable[Path]) -> bytes:
    facts = []
    for path in sorted(tools):
        status = path.stat()
        facts.append((str(path), status.st_size, status.st_mtime_ns))
    return hashlib.sha256(repr(facts).encode()).digest()
