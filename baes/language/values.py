"""Literals: numbers in digits and words, amounts with their unit, dates, texts, choices."""

from __future__ import annotations

import itertools

from baes.language.facts import Value
from baes.language.names import read_name_words
from baes.language.tokens import LINE
from baes.language.words import Reader, text_of

__all__ = [
    "MAX_VALUE_WORDS",
    "read_bound",
    "read_choices",
    "read_mask",
    "read_number",
    "read_value",
]

MAX_VALUE_WORDS = 3
_MASKS = {"0": "[0-9]", "9": "[0-9]", "#": "[0-9]", "A": "[A-Z]", "L": "[A-Z]"}
"""Signs of a mask, and what each stands for."""
_ENDS_OF_MASK = frozenset(",;)].")


def read_value(reader: Reader, limit: int = MAX_VALUE_WORDS) -> Value | None:
    """A literal: quoted, a number, a date, true or false, today, or up to some plain words."""
    token = reader.word.token
    for tag in ("call", "truth"):
        if hit := reader.peek(tag):
            reader.position += hit.length
            text = text_of(reader.since(reader.position - hit.length), reader.text)
            return Value(text, truth=hit.value) if tag == "truth" else Value(text, call=hit.value)
    if token.kind == "quoted":
        reader.position += 1
        return Value(token.norm)
    if (number := read_number(reader)) is not None:
        start = reader.position
        words = read_name_words(reader, limit - 1)
        if words:  # "2 weeks" is a value like any other
            return Value(text_of(reader.words[start - 1 : reader.position], reader.text))
        reader.position = start
        return Value(number, number=number)
    if token.kind == "moment":
        reader.position += 1
        return Value(token.norm)
    if token.kind == "word" and len(token.text) == 1 and token.text.isupper():
        reader.position += 1  # "A, B, AB or O": a letter, and no article
        return Value(token.text)
    if token.kind == "word" and token.norm.endswith(("+", "-")):  # "A+, B-": a grade
        reader.position += 1
        return Value(token.text)
    start = reader.position
    words = read_name_words(reader, limit, plain=True)
    return Value(text_of(reader.since(start), reader.text)) if words else None


def read_number(reader: Reader) -> str | None:
    """A number in digits or in words, as digits; a currency sign before it goes unread."""
    token = reader.word.token
    if token.kind == "number":
        reader.position += 1
        zeros = reader.take("zeros")
        if zeros is not None:
            return token.norm + zeros.value if "." not in token.norm else None
        return token.norm
    hit = reader.take("number")
    if hit is None:
        return None
    zeros = reader.take("zeros")
    return hit.value + zeros.value if zeros else hit.value


def read_bound(reader: Reader) -> tuple[str | None, str | None]:
    """A limit's value and its unit, each ``None`` where there is none."""
    unit = None
    currency = reader.peek("currency")
    if currency is not None and reader.ahead(currency.length).token.kind == "number":
        unit = currency.value
        reader.position += currency.length
    if reader.word.token.kind == "moment":
        text = reader.word.token.norm
        reader.position += 1
        return text, None
    reader.take("article") if "number" not in reader.word.hits else None
    number = read_number(reader)
    if number is None:
        return None, None
    hit = reader.peek("unit")
    if hit is not None and "letters" not in reader.word.hits:
        reader.position += hit.length
        unit = hit.value
        if reader.take("dimension") is not None and hit.value == "yr":
            unit = None
    return number, unit


def read_mask(reader: Reader) -> Value | None:
    """A mask written without spaces ("AAA-0000"), as the regular expression that it means."""
    start = reader.position
    while not reader.at_end and (reader.position == start or _touches(reader)):
        reader.position += 1
    words = list(reader.since(start))
    while words and words[-1].token.norm in _ENDS_OF_MASK:
        words.pop()
        reader.position -= 1
    mask = text_of(words, reader.text).strip("'\"`")
    if not mask or not all(c in _MASKS or not c.isalnum() for c in mask) or mask.isspace():
        reader.position = start
        return None
    if not any(c in _MASKS for c in mask):
        reader.position = start
        return None
    return Value(_pattern_of(mask))


def _pattern_of(mask: str) -> str:
    parts = []
    for sign, run in itertools.groupby(_MASKS.get(c) or _literal(c) for c in mask):
        count = len(list(run))
        parts.append(f"{sign}{{{count}}}" if count > 1 else sign)
    return "".join(parts)


def _literal(char: str) -> str:
    return f"\\{char}" if char in ".()[]{}+*?^$|\\" else char


def _touches(reader: Reader) -> bool:
    """Whether the word at the cursor goes on with a mask: nothing stands before it, or ") "."""
    before = reader.ahead(-1).token
    gap = reader.word.token.start - before.end
    return gap == 0 or (gap == 1 and before.norm == ")" and reader.word.token.kind == "number")


def read_choices(reader: Reader) -> tuple[Value, ...] | None:
    """As in "a, b or c", with or without brackets: two values at least."""
    bracket = reader.mark("(", "[", "{")
    choices: list[Value] = []
    closed = False
    while not _begins_modifier(reader) and (value := read_value(reader)) is not None:
        choices.append(value)
        before = reader.position
        comma = reader.mark(",", "/", "|", ";")
        joined = reader.take("or") or reader.take("and")
        if closed or not (comma or joined):
            reader.position = before
            break
        if comma and _begins_modifier(reader):  # "cash or card; default cash"
            reader.position, closed = before, True
            break
        closed = bool(joined)
    if bracket and not reader.mark(")", "]", "}"):
        return None
    complete = closed or bracket or _ends_here(reader)
    return tuple(choices) if len(choices) > 1 and complete else None


def _begins_modifier(reader: Reader) -> bool:
    """Whether what follows the choices says something else: "a, b; default a"."""
    return bool({"default", "flag"} & set(reader.word.hits))


def _ends_here(reader: Reader) -> bool:
    return reader.at_end or reader.at_mark(")", "]", LINE, ";")
