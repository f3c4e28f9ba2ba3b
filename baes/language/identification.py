"""Which language a request is written in, by the small words that only it has."""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from baes.datafiles import PACKAGE, load_toml

__all__ = ["LANGUAGES", "MIXED", "OTHER", "identified_language"]

LANGUAGES = tuple(
    sorted(path.parent.name for path in (PACKAGE / "language/data").glob("*/syntax.toml"))
)
"""The languages that are read, each a folder of data."""

OTHER = "other"
MIXED = "mixed"

_WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")
_QUOTED = re.compile(r"[\"\u201c`][^\"\u201d`\n]{0,120}[\"\u201d`]")
_STRONG = 2
_MAX_CHARACTERS = 4000
"""The beginning of a text tells its language."""
_MIXED_SHARE = 0.4
"""A text whose second language has this share of the first one's evidence is mixed."""
_MIXED_EVIDENCE = 3 * _STRONG


@dataclass(frozen=True, slots=True)
class _Evidence:
    weights: Mapping[str, tuple[tuple[str, int], ...]]
    """Word -> the languages that have it, with its weight."""
    letters: Mapping[str, str]


def identified_language(text: str, fallback: str = "en") -> str:
    """The language of a request, ``OTHER`` for one that isn't read, or ``MIXED``.

    Args:
        text: The request.
        fallback: What a request without any evidence is taken for: the system's language.

    >>> identified_language("Aluno: nome, idade"), identified_language("Student: name, age")
    ('pt', 'en')
    """
    scores = _scores(text)
    ranked = sorted(scores, key=lambda language: (-scores[language], language != fallback))
    if not ranked or not scores[ranked[0]]:
        return fallback
    own = {language: scores[language] for language in LANGUAGES}
    best = max(own, key=lambda language: (own[language], language == fallback))
    foreign = {name: score for name, score in scores.items() if name not in LANGUAGES}
    if max(foreign.values(), default=0) > own[best]:
        return OTHER
    second = max((score for name, score in own.items() if name != best), default=0)
    if second >= max(_MIXED_EVIDENCE, _MIXED_SHARE * own[best]):
        return MIXED
    return best


def _scores(text: str) -> Counter[str]:
    evidence = _evidence()
    part = _QUOTED.sub(" ", text[:_MAX_CHARACTERS]).casefold().replace("\u2019", "'")
    scores: Counter[str] = Counter()
    for word in _WORD.findall(part):
        for language, weight in evidence.weights.get(word, ()):
            scores[language] += weight
        for language, letters in evidence.letters.items():
            if not word.isascii() and any(letter in letters for letter in word):
                scores[language] += _STRONG
    return scores


@functools.cache
def _evidence() -> _Evidence:
    data = load_toml("language/data/identification.toml")
    kinds: tuple[tuple[Literal["strong", "weak"], int], ...] = (("strong", _STRONG), ("weak", 1))
    weights: dict[str, list[tuple[str, int]]] = {}
    for kind, weight in kinds:
        for language, words in data[kind].items():
            for word in words:
                weights.setdefault(word, []).append((language, weight))
    return _Evidence({word: tuple(found) for word, found in weights.items()}, data["letters"])
