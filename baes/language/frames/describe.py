"""Clauses that say what an entity has: "each course has …", "for every visit we keep …"."""

from __future__ import annotations

from dataclasses import replace

from baes.language.facts import Background, Describes, Fact, Item, Noun, Said
from baes.language.frames.common import is_request, read_opening, read_subject, read_trailing
from baes.language.hints import names_value
from baes.language.items import in_singular, read_items
from baes.language.modifiers import read_modifier
from baes.language.names import split_owner
from baes.language.phrases import read_scenes
from baes.language.tokens import LINE
from baes.language.words import Hit, Reader

__all__ = ["read_describe"]


def read_describe(reader: Reader) -> tuple[Fact, ...] | None:
    """What is said of one entity, or of several of which each is named after its attributes."""
    for read in (_read_has, _read_for_each, _read_marked, _read_there_is, _read_of_form):
        reader.position = 0
        facts = read(reader)
        if facts is None:
            continue
        trailing = read_trailing(reader)
        if trailing is not None:
            return (*facts, *trailing)
    return None


def _read_has(reader: Reader) -> tuple[Fact, ...] | None:
    if is_request(reader):
        return None
    caused = reader.take("causative") is not None
    person = reader.peek("person")
    if "opening" in reader.word.hits and person is not None and person.value == "subject":
        read_opening(reader)
    elliptic = not caused and _lacks_subject(reader)
    subject = reader.scope.subject if elliptic else read_subject(reader)
    if subject is None:
        return None
    scenes = tuple(Background(scene) for scene in read_scenes(reader)) if reader.position else ()
    reader.take("field") if reader.position else None
    said = _read_modality(reader)
    hit = reader.take("has") or _kept(reader)
    if hit is None:
        return None
    if hit.value == "must":
        said = (("required", True),)
    more = _read_modality(reader)
    if _limits_length(reader):
        return None
    _read_lead(reader)
    items = read_items(reader, stop_at_entity=False)
    reader.take("field")
    if reader.scope.inventory.entity(subject.key) is None:  # of what is there it may be asked
        items = _each_one(list(items), subject, reader)
    return (Describes(subject, items, (*said, *more)), *scenes) if items else None


def _kept(reader: Reader) -> Hit | None:
    """Read the "be recorded:" of "every job should be recorded: customer name, address"."""
    start = reader.position
    hit = reader.take("kept")
    if hit is not None and reader.mark(":"):
        return hit
    reader.position = start
    return None


def _limits_length(reader: Reader) -> bool:
    """Whether "has exactly 3 letters" follows, which is a limit and nothing that is had."""
    start = reader.position
    said = read_modifier(reader)
    reader.position = start
    return said is not None and bool({"min_length", "max_length", "pattern"} & set(dict(said)))


def _lacks_subject(reader: Reader) -> bool:
    """Whether a clause goes on with the subject of the one before it."""
    if reader.scope.elliptic and {"has", "modal"} & set(reader.word.hits):
        return True
    if not reader.lexicon.syntax.drops_subject:
        return False
    reader.take("adverb")
    return "has" in reader.word.hits


def _read_modality(reader: Reader) -> Said:
    """As in "may", "must", "can optionally", as what it says of the attributes."""
    said: Said = ()
    while True:
        modal, adverb = reader.peek("modal"), reader.peek("adverb")
        if modal is not None and reader.take("modal"):
            if modal.value in ("may", "must"):
                said = (("required", modal.value == "must"),)
        elif adverb is not None and reader.take("adverb"):
            if adverb.value == "optional":
                said = (("required", False),)
        else:
            return said


def _read_lead(reader: Reader) -> None:
    """As in "the following attributes:"."""
    start = reader.position
    while reader.take("article") or reader.take("only") or reader.take("following"):
        pass
    field = reader.take("field")
    colon = reader.mark(":")
    while reader.mark(LINE):
        colon = True
    if not (field or colon):
        reader.position = start


def _read_for_each(reader: Reader) -> tuple[Fact, ...] | None:
    """As in "For each tour we keep …", "Keep for each tour its …", "About each book: …"."""
    read_opening(reader)
    if "following" in reader.word.hits or "data_noun" in reader.word.alone:
        reader.take("following") or reader.take("field")
        reader.take("field")
    if reader.take("each_lead") is None:
        return None
    if "each" not in reader.word.hits and "article" not in reader.word.hits:
        return None
    subject = read_subject(reader)
    if subject is None:
        return None
    reader.mark(",", ":")
    read_opening(reader)
    reader.take("of_it")
    _read_lead(reader)
    reader.mark(":")
    items = read_items(reader, stop_at_entity=False)
    reader.take("field")
    return (Describes(subject, items),) if items else None


def _read_marked(reader: Reader) -> tuple[Fact, ...] | None:
    """As in "it can be marked as vegetarian": a yes or no."""
    subject = read_subject(reader) if "marked" not in reader.word.hits else reader.scope.subject
    if subject is None or reader.take("marked") is None:
        return None
    reader.take("article")
    items = read_items(reader, stop_at_entity=False)
    if not items or any(item.said for item in items):
        return None
    flagged = tuple(replace(item, said=(("type", "boolean"),)) for item in items)
    return (Describes(subject, flagged),)


def _read_there_is(reader: Reader) -> tuple[Fact, ...] | None:
    """As in "There is the customer name and …", about the entity spoken of last."""
    subject = reader.scope.subject
    there = reader.take("there")
    if subject is None or there is None:
        return None
    if there.value == "verb" and reader.take("be") is None:
        return None
    items = read_items(reader, stop_at_entity=False)
    return (Describes(subject, items),) if items else None


def _read_of_form(reader: Reader) -> tuple[Fact, ...] | None:
    """As in "We need plate and model of the car, date and cost of the repair"."""
    read_opening(reader)
    if not reader.position:
        return None
    if {"create", "system"} & set(reader.word.hits):
        return None
    if any("create" in word.hits for word in reader.since(0)):
        return None
    items = read_items(reader, stop_at_entity=False)
    if reader.lexicon.syntax.head_first and len(items) < 2:
        return None  # "a produção de queijos" is no production that a cheese has
    groups: list[tuple[Noun, list[Item]]] = []
    pending: list[Item] = []
    for item in items:
        name, owner = _owned(item, reader)
        pending.append(replace(item, noun=name))
        if owner is not None:
            groups.append((owner, pending))
            pending = []
    if pending or not groups:
        return None
    return tuple(Describes(owner, _each_one(found, owner, reader)) for owner, found in groups)


def _each_one(items: list[Item], owner: Noun, reader: Reader) -> tuple[Item, ...]:
    """The name and the age that each has, where "names and ages of the students" are told."""
    if not owner.plural or not all(names_value(i.noun.text, reader.lexicon) for i in items):
        return tuple(items)
    return tuple(filter(None, (in_singular(item, reader) for item in items)))


def _owned(item: Item, reader: Reader) -> tuple[Noun, Noun | None]:
    """The name of "model of car", and the car where that is an entity."""
    split = split_owner(item.noun, reader.lexicon)
    return split if split is not None and reader.knows(split[1].key) else (item.noun, None)
