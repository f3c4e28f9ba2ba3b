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

if TYPE_CHECKING:
    from baes.spec.model import Attribute

__all__ = ["check_attribute", "fits"]

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
        raise _refused(attribute, f"there is no type {attribute.type!r}")
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
            raise _refused(attribute, f"a {attribute.type} has no {key}")
        if not _is_value(bound, attribute):
            raise _refused(attribute, f"{bound!r} is no {attribute.type}")
    lows = [(v, s) for v, s in ((attribute.min, 0), (attribute.exclusive_min, 1)) if v is not None]
    highs = [(v, s) for v, s in ((attribute.max, 0), (attribute.exclusive_max, 1)) if v is not None]
    for low, low_open in lows:
        for high, high_open in highs:
            if _order(low) > _order(high) or (low == high and (low_open or high_open)):
                raise _refused(attribute, f"no value is at least {low} and at most {high}")


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
    for key in ("min_length", "max_length", "pattern"):
        if getattr(attribute, key) is not None and attribute.type not in TEXTUAL_TYPES:
            raise _refused(attribute, f"a {attribute.type} has no {key.replace('_', ' ')}")
    shortest, longest = attribute.min_length, attribute.max_length
    if (shortest is not None and shortest < 0) or (longest is not None and longest < 1):
        raise _refused(attribute, "a length is a positive number")
    if shortest is not None and longest is not None and shortest > longest:
        raise _refused(attribute, f"no text has at least {shortest} and at most {longest} letters")
    if attribute.pattern is not None:
        try:
            re.compile(attribute.pattern)
        except re.error as exc:
            raise _refused(attribute, f"the pattern is broken: {exc}") from exc


def _check_scale(attribute: Attribute) -> None:
    if attribute.scale is None:
        return
    if attribute.type != "decimal":
        raise _refused(attribute, f"a {attribute.type} has no digits after the point to limit")
    if not 0 <= attribute.scale <= MAX_SCALE:
        raise _refused(attribute, f"a decimal has 0 to {MAX_SCALE} digits after the point")


def _check_choices(attribute: Attribute) -> None:
    if attribute.choices is None:
        return
    if not attribute.choices:
        raise _refused(attribute, "there is nothing to choose from")
    if len(set(attribute.choices)) != len(attribute.choices):
        raise _refused(attribute, "a choice is named twice")
    for choice in attribute.choices:
        if not _is_value(choice, attribute):
            raise _refused(attribute, f"{choice!r} is no {attribute.type}")


def _check_default(attribute: Attribute) -> None:
    default = attribute.default
    if default is None:
        return
    if not isinstance(default, str | int | Decimal | bool):
        if attribute.type not in ("date", "datetime", "time"):
            raise _refused(attribute, f"{default.call}() is no {attribute.type}")
        return
    if not _is_value(default, attribute):
        raise _refused(attribute, f"its default {default!r} is no {attribute.type}")
    if not fits(default, attribute):
        raise _refused(attribute, f"its default {default!r} is outside its own limits")


def fits(value: object, attribute: Attribute) -> bool:
    """Whether a value of the right type keeps the attribute's limits.

    A pattern is not tried: it is the user's, and may be slow.
    """
    if attribute.choices is not None and value not in attribute.choices:
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


def _is_value(value: object, attribute: Attribute) -> bool:
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


def _refused(attribute: Attribute, why: str) -> InvalidSpec:
    return InvalidSpec(f"{attribute.name} can't be like that", why, "say its type and limits anew")
