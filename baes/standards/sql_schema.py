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

__all__ = [
    "SqlColumn",
    "SqlFault",
    "SqlIndex",
    "SqlReference",
    "SqlSchema",
    "SqlTable",
    "read_schema",
]

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
class SqlColumn:
    """A column as SQLite understood it."""

    name: str
    type: str
    required: bool
    """Whether it says NOT NULL."""
    line: int


@dataclass(frozen=True, slots=True)
class SqlReference:
    """A foreign key."""

    column: str
    """The first of its columns."""
    table: str
    target: str
    """The first column that it refers to."""
    on_delete: str
    line: int


@dataclass(frozen=True, slots=True)
class SqlIndex:
    """An index, whoever asked for it: a statement, a key or a UNIQUE."""

    name: str
    unique: bool
    partial: bool
    columns: tuple[str | None, ...]
    """``None`` stands for an expression."""
    sql: str
    """Empty where no statement made it."""
    line: int


@dataclass(frozen=True, slots=True)
class SqlTable:
    """A table as SQLite understood it."""

    name: str
    line: int
    sql: str
    primary_key: tuple[str, ...]
    columns: tuple[SqlColumn, ...]
    references: tuple[SqlReference, ...]
    """In the order of the columns."""
    indexes: tuple[SqlIndex, ...]

    @property
    def leading_columns(self) -> frozenset[str]:
        """Columns that a whole index begins with."""
        leading = {i.columns[0] for i in self.indexes if i.columns and not i.partial}
        return frozenset(c for c in (*leading, *self.primary_key[:1]) if c is not None)

    def column(self, name: str) -> SqlColumn | None:
        """The column of that name; letter case doesn't count."""
        return next((c for c in self.columns if c.name.lower() == name.lower()), None)


@dataclass(frozen=True, slots=True)
class SqlSchema:
    """The tables of a script."""

    tables: tuple[SqlTable, ...]

    def table(self, name: str) -> SqlTable | None:
        """The table of that name; letter case doesn't count."""
        return next((t for t in self.tables if t.name.lower() == name.lower()), None)


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
                raise SqlFault(_line_of_fault(line, statement, str(exc)), str(exc)) from exc
        places = _places(script)
        return SqlSchema(tuple(_tables(connection, script, places)))


def _line_of_fault(line: int, statement: str, reason: str) -> int:
    """The line of the words that SQLite stumbled over, where it says which."""
    found = re.match(r'near "(.+?)": syntax error', reason)
    bare = _without_comments(statement).lstrip()
    if found is None or bare.count(found.group(1)) != 1:
        return line
    return line + bare.count("\n", 0, bare.index(found.group(1)))


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
    rows = connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'table' ORDER BY rowid"
    )
    bare = _without_comments(script)
    for name, sql in rows.fetchall():
        if name.startswith("sqlite_"):
            continue
        offset = places.get(name.lower(), 0)
        info = connection.execute(
            'SELECT name, type, "notnull", pk FROM pragma_table_info(?)', (name,)
        ).fetchall()
        columns = tuple(
            SqlColumn(column, type_, bool(required), _line_of_column(bare, offset, column))
            for column, type_, required, _ in info
        )
        lines = {column.name.lower(): column.line for column in columns}
        yield SqlTable(
            name=name,
            line=script.count("\n", 0, offset) + 1,
            sql=sql or "",
            primary_key=tuple(c for _, c in sorted((pk, c) for c, _, _, pk in info if pk)),
            columns=columns,
            references=tuple(_references(connection, name, lines)),
            indexes=tuple(_indexes(connection, name, bare)),
        )


def _references(
    connection: sqlite3.Connection, table: str, lines: dict[str, int]
) -> Iterator[SqlReference]:
    rows = connection.execute(
        """SELECT "from", "table", coalesce("to", ''), on_delete
           FROM pragma_foreign_key_list(?) WHERE seq = 0 ORDER BY id DESC""",
        (table,),
    )
    for column, other, target, action in rows.fetchall():
        yield SqlReference(column, other, target, action, lines.get(column.lower(), 0))


def _indexes(connection: sqlite3.Connection, table: str, bare: str) -> Iterator[SqlIndex]:
    rows = connection.execute(
        """SELECT i.name, i."unique", i.partial, coalesce(m.sql, '') FROM pragma_index_list(?) AS i
           LEFT JOIN sqlite_master AS m ON m.type = 'index' AND m.name = i.name ORDER BY i.seq""",
        (table,),
    )
    for name, unique, partial, sql in rows.fetchall():
        parts = connection.execute("SELECT name FROM pragma_index_info(?) ORDER BY seqno", (name,))
        columns = tuple(column for (column,) in parts)
        place = re.search(rf"\bINDEX\s+(?:IF\s+NOT\s+EXISTS\s+)?\W?{re.escape(name)}\b", bare, re.I)
        line = bare.count("\n", 0, place.start()) + 1 if place else 0
        yield SqlIndex(name, bool(unique), bool(partial), columns, sql, line)


def _line_of_column(bare: str, offset: int, column: str) -> int:
    word = re.compile(rf"(?<!\w){re.escape(column)}(?!\w)", re.IGNORECASE)
    found = word.search(bare, bare.find("(", offset))
    return bare.count("\n", 0, found.start() if found else offset) + 1
