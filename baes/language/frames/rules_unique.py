"""What is unique in combination: "no two students may have the same name and birth date"."""

from __future__ import annotations

from collections.abc import Callable

from baes.language.facts import Noun
from baes.language.names import can_name
from baes.language.references import (
    determiners,
    entity_length,
    read_entity_name,
    read_ref,
    read_refs,
)
from baes.language.rule_facts import Lifts, Ref, RuleFact, UniqueSet
from baes.language.words import Reader

__all__ = ["read_unique"]

_MAX_VERB_WORDS = 4
_VERBAL = frozenset({"article", "prep", "rule_be", "be"})
_SET = 2
"""So many attributes make a combination; a single unique one is its own limit."""


def read_unique(reader: Reader) -> tuple[RuleFact, ...] | None:
    """A rule over several attributes of which no two records have the same."""
    start = reader.position
    for read in _READERS:
        reader.position = start
        rule = read(reader)
        if rule is not None:
            return (rule,)
    return None


def _combination(reader: Reader) -> RuleFact | None:
    """As in "the combination of building and number must be unique for rooms"."""
    reader.take("article") or reader.take("each")
    if reader.take("rule_combination") is None:
        return None
    refs = read_refs(reader)
    if len(refs) < _SET:
        return None
    return _told_unique(reader, refs)


def _together(reader: Reader) -> RuleFact | None:
    """As in "building and number must be unique together", "together … must be unique"."""
    reader.take("rule_both")
    refs = read_refs(reader)
    if len(refs) < _SET:
        return None
    before = reader.take("rule_together") is not None
    rule = _told_unique(reader, refs)
    if rule is None:
        return None
    return rule if before or reader.take("rule_together") is not None else None


def _told_unique(reader: Reader, refs: tuple[Ref, ...]) -> RuleFact | None:
    """The flag behind what is unique: it is, or it is no longer."""
    reader.take("rule_together")
    mode = reader.peek("rule_mode")
    hit = reader.peek("rule_unique")
    if hit is None and mode is not None:
        reader.take("rule_mode")
        reader.take("rule_adverb")
        hit = reader.peek("rule_unique")
    if hit is None or not reader.take("rule_unique"):
        return None
    if mode is not None and mode.value in ("must_not", "may") and hit.value != "lifted":
        repeats = mode.length < hit.length  # "must not repeat" is one phrase
        if not repeats:
            return None
    rule = UniqueSet(refs)
    lifted = hit.value == "lifted" or (mode is not None and mode.value == "lifted")
    return Lifts(rule) if lifted else rule


def _per(reader: Reader) -> RuleFact | None:
    """As in "the number must be unique per building", "the title is unique within an author"."""
    refs = read_refs(reader)
    if not refs:
        return None
    told = _told_unique(reader, refs)
    if told is None or reader.take("rule_per") is None:
        return None
    reader.take("rule_same")
    others = read_refs(reader)
    if not others:
        return None
    rule = UniqueSet((*refs, *others))
    return Lifts(rule) if isinstance(told, Lifts) else rule


def _no_two(reader: Reader) -> RuleFact | None:
    """As in "no two students may have the same name and birth date"."""
    hit = reader.peek("rule_no_two")
    if hit is None or not reader.take("rule_no_two"):
        return None
    entity = read_entity_name(reader)
    share = reader.peek("rule_share")
    if entity is None or share is None or not reader.take("rule_share"):
        return None
    shares = "rule_sharing" in reader.ahead(-1).hits
    article = reader.take("article") if "rule_same" not in reader.word.hits else None
    if reader.take("rule_same") is None and not (shares and article):
        return None
    refs = _same_refs(reader)
    lifted = share.value == "lifted" and hit.value == "two"
    if not refs or (not lifted and (hit.value == "none") == (share.value == "not")):
        return None
    rule = UniqueSet(refs, entity)
    return Lifts(rule) if lifted else rule


def _same_refs(reader: Reader) -> tuple[Ref, ...]:
    """As in "name and birth date", "name and the same birth date", "room on the same day"."""
    found: list[Ref] = []
    while True:
        before = reader.position
        if found:
            joined = reader.mark(",")
            joined = reader.take("and") is not None or joined
            joined = joined or (
                ("rule_share" in reader.word.hits or "rule_per" in reader.word.hits)
                and bool(reader.take("rule_share") or reader.take("rule_per"))
            )
            if not joined:
                break
        reader.take("rule_same")
        ref = read_ref(reader)
        if ref is None:
            reader.position = before
            break
        found.append(ref)
    return tuple(found)


def _twice(reader: Reader) -> RuleFact | None:
    """As in "a room can't be booked twice for the same date": whose records link to the room."""
    thing = read_entity_name(reader)
    mode = reader.peek("rule_mode")
    if thing is None or mode is None or not reader.take("rule_mode"):
        return None
    others = _verb_phrase(reader, mode.value)
    if others is None:
        return None
    while reader.take("rule_share") or reader.take("rule_per") or reader.take("prep"):
        pass
    determiners(reader) if "rule_same" not in reader.word.hits else None
    if reader.take("rule_same") is None and not others:
        return None
    refs = _same_refs(reader)
    if not (refs or others):
        return None
    return UniqueSet((Ref(thing), *others, *refs))


def _verb_phrase(reader: Reader, mode: str) -> list[Ref] | None:
    """The verb up to "twice" or "once", as the mode needs it; the things that it names."""
    others: list[Ref] = []
    begin = reader.position
    twice = None
    while reader.position - begin <= _MAX_VERB_WORDS:
        twice = reader.peek("rule_twice")
        if twice is not None:
            reader.take("rule_twice")
            break
        if entity_length(reader) and reader.position > begin:
            noun = read_entity_name(reader)
            if noun is not None:
                others.append(Ref(noun))
            continue
        if not (
            can_name(reader.word) or {"article", "prep", "rule_be", "be"} & set(reader.word.hits)
        ):
            return None
        reader.position += 1
    if twice is None or (twice.value == "once") == (mode == "must_not"):
        return None
    return others


def _only_one(reader: Reader) -> RuleFact | None:
    """As in "there can be only one booking per room and date"."""
    hit = reader.peek("rule_only_one")
    if hit is None or not reader.take("rule_only_one"):
        return None
    entity: Noun | None = read_entity_name(reader)
    if entity is None:
        return None
    reader.take("rule_is_allowed")
    if not (reader.take("rule_per") or reader.take("rule_share")):
        return None
    refs = _same_refs(reader)
    reader.take("rule_is_allowed")
    return UniqueSet(refs, entity) if len(refs) >= _SET else None


_READERS: tuple[Callable[[Reader], RuleFact | None], ...] = (
    _combination, _per, _together, _no_two, _only_one, _twice,
)  # fmt: skip
