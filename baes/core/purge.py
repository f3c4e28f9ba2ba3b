"""Emptying the archive for good: what is in it, the question, and the deed."""

from __future__ import annotations

import contextlib
import datetime
import sqlite3
from collections.abc import Iterator

from baes.core.archive import ArchivedThing, archive_contents, drop_archived
from baes.core.project_paths import ProjectPaths
from baes.errors import NeedsConsent, ProjectDamaged
from baes.texts import Message, text

__all__ = ["archived", "erase", "erasure_text", "purge_question"]

BUSY_TIMEOUT_S = 60.0


def archived(
    paths: ProjectPaths, *, older_than_days: int | None, now: datetime.datetime
) -> tuple[ArchivedThing, ...]:
    """What the archive holds, the oldest first.

    Args:
        paths: The project.
        older_than_days: Only what was set aside longer ago than that.
        now: In UTC.

    Raises:
        ProjectDamaged: The database can't be read.
    """
    if not paths.database.exists():
        return ()
    with _opened(paths) as connection:
        things = archive_contents(connection)
    if older_than_days is None:
        return things
    limit = now - datetime.timedelta(days=older_than_days)
    return tuple(thing for thing in things if thing.archived_at < f"{limit:%Y-%m-%d %H:%M:%S}")


def erase(paths: ProjectPaths, things: tuple[ArchivedThing, ...]) -> None:
    """Erase things from the archive, and their content from the file.

    Raises:
        ProjectDamaged: The database can't be written.
    """
    with _opened(paths) as connection:
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("BEGIN IMMEDIATE")
        try:
            drop_archived(connection, things)
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")
        # The log still holds the old pages; while others read it, that is left to a later time.
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def erasure_text(thing: ArchivedThing, language: str) -> str:
    """What erasing a thing means, in a sentence."""
    return text(
        language,
        "core.archive.thing",
        kind=Message.of(f"core.archive.{thing.kind.replace(' ', '_')}"),
        thing=thing.thing + (f" ({thing.detail})" if thing.detail else ""),
        rows=Message.of("core.archive.rows", count=thing.rows),
        day=thing.archived_at[:10],
    )


def purge_question(things: tuple[ArchivedThing, ...], language: str) -> NeedsConsent:
    """Asks whether things shall be erased from the archive."""
    return NeedsConsent.of(
        "core.error.purge", things=" ".join(erasure_text(thing, language) for thing in things)
    )


@contextlib.contextmanager
def _opened(paths: ProjectPaths) -> Iterator[sqlite3.Connection]:
    try:
        connection = sqlite3.connect(paths.database, timeout=BUSY_TIMEOUT_S, isolation_level=None)
        with contextlib.closing(connection):
            yield connection
    except sqlite3.Error as error:
        raise ProjectDamaged.of(
            "core.error.archive", database=paths.database, cause=error
        ) from error
