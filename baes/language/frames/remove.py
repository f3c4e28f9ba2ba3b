"""What is no longer wanted: "drop the fax number from suppliers", "we no longer need age"."""

from __future__ import annotations

from baes.language.facts import Alters, Fact, Noun, Removes, Target, TargetKind, Unlinks
from baes.language.frames.changing import read_end, read_front, read_lead
from baes.language.frames.common import read_subject
from baes.language.frames.option_values import read_option_change
from baes.language.targets import (
    read_entity_noun,
    read_owners,
    read_target,
    read_targets,
    with_owner,
)
from baes.language.words import Reader

__all__ = ["read_remove"]


def read_remove(reader: Reader) -> tuple[Fact, ...] | None:
    """What a clause takes away: attributes, links, entities, values, limits."""
    if reader.scope.inventory.is_empty:
        return None
    for read in (_read_command, _read_need, _read_predicate, _read_has_not, _read_pair):
        reader.position = 0
        facts = read(reader)
        if facts is None:
            continue
        end = read_end(reader)
        if end is not None:
            return (*facts, *end)
    return None


def _read_command(reader: Reader) -> tuple[Fact, ...] | None:
    front = read_front(reader)
    lead = read_lead(reader)
    verb = reader.take("remove_verb")
    if verb is None:
        unlinked = _read_unlink(reader)
        return (*lead, unlinked) if unlinked is not None else None
    reader.mark(":")
    begin = reader.position
    for read in (read_option_change, _read_limit_word, _read_link_between):
        reader.position = begin
        fact = read(reader)
        if fact is not None:
            return (*lead, fact)
    reader.position = begin
    targets = _owned_by_each(reader, front)
    if not targets or (verb.value == "split" and not _read_away(reader, begin)):
        return None
    return (*lead, Removes(targets))


def _owned_by_each(reader: Reader, front: Noun | None) -> tuple[Target, ...]:
    """The targets; each of several owners ("from swimmers and coaches") loses all of them."""
    start = reader.position
    targets = read_targets(reader)
    owned = [i for i, target in enumerate(targets) if target.owner is not None]
    if not owned:
        return with_owner(targets, front)
    end = reader.position
    reader.position = start
    bare = _without_owners(reader)
    owners = read_owners(reader)
    if len(owners) > 1 and len(bare) + len(owners) - 1 <= len(targets):
        return tuple(Target(t.noun, one, t.kind, t.near) for one in owners for t in bare)
    reader.position = end
    return targets


def _without_owners(reader: Reader) -> tuple[Target, ...]:
    """The targets again, the cursor left before the last one's owner."""
    found: list[Target] = []
    position = reader.position
    while True:
        target = read_target(reader)
        if target is None:
            break
        found.append(Target(target.noun, None, target.kind, target.near))
        if target.owner is not None:
            reader.position = _before_owner(reader, target.owner, position)
            return tuple(found)
        position = reader.position
        if not (reader.mark(",") or reader.take("and")):
            break
    return ()


def _before_owner(reader: Reader, owner: Noun, start: int) -> int:
    """Where the preposition before an owner stands."""
    for i in range(len(reader.words) - 1, start, -1):
        word = reader.words[i]
        if "owner_prep" in word.hits and word.token.end <= owner.start:
            return i
    return reader.position


def _read_away(reader: Reader, begin: int) -> bool:
    """Whether "take" was completed by "out of", "off", "away from"."""
    read = reader.words[begin : reader.position]
    return any(w.hits["owner_prep"].value == "away" for w in read if "owner_prep" in w.hits)


def _read_limit_word(reader: Reader) -> Alters | None:
    """As in "the unique constraint from the login of Account", "the maximum of the capacity"."""
    reader.take("article")
    hit = reader.take("limit_word")
    if hit is None or reader.take("owner_prep") is None:
        return None
    target = read_target(reader)
    if target is None:
        return None
    gone = {"unique": False, "required": False}.get(hit.value)
    return Alters(target, ((hit.value, gone),))


def _read_link_between(reader: Reader) -> Unlinks | None:
    """As in "the relationship between courses and teachers", "the link from A to B"."""
    reader.take("article")
    reader.take("existing_word")
    if reader.take("kind_noun") is None or reader.take("between_ends") is None:
        return None
    return _read_ends(reader)


def _read_ends(reader: Reader) -> Unlinks | None:
    left = read_entity_noun(reader)
    if left is None or not (reader.take("and") or reader.take("link_ends")):
        return None
    right = read_entity_noun(reader)
    return Unlinks(left, right) if right is not None else None


def _read_unlink(reader: Reader) -> Unlinks | None:
    """As in "disconnect courses from teachers"."""
    if reader.take("unlink_verb") is None:
        return None
    left = read_entity_noun(reader)
    if left is None or not (reader.take("and") or reader.take("owner_prep")):
        return None
    right = read_entity_noun(reader)
    return Unlinks(left, right) if right is not None else None


def _read_need(reader: Reader) -> tuple[Fact, ...] | None:
    """As in "we no longer need the age of singers", "we don't need coupons any more"."""
    front = read_front(reader)
    lead = read_lead(reader)
    verb = reader.take("need_no_longer")
    if verb is None:
        return None
    targets = _owned_by_each(reader, front)
    ends = reader.take("any_more") is not None
    if not targets or (verb.value == "open" and not ends):
        return None
    return (*lead, Removes(targets))


def _read_predicate(reader: Reader) -> tuple[Fact, ...] | None:
    """As in "coupons are no longer needed", "the notes of laptops can go"."""
    lead = read_lead(reader)
    targets = _owned_by_each(reader, None)
    if not targets or reader.take("superfluous") is None:
        return None
    return (*lead, Removes(targets))


def _read_has_not(reader: Reader) -> tuple[Fact, ...] | None:
    """As in "a book should no longer have a weight", "courses no longer belong to a teacher"."""
    while reader.take("now"):
        reader.mark(",")
    subject = read_subject(reader)
    if subject is None or reader.scope.inventory.entity(subject.key) is None:
        return None
    reader.take("modal")
    open_ended = False
    if reader.take("no_longer_has"):
        links = False
    elif reader.take("no_longer_belongs"):
        links = True
    elif reader.take("has_not"):
        links, open_ended = False, True
    elif reader.take("belongs_not"):
        links = open_ended = True
    else:
        return None
    targets = read_targets(reader)
    ends = reader.take("any_more") is not None
    if not targets or any(t.owner for t in targets) or (open_ended and not ends):
        return None
    kind: TargetKind = "link" if links else ""
    return (Removes(tuple(Target(t.noun, subject, t.kind or kind) for t in targets)),)


def _read_pair(reader: Reader) -> tuple[Fact, ...] | None:
    """As in "Books and members: remove the relationship between them"."""
    unlinks = _read_ends(reader)
    if unlinks is None or not reader.mark(":", ","):
        return None
    lead = read_lead(reader)
    if reader.take("remove_verb") is None:
        return None
    reader.take("article")
    if reader.take("kind_noun") is None:
        return None
    if (reader.take("between_ends") or reader.take("of")) and not reader.take("them"):
        return None
    return (*lead, unlinks)
