"""Whether what is said of an attribute fits what its name means."""

from __future__ import annotations

import dataclasses
import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from baes.domain_entities.senses import Sense, sense_of
from baes.domain_entities.voice import Voice, called
from baes.errors import InvalidSpec
from baes.spec.interpretation import Question
from baes.spec.model import Attribute

__all__ = ["Subject", "check_attribute_change", "check_attribute_sense"]

_BOUNDS = ("min", "exclusive_min", "max", "exclusive_max")
_LIMITS = (*_BOUNDS, "min_length", "max_length", "pattern", "format", "choices", "scale")


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose attribute it is, and to whom it is said."""

    entity: str
    title: str
    """What the entity is called in a sentence."""
    voice: Voice
    today: datetime.date | None = None
    """Without it nothing is said about past and future."""


def check_attribute_sense(attribute: Attribute, subject: Subject) -> Question | None:
    """A question where type or limits contradict the name."""
    sense = sense_of(attribute.name, subject.entity)
    if sense is None:
        return None
    if attribute.type not in sense.types:
        return subject.voice.question(
            "wrong_type",
            attribute=called(attribute),
            entity=subject.title,
            type=subject.voice.type_name(attribute.type),
            suggested=subject.voice.type_name(sense.types[0]),
            second=subject.voice.type_name(sense.types[1]),
        )
    return _below(attribute, sense, subject) or _in_future(attribute, sense, subject)


def check_attribute_change(old: Attribute, to: dict[str, Any], subject: Subject) -> Question | None:
    """A question where a change contradicts what stays, or the name.

    Which of the limits is to blame is found by leaving them out one kind after the other.
    """
    fields = {key: value for key, value in to.items() if key not in ("name", "id")}
    try:
        return check_attribute_sense(dataclasses.replace(old, **fields), subject)
    except InvalidSpec as exc:
        key = _to_blame(old, fields)
        if key is None:
            what = subject.voice.cause(exc)
            return subject.voice.question("refused", entity=subject.title, what=what)
        after = {f.name: getattr(old, f.name) for f in dataclasses.fields(old)} | fields
        return subject.voice.question(
            key,
            attribute=called(old),
            entity=subject.title,
            type=subject.voice.type_name(after["type"]),
            default=str(after["default"]),
            limits=subject.voice.limits(after),
        )


def _to_blame(old: Attribute, fields: dict[str, Any]) -> str | None:
    if _is_possible(old, {**fields, "default": None}):
        return "default_outside"
    bare = {**fields, "default": None, **dict.fromkeys(_LIMITS)}
    if "type" in fields and _is_possible(old, bare):
        return "limit_of_type"
    for key in _LIMITS:
        if fields.get(key) is not None and not _is_possible(old, {**bare, key: fields[key]}):
            return "limit_of_type"
    return "no_value_left" if _is_possible(old, bare) else None


def _is_possible(old: Attribute, fields: dict[str, Any]) -> bool:
    try:
        dataclasses.replace(old, **fields)
    except InvalidSpec:
        return False
    return True


def _below(attribute: Attribute, sense: Sense, subject: Subject) -> Question | None:
    if sense.lowest is None:
        return None
    for key in (*_BOUNDS, "default"):
        value = getattr(attribute, key)
        if _is_number(value) and value < sense.lowest:
            return subject.voice.question(
                "too_low",
                attribute=called(attribute),
                entity=subject.title,
                lowest=str(sense.lowest),
                value=str(value),
                limit=subject.voice.limit_name(key),
            )
    return None


def _is_number(value: object) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def _in_future(attribute: Attribute, sense: Sense, subject: Subject) -> Question | None:
    if not sense.past or subject.today is None:
        return None
    for value in (attribute.default, attribute.min, attribute.exclusive_min):
        if isinstance(value, str) and _date(value) > subject.today:
            return subject.voice.question(
                "in_future", attribute=called(attribute), entity=subject.title, value=value
            )
    return None


def _date(text: str) -> datetime.date:
    """The day of a date or datetime; the attribute's own checks have seen that it is one."""
    try:
        return datetime.datetime.fromisoformat(text).date()
    except ValueError:
        return datetime.date.min  # a text attribute's default: nothing can be said of it
