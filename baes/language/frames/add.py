"""More of what is there: "add email to Student", "record the birth date of each customer"."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from baes.language.facts import Adds, Background, Fact, Item, Links, Noun, Said, Topic
from baes.language.frames.changing import read_end, read_front, read_lead
from baes.language.frames.common import read_opening
from baes.language.frames.notation import Kind
from baes.language.hints import hinted_type
from baes.language.items import read_items
from baes.language.modifiers import read_modifiers
from baes.language.names import can_name
from baes.language.spelling import is_misspelt
from baes.language.targets import read_entity_noun, read_owner, read_owners
from baes.language.tokens import LINE
from baes.language.values import read_choices
from baes.language.words import Reader

__all__ = ["read_add", "read_topic_of_changes"]


def read_add(reader: Reader) -> tuple[Fact, ...] | None:
    """What entities of the system get besides."""
    if reader.scope.inventory.is_empty:
        return None
    for read in (_read_commands, _read_fronted, _read_extend, _read_gets, _read_link, _read_bare):
        reader.position = 0
        facts = read(reader)
        if facts is None:
            continue
        end = read_end(reader)
        if end is not None:
            return (*facts, *end)
    return None


def read_topic_of_changes(reader: Reader) -> tuple[Fact, ...] | None:
    """As in "Changes to Member:": whose changes follow."""
    if reader.scope.inventory.is_empty:
        return None
    reader.take("changes_to")
    noun = read_entity_noun(reader)
    if noun is None or reader.scope.inventory.entity(noun.key) is None:
        return None
    reader.mark(":", ".")
    return (Topic(noun),) if reader.at_end else None


# --------------------------------------------------------------------------------- commands
def _read_commands(reader: Reader) -> tuple[Fact, ...] | None:
    """As in "add an email to Member and a phone number to Trainer"."""
    front = read_front(reader)
    while reader.take("now") or reader.mark(","):
        pass
    _, scenes = read_opening(reader)
    while reader.take("now") or reader.take("add_verb") or reader.mark(",", ":"):
        pass
    if not reader.position or not _asks_to_add(reader):
        return None
    facts: list[Fact] = [Background(scene) for scene in scenes]
    found = False
    while not reader.at_end:
        before = reader.position
        if found and not _separator(reader):
            break
        reader.take("add_verb") if found else None
        group = _read_group(reader, front)
        if group is None:
            if not found:
                return None
            reader.position = before
            break
        facts += group
        found = True
    return tuple(facts) if found else None


def _asks_to_add(reader: Reader) -> bool:
    """Whether the words so far ask for more of something: "add", "record", "we need".

    What is to be created is no part of what is there, unless it is called a field.
    """
    creates = [set(w.hits) for w in reader.since(0) if "create" in w.hits]
    if any(not {"add_verb", "manage"} & tags for tags in creates):
        return any("field_word" in w.alone for w in reader.words)
    return True


def _separator(reader: Reader) -> bool:
    comma = reader.mark(",")
    return reader.take("and") is not None or comma


def _read_group(reader: Reader, front: Noun | None) -> tuple[Fact, ...] | None:
    """Attributes and whose they become, with what is said of them behind."""
    begin = reader.position
    called = reader.peek("field_word")
    if called is not None and reader.ahead(called.length).token.norm == ":":
        reader.position += called.length + 1
    items = _owned_items(reader)
    end = reader.position
    reader.mark(",") if items and items[-1].said else None  # "a birth date, optional, to pupils"
    owners = read_owners(reader)
    if not owners:
        reader.position = end
        owner = _owner_of_condition(reader, begin) or front
        owners = (owner,) if owner is not None else ()
    named, as_links = _named(items, reader)
    if not named or not owners:
        return None
    told = any("add_verb" in w.hits for w in reader.words[:begin])
    if not told and any(reader.scope.inventory.entity(o.key) is None for o in owners):
        return None
    detailed = _with_details(named, reader)
    if detailed is None:
        return None
    return tuple(Adds(owner, detailed, as_links) for owner in owners)


def _owned_items(reader: Reader) -> tuple[Item, ...]:
    """Attributes whose names end before "to Student", "of each customer"."""
    scope = reader.scope
    reader.scope = replace(scope, owners=True)
    items = read_items(reader, stop_at_entity=False)
    reader.scope = scope
    return items


def _owner_of_condition(reader: Reader, begin: int) -> Noun | None:
    """The tent of "whether a tent is waterproof"."""
    for i in range(begin, reader.position):
        if "whether" in reader.words[i].hits and "article" in reader.words[i + 1].alone:
            sub = Reader(reader.words[i + 2 : i + 3], reader.scope)
            noun = read_entity_noun(sub)
            if noun is not None and reader.scope.inventory.entity(noun.key) is not None:
                return noun
    return None


def _named(items: tuple[Item, ...], reader: Reader) -> tuple[tuple[Item, ...], bool]:
    """The items without words that only call them fields; whether they were called links."""
    found: list[Item] = []
    links = 0
    for item in items:
        noun, is_link = _stripped(item.noun, reader)
        if noun is None or _is_half_quoted(noun, reader):
            return (), False
        links += is_link
        said_so = noun is not item.noun and not is_link
        found.append(replace(item, noun=noun, article=item.article or said_so))
    if links and links != len(items):
        return (), False
    return tuple(found), links > 0


def _is_half_quoted(noun: Noun, reader: Reader) -> bool:
    """Whether only a part of a name is quoted: then that is a value, and not a name."""
    parts = [w for w in reader.words if noun.start <= w.token.start and w.token.end <= noun.end]
    quoted = [w for w in parts if w.token.kind == "quoted"]
    called = {"field_word", "named", "article"}
    return bool(quoted) and any(w not in quoted and not called & w.alone for w in parts)


def _stripped(noun: Noun, reader: Reader) -> tuple[Noun | None, bool]:
    """As in "email field", "attribute called breed", "course relationship"."""
    lexicon = reader.lexicon
    words = noun.text.split(" ")
    lead = words[0].lower()
    if len(words) > 1 and (
        lexicon.value("field_word", lead) is not None or is_misspelt(lead, "field_word", lexicon)
    ):
        words = words[1:]
        if len(words) > 1 and lexicon.value("named", words[0].lower()) is not None:
            words = words[1:]
    elif len(words) > 1 and lexicon.value("field_word", words[-1].lower()) is not None:
        words = words[:-1]
    elif len(words) > 1 and lexicon.value("kind_noun", words[-1].lower()) is not None:
        return replace(noun, text=" ".join(words[:-1])), True
    elif lexicon.value("field_word", lead) is not None or lexicon.value("kind_noun", lead):
        return None, False
    if len(words) == len(noun.text.split(" ")):
        return noun, False
    return replace(noun, text=" ".join(words)), False


# ---------------------------------------------------------------------------- details behind
def _with_details(items: tuple[Item, ...], reader: Reader) -> tuple[Item, ...] | None:
    """The items with what is said behind the owner; ``None`` where that is not understood."""
    start = reader.position
    if reader.at_end or reader.at_mark("?"):
        return items
    if reader.mark(":", "-", "\N{EN DASH}", "\N{EM DASH}"):
        return _listed_details(items, reader)
    marked = reader.mark(",")
    reader.take("pronoun") if marked else None
    said = read_modifiers(reader, bracketed=True)
    if said and len(items) == 1 and not _goes_on(reader):
        return (replace(items[0], said=(*items[0].said, *said)),)
    reader.position = start
    return items


def _goes_on(reader: Reader) -> bool:
    return can_name(reader.word) and not {"now", "courtesy", "purpose"} & set(reader.word.hits)


def _listed_details(items: tuple[Item, ...], reader: Reader) -> tuple[Item, ...] | None:
    """As in "…: waiting, in repair or ready", or lines that say more of the same attributes."""
    lines = False
    while reader.mark(LINE):
        lines = True
    start = reader.position
    if not lines and len(items) == 1:
        choices = read_choices(reader)
        if choices and reader.at_end:
            return (replace(items[0], said=(*items[0].said, ("choices", choices))),)
        reader.position = start
        said = read_modifiers(reader, bracketed=True)
        if said and reader.at_end:
            return (replace(items[0], said=(*items[0].said, *said)),)
        reader.position = start
    more = read_items(reader, stop_at_entity=False)
    if not more or not reader.at_end:
        return None
    by_key = {item.noun.key: item for item in more}
    if set(by_key) != {item.noun.key for item in items}:
        return None
    return tuple(
        replace(item, said=tuple(dict.fromkeys((*item.said, *by_key[item.noun.key].said))))
        for item in items
    )


# ------------------------------------------------------------------------------ other forms
def _read_fronted(reader: Reader) -> tuple[Fact, ...] | None:
    """As in "Add to Exhibit: …", "new fields for Exhibit: material, height in cm"."""
    lead = read_lead(reader)
    named = reader.take("new_fields")
    if named is None:
        if reader.take("add_verb") is None:
            return None
        owner = read_owner(reader)
    else:
        owner = read_entity_noun(reader)
    if owner is None or reader.scope.inventory.entity(owner.key) is None:
        return None
    listed = reader.mark(":", "-", "\N{EN DASH}", "\N{EM DASH}")
    if not listed and "article" not in reader.word.alone:  # "add to the film a rating"
        return None
    while reader.mark(LINE):
        pass
    items, as_links = _named(read_items(reader, stop_at_entity=False), reader)
    return (*lead, Adds(owner, items, as_links)) if items else None


def _read_extend(reader: Reader) -> tuple[Fact, ...] | None:
    """As in "extend Voucher with an amount", "give vouchers a description"."""
    lead = read_lead(reader)
    gives = reader.take("give_verb") is not None
    if not gives and reader.take("extend_verb") is None:
        return None
    owner = read_entity_noun(reader)
    if owner is None or reader.scope.inventory.entity(owner.key) is None:
        return None
    if not gives and not (reader.take("with") or reader.take("owner_prep")):
        return None
    return _added(reader, owner, lead)


def _read_gets(reader: Reader) -> tuple[Fact, ...] | None:
    """As in "vouchers get a valid until date"."""
    while reader.take("now"):
        reader.mark(",")
    owner = read_entity_noun(reader)
    reader.take("now")
    if owner is None or reader.take("gets") is None:
        return None
    if reader.scope.inventory.entity(owner.key) is None:
        return None
    return _added(reader, owner, ())


def _added(reader: Reader, owner: Noun, lead: tuple[Background, ...]) -> tuple[Fact, ...] | None:
    items, as_links = _named(read_items(reader, stop_at_entity=False), reader)
    detailed = _with_details(items, reader) if items else None
    return (*lead, Adds(owner, detailed, as_links)) if detailed else None


def _read_link(reader: Reader) -> tuple[Fact, ...] | None:
    """As in "link each course to exactly one teacher", "add a relationship from A to B"."""
    lead = read_lead(reader)
    owned = False
    if reader.take("link_verb"):
        left = read_entity_noun(reader)
        if left is None or not (reader.take("link_ends") or reader.take("and")):
            return None
    else:
        reader.take("add_verb") or reader.take("create")
        reader.take("article")
        if reader.take("kind_noun") is None or reader.take("between_ends") is None:
            return None
        left = read_entity_noun(reader)
        if left is None or not (reader.take("link_ends") or reader.take("and")):
            return None
        owned = "and" not in reader.ahead(-1).alone
    return _linked(reader, left, lead, owned)


def _linked(
    reader: Reader, left: Noun, lead: tuple[Background, ...], owned: bool
) -> tuple[Fact, ...] | None:
    if reader.scope.inventory.entity(left.key) is None:
        return None
    many, one = reader.peek("many"), reader.peek("one")
    required: bool | None = None
    if many is not None and reader.take("many"):
        count, required = "many", True if many.value == "required" else None
    elif one is not None and reader.take("one"):
        count = "one"
        required = {"required": True, "optional": False}.get(one.value)
    else:
        count = "one" if reader.take("article") else ""
    right = read_entity_noun(reader)
    if right is None:
        return None
    start = reader.position
    kind = reader.take("kind") if reader.mark("(", ",", ":", "-") else None
    if kind is not None and not count:
        reader.mark(")")
        return (*lead, Links(left, right, "one", stated=cast(Kind, kind.value)))
    reader.position = start
    if count == "one":
        return (*lead, Links(left, right, "one", "many", required))
    if count == "many":
        return (*lead, Links(left, right, "many", "", required, bare=True))
    return (*lead, Links(left, right, "one", "many" if owned else "", open=True))


def _read_bare(reader: Reader) -> tuple[Fact, ...] | None:
    """As in "add a phone number", after something was said of one entity."""
    subject = reader.scope.subject
    if subject is None or reader.scope.inventory.entity(subject.key) is None:
        return None
    _, scenes = read_opening(reader)
    if not any("add_verb" in w.hits for w in reader.since(0)):
        return None
    raw = read_items(reader, stop_at_entity=False)
    items, as_links = _named(raw, reader)
    if not items or not all(
        _is_value(before, after, reader) for before, after in zip(raw, items, strict=True)
    ):
        return None
    return (*(Background(scene) for scene in scenes), Adds(subject, items, as_links))


def _is_value(raw: Item, item: Item, reader: Reader) -> bool:
    """Whether a bare item can only be an attribute, and no entity of its own."""
    said: Said = item.said
    return bool(
        said or raw.noun != item.noun or hinted_type(item.noun.text, reader.lexicon) is not None
    )
