"""Attributes named with whose they are: "store the customers' names, their addresses"."""

from __future__ import annotations

from dataclasses import replace

from baes.language.facts import Declares, Fact, Item, Noun
from baes.language.frames.common import read_opening, read_trailing
from baes.language.hints import names_value
from baes.language.items import in_singular, read_item, read_separator
from baes.language.names import can_name, read_noun, split_owner
from baes.language.tokens import Token
from baes.language.words import Reader

__all__ = ["read_possessed"]

_OPEN_MARK = ("'", "\N{RIGHT SINGLE QUOTATION MARK}")
_MAX_OWNER_WORDS = 3


def read_possessed(reader: Reader) -> tuple[Fact, ...] | None:
    """What is to be kept of each owner."""
    verb, _ = read_opening(reader, telling=False)
    if not verb:
        return None
    shared = _read_shared(reader)
    if shared is not None:
        trailing = read_trailing(reader)
        return None if trailing is None else (shared, *trailing)
    owned: dict[str, tuple[Noun, list[Item]]] = {}
    owner: Noun | None = None
    while not owned or read_separator(reader):
        found, item = _read_member(reader, owner)
        if found is None or item is None:
            return None
        owner = found
        owned.setdefault(owner.key, (owner, []))[1].append(item)
    whose = _read_for_owner(reader, owned)
    trailing = read_trailing(reader)
    if trailing is None or (whose is None and len(owned) > 1):
        return None  # of two owners nobody says whose the other is
    noun, items = owned.pop(whose or next(iter(owned)))
    theirs = (_of_another(other, item) for other, more in owned.values() for item in more)
    return (Declares(noun, (*items, *theirs)), *trailing)


def _read_shared(reader: Reader) -> Declares | None:
    """As in "the names, ages and grades of my students": all of it is theirs."""
    start = reader.position
    items: list[Item] = []
    while (item := read_item(reader)) is not None:
        items.append(item)
        if not read_separator(reader):
            break
    named = [names_value(item.noun.text, reader.lexicon) for item in items]
    if len(named) > 1 and named[0]:
        split = split_owner(items[-1].noun, reader.lexicon)
        owner = split[1] if split is not None else _read_whose(reader)
        items[-1] = replace(items[-1], noun=split[0]) if split is not None else items[-1]
        if owner is not None and owner.plural:
            return Declares(owner, tuple(filter(None, (in_singular(i, reader) for i in items))))
    reader.position = start
    return None


def _read_whose(reader: Reader) -> Noun | None:
    """The students of "of my students"."""
    if reader.take("owner_lead") is None:
        return None
    determined = reader.take("possessive") or reader.take("all") or reader.take("article")
    return read_noun(reader) if determined is not None else None


def _of_another(owner: Noun, item: Item) -> Item:
    """The parents' phone of a pupil: a "parents phone"."""
    return replace(item, noun=replace(item.noun, text=f"{owner.text} {item.noun.text}"))


def _read_member(reader: Reader, before: Noun | None) -> tuple[Noun | None, Item | None]:
    """An owner and what is its: with the owner's name, or "their" for the one before."""
    start = reader.position
    owner = _read_owner(reader)
    if owner is not None:
        return owner, in_singular(read_item(reader), reader)
    reader.position = start
    theirs = before is not None and reader.take("of_it") is not None
    item = read_item(reader)
    if theirs or item is None:
        return before, in_singular(item, reader)
    split = split_owner(item.noun, reader.lexicon)
    if split is None or not split[1].plural or not names_value(split[0].text, reader.lexicon):
        return (before, in_singular(item, reader)) if before is not None else (None, None)
    return split[1], in_singular(replace(item, noun=split[0]), reader)


def _read_owner(reader: Reader) -> Noun | None:
    """The customer of "the customer's", the customers of "customers'"."""
    mark = reader.lexicon.syntax.possessive.strip()
    reader.take("article") or reader.take("possessive") or reader.take("each")
    start = reader.position
    while mark and reader.position - start < _MAX_OWNER_WORDS and can_name(reader.word):
        token = reader.word.token
        text = token.text.replace(_OPEN_MARK[1], _OPEN_MARK[0])
        reader.position += 1
        own = text.lower().endswith(mark)
        if own or (token.norm.endswith(mark[-1]) and reader.mark(*_OPEN_MARK)):
            words = [w.token for w in reader.words[start : reader.position]]
            return _noun(words, text[: -len(mark)] if own else text, reader)
    reader.position = start
    return None


def _noun(tokens: list[Token], last: str, reader: Reader) -> Noun:
    named = [t for t in tokens if t.kind == "word"]
    text = " ".join([*(t.text for t in named[:-1]), last])
    return Noun(text, named[0].start, named[-1].end, reader.lexicon.language)


def _read_for_owner(reader: Reader, owned: dict[str, tuple[Noun, list[Item]]]) -> str | None:
    """Read "for every pupil" behind the list: the pupil is who it is about."""
    start = reader.position
    if reader.take("each_lead") is not None and reader.take("each") is not None:
        key = reader.lexicon.singular(reader.word.token.norm)
        if key in owned:
            reader.position += 1
            return key
    reader.position = start
    return None
