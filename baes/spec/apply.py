"""Applying changes to a specification: ``apply(spec, changes)`` is the next specification.

One function an op, found by its type. Ids are given here: a thing's id is the name that it has when
it comes into being, numbered if that was ever used before. A thing that already carries an id that
is not in use (one that an undo brings back) keeps it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from baes.errors import InvalidSpec
from baes.spec.changes import (
    AddAttribute,
    AddEntity,
    AddRelationship,
    AddRule,
    Change,
    ChangeAttribute,
    ChangeRelationship,
    RemoveAttribute,
    RemoveEntity,
    RemoveRelationship,
    RemoveRule,
    RenameAttribute,
    RenameEntity,
)
from baes.spec.model import Attribute, Entity, Relationship, SystemSpec
from baes.spec.names import snake_case
from baes.spec.navigation import collection_of
from baes.spec.older_records import settle
from baes.spec.rule_checks import check_rule, rule_fault
from baes.spec.rule_references import rename_in_rule, rule_concerns
from baes.spec.rules import Rule, as_said
from baes.spec.scales import with_settled_scale
from baes.texts import Message

__all__ = ["apply", "settled", "steps"]

ChangeT = TypeVar("ChangeT", bound=Any)
_FUNCTIONS: dict[type[Any], Callable[[SystemSpec, Any], SystemSpec]] = {}


def apply(spec: SystemSpec, changes: Iterable[Change]) -> SystemSpec:
    """The specification after the changes, one version later; the same one if there are none.

    Raises:
        InvalidSpec: A change names what isn't there, adds what is, or breaks the system.
    """
    results = [result for _, result in steps(spec, changes)]
    result = results[-1] if results else spec
    return spec if result is spec else dataclasses.replace(result, version=spec.version + 1)


def settled(spec: SystemSpec, changes: Iterable[Change]) -> tuple[Change, ...]:
    """The changes with what they mean for older records said in them; the same to ``apply``.

    Raises:
        InvalidSpec: As ``apply``.
    """
    return tuple(change for change, _ in steps(spec, changes))


def steps(spec: SystemSpec, changes: Iterable[Change]) -> Iterator[tuple[Change, SystemSpec]]:
    """Each change, with what it means for older records, and the specification just after it."""
    established = {entity.id for entity in spec}
    for change in changes:
        said = settle(change, spec, established)
        spec = _FUNCTIONS[type(said)](spec, said)
        yield said, spec


def _applies(
    kind: type[ChangeT],
) -> Callable[[Callable[[SystemSpec, ChangeT], SystemSpec]], None]:
    def register(function: Callable[[SystemSpec, ChangeT], SystemSpec]) -> None:
        _FUNCTIONS[kind] = function

    return register


@_applies(AddEntity)
def _add_entity(spec: SystemSpec, change: AddEntity) -> SystemSpec:
    entity = change.entity
    if spec.find(entity.name):
        raise InvalidSpec.of("spec.error.entity_exists", entity=entity.name)
    taken = {e.id for e in spec.entities} | set(spec.retired_ids)
    entity = dataclasses.replace(
        entity,
        id=_id(entity.id, snake_case(entity.name), taken - {entity.id}),
        plural=collection_of(entity, spec.language),
        attributes=(),
    )
    for attribute in change.entity.attributes:
        entity = _with_attribute(spec, entity, attribute)
    own_ids = (entity.id, *(f"{entity.id}.{a.id}" for a in entity.attributes))
    return dataclasses.replace(_revive(spec, *own_ids), entities=(*spec.entities, entity))


@_applies(RenameEntity)
def _rename_entity(spec: SystemSpec, change: RenameEntity) -> SystemSpec:
    old = spec.entity(change.entity)
    if change.new_name != old.name and spec.find(change.new_name):
        raise InvalidSpec.of("spec.error.entity_exists", entity=change.new_name)
    renamed = dataclasses.replace(old, name=change.new_name, label=change.new_label, plural="")
    renamed = dataclasses.replace(renamed, plural=collection_of(renamed, spec.language))

    def follow(name: str) -> str:
        return change.new_name if name == old.name else name

    return dataclasses.replace(
        spec,
        entities=tuple(renamed if e is old else e for e in spec.entities),
        relationships=tuple(
            dataclasses.replace(r, source=follow(r.source), target=follow(r.target))
            for r in spec.relationships
        ),
        rules=tuple(rename_in_rule(r, old.name, "", change.new_name) for r in spec.rules),
    )


@_applies(RemoveEntity)
def _remove_entity(spec: SystemSpec, change: RemoveEntity) -> SystemSpec:
    entity = spec.entity(change.entity)
    going = {r.id for r in spec.relationships if entity.name in (r.source, r.target)}
    attribute_ids = {f"{entity.id}.{a.id}" for a in entity.attributes}
    rest = dataclasses.replace(
        spec,
        entities=tuple(e for e in spec.entities if e is not entity),
        relationships=tuple(r for r in spec.relationships if r.id not in going),
        retired_ids=_retire(spec, entity.id, *going, *attribute_ids),
    )
    return _with_rules(rest, (r for r in spec.rules if not rule_concerns(r, entity.name)))


@_applies(AddAttribute)
def _add_attribute(spec: SystemSpec, change: AddAttribute) -> SystemSpec:
    entity = spec.entity(change.entity)
    new = _with_attribute(spec, entity, change.attribute)
    revived = _revive(spec, f"{entity.id}.{new.attributes[-1].id}")
    return _with_entity(revived, entity, new)


@_applies(RenameAttribute)
def _rename_attribute(spec: SystemSpec, change: RenameAttribute) -> SystemSpec:
    entity = spec.entity(change.entity)
    old = _attribute(entity, change.name)
    new = dataclasses.replace(old, name=change.new_name, label=change.new_label)
    renamed = _with_entity(spec, entity, _swap(entity, old, new))
    rules = (rename_in_rule(r, entity.name, old.name, new.name) for r in spec.rules)
    return dataclasses.replace(renamed, rules=tuple(rules))


@_applies(ChangeAttribute)
def _change_attribute(spec: SystemSpec, change: ChangeAttribute) -> SystemSpec:
    entity = spec.entity(change.entity)
    old = _attribute(entity, change.name)
    to: dict[str, Any] = dict(change.to)
    unknown = set(to) - {f.name for f in dataclasses.fields(Attribute)} | to.keys() & {"name", "id"}
    if unknown:
        raise InvalidSpec.of("spec.error.not_changeable", key=sorted(unknown)[0])
    new = with_settled_scale(dataclasses.replace(old, **to))
    return _with_entity(spec, entity, _swap(entity, old, new))


@_applies(RemoveAttribute)
def _remove_attribute(spec: SystemSpec, change: RemoveAttribute) -> SystemSpec:
    entity = spec.entity(change.entity)
    old = _attribute(entity, change.name)
    rest = tuple(a for a in entity.attributes if a is not old)
    removed = _with_entity(spec, entity, dataclasses.replace(entity, attributes=rest))
    removed = dataclasses.replace(removed, retired_ids=_retire(spec, f"{entity.id}.{old.id}"))
    kept = (r for r in spec.rules if not rule_concerns(r, entity.name, old.name))
    return _with_rules(removed, kept)


@_applies(AddRelationship)
def _add_relationship(spec: SystemSpec, change: AddRelationship) -> SystemSpec:
    new = change.relationship
    source = spec.entity(new.source)
    spec.entity(new.target)
    taken = {r.id for r in spec.relationships} | set(spec.retired_ids)
    id_ = _id(new.id, f"{source.id}_{new.name}", taken - {new.id})
    new = dataclasses.replace(new, id=id_)
    return dataclasses.replace(_revive(spec, id_), relationships=(*spec.relationships, new))


@_applies(ChangeRelationship)
def _change_relationship(spec: SystemSpec, change: ChangeRelationship) -> SystemSpec:
    old = _relationship(spec, change.entity, change.name)
    new = dataclasses.replace(change.to, id=old.id)
    changed = tuple(new if r is old else r for r in spec.relationships)
    return dataclasses.replace(spec, relationships=changed)


@_applies(RemoveRelationship)
def _remove_relationship(spec: SystemSpec, change: RemoveRelationship) -> SystemSpec:
    old = _relationship(spec, change.entity, change.name)
    removed = dataclasses.replace(
        spec,
        relationships=tuple(r for r in spec.relationships if r is not old),
        retired_ids=_retire(spec, old.id),
    )
    return _with_rules(
        removed, (r for r in spec.rules if not rule_concerns(r, old.source, old.name))
    )


@_applies(AddRule)
def _add_rule(spec: SystemSpec, change: AddRule) -> SystemSpec:
    if as_said(change.rule) in map(as_said, spec.rules):
        raise InvalidSpec.of("spec.error.rule_exists")
    check_rule(spec, change.rule)
    return dataclasses.replace(spec, rules=(*spec.rules, change.rule))


@_applies(RemoveRule)
def _remove_rule(spec: SystemSpec, change: RemoveRule) -> SystemSpec:
    rest = tuple(r for r in spec.rules if as_said(r) != as_said(change.rule))
    if len(rest) == len(spec.rules):
        raise InvalidSpec.of("spec.error.no_rule")
    return dataclasses.replace(spec, rules=rest)


def _with_rules(spec: SystemSpec, rules: Iterable[Rule]) -> SystemSpec:
    """The system with those of the rules that can still hold after something went."""
    without = dataclasses.replace(spec, rules=())
    return dataclasses.replace(
        spec, rules=tuple(rule for rule in rules if rule_fault(without, rule) is None)
    )


def _id(wanted: str, base: str, taken: set[str]) -> str:
    """The wanted id if it is free, else the base, numbered from 2 while it is taken."""
    if wanted and wanted not in taken:
        return wanted
    if base not in taken:
        return base
    return next(c for n in range(2, len(taken) + 3) if (c := f"{base}_{n}") not in taken)


def _retire(spec: SystemSpec, *ids: str) -> tuple[str, ...]:
    return tuple(sorted({*spec.retired_ids, *ids}))


def _revive(spec: SystemSpec, *ids: str) -> SystemSpec:
    rest = tuple(i for i in spec.retired_ids if i not in ids)
    return dataclasses.replace(spec, retired_ids=rest)


def _with_attribute(spec: SystemSpec, entity: Entity, attribute: Attribute) -> Entity:
    prefix = f"{entity.id}."
    taken = {a.id for a in entity.attributes}
    taken |= {i.removeprefix(prefix) for i in spec.retired_ids if i.startswith(prefix)}
    id_ = _id(attribute.id, attribute.name, taken - {attribute.id})
    if attribute.id and any(a.id == attribute.id for a in entity.attributes):
        raise InvalidSpec.of(
            "spec.error.attribute_exists", entity=entity.name, attribute=attribute.name
        )
    new = with_settled_scale(dataclasses.replace(attribute, id=id_))
    return dataclasses.replace(entity, attributes=(*entity.attributes, new))


def _with_entity(spec: SystemSpec, old: Entity, new: Entity) -> SystemSpec:
    entities = tuple(new if e is old or e.name == old.name else e for e in spec.entities)
    return dataclasses.replace(spec, entities=entities)


def _swap(entity: Entity, old: Attribute, new: Attribute) -> Entity:
    attributes = tuple(new if a is old else a for a in entity.attributes)
    return dataclasses.replace(entity, attributes=attributes)


def _attribute(entity: Entity, name: str) -> Attribute:
    found = entity.find(name)
    if found is None:
        known = tuple(a.name for a in entity.attributes) or Message.of("spec.nothing")
        raise InvalidSpec.of(
            "spec.error.no_attribute", entity=entity.name, attribute=name, known=known
        )
    return found


def _relationship(spec: SystemSpec, entity: str, name: str) -> Relationship:
    spec.entity(entity)
    for relationship in spec.outgoing(entity):
        if relationship.name == name:
            return relationship
    known = tuple(r.name for r in spec.outgoing(entity)) or Message.of("spec.nothing")
    raise InvalidSpec.of(
        "spec.error.no_relationship", entity=entity, relationship=name, known=known
    )
