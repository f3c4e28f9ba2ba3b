"""Names that nobody would give: something stands between them and what was meant."""

from __future__ import annotations

import itertools
from typing import Literal

from baes.language.hints import hinted_type
from baes.language.vocabulary import Vocabulary
from baes.spec.attribute_types import NUMERIC_TYPES
from baes.spec.names import words_of

__all__ = ["NameDoubt", "doubt_about"]

NameDoubt = Literal["run_together", "cut_off", "said_again"]
"""A list without commas ("title author year"); the rest of it is missing ("date of", "height in");
the same words stand twice in a row ("order order")."""


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
