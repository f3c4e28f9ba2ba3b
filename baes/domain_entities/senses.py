"""What attributes of well-known names mean in any business (``packs/general.toml``)."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from baes.datafiles import load_toml
from baes.spec.attribute_types import AttributeType
from baes.spec.names import snake_case
from baes.texts import LANGUAGES

__all__ = ["Sense", "sense_of"]


@dataclass(frozen=True, slots=True)
class Sense:
    """What can be said of an attribute for its name alone."""

    key: str
    types: tuple[AttributeType, ...]
    """Those that make sense, the usual one first."""
    lowest: int | None = None
    past: bool = False


@dataclass(frozen=True, slots=True)
class _Senses:
    by_word: dict[str, Sense]
    prefixes: tuple[str, ...]
    suffixes: tuple[str, ...]
    joints: tuple[str, ...]


def sense_of(attribute: str, entity: str) -> Sense | None:
    """The sense of an attribute's name; an unknown one has none.

    >>> sense_of("student_email", "Student").key, sense_of("email_verified", "Student")
    ('email', None)
    """
    senses = _senses()
    found = (senses.by_word.get(word) for word in _readings(attribute, snake_case(entity), senses))
    return next(filter(None, found), None)


def _readings(name: str, entity: str, senses: _Senses) -> Iterator[str]:
    yield name
    yield name.removeprefix(f"{entity}_")
    for joint in senses.joints:
        yield name.removesuffix(f"_{joint}_{entity}")
    yield from (name.removeprefix(f"{word}_") for word in senses.prefixes)
    yield from (name.removesuffix(f"_{word}") for word in senses.suffixes)


@functools.cache
def _senses() -> _Senses:
    data = load_toml("domain_entities/packs/general.toml")
    by_word: dict[str, Sense] = {}
    for key, entry in data["sense"].items():
        sense = Sense(key, tuple(entry["types"]), entry.get("lowest"), entry.get("past", False))
        for language in LANGUAGES:
            by_word.update((snake_case(word), sense) for word in entry.get(language, ()))
    affixes = (data[kind] for kind in ("prefixes", "suffixes", "joints"))
    return _Senses(by_word, *(tuple(chain(*words.values())) for words in affixes))
