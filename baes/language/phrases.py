"""Stage 4, second half: attributes with what is said of them, entities with their attributes.

An attribute's name ends where something is said of it, so that "price per night in EUR" is a
price per night, and "date in" a date.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from baes.language.facts import Item, Noun, Said
from baes.language.hints import hinted_type
from baes.language.modifiers import read_choices, read_modifier, read_modifiers
from baes.language.names import can_name, is_separator, noun_of, read_noun
from baes.language.tokens import LINE
from baes.language.words import Reader

__all__ = ["DASHES", "EntityPhrase", "read_entities", "read_entity", "read_item", "read_items"]

_MAX_NAME_WORDS = 7
DASHES = ("-", "\N{EN DASH}", "\N{EM DASH}")
_LIST_MARKS = (":", *DASHES, "->", "→", "=>", "=")
_LEADING_PREPOSITIONS = frozenset({"on", "in", "out"})
_FINAL_PREPOSITIONS = frozenset({"on", "at", "in", "out", "by", "from", "to", "off"})
_FIELD_WORDS = frozenset({"field", "fields", "attribute", "attributes", "column", "columns"})
_INNER_PREPOSITIONS = frozenset({"of", "per", "for", "on", "in", "at", "by"})


@dataclass(frozen=True, slots=True)
class EntityPhrase:
    """An entity as it stands in a create: its noun, its attributes, what only sets the scene."""

    noun: Noun
    items: tuple[Item, ...] = ()
    explicit: bool = False
    """Whether it has an attribute list or was called an entity."""
    scenes: tuple[str, ...] = ()


# ------------------------------------------------------------------------------- attributes
def read_items(reader: Reader, stop_at_entity: bool = True) -> tuple[Item, ...]:
    """Attributes, separated by commas, "and", lines; the cursor is left behind the last one."""
    items: list[Item] = []
    while True:
        before = reader.position
        if items and not _read_separator(reader):
            break
        item = read_item(reader)
        if item is None or not _list_goes_on(reader):
            reader.position = before
            break
        if stop_at_entity and items and _begins_entity(reader):
            reader.position = before
            break
        shared = _shared_noun(reader, item)
        items.extend(shared or (item,))
    return tuple(items)


def _list_goes_on(reader: Reader) -> bool:
    """Whether what follows an item may follow one: else the item was no item."""
    return (
        is_separator(reader)
        or bool(
            {"with", "has", "field", "modal", "belongs", "be", "purpose"} & set(reader.word.hits)
        )
        or reader.word.token.norm in ("using", "(", ":", *DASHES)
    )


def _begins_entity(reader: Reader) -> bool:
    """Whether an item is in truth the next entity: "and Pet with name", "and Pet (name)"."""
    return "with" in reader.word.hits or reader.at_mark("(")


def _read_separator(reader: Reader) -> bool:
    marked = reader.mark(",", ";", LINE, "|")
    while reader.mark(LINE):
        marked = True
    joined = reader.take("and") is not None
    reader.mark(LINE)
    return marked or joined


def read_item(reader: Reader) -> Item | None:
    """One attribute: what leads to it, its name, what is said of it."""
    start = reader.position
    if "using" in reader.word.hits:  # techniques follow, and no attribute
        return None
    said, many, article = _read_lead(reader)
    noun, boolean = _read_name(reader)
    if noun is None:
        reader.position = start
        return None
    if boolean:
        said = (*said, ("type", "boolean"))
    noun, unit = _without_unit(noun, reader)
    said += unit
    said += _read_after_colon(reader) or ()
    said += read_modifiers(reader)
    _skip_relative(reader)
    return Item(noun, said, many, article)


def _without_unit(noun: Noun, reader: Reader) -> tuple[Noun, Said]:
    """As in "height cm": the symbol of a unit behind a name is no part of it."""
    last = reader.ahead(-1)
    hit = last.hits.get("unit")
    name, _, word = noun.text.rpartition(" ")
    is_symbol = hit is not None and len(word) > 1 and hit.value.lower() == word.lower()
    if hit is None or not name or not is_symbol or last.token.norm != word.lower():
        return noun, ()
    return replace(noun, text=name), (("unit", hit.value),)


def _read_lead(reader: Reader) -> tuple[Said, Literal["", "one", "many"], bool]:
    """Articles, quantifiers and flags before a name."""
    said: Said = ()
    many: Literal["", "one", "many"] = ""
    article = False
    while True:
        position = reader.position
        adverb = reader.peek("adverb")
        if reader.take("article") or reader.take("of_it"):
            article = True
        elif adverb is not None and reader.take("adverb"):
            said += (("required", False),) if adverb.value == "optional" else ()
            reader.mark(",")
        elif hit := reader.peek("many"):
            reader.take("many")
            many = "many"
            said += (("required", True),) if hit.value == "required" else ()
        elif (hit := reader.peek("one")) and reader.ahead(hit.length).token.kind == "word":
            reader.take("one")
            many = "one"
            said += (("required", hit.value == "required"),) if hit.value else ()
        elif "flag" in reader.word.alone and can_follow_flag(reader):
            flag = read_modifier(reader)
            if flag is None:
                return said, many, article
            said += flag
        elif "pure_type" in reader.word.hits and _is_type_first(reader):
            hit = reader.take("pure_type")
            said += (("type", hit.value),) if hit else ()
        else:
            return said, many, article
        if reader.position == position:
            return said, many, article


def can_follow_flag(reader: Reader) -> bool:
    """Whether a flag stands before its noun, as in "a unique code"."""
    hit = reader.peek("flag")
    if hit is None:
        return False
    after = reader.ahead(hit.length)
    return (can_name(after) or "flag" in after.alone or "and" in after.alone) and not {
        "prep"
    } & after.alone


def _is_type_first(reader: Reader) -> bool:
    """Whether a type stands before its name, as in "string name"; "boolean flag" is one type."""
    hit = reader.peek("pure_type")
    return hit is not None and can_name(reader.ahead(hit.length))


def _read_name(reader: Reader) -> tuple[Noun | None, bool]:
    """A name, and whether its words make it a yes or no."""
    start = reader.position
    if reader.take("whether"):
        return _read_condition(reader), True
    if reader.word.token.norm in ("is", "has", "can") and can_name(reader.ahead(1)):
        reader.position += 1
        _read_words(reader, start)
        return noun_of(reader, start), True
    if reader.word.token.norm in _LEADING_PREPOSITIONS and can_name(reader.ahead(1)):
        reader.position += 1
    elif "prep" in reader.word.alone or "custom_verb" in reader.word.alone:
        return None, False
    if not can_name(reader.word):
        return None, False
    _read_words(reader, start)
    return noun_of(reader, start), False


def _read_condition(reader: Reader) -> Noun | None:
    """As in "whether it is active" -> "is active"; who is it that is so goes unread."""
    reader.take("pronoun") or (reader.take("article") and read_noun(reader, 1))
    start = reader.position
    if not (reader.take("be") or reader.take("has")):
        return None
    reader.take("article")
    begin = reader.position
    _read_words(reader, begin)
    if reader.position == begin:
        return None
    verb = reader.words[start]
    if verb.token.norm in ("is", "has"):
        return noun_of(reader, start if begin == start + 1 else begin)
    return noun_of(reader, begin)


def _read_words(reader: Reader, start: int) -> None:
    while reader.position - start < _MAX_NAME_WORDS and not is_separator(reader):
        begun = reader.position > start
        if begun and ("purpose" in reader.word.hits or _something_is_said(reader)):
            return
        norm = reader.word.token.norm
        if begun and norm in _INNER_PREPOSITIONS and _goes_on_after_preposition(reader):
            reader.position += 1
            if norm in ("of", "per"):
                _drop_article(reader)
            continue
        if begun and norm in _FINAL_PREPOSITIONS:
            reader.position += 1
            ends = is_separator(reader) or reader.at_mark(":", "=", "(", *DASHES)
            if not ends and not _something_is_said(reader):
                reader.position -= 1
            return
        if begun and "only" in reader.word.alone and _is_last(reader):
            reader.position += 1
            return
        if not can_name(reader.word) or "belongs" in reader.word.hits:
            return
        if begun and norm in ("using", "fields", "attributes", "columns"):
            return
        reader.position += 1


def _is_last(reader: Reader) -> bool:
    after = reader.ahead(1)
    return after.token.kind in ("end", "line", "mark") or bool({"and", "or"} & after.alone)


def _drop_article(reader: Reader) -> None:
    """Leave the article of "description of the work" out of the name."""
    if "article" in reader.word.alone and can_name(reader.ahead(1)):
        index = reader.position
        reader.words = reader.words[:index] + reader.words[index + 1 :]


def _goes_on_after_preposition(reader: Reader) -> bool:
    after = reader.ahead(1)
    if reader.word.token.norm in ("of", "per") and "article" in after.alone:
        after = reader.ahead(2)
    return can_name(after) and "prep" not in after.alone


def _something_is_said(reader: Reader) -> bool:
    """Whether the words at the cursor say something of the name before them."""
    position = reader.position
    said = read_modifier(reader)
    ends = is_separator(reader) or read_modifier(reader) is not None
    reader.position = position
    return said is not None and ends


def _read_after_colon(reader: Reader) -> Said | None:
    """The type or the choices after "name:" in a list of lines or of typed names."""
    start = reader.position
    if not reader.mark(":", "::", *DASHES, "="):
        return None
    colon = reader.words[start].token.norm
    said = read_modifiers(reader, bracketed=True)
    while said and reader.at_mark(",") and _line_item(reader):
        reader.mark(",")
        more = read_modifiers(reader, bracketed=True)
        if not more:
            break
        said += more
    if said and is_separator(reader):
        return said
    reader.position = start + 1
    target = read_noun(reader)
    is_entity = target is not None and target.text[:1].isupper() and reader.knows(target.key)
    if target is not None and is_entity and is_separator(reader):
        return (("link", target),)
    reader.position = start + 1
    choices = read_choices(reader) if colon == ":" else None
    said_or = any("or" in word.alone for word in reader.since(start))
    if choices and is_separator(reader) and (said_or or _line_item(reader)):
        return (("choices", choices),)
    reader.position = start
    return None


def _line_item(reader: Reader) -> bool:
    """Whether the list has lines, so that a comma belongs to the item."""
    return any(w.token.kind == "line" for w in reader.words)


def _skip_relative(reader: Reader) -> None:
    """As in "the number of movers that we send", "the priest who officiated": nothing is said."""
    start = reader.position
    who = reader.word.token.norm == "who"
    told = reader.take("relative") is not None and (reader.take("pronoun") is not None or who)
    if told and can_name(reader.word):
        reader.position += 1
        if is_separator(reader):
            return
    reader.position = start


def _shared_noun(reader: Reader, item: Item) -> tuple[Item, ...]:
    """As in "first and last name": both share the noun of the second."""
    words = item.noun.text.split()
    lowered = item.noun.text.lower()
    if len(words) != 1 or item.said or not _is_shared(reader, lowered):
        return ()
    start = reader.position
    if reader.take("and") is None:
        return ()
    other = read_item(reader)
    if other is not None and is_separator(reader):
        first, *rest = other.noun.text.split(" ")
        if rest and _is_shared(reader, first.lower()):
            whole = f"{item.noun.text} {' '.join(rest)}"
            noun = replace(item.noun, text=whole)
            said = tuple(pair for pair in other.said if pair[0] in ("type", "unit", "required"))
            return (replace(item, noun=noun, said=said), other)
    reader.position = start
    return ()


def _is_shared(reader: Reader, word: str) -> bool:
    return word in reader.lexicon.hints["shared"]


# --------------------------------------------------------------------------------- entities
def read_entities(reader: Reader) -> tuple[EntityPhrase, ...]:
    """Entities with or without attributes, separated by commas and "and"."""
    found: list[EntityPhrase] = []
    count = _read_entities_lead(reader)
    while True:
        before = reader.position
        if found and not _read_separator(reader):
            break
        entity = read_entity(reader)
        if entity is None:
            reader.position = before
            break
        found.append(entity)
    if (count and count != len(found)) or _stray(found):
        return ()
    if count is not None:
        found = [replace(entity, explicit=True) for entity in found]
    return tuple(found)


def _stray(found: list[EntityPhrase]) -> bool:
    """Whether a bare noun follows an attribute list: more likely it is an attribute gone astray."""
    listed = False
    for entity in found:
        if listed and not entity.items:
            return True
        listed = listed or bool(entity.items)
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
    many = entity is not None and reader.word.token.norm.endswith("s")
    if many and reader.take("entity") and (reader.mark(":") or can_name(reader.word)):
        while reader.mark(LINE):
            pass
        return int(digits) if digits.isdigit() else 0
    reader.position = start
    return None


def read_entity(reader: Reader) -> EntityPhrase | None:
    """One entity: "a Course entity with name and level fields", "books (title, author)"."""
    start = reader.position
    reader.take("each")
    reader.take("about")
    while reader.take("article") or reader.take("possessive") or _adjective(reader):
        pass
    called = reader.take("entity") if _is_called(reader) else None
    if called is not None:
        reader.take("named")
        if reader.word.token.norm == "for":
            reader.position += 1
    noun = read_noun(reader)
    if noun is None:
        reader.position = start
        return None
    noun, explicit = _without_entity_word(noun)
    scenes = _read_scenes(reader)
    items = _read_attribute_list(reader)
    if items is None:
        reader.position = start
        return None
    return EntityPhrase(noun, items, bool(items) or explicit or called is not None, scenes)


def _adjective(reader: Reader) -> bool:
    if reader.word.token.norm in ("new", "following") and can_name(reader.ahead(1)):
        reader.position += 1
        return True
    return False


def _is_called(reader: Reader) -> bool:
    """Whether "entity" stands before the name: "an entity named Item", "table Item"."""
    hit = reader.peek("entity")
    if hit is None:
        return False
    after = reader.ahead(hit.length)
    if after.token.norm == "for" and hit.length == 1:
        return True
    return "named" in after.hits or (can_name(after) and not {"with", "prep"} & after.alone)


def _without_entity_word(noun: Noun) -> tuple[Noun, bool]:
    words = noun.text.split(" ")
    if len(words) > 1 and words[-1].lower() in ("entity", "entities", "table", "model", "class"):
        return replace(noun, text=" ".join(words[:-1])), True
    return noun, False


def _read_scenes(reader: Reader) -> tuple[str, ...]:
    """What follows a noun and only says where it is used: "of a gym", "held in our church"."""
    found: list[str] = []
    while True:
        start = reader.position
        if reader.take("scene") is not None:
            pass
        elif reader.take("scene_prep") is None or not _scene_noun(reader):
            reader.position = start
            return tuple(found)
        found.append(" ".join(w.token.text for w in reader.since(start)))


def _scene_noun(reader: Reader) -> bool:
    if not (reader.take("article") or reader.take("possessive")):
        return False
    noun = read_noun(reader, 4)
    return noun is not None and not reader.knows(noun.key)


def _read_attribute_list(reader: Reader) -> tuple[Item, ...] | None:
    """The attributes after an entity's name; empty where none follow, ``None`` if unreadable."""
    start = reader.position
    if reader.at_mark("(", "[", "{"):
        return _bracketed_items(reader)
    comma = reader.mark(",")
    if not (
        (not comma and reader.mark(*_LIST_MARKS)) or reader.take("with") or _possessive_list(reader)
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
    return _without_field_word(items)


def _without_field_word(items: tuple[Item, ...]) -> tuple[Item, ...]:
    """As in "name and level fields": the last word belongs to no name."""
    last = items[-1]
    name, _, word = last.noun.text.rpartition(" ")
    if not name or word.lower() not in _FIELD_WORDS:
        return items
    return (*items[:-1], replace(last, noun=replace(last.noun, text=name)))


def _may_be_entity(item: Item, reader: Reader) -> bool:
    """Whether "and their grades" could be records of their own: plural, and no usual value."""
    return item.noun.plural and hinted_type(item.noun.text, reader.lexicon) is None


def _possessive_list(reader: Reader) -> bool:
    """As in "and their name and voice part", ", by title and author"."""
    start = reader.position
    reader.take("and")
    if reader.peek("of_it") is not None:
        reader.take("of_it")
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
    many = hit is not None and reader.ahead(-1).token.norm.endswith("s")
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
