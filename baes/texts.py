"""What is said to users: every text is data, one file a room and language.

A text has a key such as ``core.changes.add_entity``: the room, then the place in the room's
``messages/<language>.toml``; those of ``common`` lie beside this module. Whoever finds out what is
to be said seldom knows in which language, so it travels as a :class:`Message` (errors are alike)
and becomes words where the language is known, at the edge.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from baes.datafiles import PACKAGE, load_toml

__all__ = [
    "DEFAULT_LANGUAGE",
    "LANGUAGES",
    "Message",
    "Speakable",
    "alternatives",
    "catalogue",
    "has_text",
    "known_language",
    "listed",
    "locale_language",
    "said",
    "text",
]

DEFAULT_LANGUAGE = "en"
LANGUAGES = (
    DEFAULT_LANGUAGE,
    *sorted({path.stem for path in (PACKAGE / "messages").glob("*.toml")} - {DEFAULT_LANGUAGE}),
)
"""The languages that are spoken, each a file in every room's ``messages``."""

_VARIABLES = ("BAES_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
"""The first one that is set says which language the user wants."""


class Speakable(Protocol):
    """Something that can be said in several languages."""

    def spoken(self, language: str) -> object:
        """It, or an object with its parts, in the words of a language."""


class Message:
    """A text that waits for its language.

    Every command imports this module, so it is no dataclass: those take longer to import than
    ``baes --help`` takes for the rest.
    """

    __slots__ = ("key", "slots")

    def __init__(self, key: str, slots: Mapping[str, object]) -> None:
        self.key = key
        self.slots = slots

    @classmethod
    def of(cls, key: str, /, **slots: object) -> Message:
        """The message of a key with its slots filled."""
        return cls(key, slots)

    def spoken(self, language: str) -> str:
        """The message in words."""
        return text(language, self.key, **self.slots)

    def __str__(self) -> str:
        return self.spoken(DEFAULT_LANGUAGE)


def known_language(name: str) -> str:
    """The language of a name such as ``pt_BR.UTF-8``; English for what nothing is written in.

    >>> known_language("pt_BR.UTF-8"), known_language("pt"), known_language("C"), known_language("")
    ('pt', 'pt', 'en', 'en')
    """
    language = name.replace("-", "_").split(".")[0].split("_")[0].lower()
    return language if language in LANGUAGES else DEFAULT_LANGUAGE


def locale_language(environment: Mapping[str, str]) -> str:
    """The language that the user's environment asks for."""
    return known_language(next((v for name in _VARIABLES if (v := environment.get(name))), ""))


def text(language: str, key: str, /, **slots: object) -> str:
    """The text of a key, its slots filled in the same language.

    Where a key has the forms ``one`` and ``other``, the slot ``count`` decides.

    Raises:
        KeyError: There is no such key: a fault of the program, and tested for.
    """
    template = _entry(language, key)
    if isinstance(template, dict):
        template = template["one" if slots["count"] == 1 else "other"]
    return str(template).format_map({name: said(v, language) for name, v in slots.items()})


def alternatives(language: str, key: str, /, **slots: object) -> tuple[str, ...]:
    """A list of short texts, as the answers to a question are."""
    filled = {name: said(value, language) for name, value in slots.items()}
    return tuple(template.format_map(filled) for template in _entry(language, key))


def said(value: object, language: str) -> object:
    """A value as it stands in a sentence of a language."""
    if isinstance(value, bool):
        return text(language, "common.yes" if value else "common.no")
    if isinstance(value, str | int):
        return value
    if isinstance(value, tuple | list):
        return listed(language, (str(said(item, language)) for item in value))
    if hasattr(value, "spoken"):
        return value.spoken(language)
    return _number_or_other(value, language)


def listed(language: str, words: Iterable[str]) -> str:
    """Words in a sentence.

    >>> listed("en", ["a", "b", "c"]), listed("pt", ["a", "b"]), listed("en", [])
    ('a, b and c', 'a e b', '-')
    """
    *first, last = tuple(words) or ("-",)
    if not first:
        return last
    return text(language, "common.list", first=", ".join(first), last=last)


@functools.cache
def catalogue(room: str, language: str) -> Mapping[str, Any]:
    """All that a room says in a language; in English where the language is not known."""
    folder = "messages" if room == "common" else f"{room}/messages"
    known = language if (PACKAGE / folder / f"{language}.toml").exists() else DEFAULT_LANGUAGE
    return load_toml(f"{folder}/{known}.toml")


def has_text(key: str) -> bool:
    """Whether there is something under a key."""
    entry: Any = catalogue(key.split(".")[0], DEFAULT_LANGUAGE)
    for part in key.split(".")[1:]:
        if not isinstance(entry, dict) or part not in entry:
            return False
        entry = entry[part]
    return True


def _entry(language: str, key: str) -> Any:
    room, *place = key.split(".")
    entry: Any = catalogue(room, language)
    for part in place:
        entry = entry[part]
    return entry


def _number_or_other(value: object, language: str) -> object:
    from decimal import Decimal  # few texts hold one

    if not isinstance(value, float | Decimal):
        return value
    digits = format(value.normalize(), "f") if isinstance(value, Decimal) else str(value)
    return digits.replace(".", text(language, "common.decimal_point"))
