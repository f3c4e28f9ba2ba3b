"""Slips of the pen in key words, mended before a request is read; names never are.

Two kinds of key words differ in what a slip does. One that names the form of a request ("cadstro
de fornecedores") would pass for a part of a name, so it is mended at once. All others ("belogns
to") leave the sentence unread, so they are mended only where a request is not understood as it is
written, and only if it then is: a crate is never taken for "create".
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from baes.language.spelling import is_slip
from baes.language.vocabulary import Vocabulary, vocabulary

__all__ = ["Mended", "mended"]

_FORMS = ("system", "register", "entity", "field", "field_word", "flag")
"""Tags of the words for the form of what is asked, and of those that stand in brackets."""
_OTHERS = (
    *_FORMS, "each", "belongs", "with", "create", "manage", "has", "default", "many",
    "one", "opening", "modal", "bound", "letters", "possesses", "joins", "whether",
)  # fmt: skip
_LONGEST = 16
_SHORTEST_FORM, _SHORTEST_OTHER = 5, 4
_WORD = re.compile(r"[^\W\d_]{4,}")
_MAX_CHARACTERS = 4_000
"""Longer requests were not typed by hand."""


@dataclass(frozen=True, slots=True)
class Mended:
    """A request without slips, and what was mended: (as written, as meant)."""

    text: str
    slips: tuple[tuple[str, str], ...] = ()


def mended(text: str, lexicon: Vocabulary, names: frozenset[str], everything: bool) -> Mended:
    """A request with its misspelt key words as they are meant.

    Args:
        text: The request.
        lexicon: Its language.
        names: Words of the system's names, in lower case; they are never mended.
        everything: Whether all key words are mended, or those for the form of a request.
    """
    if len(text) > _MAX_CHARACTERS:
        return Mended(text)
    slips: list[tuple[str, str]] = []

    def replaced(found: re.Match[str]) -> str:
        written = found[0]
        word = lexicon.syntax.plain(written.lower())
        if word in lexicon.entries or word in names:
            return written
        meant = _meant(word, lexicon.language, everything)
        if meant:
            slips.append((written, meant))
        return meant or written

    return Mended(_WORD.sub(replaced, text), tuple(dict.fromkeys(slips)))


@functools.lru_cache(maxsize=2048)
def _meant(word: str, language: str, everything: bool) -> str:
    """The only key word that a word is a slip of; empty where there is none, or several."""
    shortest = _SHORTEST_OTHER if everything else _SHORTEST_FORM
    by_start = _key_words(language, everything)
    found = {right for right in by_start.get(word[0], ()) if is_slip(word, right, shortest)}
    return found.pop() if len(found) == 1 else ""


@functools.cache
def _key_words(language: str, everything: bool) -> dict[str, tuple[str, ...]]:
    """The key words by their first letter."""
    tags = _OTHERS if everything else _FORMS
    words = {
        first
        for first, entries in vocabulary(language).entries.items()
        if first.isalpha() and len(first) <= _LONGEST and any(e[1] in tags for e in entries)
    }
    by_start: dict[str, tuple[str, ...]] = {}
    for word in sorted(words):
        by_start[word[0]] = (*by_start.get(word[0], ()), word)
    return by_start
