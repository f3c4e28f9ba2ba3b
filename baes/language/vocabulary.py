"""The words of one language, from its data files: phrase -> what it can be taken for.

Every lexicon file has one shape, ``[tag] value = ["word", "phrase of words", …]``. Phrases are cut
into tokens by the same cutter as requests, so that "0..*" or "yes/no" are found however written.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from baes.datafiles import PACKAGE, load_toml, made_from
from baes.language.syntax import Syntax, syntax_of
from baes.language.tokens import tokenize
from baes.spec.inflection import is_plural, plural, singular
from baes.spec.names import fold

__all__ = ["LEXICON_FILES", "Entry", "Vocabulary", "vocabulary"]

LEXICON_FILES = (
    "grammar", "structure", "verbs", "types", "limits", "quantifiers", "units", "relations",
    "background", "custom", "changes", "rules",
)  # fmt: skip
"""Files of a language that hold words; ``hints``, ``messages`` and ``syntax`` have other shapes."""

_MAKERS = ("syntax", "tokens")
"""Modules that phrases are cut and spelled out with."""


Entry = tuple[tuple[str, ...], str, str]
"""One phrase of the lexicon: its words after the first one, in lower case, its tag and value.

A plain tuple, since there are ten thousand of them and they are read from a copy at each start.
"""


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
        return next((value for rest, own, value in entries if own == tag and not rest), None)

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
    own = PACKAGE / folder
    sources = [own / f"{name}.toml" for name in ("syntax", "hints", *LEXICON_FILES)]
    sources += [Path(__file__), *(Path(__file__).with_name(f"{m}.py") for m in _MAKERS)]
    made = made_from(sources, own / "vocabulary", lambda: _made(folder, syntax))
    return Vocabulary(
        language=language,
        entries=made["entries"],
        hints=made["hints"],
        messages=load_toml(f"{folder}/messages.toml"),
        syntax=syntax,
    )


def _made(folder: str, syntax: Syntax) -> dict[str, Any]:
    """The entries and the hints, from the files."""
    entries: dict[str, list[Entry]] = {}
    for name in LEXICON_FILES:
        for tag, values in load_toml(f"{folder}/{name}.toml").items():
            for value, phrases in values.items():
                for first, rest in _spelled(phrases, syntax):
                    entries.setdefault(first, []).append((rest, tag, value))
    hints = load_toml(f"{folder}/hints.toml")
    return {
        "entries": {word: tuple(found) for word, found in entries.items()},
        "hints": {kind: _inverted(by_type, syntax) for kind, by_type in hints.items()},
    }


def _spelled(phrases: Iterable[str], syntax: Syntax) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The first word and the rest of every form of some phrases."""
    for phrase in phrases:
        if "{" not in phrase and " " not in phrase and phrase.isalpha():  # the common case
            yield syntax.plain(phrase), ()
            continue
        for form in syntax.forms(phrase):
            first, *rest = _words_of(form, syntax)
            yield first, tuple(rest)


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
