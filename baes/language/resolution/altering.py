"""What is said of an attribute that is there, as the fields that change."""

from __future__ import annotations

import dataclasses
from typing import Any

from baes.language.facts import Said, Value
from baes.language.resolution.attributes import bound_of, default_of, literal_of
from baes.language.resolution.drafts import Doubt
from baes.language.resolution.merging import merged
from baes.language.resolution.validity import settle_validity
from baes.language.vocabulary import Vocabulary
from baes.spec.attribute_types import AttributeType
from baes.spec.interpretation import Question
from baes.spec.model import Attribute

__all__ = ["altered"]

_BOUNDS = ("min", "max", "exclusive_min", "exclusive_max")
_RIVALS = {
    "min": "exclusive_min", "max": "exclusive_max", "exclusive_min": "min", "exclusive_max": "max",
}  # fmt: skip
_WHOLE = ("min_length", "max_length", "scale")
_TOGETHER = frozenset({"choices", "add_choices", "drop_choices", "default", "exact"})
"""What depends on the type and on the choices that there are, or is a part of the type."""


def altered(
    old: Attribute, said: Said, entity: str, lexicon: Vocabulary
) -> tuple[tuple[str, object], ...]:
    """(field, new value) of all that differs, in the order of the fields.

    Raises:
        Doubt: It is said in two ways, or values are named that can't be meant.
    """
    told = merged(said, old.title, lexicon)
    type_ = told.get("type", old.type)
    if told.get("valid") is False and old.format is None and old.pattern is None:
        raise Doubt(Question(lexicon.question("unexplained", fragment=old.title)))
    settle_validity(told, old.title, type_, lexicon)
    to = _plain_keys(old, told, type_, lexicon)
    choices = _choices(old, told, entity, lexicon)
    if choices is not None:
        to["choices"] = tuple(literal_of(value, type_) for value in choices)
    if "default" in told:
        given = told["default"]
        known = to.get("choices", old.choices)
        to["default"] = default_of(given, type_, known) if given is not None else None
    order = [field.name for field in dataclasses.fields(Attribute)]
    return tuple((key, to[key]) for key in order if key in to and to[key] != getattr(old, key))


def _plain_keys(
    old: Attribute, told: dict[str, Any], type_: AttributeType, lexicon: Vocabulary
) -> dict[str, Any]:
    """The new values of all that depends on nothing else that is said."""
    to: dict[str, Any] = {}
    for key, value in told.items():
        if key in _BOUNDS:
            to[key] = bound_of(value, type_) if isinstance(value, Value) else None
            if value is not None and getattr(old, _RIVALS[key]) is not None:
                to.setdefault(_RIVALS[key], None)
        elif key in _WHOLE:
            to[key] = int(value.number) if isinstance(value, Value) else None
        elif key in ("type", "required", "unique", "unit", "format"):
            to[key] = value
        elif key == "pattern":
            to[key] = value.text if isinstance(value, Value) else None
        elif key not in _TOGETHER:
            raise Doubt(Question(lexicon.question("unexplained", fragment=old.title)))
    if type_ != "decimal" and "scale" not in to:
        to["scale"] = None
    return to


def _choices(
    old: Attribute, said: dict[str, Any], entity: str, lexicon: Vocabulary
) -> tuple[Value, ...] | None:
    """The whole new list of choices, where it changes."""
    edits = {"add_choices", "drop_choices"} & set(said)
    if not edits:
        return said.get("choices")
    if "choices" in said or old.choices is None:
        raise _doubt("no_choices", old, entity, lexicon)
    kept = [Value(str(c), number=str(c) if not isinstance(c, str) else "") for c in old.choices]
    for value in said.get("drop_choices", ()):
        hits = [k for k in kept if k.text.lower() == value.text.lower()]
        if not hits:
            raise _doubt("no_such_choice", old, entity, lexicon, value=value.text)
        kept.remove(hits[0])
    for value in said.get("add_choices", ()):
        if any(k.text.lower() == value.text.lower() for k in kept):
            raise _doubt("choice_exists", old, entity, lexicon, value=value.text)
        kept.append(value)
    return tuple(kept)


def _doubt(key: str, old: Attribute, entity: str, lexicon: Vocabulary, /, **slots: str) -> Doubt:
    choices = ", ".join(str(c) for c in old.choices or ())
    return Doubt(
        Question(lexicon.question(key, name=old.title, entity=entity, choices=choices, **slots))
    )
