"""What BAES remembers of a project, kept so that it survives crashes and damage.

``context_store.json`` holds the current memory, ``history.jsonl`` a line for each request that
changed the system, the memory of that time included. Both carry checksums: a file that was cut
off or edited is recognised, and another copy (the history, the row in the database) is used.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from baes.core.durable_files import checksum, write_atomically, write_synced
from baes.core.project_paths import ProjectPaths
from baes.errors import ProjectDamaged
from baes.spec.codec import spec_from_json, spec_to_json
from baes.spec.custom import CustomPart, custom_from_json, custom_to_json
from baes.spec.model import SystemSpec

__all__ = [
    "ContextStore",
    "Memory",
    "MemoryDamaged",
    "StoredHistory",
    "memory_from_json",
    "memory_to_json",
    "seal",
    "unseal",
]

MEMORY_FORMAT = 1
"""Version of the stored form; a larger one was written by a newer program."""

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Memory:
    """The system as it is, and the request that made it so."""

    spec: SystemSpec = field(default_factory=SystemSpec)
    request_id: str = ""
    """Empty: nothing was ever made."""
    created_at: str = ""
    """When, as an ISO 8601 text in UTC."""
    text: str = ""
    """The request in the user's words."""
    summary: tuple[str, ...] = ()
    """What it changed, in sentences."""
    changes: tuple[Mapping[str, Any], ...] = ()
    """What it changed, as the interpretation's JSON has it."""
    vocabulary: Mapping[str, Any] = field(default_factory=dict)
    """The project's own words, as JSON values."""
    undoes: tuple[str, ...] = ()
    """Ids of the requests that it takes back."""
    custom: tuple[CustomPart, ...] = ()
    """All parts of the system that no template expresses, those that are open as well."""


@dataclass(frozen=True, slots=True)
class StoredHistory:
    """The history file as it was found."""

    memories: tuple[Memory, ...]
    """Of all requests that changed the system, the oldest first."""
    damaged_lines: tuple[int, ...] = ()
    """Lines, counted from 1, that were cut off or edited; they are left out."""


def memory_to_json(memory: Memory) -> Json:
    """The stored form of a memory."""
    return {
        "format": MEMORY_FORMAT,
        "request_id": memory.request_id,
        "created_at": memory.created_at,
        "text": memory.text,
        "summary": list(memory.summary),
        "changes": [dict(change) for change in memory.changes],
        "vocabulary": dict(memory.vocabulary),
        "undoes": list(memory.undoes),
        "custom": [custom_to_json(part) for part in memory.custom],
        "spec": spec_to_json(memory.spec),
    }


def memory_from_json(data: Mapping[str, Any]) -> Memory:
    """The memory that was stored.

    Raises:
        ProjectDamaged: The keys or values are not those of a memory of this format.
    """
    try:
        if data["format"] != MEMORY_FORMAT:
            raise ProjectDamaged.of(
                "core.error.memory_format", found=data["format"], known=MEMORY_FORMAT
            )
        return Memory(
            spec=spec_from_json(data["spec"]),
            request_id=data["request_id"],
            created_at=data["created_at"],
            text=data["text"],
            summary=tuple(data["summary"]),
            changes=tuple(data["changes"]),
            vocabulary=data["vocabulary"],
            undoes=tuple(data.get("undoes", ())),  # the first systems knew no undo
            custom=tuple(custom_from_json(part) for part in data.get("custom", ())),
        )
    except (KeyError, TypeError) as error:
        raise ProjectDamaged.of("core.error.memory_keys", cause=repr(error)) from error


class MemoryDamaged(ProjectDamaged):
    """The stored memory is cut off or was edited; another copy may be good."""


class ContextStore:
    """The durable memory of one project.

    Args:
        paths: The project.
    """

    def __init__(self, paths: ProjectPaths) -> None:
        self._paths = paths

    def load(self) -> Memory | None:
        """The current memory; ``None`` when there is no file.

        Raises:
            MemoryDamaged: The file is cut off or was edited.
            ProjectDamaged: It is of a newer format.
        """
        path = self._paths.context_store
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            return None
        memory = unseal(content)
        if memory is None:
            raise MemoryDamaged.of("core.error.memory_damaged", path=path)
        return memory

    def save(self, memory: Memory) -> None:
        """Replace the current memory."""
        write_atomically(self._paths.context_store, seal(memory))

    def history(self) -> tuple[Memory, ...]:
        """The memories of all requests that changed the system, the oldest first."""
        return self.stored_history().memories

    def stored_history(self) -> StoredHistory:
        """The history, and which of its lines can't be read: each line stands for itself."""
        try:
            lines = self._paths.history.read_bytes().split(b"\n")
        except FileNotFoundError:
            return StoredHistory(())
        found = [(number, unseal(line)) for number, line in enumerate(lines, 1) if line.strip()]
        return StoredHistory(
            tuple(memory for _, memory in found if memory is not None),
            tuple(number for number, memory in found if memory is None),
        )

    def append_history(self, memory: Memory) -> None:
        """Add a request to the history; one that is already the last is not added again."""
        path = self._paths.history
        content = path.read_bytes() if path.exists() else b""
        whole = content[: content.rfind(b"\n") + 1]
        last = whole.splitlines()[-1:]
        if last and (known := unseal(last[0])) and known.request_id == memory.request_id:
            return
        if not path.exists():
            write_synced(path, seal(memory, compact=True))
            return
        with path.open("r+b") as file:
            file.truncate(len(whole))  # a line that a crash cut off was never acknowledged
            file.seek(len(whole))
            file.write(seal(memory, compact=True))
            file.flush()
            os.fsync(file.fileno())


def seal(memory: Memory, *, compact: bool = False) -> bytes:
    """The bytes of a memory with its checksum, on one line if compact."""
    body = memory_to_json(memory)
    sealed = {"checksum": checksum(body), "memory": body}
    text = json.dumps(sealed, ensure_ascii=False, indent=None if compact else 2)
    return f"{text}\n".encode()


def unseal(content: bytes) -> Memory | None:
    """The memory that was sealed; ``None`` when the bytes are damaged."""
    try:
        sealed = json.loads(content)
        body = sealed["memory"]
        return memory_from_json(body) if checksum(body) == sealed["checksum"] else None
    except (ValueError, KeyError, TypeError):
        return None
