"""What the template of an entity's routes shows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from baes.spec.inflection import singular
from baes.spec.model import Entity, Relationship, SystemSpec
from baes.spec.names import in_sentence, snake_case
from baes.spec.navigation import collection_of, id_field, inverse_name
from baes.swea_agents.api_texts import RouteTexts, plural_title, related_text, route_texts
from baes.swea_agents.identifiers import (
    class_name,
    field_name,
    module_name,
    schema_name,
    variable_name,
)
from baes.swea_agents.imports import import_lines
from baes.swea_agents.model_views import label_of, link_class
from baes.swea_agents.rule_views import kept_when_left_out
from baes.swea_agents.tables import link_columns

__all__ = ["RoutesView", "routes_view"]


@dataclass(frozen=True, slots=True)
class ListView:
    """A nested collection: ``/api/students/{id}/courses``."""

    path: str
    label: str
    summary: str
    model: str
    schema: str
    known: str
    """What refers to the record in the path: of the model, or of the link."""
    link: str = ""
    """The link's model, where one is between them."""
    wanted: str = ""
    """What the link refers to the model by."""


@dataclass(frozen=True, slots=True)
class OneView:
    """A nested single record: ``/api/courses/{id}/teacher``."""

    path: str
    label: str
    summary: str
    model: str
    schema: str
    field: str
    """The reference's name, in JSON where the record in the path holds it, else in the model."""
    nullable: bool
    outgoing: bool
    """Whether the record in the path holds the reference."""


@dataclass(frozen=True, slots=True)
class LinkRouteView:
    """A link that can be made and cut: ``/api/students/{id}/courses/{course_id}``."""

    path: str
    name: str
    """Of the other record, in the singular."""
    label: str
    making: str
    """What the route is called that makes it."""
    cutting: str
    required: bool
    field: str
    """What JSON calls the ids."""
    other: str
    """The parameter of the path that names the other record."""
    item: str
    """The other record in the path: ``{course_id}``."""


@dataclass(frozen=True, slots=True)
class RoutesView:
    """What ``backend/routes.py.j2`` shows."""

    imports: str
    class_name: str
    schema: str
    """What the names of its schemas begin with."""
    name: str
    """The record's variable."""
    replacement: str
    """The schema of a replacement, and what becomes of the values that it leaves out."""
    left_out: str
    path_id: str
    """The parameter of the path."""
    item: str
    """The path of one record: ``/{student_id}``."""
    plural_name: str
    label: str
    plural_label: str
    tag: str
    path: str
    told: RouteTexts
    ones: tuple[OneView, ...]
    lists: tuple[ListView, ...]
    links: tuple[LinkRouteView, ...]


def routes_view(spec: SystemSpec, entity: Entity) -> RoutesView:
    """The routes of an entity: its own, and those to its neighbours from this side."""
    name = variable_name(snake_case(entity.name))
    collection = collection_of(entity, spec.language)
    outgoing, incoming = spec.outgoing(entity.name), spec.incoming(entity.name)
    ones = [_outgoing_one(spec, entity, r) for r in outgoing if r.kind != "many_to_many"]
    ones += [_incoming_one(spec, entity, r) for r in incoming if r.kind == "one_to_one"]
    lists = [_outgoing_list(spec, entity, r) for r in outgoing if r.kind == "many_to_many"]
    lists += [_incoming_list(spec, entity, r) for r in incoming if r.kind != "one_to_one"]
    links = [_link_route(spec, entity, r) for r in outgoing if r.kind == "many_to_many"]
    is_kept = bool(kept_when_left_out(spec, entity))
    return RoutesView(
        imports=import_lines(_imports(spec, entity, ones, lists, links)),
        class_name=class_name(entity.name),
        schema=schema_name(entity.name),
        name=name,
        replacement=f"{schema_name(entity.name)}{'Replace' if is_kept else 'Create'}",
        left_out="keeps its value, or becomes its default or null"
        if is_kept
        else "becomes its default or null",
        path_id=f"{snake_case(entity.name)}_id",
        item=f"/{{{snake_case(entity.name)}_id}}",
        plural_name=collection if collection != snake_case(entity.name) else f"{collection}_list",
        label=label_of(entity),
        plural_label=collection.replace("_", " "),
        tag=plural_title(spec, entity),
        path=f"/api/{collection}",
        told=route_texts(spec, entity),
        ones=tuple(ones),
        lists=tuple(lists),
        links=tuple(links),
    )


def _outgoing_one(spec: SystemSpec, entity: Entity, relationship: Relationship) -> OneView:
    return OneView(
        path=relationship.name,
        label=relationship.name.replace("_", " "),
        summary=related_text(spec, "related_one", entity, in_sentence(relationship.title)),
        model=class_name(relationship.target),
        schema=schema_name(relationship.target),
        field=id_field(relationship, spec.language),
        nullable=not relationship.required or relationship.older_may_lack,
        outgoing=True,
    )


def _incoming_one(spec: SystemSpec, entity: Entity, relationship: Relationship) -> OneView:
    path = inverse_name(spec, relationship)
    return OneView(
        path=path,
        label=path.replace("_", " "),
        summary=related_text(spec, "related_one", entity, _backwards(spec, relationship, path)),
        model=class_name(relationship.source),
        schema=schema_name(relationship.source),
        field=field_name(id_field(relationship, spec.language)),
        nullable=True,
        outgoing=False,
    )


def _outgoing_list(spec: SystemSpec, entity: Entity, relationship: Relationship) -> ListView:
    own, other = link_columns(spec, relationship)
    return ListView(
        path=relationship.name,
        label=relationship.name.replace("_", " "),
        summary=related_text(spec, "related_list", entity, in_sentence(relationship.title)),
        model=class_name(relationship.target),
        schema=schema_name(relationship.target),
        known=own,
        link=link_class(spec, relationship),
        wanted=other,
    )


def _incoming_list(spec: SystemSpec, entity: Entity, relationship: Relationship) -> ListView:
    path = inverse_name(spec, relationship)
    is_link = relationship.kind == "many_to_many"
    own, other = link_columns(spec, relationship) if is_link else ("", "")
    return ListView(
        path=path,
        label=path.replace("_", " "),
        summary=related_text(spec, "related_list", entity, _backwards(spec, relationship, path)),
        model=class_name(relationship.source),
        schema=schema_name(relationship.source),
        known=other if is_link else field_name(id_field(relationship, spec.language)),
        link=link_class(spec, relationship) if is_link else "",
        wanted=own,
    )


def _backwards(spec: SystemSpec, relationship: Relationship, path: str) -> str:
    """What the path from the other side is called, with the user's accents where they are known."""
    source = spec.entity(relationship.source)
    if path == collection_of(source, spec.language):
        return in_sentence(plural_title(spec, source))
    is_name = path == snake_case(source.name)
    return in_sentence(source.title) if is_name else path.replace("_", " ")


def _link_route(spec: SystemSpec, entity: Entity, relationship: Relationship) -> LinkRouteView:
    _, other = link_columns(spec, relationship)
    one = singular(relationship.name, spec.language)
    return LinkRouteView(
        path=relationship.name,
        name=one,
        label=one.replace("_", " "),
        making=related_text(spec, "link", entity, one.replace("_", " ")),
        cutting=related_text(spec, "unlink", entity, one.replace("_", " ")),
        required=relationship.required,
        field=id_field(relationship, spec.language),
        other=other,
        item=f"{{{other}}}",
    )


def _imports(
    spec: SystemSpec,
    entity: Entity,
    ones: list[OneView],
    lists: list[ListView],
    links: list[LinkRouteView],
) -> Iterator[str]:
    yield from (
        "typing.Annotated", "fastapi.APIRouter", "fastapi.Query", "fastapi.Response",
        "fastapi.status", "app.crud.Values", "app.crud.change", "app.crud.create", "app.crud.fetch",
        "app.crud.remove", "app.deps.DatabaseDep", "app.answers.CONFLICT", "app.answers.CREATED",
        "app.answers.LISTED", "app.answers.NOT_FOUND", "app.answers.REFUSALS",
        "app.answers.TOO_LARGE", "app.fields.PathId", "app.lists.listed",
    )  # fmt: skip
    own = class_name(entity.name)
    replace = ["Replace"] if kept_when_left_out(spec, entity) else []
    for schema in ("Create", *replace, "Patch", "Query", "Read"):
        yield f"app.schemas.{module_name(entity.name)}.{schema_name(entity.name)}{schema}"
    yield f"app.models.{module_name(entity.name)}.{own}"
    if any(one.nullable for one in ones):
        yield "app.errors.not_found"
    if any(not one.outgoing for one in ones):
        yield "app.crud.fetch_where"
    if links:
        yield from ("app.crud.link", "app.crud.unlink")
    if any(view.link for view in lists):
        yield "sqlalchemy.select"
    for relationship in (*spec.outgoing(entity.name), *spec.incoming(entity.name)):
        yield from _neighbour_imports(spec, entity, relationship)


def _neighbour_imports(
    spec: SystemSpec, entity: Entity, relationship: Relationship
) -> Iterator[str]:
    is_link = relationship.kind == "many_to_many"
    if is_link:
        holder = module_name(relationship.source)
        yield f"app.models.{holder}.{link_class(spec, relationship)}"
    sides = []
    if relationship.source == entity.name:
        sides.append((relationship.target, is_link))
    if relationship.target == entity.name:
        sides.append((relationship.source, relationship.kind != "one_to_one"))
    for name, is_list in sides:
        module, other = module_name(name), schema_name(name)
        yield f"app.models.{module}.{class_name(name)}"
        yield f"app.schemas.{module}.{other}Read"
        if is_list:
            yield f"app.schemas.{module}.{other}Query"
