"""What takes changes back: the inverse of each, in reverse order."""

from __future__ import annotations

from collections.abc import Iterable

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
from baes.spec.model import SystemSpec
from baes.spec.rule_references import rule_concerns

__all__ = ["inverse"]


def inverse(spec: SystemSpec, changes: Iterable[Change]) -> tuple[Change, ...]:
    """Changes that lead from ``apply(spec, changes)`` back to what ``spec`` says.

    The order of entities, attributes and rules may differ: what is brought back comes last.

    Raises:
        InvalidSpec: The changes can't be applied to the specification.
    """
    groups: list[tuple[Change, ...]] = []
    for change in changes:
        groups.append(_inverse_of_one(spec, change))
        spec = apply(spec, [change])
    return tuple(change for group in reversed(groups) for change in group)


def _inverse_of_one(  # noqa: C901  one case an op
    spec: SystemSpec, change: Change
) -> tuple[Change, ...]:
    match change:
        case AddEntity(entity):
            return (RemoveEntity(entity.name),)
        case RenameEntity(entity, new_name):
            return (RenameEntity(new_name, entity, spec.entity(entity).label),)
        case RemoveEntity(entity):
            return _restored_entity(spec, entity)
        case AddAttribute(entity, attribute):
            return (RemoveAttribute(entity, attribute.name),)
        case RenameAttribute(entity, name, new_name):
            found = spec.entity(entity).find(name)
            return (RenameAttribute(entity, new_name, name, found.label if found else ""),)
        case ChangeAttribute(entity, name, to):
            found = spec.entity(entity).find(name)
            keys = dict(to)
            if "required" in keys:
                keys.setdefault("older_may_lack", None)
            old = tuple((key, getattr(found, key)) for key in keys)
            return (ChangeAttribute(entity, name, old),)
        case RemoveAttribute(entity, name):
            return _restored_attribute(spec, entity, name)
        case AddRelationship(relationship):
            return (RemoveRelationship(relationship.source, relationship.name),)
        case ChangeRelationship(entity, name, to):
            old_one = next(r for r in spec.outgoing(entity) if r.name == name)
            return (ChangeRelationship(to.source, to.name, old_one),)
        case RemoveRelationship(entity, name):
            gone = next(r for r in spec.outgoing(entity) if r.name == name)
            rules = (AddRule(r) for r in spec.rules if rule_concerns(r, entity, name))
            return (AddRelationship(gone), *rules)
        case AddRule(rule):
            return (RemoveRule(rule),)
        case RemoveRule(rule):
            return (AddRule(rule),)


def _restored_entity(spec: SystemSpec, name: str) -> tuple[Change, ...]:
    links = (AddRelationship(r) for r in spec.relationships if name in (r.source, r.target))
    rules = (AddRule(r) for r in spec.rules if rule_concerns(r, name))
    return (AddEntity(spec.entity(name)), *links, *rules)


def _restored_attribute(spec: SystemSpec, entity: str, name: str) -> tuple[Change, ...]:
    attribute = spec.entity(entity).find(name)
    rules = (AddRule(r) for r in spec.rules if rule_concerns(r, entity, name))
    return (*((AddAttribute(entity, attribute),) if attribute else ()), *rules)
