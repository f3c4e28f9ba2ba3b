"""Names that nobody would give: something stands between them and what was meant."""

from __future__ import annotations

import itertools
from typing import Literal

from baes.language.hints import hinted_type
from baes.language.vocabulary import Vocabulary
from baes.spec.attribute_types import NUMERIC_TYPES
from baes.spec.names import words_of

__all__ = ["NameDoubt", "doubt_about", "doubt_about_entity"]

NameDoubt = Literal["run_together", "cut_off", "said_again", "sentence"]
"""A list without commas ("title author year"); the rest of it is missing ("date of", "height in");
the same words stand twice in a row ("order order"); it has a verb ("students take lessons")."""
_SENTENCE_WORDS = 3
"""So many words at least has a sentence with a subject, a verb and an object."""


def doubt_about(name: str, lexicon: Vocabulary) -> NameDoubt | None:
    """Why a name is rather none, or ``None``.

    >>> from baes.language.vocabulary import vocabulary
    >>> [doubt_about(name, vocabulary("en")) for name in ("name phone", "date of", "a mail")]
    ['run_together', 'cut_off', None]
    """
    words = words_of(name)
    if _is_run_together(words, lexicon):
        return "run_together"
    if len(words) > 1 and _is_cut_off(words, lexicon):
        return "cut_off"
    return "said_again" if _is_said_again(words) else None


def doubt_about_entity(name: str, lexicon: Vocabulary) -> NameDoubt | None:
    """The same of an entity's name, in which one of several words is no verb.

    >>> from baes.language.vocabulary import vocabulary
    >>> [doubt_about_entity(name, vocabulary("en")) for name in ("students take lessons", "sales")]
    ['sentence', None]
    """
    return doubt_about(name, lexicon) or ("sentence" if _is_sentence(name, lexicon) else None)


def _is_sentence(name: str, lexicon: Vocabulary) -> bool:
    """Whether a compound begins with several of something, or asks for something to be made."""
    words = words_of(name)
    several = (
        len(words) >= _SENTENCE_WORDS
        and not lexicon.syntax.head_first
        and lexicon.is_plural(words[0])
        and words[0] not in lexicon.hints["plural_modifier"]
    )
    return several or (len(words) > 1 and bool(set(words) & set(lexicon.hints["command"])))


def _is_run_together(words: list[str], lexicon: Vocabulary) -> bool:
    before, alone = lexicon.hints["before"], lexicon.hints["alone"]
    return any(a in before and b in alone for a, b in itertools.pairwise(words))


def _is_cut_off(words: list[str], lexicon: Vocabulary) -> bool:
    rest = " ".join(words[:-1])
    return words[-1] in lexicon.hints["never_last"] or (
        words[-1] in lexicon.hints["never_behind_measure"]
        and hinted_type(rest, lexicon) in NUMERIC_TYPES
    )


def _is_said_again(words: list[str]) -> bool:
    lengths = range(1, len(words) // 2 + 1)
    return any(
        words[i : i + length] == words[i + length : i + 2 * length]
        for length in lengths
        for i in range(len(words) - 2 * length + 1)
    )
