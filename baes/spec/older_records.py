"""What becoming required means for the records that are there already: they may lack a value.

Decided by the changes alone and never by the data, for a system is deployed in several places: what
has no rows here may have rows there. What carries its id already (what an undo brings back, or what
is compared) is taken as it is.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection
from typing import Any

from baes.spec.changes import (
    AddAttribute,
    AddRelationship,
    Change,
    ChangeAttribute,
    ChangeRelationship,
)
from baes.spec.model import Attribute, Call, Relationship, SystemSpec

__all__ = ["settle", "with_older_records"]


def settle(change: Change, spec: SystemSpec, established: Collection[str]) -> Change:
    """The change with what it means for older records said in it.

    Args:
        change: As it was requested.
        spec: The system just before it.
        established: Ids of the entities that were there before the request, and so may have rows.
    """
    match change:
        case AddAttribute(entity, attribute):
            if attribute.id or not _is_established(spec, entity, established):
                return change
            return AddAttribute(entity, _lacking(attribute))
        case ChangeAttribute(entity, name, to):
            found = spec.entity(entity).find(name)
            if found is None:
                return change
            lacking = _is_established(spec, entity, established)
            return ChangeAttribute(entity, name, with_older_records(found, to, lacking=lacking))
        case AddRelationship(relationship):
            if relationship.id or not _is_established(spec, relationship.source, established):
                return change
            return AddRelationship(_lacking_link(relationship, None))
        case ChangeRelationship(entity, name, to):
            if to.id or not _is_established(spec, entity, established):
                return change
            old = next((r for r in spec.outgoing(entity) if r.name == name), None)
            return ChangeRelationship(entity, name, _lacking_link(to, old))
        case _:
            return change


def with_older_records(
    attribute: Attribute, to: tuple[tuple[str, Any], ...], *, lacking: bool
) -> tuple[tuple[str, Any], ...]:
    """The new values of an attribute's fields, ``older_may_lack`` among them where it changes.

    Args:
        attribute: As it is before.
        to: (field, its new value).
        lacking: Whether older records may lack a value.
    """
    wanted = dict(to)
    if "older_may_lack" in wanted or "required" not in wanted:
        return to
    if not wanted["required"]:
        needed = False
    elif attribute.required or _is_constant(wanted.get("default")):
        needed = attribute.older_may_lack
    else:
        needed = lacking
    return to if needed == attribute.older_may_lack else (*to, ("older_may_lack", needed))


def _is_established(spec: SystemSpec, entity: str, established: Collection[str]) -> bool:
    found = spec.find(entity)
    return found is not None and found.id in established


def _lacking(attribute: Attribute) -> Attribute:
    if not attribute.required or _is_constant(attribute.default):
        return attribute
    return dataclasses.replace(attribute, older_may_lack=True)


def _lacking_link(relationship: Relationship, old: Relationship | None) -> Relationship:
    """A required reference of which older records may have none; a list may always be empty."""
    if not relationship.required or relationship.kind == "many_to_many":
        return relationship
    if old is not None and old.required and old.kind != "many_to_many":
        return dataclasses.replace(relationship, older_may_lack=old.older_may_lack)
    return dataclasses.replace(relationship, older_may_lack=True)


def _is_constant(default: object) -> bool:
    """Whether it is a default that older records can be given: when they were made isn't known."""
    return default is not None and not isinstance(default, Call)
