"""A schema in SQL, read by SQLite itself: executed in an empty database in memory, then asked.

SQLite is the parser that can't be wrong about SQLite. What the script may do there is limited: it
reaches no file, and it ends.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

__all__ = ["SqlFault", "SqlSchema", "SqlTable", "read_schema"]

MAX_STEPS = 1_000_000
"""Instructions of SQLite's virtual machine after which a script is stopped, to the thousand."""

_OF_THE_APPLICATION = ("no such function", "no such collation", "no such module")
_FORBIDDEN = frozenset({sqlite3.SQLITE_ATTACH, sqlite3.SQLITE_DETACH})
_CREATE_TABLE = re.compile(
    r"""\bCREATE\s+(?:TEMP(?:ORARY)?\s+)?TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?
        (?:"(?P<quoted>[^"]+)"|`(?P<ticked>[^`]+)`|\[(?P<boxed>[^\]]+)\]|(?P<plain>\w+))""",
    re.IGNORECASE | re.VERBOSE,
)


class SqlFault(Exception):
    """The script can't be executed."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line
        self.reason = reason

    @property
    def may_be_ours(self) -> bool:
        """Whether the script only lacks what its own application would add to SQLite."""
        return self.reason.startswith(_OF_THE_APPLICATION)


@dataclass(frozen=True, slots=True)
class SqlTable:
    """A table as SQLite understood it."""

    name: str
    line: int
    primary_key: tuple[str, ...]
    references: tuple[tuple[str, int], ...]
    """(first column of a foreign key, its line) in the order of the columns."""
    leading_columns: frozenset[str]
    """Columns that a whole index begins with."""


@dataclass(frozen=True, slots=True)
class SqlSchema:
    """The tables of a script."""

    tables: tuple[SqlTable, ...]


def read_schema(script: str) -> SqlSchema:
    """The tables that a script creates.

    Raises:
        SqlFault: A statement is refused, at its line.
    """
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.set_authorizer(_authorize)
        _limit_steps(connection)
        for line, statement in _statements(script):
            try:
                connection.execute(statement)
            except (sqlite3.Error, sqlite3.Warning) as exc:
                raise SqlFault(line, str(exc)) from exc
        places = _places(script)
        return SqlSchema(tuple(_tables(connection, script, places)))


def _limit_steps(connection: sqlite3.Connection) -> None:
    steps = 0

    def too_long() -> int:
        nonlocal steps
        steps += 1
        return int(steps > MAX_STEPS // 1000)

    connection.set_progress_handler(too_long, 1000)


def _authorize(action: int, *_: str | None) -> int:
    return sqlite3.SQLITE_DENY if action in _FORBIDDEN else sqlite3.SQLITE_OK


def _statements(script: str) -> Iterator[tuple[int, str]]:
    """The statements of a script, each with the line of its first word."""
    start, seen = 0, 0
    while (end := script.find(";", seen)) >= 0:
        seen = end + 1
        if sqlite3.complete_statement(script[start:seen]):
            yield _line_of_first_word(script, start), script[start:seen]
            start = seen
    if _without_comments(script[start:]).strip():
        yield _line_of_first_word(script, start), script[start:]


def _line_of_first_word(script: str, start: int) -> int:
    rest = script[start:]
    blank = _without_comments(rest)
    skipped = len(blank) - len(blank.lstrip())
    return script.count("\n", 0, start + skipped) + 1


def _without_comments(text: str) -> str:
    """The text with blanks for comments, so that offsets and lines stay."""

    def blank(found: re.Match[str]) -> str:
        token = found.group()
        return token if token[0] in "'\"" else re.sub(r"[^\n]", " ", token)

    return re.sub(r"'(?:''|[^'])*'|\"[^\"]*\"|--[^\n]*|/\*.*?\*/", blank, text, flags=re.DOTALL)


def _places(script: str) -> dict[str, int]:
    """Table name in lower case -> offset of its CREATE."""
    return {
        next(filter(None, found.groups())).lower(): found.start()
        for found in _CREATE_TABLE.finditer(_without_comments(script))
    }


def _tables(
    connection: sqlite3.Connection, script: str, places: dict[str, int]
) -> Iterator[SqlTable]:
    rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY rowid")
    for (name,) in rows.fetchall():
        if name.startswith("sqlite_"):
            continue
        offset = places.get(name.lower(), 0)
        columns = connection.execute("SELECT name, pk FROM pragma_table_info(?)", (name,))
        key = sorted((pk, column) for column, pk in columns if pk)
        yield SqlTable(
            name=name,
            line=script.count("\n", 0, offset) + 1,
            primary_key=tuple(column for _, column in key),
            references=tuple(
                (column, _line_of_column(script, offset, column))
                for column in _references(connection, name)
            ),
            leading_columns=frozenset((*_leading(connection, name), *(c for _, c in key[:1]))),
        )


def _references(connection: sqlite3.Connection, table: str) -> list[str]:
    rows = connection.execute(
        'SELECT "from" FROM pragma_foreign_key_list(?) WHERE seq = 0 ORDER BY id DESC', (table,)
    )
    return [column for (column,) in rows]


def _leading(connection: sqlite3.Connection, table: str) -> Iterator[str]:
    rows = connection.execute(
        """SELECT c.name FROM pragma_index_list(?) AS i, pragma_index_info(i.name) AS c
           WHERE c.seqno = 0 AND NOT i.partial AND c.name IS NOT NULL""",
        (table,),
    )
    return (column for (column,) in rows)


def _line_of_column(script: str, offset: int, column: str) -> int:
    word = re.compile(rf"(?<!\w){re.escape(column)}(?!\w)", re.IGNORECASE)
    found = word.search(_without_comments(script), script.find("(", offset))
    return script.count("\n", 0, found.start() if found else offset) + 1
