"""What is wrong with a schema in SQL."""

from __future__ import annotations

from collections.abc import Iterator

from baes.standards.artifact_code import Code, Match
from baes.standards.finders import FinderOptions, finder

__all__ = ["sql_reference_without_index", "sql_table_without_primary_key"]


@finder("sql")
def sql_table_without_primary_key(code: Code, _: FinderOptions) -> Iterator[Match]:
    """Tables without a primary key."""
    for table in code.sql.tables:
        if not table.primary_key:
            yield Match(table.line, table.name)


@finder("sql")
def sql_reference_without_index(code: Code, _: FinderOptions) -> Iterator[Match]:
    """Foreign keys that no whole index begins with."""
    for table in code.sql.tables:
        for column, line in table.references:
            if column not in table.leading_columns:
                yield Match(line, f"{table.name}.{column}")
