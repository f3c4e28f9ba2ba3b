"""Sentences about attributes named elsewhere: "The email must be unique", "all are optional"."""

from __future__ import annotations

from baes.language.facts import AllFields, Fact, Item, Limits, Noun, Said
from baes.language.items import read_items
from baes.language.modifiers import read_modifier
from baes.language.names import read_noun, split_owner
from baes.language.words import Reader, Word, Words

__all__ = ["read_all_fields", "read_limit"]

_VERBS = frozenset({"be", "modal", "default", "flag", "choose", "bound", "between", "has"})


def read_limit(reader: Reader) -> tuple[Fact, ...] | None:
    """Limits of attributes, as a sentence says them."""
    if not any(_VERBS & set(word.hits) for word in _outside_brackets(reader.words)):
        return None
    if "only" in reader.word.alone:
        return _read_only(reader)
    if (extreme := _read_extreme(reader)) is not None:
        return extreme
    reader.take("adverb")
    reader.take("both")
    items = read_items(reader, stop_at_entity=False)
    reader.mark(".", "!")
    if not items or not reader.at_end or not items[-1].said:
        return None
    if any(item.many == "many" for item in items):
        return None
    plural = any(w.hits["be"].value == "many" for w in reader.words if "be" in w.alone)
    last = items[-1].said
    if len(items) > 1 and not plural:
        return None
    if any(item.said and item is not items[-1] for item in items):
        return None
    return tuple(_limits(item, last, reader) for item in items)


def _read_extreme(reader: Reader) -> tuple[Fact, ...] | None:
    """As in "minimum age 18", "the maximum weight of a parcel is 30 kg"."""
    start = reader.position
    reader.take("article")
    lead = reader.position
    hit = reader.take("bound")
    noun = read_noun(reader) if hit is not None and hit.value in ("min", "max") else None
    if noun is not None and hit is not None:
        owner = None
        if reader.take("owned_by"):
            reader.take("article") or reader.take("each")
            owner = read_noun(reader)
        reader.mark(":", "=") or reader.take("modal")
        reader.take("be")
        said = _bound_behind(reader, lead, hit.length)
        if said is not None:
            return (Limits(noun, said, owner),)
    reader.position = start
    return None


def _bound_behind(reader: Reader, lead: int, length: int) -> Said | None:
    """What the words of a bound say of the value at the cursor."""
    rest = reader.words[reader.position :]
    if not rest or (rest[0].token.kind != "number" and "number" not in rest[0].alone):
        return None
    moved = Reader((*reader.words[lead : lead + length], *rest), reader.scope)
    said = read_modifier(moved)
    moved.mark(".", "!")
    if said is None or not moved.at_end:
        return None
    reader.position = len(reader.words)
    return said


def _read_only(reader: Reader) -> tuple[Fact, ...] | None:
    """As in "Only the name is required": nothing else is."""
    reader.take("only")
    items = read_items(reader, stop_at_entity=False)
    reader.mark(".", "!")
    if not items or not reader.at_end or items[-1].said != (("required", True),):
        return None
    if any(item.said for item in items[:-1]):
        return None
    return (AllFields(required=False, exceptions=tuple(item.noun for item in items)),)


def _outside_brackets(words: Words) -> list[Word]:
    """A bracket after a noun makes no sentence of it."""
    outside, depth = [], 0
    for word in words:
        depth += {"(": 1, ")": -1}.get(word.token.norm, 0)
        if depth == 0:
            outside.append(word)
    return outside


def _limits(item: Item, said: Said, reader: Reader) -> Limits:
    split = split_owner(item.noun, reader.lexicon)
    if split is not None and reader.knows(split[1].key):
        return Limits(split[0], said, split[1])
    return Limits(item.noun, said)


def read_all_fields(reader: Reader) -> tuple[Fact, ...] | None:
    """As in "All fields are optional except the name", "everything is required"."""
    while "all" not in reader.word.hits and (reader.take("opening") or reader.take("courtesy")):
        pass
    reader.take("make_verb")
    if reader.take("all") is None:
        return None
    reader.take("article")
    reader.take("of_it")
    reader.take("field")
    entity = _read_owner(reader)
    reader.take("modal")
    reader.take("be")
    reader.take("adverb")
    hit = reader.take("flag")
    if hit is None or hit.value not in ("optional", "required"):
        return None
    exceptions: list[Noun] = []
    reader.mark(",")
    if reader.take("except"):
        while True:
            reader.take("article")
            noun = read_noun(reader)
            if noun is None:
                return None
            exceptions.append(noun)
            if not (reader.mark(",") or reader.take("and")):
                break
            reader.take("and")
    reader.mark(".", "!")
    if not reader.at_end:
        return None
    return (AllFields(hit.value == "required", tuple(exceptions), entity),)


def _read_owner(reader: Reader) -> Noun | None:
    if reader.take("owner_lead") is None and reader.take("of_which") is None:
        return None
    reader.take("article") or reader.take("each")
    return read_noun(reader)
