"""Clauses that are wanted and that no template expresses: mails, charts, other systems."""

from __future__ import annotations

from baes.language.facts import Custom, Fact
from baes.language.words import Reader, text_of

__all__ = ["read_custom"]


def read_custom(reader: Reader) -> tuple[Fact, ...] | None:
    """The whole clause, verbatim, where it has a word of the list and negates nothing."""
    if not any("custom" in word.hits for word in reader.words):
        return None
    if any({"not", "sub"} & word.alone for word in reader.words) or reader.peek("question"):
        return None
    if any(word.token.norm in ("(", ":") for word in reader.words):
        return None
    reader.position = len(reader.words)
    return (Custom(text_of(reader.words, reader.text)),)
