"""How the parts of a listing are written in the words of a language's grammar."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from baes.datafiles import load_toml
from baes.language.vocabulary import Vocabulary, vocabulary

__all__ = [
    "Field",
    "entity_line",
    "field_of",
    "is_key",
    "is_name",
    "listing_words",
    "meaning_of",
    "said_of",
]

Field = tuple[str, tuple[str, ...]]
"""The name of an attribute, and what is said of it, in words."""

_NAME = re.compile(r"[^\W\d_][\w ./-]{0,59}")
_VALUE = re.compile(r"[\w.:+-][\w .:+-]{0,59}")


@dataclass(frozen=True, slots=True)
class ListingWords:
    """The words of listings in one language."""

    heading: Mapping[str, str]
    """A heading or key, in lower case -> what it means."""
    write: Mapping[str, str]
    """A meaning -> how the grammar is told so."""
    truth: Mapping[str, str]
    """What stands in a cell -> "yes" or "no"."""


@functools.cache
def listing_words(language: str) -> ListingWords:
    """The words of a language; read only where a request has a listing."""
    data = load_toml(f"language/data/{language}/listing.toml")
    plain = vocabulary(language).syntax.plain
    inverted = {
        part: {plain(word): meaning for meaning, words in data[part].items() for word in words}
        for part in ("heading", "truth")
    }
    return ListingWords(inverted["heading"], data["write"], inverted["truth"])


def entity_line(name: str, fields: Iterable[Field]) -> str:
    """An entity with its attributes, as the grammar reads it.

    >>> entity_line("Parcel", [("code", ("string", "unique")), ("weight", ())])
    'Parcel (code (string, unique), weight)'
    """
    return f"{name} ({', '.join(field_of(field) for field in fields)})"


def field_of(field: Field) -> str:
    """An attribute with what is said of it in brackets."""
    name, said = field
    told = ", ".join(part for part in said if part)
    return f"{name} ({told})" if told else name


def is_key(name: str) -> bool:
    """Whether a column is the key that every record has anyway."""
    return name.strip().lower() in ("id", "_id")


def meaning_of(heading: str, lexicon: Vocabulary) -> str:
    """What a heading or a key of a listing means: "name", "type", "required" …; empty: nothing."""
    plain = re.sub(r"[_\s]+", " ", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", heading)).strip().lower()
    return listing_words(lexicon.language).heading.get(lexicon.syntax.plain(plain), "")


def said_of(meaning: str, value: object, lexicon: Vocabulary) -> str | None:
    """What a cell says, in words; empty: nothing; ``None``: it can't be told."""
    text = _text(value)
    write = listing_words(lexicon.language).write
    if meaning == "type":
        return text
    if meaning in ("required", "optional", "unique"):
        return _flag(meaning, text, lexicon)
    if meaning == "choices" and isinstance(value, list | tuple):
        values = [_text(one) for one in value]
        fits = len(values) > 1 and all(_VALUE.fullmatch(one) for one in values)
        return write["choices"].format(value=", ".join(values)) if fits else None
    wording = write.get(meaning)
    if wording is None or isinstance(value, list | tuple | Mapping):
        return None
    if value is None or not text.strip("- "):
        return ""
    return wording.format(value=text) if _VALUE.fullmatch(text) else None


def is_name(text: str) -> bool:
    """Whether a text can be what something is called."""
    return _NAME.fullmatch(text.strip()) is not None


def _flag(meaning: str, text: str, lexicon: Vocabulary) -> str | None:
    truth = listing_words(lexicon.language).truth.get(lexicon.syntax.plain(text.strip().lower()))
    if truth is None:
        truth = "yes" if meaning_of(text, lexicon) == meaning else None
    if truth is None:
        return None
    if meaning == "optional":
        meaning, truth = "required", "no" if truth == "yes" else "yes"
    if truth == "yes":
        return listing_words(lexicon.language).write[meaning]
    return listing_words(lexicon.language).write["optional"] if meaning == "required" else ""


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value).strip()
