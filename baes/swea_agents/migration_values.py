"""The statements of a revision that move values: aside, into another form, and back."""

from __future__ import annotations

from collections.abc import Iterator

from baes.spec.apply import steps
from baes.spec.changes import RemoveRule
from baes.spec.derivation import Derived, derived_attributes, stored_attributes
from baes.spec.model import Attribute, Call, Entity, Relationship, SystemSpec
from baes.spec.navigation import collection_of
from baes.swea_agents.checks import stored_literal
from baes.swea_agents.column_types import column_type, storage_type
from baes.swea_agents.identifiers import sql_name
from baes.swea_agents.table_changes import SystemChange, TableChange, attribute_of, is_reference
from baes.swea_agents.tables import columns_of, link_columns, link_table

__all__ = ["brought_back", "emptied", "empties", "given_back", "set_aside", "values"]

Statements = Iterator[str]


def set_aside(change: SystemChange) -> Statements:
    """What goes, into the archive."""
    old = change.context.old
    for relationship in change.leaving:
        ends = _ends(old, relationship)
        place = ", ".join(map(repr, _link_place(old, relationship)))
        yield f"archive.put_relationship({relationship.id!r}, {ends!r}, {place})"
    for table in change.tables:
        for thing in _entered(table):
            yield _put_attribute(table, thing, with_empty=thing in table.kept)
    for entity in change.removed:
        name = collection_of(entity, old.language)
        yield f"archive.put_entity({entity.id!r}, {name!r}, {_typed_columns(old, entity)!r})"


def _entered(table: TableChange) -> Iterator[str]:
    """Attributes whose entered values go: with their column, or for what a rule gives from now."""
    old, new = table.context.old, table.context.new
    derived = derived_attributes(old, table.old.name)
    becoming = derived_attributes(new, table.new.name)
    gone = set(table.dropped)
    for thing in table.before:
        was, attribute = attribute_of(table.old, thing), attribute_of(table.new, thing)
        if was is None or was.name in derived:
            continue
        if thing in gone or (attribute is not None and attribute.name in becoming):
            yield thing


def _put_attribute(table: TableChange, thing: str, *, with_empty: bool) -> str:
    attribute = attribute_of(table.old, thing)
    type_ = storage_type(attribute) if attribute else ""
    column = table.before[thing].name
    empty = ", with_empty=True" if with_empty else ""
    return f"archive.put_attribute({thing!r}, {type_!r}, {table.old_name!r}, {column!r}{empty})"


def _typed_columns(spec: SystemSpec, entity: Entity) -> dict[str, tuple[str, str]]:
    """Attribute's id -> (its column, its type)."""
    return {a.id: (a.name, storage_type(a)) for a in stored_attributes(spec, entity)}


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
            columns = _typed_columns(new, entity)
            yield f"restore_entity(archive, {entity.id!r}, {name!r}, {columns!r})"
            for a in stored_attributes(new, entity):
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
    yield from _given_back(change)
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


def _given_back(change: SystemChange) -> Statements:
    """What was entered before a rule gave the values, where the rule is taken back."""
    language = change.context.new.language
    for thing, (entity, attribute) in given_back(change).items():
        place = f"{thing!r}, {collection_of(entity, language)!r}, {attribute.name!r}"
        yield f"restore_column(archive, {place}, {storage_type(attribute)!r})"


def given_back(change: SystemChange) -> dict[str, tuple[Entity, Attribute]]:
    """Stable ids of the attributes that rules give no more -> what they are.

    Those of a table that stays, or comes back with the values that the rule gave; an attribute
    that comes back by itself has what was entered last.
    """
    new = change.context.new
    coming = {t for table in change.tables for t in table.added if change.is_restored(t)}
    free = {
        f"{entity.id}.{a.id}": (entity, a)
        for entity in new
        for a in entity.attributes
        if a.name not in derived_attributes(new, entity.name)
    }
    found: dict[str, tuple[Entity, Attribute]] = {}
    spec = change.context.old
    for step, after in steps(spec, change.context.changes):
        if isinstance(step, RemoveRule) and step.gives_back and isinstance(step.rule, Derived):
            entity = spec.entity(step.rule.entity)
            attribute = entity.find(step.rule.attribute)
            thing = f"{entity.id}.{attribute.id}" if attribute else ""
            if thing in free and thing not in coming:
                found[thing] = free[thing]
        spec = after
    return found


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
