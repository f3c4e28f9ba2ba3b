"""Which changes take requests back.

The changes are the inverse of what was done. Where several requests go at once, their net effect is
taken: what one added and a later one removed was never there. Where a rule gave values meanwhile
that are to be entered again, each step is taken back by itself: the net effect knows nothing of
that rule, and of what it had replaced.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from baes.core.history import Entry, History
from baes.errors import InvalidSpec, RequestFailed
from baes.spec.apply import apply
from baes.spec.changes import Change
from baes.spec.codec import change_from_json
from baes.spec.custom import CustomPart
from baes.spec.derivation import derived_attributes
from baes.spec.diff import diff
from baes.spec.inverse import inverse
from baes.spec.model import Attribute, SystemSpec
from baes.spec.rules import as_said

__all__ = ["UndoPlan", "changes_back", "plan_undo"]

Changes = tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class UndoPlan:
    """What an undo would do."""

    entries: tuple[Entry, ...]
    """What it takes back, the newest first."""
    changes: Changes
    custom: tuple[CustomPart, ...] = ()
    """The parts that no template expresses, as they will be."""

    @property
    def is_redo(self) -> bool:
        """Whether it brings something back that was undone."""
        return bool(self.entries[0].undoes)


def plan_undo(history: History, current: SystemSpec, count: int | None = None) -> UndoPlan:
    """The changes that take requests back.

    Args:
        history: What was done.
        current: The system as it is.
        count: How many requests that stand, counted from the last one; if left out the last entry
            goes, and when that is an undo, what it took back is done again.

    Raises:
        RequestFailed: There is nothing to take back, or what was before can't be read any more.
    """
    entries = history.last() if count is None else history.last_requests(count)
    goal = entries[-1].before
    if goal is None:
        raise RequestFailed.of("core.error.undo_lost", number=entries[-1].number)
    custom = entries[-1].custom_before
    requests = [
        (entry.before, tuple(map(change_from_json, entry.memory.changes)))
        for entry in entries
        if entry.before is not None
    ]
    changes = changes_back(current, goal, requests)
    if changes:
        return UndoPlan(entries, changes, custom)
    if entries[0].memory.custom != custom and not diff(_told(current), _told(goal)):
        return UndoPlan(entries, (), custom)
    numbers = ", ".join(str(entry.number) for entry in entries)
    raise RequestFailed.of("core.error.no_way_back", numbers=numbers)


def changes_back(
    current: SystemSpec, goal: SystemSpec, requests: Sequence[tuple[SystemSpec, Changes]]
) -> Changes:
    """The changes that lead back to what a system was; none if there is no way.

    Args:
        current: The system as it is.
        goal: What it shall be again.
        requests: The system before each request that is taken back, and what that changed; the
            newest first.
    """
    ways: list[Callable[[], Changes]] = [
        lambda: tuple(change for before, done in requests for change in inverse(before, done)),
        lambda: diff(current, goal),
    ]
    if len(requests) > 1 and not _replaced_meanwhile(current, goal, requests):
        ways.reverse()
    return next(filter(None, (_arriving(way, current, goal) for way in ways)), ())


def _replaced_meanwhile(
    current: SystemSpec, goal: SystemSpec, requests: Sequence[tuple[SystemSpec, Changes]]
) -> bool:
    """Whether a rule gave values since that are to be entered again.

    It may be gone by now, or go with something else, of which the net effect does not tell.
    """
    entered = {(e.id, a.id) for e in goal for a in e.attributes} - _derived(goal)
    return any(entered & _derived(spec) for spec in (current, *(old for old, _ in requests)))


def _derived(spec: SystemSpec) -> set[tuple[str, str]]:
    """The ids of attributes whose values rules give."""
    return {
        (entity.id, attribute.id)
        for entity in spec
        for name in derived_attributes(spec, entity.name)
        if (attribute := entity.find(name)) is not None
    }


def _arriving(way: Callable[[], Changes], current: SystemSpec, goal: SystemSpec) -> Changes:
    """The changes of a way, if they can be applied and lead to the goal."""
    try:
        changes = way()
        reached = apply(current, changes)
        return () if diff(_told(reached), _told(goal)) else changes
    except InvalidSpec:
        return ()


def _told(spec: SystemSpec) -> SystemSpec:
    """What a system is, but for what records may lack or break: that follows from the data."""
    entities = tuple(replace(e, attributes=tuple(map(_strict, e.attributes))) for e in spec)
    links = tuple(replace(r, older_may_lack=False) for r in spec.relationships)
    return replace(
        spec, entities=entities, relationships=links, rules=tuple(map(as_said, spec.rules))
    )


def _strict(attribute: Attribute) -> Attribute:
    return replace(attribute, older_may_lack=False, older_may_break=False)
