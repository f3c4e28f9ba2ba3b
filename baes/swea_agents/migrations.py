"""The revision from one system to the next: its statements, in the one order that works.

What goes is set aside first, then room is made, then names change, then what is new comes; values
are converted, filled in and brought back before the tables that need it are rebuilt.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from baes.spec.pipeline import GenerationContext
from baes.swea_agents.derived_columns import FunctionView, derivations, stale_things
from baes.swea_agents.imports import import_lines
from baes.swea_agents.migration_structure import (
    additions,
    creations,
    drops,
    freed,
    rebuilds,
    renames,
)
from baes.swea_agents.migration_summary import summary_of
from baes.swea_agents.migration_values import brought_back, empties, set_aside, values
from baes.swea_agents.table_changes import SystemChange

__all__ = ["MigrationView", "migration_of"]

Statements = Iterator[str]

_ALTERATIONS = {
    "convert_column", "drop_reference", "empty_column", "fill_column", "rebuild_table",
    "restore_column", "restore_entity",
}  # fmt: skip
_ARCHIVING = (
    "archive.", "convert_column(", "empty_column(", "fill_column(", "restore_",
)  # fmt: skip
_TEXTS = re.compile(r"""'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*\"""")
"""The texts in a statement, which may hold anything."""


@dataclass(frozen=True, slots=True)
class MigrationView:
    """What ``database/migration.py.j2`` shows."""

    summary: str
    revision: str
    down_revision: str | None
    imports: str
    functions: tuple[FunctionView, ...]
    statements: tuple[str, ...]


def migration_of(context: GenerationContext) -> MigrationView:
    """The revision from the old system to the new one.

    Raises:
        InvalidSpec: The new system can't have a record.
    """
    change = SystemChange(context)
    derived = tuple(derivations(change))
    statements = tuple(_statements(change, tuple(view.statement for view in derived)))
    if any(statement.startswith(_ARCHIVING) for statement in statements):
        statements = ("archive = Archive(op.get_bind(), revision)", *statements)
    return MigrationView(
        summary=summary_of(context.changes),
        revision=context.revision,
        down_revision=context.down_revision,
        imports=_imports(statements, [name for view in derived for name in view.imports]),
        functions=tuple(view.function for view in derived if view.function),
        statements=statements,
    )


def _statements(change: SystemChange, derived: tuple[str, ...]) -> Statements:
    stale = stale_things(change)
    yield from set_aside(change)
    yield from freed(change)
    for table in change.tables:
        for index in table.dropped_indexes(stale):
            yield f"op.drop_index({index.name!r}, table_name={table.old_name!r})"
    yield from drops(change)
    yield from renames(change)
    yield from creations(change)
    for table in change.tables:
        yield from additions(table)
    for table in change.tables:
        yield from values(change, table)
    yield from brought_back(change)
    if derived:
        yield from _emptied(change)
        yield from derived
        yield from rebuilds(change)
    else:
        yield from rebuilds(change)
        yield from _emptied(change)
    for table in change.tables:
        yield from (index.migration for index in table.created_indexes(stale))


def _emptied(change: SystemChange) -> Statements:
    for table in change.tables:
        yield from empties(table)


def _imports(statements: tuple[str, ...], others: Iterable[str]) -> str:
    """The lines that the statements need."""
    called = {statement.partition("(")[0] for statement in statements}
    code = [_TEXTS.sub("", statement) for statement in statements]
    needs_op, needs_types = (any(name in each for each in code) for name in ("op.", "sa."))
    modules = [
        *(["alembic.op"] if needs_op else []),
        *(["app.database.archive.Archive"] if "archive = Archive" in called else []),
        *(f"app.database.alterations.{name}" for name in called & _ALTERATIONS),
        *others,
    ]
    types = "import sqlalchemy as sa\n" if needs_types else ""
    if types and not needs_op:
        types += "\n"  # what follows is the application's own
    standard = [name for name in modules if not name.startswith(("alembic.", "app."))]
    lines = types + import_lines(name for name in modules if name not in standard)
    return (f"{import_lines(standard)}\n\n{lines}" if standard else lines) if modules else ""
