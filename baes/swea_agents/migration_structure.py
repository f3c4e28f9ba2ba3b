"""The statements of a revision that change tables, columns and links; values stay as they are."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator

from baes.errors import InvalidSpec
from baes.spec.model import Entity, Relationship
from baes.spec.navigation import collection_of, id_field
from baes.swea_agents.derived_columns import stale_things
from baes.swea_agents.migration_values import emptied
from baes.swea_agents.table_changes import SystemChange, TableChange, is_reference
from baes.swea_agents.tables import (
    ColumnView,
    TableView,
    entity_table,
    indexes_of,
    link_table,
    reference_column,
    reference_index,
)

__all__ = ["additions", "creations", "drops", "freed", "rebuilds", "renames"]

Statements = Iterator[str]


def freed(change: SystemChange) -> Statements:
    """Tables without the conditions that stand in the way of what happens to their columns."""
    for table in change.tables:
        view = entity_table(change.context.old, table.old)
        stale = stale_things(change)
        if stale and (any(emptied(table)) or any(_loosened_things(table, stale))):
            yield _rebuild(_loosened(view))
        elif _is_freed(change, table):
            yield _rebuild(dataclasses.replace(view, checks=()))


def _loosened_things(table: TableChange, stale: frozenset[str]) -> Iterator[str]:
    """Columns that no row could lack, and that a rule gives from now on, or gives no value."""
    for thing in stale.intersection(table.kept):
        if table.after[thing].nullable and not table.before[thing].nullable:
            yield thing


def _is_freed(change: SystemChange, table: TableChange) -> bool:
    return table.needs_freedom or table.has_condition_on(stale_things(change))


def drops(change: SystemChange) -> Statements:
    """Columns, links and tables that go; their data have been set aside."""
    old = change.context.old
    for relationship in change.leaving:
        if not is_reference(relationship):
            yield f"op.drop_table({link_table(old, relationship).name!r})"
    for table in change.tables:
        for thing in table.dropped:
            column = table.before[thing]
            drop = "drop_reference" if column.reference else "op.drop_column"
            yield f"{drop}({table.old_name!r}, {column.name!r})"
    for entity in change.removed:
        yield f"op.drop_table({collection_of(entity, old.language)!r})"


def renames(change: SystemChange) -> Statements:
    """Tables under their new names, then columns; names may go round in a circle."""
    old, new = change.context.old, change.context.new
    links = [
        (link_table(old, before), link_table(new, after))
        for before in old.relationships
        for after in new.relationships
        if before.id == after.id and before.id not in change.moved and not is_reference(after)
    ]
    names = {table.old_name: table.name for table in change.tables}
    names |= {before.name: after.name for before, after in links}
    for name, new_name in _in_order(names):
        yield f"op.rename_table({name!r}, {new_name!r})"
    for table in change.tables:
        columns = {table.before[t].name: table.after[t].name for t in table.kept}
        yield from _column_renames(table.name, columns)
    for before, after in links:
        yield from _column_renames(after.name, dict(zip(before.key, after.key, strict=True)))


def _column_renames(table: str, names: dict[str, str]) -> Statements:
    for name, new_name in _in_order(names):
        yield f"op.alter_column({table!r}, {name!r}, new_column_name={new_name!r})"


def _in_order(names: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Renames in an order in which each new name is free; one of a circle takes a detour."""
    waiting = {name: new_name for name, new_name in names.items() if name != new_name}
    while waiting:
        free = [name for name, new_name in waiting.items() if new_name not in waiting]
        if free:
            yield free[0], waiting.pop(free[0])
            continue
        name = next(iter(waiting))
        yield name, f"{name}__old"
        waiting[f"{name}__old"] = waiting.pop(name)


def creations(change: SystemChange) -> Statements:
    """New tables, each after those that it refers to, then the links between tables."""
    spec, created = change.context.new, change.created
    placed: list[str] = []
    late: list[Relationship] = []
    while len(placed) < len(created):
        entity = _next(change, [e for e in created if e.name not in placed], placed)
        waiting = [r for r in _references(change, entity) if r.target not in (*placed, entity.name)]
        late += waiting
        placed.append(entity.name)
        table = entity_table(spec, entity)
        table = _loosened(table) if change.is_restored(entity.id) else table
        yield from _without(table, spec.language, waiting).migration
    for relationship in late:
        table_name = collection_of(spec.entity(relationship.source), spec.language)
        yield _add_column(table_name, reference_column(spec, relationship))
        yield reference_index(table_name, relationship, spec.language).migration
    for entity in created:
        yield from _late_conditions(change, entity, late)
    before = {r.id for r in change.context.old.relationships} - change.moved
    for relationship in spec.relationships:
        if not is_reference(relationship) and relationship.id not in before:
            yield from link_table(spec, relationship).migration


def _late_conditions(change: SystemChange, entity: Entity, late: list[Relationship]) -> Statements:
    """What concerns columns that came after their table."""
    spec = change.context.new
    things = {relationship.id for relationship in late if relationship.source == entity.name}
    joint = (i for i in indexes_of(spec, entity).values() if len(i.things) > 1)
    yield from (index.migration for index in joint if things.intersection(index.things))
    view = entity_table(spec, entity)
    if things and view.checks and not change.is_restored(entity.id):
        yield _rebuild(view)


def additions(table: TableChange) -> Statements:
    """New columns; one that no row may lack can be made so only once every row has a value."""
    for thing in table.added:
        column = table.after[thing]
        yield _add_column(table.name, column if column.nullable else _loose(column))


def _add_column(table: str, column: ColumnView) -> str:
    inline = ", inline_references=True" if column.reference else ""
    return f"op.add_column({table!r}, {column.migration}{inline})"


def rebuilds(change: SystemChange) -> Statements:
    """Tables whose types, limits or references no native statement changes."""
    spec = change.context.new
    for table in change.tables:
        view = entity_table(spec, table.new)
        if table.needs_rebuild or (view.checks and _is_freed(change, table)):
            yield _rebuild(view)
    for entity in change.created:
        view = entity_table(spec, entity)
        if change.is_restored(entity.id) and _loosened(view) != view:
            yield _rebuild(view)


def _rebuild(table: TableView) -> str:
    parts = ",\n    ".join([repr(table.name), *table.migration_parts])
    return f"rebuild_table(\n    {parts},\n)"


def _references(change: SystemChange, entity: Entity) -> list[Relationship]:
    """An entity's references to entities that are new as well."""
    created = {e.name for e in change.created}
    outgoing = change.context.new.outgoing(entity.name)
    return [r for r in outgoing if is_reference(r) and r.target in created]


def _next(change: SystemChange, waiting: list[Entity], placed: list[str]) -> Entity:
    """The entity to create next: one that needs none of the others, not at all or not at once."""
    for wanted in ((True, False), (True,)):
        for entity in waiting:
            needed = [r for r in _references(change, entity) if r.required in wanted]
            if all(r.target in (*placed, entity.name) for r in needed):
                return entity
    names = tuple(entity.name for entity in waiting)
    raise InvalidSpec.of("swea_agents.error.endless_references", entities=names)


def _without(table: TableView, language: str, late: Iterable[Relationship]) -> TableView:
    """The table without references that come later, and what may concern them."""
    columns = {id_field(relationship, language) for relationship in late}
    return dataclasses.replace(
        table,
        columns=tuple(column for column in table.columns if column.name not in columns),
        indexes=tuple(i for i in table.indexes if columns.isdisjoint(i.columns)),
        checks=() if columns else table.checks,
    )


def _loosened(table: TableView) -> TableView:
    return dataclasses.replace(table, columns=tuple(map(_loose, table.columns)), checks=())


def _loose(column: ColumnView) -> ColumnView:
    return dataclasses.replace(column, nullable=True)
