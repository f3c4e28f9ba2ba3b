"""Changes and entities in plain words, in the user's language."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from typing import Any

from baes.datafiles import PACKAGE, load_toml
from baes.spec.changes import (
    AddAttribute,
    AddEntity,
    AddRelationship,
    Change,
    ChangeAttribute,
    ChangeRelationship,
)
from baes.spec.codec import change_to_json
from baes.spec.model import Attribute, Call, Entity, Relationship, SystemSpec

__all__ = ["change_text", "describe_entity", "joined"]

_VALUE_FLAGS = (
    "exclusive_min", "exclusive_max", "min_length", "max_length", "pattern", "scale", "unit",
)  # fmt: skip


@functools.cache
def _messages(language: str) -> dict[str, Any]:
    known = (PACKAGE / "core" / "messages" / f"{language}.toml").exists()
    return load_toml(f"core/messages/{language if known else 'en'}.toml")


def change_text(change: Change, language: str) -> str:
    """One sentence about a change."""
    texts = _messages(language)
    slots: dict[str, object] = {k: v for k, v in change_to_json(change).items() if k != "op"}
    match change:
        case AddEntity(entity):
            slots = {"entity": entity.name, "attributes": _attributes(entity.attributes, language)}
        case AddAttribute(_, attribute):
            slots["attribute"] = _attribute(attribute, texts)
        case ChangeAttribute(_, _, to):
            said = ((key, value) for key, value in to if not key.startswith("older_may"))
            slots["details"] = ", ".join(f"{key} {_value(value, texts)}" for key, value in said)
        case AddRelationship(relationship) | ChangeRelationship(_, _, relationship):
            slots["relationship"] = _relationship(relationship, texts)
    return str(texts["changes"][change.op]).format(**slots)


def describe_entity(spec: SystemSpec, entity: Entity) -> str:
    """What an entity has and what it is linked to: a sentence each."""
    texts = _messages(spec.language)
    attributes = _attributes(entity.attributes, spec.language)
    sentence = texts["entity"]["description"].format(entity=entity.name, attributes=attributes)
    links = (_relationship(r, texts) for r in spec.outgoing(entity.name))
    return " ".join((sentence, *links))


def joined(words: Iterable[str], conjunction: str) -> str:
    """Words as a list in a sentence.

    >>> joined(["name", "email", "age"], "and")
    'name, email and age'
    """
    *first, last = words
    return f"{', '.join(first)} {conjunction} {last}" if first else last


def _attributes(attributes: tuple[Attribute, ...], language: str) -> str:
    texts = _messages(language)
    if not attributes:
        return str(texts["nothing"])
    return joined((_attribute(a, texts) for a in attributes), texts["and"])


def _attribute(attribute: Attribute, texts: dict[str, Any]) -> str:
    flags = ", ".join([attribute.type, *_flags(attribute, texts["flags"])])
    return f"{attribute.title.lower() if not attribute.label else attribute.label} ({flags})"


def _flags(attribute: Attribute, texts: dict[str, str]) -> list[str]:
    flags = [] if attribute.required else [texts["optional"]]
    if attribute.unique:
        flags.append(texts["unique"])
    if attribute.choices is not None:
        flags.append(texts["choices"].format(value=", ".join(map(str, attribute.choices))))
    if attribute.min is not None and attribute.max is not None:
        flags.append(texts["between"].format(min=attribute.min, max=attribute.max))
    else:
        bounds = (("min", attribute.min), ("max", attribute.max))
        flags += [texts[key].format(value=bound) for key, bound in bounds if bound is not None]
    for key in _VALUE_FLAGS:
        value = getattr(attribute, key)
        if value is not None:
            flags.append(texts[key].format(value=value))
    if attribute.default is not None:
        flags.append(texts["default"].format(value=_value(attribute.default, {"flags": texts})))
    return flags


def _relationship(relationship: Relationship, texts: dict[str, Any]) -> str:
    sentences = texts["relationships"]
    spoken = relationship.name.replace("_", " ")
    same_word = relationship.target.lower().startswith(spoken.replace(" ", "").rstrip("s")[:-1])
    text = sentences[relationship.kind].format(
        source=relationship.source,
        name=spoken,
        role="" if same_word else sentences["role"].format(target=relationship.target),
    )
    return f"{text} {sentences['required']}" if relationship.required else str(text)


def _value(value: object, texts: dict[str, Any]) -> str:
    if isinstance(value, Call):
        return str(texts["flags"][value.call])
    if isinstance(value, bool):
        return str(value).lower()
    return str(value)
