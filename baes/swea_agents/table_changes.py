"""How the tables of one system differ from those of another, told by stable ids.

A request's changes may touch a thing twice; what a revision has to do is the sum of them. As ids
are given once, the sum is a fact: a column under another name is a rename if its id is the same.
Only conversions of values are looked up change by change.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property

from baes.spec.apply import steps
from baes.spec.derivation import stored_attributes
from baes.spec.model import Attribute, Entity, Relationship, SystemSpec
from baes.spec.navigation import collection_of
from baes.spec.pipeline import GenerationContext
from baes.swea_agents.column_types import column_type, storage_type
from baes.swea_agents.rule_sql import RuleCheck, rule_checks
from baes.swea_agents.tables import (
    ColumnView,
    IndexView,
    attribute_column,
    columns_of,
    indexes_of,
)

__all__ = ["Conversion", "SystemChange", "TableChange", "attribute_of", "is_reference"]

_TEXTUAL = {"string", "text", "email", "url", "phone"}
"""Types that keep the same values."""


@dataclass(frozen=True, slots=True)
class Conversion:
    """An attribute of one type becomes one of another."""

    thing: str
    before: Attribute
    after: Attribute


@dataclass(frozen=True)
class TableChange:
    """The table of an entity that is there before and after."""

    context: GenerationContext
    old: Entity
    new: Entity
    moved: frozenset[str]
    """Relationships that are kept in another place than before."""

    @cached_property
    def before(self) -> dict[str, ColumnView]:
        """Stable id -> column of the old table."""
        return columns_of(self.context.old, self.old)

    @cached_property
    def after(self) -> dict[str, ColumnView]:
        """Stable id -> column of the new table."""
        return columns_of(self.context.new, self.new)

    @property
    def old_name(self) -> str:
        """The old table's name."""
        return collection_of(self.old, self.context.old.language)

    @property
    def name(self) -> str:
        """The new table's name."""
        return collection_of(self.new, self.context.new.language)

    @property
    def dropped(self) -> Iterator[str]:
        """Columns that go."""
        return (t for t in self.before if t not in self.after or t in self.moved)

    @property
    def added(self) -> Iterator[str]:
        """Columns that come."""
        return (t for t in self.after if t not in self.before or t in self.moved)

    @property
    def kept(self) -> Iterator[str]:
        """Columns that stay, under whatever name."""
        return (t for t in self.after if t in self.before and t not in self.moved)

    @cached_property
    def conversions(self) -> tuple[Conversion, ...]:
        """What happens to the values of columns that stay, in order."""
        found: list[Conversion] = []
        spec = self.context.old
        for _, next_spec in steps(spec, self.context.changes):
            found += self._conversions(spec, next_spec)
            spec = next_spec
        return tuple(found)

    @property
    def rewritten(self) -> Iterator[str]:
        """Columns that stay and get other values, or may: of another type, filled or emptied."""
        for thing in self.kept:
            is_tightened = self.before[thing].nullable != self.after[thing].nullable
            if is_tightened or any(c.thing == thing for c in self.conversions):
                yield thing

    def dropped_indexes(self, stale: Collection[str]) -> tuple[IndexView, ...]:
        """Indexes that go, or would stand in the way of what their column goes through.

        Args:
            stale: The columns whose values are worked out anew: record by record, so that on the
                way two may have the same.
        """
        before, after = self._old_indexes, self._new_indexes
        converted = {conversion.thing for conversion in self.conversions}
        gone = {*self.dropped, *converted, *stale}
        return tuple(
            index
            for thing, index in before.items()
            if gone.intersection(index.things)
            or thing not in after
            or not _is_same(index, after[thing])
        )

    def created_indexes(self, stale: Collection[str]) -> tuple[IndexView, ...]:
        """Indexes that come, or come again; ``stale`` as for those that go."""
        dropped = {index.name for index in self.dropped_indexes(stale)}
        kept = {i.name for i in self._old_indexes.values() if i.name not in dropped}
        return tuple(i for i in self._new_indexes.values() if i.name not in kept)

    @cached_property
    def needs_rebuild(self) -> bool:
        """Whether the table can't be made what it shall be by adding, renaming and dropping."""
        return (
            any(self.before[thing].reference for thing in self.dropped)
            or any(not self.after[thing].nullable for thing in self.added)
            or any(not self._is_as_before(thing) for thing in self.kept)
            or self._meanings(self._old_checks) != self._meanings(self._new_checks)
            or (self.needs_freedom and bool(self._new_checks))
        )

    @cached_property
    def needs_freedom(self) -> bool:
        """Whether conditions over several columns stand in the way of what happens to one."""
        changed = {thing for thing in self.kept if not self._is_as_before(thing)}
        return self.has_condition_on({*self.dropped, *changed, *self.rewritten})

    def has_condition_on(self, things: Collection[str]) -> bool:
        """Whether a condition over several columns of the old table reads one of these."""
        return any(not check.things.isdisjoint(things) for check in self._old_checks.values())

    def _meanings(self, checks: dict[str, RuleCheck]) -> dict[str, str]:
        return {name: check.meaning for name, check in checks.items()}

    def _is_as_before(self, thing: str) -> bool:
        before, after = self.before[thing], self.after[thing]
        attribute = attribute_of(self.new, thing)
        if attribute is None:
            return before.nullable == after.nullable and self._is_same_reference(thing)
        converted = [c.after for c in self.conversions if c.thing == thing]
        if converted:
            same_type = column_type(converted[-1]).sql == after.type.sql
            return same_type and after.nullable and not after.checks
        old = self._stored(thing)
        renamed = attribute_column(self.old, dataclasses.replace(old, name=attribute.name))
        return dataclasses.replace(renamed, name=after.name) == after

    def _stored(self, thing: str) -> Attribute:
        """An attribute as the old table holds it."""
        stored = stored_attributes(self.context.old, self.old)
        return next(a for a in stored if f"{self.old.id}.{a.id}" == thing)

    def _is_same_reference(self, thing: str) -> bool:
        before, after = (_relationship(s, thing) for s in (self.context.old, self.context.new))
        return before.required == after.required

    def _conversions(self, spec: SystemSpec, next_spec: SystemSpec) -> Iterator[Conversion]:
        before, after = ({e.id: e for e in s}.get(self.new.id) for s in (spec, next_spec))
        if before is None or after is None:
            return
        for thing in self.kept:
            old, new = attribute_of(before, thing), attribute_of(after, thing)
            if old is not None and new is not None and _needs_conversion(old, new):
                yield Conversion(thing, old, new)

    @cached_property
    def _old_checks(self) -> dict[str, RuleCheck]:
        return rule_checks(self.context.old, self.old)

    @cached_property
    def _new_checks(self) -> dict[str, RuleCheck]:
        return rule_checks(self.context.new, self.new)

    @cached_property
    def _old_indexes(self) -> dict[str, IndexView]:
        return indexes_of(self.context.old, self.old)

    @cached_property
    def _new_indexes(self) -> dict[str, IndexView]:
        return indexes_of(self.context.new, self.new)


@dataclass(frozen=True)
class SystemChange:
    """All tables, before and after."""

    context: GenerationContext

    @cached_property
    def tables(self) -> tuple[TableChange, ...]:
        """The tables that are there before and after."""
        before = {entity.id: entity for entity in self.context.old}
        return tuple(
            TableChange(self.context, before[entity.id], entity, self.moved)
            for entity in self.context.new
            if entity.id in before
        )

    @property
    def created(self) -> tuple[Entity, ...]:
        """Entities that come."""
        before = {entity.id for entity in self.context.old}
        return tuple(entity for entity in self.context.new if entity.id not in before)

    @property
    def removed(self) -> tuple[Entity, ...]:
        """Entities that go."""
        after = {entity.id for entity in self.context.new}
        return tuple(entity for entity in self.context.old if entity.id not in after)

    @cached_property
    def moved(self) -> frozenset[str]:
        """Relationships that stay and are kept in another place: another kind, other ends."""
        before = {r.id: _place(self.context.old, r) for r in self.context.old.relationships}
        return frozenset(
            r.id
            for r in self.context.new.relationships
            if r.id in before and before[r.id] != _place(self.context.new, r)
        )

    @cached_property
    def leaving(self) -> tuple[Relationship, ...]:
        """Old relationships whose links have to be taken from where they are."""
        after = {r.id for r in self.context.new.relationships}
        old = self.context.old.relationships
        return tuple(r for r in old if r.id not in after or r.id in self.moved)

    @cached_property
    def arriving(self) -> tuple[Relationship, ...]:
        """New relationships whose links come from the archive, or from where they were."""
        return tuple(
            r
            for r in self.context.new.relationships
            if r.id in self.moved or self.is_restored(r.id)
        )

    def is_restored(self, thing: str) -> bool:
        """Whether something that was removed once comes back."""
        return thing in self.context.old.retired_ids and thing not in self.context.new.retired_ids


def is_reference(relationship: Relationship) -> bool:
    """Whether the link is a column of its source's table."""
    return relationship.kind != "many_to_many"


def attribute_of(entity: Entity, thing: str) -> Attribute | None:
    """The attribute of that stable id (``student.email``), if it is one of the entity's."""
    return next((a for a in entity.attributes if f"{entity.id}.{a.id}" == thing), None)


def _needs_conversion(old: Attribute, new: Attribute) -> bool:
    types = {storage_type(old), storage_type(new)}
    return len(types) > 1 and not types <= _TEXTUAL


def _is_same(before: IndexView, after: IndexView) -> bool:
    return _told(before) == _told(after)


def _told(index: IndexView) -> tuple[object, ...]:
    """An index whatever its columns are called."""
    caseless = tuple(column in index.caseless for column in index.columns)
    return index.name, index.unique, index.things, caseless


def _relationship(spec: SystemSpec, id_: str) -> Relationship:
    return next(r for r in spec.relationships if r.id == id_)


def _place(spec: SystemSpec, relationship: Relationship) -> tuple[bool, str, str]:
    source, target = spec.entity(relationship.source), spec.entity(relationship.target)
    return is_reference(relationship), source.id, target.id
