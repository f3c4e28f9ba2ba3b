"""What the templates of models show."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from baes.spec.inflection import singular
from baes.spec.model import Entity, Relationship, SystemSpec
from baes.spec.names import pascal_case, words_of
from baes.spec.navigation import collection_of, id_field
from baes.swea_agents.identifiers import class_name, module_name
from baes.swea_agents.imports import import_lines
from baes.swea_agents.tables import TableView, entity_table, link_columns, link_table

__all__ = [
    "LinkView",
    "ModelModule",
    "ModelView",
    "label_of",
    "link_class",
    "model_module",
    "model_view",
]


@dataclass(frozen=True, slots=True)
class LinkView:
    """A many-to-many relationship as its ``from`` side holds it."""

    class_name: str
    table: TableView
    own: str
    """The column of the ``from`` side."""
    other: str
    field: str
    """What JSON calls the ids: ``course_ids``."""
    label: str
    required: bool
    """Whether a record of the ``from`` side has at least one."""


@dataclass(frozen=True, slots=True)
class ModelView:
    """What ``backend/model.py.j2`` shows."""

    imports: str
    class_name: str
    entity: str
    """Its name in the specification and over HTTP."""
    label: str
    plural_label: str
    table: TableView
    links: tuple[LinkView, ...]


@dataclass(frozen=True, slots=True)
class ModelModule:
    """A module of ``app/models`` and its classes."""

    module: str
    classes: tuple[str, ...]


def model_view(spec: SystemSpec, entity: Entity) -> ModelView:
    """An entity's model and those of its links."""
    table = entity_table(spec, entity)
    links = tuple(_link_view(spec, r) for r in spec.outgoing(entity.name) if _is_link(r))
    return ModelView(
        imports=import_lines(_imports(table, links)),
        class_name=class_name(entity.name),
        entity=entity.name,
        label=label_of(entity),
        plural_label=collection_of(entity, spec.language).replace("_", " "),
        table=table,
        links=links,
    )


def model_module(spec: SystemSpec, entity: Entity) -> ModelModule:
    """What an entity's module defines."""
    links = [link_class(spec, r) for r in spec.outgoing(entity.name) if _is_link(r)]
    return ModelModule(module_name(entity.name), tuple(sorted([class_name(entity.name), *links])))


def label_of(entity: Entity) -> str:
    """An entity's name within a sentence: ``order item``."""
    return " ".join(words_of(entity.name))


def link_class(spec: SystemSpec, relationship: Relationship) -> str:
    """The model of a many-to-many's table: ``StudentCourseLink``."""
    other = pascal_case(singular(relationship.name, spec.language))
    return f"{relationship.source}{other}Link"


def _link_view(spec: SystemSpec, relationship: Relationship) -> LinkView:
    own, other = link_columns(spec, relationship)
    return LinkView(
        class_name=link_class(spec, relationship),
        table=link_table(spec, relationship),
        own=own,
        other=other,
        field=id_field(relationship, spec.language),
        label=relationship.name.replace("_", " "),
        required=relationship.required,
    )


def _is_link(relationship: Relationship) -> bool:
    return relationship.kind == "many_to_many"


def _imports(table: TableView, links: tuple[LinkView, ...]) -> Iterator[str]:
    yield from (
        "app.database.base.Record",
        "app.database.types.Identifier",
        "sqlalchemy.PrimaryKeyConstraint",
        "sqlalchemy.orm.Mapped",
        "sqlalchemy.orm.mapped_column",
    )
    if links:
        yield "app.database.base.Base"
    if table.checks:
        yield "sqlalchemy.CheckConstraint"
    for each in (table, *(link.table for link in links)):
        if each.indexes:
            yield "sqlalchemy.Index"
        if any(index.ignores_case for index in each.indexes):
            yield "sqlalchemy.func"
        for column in each.columns:
            yield from column.imports
