"""Which limits an attribute of a type may have, and when they contradict each other."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal
from typing import TYPE_CHECKING

from baes.errors import InvalidSpec
from baes.spec.attribute_types import (
    ATTRIBUTE_TYPES,
    NUMERIC_TYPES,
    TEMPORAL_TYPES,
    TEXTUAL_TYPES,
)
from baes.spec.formats import CHECKED, checked_form
from baes.texts import Message

if TYPE_CHECKING:
    from baes.spec.model import Attribute

__all__ = ["check_attribute", "fits", "is_value"]

MAX_SCALE = 17
"""Digits after the point; a decimal has 18 digits in all, and one of them before the point."""

_BOUNDS = ("min", "max", "exclusive_min", "exclusive_max")
_INT64 = 2**63


def check_attribute(attribute: Attribute) -> None:
    """Refuse limits that the type can't have or that no value meets.

    Raises:
        InvalidSpec: Saying which limit, and why.
    """
    if attribute.type not in ATTRIBUTE_TYPES:
        raise _refused(attribute, "no_type", name=attribute.type)
    _check_bounds(attribute)
    _check_lengths(attribute)
    _check_scale(attribute)
    _check_choices(attribute)
    _check_default(attribute)


def _check_bounds(attribute: Attribute) -> None:
    for key in _BOUNDS:
        bound = getattr(attribute, key)
        if bound is None:
            continue
        if attribute.type not in NUMERIC_TYPES | TEMPORAL_TYPES:
            raise _not_for_type(attribute, key)
        if not is_value(bound, attribute):
            raise _refused(attribute, "not_of_type", value=bound)
    lows = [(v, s) for v, s in ((attribute.min, 0), (attribute.exclusive_min, 1)) if v is not None]
    highs = [(v, s) for v, s in ((attribute.max, 0), (attribute.exclusive_max, 1)) if v is not None]
    for low, low_open in lows:
        for high, high_open in highs:
            if _order(low) > _order(high) or (low == high and (low_open or high_open)):
                raise _refused(attribute, "empty_range", low=low, high=high)


def _order(bound: int | Decimal | str) -> Decimal:
    """A number that orders bounds of one type."""
    if not isinstance(bound, str):
        return Decimal(bound)
    if ":" in bound and "-" not in bound:
        moment = datetime.time.fromisoformat(bound)
        return Decimal(moment.hour * 3600 + moment.minute * 60 + moment.second)
    stamp = datetime.datetime.fromisoformat(bound)
    aware = stamp if stamp.tzinfo else stamp.replace(tzinfo=datetime.UTC)
    return Decimal(str(aware.timestamp()))


def _check_lengths(attribute: Attribute) -> None:
    if attribute.format is not None and attribute.format not in CHECKED:
        raise _refused(attribute, "no_format", name=attribute.format)
    for key in ("min_length", "max_length", "pattern", "format"):
        if getattr(attribute, key) is not None and attribute.type not in TEXTUAL_TYPES:
            raise _not_for_type(attribute, key)
    shortest, longest = attribute.min_length, attribute.max_length
    if (shortest is not None and shortest < 0) or (longest is not None and longest < 1):
        raise _refused(attribute, "length")
    if shortest is not None and longest is not None and shortest > longest:
        raise _refused(attribute, "empty_lengths", shortest=shortest, longest=longest)
    if attribute.pattern is not None:
        try:
            re.compile(attribute.pattern)
        except re.error as exc:
            raise _refused(attribute, "pattern", cause=str(exc)) from exc


def _check_scale(attribute: Attribute) -> None:
    if attribute.scale is None:
        return
    if attribute.type != "decimal":
        raise _not_for_type(attribute, "scale")
    if not 0 <= attribute.scale <= MAX_SCALE:
        raise _refused(attribute, "scale", most=MAX_SCALE)


def _check_choices(attribute: Attribute) -> None:
    if attribute.choices is None:
        return
    if not attribute.choices:
        raise _refused(attribute, "no_choices")
    if len(set(attribute.choices)) != len(attribute.choices):
        raise _refused(attribute, "twin_choices")
    for choice in attribute.choices:
        if not is_value(choice, attribute):
            raise _refused(attribute, "not_of_type", value=choice)


def _check_default(attribute: Attribute) -> None:
    default = attribute.default
    if default is None:
        return
    if not isinstance(default, str | int | Decimal | bool):
        if attribute.type not in ("date", "datetime", "time"):
            raise _refused(attribute, "default_type", value=f"{default.call}()")
        return
    if not is_value(default, attribute):
        raise _refused(attribute, "default_type", value=default)
    if not fits(default, attribute):
        raise _refused(attribute, "default_outside", value=default)


def fits(value: object, attribute: Attribute) -> bool:
    """Whether a value of the right type keeps the attribute's limits.

    A pattern is not tried: it is the user's, and may be slow.
    """
    if attribute.choices is not None and value not in attribute.choices:
        return False
    if attribute.format is not None and not checked_form(attribute.format).is_valid(str(value)):
        return False
    if isinstance(value, str) and attribute.type in TEXTUAL_TYPES:
        too_short = attribute.min_length is not None and len(value) < attribute.min_length
        too_long = attribute.max_length is not None and len(value) > attribute.max_length
        return not (too_short or too_long)
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        return True
    order = _order(value) if attribute.type in NUMERIC_TYPES | TEMPORAL_TYPES else Decimal(0)
    return not (
        (attribute.min is not None and order < _order(attribute.min))
        or (attribute.max is not None and order > _order(attribute.max))
        or (attribute.exclusive_min is not None and order <= _order(attribute.exclusive_min))
        or (attribute.exclusive_max is not None and order >= _order(attribute.exclusive_max))
    )


def is_value(value: object, attribute: Attribute) -> bool:
    """Whether a value is of the attribute's type, its limits aside."""
    match attribute.type:
        case "boolean":
            return isinstance(value, bool)
        case "integer":
            is_int = isinstance(value, int) and not isinstance(value, bool)
            return is_int and -_INT64 <= int(value) < _INT64  # type: ignore[call-overload]  # int
        case "float" | "decimal":
            return isinstance(value, int | Decimal) and not isinstance(value, bool)
        case "date" | "time" | "datetime":
            return isinstance(value, str) and _is_temporal(value, attribute.type)
        case _:
            return isinstance(value, str)


def _is_temporal(value: str, type_: str) -> bool:
    parse = {
        "date": datetime.date.fromisoformat,
        "time": datetime.time.fromisoformat,
        "datetime": datetime.datetime.fromisoformat,
    }[type_]
    try:
        parse(value)
    except ValueError:
        return False
    return True


def _not_for_type(attribute: Attribute, key: str) -> InvalidSpec:
    return _refused(attribute, "not_for_type", limit=Message.of(f"spec.limits.{key}"))


def _refused(attribute: Attribute, why: str, **slots: object) -> InvalidSpec:
    if attribute.type in ATTRIBUTE_TYPES:
        slots["type"] = Message.of(f"common.types.{attribute.type}")
    reason = Message(f"spec.limit.{why}", slots)
    return InvalidSpec.of("spec.error.limit", attribute=attribute.name, reason=reason)
