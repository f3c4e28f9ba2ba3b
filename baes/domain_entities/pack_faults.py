"""Looking into the parsed TOML of a pack, and refusing it with the file, the key and the mend."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from baes.errors import InvalidSpec
from baes.spec.names import is_attribute_name, snake_case

__all__ = ["HELP", "fault", "is_language", "known_keys", "table", "words_in"]

HELP = "docs/domain-packs.md shows how a pack is written"


def fault(source: str, place: str, why: str, mend: str) -> InvalidSpec:
    """What is wrong with a pack."""
    return InvalidSpec(f"the domain pack {source} can't be used", f"{place}: {why}", mend)


def is_language(key: str) -> bool:
    """Whether a key names a language."""
    return len(key) == 2 and key.isascii() and key.islower()


def table(data: Mapping[str, Any], key: str, source: str) -> Mapping[str, Any]:
    """A table of the file; without it an empty one.

    Raises:
        InvalidSpec: It is something else.
    """
    found = data.get(key, {})
    if not isinstance(found, dict):
        raise fault(source, key, "is no table", f"write [{key}.name]")
    return found


def known_keys(entry: Mapping[str, Any], known: set[str], source: str, place: str) -> None:
    """Refuse a key that nothing reads."""
    unknown = sorted(entry.keys() - known)
    if unknown:
        mend = f"use one of {', '.join(sorted(known))}"
        raise fault(source, place, f"there is no key {unknown[0]!r}", mend)


def words_in(value: object, source: str, place: str) -> tuple[str, ...]:
    """A list of words, each of which can be a name."""
    if not isinstance(value, list) or not value or not all(isinstance(w, str) for w in value):
        raise fault(source, place, "is no list of words", 'write it like ["student", "pupil"]')
    words = tuple(dict.fromkeys(value))
    for word in words:
        if not is_attribute_name(snake_case(word)):
            raise fault(source, place, f"{word!r} can't be a name", "begin it with a letter")
    return words
