"""In which state things begin: "new orders are open by default", "every task starts as open"."""

from __future__ import annotations

from baes.language.facts import Fact, Starts
from baes.language.frames.common import read_subject, read_trailing
from baes.language.values import MAX_VALUE_WORDS, read_value
from baes.language.words import Reader

__all__ = ["read_starts"]


def read_starts(reader: Reader) -> tuple[Fact, ...] | None:
    """The entity and its first value; which attribute has that value is seen later."""
    fresh = reader.take("fresh") is not None
    subject = read_subject(reader)
    if subject is None or not reader.knows(subject.key):
        return None
    fresh = reader.take("fresh") is not None or fresh
    reader.take("modal")
    begins = reader.take("begins_as")
    if begins is None and (not fresh or reader.take("be") is None):
        return None
    start = reader.position
    for length in range(1, MAX_VALUE_WORDS + 1):
        reader.position = start
        value = read_value(reader, limit=length)
        reader.take("by_default") or reader.take("at_first")
        trailing = read_trailing(reader) if value is not None else None
        if value is not None and trailing is not None:
            return (Starts(subject, value), *trailing)
    return None
