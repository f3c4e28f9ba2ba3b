"""Entities that link two others: "an enrollment links a student to a course and has a grade"."""

from __future__ import annotations

from baes.language.facts import Declares, Fact, Item, Links, Noun
from baes.language.frames.common import read_trailing
from baes.language.items import read_items
from baes.language.names import read_noun
from baes.language.words import Reader

__all__ = ["read_joint"]

_MAX_SUBJECT_WORDS = 3


def read_joint(reader: Reader) -> tuple[Fact, ...] | None:
    """The entity, its two links, and what else it has."""
    subject = _read_subject(reader)
    if subject is None:
        return None
    left = _read_end(reader)
    if left is None or not (reader.take("and") or reader.take("joint_prep")):
        return None
    right = _read_end(reader)
    if right is None or left.key == right.key or subject.key in (left.key, right.key):
        return None
    items = _read_items(reader)
    trailing = read_trailing(reader) if items is not None else None
    if items is None or trailing is None:
        return None
    links = (Links(subject, end, "one", "many") for end in (left, right))
    return (Declares(subject, items, weak=not items), *links, *trailing)


def _read_subject(reader: Reader) -> Noun | None:
    """What links, and the verb behind it, which may end in -s like a plural noun."""
    reader.take("each") or reader.take("article")
    start = reader.position
    for length in range(1, _MAX_SUBJECT_WORDS + 1):
        reader.position = start
        noun = read_noun(reader, length)
        reader.take("modal")
        if noun is not None and reader.take("joint_verb") is not None:
            return noun
    return None


def _read_end(reader: Reader) -> Noun | None:
    """One of the two: exactly one of it, or nobody says how many."""
    counted = reader.take("article") or reader.take("one") or reader.take("each")
    noun = read_noun(reader)
    return noun if noun is not None and counted and not noun.plural else None


def _read_items(reader: Reader) -> tuple[Item, ...] | None:
    """What follows: "… and stores the date", "…, with a grade"; ``None`` if unreadable."""
    if reader.at_end or reader.at_mark(".", "!"):
        return ()
    reader.mark(",", ";")
    reader.take("and")
    reader.take("adverb")
    if not (reader.take("has") or reader.take("with") or reader.take("manage")):
        return None
    reader.take("of_it")
    items = read_items(reader, stop_at_entity=False)
    return items or None
