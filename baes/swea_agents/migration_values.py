"""The statements of a revision that move values: aside, into another form, and back."""

from __future__ import annotations

from collections.abc import Container, Iterator

from baes.spec.derivation import derived_attributes, stored_attributes
from baes.spec.model import Attribute, Call, Entity, Relationship, SystemSpec
from baes.spec.navigation import collection_of
from baes.swea_agents.checks import stored_literal
from baes.swea_agents.column_types import column_type, storage_type
from baes.swea_agents.identifiers import sql_name
from baes.swea_agents.table_changes import SystemChange, TableChange, attribute_of, is_reference
from baes.swea_agents.tables import columns_of, link_columns, link_table
from baes.swea_agents.value_moves import KeptAs, Move, value_moves

__all__ = ["brought_back", "emptied", "empties", "set_aside", "values"]

Statements = Iterator[str]


def set_aside(change: SystemChange) -> Statements:
    """What goes, into the archive."""
    old = change.context.old
    for relationship in change.leaving:
        ends = _ends(old, relationship)
        place = ", ".join(map(repr, _link_place(old, relationship)))
        yield f"archive.put_relationship({relationship.id!r}, {ends!r}, {place})"
    for table in change.tables:
        for thing, kept_as in _entered(table, change).items():
            yield _put_attribute(table, thing, kept_as)
    for entity in change.removed:
        name = collection_of(entity, old.language)
        yield f"archive.put_entity({entity.id!r}, {name!r}, {_typed_columns(old, entity)!r})"


def _entered(table: TableChange, change: SystemChange) -> dict[str, KeptAs]:
    """Attributes whose entered values go: with their column, or for what a rule gives from now."""
    derived = derived_attributes(table.context.old, table.old.name)
    gone, moved = set(table.dropped), value_moves(change)
    found: dict[str, KeptAs] = {}
    for thing in table.before:
        was, moves = attribute_of(table.old, thing), moved.get(thing, ())
        if was is None or was.name in derived:
            continue
        if moves and moves[0].way == "put":
            found[thing] = moves[0].kept_as
        elif thing in gone:
            found[thing] = "entered"
    return found


def _put_attribute(table: TableChange, thing: str, kept_as: KeptAs) -> str:
    attribute = attribute_of(table.old, thing)
    type_ = storage_type(attribute) if attribute else ""
    place = f"{thing!r}, {type_!r}, {table.old_name!r}, {table.before[thing].name!r}"
    empty = ", with_empty=True" if thing in table.kept else ""
    interim = ", interim=True" if kept_as == "interim" else ""
    return f"archive.put_attribute({place}{empty}{interim})"


def _typed_columns(
    spec: SystemSpec, entity: Entity, without: Container[str] = ()
) -> dict[str, tuple[str, str]]:
    """Attribute's id -> (its column, its type)."""
    stored = (a for a in stored_attributes(spec, entity) if a.name not in without)
    return {a.id: (a.name, storage_type(a)) for a in stored}


def values(change: SystemChange, table: TableChange) -> Statements:
    """Values converted, and filled in where a default was said."""
    for conversion in table.conversions:
        name = table.after[conversion.thing].name
        type_ = column_type(conversion.after).migration
        former, wanted = storage_type(conversion.before), storage_type(conversion.after)
        default = _constant(conversion.after)
        is_emptied = conversion.thing in set(emptied(table))
        yield (
            f"convert_column(archive, {conversion.thing!r}, {table.name!r}, {name!r}, {type_}, "
            f"{former!r}, {wanted!r}{f', {default!r}' if default else ''}"
            f"{', emptied=True' if is_emptied else ''})"
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


def empties(table: TableChange) -> Statements:
    """Values taken out again that a default had filled in."""
    for thing in emptied(table):
        name = table.after[thing].name
        yield f"empty_column(archive, {thing!r}, {table.name!r}, {name!r})"


def emptied(table: TableChange) -> Iterator[str]:
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


def brought_back(change: SystemChange) -> Statements:
    """What was removed once and comes again, or comes in another form, with its data."""
    new = change.context.new
    for entity in change.created:
        if change.is_restored(entity.id):
            name = collection_of(entity, new.language)
            derived = derived_attributes(new, entity.name)
            columns = _typed_columns(new, entity, without=derived)
            yield f"restore_entity(archive, {entity.id!r}, {name!r}, {columns!r})"
            for a in stored_attributes(new, entity):
                yield from _unfilled(f"{entity.id}.{a.id}", name, a)
    yield from _moved(change)
    for table in change.tables:
        for thing in table.added:
            attribute = attribute_of(table.new, thing)
            if attribute is None or not change.is_restored(thing):
                continue
            column = table.after[thing]
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


def _moved(change: SystemChange) -> Statements:
    """Values that rules had replaced and give back, in the steps in which it is done."""
    new = change.context.new
    places = {f"{e.id}.{a.id}": (e, a) for e in new for a in stored_attributes(new, e)}
    set_aside_first = {thing for table in change.tables for thing in _entered(table, change)}
    created = {f"{entity.id}.{a.id}" for entity in change.created for a in entity.attributes}
    for thing, moves in value_moves(change).items():
        if thing not in places:
            continue
        entity, attribute = places[thing]
        came_along = thing in created and moves[0].way == "return"
        for move in moves[thing in set_aside_first or came_along :]:
            yield _move(move, thing, collection_of(entity, new.language), attribute)


def _move(move: Move, thing: str, table: str, attribute: Attribute) -> str:
    type_, column = storage_type(attribute), attribute.name
    interim = ", interim=True" if move.kept_as == "interim" else ""
    if move.way == "put":
        place = f"{thing!r}, {type_!r}, {table!r}, {column!r}"
        return f"archive.put_attribute({place}, with_empty=True{interim})"
    return f"restore_column(archive, {thing!r}, {table!r}, {column!r}, {type_!r}{interim})"


def _unfilled(thing: str, table: str, attribute: Attribute) -> Statements:
    """What comes back from before a default was filled in may be without a value again."""
    if not attribute.required:
        yield f"empty_column(archive, {thing!r}, {table!r}, {attribute.name!r})"


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
