"""Single values of a choice: "add 'cancelled' to the statuses", "remove lost from the status"."""

from __future__ import annotations

from dataclasses import replace

from baes.language.facts import Alters, Target, Value
from baes.language.inventory import Place
from baes.language.names import can_name
from baes.language.targets import read_owner, read_target
from baes.language.words import Reader, text_of
from baes.spec.model import Attribute
from baes.spec.names import words_of

__all__ = ["has_choices", "read_option_change", "read_options"]

_MAX_OPTION_WORDS = 4


def read_option_change(reader: Reader, key: str = "drop_choices") -> Alters | None:
    """The values after a verb of adding or removing, and the attribute whose choices they are."""
    reader.take("article")
    reader.take("before_entity") if "option_word" not in reader.word.hits else None
    reader.take("option_word")
    begin = reader.position
    values = read_options(reader)
    if not values or not (reader.take("as_value") or reader.take("owner_prep")):
        reader.position = begin
        return _read_named_option(reader, key)
    reader.take("options_of")
    target = read_target(reader)
    if target is None or not has_choices(target, reader):
        reader.position = begin
        return _read_named_option(reader, key)
    return Alters(target, ((key, values),))


def _read_named_option(reader: Reader, key: str) -> Alters | None:
    """As in "status 'shipped' to orders": a value behind what it is a value of."""
    target = read_target(reader)
    if target is None or reader.word.token.kind != "quoted":
        return None
    values = read_options(reader)
    owner = target.owner or read_owner(reader)
    target = replace(target, owner=owner)
    return Alters(target, ((key, values),)) if has_choices(target, reader) else None


def read_options(reader: Reader) -> tuple[Value, ...]:
    """Values: quoted ones, numbers or plain words."""
    found: list[Value] = []
    while True:
        before = reader.position
        if found and not _separated(reader):
            break
        value = _option(reader)
        if value is None:
            reader.position = before
            break
        found.append(value)
    return tuple(found)


def _separated(reader: Reader) -> bool:
    comma = reader.mark(",")
    return bool(reader.take("and") or reader.take("or") or comma)


def _option(reader: Reader) -> Value | None:
    token = reader.word.token
    if token.kind in ("quoted", "number"):
        reader.position += 1
        return Value(token.norm, number=token.norm if token.kind == "number" else "")
    start = reader.position
    while (
        reader.position - start < _MAX_OPTION_WORDS
        and can_name(reader.word)
        and not {"owner_prep", "prep", "now", "as_value"} & reader.word.alone
    ):
        reader.position += 1
    words = reader.since(start)
    return Value(text_of(words, reader.text)) if words else None


def has_choices(target: Target, reader: Reader) -> bool:
    """Whether a target can only be an attribute that has choices."""
    inventory = reader.scope.inventory
    owner = inventory.entity(target.owner.key) if target.owner is not None else None
    if target.owner is not None and owner is None:
        return False
    places = inventory.places(words_of(target.noun.text), owner)
    return bool(places) and all(_is_choice(place) for place in places)


def _is_choice(place: Place) -> bool:
    return isinstance(place.thing, Attribute) and bool(place.thing.choices)
