"""Interpretations in one line, so that a table of requests stays readable."""

from __future__ import annotations

from baes.spec.changes import (
    AddAttribute,
    AddRelationship,
    Change,
    ChangeAttribute,
    ChangeRelationship,
    RemoveAttribute,
    RemoveEntity,
    RemoveRelationship,
    RenameAttribute,
    RenameEntity,
)
from baes.spec.interpretation import Interpretation
from baes.spec.model import Attribute, Entity, Relationship

_MARKS = {"many_to_one": ">", "one_to_one": "-", "many_to_many": "<>"}
_LIMITS = (
    "default", "min", "max", "exclusive_min", "exclusive_max", "min_length", "max_length",
    "pattern", "format", "scale", "unit",
)  # fmt: skip


def shown(interpretation: Interpretation) -> str:
    """The data of an interpretation: "Pet(name, age:integer?) | Pet > Owner as owner!"."""
    parts = [_entity(entity) for entity in interpretation.entities]
    parts += [_relationship(relationship) for relationship in interpretation.relationships]
    parts += [_change(change) for change in interpretation.changes]
    return " | ".join(parts)


def _change(change: Change) -> str:
    """As in "+Pet.age:integer?", "-Pet.age", "Pet.age=years", "Pet.age{min=0}", "-Pet"."""
    match change:
        case AddAttribute(entity, attribute):
            return f"+{entity}.{_attribute(attribute)}"
        case RemoveAttribute(entity, name) | RemoveRelationship(entity, name):
            return f"-{entity}.{name}"
        case RenameAttribute(entity, name, new_name):
            return f"{entity}.{name}={new_name}"
        case ChangeAttribute(entity, name, to):
            said = " ".join(f"{key}={_value(value)}" for key, value in to)
            return f"{entity}.{name}{{{said}}}"
        case AddRelationship(relationship):
            return f"+{_relationship(relationship)}"
        case ChangeRelationship(entity, name, to):
            return f"{entity}.{name}: {_relationship(to)}"
        case RenameEntity(entity, new_name):
            return f"{entity}={new_name}"
        case RemoveEntity(entity):
            return f"-{entity}"
    raise AssertionError(change)


def _value(value: object) -> str:
    return "/".join(str(v) for v in value) if isinstance(value, tuple) else str(value)


def _entity(entity: Entity) -> str:
    return f"{entity.name}({', '.join(_attribute(a) for a in entity.attributes)})"


def _attribute(attribute: Attribute) -> str:
    type_ = "" if attribute.type == "string" else f":{attribute.type}"
    said = [f"{key}={getattr(attribute, key)}" for key in _LIMITS if _has(attribute, key)]
    said += ["unique"] if attribute.unique else []
    said += ["/".join(str(c) for c in attribute.choices)] if attribute.choices else []
    extra = f"[{' '.join(said)}]" if said else ""
    return f"{attribute.name}{type_}{extra}{'' if attribute.required else '?'}"


def _has(attribute: Attribute, key: str) -> bool:
    return getattr(attribute, key) is not None


def _relationship(link: Relationship) -> str:
    need = "!" if link.required else ""
    return f"{link.source} {_MARKS[link.kind]} {link.target} as {link.name}{need}"
