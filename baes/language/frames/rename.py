"""Other names for what is there: "rename grade to score", "call customers clients from now on"."""

from __future__ import annotations

from baes.language.facts import Fact, Noun, Renames, Target
from baes.language.frames.changing import read_end, read_front, read_lead
from baes.language.names import can_name, noun_of
from baes.language.targets import at_border, read_owner, read_target, with_owner
from baes.language.words import Reader

__all__ = ["read_rename"]

_MAX_NEW_WORDS = 6


def read_rename(reader: Reader) -> tuple[Fact, ...] | None:
    """What gets which name."""
    if reader.scope.inventory.is_empty:
        return None
    for read in (_read_command, _read_call, _read_passive):
        reader.position = 0
        facts = read(reader)
        if facts is None:
            continue
        end = read_end(reader)
        if end is not None:
            return (*facts, *end)
    return None


def _read_command(reader: Reader) -> tuple[Fact, ...] | None:
    """As in "rename len to length and wid to width in Vessel"."""
    front = read_front(reader)
    lead = read_lead(reader)
    if reader.take("rename_verb") is None:
        return None
    found: list[Renames] = []
    owner: Noun | None = None
    while True:
        before = reader.position
        if found and not _separator(reader):
            break
        reader.take("rename_verb") if found else None
        renames = _read_pair(reader, found)
        if renames is None:
            if not found:
                return None
            reader.position = before
            break
        found.append(renames)
        owner = read_owner(reader)
        if owner is not None:
            break
    owner = owner or front
    return (*lead, *(_owned(renames, owner) for renames in found))


def _separator(reader: Reader) -> bool:
    comma = reader.mark(",")
    return reader.take("and") is not None or comma


def _owned(renames: Renames, owner: Noun | None) -> Renames:
    (target,) = with_owner((renames.target,), owner)
    return Renames(target, renames.new)


def _read_pair(reader: Reader, before: list[Renames]) -> Renames | None:
    its = "possessive" in reader.word.hits
    target = read_target(reader)
    if its and before and target is not None:
        first = before[-1].target
        (target,) = with_owner((target,), first.owner or first.noun)
    if target is None or not (reader.take("into") or reader.mark("->", "→", "=>", "=", ":")):
        return None
    new = _read_new(reader)
    return Renames(target, new) if new is not None else None


def _read_new(reader: Reader) -> Noun | None:
    """A new name; it ends where whose it is, or something else, is said."""
    reader.take("article")
    start = reader.position
    while reader.position - start < _MAX_NEW_WORDS and not at_border(reader):
        word = reader.word
        begun = reader.position > start
        if word.token.kind == "quoted" and begun:
            break
        if begun and "owner_prep" in word.alone:
            if _owner_follows(reader) or not can_name(reader.ahead(1)):
                break
        elif not can_name(word):
            break
        reader.position += 1
        if word.token.kind == "quoted":
            break
    return noun_of(reader, start)


def _owner_follows(reader: Reader) -> bool:
    position = reader.position
    owner = read_owner(reader)
    known = owner is not None and reader.scope.inventory.entity(owner.key) is not None
    ends = known and at_border(reader)
    reader.position = position
    return ends


def _read_call(reader: Reader) -> tuple[Fact, ...] | None:
    """As in "call customers clients from now on", "call the len of vessels length instead"."""
    lead = read_lead(reader)
    if reader.take("call_verb") is None:
        return None
    target = read_target(reader)
    if target is None or not _is_known(target, reader):
        return None
    reader.take("into")
    new = _read_new(reader)
    return (*lead, Renames(target, new)) if new is not None else None


def _read_passive(reader: Reader) -> tuple[Fact, ...] | None:
    """As in "the grade of a student should be called score"."""
    lead = read_lead(reader)
    target = read_target(reader)
    if target is None or reader.take("be_called") is None:
        return None
    if not _is_known(target, reader):
        return None
    reader.take("into")
    new = _read_new(reader)
    return (*lead, Renames(target, new)) if new is not None else None


def _is_known(target: Target, reader: Reader) -> bool:
    inventory = reader.scope.inventory
    words = target.noun.key.split("_")
    return inventory.entity(target.noun.key) is not None or inventory.is_name(words)
