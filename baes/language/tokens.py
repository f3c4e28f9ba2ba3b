"""Stage 2: words, numbers, quoted texts and marks, each with its place in the request."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

__all__ = ["LINE", "Token", "TokenKind", "tokenize"]

LINE = "\n"
"""Norm of the token that stands between the lines of a list."""

TokenKind = Literal["word", "number", "moment", "quoted", "mark", "line", "end"]


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the request that is read as one."""

    text: str
    norm: str
    """In lower case, with plain apostrophes; of a quoted text what is inside."""
    start: int
    end: int
    kind: TokenKind


_TOKEN = re.compile(
    r"""
    (?P<moment>\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?Z?)?(?![\w-])|\d{1,2}:\d\d(?::\d\d)?(?!\w))
  | (?P<kind>(?<![\w.])(?:[01nNmM*]\s?(?::|-|\.\.)\s?[1nNmM*](?!\w)))
  | (?P<short>\be\.g\.?|\bi\.e\.?|\betc\.?|\bw/|\bn/a\b)
  | (?P<odd>https?://\S+|[\w.+-]+@[\w-]+\.[\w.-]+|\w*\\\S*|(?<![\w.])\.{0,2}/[\w./-]+/[\w./-]*)
  | (?P<number>(?<![\w)])[-+\u2212]?(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?(?![\w]*\d)
               (?=$|[^\w]|(?:[^\W\d_]{1,3}\b)))
  | (?P<unit>[^\W\d_]{1,3}[²³](?:/h)?|°[cfCF]?)
  | (?P<quoted>"[^"\n]{1,120}"|\u201c[^\u201d\n]{1,120}\u201d|`[^`\n]{1,120}`
               |(?<!\w)'[^'\n]{1,120}'(?!\w))
  | (?P<word>\w+(?:(?:[-'\u2019])(?=\w)\w+)*)
  | (?P<mark><->|<=>|->|=>|<=|>=|\.\.|--|::|[^\s\w])
    """,
    re.VERBOSE,
)
_KINDS: dict[str, TokenKind] = {
    "moment": "moment", "number": "number", "quoted": "quoted", "word": "word", "short": "word",
    "kind": "word", "odd": "mark", "mark": "mark", "unit": "word",
}  # fmt: skip


def tokenize(text: str, start: int, end: int) -> tuple[Token, ...]:
    """The tokens of a part of a text.

    >>> [token.norm for token in tokenize("Weight ≥ 1,000 kg", 0, 17)]
    ['weight', '≥', '1000', 'kg']
    """
    tokens = []
    for match in _TOKEN.finditer(text, start, end):
        kind = match.lastgroup or "mark"
        tokens.append(
            Token(match[0], _norm(kind, match[0]), match.start(), match.end(), _KINDS[kind])
        )
    return tuple(tokens)


def _norm(kind: str, text: str) -> str:
    if kind == "quoted":
        return text[1:-1].strip()
    if kind == "number":
        return text.replace(",", "").replace("\u2212", "-").lstrip("+")
    if kind == "kind":
        return text.replace(" ", "").lower()
    return text.lower().replace("\u2019", "'")
