"""Texts that match a pattern, for the generated tests: a walk over the parsed expression.

Only what patterns of attributes are made of is known; where that isn't enough the walk gives up,
and what it gives is always tried against the pattern afterwards.
"""

from __future__ import annotations

import re
import re._constants as codes  # type: ignore[import-not-found]  # the parser is CPython's own
import re._parser as parser  # type: ignore[import-not-found]
from collections.abc import Iterator
from itertools import islice
from typing import Any

__all__ = ["texts_matching"]

_CATEGORIES = {
    codes.CATEGORY_DIGIT: "0123456789",
    codes.CATEGORY_WORD: "abcdefghij",
    codes.CATEGORY_SPACE: " ",
    codes.CATEGORY_NOT_DIGIT: "abcdefghij",
    codes.CATEGORY_NOT_WORD: "-",
    codes.CATEGORY_NOT_SPACE: "abcdefghij",
}
_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 -_"


def texts_matching(pattern: str, count: int) -> list[str]:
    """Up to so many different texts that the pattern fits as a whole.

    >>> texts_matching("[A-Z]{2}[0-9]", 3)
    ['AA0', 'BB1', 'CC2']
    """
    compiled = re.compile(pattern)
    found = dict.fromkeys(t for t in _variants(pattern) if compiled.fullmatch(t))
    return list(islice(found, count))


def _variants(pattern: str) -> Iterator[str]:
    parsed = parser.parse(pattern)
    for turn in range(26):
        yield "".join(_text(op, argument, turn) for op, argument in parsed)


def _text(op: Any, argument: Any, turn: int) -> str:
    """One text for a part of the expression; another turn takes other characters."""
    if op is codes.LITERAL:
        return chr(argument)
    if op in (codes.ANY, codes.NOT_LITERAL):
        return _LETTERS[turn % 26]
    if op is codes.IN:
        characters = _characters(argument)
        return characters[turn % len(characters)] if characters else ""
    if op in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
        low, high, inner = argument
        times = max(low, min(high, 1))
        return "".join(_text(o, a, turn) for _ in range(times) for o, a in inner)
    if op is codes.SUBPATTERN:
        return "".join(_text(o, a, turn) for o, a in argument[-1])
    if op is codes.BRANCH:
        branches = argument[1]
        return "".join(_text(o, a, turn) for o, a in branches[turn % len(branches)])
    return ""


def _characters(members: Any) -> str:
    found, negated = "", False
    for op, argument in members:
        if op is codes.NEGATE:
            negated = True
        elif op is codes.LITERAL:
            found += chr(argument)
        elif op is codes.RANGE:
            found += "".join(map(chr, range(argument[0], min(argument[1], argument[0] + 60) + 1)))
        elif op is codes.CATEGORY:
            found += _CATEGORIES.get(argument, "")
    return "".join(c for c in _LETTERS if c not in found) if negated else found
