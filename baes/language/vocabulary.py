"""The words of one language, from its data files: phrase -> what it can be taken for.

Every lexicon file has one shape, ``[tag] value = ["word", "phrase of words", …]``. Phrases are cut
into tokens by the same cutter as requests, so that "0..*" or "yes/no" are found however written.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from baes.datafiles import load_toml
from baes.language.tokens import tokenize

__all__ = ["LEXICON_FILES", "Entry", "Vocabulary", "vocabulary"]

LEXICON_FILES = (
    "grammar", "verbs", "types", "limits", "quantifiers", "units", "relations", "background",
    "custom",
)  # fmt: skip
"""Data files of a language that hold words; ``hints`` and ``messages`` have shapes of their own."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One phrase of the lexicon."""

    rest: tuple[str, ...]
    """Its words after the first one, in lower case."""
    tag: str
    value: str


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All that is known of one language's words."""

    language: str
    entries: Mapping[str, tuple[Entry, ...]]
    """First word -> the phrases that begin with it."""
    hints: Mapping[str, Mapping[str, str]]
    """Kind of hint -> phrase -> type."""
    messages: Mapping[str, Mapping[str, str]]

    def question(self, key: str, /, **slots: object) -> str:
        """A question in the user's language."""
        return self.messages["question"][key].format(**slots)

    def assumption(self, key: str, /, **slots: object) -> str:
        """An assumption in the user's language."""
        return self.messages["assumption"][key].format(**slots)


@functools.cache
def vocabulary(language: str = "en") -> Vocabulary:
    """The vocabulary of a language, read once."""
    folder = f"language/data/{language}"
    entries: dict[str, list[Entry]] = {}
    for name in LEXICON_FILES:
        for tag, values in load_toml(f"{folder}/{name}.toml").items():
            for value, phrases in values.items():
                for phrase in phrases:
                    first, *rest = _words_of(phrase)
                    entries.setdefault(first, []).append(Entry(tuple(rest), tag, value))
    hints = load_toml(f"{folder}/hints.toml")
    return Vocabulary(
        language=language,
        entries={word: tuple(found) for word, found in entries.items()},
        hints={kind: _inverted(by_type) for kind, by_type in hints.items()},
        messages=load_toml(f"{folder}/messages.toml"),
    )


def _words_of(phrase: str) -> list[str]:
    if phrase.replace(" ", "").isalpha():  # the common case, without the cutter
        return phrase.split(" ")
    return [token.norm for token in tokenize(phrase, 0, len(phrase))]


def _inverted(by_type: Mapping[str, Any]) -> dict[str, str]:
    return {phrase: type_ for type_, phrases in by_type.items() for phrase in phrases}
