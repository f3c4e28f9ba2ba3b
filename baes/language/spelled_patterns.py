"""Patterns in words: "made of five digits followed by one capital letter"."""

from __future__ import annotations

from baes.language.facts import Said, Value
from baes.language.values import read_number
from baes.language.words import Reader

__all__ = ["read_spelled_pattern"]

_MAX_SIGNS = 255


def read_spelled_pattern(reader: Reader) -> Said | None:
    """The regular expression that a phrase spells out; every part of it must be read."""
    reader.take("relative")
    if reader.take("spelled_lead") is None:
        return None
    pattern = ""
    while True:
        start = reader.position
        if pattern and not _joint(reader):
            break
        part = _part(reader)
        if part is None:
            reader.position = start
            break
        pattern += part
    return (("pattern", Value(pattern)),) if pattern else None


def _joint(reader: Reader) -> bool:
    comma = reader.mark(",")
    return reader.take("spelled_then") is not None or reader.take("and") is not None or comma


def _part(reader: Reader) -> str | None:
    """A number of signs of one kind, or one sign that stands there."""
    start = reader.position
    number = read_number(reader)
    if number is None and reader.take("article") is not None:
        number = "1"
    hit = reader.peek("spelled")
    if hit is None or number is None or not number.isdigit():
        reader.position = start
        return None
    reader.take("spelled")
    count = int(number)
    if not 0 < count <= _MAX_SIGNS:
        reader.position = start
        return None
    return hit.value if count == 1 else f"{hit.value}{{{count}}}"
