"""The words of one language, from its data files: phrase -> what it can be taken for.

Every lexicon file has one shape, ``[tag] value = ["word", "phrase of words", …]``. Phrases are cut
into tokens by the same cutter as requests, so that "0..*" or "yes/no" are found however written.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from baes.datafiles import load_toml
from baes.language.syntax import Syntax, syntax_of
from baes.language.tokens import tokenize
from baes.spec.inflection import is_plural, plural, singular
from baes.spec.names import fold

__all__ = ["LEXICON_FILES", "Entry", "Vocabulary", "vocabulary"]

LEXICON_FILES = (
    "grammar", "structure", "verbs", "types", "limits", "quantifiers", "units", "relations",
    "background", "custom", "changes",
)  # fmt: skip
"""Files of a language that hold words; ``hints``, ``messages`` and ``syntax`` have other shapes."""


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
    syntax: Syntax

    def value(self, tag: str, word: str) -> str | None:
        """The value of a single lower-case word under a tag, ``None`` where it hasn't the tag."""
        entries = self.entries.get(self.syntax.plain(word), ())
        return next((e.value for e in entries if e.tag == tag and not e.rest), None)

    def is_headed(self, name: str, head: str) -> bool:
        """Whether a snake_case name has another one as its chief part: "room" in "hotel_room"."""
        if self.syntax.head_first:
            return name.startswith(head + "_")
        return name.endswith("_" + head)

    def head_of(self, name: str) -> str:
        """The chief word of a snake_case name of several words, empty of a single one."""
        first, _, rest = name.partition("_")
        return (first if self.syntax.head_first else name.rpartition("_")[2]) if rest else ""

    def is_infinitive(self, word: str) -> bool:
        """Whether a word is a verb by its ending, where the language tells verbs by it."""
        endings = self.syntax.infinitives
        return word.endswith(endings) and word not in self.hints["no_infinitive"]

    def singular(self, name: str) -> str:
        """The singular of a lower-case name."""
        return singular(name, self.language)

    def plural(self, name: str) -> str:
        """The plural of a lower-case name."""
        return plural(name, self.language)

    def is_plural(self, name: str) -> bool:
        """Whether a lower-case name is a plural and can be nothing else."""
        return is_plural(name, self.language)

    def question(self, key: str, /, **slots: object) -> str:
        """A question in the user's language."""
        return self.messages["question"][key].format(**slots)

    def assumption(self, key: str, /, **slots: object) -> str:
        """An assumption in the user's language."""
        return self.messages["assumption"][key].format(**slots)


@functools.cache
def vocabulary(language: str) -> Vocabulary:
    """The vocabulary of a language, read once."""
    folder = f"language/data/{language}"
    syntax = syntax_of(load_toml(f"{folder}/syntax.toml"))
    entries: dict[str, list[Entry]] = {}
    for name in LEXICON_FILES:
        for tag, values in load_toml(f"{folder}/{name}.toml").items():
            for value, phrases in values.items():
                for phrase in itertools.chain.from_iterable(map(syntax.forms, phrases)):
                    first, *rest = _words_of(phrase, syntax)
                    entries.setdefault(first, []).append(Entry(tuple(rest), tag, value))
    hints = load_toml(f"{folder}/hints.toml")
    return Vocabulary(
        language=language,
        entries={word: tuple(found) for word, found in entries.items()},
        hints={kind: _inverted(by_type, syntax) for kind, by_type in hints.items()},
        messages=load_toml(f"{folder}/messages.toml"),
        syntax=syntax,
    )


def _words_of(phrase: str, syntax: Syntax) -> list[str]:
    if phrase.replace(" ", "").isalpha():  # the common case, without the cutter
        words = phrase.split(" ")
        return words if phrase.isascii() else [syntax.plain(word) for word in words]
    return [token.norm for token in tokenize(phrase, 0, len(phrase), syntax)]


def _inverted(by_type: Mapping[str, Any], syntax: Syntax) -> dict[str, str]:
    return {
        fold(form): type_
        for type_, phrases in by_type.items()
        for phrase in phrases
        for form in syntax.forms(phrase)
    }
