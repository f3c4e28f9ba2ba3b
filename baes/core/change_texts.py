"""What a request changed, and what an entity is, in sentences of the user's language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from baes.core.wording import Wording
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
from baes.spec.model import Entity, SystemSpec
from baes.spec.names import label_of
from baes.spec.rules import Rule, as_said
from baes.texts import has_text, text

__all__ = ["change_texts", "describe_entity"]

_NEVER_SAID = {"older_may_lack", "older_may_break", "default_scale"}
"""Fields of an attribute that follow from what is said; the preview tells what they mean."""


def change_texts(
    old: SystemSpec, new: SystemSpec, changes: Iterable[Change], language: str
) -> tuple[str, ...]:
    """A sentence about each change that leads from one system to another."""
    words, told = Wording(language, new, old), tuple(changes)
    again = _said_again(told)
    return tuple(
        _change_text(change, new, words)
        for change in told
        if not _is_silent(change)
        and not (isinstance(change, AddRule | RemoveRule) and as_said(change.rule) in again)
    )


def _said_again(changes: tuple[Change, ...]) -> set[Rule]:
    """Rules of which only what older records may do becomes another."""
    gone = {as_said(change.rule) for change in changes if isinstance(change, RemoveRule)}
    return gone & {as_said(change.rule) for change in changes if isinstance(change, AddRule)}


def _is_silent(change: Change) -> bool:
    """Whether a change only notes what nobody says, as what older records may do."""
    return isinstance(change, ChangeAttribute) and all(k in _NEVER_SAID for k, _ in change.to)


def describe_entity(spec: SystemSpec, entity: Entity, language: str) -> str:
    """What an entity has, what it is linked to, and its rules: a sentence each."""
    words = Wording(language, spec)
    attributes = words.attributes(entity.attributes)
    sentences = [
        text(language, "core.entity.description", entity=entity.title, attributes=attributes)
    ]
    sentences += [words.link(spec, link) for link in spec.outgoing(entity.name)]
    sentences += [
        words.link_backwards(spec, link)
        for link in spec.relationships
        if link.target == entity.name and link.kind != "many_to_many"
    ]
    sentences += words.rules(rule for rule in spec.rules if rule.entity == entity.name)
    return " ".join(sentences)


def _change_text(change: Change, new: SystemSpec, words: Wording) -> str:
    slots: dict[str, object] = {}
    match change:
        case AddEntity(entity):
            slots = {"entity": entity.title, "attributes": words.attributes(entity.attributes)}
        case RenameEntity(entity, new_name, new_label):
            slots = {"entity": words.entity(entity), "new_name": new_label or label_of(new_name)}
        case RemoveEntity(entity):
            slots = {"entity": words.entity(entity)}
        case AddAttribute(entity, attribute):
            slots = {"entity": words.entity(entity), "attribute": words.attributes([attribute])}
        case RenameAttribute(entity, name, new_name, new_label):
            slots = {
                "entity": words.entity(entity),
                "name": words.attribute(entity, name),
                "new_name": new_label or label_of(new_name),
            }
        case ChangeAttribute(entity, name, to):
            details = ", ".join(_detail(key, value, words) for key, value in _said(to))
            slots = _slots(words, entity, name) | {"details": details}
        case RemoveAttribute(entity, name) | RemoveRelationship(entity, name):
            slots = _slots(words, entity, name)
        case AddRelationship(link) | ChangeRelationship(_, _, link):
            slots = {"relationship": words.link(new, link)}
        case AddRule(rule) | RemoveRule(rule):
            slots = {"rule": words.rule(rule)}
    sentence = text(words.language, f"core.changes.{change.op}", **slots)
    return sentence[:1].upper() + sentence[1:]


def _said(to: tuple[tuple[str, object], ...]) -> Iterator[tuple[str, object]]:
    """What is to be told of the fields that change: a scale goes with the type decimal."""
    new_type = "type" in dict(to)
    for key, value in to:
        if key not in _NEVER_SAID and not (new_type and (key, value) == ("scale", None)):
            yield key, value


def _slots(words: Wording, entity: str, name: str) -> dict[str, object]:
    return {"entity": words.entity(entity), "name": words.attribute(entity, name)}


def _detail(key: str, value: object, words: Wording) -> str:
    """What becomes of one field of an attribute."""
    language = words.language
    if value is None or (key == "unique" and not value):
        return text(language, f"core.gone.{key}")
    if key == "required" and not value:
        return text(language, "core.becomes.optional")
    if key == "type":
        return text(language, "core.becomes.type", value=text(language, f"common.types.{value}"))
    if has_text(f"core.becomes.{key}"):
        return text(language, f"core.becomes.{key}")
    return words.flag(key, value)
