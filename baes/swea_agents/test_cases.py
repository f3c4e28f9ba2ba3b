"""What the generated tests compare: values in their order, and values that change into others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from baes.spec.attribute_types import NUMERIC_TYPES
from baes.spec.model import Attribute, Call, Entity
from baes.swea_agents.column_types import max_length_of
from baes.swea_agents.identifiers import filter_alias
from baes.swea_agents.samples import Json, json_value, samples

__all__ = ["Pair", "cleared", "pairs", "plain_default", "searched", "unreadable"]

SEARCHED = "Ñqwxyz"
"""What the test of the search looks for, in another letter case: nothing else is called so."""

_UNREADABLE = {
    "integer": "x", "float": "x", "decimal": "x", "boolean": "x", "date": "2024-02-30",
    "time": "25:00", "datetime": "yesterday", "uuid": "x",
}  # fmt: skip
"""Attribute type -> a text that is none of its values; any text may be a text."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two values of a field, the lower one first."""

    field: str
    parameter: str
    """The query parameter that filters by the field."""
    low: Json
    high: Json


def pairs(entity: Entity) -> Iterator[Pair]:
    """Two values of each attribute that takes two."""
    for attribute in entity.attributes:
        found = _two(attribute)
        if found is not None:
            yield Pair(attribute.name, filter_alias(attribute.name), *found)


def cleared(entity: Entity) -> Iterator[tuple[str, Json, Json]]:
    """(field, a value, what it becomes when a replacement leaves the field out)."""
    for attribute in entity.attributes:
        if isinstance(attribute.default, Call) or (
            attribute.required and attribute.default is None
        ):
            continue
        afterwards = plain_default(attribute)
        before = next((value for value in samples(attribute) if value != afterwards), None)
        if before is not None:
            yield attribute.name, before, afterwards


def plain_default(attribute: Attribute) -> Json:
    """The default as the API answers it; null where there is none."""
    return None if attribute.default is None else json_value(attribute, attribute.default)


def unreadable(entity: Entity) -> Iterator[tuple[str, str]]:
    """(query parameter, a text that can't be a value of its field)."""
    for attribute in entity.attributes:
        if attribute.type in _UNREADABLE:
            for text in ("", _UNREADABLE[attribute.type]):
                yield filter_alias(attribute.name), text


def searched(entity: Entity) -> str:
    """The attribute that a record is searched by; empty where none takes any text."""
    for attribute in entity.attributes:
        if _is_free_text(attribute) and _takes_length(attribute, len(SEARCHED)):
            return attribute.name
    return ""


def _two(attribute: Attribute) -> tuple[Json, Json] | None:
    if _is_free_text(attribute):
        length = attribute.min_length or 1
        return "a" * length, "B" * length  # the other way round where letter case counts
    ordered = sorted(samples(attribute), key=lambda value: _place(attribute, value))
    low, high = ordered[0], ordered[-1]
    return None if _place(attribute, low) == _place(attribute, high) else (low, high)


def _place(attribute: Attribute, value: Json) -> Any:
    if attribute.type in NUMERIC_TYPES:
        return Decimal(str(value))
    return value.casefold() if isinstance(value, str) else value


def _is_free_text(attribute: Attribute) -> bool:
    is_text = attribute.type in ("string", "text")
    return is_text and (attribute.pattern, attribute.format, attribute.choices) == (None,) * 3


def _takes_length(attribute: Attribute, length: int) -> bool:
    longest = max_length_of(attribute)
    return (attribute.min_length or 1) <= length and (longest is None or length <= longest)
