"""Whether a change fits the system as it is then; one function an op, found by its type.

A check looks at the system just before its change, so that several changes of one request may build
on each other.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from baes.domain_entities.attribute_checks import (
    Subject,
    check_attribute_change,
    check_attribute_sense,
)
from baes.domain_entities.name_checks import (
    check_attribute_name,
    check_entity_name,
    is_another_word,
)
from baes.domain_entities.relationship_checks import check_relationship
from baes.domain_entities.rule_checks import check_rule
from baes.domain_entities.voice import Voice, called, entity_title
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
    RenameAttribute,
    RenameEntity,
)
from baes.spec.interpretation import Question
from baes.spec.model import Attribute, Entity, SystemSpec

__all__ = ["Situation", "check_change", "entity_of"]

ChangeT = TypeVar("ChangeT", bound=Any)


@dataclass(frozen=True, slots=True)
class Situation:
    """What a check may look at besides the change."""

    spec: SystemSpec
    """The system just before the change."""
    voice: Voice
    today: datetime.date | None = None

    def subject(self, entity: str) -> Subject:
        """An entity, as the checks of attributes want it."""
        title = entity_title(self.spec.find(entity), entity)
        return Subject(entity, title, self.voice, self.today)


_CHECKS: dict[type[Any], Callable[[Any, Situation], Question | None]] = {}


def check_change(change: Change, situation: Situation) -> Question | None:
    """A question where a change contradicts the system or the domain."""
    check = _CHECKS.get(type(change))
    return check(change, situation) if check else None


def entity_of(change: Change) -> str:
    """The entity whose agent a change concerns."""
    match change:
        case AddEntity(entity):
            return entity.name
        case AddRelationship(relationship):
            return relationship.source
        case AddRule(rule):
            return rule.entity
        case _:
            return str(getattr(change, "entity", ""))


def _checks(
    kind: type[ChangeT],
) -> Callable[[Callable[[ChangeT, Situation], Question | None]], None]:
    def register(function: Callable[[ChangeT, Situation], Question | None]) -> None:
        _CHECKS[kind] = function

    return register


@_checks(AddEntity)
def _add_entity(change: AddEntity, situation: Situation) -> Question | None:
    entity = change.entity
    old = situation.spec.find(entity.name)
    if old is not None and not is_another_word(entity, old):
        return _entity_exists(entity, old, situation)
    taken = check_entity_name(entity, situation.spec, situation.voice)
    if taken:
        return taken
    names = (
        check_attribute_name(attribute.name, entity, situation.spec, situation.voice)
        for attribute in entity.attributes
    )
    subject = Subject(
        entity.name, entity_title(entity, entity.name), situation.voice, situation.today
    )
    questions = (check_attribute_sense(attribute, subject) for attribute in entity.attributes)
    return next(filter(None, (*names, *questions)), None)


def _entity_exists(entity: Entity, old: Entity, situation: Situation) -> Question:
    voice = situation.voice
    title = entity_title(old, entity.name)
    new = [a for a in entity.attributes if not stays_as_it_is(a, old)]
    requests = tuple(
        voice.part(
            "entity_exists",
            "change" if old.find(a.name) else "add",
            attribute=called(a),
            entity=title,
        )
        for a in new
    )
    return voice.question(
        "entity_exists",
        entity=title,
        existing=voice.attributes(old.attributes) if old.attributes else "-",
        named=voice.attributes(new),
        requests=requests,
    )


def stays_as_it_is(named: Attribute, entity: Entity) -> bool:
    """Whether an entity has an attribute that is all that a request says of it."""
    own = entity.find(named.name)
    if own is None or own.type != named.type or (named.unique and not own.unique):
        return False
    said = (
        "default", "min", "max", "exclusive_min", "exclusive_max", "min_length", "max_length",
        "pattern", "format", "choices", "scale", "unit",
    )  # fmt: skip
    return all(getattr(named, key) in (None, getattr(own, key)) for key in said)


@_checks(AddAttribute)
def _add_attribute(change: AddAttribute, situation: Situation) -> Question | None:
    return _missing_entity(change.entity, situation) or _new_attribute(change, situation)


def _new_attribute(change: AddAttribute, situation: Situation) -> Question | None:
    entity = situation.spec.entity(change.entity)
    own = entity.find(change.attribute.name)
    if own is not None:
        return situation.voice.question(
            "attribute_exists",
            entity=entity_title(entity, entity.name),
            attribute=called(own),
            type=situation.voice.type_name(own.type),
        )
    taken = check_attribute_name(change.attribute.name, entity, situation.spec, situation.voice)
    return taken or check_attribute_sense(change.attribute, situation.subject(change.entity))


@_checks(ChangeAttribute)
def _change_attribute(change: ChangeAttribute, situation: Situation) -> Question | None:
    missing = _missing_attribute(change.entity, change.name, situation)
    if missing:
        return missing
    old = situation.spec.entity(change.entity).find(change.name)
    assert old is not None, "it was just found"  # noqa: S101
    return check_attribute_change(old, dict(change.to), situation.subject(change.entity))


@_checks(RemoveAttribute)
def _remove_attribute(change: RemoveAttribute, situation: Situation) -> Question | None:
    return _missing_attribute(change.entity, change.name, situation)


@_checks(RenameAttribute)
def _rename_attribute(change: RenameAttribute, situation: Situation) -> Question | None:
    missing = _missing_attribute(change.entity, change.name, situation)
    if missing or change.new_name == change.name:
        return missing
    entity = situation.spec.entity(change.entity)
    if entity.find(change.new_name):
        return _name_taken(entity, change.new_name, situation)
    return check_attribute_name(change.new_name, entity, situation.spec, situation.voice)


@_checks(RenameEntity)
def _rename_entity(change: RenameEntity, situation: Situation) -> Question | None:
    missing = _missing_entity(change.entity, situation)
    if missing or change.new_name == change.entity:
        return missing
    if situation.spec.find(change.new_name):
        return situation.voice.question(
            "entity_name_taken", name=change.new_name, entity=change.entity
        )
    renamed = Entity(change.new_name)
    return check_entity_name(renamed, situation.spec, situation.voice, replaced=change.entity)


@_checks(RemoveEntity)
def _remove_entity(change: RemoveEntity, situation: Situation) -> Question | None:
    return _missing_entity(change.entity, situation)


@_checks(AddRelationship)
def _add_relationship(change: AddRelationship, situation: Situation) -> Question | None:
    relationship = change.relationship
    for end in (relationship.source, relationship.target):
        missing = _missing_entity(end, situation)
        if missing:
            return missing
    source = situation.spec.entity(relationship.source)
    taken = source.find(relationship.name) or any(
        r.name == relationship.name for r in situation.spec.outgoing(source.name)
    )
    if taken:
        return _name_taken(source, relationship.name, situation)
    return check_relationship(relationship, situation.spec, situation.voice)


@_checks(ChangeRelationship)
def _change_relationship(change: ChangeRelationship, situation: Situation) -> Question | None:
    missing = _missing_relationship(change.entity, change.name, situation)
    if missing:
        return missing
    target = _missing_entity(change.to.target, situation)
    return target or check_relationship(
        change.to, situation.spec, situation.voice, replaced=change.name
    )


@_checks(RemoveRelationship)
def _remove_relationship(change: RemoveRelationship, situation: Situation) -> Question | None:
    return _missing_relationship(change.entity, change.name, situation)


@_checks(AddRule)
def _add_rule(change: AddRule, situation: Situation) -> Question | None:
    missing = _missing_entity(change.rule.entity, situation)
    return missing or check_rule(change.rule, situation.spec, situation.voice)


def _missing_entity(name: str, situation: Situation) -> Question | None:
    if situation.spec.find(name):
        return None
    known = tuple(entity_title(e, e.name) for e in situation.spec)
    return situation.voice.question("no_such_entity", entity=name, known=known)


def _missing_attribute(entity: str, name: str, situation: Situation) -> Question | None:
    missing = _missing_entity(entity, situation)
    if missing:
        return missing
    found = situation.spec.entity(entity)
    if found.find(name):
        return None
    return situation.voice.question(
        "no_such_attribute",
        entity=entity_title(found, entity),
        attribute=name.replace("_", " "),
        known=tuple(called(a) for a in found.attributes),
    )


def _missing_relationship(entity: str, name: str, situation: Situation) -> Question | None:
    missing = _missing_entity(entity, situation)
    if missing:
        return missing
    links = situation.spec.outgoing(entity)
    if any(r.name == name for r in links):
        return None
    return situation.voice.question(
        "no_such_relationship",
        entity=entity_title(situation.spec.find(entity), entity),
        name=name.replace("_", " "),
        known=tuple(called(r) for r in links),
    )


def _name_taken(entity: Entity, name: str, situation: Situation) -> Question:
    title = entity_title(entity, entity.name)
    return situation.voice.question("name_taken", entity=title, name=name.replace("_", " "))
