"""Stage 4, third part: entities with their attributes: "a Course with name and level"."""

from __future__ import annotations

from dataclasses import dataclass, replace

from baes.language.facts import Item, Noun
from baes.language.hints import hinted_type, names_value
from baes.language.items import read_items, read_separator
from baes.language.names import can_name, read_noun, takes_place, without_last
from baes.language.tokens import DASHES, LINE
from baes.language.vocabulary import Vocabulary
from baes.language.words import Reader

__all__ = [
    "EntityPhrase", "read_attribute_list", "read_entities", "read_entity", "read_scenes",
]  # fmt: skip

_MAX_REMARK_WORDS = 8
_LISTING = frozenset({"and", "or", "with", "not", "number", "flag", "bound", "many", "each", "sub"})
"""Words of lists and limits: no remark holds one."""
_LIST_MARKS = (":", *DASHES, "->", "→", "=>", "=")


@dataclass(frozen=True, slots=True)
class EntityPhrase:
    """An entity as it stands in a create: its noun, its attributes, what only sets the scene."""

    noun: Noun
    items: tuple[Item, ...] = ()
    explicit: bool = False
    """Whether it has an attribute list or was called an entity."""
    scenes: tuple[str, ...] = ()


def read_entities(reader: Reader) -> tuple[EntityPhrase, ...]:
    """Entities with or without attributes, separated by commas and "and"."""
    found: list[EntityPhrase] = []
    count = _read_entities_lead(reader)
    while True:
        before = reader.position
        if found and not read_separator(reader):
            break
        if found and "of" in reader.word.alone:  # "keep track of courses and of students"
            reader.position += 1
        entity = read_entity(reader)
        if entity is None:
            reader.position = before
            break
        found.append(entity)
    if (count and count != len(found)) or _stray(found, reader) or _unlike(found):
        return ()
    if count is not None:
        found = [replace(entity, explicit=True) for entity in found]
    return tuple(found)


def _stray(found: list[EntityPhrase], reader: Reader) -> bool:
    """Whether a bare noun follows an attribute list: more likely it is an attribute gone astray."""
    listed = False
    for entity in found:
        if listed and not entity.items and not reader.knows(entity.noun.key):
            return True
        listed = listed or bool(entity.items)
    return False


def _unlike(found: list[EntityPhrase]) -> bool:
    """Whether brackets are choices of one plural and attributes of the next.

    As in "a car park with cars (plate, colour) and spots (number, level)": nobody means that.
    """
    chosen = False
    for entity in found:
        if chosen and entity.noun.plural and entity.items:
            return True
        chosen = chosen or any(i.noun.plural and "choices" in dict(i.said) for i in entity.items)
    return False


def _read_entities_lead(reader: Reader) -> int | None:
    """As in "the following 3 entities:" -> 3; without a number 0; ``None``: no such lead."""
    start = reader.position
    reader.take_any("article", "following")
    number = reader.peek("number")
    digits = reader.word.token.norm if reader.word.token.kind == "number" else ""
    if digits:
        reader.position += 1
    elif number is not None and reader.take("number"):
        digits = number.value
    reader.take("plain_adjective")
    entity = reader.peek("entity")
    many = entity is not None and entity.value == "many"
    named = many and reader.take("entity") is not None
    if named and (reader.mark(":", *((",",) if digits else ())) or can_name(reader.word)):
        while reader.mark(LINE):
            pass
        return int(digits) if digits.isdigit() else 0
    reader.position = start
    return None


def read_entity(reader: Reader) -> EntityPhrase | None:
    """One entity: "a Course entity with name and level fields", "books (title, author)"."""
    start = reader.position
    reader.take("each")
    reader.take("about") or _takes_register(reader)
    theirs = False
    while reader.take("article") or reader.peek("possessive") or _adjective(reader):
        theirs = theirs or reader.take("of_it") is not None
        reader.take("possessive")
    called = reader.take("entity") if _is_called(reader) else None
    if called is not None:
        if (
            not {"with", "field"} & set(reader.ahead(1).hits)
            and reader.ahead(1).token.kind != "end"
        ):
            reader.take("named")
        reader.take("entity_for") or reader.mark(":")
    place = _takes_owner(reader) if reader.position > start else ()
    noun = read_noun(reader) if "field_word" not in reader.word.alone else None
    if noun is None or _is_register(noun, reader) or _is_made(noun, reader):
        reader.position = start
        return None
    if theirs and names_value(noun.text, reader.lexicon):
        reader.position = start  # "keep their name and their phone": of whom?
        return None
    noun = _without_praise(noun, reader.lexicon)
    bare = without_last(noun, reader.lexicon, "entity_word", "always", "defining")
    noun, explicit = bare or noun, bare is not None
    noun = _without_owner(noun, reader.lexicon)
    scenes = (*place, *read_scenes(reader), *_remark(reader))
    items = read_attribute_list(reader)
    if items is not None and _is_reckoned(noun, items, reader, start):
        items = None
    if items is None or any(i.noun.key == noun.key and "link" in dict(i.said) for i in items):
        reader.position = start  # "Invoice: total; an invoice belongs to …": a sentence follows
        return None
    noun = _listed(noun, reader.lexicon) if items else noun
    return EntityPhrase(noun, items, bool(items) or explicit or called is not None, scenes)


def _takes_register(reader: Reader) -> bool:
    """Read "um cadastro simples de", which leads to what is recorded."""
    start = reader.position
    reader.take("article")
    if reader.take("register"):
        while reader.take("plain_adjective"):
            pass
        if reader.take("of"):
            return True
    reader.position = start
    return False


def _listed(noun: Noun, lexicon: Vocabulary) -> Noun:
    """What a list holds, where it is called by that: a "contact list" holds contacts."""
    apart = lexicon.value("list_apart", noun.text.lower().replace(" ", "-")) is not None
    bare = None if apart else without_last(noun, lexicon, "collection_word")
    return bare or noun


def _is_register(noun: Noun, reader: Reader) -> bool:
    """Whether a noun is a list of records and no record: "sistema de pedidos"."""
    first, _, rest = noun.text.partition(" ")
    head_first = reader.lexicon.syntax.head_first
    return bool(rest) and head_first and reader.lexicon.value("register", first.lower()) is not None


def _is_reckoned(noun: Noun, items: tuple[Item, ...], reader: Reader, start: int) -> bool:
    """Whether brackets behind a value say how it comes about: "total (amount + tip)"."""
    words = reader.since(start)
    opened = [i for i, word in enumerate(words) if word.token.norm == "("]
    chief = noun.text.split(" ")[0 if reader.lexicon.syntax.head_first else -1]
    is_value = any(names_value(name, reader.lexicon) for name in (noun.text, chief))
    if not items or not opened or noun.plural or not is_value:
        return False
    added = any(word.token.norm in ("+", "*", "\N{MULTIPLICATION SIGN}") for word in words)
    return added or len(items) == 1


def _without_praise(noun: Noun, lexicon: Vocabulary) -> Noun:
    """The stock of "um estoque simples", where adjectives stand behind."""
    plain = without_last(noun, lexicon, "before_entity", "praise")
    lower = noun.text.rpartition(" ")[2].islower()  # "Tarefa Simples" is called so
    return plain if plain is not None and lower and lexicon.syntax.head_first else noun


def _takes_owner(reader: Reader) -> tuple[str, ...]:
    """Read the gym of "my gym's members", where it is a place: it only sets the scene."""
    mark = reader.lexicon.syntax.possessive.strip()
    token = reader.word.token
    owner = token.norm.removesuffix(mark) if mark else token.norm
    is_place = owner in reader.lexicon.hints["place"] and not reader.knows(owner)
    if owner == token.norm or not is_place or not can_name(reader.ahead(1)):
        return ()
    reader.position += 1
    return (token.text,)


def _without_owner(noun: Noun, lexicon: Vocabulary) -> Noun:
    """The customer order of "the customer's orders"."""
    mark = lexicon.syntax.possessive
    owned = mark and mark in noun.text
    return replace(noun, text=noun.text.replace(mark, " ")) if owned else noun


def _is_made(noun: Noun, reader: Reader) -> bool:
    """Whether a noun before a colon is the program itself: "a parking garage app: cars …"."""
    words = noun.text.lower().split(" ")
    chief = words[0] if reader.lexicon.syntax.head_first else words[-1]
    made = len(words) > 1 and reader.lexicon.value("made_word", chief) is not None
    return made and not noun.plural and reader.at_mark(*_LIST_MARKS)


def _adjective(reader: Reader) -> bool:
    hit = reader.peek("before_entity")
    praised = hit is not None and hit.value == "praise"
    if praised and reader.word.token.text[:1].isupper():
        return False  # "Create Simple Task": it is called so
    if hit is not None and can_name(reader.ahead(1)):
        reader.position += 1
        return True
    return False


def _is_called(reader: Reader) -> bool:
    """Whether "entity" stands before the name: "an entity named Item", "table Item"."""
    hit = reader.peek("entity")
    if hit is None:
        return False
    after = reader.ahead(hit.length)
    if "entity_for" in after.alone and hit.length == 1:
        return True
    if after.token.norm == ":":  # "Entity: Lesson"
        return can_name(reader.ahead(hit.length + 1))
    return "named" in after.hits or (can_name(after) and not {"with", "prep"} & after.alone)


def read_scenes(reader: Reader) -> tuple[str, ...]:
    """What follows a noun and only says where it is used: "of a gym", "held in our church"."""
    found: list[str] = []
    while True:
        start = reader.position
        if reader.take("scene") is not None:
            pass
        elif not takes_place(reader) or not _scene_noun(reader):
            reader.position = start
            return tuple(found)
        found.append(" ".join(w.token.text for w in reader.since(start)))


def _remark(reader: Reader) -> tuple[str, ...]:
    """What stands between a name and its list: "Employees, as exported from our old tool:"."""
    start = reader.position
    if reader.mark(",") and "remark_lead" in reader.word.hits:
        begin = reader.position
        while reader.word.token.kind == "word" and reader.position - begin < _MAX_REMARK_WORDS:
            if _LISTING & reader.word.alone:
                break
            reader.position += 1
        if reader.at_mark(":") and reader.position > begin + 1:
            return (" ".join(w.token.text for w in reader.since(begin)),)
    reader.position = start
    return ()


def _scene_noun(reader: Reader) -> bool:
    noun = read_noun(reader, 4)
    return noun is not None and not reader.knows(noun.key)


def read_attribute_list(reader: Reader) -> tuple[Item, ...] | None:
    """The attributes after an entity's name; empty where none follow, ``None`` if unreadable."""
    start = reader.position
    if reader.at_mark("(", "[", "{"):
        return _bracketed_items(reader)
    if (listed := _listed_as(reader)) is not None:
        return listed
    comma = reader.mark(",")
    if _fields_follow(reader):
        pass
    elif not (
        (not comma and reader.mark(*_LIST_MARKS))
        or reader.take("with")
        or _possessive_list(reader, comma)
    ):
        reader.position = start
        return ()
    begin = reader.position - 1
    _read_list_lead(reader)
    items = read_items(reader)
    theirs = "of_it" in reader.words[begin].alone
    if not items or (theirs and any(_may_be_entity(item, reader) for item in items)):
        reader.position = start
        return None
    reader.take("field")
    return _without_field_word(items, reader.lexicon)


def _listed_as(reader: Reader) -> tuple[Item, ...] | None:
    """The attributes of "define Parcel as number, weight": two at least, else it is a role."""
    start = reader.position
    if reader.take("list_lead") is not None:
        items = read_items(reader)
        if len(items) > 1:
            return items
    reader.position = start
    return None


def _fields_follow(reader: Reader) -> bool:
    """Read the "fields:" of "cattle, fields: tag, breed"."""
    hit = reader.peek("field")
    if hit is None or hit.value != "many" or reader.ahead(hit.length).token.norm != ":":
        return False
    reader.position += hit.length + 1
    return True


def _without_field_word(items: tuple[Item, ...], lexicon: Vocabulary) -> tuple[Item, ...]:
    """As in "name and level fields": the last word belongs to no name."""
    last = items[-1]
    bare = without_last(last.noun, lexicon, "field_word")
    return (*items[:-1], replace(last, noun=bare)) if bare is not None else items


def _may_be_entity(item: Item, reader: Reader) -> bool:
    """Whether "and their grades" could be records of their own: plural, and no usual value."""
    return item.noun.plural and hinted_type(item.noun.text, reader.lexicon) is None


def _possessive_list(reader: Reader, comma: bool) -> bool:
    """As in "and their name and voice part", ", by title and author"."""
    start = reader.position
    joined = reader.take("and") is not None or comma
    if joined and reader.take("of_it") is not None:
        return True
    reader.position = start
    return False


def _read_list_lead(reader: Reader) -> None:
    """As in "the following fields:", "only:", "attributes"."""
    start = reader.position
    while reader.take("article") or reader.take("only") or reader.take("following"):
        pass
    led = reader.position > start
    hit = reader.take("field")
    many = hit is not None and hit.value == "many"
    colon = reader.mark(":")
    while reader.mark(LINE):
        colon = True
    if not (colon or many or (led and hit)):
        reader.position = start


def _bracketed_items(reader: Reader) -> tuple[Item, ...] | None:
    start = reader.position
    reader.position += 1
    items = read_items(reader, stop_at_entity=False)
    if not items or not reader.mark(")", "]", "}"):
        reader.position = start
        return None
    return items
