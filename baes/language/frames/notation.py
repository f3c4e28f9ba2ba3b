"""Links stated by their kind: "Matter N:1 Client", "one-to-one between citizen and passport"."""

from __future__ import annotations

from typing import Literal, cast

from baes.language.facts import Declares, Fact, Links, Noun
from baes.language.frames.common import read_trailing
from baes.language.names import read_noun
from baes.language.phrases import EntityPhrase, read_entities, read_entity
from baes.language.tokens import DASHES
from baes.language.words import Reader

__all__ = ["read_notation"]

Kind = Literal["many_to_one", "one_to_one", "many_to_many", "one_to_many"]
_OPEN = ("opening", "create", "article", "of_it")


def read_notation(reader: Reader) -> tuple[Fact, ...] | None:
    """The link, and the entities where they are defined in the same breath."""
    if not any("kind" in word.hits for word in reader.words):
        return None
    for read in (_read_infix, _read_between, _read_predicate, _read_listed):
        reader.position = 0
        facts = read(reader)
        if facts is not None and read_trailing(reader) is not None:
            return facts
    return None


def _links(left: Noun, right: Noun, kind: str) -> Links:
    return Links(left, right, "one", stated=cast(Kind, kind))


def _read_infix(reader: Reader) -> tuple[Fact, ...] | None:
    left = read_entity(reader)
    kind = reader.take("kind")
    right = read_entity(reader) if left and kind else None
    if left is None or kind is None or right is None:
        return None
    value = kind.value
    start = reader.position
    reader.mark(",") or reader.mark("(")
    again = reader.take("kind")
    if again is None:
        reader.position = start
    else:
        value = again.value
        reader.mark(")")
    return (*_defined(left, right), _links(left.noun, right.noun, value))


def _defined(*phrases: EntityPhrase) -> tuple[Declares, ...]:
    return tuple(Declares(p.noun, p.items) for p in phrases if p.items)


def _read_listed(reader: Reader) -> tuple[Fact, ...] | None:
    """As in "Students (name) and Clubs (name) - many to many": two entities and their kind."""
    phrases = read_entities(reader)
    reader.mark(",", *DASHES, ":", "(")
    kind = reader.take("kind") if len(phrases) == 2 else None
    if kind is None:
        return None
    reader.take("kind_noun")
    reader.mark(")")
    return (*_defined(*phrases), _links(phrases[0].noun, phrases[1].noun, kind.value))


def _read_between(reader: Reader) -> tuple[Fact, ...] | None:
    while "kind" not in reader.word.hits and reader.take_any_once(*_OPEN):
        pass
    named = reader.take("kind_noun")
    kind = reader.take("kind")
    if kind is None:
        return None
    named or reader.take("kind_noun")
    if reader.take("between_ends") is None and not reader.mark(":"):
        return None
    reader.take("article")
    left = read_noun(reader)
    if left is None or not (reader.take("and") or reader.take("joins_ends")):
        return None
    reader.take("joins_ends")
    reader.take("article")
    right = read_noun(reader)
    return (_links(left, right, kind.value),) if right else None


def _read_predicate(reader: Reader) -> tuple[Fact, ...] | None:
    """As in "Students and courses are many to many", "A and B: one-to-one"."""
    reader.take("article")
    if reader.take("kind_noun"):
        reader.take("between_ends") or reader.take("of")
        reader.take("article")
    left = read_noun(reader)
    if left is None or not (reader.take("and") or reader.mark("-", "/")):
        return None
    reader.take("article")
    right = read_noun(reader)
    if right is None:
        return None
    reader.mark(":") or reader.take("modal")
    reader.take("be") or reader.take("has")
    reader.take("article") if "kind" not in reader.word.hits else None
    kind = reader.take("kind")
    if kind is None:
        return None
    reader.take("kind_noun")
    return (_links(left, right, kind.value),)
