"""What the template of request and response bodies shows."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass

from baes.spec.attribute_types import TEXTUAL_TYPES
from baes.spec.derivation import (
    read_only_attributes,
    stored_attributes,
    worked_out_on_reading,
)
from baes.spec.model import Attribute, Entity, Relationship, SystemSpec
from baes.spec.names import pascal_case
from baes.spec.navigation import collection_of, id_field
from baes.spec.rules import Copy
from baes.swea_agents.column_types import column_type, max_length_of
from baes.swea_agents.identifiers import field_name, filter_alias, schema_name
from baes.swea_agents.imports import import_lines
from baes.swea_agents.literals import default_factory, literal
from baes.swea_agents.model_views import label_of
from baes.swea_agents.number_views import constant_of
from baes.swea_agents.rule_views import initial_state, kept_when_left_out

__all__ = ["FieldView", "SchemasView", "is_searchable", "schemas_view"]

_BOUNDS = {"min": "ge", "max": "le", "exclusive_min": "gt", "exclusive_max": "lt"}


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field: what stands behind its name in each schema; empty where it isn't there."""

    name: str
    create: str
    replace: str
    patch: str
    read: str
    query: str
    type_name: str = ""
    """The module's name for the type, where it has one."""
    type: str = ""
    sort: str = ""
    """What a list is sorted by."""
    imports: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SchemasView:
    """What ``backend/schemas.py.j2`` shows."""

    imports: str
    schema: str
    """What the names of the classes begin with."""
    label: str
    plural_label: str
    has_replace: bool
    """Whether a replacement keeps something that it leaves out, unlike a new record."""
    query_base: str
    """``SearchQuery`` where ``q`` searches, ``ListQuery`` where there is nothing to search in."""
    fields: tuple[FieldView, ...]
    sort_names: tuple[str, ...]


def schemas_view(spec: SystemSpec, entity: Entity) -> SchemasView:
    """The schemas of an entity."""
    type_names = _type_names(entity)
    kept = kept_when_left_out(spec, entity)
    fields = (
        *(_ruled_field(spec, entity, a, type_names[a.name]) for a in entity.attributes),
        *(
            _link_field(r, spec.language)
            if r.kind == "many_to_many"
            else _reference_field(r, spec.language, is_kept=r.name in kept)
            for r in spec.outgoing(entity.name)
        ),
    )
    sortable = ("id", *(field.sort for field in fields if field.sort))
    return SchemasView(
        imports=import_lines(_imports(spec, entity, fields)),
        schema=schema_name(entity.name),
        label=label_of(entity),
        plural_label=collection_of(entity, spec.language).replace("_", " "),
        has_replace=bool(kept),
        query_base=_query_base(spec, entity),
        fields=fields,
        sort_names=tuple(sign + name for name in sortable for sign in ("", "-")),
    )


def is_searchable(spec: SystemSpec, entity: Entity) -> bool:
    """Whether ``q`` searches the list: there is text, and no attribute takes that word."""
    has_text = any(a.type in TEXTUAL_TYPES for a in stored_attributes(spec, entity))
    return has_text and entity.find("q") is None


def _query_base(spec: SystemSpec, entity: Entity) -> str:
    return "SearchQuery" if is_searchable(spec, entity) else "ListQuery"


def _type_names(entity: Entity) -> dict[str, str]:
    """Attribute -> the name of its type; two that would agree are numbered."""
    names: dict[str, str] = {}
    for attribute in entity.attributes:
        base = f"{pascal_case(attribute.name)}Field"
        taken = sum(name.rstrip("0123456789") == base for name in names.values())
        names[attribute.name] = f"{base}{taken + 1}" if taken else base
    return names


def _ruled_field(
    spec: SystemSpec, entity: Entity, attribute: Attribute, type_name: str
) -> FieldView:
    """An attribute's field as the rules about it have it."""
    name = attribute.name
    if name in read_only_attributes(spec, entity.name):
        return _read_only_field(
            attribute, stored=name not in worked_out_on_reading(spec, entity.name)
        )
    field = _attribute_field(attribute, type_name)
    if name not in kept_when_left_out(spec, entity):
        return field
    field = dataclasses.replace(field, replace=field.patch)
    if any(
        isinstance(r, Copy) and (r.entity, r.attribute) == (entity.name, name) for r in spec.rules
    ):
        return dataclasses.replace(field, create=field.patch)
    state = initial_state(spec, entity, attribute)
    if state is None or attribute.default is not None:
        return field
    started = _attribute_field(dataclasses.replace(attribute, default=state), type_name)
    return dataclasses.replace(field, create=started.create)


def _read_only_field(attribute: Attribute, *, stored: bool) -> FieldView:
    """Of what nobody enters: it is answered, and searched for where it is stored."""
    field = _attribute_field(dataclasses.replace(attribute, required=False, default=None), "")
    column = column_type(attribute)
    imports = (
        *(column.filter_imports if stored else ()),
        *(column.read_imports or (n for n in column.model_imports if not _is_column_type(n))),
        *(["pydantic.Field"] if "Field(" in field.read + field.query else []),
    )
    shown = {"query": field.query, "sort": field.sort} if stored else {"query": "", "sort": ""}
    return dataclasses.replace(
        field, create="", replace="", patch="", type_name="", type="", imports=imports, **shown
    )


def _attribute_field(attribute: Attribute, type_name: str) -> FieldView:
    type_ = column_type(attribute)
    null = "" if attribute.required else " | None"
    annotation, imports = _annotated(attribute)
    default, default_imports = _default(attribute)
    alias = attribute.name if field_name(attribute.name) != attribute.name else ""
    read_null = " | None" if not attribute.required or attribute.older_may_lack else ""
    parameter = filter_alias(attribute.name)
    query_alias = parameter if parameter != field_name(attribute.name) else ""
    return FieldView(
        name=field_name(attribute.name),
        create=(create := _assigned(f"{type_name}{null}", default, alias)),
        replace=create,
        patch=f"{type_name}{null} = omitted({repr(alias) if alias else ''})",
        read=f"{type_.read}{read_null}" + (f" = Field(alias={alias!r})" if alias else ""),
        query=_assigned(f"list[{type_.filter}]", "[]", query_alias),
        type_name=type_name,
        type=annotation,
        sort=attribute.name,
        imports=(
            *imports,
            *default_imports,
            *type_.filter_imports,
            *(type_.read_imports or (n for n in type_.model_imports if not _is_column_type(n))),
            *(["pydantic.Field"] if alias or query_alias or default.startswith("Field(") else []),
        ),
    )


def _reference_field(relationship: Relationship, language: str, *, is_kept: bool) -> FieldView:
    name = id_field(relationship, language)
    null = "" if relationship.required else " | None"
    read_null = " | None" if not relationship.required or relationship.older_may_lack else ""
    create = _assigned(f"Reference{null}", "" if relationship.required else "None", "")
    patch = f"Reference{null} = omitted()"
    return FieldView(
        name=field_name(name),
        create=create,
        replace=patch if is_kept else create,
        patch=patch,
        read=f"int{read_null}",
        query=_assigned("list[IntegerFilter]", "[]", ""),
        sort=name,
        imports=("app.fields.Reference", "app.fields.IntegerFilter"),
    )


def _link_field(relationship: Relationship, language: str) -> FieldView:
    ids = "Annotated[Ids, Field(min_length=1)]" if relationship.required else "Ids"
    needed = ("typing.Annotated", "pydantic.Field") if relationship.required else ()
    create = _assigned(ids, "" if relationship.required else "[]", "")
    return FieldView(
        name=field_name(id_field(relationship, language)),
        create=create,
        replace=create,
        patch=f"{ids} = omitted()",
        read="list[int]",
        query="",
        imports=("app.bodies.Ids", *needed),
    )


def _assigned(annotation: str, default: str, alias: str) -> str:
    """An annotation with its default, if it has one, and the user's word for the field."""
    if not alias:
        return f"{annotation} = {default}" if default else annotation
    if default.startswith("Field("):
        return f"{annotation} = {default[:-1]}, alias={alias!r})"
    given = f"default={default}, " if default else ""
    return f"{annotation} = Field({given}alias={alias!r})"


def _default(attribute: Attribute) -> tuple[str, tuple[str, ...]]:
    """What a create takes when the field is left out; empty: it can't be."""
    factory = default_factory(attribute)
    if factory:
        return f"Field(default_factory={factory})", (f"app.fields.{factory}", "pydantic.Field")
    if attribute.default is not None:
        return literal(attribute, attribute.default)
    return ("" if attribute.required else "None"), ()


def _annotated(attribute: Attribute) -> tuple[str, list[str]]:
    """(type with its limits, imports)."""
    type_ = column_type(attribute)
    base, imports = type_.field, list(type_.field_imports)
    metadata: list[str] = []
    limits = list(_limits(attribute, imports))
    if limits:
        metadata.append(f"Field({', '.join(limits)})")
        imports.append("pydantic.Field")
    if type_.check:
        metadata.append(type_.check)
        imports.append(f"app.fields.{type_.check.partition('(')[0]}")
    if attribute.choices is not None:
        pairs = [literal(attribute, choice) for choice in attribute.choices]
        metadata.append(f"OneOf({', '.join(code for code, _ in pairs)})")
        imports += ["app.fields.OneOf", *(name for _, names in pairs for name in names)]
    if attribute.required and attribute.type in ("string", "text"):
        metadata.append("NotBlank")
        imports.append("app.fields.NotBlank")
    if attribute.pattern is not None:
        metadata.append(f"Matching({attribute.pattern!r})")
        imports.append("app.fields.Matching")
    if attribute.format is not None:
        constant = constant_of(attribute.format)
        metadata.append(constant)
        imports.append(f"app.numbers.{constant}")
    if not metadata:
        return base, imports
    return f"Annotated[{', '.join([base, *metadata])}]", [*imports, "typing.Annotated"]


def _limits(attribute: Attribute, imports: list[str]) -> Iterator[str]:
    for limit, argument in _BOUNDS.items():
        if (bound := getattr(attribute, limit)) is not None:
            code, needed = literal(attribute, bound)
            imports += needed
            yield f"{argument}={code}"
    if attribute.min_length is not None:
        yield f"min_length={attribute.min_length}"
    longest = max_length_of(attribute)
    if longest is not None:
        yield f"max_length={longest}"
    if attribute.unit is not None:
        yield f"description={f'in {attribute.unit}'!r}"


def _is_column_type(name: str) -> bool:
    return name.startswith(("sqlalchemy.", "app.database."))


def _imports(spec: SystemSpec, entity: Entity, fields: tuple[FieldView, ...]) -> Iterator[str]:
    yield "typing.Literal"
    for base in ("Input", _query_base(spec, entity), "Output", "Patch"):
        yield f"app.bodies.{base}"
    if any(field.patch for field in fields):
        yield "app.bodies.omitted"
    for field in fields:
        yield from field.imports
