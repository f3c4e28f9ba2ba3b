"""The changes that lead from one specification to another, told by stable ids."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from baes.spec.apply import apply
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
from baes.spec.model import Attribute, Entity, SystemSpec

__all__ = ["diff"]

_IDENTITY = {"name", "id", "label"}


def diff(old: SystemSpec, new: SystemSpec) -> tuple[Change, ...]:
    """Changes that make ``old`` say what ``new`` says; the order of things aside."""
    changes = list(_entity_changes(old, new))
    reached = apply(old, changes)
    links = list(_relationship_changes(reached, new))
    reached = apply(reached, links)
    gone = (rule for rule in reached.rules if rule not in new.rules)
    rules: list[Change] = [RemoveRule(rule, gives_back="entered") for rule in gone]
    rules += [AddRule(r) for r in new.rules if r not in reached.rules]
    return (*changes, *links, *rules)


def _entity_changes(old: SystemSpec, new: SystemSpec) -> Iterator[Change]:
    before = {e.id: e for e in old.entities}
    after = {e.id for e in new.entities}
    for entity in old.entities:
        if entity.id not in after:
            yield RemoveEntity(entity.name)
    for entity in new.entities:
        was = before.get(entity.id)
        if was is None:
            yield AddEntity(entity)
            continue
        if (was.name, was.label) != (entity.name, entity.label):
            yield RenameEntity(was.name, entity.name, entity.label)
        yield from _attribute_changes(was, entity)


def _attribute_changes(was: Entity, entity: Entity) -> Iterator[Change]:
    before = {a.id: a for a in was.attributes}
    after = {a.id for a in entity.attributes}
    for attribute in was.attributes:
        if attribute.id not in after:
            yield RemoveAttribute(entity.name, attribute.name)
    for attribute in entity.attributes:
        old = before.get(attribute.id)
        if old is None:
            yield AddAttribute(entity.name, attribute)
            continue
        if (old.name, old.label) != (attribute.name, attribute.label):
            yield RenameAttribute(entity.name, old.name, attribute.name, attribute.label)
        different = _differences(old, attribute)
        if different:
            yield ChangeAttribute(entity.name, attribute.name, different)


def _differences(old: Attribute, new: Attribute) -> tuple[tuple[str, object], ...]:
    names = [f.name for f in dataclasses.fields(Attribute) if f.name not in _IDENTITY]
    pairs = ((name, getattr(old, name), getattr(new, name)) for name in names)
    different = tuple((name, after) for name, before, after in pairs if before != after)
    # Said in any case: left out, it would be decided anew.
    said = (*different, ("older_may_lack", new.older_may_lack))
    return tuple(dict(said).items()) if "required" in dict(different) else different


def _relationship_changes(reached: SystemSpec, new: SystemSpec) -> Iterator[Change]:
    before = {r.id: r for r in reached.relationships}
    after = {r.id for r in new.relationships}
    for relationship in reached.relationships:
        if relationship.id not in after:
            yield RemoveRelationship(relationship.source, relationship.name)
    for relationship in new.relationships:
        was = before.get(relationship.id)
        if was is None:
            yield AddRelationship(relationship)
        elif was != relationship:
            yield ChangeRelationship(was.source, was.name, relationship)
