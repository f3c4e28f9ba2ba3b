"""Slips of the pen in key words: a letter too many or too few, or two that changed places.

Another letter in a place is no slip: "yield" is no "field". Names are never mended.
"""

from __future__ import annotations

import functools

from baes.language.vocabulary import Vocabulary, vocabulary

__all__ = ["is_misspelt", "is_slip"]

_SHORTEST = 5
_ENDINGS = "srd"


def is_misspelt(word: str, tag: str, lexicon: Vocabulary) -> bool:
    """Whether a word is one with a tag, written with a slip.

    >>> lexicon = vocabulary("en")
    >>> [is_misspelt(word, "field_word", lexicon) for word in ("feild", "colum", "yield")]
    [True, True, False]
    """
    return any(is_slip(word, right) for right in _words(lexicon.language, tag))


@functools.cache
def _words(language: str, tag: str) -> tuple[str, ...]:
    entries = vocabulary(language).entries.items()
    return tuple(
        word for word, found in entries if any(own == tag and not rest for rest, own, _ in found)
    )


def is_slip(word: str, right: str, shortest: int = _SHORTEST) -> bool:
    """Whether a word is another one with a letter too many or too few, or two changed places.

    Endings are no slips: "plans" is no "plan", and a "scorer" no "score".
    """
    if word == right or min(len(word), len(right)) < shortest or word[0] != right[0]:
        return False
    if len(word) == len(right):
        apart = [i for i, (a, b) in enumerate(zip(word, right, strict=True)) if a != b]
        return (
            len(apart) == 2
            and apart[1] == apart[0] + 1
            and sorted(word[i] for i in apart) == sorted(right[i] for i in apart)
        )
    shorter, longer = sorted((word, right), key=len)
    if len(longer) - len(shorter) != 1:
        return False
    within = len(longer) - (longer[-1] in _ENDINGS)
    return any(longer[:i] + longer[i + 1 :] == shorter for i in range(within))
