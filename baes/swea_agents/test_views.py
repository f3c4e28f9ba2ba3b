"""What the templates of an entity's tests show."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from baes.spec.model import Attribute, Call, Entity, Relationship, SystemSpec
from baes.spec.names import snake_case
from baes.spec.navigation import collection_of, id_field, inverse_name
from baes.swea_agents.column_types import max_length_of
from baes.swea_agents.identifiers import module_name
from baes.swea_agents.imports import import_lines
from baes.swea_agents.model_views import label_of
from baes.swea_agents.samples import Case, Json, accepted, refused, samples
from baes.swea_agents.schema_views import is_searchable
from baes.swea_agents.test_cases import Pair, cleared, pairs, plain_default, searched, unreadable

__all__ = ["EntityTestsView", "FactoryView", "factory_view", "tests_view"]

_LISTED = 3
"""Records in the test of a list's pages."""
_ROOMY = 4
"""Different values that the tests of a unique field need at once."""
_DIGITS = 4
"""A suite makes fewer than ten thousand records of an entity."""


@dataclass(frozen=True, slots=True)
class FactoryView:
    """What ``tests/factory.py.j2`` shows."""

    imports: str
    name: str
    values_of: str
    """What the function is called that makes the values of a record."""
    label: str
    plural_label: str
    path: str
    uses_number: bool
    values: tuple[tuple[str, str], ...]
    """(field, source of its value)."""


@dataclass(frozen=True, slots=True)
class ReferenceTestView:
    """A reference to one other record."""

    field: str
    path: str
    target: str
    target_path: str
    inverse: str
    is_one: bool
    required: bool


@dataclass(frozen=True, slots=True)
class LinkTestView:
    """Links to many other records."""

    field: str
    path: str
    target: str
    target_path: str
    inverse: str
    required: bool
    several: int


@dataclass(frozen=True, slots=True)
class EntityTestsView:
    """What ``tests/integration.py.j2`` shows."""

    imports: str
    name: str
    values_of: str
    """What the function is called that makes the values of a record."""
    plural_name: str
    label: str
    plural_label: str
    path: str
    several: int
    fields: tuple[str, ...]
    pairs: tuple[Pair, ...]
    nullable: tuple[tuple[str, Json], ...]
    """(field that may be null, a value of it)."""
    unreadable: tuple[tuple[str, str], ...]
    """(query parameter, what it can't be)."""
    searched: str
    refused: tuple[Case, ...]
    accepted: tuple[Case, ...]
    required: tuple[str, ...]
    cleared: tuple[tuple[str, Json, Json], ...]
    """(field, a value, what it becomes when a replacement leaves the field out)."""
    optional: tuple[str, ...]
    unique: tuple[str, ...]
    emails: tuple[str, ...]
    """Unique fields whose letter case doesn't count."""
    defaults: tuple[tuple[str, Json], ...]
    moments: tuple[str, ...]
    """Fields whose default is the day or moment of the request."""
    references: tuple[ReferenceTestView, ...]
    links: tuple[LinkTestView, ...]


def factory_view(spec: SystemSpec, entity: Entity) -> FactoryView:
    """What makes an entity's records in tests."""
    values = [(a.name, _value(a)) for a in entity.attributes]
    needed = [r for r in spec.outgoing(entity.name) if r.required]
    for relationship in needed:
        record = f'new_{snake_case(relationship.target)}(client)["id"]'
        is_link = relationship.kind == "many_to_many"
        field = id_field(relationship, spec.language)
        values.append((field, f"[{record}]" if is_link else record))
    uses_number = any("number" in code for _, code in values)
    imports = ["typing.Any", "tests.client.Client"]
    imports += ["itertools.count"] if uses_number else []
    imports += [_factory(r.target) for r in needed if r.target != entity.name]
    collection = collection_of(entity, spec.language)
    return FactoryView(
        imports=import_lines(imports),
        name=snake_case(entity.name),
        values_of=_values_of(entity.name),
        label=label_of(entity),
        plural_label=collection.replace("_", " "),
        path=f"/api/{collection}",
        uses_number=uses_number,
        values=tuple(values),
    )


def tests_view(spec: SystemSpec, entity: Entity) -> EntityTestsView:
    """The tests of an entity."""
    collection, outgoing = collection_of(entity, spec.language), spec.outgoing(entity.name)
    unique = [a for a in entity.attributes if a.unique and _room(entity) >= _ROOMY]
    ordered = list(pairs(entity))
    optional = tuple(a.name for a in entity.attributes if not a.required)
    required = [a.name for a in entity.attributes if a.required and a.default is None]
    required += [id_field(r, spec.language) for r in outgoing if r.required]
    return EntityTestsView(
        imports=import_lines(_imports(entity, outgoing)),
        name=snake_case(entity.name),
        values_of=_values_of(entity.name),
        plural_name=collection,
        label=label_of(entity),
        plural_label=collection.replace("_", " "),
        path=f"/api/{collection}",
        several=_several(entity),
        fields=tuple(a.name for a in entity.attributes),
        pairs=tuple(ordered),
        nullable=tuple((p.field, p.low) for p in ordered if p.field in optional),
        unreadable=tuple(unreadable(entity)),
        searched=searched(entity) if is_searchable(entity) else "",
        refused=tuple(case for a in entity.attributes for case in refused(a)),
        accepted=tuple(case for a in entity.attributes for case in accepted(a)),
        required=tuple(required),
        cleared=tuple(cleared(entity)),
        optional=optional,
        unique=tuple(a.name for a in unique),
        emails=tuple(a.name for a in unique if a.type == "email"),
        defaults=tuple((a.name, plain_default(a)) for a in entity.attributes if _is_plain(a)),
        moments=tuple(a.name for a in entity.attributes if isinstance(a.default, Call)),
        references=tuple(_reference(spec, r) for r in outgoing if r.kind != "many_to_many"),
        links=tuple(_link(spec, r) for r in outgoing if r.kind == "many_to_many"),
    )


def _value(attribute: Attribute) -> str:
    """The source of a value that keeps the limits, and is new each time where it must be."""
    found = samples(attribute)
    first = str(found[0])
    if attribute.type == "uuid":
        return 'f"00000000-0000-0000-0000-{number:012}"'
    if _counts_up(attribute, found):
        before, after = first.split("1")
        return f"f{before + '{number}' + after!r}"
    if not attribute.unique:
        return repr(found[0])
    return f"{found!r}[number % {len(found)}]"


def _counts_up(attribute: Attribute, found: tuple[Json, ...]) -> bool:
    """Whether the values are a text with a number in it, which may get several digits."""
    first, second = (*found, "", "")[:2]
    if attribute.type not in ("string", "text", "email") or str(first).count("1") != 1:
        return False
    longest = max_length_of(attribute)
    has_room = longest is None or len(str(first)) + _DIGITS <= longest
    return has_room and second == str(first).replace("1", "2")


def _is_plain(attribute: Attribute) -> bool:
    """Whether the attribute's default is a value."""
    return attribute.default is not None and not isinstance(attribute.default, Call)


def _several(entity: Entity) -> int:
    """How many records a list can be tried with, one more being made beside it."""
    return max(1, min(_LISTED, _room(entity) - 1))


def _room(entity: Entity) -> int:
    """How many records the unique fields leave room for, as far as that is known."""
    return min((len(samples(a)) for a in entity.attributes if a.unique), default=_ROOMY)


def _imports(entity: Entity, outgoing: tuple[Relationship, ...]) -> Iterator[str]:
    yield from ("pytest", "tests.client.Client", "tests.client.ids_of")
    if any(True for _ in pairs(entity)):
        yield "typing.Any"
    yield _factory(entity.name)
    yield f"tests.factories.{module_name(entity.name)}.{_values_of(entity.name)}"
    for relationship in outgoing:
        yield _factory(relationship.target)


def _values_of(entity: str) -> str:
    """A name that pytest doesn't take for a test's."""
    name = snake_case(entity)
    return f"values_of_{name}" if name.startswith("test") else f"{name}_values"


def _factory(entity: str) -> str:
    return f"tests.factories.{module_name(entity)}.new_{snake_case(entity)}"


def _reference(spec: SystemSpec, relationship: Relationship) -> ReferenceTestView:
    target = spec.entity(relationship.target)
    return ReferenceTestView(
        field=id_field(relationship, spec.language),
        path=relationship.name,
        target=snake_case(target.name),
        target_path=f"/api/{collection_of(target, spec.language)}",
        inverse=inverse_name(spec, relationship),
        is_one=relationship.kind == "one_to_one",
        required=relationship.required,
    )


def _link(spec: SystemSpec, relationship: Relationship) -> LinkTestView:
    target = spec.entity(relationship.target)
    return LinkTestView(
        field=id_field(relationship, spec.language),
        path=relationship.name,
        target=snake_case(target.name),
        target_path=f"/api/{collection_of(target, spec.language)}",
        inverse=inverse_name(spec, relationship),
        required=relationship.required,
        several=_several(target),
    )
