"""Entities named with their attributes and no verb: "Doctor (name), Patient (name)"."""

from __future__ import annotations

from baes.language.facts import Background, Declares, Describes, Fact
from baes.language.frames.common import is_request, read_trailing, scene_facts
from baes.language.frames.create import declared
from baes.language.items import read_items
from baes.language.names import is_place, read_noun, takes_place
from baes.language.phrases import read_entities
from baes.language.words import Reader, text_of

__all__ = ["read_define", "read_fields", "read_topic"]


def read_define(reader: Reader) -> tuple[Fact, ...] | None:
    """The entities that a clause lists, each with its attributes."""
    if {"edit_verb", "question"} & set(reader.word.hits) or is_request(reader):
        return None
    scene = _read_front(reader)
    phrases = read_entities(reader)
    called = "entity" in reader.words[0].hits and not scene
    if not phrases or not all(p.items or (called and p.explicit) for p in phrases):
        return None
    trailing = read_trailing(reader)
    return None if trailing is None else (*scene, *declared(phrases), *trailing)


def read_topic(reader: Reader) -> tuple[Fact, ...] | None:
    """Only a plural noun: what the next sentences are about ("Brew batches at our brewery.")."""
    having = reader.take("we_have") is not None
    phrases = read_entities(reader)
    several = len(phrases) > 1 and not having
    if not phrases or (several and not all(p.noun.plural for p in phrases)):
        return None
    if any(p.items or not (p.noun.plural or p.explicit) for p in phrases):
        return None
    trailing = read_trailing(reader)
    if trailing is None:
        return None
    topics = (Declares(p.noun, weak=True, needs_more=True) for p in phrases)
    return (*topics, *scene_facts(phrases), *trailing)


def read_fields(reader: Reader) -> tuple[Fact, ...] | None:
    """As in "Fields: name, date.", of the entity spoken of last."""
    subject = reader.scope.subject
    if subject is None or not _takes_fields_lead(reader):
        return None
    items = read_items(reader, stop_at_entity=False)
    reader.mark(".")
    return (Describes(subject, items),) if items else None


def _takes_fields_lead(reader: Reader) -> bool:
    """Read "Fields:", "Its attributes are", "The fields are the following:"."""
    section = reader.peek("section")
    if section is not None and section.value == "fields":
        reader.take("section")
        return reader.mark(":") or reader.take("be") is not None
    reader.take("article") or reader.take("of_it")
    field = reader.take("field")
    if field is None or field.value != "many":
        return False
    led = reader.take("be") is not None
    reader.take("following")
    return reader.mark(":") or led


def _is_ours(reader: Reader) -> bool:
    """Read the museum of "for our museum:", where it is a place and no record."""
    noun = read_noun(reader, 4)
    fits = noun is not None and not noun.plural and is_place(noun, reader.lexicon)
    return fits and reader.mark(":", ",")


def _read_front(reader: Reader) -> tuple[Fact, ...]:
    """The domain in front, where entities with brackets follow: "clinic: Doctor (name)"."""
    if takes_place(reader) and _is_ours(reader):
        begin = reader.position
        phrases = read_entities(reader)
        reader.position = begin
        if phrases and all(p.items for p in phrases):
            return (Background(text_of(reader.since(0), reader.text)),)
    reader.position = 0
    noun = read_noun(reader, 4)
    if noun is not None and reader.mark(":"):
        begin = reader.position
        phrases = read_entities(reader)
        reader.position = begin
        if phrases and all(p.items for p in phrases) and phrases[0].noun.text[:1].isupper():
            return (Background(noun.text),)
    reader.position = 0
    return ()
