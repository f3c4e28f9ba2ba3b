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
from baes.spec.derivation import Derived
from baes.spec.model import SystemSpec
from baes.spec.rules import Rule, as_said

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
            links = (
                AddRelationship(r) for r in spec.relationships if entity in (r.source, r.target)
            )
            return (AddEntity(spec.entity(entity)), *links, *_lost_rules(spec, change))
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
            if "type" in keys or "scale" in keys:
                keys.setdefault("default_scale", None)
            old = tuple((key, getattr(found, key)) for key in keys)
            return (ChangeAttribute(entity, name, old),)
        case RemoveAttribute(entity, name):
            gone_one = spec.entity(entity).find(name)
            restored = (AddAttribute(entity, gone_one),) if gone_one else ()
            return (*restored, *_lost_rules(spec, change))
        case AddRelationship(relationship):
            return (RemoveRelationship(relationship.source, relationship.name),)
        case ChangeRelationship(entity, name, to):
            old_one = next(r for r in spec.outgoing(entity) if r.name == name)
            return (ChangeRelationship(to.source, to.name, old_one),)
        case RemoveRelationship(entity, name):
            gone = next(r for r in spec.outgoing(entity) if r.name == name)
            return (AddRelationship(gone), *_lost_rules(spec, change))
        case AddRule(rule, sets_aside):
            return (RemoveRule(rule, gives_back=sets_aside),)
        case RemoveRule(rule, gives_back):
            again = [r for r in spec.rules if as_said(r) == as_said(rule)]
            return tuple(AddRule(r, sets_aside=gives_back or "interim") for r in again)


def _lost_rules(spec: SystemSpec, change: Change) -> tuple[AddRule, ...]:
    """The rules that go along with what a change removes.

    What such a rule gave stays, and is data from then on, unless its attribute goes as well.
    """
    after = apply(spec, [change])
    lost = (rule for rule in spec.rules if rule not in after.rules)
    return tuple(
        AddRule(rule, sets_aside="interim" if _has_target(after, rule) else "") for rule in lost
    )


def _has_target(spec: SystemSpec, rule: Rule) -> bool:
    """Whether the attribute whose values a rule gives is there."""
    entity = spec.find(rule.entity)
    return isinstance(rule, Derived) and entity is not None and bool(entity.find(rule.attribute))
