"""The smallest part of a sentence that is not understood, so that a question can be about it.

A sentence that no frame reads is left over whole. Where it would be read without one of its parts,
the question is about that part.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator

from baes.language.reading import Reading
from baes.language.words import Words
from baes.spec.interpretation import Interpretation

__all__ = ["left_over_part"]

_MAX_PARTS = 8
"""So many readings at most: a question may take longer than an answer, not much."""
_MAX_CHARACTERS = 500
"""Of a request that is read so often; in a longer one whole sentences are asked about."""
_LEADS = frozenset({"with", "has", "be"})
"""Words with these tags lead to a list, whose first part ends at the next border."""

_Part = tuple[int, int, int, int]
"""What goes (from, to), and the fragment in it (from, to): characters of the request."""


def left_over_part(
    text: str, readings: tuple[Reading, ...], read: Callable[[str], Interpretation]
) -> str:
    """The part without which all of a request would be understood; empty: no single one.

    Args:
        text: The request.
        readings: Its clauses, one of which is left over.
        read: Reads a request.
    """
    left = [reading for reading in readings if not reading.frame]
    if len(left) != 1 or len(text) > _MAX_CHARACTERS:
        return ""
    parts = sorted(_parts(left[0].words), key=lambda part: part[1] - part[0])
    for begin, end, first, last in parts[:_MAX_PARTS]:
        rest = read(f"{text[:begin].rstrip()} {text[end:].lstrip()}")
        if rest.is_certain and rest.action != "describe":
            return text[first:last].strip()
    return ""


def _parts(words: Words) -> Iterator[_Part]:
    """Members of lists, and brackets: each with the comma or the "and" that ties it."""
    tokens = [word.token for word in words]
    borders = [-1]
    opened = -1
    for i, word in enumerate(words):
        if word.token.norm in ("(", "["):
            opened = i
        elif word.token.norm in (")", "]") and opened >= 0:
            yield tokens[opened].start, tokens[i].end, tokens[opened].start, tokens[i].end
            opened = -1
        elif opened < 0 and (_ties(words, i) or _LEADS & word.alone or word.token.norm == ":"):
            borders.append(i)
    borders.append(len(words))
    for before, after in itertools.pairwise(borders[1:]):
        if after - before < 2:
            continue
        fragment = tokens[before + 1].start, tokens[after - 1].end
        begin = before
        while begin > 0 and _ties(words, begin) and _ties(words, begin - 1):
            begin -= 1  # ", and"
        if _ties(words, before):
            yield (tokens[begin].start, tokens[after - 1].end, *fragment)
        elif after < len(words):
            yield (tokens[before + 1].start, tokens[after].end, *fragment)


def _ties(words: Words, i: int) -> bool:
    return words[i].token.norm in (",", ";") or "and" in words[i].alone
