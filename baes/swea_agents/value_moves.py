"""Where the entered values of an attribute go when rules come and go, step by step.

A rule that comes puts what was entered into the archive; taking that back takes it from there. What
stood in the column between a rule's going and its coming back (the values that it gave, and what
people made of them) is kept apart, so that neither hides the other. Each is a stack: several
requests taken back at once leave the same as one after the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from baes.spec.apply import steps
from baes.spec.changes import AddAttribute, AddRule, Change, RemoveAttribute, RemoveRule
from baes.spec.derivation import Derived, derived_attributes
from baes.spec.model import SystemSpec
from baes.swea_agents.table_changes import SystemChange

__all__ = ["KeptAs", "Move", "value_moves"]

KeptAs = Literal["entered", "interim"]


@dataclass(frozen=True, slots=True)
class Move:
    """Values go from the column into the archive, or come from there."""

    way: Literal["put", "take", "return"]
    """``return``: they come from there along with their column."""
    kept_as: KeptAs


def value_moves(change: SystemChange) -> Mapping[str, tuple[Move, ...]]:
    """Stable id of an attribute that is there in the end -> the moves of its values, in order."""
    found: dict[str, list[Move]] = {}
    spec = change.context.old
    for step, after in steps(spec, change.context.changes):
        found.update(_after(change, step, spec, after, found))
        spec = after
    there = {f"{entity.id}.{a.id}" for entity in spec for a in entity.attributes}
    return {thing: tuple(moves) for thing, moves in found.items() if moves and thing in there}


def _after(
    change: SystemChange,
    step: Change,
    before: SystemSpec,
    after: SystemSpec,
    found: Mapping[str, list[Move]],
) -> Iterator[tuple[str, list[Move]]]:
    """The moves of the attribute that a step is about."""
    old = {f"{entity.id}.{a.id}" for entity in change.context.old for a in entity.attributes}
    match step:
        case AddAttribute(entity, attribute):
            thing = _thing(after, entity, attribute.name)
            yield thing, [Move("return", "entered")] if change.is_restored(thing) else []
        case RemoveAttribute(entity, name):
            yield _thing(before, entity, name), []
        case AddRule(rule, sets_aside) if isinstance(rule, Derived):
            thing = _thing(after, rule.entity, rule.attribute)
            moves = found.get(thing, [])
            if not sets_aside and moves[-1:] == [Move("return", "entered")]:
                yield thing, moves[:-1]  # it comes with its rule: nothing was kept of it
            elif sets_aside and rule.attribute not in derived_attributes(before, rule.entity):
                had_values = moves or thing in old or change.is_restored(thing.partition(".")[0])
                yield thing, [*moves, Move("put", sets_aside)] if had_values else []
        case RemoveRule(rule, gives_back) if gives_back and isinstance(rule, Derived):
            thing = _thing(after, rule.entity, rule.attribute)
            if rule.attribute not in derived_attributes(after, rule.entity):
                yield thing, [*found.get(thing, []), Move("take", gives_back)]


def _thing(spec: SystemSpec, entity: str, attribute: str) -> str:
    found = spec.entity(entity)
    one = found.find(attribute)
    return f"{found.id}.{one.id if one else ''}"
