"""What the pages show, decided here so that the templates only have slots."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from baes.datafiles import load_toml
from baes.spec.attribute_types import TEXTUAL_TYPES
from baes.spec.derivation import worked_out_on_reading
from baes.spec.model import Attribute, Bound, Call, Entity, Relationship, Scalar, SystemSpec
from baes.spec.names import label_of, snake_case
from baes.spec.navigation import collection_of, id_field, inverse_name
from baes.spec.rules import Aggregate, Computed, Copy, Immutable, Transition
from baes.spec.scales import scale_of
from baes.swea_agents.api_texts import plural_title
from baes.swea_agents.column_types import max_length_of
from baes.swea_agents.identifiers import module_name
from baes.swea_agents.schema_views import is_searchable

__all__ = [
    "AppView",
    "AttributeView",
    "BoxView",
    "EntityView",
    "LineView",
    "PageView",
    "RelatedView",
    "TextsView",
    "app_view",
    "page_view",
    "texts_view",
]

_DATA = "swea_agents/data/frontend.toml"
_TEXTS = "swea_agents/data/page_texts/{}.toml"
_USUAL_LENGTH = 255
_USUAL_SCALE = 2
"""What ``ui/attributes.py`` takes where a page says nothing."""
_BOUNDS = {"min": "min", "max": "max", "exclusive_min": "above", "exclusive_max": "below"}
"""The specification's limit -> what the pages call it."""


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
class AttributeView:
    """One attribute of a page: ``Integer("credits", "Credits", min=1)``."""

    kind: str
    """The class of ``ui/attributes.py``."""
    name: str
    label: str
    options: tuple[tuple[str, Any], ...] = ()
    """(keyword, value), the value to be written as its ``repr``."""
    constant: str = ""
    """The kind of record that it names."""


@dataclass(frozen=True, slots=True)
class RelatedView:
    """Records that belong to the one that a page shows."""

    title: str
    constant: str
    name: str
    options: tuple[tuple[str, Any], ...]
    columns: tuple[AttributeView, ...] = ()


@dataclass(frozen=True, slots=True)
class PageView:
    """What ``frontend/page.py.j2`` shows."""

    entity: EntityView
    known: tuple[EntityView, ...]
    kinds: tuple[str, ...]
    attributes: tuple[AttributeView, ...]
    related: tuple[RelatedView, ...]


@dataclass(frozen=True, slots=True)
class BoxView:
    """A kind of record in the diagram of a system."""

    constant: str
    attributes: list[str]


@dataclass(frozen=True, slots=True)
class LineView:
    """A relationship in the diagram of a system."""

    source: str
    target: str
    label: str
    kind: str


@dataclass(frozen=True, slots=True)
class AppView:
    """What ``frontend/app.py.j2`` shows."""

    entities: tuple[EntityView, ...]
    boxes: tuple[BoxView, ...]
    lines: tuple[LineView, ...]


@dataclass(frozen=True, slots=True)
class TextsView:
    """What ``frontend/texts.py.j2`` shows."""

    language: str
    writing: tuple[tuple[str, Any], ...]
    """(constant, value): how the language writes numbers, dates and files."""
    texts: tuple[tuple[str, str], ...]


def texts_view(language: str) -> TextsView:
    """What the pages of a system say in its language."""
    data = load_toml(_TEXTS.format(language))
    return TextsView(language, tuple(data["writing"].items()), tuple(data["texts"].items()))


def app_view(spec: SystemSpec) -> AppView:
    """The navigation of a system's pages, and its diagram."""
    return AppView(
        entities=tuple(_entity_view(spec, entity) for entity in spec),
        boxes=tuple(
            BoxView(_constant(spec, e.name), [_label(a) for a in e.attributes]) for e in spec
        ),
        lines=tuple(
            LineView(_constant(spec, r.source), _constant(spec, r.target), r.title, r.kind)
            for r in spec.relationships
        ),
    )


def page_view(spec: SystemSpec, entity: Entity) -> PageView:
    """The page of an entity."""
    outgoing = spec.outgoing(entity.name)
    incoming = spec.incoming(entity.name)
    named = (entity.name, *(r.target for r in outgoing), *(r.source for r in incoming))
    attributes = (
        *(_attribute(spec, entity, attribute) for attribute in entity.attributes),
        *(_reference(spec, entity, relationship) for relationship in outgoing),
    )
    related = (
        *(_own_links(spec, r) for r in outgoing if r.kind == "many_to_many"),
        *(_related(spec, r) for r in incoming),
    )
    shown = (*attributes, *(column for one in related for column in one.columns))
    return PageView(
        entity=_entity_view(spec, entity),
        known=tuple(_entity_view(spec, spec.entity(name)) for name in dict.fromkeys(named)),
        kinds=tuple(sorted({attribute.kind for attribute in shown})),
        attributes=attributes,
        related=related,
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
        plural=plural_title(spec, entity),
        page=f"pages/{module_name(entity.name)}_page.py",
        label=_label_attributes(entity),
        search="q" if is_searchable(spec, entity) else "",
    )


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
    texts = [
        a.name
        for a in entity.attributes
        if a.type in TEXTUAL_TYPES and a.type != "text" and a.choices is None
    ]
    for names in candidates:
        if all(name in texts for name in names):
            return tuple(names)
    return tuple(texts[:1])


def _attribute(spec: SystemSpec, entity: Entity, attribute: Attribute) -> AttributeView:
    """An attribute with all that its form, its list and its import ask for."""
    name, label = attribute.name, attribute.title
    about = [
        r for r in spec.rules if r.entity == entity.name and getattr(r, "attribute", None) == name
    ]
    options = _plain_options(attribute)
    if any(isinstance(rule, Computed | Aggregate) for rule in about):
        options.append(("computed", True))
        if name in worked_out_on_reading(spec, entity.name):
            options.append(("daily", True))
        return AttributeView(_kind(attribute), name, label, tuple(options))
    filled_in = isinstance(attribute.default, Call) or any(isinstance(r, Copy) for r in about)
    moves = [rule for rule in about if isinstance(rule, Transition)]
    if attribute.required and not filled_in and not moves:
        options.append(("required", True))
    if attribute.unique:
        options.append(("unique", True))
    if any(isinstance(rule, Immutable) for rule in about):
        options.append(("fixed", True))
    options += [*_limits(attribute), *_default(attribute)]
    if moves:
        states = attribute.choices or tuple(
            dict.fromkeys(s for m in moves for s in (m.source, m.target))
        )
        options = [option for option in options if option[0] != "choices"]
        options += [("choices", list(states)), ("moves", _moves(moves))]
        return AttributeView("State", name, label, tuple(options))
    return AttributeView(_kind(attribute), name, label, tuple(options))


def _kind(attribute: Attribute) -> str:
    """The class of ``ui/attributes.py`` that shows its values."""
    kind: str = load_toml(_DATA)["kinds"][attribute.type]
    return "Choice" if attribute.choices is not None else kind


def _plain_options(attribute: Attribute) -> list[tuple[str, Any]]:
    """What is needed to show a value."""
    options: list[tuple[str, Any]] = []
    if attribute.unit:
        options.append(("unit", attribute.unit))
    if attribute.choices is not None:
        choices = [_json_value(attribute, choice) for choice in attribute.choices]
        options.append(("choices", choices))
    return options


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
    if attribute.type in TEXTUAL_TYPES and max_length_of(attribute) != _USUAL_LENGTH:
        options.append(("max_length", max_length_of(attribute)))
    elif attribute.type == "decimal" and scale_of(attribute) != _USUAL_SCALE:
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


def _reference(spec: SystemSpec, entity: Entity, relationship: Relationship) -> AttributeView:
    many = relationship.kind == "many_to_many"
    name = id_field(relationship, spec.language)
    fixed = any(
        isinstance(rule, Immutable)
        and rule.entity == entity.name
        and rule.attribute in (relationship.name, name)
        for rule in spec.rules
    )
    flags = (
        ("required", relationship.required),
        ("unique", relationship.kind == "one_to_one"),
        ("fixed", fixed),
    )
    return AttributeView(
        "References" if many else "Reference",
        name,
        relationship.title,
        tuple((flag, True) for flag, holds in flags if holds),
        _constant(spec, relationship.target),
    )


def _own_links(spec: SystemSpec, relationship: Relationship) -> RelatedView:
    """The other side of a many-to-many, on the page of the side that names it."""
    return RelatedView(
        relationship.title, _constant(spec, relationship.target), relationship.name, ()
    )


def _related(spec: SystemSpec, relationship: Relationship) -> RelatedView:
    """The records that refer to one, on its page."""
    name = inverse_name(spec, relationship)
    source = spec.entity(relationship.source)
    title = _related_title(spec, relationship, name)
    constant = _constant(spec, source.name)
    if relationship.kind == "many_to_many":
        return RelatedView(title, constant, name, (("link_name", relationship.name),))
    options: list[tuple[str, Any]] = [("attribute", id_field(relationship, spec.language))]
    if relationship.required:
        options.append(("required", True))
    if relationship.kind == "one_to_one":
        options.append(("only_one", True))
    return RelatedView(title, constant, name, tuple(options), _related_columns(source))


def _related_title(spec: SystemSpec, relationship: Relationship, name: str) -> str:
    """The source's word, with the relationship's where that alone would not tell them apart."""
    source = _entity_view(spec, spec.entity(relationship.source))
    word = source.singular if relationship.kind == "one_to_one" else source.plural
    return f"{word} ({relationship.title})" if "_as_" in name else word


def _related_columns(entity: Entity) -> tuple[AttributeView, ...]:
    """The first attributes of a record, as far as a small table has room for them."""
    data = load_toml(_DATA)
    fitting = [a for a in entity.attributes if a.type not in data["left_out_of_related"]]
    columns = fitting[: data["related_columns"]]
    if not columns:
        return (AttributeView("Integer", "id", "id"),)
    return tuple(
        AttributeView(_kind(a), a.name, a.title, tuple(_plain_options(a))) for a in columns
    )


def _constant(spec: SystemSpec, entity: str) -> str:
    return collection_of(spec.entity(entity), spec.language).upper()
