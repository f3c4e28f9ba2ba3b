"""Which changes take requests back.

The changes are the inverse of what was done. Where several requests go at once, their net effect is
taken: what one added and a later one removed was never there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from baes.core.history import Entry, History
from baes.errors import InvalidSpec, RequestFailed
from baes.spec.apply import apply
from baes.spec.changes import Change
from baes.spec.codec import change_from_json
from baes.spec.diff import diff
from baes.spec.inverse import inverse
from baes.spec.model import Attribute, SystemSpec

__all__ = ["UndoPlan", "plan_undo"]

Changes = tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class UndoPlan:
    """What an undo would do."""

    entries: tuple[Entry, ...]
    """What it takes back, the newest first."""
    changes: Changes

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
    ways: list[Callable[[], Changes]] = [
        lambda: tuple(_inverses(entries)),
        lambda: diff(current, goal),
    ]
    for way in ways if len(entries) == 1 else reversed(ways):
        changes = _arriving(way, current, goal)
        if changes:
            return UndoPlan(entries, changes)
    numbers = ", ".join(str(entry.number) for entry in entries)
    raise RequestFailed.of("core.error.no_way_back", numbers=numbers)


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
    return replace(spec, entities=entities, relationships=links)


def _strict(attribute: Attribute) -> Attribute:
    return replace(attribute, older_may_lack=False, older_may_break=False)


def _inverses(entries: tuple[Entry, ...]) -> Iterator[Change]:
    for entry in entries:
        if entry.before is not None:
            done = [change_from_json(change) for change in entry.memory.changes]
            yield from inverse(entry.before, done)
