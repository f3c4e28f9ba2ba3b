"""What is wrong with a schema in SQL, as SQLite itself understands it."""

from __future__ import annotations

from collections.abc import Iterator

from baes.standards.artifact_code import Code, Match
from baes.standards.finders import FinderOptions, finder
from baes.standards.sql_schema import SqlReference, SqlTable

__all__ = [
    "sql_column_without_type",
    "sql_contradictory_reference",
    "sql_double_index",
    "sql_nullable_key",
    "sql_reference_to_nothing",
    "sql_reference_without_action",
    "sql_reference_without_index",
    "sql_table_without_primary_key",
]


@finder("sql")
def sql_table_without_primary_key(code: Code, _: FinderOptions) -> Iterator[Match]:
    """Tables without a primary key."""
    for table in code.sql.tables:
        if not table.primary_key:
            yield Match(table.line, table.name)


@finder("sql")
def sql_reference_without_index(code: Code, _: FinderOptions) -> Iterator[Match]:
    """Foreign keys that no whole index begins with."""
    for table, reference in _references(code):
        if reference.column not in table.leading_columns:
            yield Match(reference.line, f"{table.name}.{reference.column}")


@finder("sql")
def sql_reference_to_nothing(code: Code, _: FinderOptions) -> Iterator[Match]:
    """Foreign keys to a table or column that the schema doesn't have.

    SQLite takes them at creation and refuses the first insert.
    """
    for table, reference in _references(code):
        other = code.sql.table(reference.table)
        if other is None:
            missing = reference.table
        elif reference.target and other.column(reference.target) is None:
            missing = f"{reference.table}.{reference.target}"
        else:
            continue
        yield Match(reference.line, f"{table.name}.{reference.column} refers to {missing}")


@finder("sql")
def sql_contradictory_reference(code: Code, _: FinderOptions) -> Iterator[Match]:
    """Foreign keys that deleting would set to null though they may not be null."""
    for table, reference in _references(code):
        column = table.column(reference.column)
        if reference.on_delete == "SET NULL" and column is not None and column.required:
            yield Match(reference.line, f"{table.name}.{reference.column}")


@finder("sql")
def sql_reference_without_action(code: Code, _: FinderOptions) -> Iterator[Match]:
    """Foreign keys that don't say what becomes of a record when the other one goes."""
    for table, reference in _references(code):
        if reference.on_delete == "NO ACTION":
            yield Match(reference.line, f"{table.name}.{reference.column}")


@finder("sql")
def sql_nullable_key(code: Code, _: FinderOptions) -> Iterator[Match]:
    """Columns of a primary key without NOT NULL: SQLite would store nulls in them."""
    for table in code.sql.tables:
        for name in table.primary_key:
            column = table.column(name)
            if column is not None and not column.required and not _is_row_id(table, column.type):
                yield Match(column.line, f"{table.name}.{name}")


@finder("sql")
def sql_column_without_type(code: Code, _: FinderOptions) -> Iterator[Match]:
    """Columns that say nothing of what they hold."""
    for table in code.sql.tables:
        for column in table.columns:
            if not column.type:
                yield Match(column.line, f"{table.name}.{column.name}")


@finder("sql")
def sql_double_index(code: Code, _: FinderOptions) -> Iterator[Match]:
    """Indexes over exactly the columns of another one of the table."""
    for table in code.sql.tables:
        seen: dict[tuple[object, ...], str] = {}
        for index in sorted(table.indexes, key=lambda i: (i.line, i.name)):
            shape = (*index.columns, _behind_on(index.sql) if None in index.columns else "")
            if shape in seen and not index.partial and index.line:
                yield Match(index.line, f"{index.name} repeats {seen[shape]}")
            seen.setdefault(shape, index.name)


def _references(code: Code) -> Iterator[tuple[SqlTable, SqlReference]]:
    return ((table, reference) for table in code.sql.tables for reference in table.references)


def _is_row_id(table: SqlTable, type_: str) -> bool:
    return len(table.primary_key) == 1 and type_.upper() == "INTEGER"


def _behind_on(sql: str) -> str:
    return sql.upper().partition(" ON ")[2]
