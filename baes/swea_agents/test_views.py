"""What the templates of an entity's tests show."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass

from baes.spec.derivation import stored_attributes
from baes.spec.model import Attribute, Call, Entity, Relationship, SystemSpec
from baes.spec.names import snake_case
from baes.spec.navigation import collection_of, id_field, inverse_name
from baes.spec.rules import Immutable, RequiredIf, UniqueTogether
from baes.swea_agents.column_types import max_length_of
from baes.swea_agents.identifiers import module_name, values_name
from baes.swea_agents.imports import import_lines
from baes.swea_agents.model_views import label_of
from baes.swea_agents.rule_samples import (
    RuleSamples,
    as_json,
    decides,
    entered,
    named_in_rules,
    names_of,
)
from baes.swea_agents.rule_views import kept_when_left_out
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
    is_ruled: bool
    """Whether a rule keeps it from being changed or left out."""


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
    kept: tuple[str, ...]
    """Fields that keep their value where a replacement leaves them out."""
    replacement: str
    """What the function is called that makes the values of a replacement."""


def factory_view(spec: SystemSpec, entity: Entity) -> FactoryView:
    """What makes an entity's records in tests."""
    values = list(_values(spec, entity))
    linked = RuleSamples(spec).links_of_base(entity)
    needed = [r for r in spec.outgoing(entity.name) if r.required or r.name in linked]
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
        values_of=values_name(entity.name),
        label=label_of(entity),
        plural_label=collection.replace("_", " "),
        path=f"/api/{collection}",
        uses_number=uses_number,
        values=tuple(values),
    )


def tests_view(spec: SystemSpec, entity: Entity) -> EntityTestsView:
    """The tests of an entity; what rules are about is tried where the rules are."""
    collection, outgoing = collection_of(entity, spec.language), spec.outgoing(entity.name)
    ruled, kept = named_in_rules(spec, entity), kept_when_left_out(spec, entity)
    own = entered(spec, entity)
    free = dataclasses.replace(entity, attributes=tuple(a for a in own if a.name not in ruled))
    unique = [a for a in own if a.unique and a.name not in kept and _room(entity) >= _ROOMY]
    ordered = list(pairs(free))
    optional = tuple(a.name for a in free.attributes if not a.required)
    required = [a.name for a in own if a.required and a.default is None and a.name not in kept]
    required += [id_field(r, spec.language) for r in outgoing if r.required and r.name not in kept]
    stored = dataclasses.replace(entity, attributes=stored_attributes(spec, entity))
    return EntityTestsView(
        imports=import_lines(_imports(free, outgoing, is_kept=bool(kept))),
        name=snake_case(entity.name),
        values_of=values_name(entity.name),
        plural_name=collection,
        label=label_of(entity),
        plural_label=collection.replace("_", " "),
        path=f"/api/{collection}",
        several=_several(entity),
        fields=tuple(a.name for a in free.attributes),
        pairs=tuple(ordered),
        nullable=tuple((p.field, p.low) for p in ordered if p.field in optional),
        unreadable=tuple(unreadable(stored)),
        searched=searched(free) if is_searchable(spec, entity) else "",
        refused=tuple(case for a in own for case in refused(a)),
        accepted=tuple(case for a in free.attributes for case in accepted(a)),
        required=tuple(required),
        cleared=tuple(cleared(free)),
        optional=optional,
        unique=tuple(a.name for a in unique),
        emails=tuple(a.name for a in unique if a.type == "email"),
        defaults=tuple((a.name, plain_default(a)) for a in free.attributes if _is_plain(a)),
        moments=tuple(a.name for a in free.attributes if isinstance(a.default, Call)),
        references=tuple(_reference(spec, r) for r in outgoing if r.kind != "many_to_many"),
        links=tuple(_link(spec, r) for r in outgoing if r.kind == "many_to_many"),
        kept=tuple(_field_of(spec, entity, name) for name in sorted(kept)),
        replacement="replacement_values" if kept else values_name(entity.name),
    )


def _values(spec: SystemSpec, entity: Entity) -> Iterator[tuple[str, str]]:
    """(attribute, source of a value): all of them together keep the entity's rules."""
    own = [rule for rule in spec.rules if rule.entity == entity.name]
    base = RuleSamples(spec).base(entity) if own else {}
    decided = {name for rule in own if decides(rule) for name in names_of(spec, rule)}
    varied = _varied(spec, entity, decided)
    for attribute in entered(spec, entity):
        if attribute.name in decided:
            yield attribute.name, repr(as_json(attribute, base[attribute.name]))
        elif attribute.name in varied:
            found = samples(attribute)
            yield attribute.name, f"{found!r}[number % {len(found)}]"
        else:
            yield attribute.name, _value(attribute)


def _varied(spec: SystemSpec, entity: Entity, decided: set[str]) -> set[str]:
    """Attributes that must differ, for no two records may agree in some of them together."""
    varied = set()
    for rule in spec.rules:
        if isinstance(rule, UniqueTogether) and rule.entity == entity.name:
            own = [a for a in entered(spec, entity) if a.name in rule.attributes]
            differ = any(a.unique or _counts_up(a, samples(a)) for a in own)
            differ = differ or any(
                r.required and r.name in rule.attributes for r in spec.outgoing(entity.name)
            )
            free = [a for a in own if a.name not in decided]
            if not differ and free:
                varied.add(max(free, key=lambda a: len(samples(a))).name)
    return varied


def _field_of(spec: SystemSpec, entity: Entity, name: str) -> str:
    """The field of an attribute or reference."""
    links = (r for r in spec.outgoing(entity.name) if r.name == name)
    return next((id_field(link, spec.language) for link in links), name)


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


def _imports(entity: Entity, outgoing: tuple[Relationship, ...], *, is_kept: bool) -> Iterator[str]:
    yield from ("pytest", "tests.client.Client", "tests.client.ids_of")
    if is_kept or any(True for _ in pairs(entity)):
        yield "typing.Any"
    yield _factory(entity.name)
    yield f"tests.factories.{module_name(entity.name)}.{values_name(entity.name)}"
    for relationship in outgoing:
        yield _factory(relationship.target)


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
        is_ruled=any(
            isinstance(rule, Immutable | RequiredIf)
            and (rule.entity, rule.attribute) == (relationship.source, relationship.name)
            for rule in spec.rules
        ),
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
