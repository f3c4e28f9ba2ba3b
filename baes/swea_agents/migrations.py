"""The revision from one system to the next: its statements, in the one order that works.

What goes is set aside first, then room is made, then names change, then what is new comes; values
are converted, filled in and brought back before the tables that need it are rebuilt.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from baes.errors import InvalidSpec
from baes.spec.changes import (
    AddAttribute,
    AddEntity,
    AddRelationship,
    Change,
    ChangeAttribute,
    ChangeRelationship,
    RemoveAttribute,
    RemoveEntity,
    RemoveRelationship,
    RenameAttribute,
    RenameEntity,
)
from baes.spec.model import Attribute, Call, Entity, Relationship, SystemSpec
from baes.spec.navigation import collection_of, id_field
from baes.spec.pipeline import GenerationContext
from baes.swea_agents.checks import stored_literal
from baes.swea_agents.column_types import column_type, storage_type
from baes.swea_agents.identifiers import sql_name
from baes.swea_agents.imports import import_lines
from baes.swea_agents.table_changes import (
    SystemChange,
    TableChange,
    attribute_of,
    is_reference,
)
from baes.swea_agents.tables import (
    ColumnView,
    TableView,
    columns_of,
    entity_table,
    link_columns,
    link_table,
    reference_column,
    reference_index,
)

__all__ = ["MigrationView", "migration_of"]

SUMMARY_LENGTH = 90
"""Characters of a docstring's first line, so that it fits in its own."""

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
    statements: tuple[str, ...]


def migration_of(context: GenerationContext) -> MigrationView:
    """The revision from the old system to the new one.

    Raises:
        InvalidSpec: The new system can't have a record.
    """
    statements = tuple(_statements(SystemChange(context)))
    if any(statement.startswith(_ARCHIVING) for statement in statements):
        statements = ("archive = Archive(op.get_bind(), revision)", *statements)
    return MigrationView(
        summary=_summary(context),
        revision=context.revision,
        down_revision=context.down_revision,
        imports=_imports(statements),
        statements=statements,
    )


def _statements(change: SystemChange) -> Statements:
    yield from _set_aside(change)
    for table in change.tables:
        for index in table.dropped_indexes:
            yield f"op.drop_index({index.name!r}, table_name={table.old_name!r})"
    yield from _drops(change)
    yield from _renames(change)
    yield from _creations(change)
    for table in change.tables:
        yield from _additions(table)
    for table in change.tables:
        yield from _values(change, table)
    yield from _bring_back(change)
    yield from _rebuilds(change)
    for table in change.tables:
        yield from _empties(table)
        yield from (index.migration for index in table.created_indexes)


def _set_aside(change: SystemChange) -> Statements:
    """What goes, into the archive."""
    old = change.context.old
    for relationship in change.leaving:
        ends = _ends(old, relationship)
        place = ", ".join(map(repr, _link_place(old, relationship)))
        yield f"archive.put_relationship({relationship.id!r}, {ends!r}, {place})"
    for table in change.tables:
        for thing in table.dropped:
            if thing.startswith(f"{table.old.id}."):
                yield _put_attribute(table, thing)
    for entity in change.removed:
        name = collection_of(entity, old.language)
        yield f"archive.put_entity({entity.id!r}, {name!r}, {_typed_columns(entity)!r})"


def _put_attribute(table: TableChange, thing: str) -> str:
    attribute = attribute_of(table.old, thing)
    type_ = storage_type(attribute) if attribute else ""
    column = table.before[thing].name
    return f"archive.put_attribute({thing!r}, {type_!r}, {table.old_name!r}, {column!r})"


def _typed_columns(entity: Entity) -> dict[str, tuple[str, str]]:
    """Attribute's id -> (its column, its type)."""
    return {a.id: (a.name, storage_type(a)) for a in entity.attributes}


def _drops(change: SystemChange) -> Statements:
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


def _renames(change: SystemChange) -> Statements:
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


def _creations(change: SystemChange) -> Statements:
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
    before = {r.id for r in change.context.old.relationships} - change.moved
    for relationship in spec.relationships:
        if not is_reference(relationship) and relationship.id not in before:
            yield from link_table(spec, relationship).migration


def _additions(table: TableChange) -> Statements:
    """New columns; one that no row may lack can be made so only once every row has a value."""
    for thing in table.added:
        column = table.after[thing]
        yield _add_column(table.name, column if column.nullable else _loose(column))


def _add_column(table: str, column: ColumnView) -> str:
    inline = ", inline_references=True" if column.reference else ""
    return f"op.add_column({table!r}, {column.migration}{inline})"


def _values(change: SystemChange, table: TableChange) -> Statements:
    """Values converted, and filled in where a default was said."""
    for conversion in table.conversions:
        name = table.after[conversion.thing].name
        type_ = column_type(conversion.after).migration
        former, wanted = storage_type(conversion.before), storage_type(conversion.after)
        default = _constant(conversion.after)
        emptied = conversion.thing in set(_emptied(table))
        yield (
            f"convert_column(archive, {conversion.thing!r}, {table.name!r}, {name!r}, {type_}, "
            f"{former!r}, {wanted!r}{f', {default!r}' if default else ''}"
            f"{', emptied=True' if emptied else ''})"
        )
    for thing in table.after:
        if thing in table.before and thing not in table.moved:
            yield from _fills(table, thing)
        elif not change.is_restored(thing):
            yield from _first_values(table, thing)


def _fills(table: TableChange, thing: str) -> Statements:
    new = attribute_of(table.new, thing)
    column = table.after[thing]
    if new and _constant(new) and table.before[thing].nullable and not column.nullable:
        where = f"archive, {thing!r}, {table.name!r}, {column.name!r}"
        yield f"fill_column({where}, {_constant(new)!r})"


def _empties(table: TableChange) -> Statements:
    for thing in _emptied(table):
        name = table.after[thing].name
        yield f"empty_column(archive, {thing!r}, {table.name!r}, {name!r})"


def _emptied(table: TableChange) -> Iterator[str]:
    """Columns in which the filling in of a default is taken back: they may be empty again."""
    for thing in table.kept:
        old, new = attribute_of(table.old, thing), attribute_of(table.new, thing)
        if old is None or new is None:
            continue
        loosened = table.after[thing].nullable and not table.before[thing].nullable
        if loosened and _constant(old) and new.default != old.default:
            yield thing


def _first_values(table: TableChange, thing: str) -> Statements:
    attribute = attribute_of(table.new, thing)
    default = _constant(attribute) if attribute else ""
    if default:
        yield _update(table.name, table.after[thing].name, default)


def _bring_back(change: SystemChange) -> Statements:
    """What was removed once and comes again, or comes in another form, with its data."""
    new = change.context.new
    for entity in change.created:
        if change.is_restored(entity.id):
            name = collection_of(entity, new.language)
            columns = _typed_columns(entity)
            yield f"restore_entity(archive, {entity.id!r}, {name!r}, {columns!r})"
            for a in entity.attributes:
                yield from _unfilled(f"{entity.id}.{a.id}", name, a)
    for table in change.tables:
        for thing in table.added:
            attribute = attribute_of(table.new, thing)
            if attribute is None or not change.is_restored(thing):
                continue
            column = table.after[thing]
            place = f"{thing!r}, {table.name!r}, {column.name!r}"
            yield f"restore_column(archive, {place}, {storage_type(attribute)!r})"
            yield from _unfilled(thing, table.name, attribute)
            default = _constant(attribute)
            if default and not column.nullable:
                lacking = f" WHERE {sql_name(column.name)} IS NULL"
                yield _update(table.name, column.name, default, lacking)
    for relationship in change.arriving:
        place = ", ".join(map(repr, _link_place(new, relationship)))
        tables = [
            collection_of(new.entity(end), new.language)
            for end in (relationship.source, relationship.target)
        ]
        exclusive = ", exclusive=True" if relationship.kind == "one_to_one" else ""
        yield (
            f"archive.take_relationship({relationship.id!r}, {_ends(new, relationship)!r}, "
            f"{place}, {tables[0]!r}, {tables[1]!r}{exclusive})"
        )


def _unfilled(thing: str, table: str, attribute: Attribute) -> Statements:
    """What comes back from before a default was filled in may be without a value again."""
    if not attribute.required:
        yield f"empty_column(archive, {thing!r}, {table!r}, {attribute.name!r})"


def _rebuilds(change: SystemChange) -> Statements:
    spec = change.context.new
    for table in change.tables:
        if table.needs_rebuild:
            yield _rebuild(entity_table(spec, table.new))
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
    names = ", ".join(entity.name for entity in waiting)
    raise InvalidSpec(
        f"no record of {names} could ever be made",
        "each of them requires a record of another one first",
        "make one of the references optional",
    )


def _without(table: TableView, language: str, late: Iterable[Relationship]) -> TableView:
    """The table without the columns and indexes of references that come later."""
    columns = {id_field(relationship, language) for relationship in late}
    return dataclasses.replace(
        table,
        columns=tuple(column for column in table.columns if column.name not in columns),
        indexes=tuple(index for index in table.indexes if index.column not in columns),
    )


def _loosened(table: TableView) -> TableView:
    return dataclasses.replace(table, columns=tuple(map(_loose, table.columns)))


def _loose(column: ColumnView) -> ColumnView:
    return dataclasses.replace(column, nullable=True)


def _link_place(spec: SystemSpec, relationship: Relationship) -> tuple[str, str, str]:
    """(table, column of the referring row's id, column of the id that it refers to)."""
    if not is_reference(relationship):
        return (link_table(spec, relationship).name, *link_columns(spec, relationship))
    source = spec.entity(relationship.source)
    column = columns_of(spec, source)[relationship.id].name
    return collection_of(source, spec.language), "id", column


def _ends(spec: SystemSpec, relationship: Relationship) -> str:
    """Between which entities links are: those of other ends can't be brought back."""
    source, target = spec.entity(relationship.source), spec.entity(relationship.target)
    return f"{source.id} to {target.id}"


def _constant(attribute: Attribute) -> str:
    """The default in SQL; empty where there is none, or where it depends on the moment."""
    if attribute.default is None or isinstance(attribute.default, Call):
        return ""
    return stored_literal(attribute, attribute.default)


def _update(table: str, column: str, value: str, where: str = "") -> str:
    sql = f"UPDATE {sql_name(table)} SET {sql_name(column)} = {value}{where}"  # noqa: S608  names
    # In SQLAlchemy's texts a colon begins a parameter.
    return f"op.execute({sql.replace(':', chr(92) + ':')!r})"


def _imports(statements: tuple[str, ...]) -> str:
    """The lines that the statements need."""
    called = {statement.partition("(")[0] for statement in statements}
    modules = [
        *(["alembic.op"] if statements else []),
        *(["app.database.archive.Archive"] if "archive = Archive" in called else []),
        *(f"app.database.alterations.{name}" for name in called & _ALTERATIONS),
    ]
    needs_types = any("sa." in _TEXTS.sub("", statement) for statement in statements)
    types = "import sqlalchemy as sa\n" if needs_types else ""
    return types + import_lines(modules) if modules else ""


def _summary(context: GenerationContext) -> str:
    ops = dict.fromkeys(_said(change) for change in context.changes)
    text = "; ".join(ops) or "nothing in the database changes"
    text = f"{text[0].upper()}{text[1:]}."
    return text if len(text) <= SUMMARY_LENGTH else f"{len(context.changes)} changes."


def _said(change: Change) -> str:
    match change:
        case AddEntity(entity):
            return f"create {entity.name}"
        case RenameEntity(entity, new_name):
            return f"rename {entity} to {new_name}"
        case RemoveEntity(entity):
            return f"remove {entity}"
        case AddAttribute(entity, attribute):
            return f"add {attribute.name} to {entity}"
        case RenameAttribute(entity, name, new_name):
            return f"rename {name} of {entity} to {new_name}"
        case ChangeAttribute(entity, name) | ChangeRelationship(entity, name):
            return f"change {name} of {entity}"
        case RemoveAttribute(entity, name) | RemoveRelationship(entity, name):
            return f"remove {name} from {entity}"
        case AddRelationship(relationship):
            return f"link {relationship.source} to {relationship.target} as {relationship.name}"
        case _:
            return change.op.replace("_", " ")
