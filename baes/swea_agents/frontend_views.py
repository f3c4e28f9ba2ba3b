"""What the pages show, decided here so that the templates only have slots."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from baes.datafiles import load_toml
from baes.spec.attribute_types import TEXTUAL_TYPES
from baes.spec.inflection import plural_label
from baes.spec.model import Attribute, Bound, Call, Entity, Relationship, Scalar, SystemSpec
from baes.spec.names import label_of, snake_case
from baes.spec.navigation import collection_of, id_field, inverse_name
from baes.spec.rules import Aggregate, Computed, Copy, Immutable, Transition
from baes.swea_agents.column_types import max_length_of, scale_of
from baes.swea_agents.identifiers import module_name
from baes.swea_agents.schema_views import is_searchable

__all__ = ["AppView", "CallView", "EntityView", "PageView", "ReferrerView", "app_view", "page_view"]

_DATA = "swea_agents/data/frontend.toml"
_BOUNDS = {"min": "min", "max": "max", "exclusive_min": "above", "exclusive_max": "below"}
"""The specification's limit -> what the pages call it."""
_UUID_LETTERS = 36


@dataclass(frozen=True, slots=True)
class EntityView:
    """What pages know of a kind of record."""

    constant: str
    """``COURSES``."""
    words: str
    """``order items``: of letters, digits and spaces alone."""
    address: str
    path: str
    singular: str
    plural: str
    page: str
    label: tuple[str, ...]
    search: str


@dataclass(frozen=True, slots=True)
class CallView:
    """One field of a form, or one column of a table."""

    method: str
    name: str
    label: str
    options: tuple[tuple[str, Any], ...] = ()
    """(keyword, value), the value to be written as its ``repr``."""
    constant: str = ""
    """The kind of record that it names."""


@dataclass(frozen=True, slots=True)
class ReferrerView:
    """Records that refer to the one that a page shows."""

    title: str
    constant: str
    name: str


@dataclass(frozen=True, slots=True)
class PageView:
    """What ``frontend/page.py.j2`` shows."""

    entity: EntityView
    known: tuple[EntityView, ...]
    function: str
    fields: tuple[CallView, ...]
    columns: tuple[CallView, ...]
    referrers: tuple[ReferrerView, ...]


@dataclass(frozen=True, slots=True)
class AppView:
    """What ``frontend/app.py.j2`` shows."""

    language: str
    entities: tuple[EntityView, ...]


def app_view(spec: SystemSpec) -> AppView:
    """The navigation of a system's pages."""
    return AppView(spec.language, tuple(_entity_view(spec, entity) for entity in spec))


def page_view(spec: SystemSpec, entity: Entity) -> PageView:
    """The page of an entity."""
    outgoing = spec.outgoing(entity.name)
    referrers = tuple(_referrer(spec, r) for r in spec.incoming(entity.name))
    named = [entity.name, *(r.target for r in outgoing)]
    named += [r.source for r in spec.incoming(entity.name)]
    return PageView(
        entity=_entity_view(spec, entity),
        known=tuple(_entity_view(spec, spec.entity(name)) for name in dict.fromkeys(named)),
        function=snake_case(entity.name),
        fields=(
            *(_field(spec, entity, attribute) for attribute in entity.attributes),
            *(_reference_field(spec, entity, relationship) for relationship in outgoing),
        ),
        columns=(
            *(_column(attribute) for attribute in entity.attributes),
            *(_reference_column(spec, relationship) for relationship in outgoing),
        ),
        referrers=referrers,
    )


def _entity_view(spec: SystemSpec, entity: Entity) -> EntityView:
    collection = collection_of(entity, spec.language)
    reserved = load_toml(_DATA)["reserved_addresses"]
    return EntityView(
        constant=collection.upper(),
        words=collection.replace("_", " "),
        address=f"{collection}_list" if collection in reserved else collection,
        path=f"/api/{collection}",
        singular=entity.label or label_of(snake_case(entity.name)),
        plural=_plural_label(spec, entity, collection),
        page=f"pages/{module_name(entity.name)}_page.py",
        label=_label_attributes(entity),
        search="q" if is_searchable(entity) else "",
    )


def _plural_label(spec: SystemSpec, entity: Entity, collection: str) -> str:
    """The plural with the user's accents, where it is the collection's word."""
    with_accents = plural_label(entity.label, spec.language)
    same = entity.label and snake_case(with_accents) == collection
    return label_of(with_accents if same else collection)


def _label_attributes(entity: Entity) -> tuple[str, ...]:
    """The attributes whose values name a record, else its first text."""
    data = load_toml(_DATA)
    own = snake_case(entity.name)
    words = data["label_words"]
    candidates = [
        *data["labels"],
        *([f"{own}_{word}"] for word in words),
        *([f"{word}_{own}"] for word in words),
    ]
    texts = [a.name for a in entity.attributes if a.type in TEXTUAL_TYPES and a.type != "text"]
    for names in candidates:
        if all(name in texts for name in names):
            return tuple(names)
    return tuple(texts[:1])


def _field(spec: SystemSpec, entity: Entity, attribute: Attribute) -> CallView:
    name, label = attribute.name, _label(attribute)
    rules = [r for r in spec.rules if r.entity == entity.name]
    about = [r for r in rules if getattr(r, "attribute", None) == name]
    if any(isinstance(rule, Computed | Aggregate) for rule in about):
        return CallView("shown", name, label)
    moves = [rule for rule in about if isinstance(rule, Transition)]
    if moves:
        return CallView("state", name, label, (("moves", _moves(moves)),))
    options = _limits(attribute)
    computed = isinstance(attribute.default, Call) or any(isinstance(r, Copy) for r in about)
    if attribute.required and not computed:
        options.append(("required", True))
    if any(isinstance(rule, Immutable) for rule in about):
        options.append(("fixed", True))
    options += _default(attribute)
    if attribute.choices is not None:
        choices = [_json_value(attribute, choice) for choice in attribute.choices]
        return CallView("choice", name, label, (("choices", choices), *options))
    return CallView(load_toml(_DATA)["fields"][attribute.type], name, label, tuple(options))


def _moves(transitions: list[Transition]) -> dict[str, list[str]]:
    """State -> the states that it may become."""
    moves: dict[str, list[str]] = {}
    for transition in transitions:
        moves.setdefault(transition.source, []).append(transition.target)
    return moves


def _limits(attribute: Attribute) -> list[tuple[str, Any]]:
    if attribute.choices is not None:
        return []
    options: list[tuple[str, Any]] = []
    if attribute.type in TEXTUAL_TYPES:
        options.append(("max_length", max_length_of(attribute)))
    elif attribute.type == "uuid":
        options.append(("max_length", _UUID_LETTERS))
    elif attribute.type == "decimal":
        options.append(("scale", scale_of(attribute)))
    for limit, name in _BOUNDS.items():
        bound: Bound | None = getattr(attribute, limit)
        if bound is not None:
            options.append((name, str(bound) if isinstance(bound, Decimal) else bound))
    if attribute.min_length is not None:
        options.append(("min_length", attribute.min_length))
    return options


def _default(attribute: Attribute) -> list[tuple[str, Any]]:
    """The value that a new form starts with; what the API computes is left to it."""
    if attribute.default is None or isinstance(attribute.default, Call):
        return []
    return [("default", _json_value(attribute, attribute.default))]


def _json_value(attribute: Attribute, value: Scalar) -> Scalar | float:
    """A value as the API sends it."""
    if attribute.type == "decimal":
        return f"{Decimal(value):.{scale_of(attribute)}f}"
    return float(value) if attribute.type == "float" else value


def _label(attribute: Attribute) -> str:
    return f"{attribute.title} ({attribute.unit})" if attribute.unit else attribute.title


def _column(attribute: Attribute) -> CallView:
    name, label = attribute.name, _label(attribute)
    if attribute.choices is not None:
        choices = [_json_value(attribute, choice) for choice in attribute.choices]
        return CallView("choice", name, label, (("choices", choices),))
    return CallView(load_toml(_DATA)["columns"][attribute.type], name, label)


def _reference_field(spec: SystemSpec, entity: Entity, relationship: Relationship) -> CallView:
    many = relationship.kind == "many_to_many"
    fixed = any(
        isinstance(rule, Immutable)
        and rule.entity == entity.name
        and rule.attribute in (relationship.name, id_field(relationship, spec.language))
        for rule in spec.rules
    )
    options = [
        (name, True)
        for name, holds in (("required", relationship.required), ("fixed", fixed))
        if holds
    ]
    return CallView(
        "pick_many" if many else "pick",
        id_field(relationship, spec.language),
        relationship.title,
        tuple(options),
        _constant(spec, relationship.target),
    )


def _reference_column(spec: SystemSpec, relationship: Relationship) -> CallView:
    many = relationship.kind == "many_to_many"
    return CallView(
        "related",
        id_field(relationship, spec.language),
        relationship.title,
        (("many", True),) if many else (),
        _constant(spec, relationship.target),
    )


def _referrer(spec: SystemSpec, relationship: Relationship) -> ReferrerView:
    name = inverse_name(spec, relationship)
    source = spec.entity(relationship.source)
    plain = name == collection_of(source, spec.language)
    title = _entity_view(spec, source).plural if plain else label_of(name)
    return ReferrerView(title, _constant(spec, source.name), name)


def _constant(spec: SystemSpec, entity: str) -> str:
    return collection_of(spec.entity(entity), spec.language).upper()
