"""Stage 2: words, numbers, quoted texts and marks, each with its place in the request."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import Literal

from baes.language.syntax import Syntax

__all__ = ["DASHES", "LINE", "Token", "TokenKind", "tokenize", "unclear_number"]

LINE = "\n"
"""Norm of the token that stands between the lines of a list."""

DASHES = ("-", "\N{EN DASH}", "\N{EM DASH}")

TokenKind = Literal["word", "number", "moment", "quoted", "mark", "line", "end"]


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the request that is read as one."""

    text: str
    norm: str
    """In lower case, with plain apostrophes, of a word without accents that don't matter; of a
    number its digits, of a date the ISO form, of a quoted text what is inside."""
    start: int
    end: int
    kind: TokenKind


_NUMBERS = {
    False: r"\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?",
    True: r"\d{1,3}(?:\.\d{3})+(?![\d.])(?:,\d+)?|\d+(?:,\d+|\.\d{1,2}(?![\d.]))?",
}
"""By whether the decimal mark is a comma; a point before one or two digits is one all the same."""
_UNCLEAR = re.compile(r"(?<![\w.,$€£-])(?<![$€£] )[1-9]\d{0,2}\.\d{3}(?![\w.,-]\w)")
_SETTLED = re.compile(r"\d\.\d{3}[.,]\d|\d,\d{1,2}(?!\d)|[$€£] ?\d{1,3}\.\d{3}(?!\d)")
_DATE = r"\d{1,2}/\d{1,2}/\d{4}(?![\w/])|"
_PIECES = r"""
    (?P<moment>\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?Z?)?(?![\w-])|\d{1,2}:\d\d(?::\d\d)?(?!\w))
  | (?P<kind>(?<![\w.])(?:[01nNmM*]\s?(?::|-|\.\.)\s?[1nNmM*](?!\w)))
  | (?P<short>\be\.g\.?|\bi\.e\.?|\betc\.?|\bw/|\bn/a\b)
  | (?P<odd>https?://\S+|[\w.+-]+@[\w-]+\.[\w.-]+|\w*\\\S*|(?<![\w.])\.{0,2}/[\w./-]+/[\w./-]*)
  | (?P<number>(?<![\w)])[-+\u2212]?(?:NUMBER)(?![\w]*\d)
               (?=$|[^\w]|(?:[^\W\d_]{1,3}\b)))
  | (?P<unit>[^\W\d_]{1,3}[²³](?:/h)?|°[cfCF]?)
  | (?P<quoted>"[^"\n]{1,120}"|\u201c[^\u201d\n]{1,120}\u201d|`[^`\n]{1,120}`
               |(?<!\w)'[^'\n]{1,120}'(?!\w))
  | (?P<grade>\b[A-Z]{1,2}[+-](?=$|[\s,;/|)\]]))
  | (?P<word>\w+(?:(?:[-'\u2019])(?=\w)\w+)*)
  | (?P<mark><->|<=>|->|=>|<=|>=|\.\.|--|::|[^\s\w])
    """
_KINDS: dict[str, TokenKind] = {
    "moment": "moment", "number": "number", "quoted": "quoted", "word": "word", "short": "word",
    "kind": "word", "grade": "word", "odd": "mark", "mark": "mark", "unit": "word",
}  # fmt: skip


@functools.cache
def _pattern(decimal_comma: bool, day_first: bool) -> re.Pattern[str]:
    pattern = _PIECES.replace("NUMBER", _NUMBERS[decimal_comma])
    if day_first:
        pattern = pattern.replace("(?P<moment>", f"(?P<moment>{_DATE}")
    return re.compile(pattern, re.VERBOSE)


def tokenize(text: str, start: int, end: int, syntax: Syntax) -> tuple[Token, ...]:
    """The tokens of a part of a text.

    >>> [token.norm for token in tokenize("Weight ≥ 1,000 kg", 0, 17, Syntax())]
    ['weight', '≥', '1000', 'kg']
    >>> portuguese = Syntax(decimal_comma=True, day_first=True)
    >>> [token.norm for token in tokenize("até 1.500,50 em 31/12/2030", 0, 26, portuguese)]
    ['ate', '1500.50', 'em', '2030-12-31']
    """
    tokens = []
    for match in _pattern(syntax.decimal_comma, syntax.day_first).finditer(text, start, end):
        kind = match.lastgroup or "mark"
        norm = _norm(kind, match[0], syntax)
        tokens.append(Token(match[0], norm, match.start(), match.end(), _KINDS[kind]))
    return tuple(tokens)


def unclear_number(text: str, syntax: Syntax) -> str:
    """A number that may be a thousand or a fraction, where no other number settles it.

    >>> portuguese = Syntax(decimal_comma=True)
    >>> unclear_number("no máximo 1.500", portuguese), unclear_number("R$ 1.500", portuguese)
    ('1.500', '')
    """
    found = _UNCLEAR.search(text) if syntax.decimal_comma else None
    return "" if found is None or _SETTLED.search(text) else found[0]


def _norm(kind: str, text: str, syntax: Syntax) -> str:
    if kind == "quoted":
        return text[1:-1].strip()
    if kind == "number":
        return _digits(text, syntax)
    if kind == "moment":
        day, slash, rest = text.partition("/")
        month, _, year = rest.partition("/")
        return f"{year}-{month:0>2}-{day:0>2}" if slash else text.replace(" ", "T")
    if kind == "kind":
        return text.replace(" ", "").lower()
    return syntax.plain(text.lower().replace("\u2019", "'"))


def _digits(text: str, syntax: Syntax) -> str:
    plain = text.replace("\u2212", "-").lstrip("+")
    if not syntax.decimal_comma:
        return plain.replace(",", "")
    if "," in plain or re.search(r"\.\d{3}", plain):
        return plain.replace(".", "").replace(",", ".")
    return plain
