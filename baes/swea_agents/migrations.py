"""The statements of a revision: one function an op, found by its type.

What this request creates is created as it ends up; only changes to what was there before become
steps of their own.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from baes.errors import InvalidSpec
from baes.spec.changes import AddAttribute, AddEntity, AddRelationship, Change
from baes.spec.model import Entity, Relationship
from baes.spec.navigation import collection_of, id_field
from baes.spec.pipeline import GenerationContext
from baes.swea_agents.tables import (
    ColumnView,
    TableView,
    attribute_column,
    attribute_index,
    entity_table,
    link_table,
    reference_column,
    reference_index,
)

__all__ = ["MigrationView", "migration_of"]

SUMMARY_LENGTH = 90
"""Characters of a docstring's first line, so that it fits in its own."""

ChangeT = TypeVar("ChangeT", bound=Any)
Statements = Iterator[str]
_STEPS: dict[type[Any], Callable[[GenerationContext, Any], Statements]] = {}


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
        InvalidSpec: A change can't be carried out on a database yet.
    """
    statements = (*_creations(context), *_steps(context))
    return MigrationView(
        summary=_summary(context),
        revision=context.revision,
        down_revision=context.down_revision,
        imports=_imports(statements),
        statements=statements,
    )


def _imports(statements: tuple[str, ...]) -> str:
    """The lines that the statements need; ``sa`` only where a column is described."""
    if not statements:
        return ""
    needs_types = any("sa." in statement for statement in statements)
    return ("import sqlalchemy as sa\n" if needs_types else "") + "from alembic import op"


def _creations(context: GenerationContext) -> Statements:
    """New tables, each after those that it refers to, then the links between tables."""
    spec, created = context.new, _created(context)
    placed: list[str] = []
    late: list[Relationship] = []
    while len(placed) < len(created):
        entity = _next(context, [e for e in created if e.name not in placed], placed)
        waiting = [
            r for r in _references(context, entity) if r.target not in (*placed, entity.name)
        ]
        late += waiting
        placed.append(entity.name)
        yield from _without(entity_table(spec, entity), spec.language, waiting).migration
    for relationship in late:
        yield from _reference_statements(context, relationship)
    before = {r.id for r in context.old.relationships}
    for relationship in spec.relationships:
        if relationship.kind == "many_to_many" and relationship.id not in before:
            yield from link_table(spec, relationship).migration


def _steps(context: GenerationContext) -> Statements:
    """Changes to the tables that were there before."""
    created = {entity.name for entity in _created(context)}
    for change in context.changes:
        if _is_about(change, created):
            continue
        step = _STEPS.get(type(change))
        if step is None:
            raise InvalidSpec(
                f"{change.op.replace('_', ' ')} can't be carried out on a system with data yet",
                "its migration is not known",
            )
        yield from step(context, change)


def _migrates(
    kind: type[ChangeT],
) -> Callable[[Callable[[GenerationContext, ChangeT], Statements]], None]:
    def register(function: Callable[[GenerationContext, ChangeT], Statements]) -> None:
        _STEPS[kind] = function

    return register


@_migrates(AddAttribute)
def _add_attribute(context: GenerationContext, change: AddAttribute) -> Statements:
    entity = context.new.entity(change.entity)
    attribute = entity.find(change.attribute.name)
    if attribute is None:
        return
    table = collection_of(entity, context.new.language)
    yield _add_column(table, attribute_column(entity, attribute))
    if attribute.unique:
        yield attribute_index(entity, table, attribute).migration


@_migrates(AddRelationship)
def _add_relationship(context: GenerationContext, change: AddRelationship) -> Statements:
    if change.relationship.kind == "many_to_many":
        return  # its table is created with the other new ones
    wanted = (change.relationship.source, change.relationship.name)
    for relationship in context.new.relationships:
        if (relationship.source, relationship.name) == wanted:
            yield from _reference_statements(context, relationship)


def _reference_statements(context: GenerationContext, relationship: Relationship) -> Statements:
    source = context.new.entity(relationship.source)
    table = collection_of(source, context.new.language)
    yield _add_column(table, reference_column(context.new, relationship))
    yield reference_index(table, relationship, context.new.language).migration


def _add_column(table: str, column: ColumnView) -> str:
    if not column.nullable:
        raise InvalidSpec(
            f"{column.name} can't be required in {table}",
            "the records that are there have no value for it",
            "make it optional",
        )
    inline = ", inline_references=True" if column.reference else ""
    return f"op.add_column({table!r}, {column.migration}{inline})"


def _created(context: GenerationContext) -> list[Entity]:
    before = {entity.id for entity in context.old}
    return [entity for entity in context.new if entity.id not in before]


def _references(context: GenerationContext, entity: Entity) -> list[Relationship]:
    """An entity's references to entities that are new as well."""
    created = {e.name for e in _created(context)}
    outgoing = context.new.outgoing(entity.name)
    return [r for r in outgoing if r.kind != "many_to_many" and r.target in created]


def _next(context: GenerationContext, waiting: list[Entity], placed: list[str]) -> Entity:
    """The entity to create next: one that needs none of the others, not at all or not at once."""
    for wanted in ((True, False), (True,)):
        for entity in waiting:
            needed = [r for r in _references(context, entity) if r.required in wanted]
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


def _is_about(change: Change, created: set[str]) -> bool:
    """Whether a change only builds up what this request creates."""
    match change:
        case AddEntity():
            return True
        case AddRelationship(relationship):
            return relationship.source in created
        case _:
            return getattr(change, "entity", "") in created


def _summary(context: GenerationContext) -> str:
    ops = dict.fromkeys(_said(change) for change in context.changes)
    text = "; ".join(ops) or "nothing in the database changes"
    text = f"{text[0].upper()}{text[1:]}."
    return text if len(text) <= SUMMARY_LENGTH else f"{len(context.changes)} changes."


def _said(change: Change) -> str:
    match change:
        case AddEntity(entity):
            return f"create {entity.name}"
        case AddAttribute(entity, attribute):
            return f"add {attribute.name} to {entity}"
        case AddRelationship(relationship):
            return f"link {relationship.source} to {relationship.target} as {relationship.name}"
        case _:
            return change.op.replace("_", " ")
