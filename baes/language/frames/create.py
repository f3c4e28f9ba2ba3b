"""Clauses that ask for something to be made or managed: "create …", "I need an app to track …"."""

from __future__ import annotations

from baes.language.facts import Background, Declares, Fact, Noun
from baes.language.frames.common import read_opening, read_trailing, scene_facts
from baes.language.hints import ends_in_value, is_plain_attribute, names_value
from baes.language.items import read_items
from baes.language.names import can_name, is_place, noun_of, read_noun, takes_place, without_last
from baes.language.phrases import EntityPhrase, read_entities
from baes.language.tokens import DASHES
from baes.language.vocabulary import Vocabulary
from baes.language.words import Hit, Reader, text_of

__all__ = ["declared", "read_create", "read_front_system"]

_MAX_SYSTEM_WORDS = 6


def read_create(reader: Reader) -> tuple[Fact, ...] | None:
    """What a request to make or manage something declares."""
    if {"create", "manage", "request"} & reader.word.alone and reader.ahead(1).token.norm == ",":
        return None  # "plate and | model, drivers with name": no verb, but an attribute
    verb, scenes = read_opening(reader, telling=False)
    verb = verb or _there_is(reader)
    if not reader.position and not _is_bare_system(reader):
        return None
    facts: tuple[Fact, ...] = tuple(Background(scene) for scene in scenes)
    system = _read_system(reader)
    if system is not None:
        more = _read_system_tail(reader, system)
    else:
        more = _read_entities(reader) if verb else _read_wanted(reader)
    if more is None:
        return None
    trailing = read_trailing(reader)
    return None if trailing is None else (*facts, *more, *trailing)


def read_front_system(reader: Reader) -> tuple[Fact, ...] | None:
    """Only the domain of a system whose records follow: "an inventory system", "app de estoque"."""
    read_opening(reader, telling=False)
    if _read_system(reader) is None:
        return None
    if reader.take("scene_prep") or reader.take("of"):
        reader.take("article") or reader.take("possessive")
        noun = read_noun(reader, 4)
        if noun is None or not is_place(noun, reader.lexicon):
            return None
    reader.mark(".", ":", "!")
    return (Background(text_of(reader.words, reader.text)),) if reader.at_end else None


def _is_bare_system(reader: Reader) -> bool:
    """Whether a request begins with a system and what it is for: "App to track runs"."""
    start = reader.position
    article = reader.take("article") is not None
    while reader.take("plain_adjective"):
        pass
    if article and not reader.scope.elliptic:
        begin = reader.position
        read = _read_system(reader)  # "an inventory app with parts (code, price)"
        listed = read is not None and "with" in reader.word.hits and _entities_follow(reader)
        reader.position = begin
        if listed:
            reader.position = start
            return True
    hit = None if reader.scope.elliptic else reader.peek("system")
    after = reader.ahead(hit.length).hits if hit is not None else {}
    reader.position = start
    return bool({"for_what", "of", "scene_prep"} & set(after))


def _there_is(reader: Reader) -> bool:
    hit = reader.words[0].hits.get("there_is")
    return hit is not None and (reader.position == hit.length or "be" in reader.ahead(-1).alone)


def _read_entities(reader: Reader) -> tuple[Fact, ...] | None:
    kept = _read_managed_place(reader)
    if kept is not None:
        return kept
    phrases = read_entities(reader)
    if not phrases or _is_value(phrases[0], reader) or _are_values(phrases, reader):
        return None  # "save name and phone": of what?
    return declared(phrases)


def _is_value(phrase: EntityPhrase, reader: Reader) -> bool:
    """Whether a phrase is rather what is known of a thing than a thing."""
    bare = not phrase.explicit and not phrase.noun.plural
    return bare and names_value(phrase.noun.text, reader.lexicon)


def _are_values(phrases: tuple[EntityPhrase, ...], reader: Reader) -> bool:
    """Whether only values are listed: "the names, ages and grades of my students"."""
    bare = not any(phrase.items or phrase.explicit for phrase in phrases)
    known = any(phrase.noun.key in reader.scope.inventory.entities for phrase in phrases)
    nouns = [phrase.noun.text for phrase in phrases]
    named = [names_value(n, reader.lexicon) or ends_in_value(n, reader.lexicon) for n in nouns]
    return len(named) > 1 and bare and not known and named[0] and 2 * sum(named) >= len(named)


def _read_wanted(reader: Reader) -> tuple[Fact, ...] | None:
    """As in "I need books with title and pages": wanted are things of which something is said."""
    if not any("wanting" in word.hits for word in reader.since(0)):
        return None
    kept = _read_managed_place(reader)
    if kept is not None:
        return kept
    phrases = read_entities(reader)
    return declared(phrases) if phrases and all(p.items for p in phrases) else None


def declared(phrases: tuple[EntityPhrase, ...]) -> tuple[Fact, ...]:
    """Entity phrases as facts."""
    facts = tuple(Declares(p.noun, p.items, weak=not p.explicit) for p in phrases)
    return (*facts, *scene_facts(phrases))


class _System:
    """A system as asked for: what it is about."""

    def __init__(self, topic: Noun | None, topical: bool) -> None:
        self.topic = topic
        self.topical = topical


def _read_system(reader: Reader) -> _System | None:
    """As in "a simple web application", "a customer management system", "one in which"."""
    start = reader.position
    article = reader.take("article") or reader.take("possessive") or reader.take("one")
    article = article or (reader.peek("system") if not start else None)
    stands_for = "pro_system" in reader.ahead(-1).alone or reader.take("pro_system")
    if stands_for and ("for_what" in reader.word.hits or "of" in reader.word.hits):
        return _System(None, False)
    begin = None
    while reader.position - start <= _MAX_SYSTEM_WORDS:
        topical = reader.peek("topical")
        hit = reader.peek("system")
        if topical or hit:
            longest = max((h for h in (topical, hit) if h), key=lambda h: h.length)
            topic = _topic(reader, begin) or _named_deed(reader, longest)
            after = reader.ahead(longest.length)
            leads = reader.lexicon.syntax.head_first and "of" in after.hits
            told = article or topic or leads or "plain_adjective" in reader.ahead(-1).alone
            told = told or (bool(start) and "for_what" in after.hits)  # "we need software to …"
            if told and not (
                can_name(after)
                and not {"for_what", "using", "named", "scene_prep"} & set(after.hits)
            ):
                reader.position += longest.length
                while reader.lexicon.syntax.head_first and reader.take("plain_adjective"):
                    pass
                return _System(topic, topical is not None)
        if reader.take("plain_adjective"):
            continue
        if not can_name(reader.word) or "prep" in reader.word.alone:
            break
        begin = reader.position if begin is None else begin
        reader.position += 1
    reader.position = start
    return None


def _named_deed(reader: Reader, system: Hit) -> Noun | None:
    """The booking of "booking system", where that is one phrase."""
    word = reader.word
    if system.length == 1 or word.token.norm not in reader.lexicon.hints["deed"]:
        return None
    token = word.token
    return Noun(token.text, token.start, token.end, reader.lexicon.language)


def _topic(reader: Reader, begin: int | None) -> Noun | None:
    if begin is None:
        return None
    sub = Reader(reader.words[begin : reader.position], reader.scope)
    sub.position = len(sub.words)
    return noun_of(sub, 0)


def _read_system_tail(reader: Reader, system: _System) -> tuple[Fact, ...] | None:
    facts: tuple[Fact, ...] = ()
    while not reader.at_end:
        start = reader.position
        more = (
            _read_named(reader)
            or _read_scene(reader)
            or _read_contents(reader, system)
            or _read_managed(reader)
        )
        if more is None:
            reader.position = start
            break
        facts += more
    if not any(isinstance(fact, Declares) for fact in facts):
        topic = _topic_entity(reader, system)
        if topic is not None:
            facts = (Declares(topic, weak=True, topic=True), *facts)
        elif not reader.at_end and not _colon_ahead(reader):
            return None
        else:
            return (*facts, Background(text_of(reader.words, reader.text)))
    elif system.topic is not None and _is_record(system.topic, reader):
        facts = (*facts, Declares(system.topic, weak=True, needs_more=True))
    elif system.topic is not None:
        facts = (*facts, Background(system.topic.text))
    return facts


def _is_record(topic: Noun, reader: Reader) -> bool:
    """Whether a system is named by what happens: its bookings, rentals, loans are records too."""
    return topic.key.rpartition("_")[2] in reader.lexicon.hints["deed"]


def _colon_ahead(reader: Reader) -> bool:
    return reader.at_mark(":", ".", "!", "?", ",")


def _topic_entity(reader: Reader, system: _System) -> Noun | None:
    if system.topic is None or not system.topical:
        return None
    words = system.topic.text.lower().split()
    is_place = words[-1] in reader.lexicon.hints["place"]
    return None if is_place else system.topic


def _read_named(reader: Reader) -> tuple[Fact, ...] | None:
    start = reader.position
    reader.mark(",")
    if reader.take("named") is None:
        reader.position = start
        return None
    if read_noun(reader, 4) is None:
        return None
    return (Background(text_of(reader.since(start), reader.text)),)


def _read_scene(reader: Reader) -> tuple[Fact, ...] | None:
    """As in "for my clinic", "for a gym" — but not "for a Student entity", which is an entity."""
    start = reader.position
    if "scene_prep" in reader.word.hits:
        start_of_place = reader.position
        determined = takes_place(reader)
        whose = any("possessive" in word.alone for word in reader.since(start_of_place))
        asked = {"create", "manage"} & set(reader.word.hits)
        noun = None if asked else read_noun(reader, 4)
        followed = (
            reader.at_mark(":")
            or "for_what" in reader.word.hits
            or ("with" in reader.word.hits and _entities_follow(reader))
        )
        usual = noun is not None and (not noun.plural or is_place(noun, reader.lexicon))
        if not determined and not (usual and followed):
            noun = None
        fits = noun is not None and not reader.knows(noun.key) and not _called_entity(noun, reader)
        mine = noun is not None and whose and not noun.plural and is_place(noun, reader.lexicon)
        listed = "with" in reader.word.hits and not mine and not _entities_follow(reader)
        if fits and not listed and not reader.at_mark("("):
            return (Background(text_of(reader.since(start), reader.text)),)
    reader.position = start
    return None


def _entities_follow(reader: Reader) -> bool:
    """Whether "with" introduces entities: then the noun before it is only the place."""
    position = reader.position
    reader.take("with")
    phrases = read_entities(reader)
    reader.position = position
    return bool(phrases) and all(p.items or _is_entity_like(p.noun, reader) for p in phrases)


def _is_entity_like(noun: Noun, reader: Reader) -> bool:
    if noun.plural and reader.knows(noun.key):
        return True
    return noun.plural and not is_plain_attribute(noun.text, reader.lexicon)


def _called_entity(noun: Noun, reader: Reader) -> bool:
    return without_last(noun, reader.lexicon, "entity_word") is not None


def _read_contents(reader: Reader, system: _System) -> tuple[Fact, ...] | None:
    """As in "with books and members", ": students (name), courses (title)"."""
    start = reader.position
    reader.mark(",")
    colon = reader.mark(":", *DASHES)
    if not colon and reader.take("with") is None:
        reader.position = start
        return None
    reader.take_any("following", "entity")
    reader.mark(":")
    begin = reader.position
    phrases = read_entities(reader)
    lists = any(p.items or p.explicit for p in phrases)
    if phrases and (lists or all(_is_entity_like(p.noun, reader) for p in phrases)):
        return declared(phrases)
    reader.position = begin
    topic = _topic_entity(reader, system)
    items = read_items(reader) if topic is not None else ()
    if items and topic is not None:
        reader.take("field")
        return (Declares(topic, items),)
    reader.position = start
    return None


def _read_managed(reader: Reader) -> tuple[Fact, ...] | None:
    """As in "to manage students with …", "for books", "where I can record visits"."""
    start = reader.position
    reader.mark(",")
    lead = reader.take("for_what")
    if lead is None and reader.take("of") is None:
        reader.position = start
        return None
    before = reader.position
    verb, _ = read_opening(reader)
    if not verb and lead is not None and lead.value != "noun":
        verb = _read_actor(reader)
    if not verb:
        reader.position = before
        if lead is not None and lead.value != "noun":
            reader.position = start
            return None
    place = _read_managed_place(reader) if verb else None
    if place is not None:
        return place
    phrases = read_entities(reader)
    if not phrases:
        reader.position = start
        return None
    if not verb and not all(p.explicit or p.noun.plural for p in phrases):
        managed = _management(phrases, reader.lexicon)
        if managed is None:
            reader.position = start
            return None
        return managed
    return declared(phrases)


def _read_managed_place(reader: Reader) -> tuple[Fact, ...] | None:
    """The place, and what is kept there.

    As in "to manage a small clinic: doctors with …", "a school with pupils (name, age)".
    """
    start = reader.position
    if reader.take("article") or reader.take("possessive"):
        while reader.take("plain_adjective"):
            pass
        noun = read_noun(reader, 4)
        fits = noun is not None and not noun.plural and is_place(noun, reader.lexicon)
        place = text_of(reader.since(start), reader.text)
        if fits and (reader.mark(":") or reader.take("with")):
            leads = reader.ahead(-1).token.norm == ":"
            phrases = read_entities(reader)
            several = len(phrases) > 1 if leads else all(p.noun.plural for p in phrases)
            if (
                several
                and phrases
                and all(_has_values(phrase, reader, leads) for phrase in phrases)
            ):
                return (Background(place), *declared(phrases))
    reader.position = start
    return None


def _has_values(phrase: EntityPhrase, reader: Reader, told: bool) -> bool:
    """Whether attributes are listed of something; choices may stand in brackets as well."""
    nouns = [item.noun.text for item in phrase.items]
    named = (names_value(n, reader.lexicon) or ends_in_value(n, reader.lexicon) for n in nouns)
    return bool(nouns) and (told or any(named))


def _read_actor(reader: Reader) -> bool:
    """As in "where the receptionist records visits": who it is and the verb."""
    start = reader.position
    if (reader.take("article") or reader.take("possessive")) and read_noun(reader, 1):
        verb, _ = read_opening(reader)
        if verb:
            return True
    reader.position = start
    return False


def _management(phrases: tuple[EntityPhrase, ...], lexicon: Vocabulary) -> tuple[Fact, ...] | None:
    """As in "for customer management": the customers."""
    if len(phrases) != 1:
        return None
    managed = without_last(phrases[0].noun, lexicon, "management_word")
    return (Declares(managed, phrases[0].items, weak=True),) if managed else None
