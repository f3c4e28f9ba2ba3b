"""The disk tier of the recognition cache: one SQLite file a project, shared by processes.

A file that is no cache of ours, is damaged or was written by a newer program is set aside under
another name, never deleted, and a new one is begun. A file that is locked or can't be written is
left alone. Either way there is one warning, and the request goes on.
"""

from __future__ import annotations

import contextlib
import logging
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from baes.texts import Message

__all__ = [
    "CACHE_VERSION",
    "MAX_AGE_DAYS",
    "RecognitionStore",
    "StoreBusy",
    "StoreFormat",
    "StoreReplaced",
    "StoreUnusable",
    "StoredRecognition",
]

logger = logging.getLogger(__name__)

APPLICATION_ID = 0x42414553
"""Tells the file from other programs' databases (the letters BAES)."""

CACHE_VERSION = 1
"""Version of the tables, kept in ``user_version``; a larger one is a newer program's."""

BUSY_TIMEOUT_S = 1.0
"""How long one statement waits for another process; who must not lose a write tries again."""

MAX_AGE_DAYS = 30
_DAY_S = 86_400.0

_TABLES = """
CREATE TABLE recognitions (
    key TEXT NOT NULL PRIMARY KEY,
    frame TEXT NOT NULL,
    folded TEXT NOT NULL,
    action TEXT NOT NULL,
    confidence REAL NOT NULL,
    source TEXT NOT NULL,
    interpretation TEXT NOT NULL,
    cache_version INTEGER NOT NULL,
    created_at REAL NOT NULL,
    used_at REAL NOT NULL,
    hit_count INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE INDEX recognitions_by_age ON recognitions (used_at, key);
CREATE INDEX recognitions_by_frame ON recognitions (frame, key);
CREATE TABLE concerned (
    entity TEXT NOT NULL,
    key TEXT NOT NULL REFERENCES recognitions (key) ON DELETE CASCADE,
    PRIMARY KEY (entity, key)
) WITHOUT ROWID;
CREATE INDEX concerned_by_key ON concerned (key, entity);
CREATE TABLE lookups (
    tier TEXT NOT NULL PRIMARY KEY,
    count INTEGER NOT NULL
) WITHOUT ROWID;
"""

_FIELDS = (
    "key", "frame", "folded", "action", "confidence", "source", "interpretation",
    "cache_version", "created_at", "used_at", "hit_count",
)  # fmt: skip
_SELECT = f"SELECT {', '.join(_FIELDS)} FROM recognitions"  # noqa: S608  constants
_UPSERT = (
    f"INSERT INTO recognitions ({', '.join(_FIELDS)})"  # noqa: S608  constants
    f" VALUES ({', '.join('?' * len(_FIELDS))}) ON CONFLICT (key) DO UPDATE SET"
    " frame = excluded.frame, folded = excluded.folded, action = excluded.action,"
    " confidence = excluded.confidence, source = excluded.source,"
    " interpretation = excluded.interpretation, cache_version = excluded.cache_version,"
    " used_at = max(used_at, excluded.used_at), hit_count = max(hit_count, excluded.hit_count)"
)


class StoreUnusable(Exception):
    """The disk tier can't be used for now; the message is a clause that says why."""


class StoreBusy(StoreUnusable):
    """Another process held the file for too long; trying again helps."""


class StoreReplaced(StoreUnusable):
    """The file was damaged and has been set aside; trying again finds a new one."""


class _NotOurs(Exception):
    """The file is damaged, another program's, or a newer version's."""


@dataclass(frozen=True, slots=True)
class StoreFormat:
    """One version of the tables, and how older ones are brought to it."""

    version: int = CACHE_VERSION
    tables: str = _TABLES
    steps: Mapping[int, str] = field(default_factory=dict)
    """Version -> the SQL that makes the next one of it."""


@dataclass(frozen=True, slots=True)
class StoredRecognition:
    """One remembered answer, as it lies on the disk."""

    key: str
    frame: str
    folded: str
    """The request, folded; compared on each hit."""
    action: str
    confidence: float
    source: str
    """Who answered first: ``local`` or ``llm``."""
    interpretation: str
    """The interpretation's JSON."""
    created_at: float
    """Seconds since 1970, UTC."""
    used_at: float
    entities: tuple[str, ...] = ()
    """Whose evolution makes the answer void."""
    hit_count: int = 0
    cache_version: int = CACHE_VERSION


class RecognitionStore:
    """The file; every method may be called from any thread, one at a time.

    Args:
        path: The database; made by the first write.
        warn: Told when a file is set aside.
        form: The version of the tables that this program writes.
    """

    def __init__(
        self,
        path: Path,
        warn: Callable[[Message], None] = logger.warning,
        form: StoreFormat = StoreFormat(),
    ) -> None:
        self.path = path
        self._warn = warn
        self._form = form
        self._connection: sqlite3.Connection | None = None

    def find(self, key: str) -> StoredRecognition | None:
        """What is remembered under a key.

        Raises:
            StoreUnusable: The file can't be read.
        """
        if self._connection is None and not self.path.exists():
            return None
        with self._usable() as connection:
            row = connection.execute(f"{_SELECT} WHERE key = ?", (key,)).fetchone()
        return _recognition(row) if row else None

    def apply(
        self,
        *,
        kept: Iterable[StoredRecognition] = (),
        hits: Mapping[str, int] | None = None,
        lookups: Mapping[str, int] | None = None,
    ) -> None:
        """Write new answers and count hits and look-ups, in one transaction.

        Raises:
            StoreUnusable: The file can't be written.
        """
        with self._writing() as connection:
            for one in kept:
                _keep(connection, one)
            connection.executemany(
                "UPDATE recognitions SET hit_count = hit_count + ?, used_at = ? WHERE key = ?",
                [(count, time.time(), key) for key, count in (hits or {}).items()],
            )
            connection.executemany(
                "INSERT INTO lookups VALUES (?, ?)"
                " ON CONFLICT (tier) DO UPDATE SET count = count + excluded.count",
                list((lookups or {}).items()),
            )

    def forget(self, *, entity: str | None = None, unused_since: float | None = None) -> int:
        """Delete answers: of an entity, those not used since a moment, or all; gives how many.

        Raises:
            StoreUnusable: The file can't be written.
        """
        if not self.path.exists():
            return 0
        with self._writing() as connection:
            if entity is not None:
                return connection.execute(
                    "DELETE FROM recognitions"
                    " WHERE key IN (SELECT key FROM concerned WHERE entity = ?)",
                    (entity,),
                ).rowcount
            if unused_since is not None:
                return connection.execute(
                    "DELETE FROM recognitions WHERE used_at < ?", (unused_since,)
                ).rowcount
            connection.execute("DELETE FROM lookups")
            return connection.execute("DELETE FROM recognitions").rowcount

    def clean_up(self, days: float = MAX_AGE_DAYS) -> int:
        """Delete what was not used for so many days; gives how many answers that were."""
        return self.forget(unused_since=time.time() - days * _DAY_S)

    def entries(self) -> tuple[StoredRecognition, ...]:
        """All answers, the oldest first.

        Raises:
            StoreUnusable: The file can't be read.
        """
        if not self.path.exists():
            return ()
        with self._usable() as connection:
            concerned: dict[str, list[str]] = {}
            for key, entity in connection.execute(
                "SELECT key, entity FROM concerned ORDER BY 1, 2"
            ):
                concerned.setdefault(key, []).append(entity)
            rows = connection.execute(f"{_SELECT} ORDER BY created_at, key").fetchall()
        return tuple(_recognition(row, tuple(concerned.get(row[0], ()))) for row in rows)

    def lookups(self) -> dict[str, int]:
        """Tier (``memory``, ``persistent``, ``miss``) -> how often it answered, over all sessions.

        Raises:
            StoreUnusable: The file can't be read.
        """
        if not self.path.exists():
            return {}
        with self._usable() as connection:
            return dict(connection.execute("SELECT tier, count FROM lookups").fetchall())

    def close(self) -> None:
        """Close the file; the next call opens it again."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    @contextlib.contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._usable() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    @contextlib.contextmanager
    def _usable(self) -> Iterator[sqlite3.Connection]:
        try:
            yield self._open()
        except sqlite3.OperationalError as error:
            self.close()
            busy = error.sqlite_errorname in ("SQLITE_BUSY", "SQLITE_LOCKED")
            kind = StoreBusy if busy else StoreUnusable
            raise kind(f"{self.path} can't be used: {error}") from error
        except sqlite3.DatabaseError as error:
            self._set_aside(f"it is damaged ({error})")
            raise StoreReplaced(f"{self.path} is damaged") from error

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            try:
                self._connection = self._connected()
            except (_NotOurs, sqlite3.DatabaseError) as error:
                if isinstance(error, sqlite3.OperationalError):
                    raise
                self._set_aside(str(error))
                self._connection = self._connected()
        return self._connection

    def _connected(self) -> sqlite3.Connection:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreUnusable(f"{self.path.parent} can't be made: {error.strerror}") from error
        connection = sqlite3.connect(
            self.path, timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False
        )
        try:
            self._prepare(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _prepare(self, connection: sqlite3.Connection) -> None:
        """Check whose file it is, and bring it to this version in one transaction."""
        connection.execute("PRAGMA foreign_keys = ON")
        if self._is_current(connection):
            return
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("BEGIN IMMEDIATE")
        try:
            if not self._is_current(connection):  # another process may have been faster
                self._migrate(connection)
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")

    def _is_current(self, connection: sqlite3.Connection) -> bool:
        version = _pragma(connection, "user_version")
        if _pragma(connection, "application_id") != APPLICATION_ID:
            if connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
                raise _NotOurs("it is another program's database")
            return False
        if version > self._form.version:
            raise _NotOurs(f"it was written by a newer version (format {version})")
        return version == self._form.version

    def _migrate(self, connection: sqlite3.Connection) -> None:
        version = _pragma(connection, "user_version")
        if _pragma(connection, "application_id") != APPLICATION_ID:
            statements = self._form.tables
        else:
            statements = "".join(self._form.steps[v] for v in range(version, self._form.version))
        for statement in filter(None, map(str.strip, statements.split(";"))):
            connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {self._form.version}")
        if version:
            logger.info("the recognition cache was brought from format %d to %d", version,
                        self._form.version)  # fmt: skip

    def _set_aside(self, why: str) -> None:
        self.close()
        aside = _free_name(self.path.with_name(f"{self.path.name}.set-aside"))
        try:
            self.path.rename(aside)
            for suffix in ("-wal", "-shm"):
                rest = self.path.with_name(self.path.name + suffix)
                if rest.exists():
                    rest.rename(aside.with_name(aside.name + suffix))
        except OSError as error:
            raise StoreUnusable(f"{self.path} can't be set aside: {error.strerror}") from error
        slots = {"path": self.path, "why": why, "kept": aside.name}
        self._warn(Message.of("core.notice.cache_set_aside", **slots))


def _free_name(wanted: Path) -> Path:
    number, path = 1, wanted
    while path.exists():
        number += 1
        path = wanted.with_name(f"{wanted.name}-{number}")
    return path


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    return int(connection.execute(f"PRAGMA {name}").fetchone()[0])


def _keep(connection: sqlite3.Connection, one: StoredRecognition) -> None:
    connection.execute(_UPSERT, [getattr(one, name) for name in _FIELDS])
    connection.executemany(
        "INSERT OR IGNORE INTO concerned VALUES (?, ?)", [(name, one.key) for name in one.entities]
    )


def _recognition(row: tuple[object, ...], entities: tuple[str, ...] = ()) -> StoredRecognition:
    return StoredRecognition(entities=entities, **dict(zip(_FIELDS, row, strict=True)))  # type: ignore[arg-type]  # the columns' order and types
