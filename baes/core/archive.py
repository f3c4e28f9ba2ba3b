"""What the archive of a managed system holds.

The system's own ``app/database/archive.py`` fills it within its migrations; here it is only read,
and emptied for good. The layout is told in ``docs/decisions/0024-the-archive.md``.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

__all__ = ["ArchivedThing", "archive_contents", "drop_archived"]

_CONTENTS = "baes_archive_contents"

ArchivedKind = Literal["attribute", "relationship", "entity", "former values", "interim values"]


@dataclass(frozen=True, slots=True)
class ArchivedThing:
    """One table of the archive."""

    number: int
    table: str
    kind: ArchivedKind
    thing: str
    """The stable id: of an entity, a relationship, or ``entity.attribute``."""
    detail: str
    """The types of the values; of former values from which type to which, of links between which
    entities."""
    revision: str
    """The release that set it aside: ``"0007"``."""
    rows: int
    archived_at: str
    """UTC, as ``2026-01-31 12:00:00``."""


def archive_contents(connection: sqlite3.Connection) -> tuple[ArchivedThing, ...]:
    """All that is in the archive, the oldest first; nothing when there is no archive."""
    query = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?"
    with contextlib.closing(connection.execute(query, (_CONTENTS,))) as found:
        if found.fetchone() is None:
            return ()
    rows = connection.execute(
        "SELECT number, table_name, kind, thing, detail, revision, row_count, archived_at "
        "FROM baes_archive_contents WHERE row_count > 0 ORDER BY number"
    )
    return tuple(ArchivedThing(*row) for row in rows)


def drop_archived(connection: sqlite3.Connection, things: Iterable[ArchivedThing]) -> None:
    """Take things out of the archive for good, within the transaction of the caller."""
    for thing in things:
        connection.execute(f"DROP TABLE {thing.table}")
        connection.execute("DELETE FROM baes_archive_contents WHERE number = ?", (thing.number,))
