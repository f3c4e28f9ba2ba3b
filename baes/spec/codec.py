"""Specifications, changes and interpretations as JSON values, and back.

The keys are those that ``baes interpret`` prints; what is stored has the stable ids besides.
Reading is strict: an unknown key or a value of the wrong kind is an error, for a file that was
edited by hand or written by a newer version must not be half understood.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any, TypeVar, cast

from baes.errors import InvalidSpec
from baes.spec.changes import (
    CHANGE_OPS,
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
from baes.spec.interpretation import Interpretation, Question
from baes.spec.model import Attribute, Call, Entity, Relationship, SystemSpec
from baes.spec.rules import RULE_KINDS, Rule
from baes.spec.scales import with_settled_scale_of_format_1
from baes.texts import Message

__all__ = [
    "change_from_json",
    "change_to_json",
    "interpretation_from_json",
    "interpretation_to_json",
    "spec_from_json",
    "spec_to_json",
]

Json = dict[str, Any]
T = TypeVar("T")

SPEC_FORMAT = 2
"""Version of the stored form; a larger one was written by a newer program.

Format 1 kept no ``default_scale``: it is what that version took it to be.
"""

_SPANS = ("about", "assumptions", "background", "custom", "unexplained")
_RENAMED_KEYS = {"source": "from", "target": "to"}


def spec_to_json(spec: SystemSpec) -> Json:
    """A specification with all that is needed to build the same one again."""
    return {
        "format": SPEC_FORMAT,
        "version": spec.version,
        "language": spec.language,
        "entities": [_entity(e) for e in spec.entities],
        "relationships": [_fields(r) for r in spec.relationships],
        "rules": [_rule(r) for r in spec.rules],
        "retired_ids": list(spec.retired_ids),
    }


def spec_from_json(data: Mapping[str, Any]) -> SystemSpec:
    """The specification that was stored.

    Raises:
        InvalidSpec: Keys or values are not those of a specification of this format.
    """
    known = {"format", "version", "language", "entities", "relationships", "rules", "retired_ids"}
    _refuse_unknown(data, known, Message.of("spec.kinds.specification"))
    if data.get("format") not in (1, SPEC_FORMAT):
        raise InvalidSpec.of(
            "spec.error.format", found=repr(data.get("format")), readable=SPEC_FORMAT
        )
    read_entity = _read_entity_of_format_1 if data["format"] == 1 else _read_entity
    return _reading(
        lambda: SystemSpec(
            entities=tuple(read_entity(e) for e in data["entities"]),
            relationships=tuple(_read(Relationship, r) for r in data["relationships"]),
            rules=tuple(_read_rule(r) for r in data["rules"]),
            version=int(data["version"]),
            language=str(data["language"]),
            retired_ids=tuple(data["retired_ids"]),
        )
    )


def interpretation_to_json(interpretation: Interpretation) -> Json:
    """What ``baes interpret`` prints."""
    question = interpretation.question
    return {
        "action": interpretation.action,
        "confidence": interpretation.confidence,
        "source": interpretation.source,
        "tokens": interpretation.tokens,
        "entities": [_entity(e) for e in interpretation.entities],
        "relationships": [_said(r) for r in interpretation.relationships],
        "rules": [_rule(r) for r in interpretation.rules],
        "changes": [change_to_json(c) for c in interpretation.changes],
        "about": list(interpretation.about),
        "assumptions": list(interpretation.assumptions),
        "background": list(interpretation.background),
        "custom": list(interpretation.custom),
        "unexplained": list(interpretation.unexplained),
        "question": question.text if question else None,
        "alternatives": list(question.alternatives) if question else [],
        "language": interpretation.language,
    }


def interpretation_from_json(data: Mapping[str, Any]) -> Interpretation:
    """The interpretation that was stored.

    Raises:
        InvalidSpec: Keys or values are not those of an interpretation.
    """
    known = {field.name for field in dataclasses.fields(Interpretation)} | {"alternatives"}
    _refuse_unknown(data, known, Message.of("spec.kinds.interpretation"))
    return _reading(
        lambda: Interpretation(
            action=data["action"],
            confidence=float(data["confidence"]),
            source=data["source"],
            tokens=int(data["tokens"]),
            entities=tuple(_read_entity(e) for e in data["entities"]),
            relationships=tuple(_read(Relationship, r) for r in data["relationships"]),
            rules=tuple(_read_rule(r) for r in data["rules"]),
            changes=tuple(change_from_json(c) for c in data["changes"]),
            question=Question(data["question"], tuple(data["alternatives"]))
            if data["question"]
            else None,
            language=str(data["language"]),
            **{key: tuple(map(str, data[key])) for key in _SPANS},
        )
    )


def change_to_json(change: Change) -> Json:  # noqa: C901  one case an op
    """One change; ``op`` says which."""
    body: Json = {"op": change.op}
    match change:
        case AddEntity(entity):
            body |= {"entity": entity.name, "definition": _entity(entity)}
        case RenameEntity(entity, new_name, new_label):
            body |= {"entity": entity, "new_name": new_name} | _if("new_label", new_label)
        case RemoveEntity(entity):
            body |= {"entity": entity}
        case AddAttribute(entity, attribute):
            body |= {"entity": entity, "attribute": _attribute(attribute)}
        case RenameAttribute(entity, name, new_name, new_label):
            body |= {"entity": entity, "name": name, "new_name": new_name}
            body |= _if("new_label", new_label)
        case ChangeAttribute(entity, name, to):
            body |= {"entity": entity, "name": name, "attribute": {k: _plain(v) for k, v in to}}
        case RemoveAttribute(entity, name):
            body |= {"entity": entity, "name": name}
        case RemoveRelationship(entity, name, target):
            ends = {"from": entity} | _if("to", target) | {"name": name}
            body |= {"entity": entity, "name": name, "relationship": ends}
        case AddRelationship(relationship):
            body |= {"entity": relationship.source, "relationship": _said(relationship)}
        case ChangeRelationship(entity, name, to, changed):
            body |= {"entity": entity, "name": name}
            body |= {"relationship": _changed(to, changed), "definition": _said(to)}
        case AddRule(rule, sets_aside):
            body |= {"entity": rule.entity, "rule": _rule(rule)}
            body |= {} if sets_aside == "entered" else {"sets_aside": sets_aside}
        case RemoveRule(rule, gives_back):
            body |= {"entity": rule.entity, "rule": _rule(rule)}
            body |= _if("gives_back", gives_back)
    return body


def change_from_json(data: Mapping[str, Any]) -> Change:
    """The change that was stored.

    Raises:
        InvalidSpec: It is no change.
    """
    if data.get("op") not in CHANGE_OPS:
        raise _unknown("op", data.get("op"))
    return _reading(lambda: _CHANGE_READERS[data["op"]](data))


_CHANGE_READERS: dict[str, Callable[[Mapping[str, Any]], Change]] = {
    "add_entity": lambda d: AddEntity(_read_entity(d["definition"])),
    "rename_entity": lambda d: RenameEntity(d["entity"], d["new_name"], d.get("new_label", "")),
    "remove_entity": lambda d: RemoveEntity(d["entity"]),
    "add_attribute": lambda d: AddAttribute(d["entity"], _read_attribute(d["attribute"])),
    "rename_attribute": lambda d: RenameAttribute(
        d["entity"], d["name"], d["new_name"], d.get("new_label", "")
    ),
    "change_attribute": lambda d: ChangeAttribute(
        d["entity"], d["name"], tuple((k, _value(k, v)) for k, v in d["attribute"].items())
    ),
    "remove_attribute": lambda d: RemoveAttribute(d["entity"], d["name"]),
    "add_relationship": lambda d: AddRelationship(_read(Relationship, d["relationship"])),
    "change_relationship": lambda d: ChangeRelationship(
        d["entity"], d["name"], _read(Relationship, d.get("definition") or d["relationship"])
    ),
    "remove_relationship": lambda d: RemoveRelationship(
        d["entity"], d["name"], d.get("relationship", {}).get("to", "")
    ),
    "add_rule": lambda d: AddRule(_read_rule(d["rule"]), d.get("sets_aside", "entered")),
    "remove_rule": lambda d: RemoveRule(_read_rule(d["rule"]), _gives_back(d)),
}


def _entity(entity: Entity) -> Json:
    extra = {k: v for k in ("label", "plural", "id") if (v := getattr(entity, k))}
    return {
        "name": entity.name,
        "attributes": [_attribute(a) for a in entity.attributes],
        **extra,
    }


def _attribute(attribute: Attribute) -> Json:
    return {**_fields(attribute), "required": attribute.required}


def _said(relationship: Relationship) -> Json:
    return {**_fields(relationship), "required": relationship.required}


def _changed(relationship: Relationship, keys: tuple[str, ...]) -> Json:
    """Which relationship it is and what of it changes; the whole one where that isn't known."""
    said = _said(relationship)
    if not keys:
        return said
    return {key: said[key] for key in dict.fromkeys(("from", "to", "name", *keys)) if key in said}


def _rule(rule: Rule) -> Json:
    body = {"kind": rule.kind, **_fields(rule)}
    if "when" in body:
        body["when"] = dict(body["when"])
    if "where" in body:
        body["where"] = {k: v if equal else {"not": v} for k, v, equal in body["where"]}
    return body


def _fields(value: Any) -> Json:
    """The fields of a dataclass that differ from their defaults, under their outside names."""
    body: Json = {}
    for field in dataclasses.fields(value):
        content = getattr(value, field.name)
        if content != field.default or type(content) is not type(field.default):
            body[_RENAMED_KEYS.get(field.name, field.name)] = _plain(content)
    return body


def _gives_back(data: Mapping[str, Any]) -> Any:
    """What a removed rule gives back; the first versions said only whether."""
    said = data.get("gives_back", "")
    return "entered" if said is True else said


def _if(key: str, value: str) -> Json:
    return {key: value} if value else {}


def _plain(value: Any) -> Any:
    if isinstance(value, Call):
        return {"call": value.call}
    if isinstance(value, Decimal):
        return _number(value)
    if isinstance(value, tuple):
        return [_plain(v) for v in value]
    return value


def _number(value: Decimal) -> int | float | Json:
    """A JSON number where that is exact, else the digits."""
    if value == value.to_integral_value() and value.as_tuple().exponent == 0:
        return int(value)
    as_float = float(value)
    return as_float if Decimal(repr(as_float)) == value else {"decimal": str(value)}


def _value(key: str, value: Any) -> Any:
    """A field's value from its JSON form."""
    if isinstance(value, bool):
        return value
    if isinstance(value, float):
        return Decimal(repr(value))
    if isinstance(value, Mapping):
        if set(value) == {"decimal"}:
            return Decimal(value["decimal"])
        if key == "default" and set(value) == {"call"}:
            return Call(value["call"])
        raise _unknown(key, dict(value))
    if isinstance(value, list):
        return tuple(_value(key, v) for v in value)
    return value


def _read_entity(data: Mapping[str, Any]) -> Entity:
    known = {"name", "attributes", "label", "plural", "id"}
    _refuse_unknown(data, known, Message.of("spec.kinds.entity"))
    attributes = tuple(_read_attribute(a) for a in data["attributes"])
    return Entity(data["name"], attributes, *(data.get(k, "") for k in ("label", "plural", "id")))


def _read_entity_of_format_1(data: Mapping[str, Any]) -> Entity:
    entity = _read_entity(data)
    attributes = tuple(with_settled_scale_of_format_1(a) for a in entity.attributes)
    return dataclasses.replace(entity, attributes=attributes)


def _read_attribute(data: Mapping[str, Any]) -> Attribute:
    return _read(Attribute, data)


def _read_rule(data: Mapping[str, Any]) -> Rule:
    kind = RULE_KINDS.get(data.get("kind", ""))
    if kind is None:
        raise _unknown("kind", data.get("kind"))
    body = {k: v for k, v in data.items() if k != "kind"}
    if "when" in body:
        body["when"] = [list(item) for item in body["when"].items()]
    if "where" in body:
        body["where"] = [
            [k, v["not"], False] if isinstance(v, Mapping) else [k, v, True]
            for k, v in body["where"].items()
        ]
    return _read(kind, body)


def _read(kind: type[T], data: Mapping[str, Any]) -> T:
    inside = {outside: name for name, outside in _RENAMED_KEYS.items()}
    names = {field.name for field in dataclasses.fields(cast(Any, kind))}
    body = {inside.get(k, k): _value(k, v) for k, v in data.items()}
    _refuse_unknown(body, names, kind.__name__)
    return kind(**body)


def _refuse_unknown(data: Mapping[str, Any], known: Iterable[str], owner: str | Message) -> None:
    strange = sorted(set(data) - set(known))
    if strange:
        raise InvalidSpec.of("spec.error.unknown_key", owner=owner, key=strange[0])


def _unknown(key: str, value: object) -> InvalidSpec:
    return InvalidSpec.of("spec.error.unknown_value", key=key, value=repr(value))


def _reading(build: Callable[[], T]) -> T:
    try:
        return build()
    except (KeyError, TypeError, ValueError, AttributeError) as exc:
        cause = f"{type(exc).__name__}: {exc}"
        raise InvalidSpec.of("spec.error.damaged", cause=cause) from exc
