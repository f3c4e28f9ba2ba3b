"""The row in the managed system's database that decides which release is true.

It is written in the transaction that migrates the data. Whoever finds a journal asks for the row
of its request: there, and the release is to be finished; not there, and it never was.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from baes.core.context_store import Memory, seal, unseal
from baes.errors import ProjectDamaged

__all__ = [
    "insert_release",
    "is_without_tables",
    "kept_releases",
    "latest_release",
    "release_is_committed",
]

BUSY_TIMEOUT_S = 60.0
KEPT_ROWS = 10
"""Older releases are in the history; the table only has to outlive damage to the memory."""

_CREATE = """
CREATE TABLE IF NOT EXISTS _baes_release (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    request_id TEXT NOT NULL UNIQUE,
    version INTEGER NOT NULL,
    memory TEXT NOT NULL,
    created_at TEXT NOT NULL
)
"""


def insert_release(connection: Any, memory: Memory) -> None:
    """Write the row, within the transaction of the caller.

    Args:
        connection: A connection of ``sqlite3`` in an explicit transaction.
        memory: What is remembered of the release.
    """
    connection.execute(_CREATE)
    connection.execute(
        "INSERT INTO _baes_release (request_id, version, memory, created_at) VALUES (?, ?, ?, ?)",
        (
            memory.request_id,
            memory.spec.version,
            seal(memory, compact=True).decode(),
            memory.created_at,
        ),
    )
    connection.execute(
        "DELETE FROM _baes_release WHERE id <= (SELECT max(id) FROM _baes_release) - ?",
        (KEPT_ROWS,),
    )


def release_is_committed(database: Path, request_id: str) -> bool:
    """Whether a request's release became the current one.

    Waits for a transaction that is being written, so the answer can't change afterwards.
    """
    if not database.exists():
        return False
    with _opened(database) as connection:
        connection.execute("BEGIN IMMEDIATE")
        try:
            if not _has_table(connection):
                return False
            query = "SELECT 1 FROM _baes_release WHERE request_id = ?"
            return connection.execute(query, (request_id,)).fetchone() is not None
        finally:
            connection.execute("ROLLBACK")


def latest_release(database: Path) -> Memory | None:
    """The memory that the database holds of the last release, if it holds one."""
    if not database.exists():
        return None
    with _opened(database) as connection:
        if not _has_table(connection):
            return None
        query = "SELECT memory FROM _baes_release ORDER BY id DESC LIMIT 1"
        row = connection.execute(query).fetchone()
        return unseal(row[0].encode()) if row else None


def kept_releases(database: Path) -> tuple[Memory, ...]:
    """The memories of the last releases, as the database holds them, the oldest first."""
    if not database.exists():
        return ()
    with _opened(database) as connection:
        if not _has_table(connection):
            return ()
        rows = connection.execute("SELECT memory FROM _baes_release ORDER BY id").fetchall()
    found = (unseal(row[0].encode()) for row in rows)
    return tuple(memory for memory in found if memory is not None)


def is_without_tables(database: Path) -> bool:
    """Whether the file holds nothing, as a commit that never came leaves it."""
    with _opened(database) as connection:
        return connection.execute("SELECT 1 FROM sqlite_master").fetchone() is None


def _has_table(connection: sqlite3.Connection) -> bool:
    query = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = '_baes_release'"
    return connection.execute(query).fetchone() is not None


@contextlib.contextmanager
def _opened(database: Path) -> Iterator[sqlite3.Connection]:
    try:
        connection = sqlite3.connect(database, timeout=BUSY_TIMEOUT_S, isolation_level=None)
        with contextlib.closing(connection):
            yield connection
    except sqlite3.Error as error:
        raise ProjectDamaged.of("core.error.database", database=database, cause=error) from error
