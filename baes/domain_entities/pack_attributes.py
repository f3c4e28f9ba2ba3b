"""The attributes of a domain pack: each under all its names, and made when it is asked for."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from baes.domain_entities.pack_faults import (
    HELP,
    fault,
    is_language,
    known_keys,
    table,
    words_in,
)
from baes.errors import BaesError
from baes.spec.attribute_types import ATTRIBUTE_TYPES
from baes.spec.model import Attribute, Call
from baes.spec.names import AttributeName

__all__ = ["Concept", "Concepts", "offered"]

_LIMITS = (
    "required", "unique", "default", "min", "max", "exclusive_min", "exclusive_max", "min_length",
    "max_length", "pattern", "format", "choices", "scale", "unit",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Concept:
    """An attribute of a pack, under each of its names."""

    key: str
    named: dict[str, tuple[Attribute, ...]]
    """Language -> the attribute as each word calls it, the word that is offered first."""


class Concepts:
    """The attributes that entities of a pack refer to by key.

    Args:
        entries: Key -> what the pack's file says.
        source: The file, for messages.
        common: Gives those that all packs share.
    """

    def __init__(
        self,
        entries: Mapping[str, Any],
        source: str,
        common: Callable[[], Concepts] | None = None,
    ) -> None:
        self._entries = entries
        self._source = source
        self._common = common
        self._made: dict[str, Concept] = {}

    def all(self) -> tuple[Concept, ...]:
        """Every attribute of the file, so that a fault in any of them is found."""
        return tuple(self._make(key) for key in self._entries)

    def find(self, key: object, place: str) -> Concept:
        """The attribute of a key, the file's own before the common one.

        Raises:
            InvalidSpec: There is none.
        """
        if isinstance(key, str) and key in self._entries:
            return self._make(key)
        if self._common is not None and self._common().knows(key):
            return self._common().find(key, place)
        mend = f"add [attribute.{key}]"
        raise fault(self._source, place, f"there is no attribute {key!r}", mend)

    def words(self, key: str) -> dict[str, list[str]]:
        """Language -> the words for an attribute, as the file has them."""
        if key not in self._entries and self._common is not None:
            return self._common().words(key)
        return {k: v for k, v in self._entries[key].items() if is_language(k)}

    def knows(self, key: object) -> bool:
        """Whether the file has an attribute of that key."""
        return key in self._entries

    def _make(self, key: str) -> Concept:
        if key not in self._made:
            self._made[key] = _concept(key, self._entries[key], self._source)
        return self._made[key]


def offered(
    entries: Iterable[object], language: str, concepts: Concepts, source: str, place: str
) -> tuple[Attribute, ...]:
    """The attributes that an entity offers in a language when a request names none."""
    attributes = []
    for entry in entries:
        more = dict(entry) if isinstance(entry, dict) else {"attribute": entry}
        concept = concepts.find(more.pop("attribute", None), f"{place}.defaults")
        known_keys(more, set(_LIMITS), source, f"{place}.defaults")
        if language not in concept.named:
            raise fault(
                source,
                f"attribute.{concept.key}",
                f"has no word in the language {language}, in which {place} offers it",
                f'add a line such as {language} = ["…"]',
            )
        limits = _frozen(more, language, source, f"{place}.defaults")
        attributes.append(_with_limits(concept.named[language][0], limits, source, place))
    return tuple(attributes)


def _concept(key: str, entry: object, source: str) -> Concept:
    place = f"attribute.{key}"
    if not isinstance(entry, dict):
        raise fault(source, place, "is no table", f"write [attribute.{key}]")
    words = {k: words_in(v, source, f"{place}.{k}") for k, v in entry.items() if is_language(k)}
    fields = {k: v for k, v in entry.items() if not is_language(k) and k != "label"}
    known_keys(fields, {"type", *_LIMITS}, source, place)
    if fields.get("type") not in ATTRIBUTE_TYPES:
        types = ", ".join(ATTRIBUTE_TYPES)
        raise fault(source, f"{place}.type", f"{fields.get('type')!r} is no type", f"use {types}")
    if not words:
        raise fault(source, place, "has no words", f'add a line such as en = ["{key}"]')
    labels = table(entry, "label", source)
    known_keys(labels, set(words), source, f"{place}.label")
    named = {}
    for language, called in words.items():
        limits = _frozen(fields, language, source, place)
        named[language] = tuple(
            _attribute(word, "" if n else labels.get(language, ""), limits, source, place)
            for n, word in enumerate(called)
        )
    return Concept(key, named)


def _attribute(
    word: str, label: str, limits: Mapping[str, Any], source: str, place: str
) -> Attribute:
    name = AttributeName.from_text(word)
    try:
        return Attribute(name.name, label=label or name.label, **limits)
    except BaesError as exc:
        raise fault(source, place, exc.what, exc.why or HELP) from exc


def _with_limits(
    attribute: Attribute, limits: Mapping[str, Any], source: str, place: str
) -> Attribute:
    try:
        return dataclasses.replace(attribute, **limits) if limits else attribute
    except BaesError as exc:
        raise fault(source, f"{place}.defaults", exc.what, exc.why or HELP) from exc


def _frozen(fields: Mapping[str, Any], language: str, source: str, place: str) -> dict[str, Any]:
    """TOML's values as those of a specification: exact numbers, dates as text, tuples."""
    found = {}
    for key, value in fields.items():
        chosen = value
        if isinstance(value, dict) and all(map(is_language, value)):
            if language not in value:
                mend = f"add {language} = … to it"
                raise fault(source, f"{place}.{key}", f"has no value for {language}", mend)
            chosen = value[language]
        is_list = isinstance(chosen, list)
        found[key] = tuple(map(_exact, chosen)) if is_list else _exact(chosen)
    return found


def _exact(value: Any) -> Any:
    match value:
        case float():
            return Decimal(str(value))
        case datetime.date() | datetime.time():
            return value.isoformat()
        case {"call": "today" | "now" as call}:
            return Call(call)
        case _:
            return value
