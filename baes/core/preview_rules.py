"""Which records break a rule that comes, and what becomes of values that a rule gives from now on.

Records that break a rule stay as they are: where the user agrees it holds for new and edited ones,
and is no condition of the table. Nothing is deleted, and nothing is made up.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from baes.core.preview_archive import Archived
from baes.core.preview_check import Check, Records, quoted, shown
from baes.core.preview_values import FutureValues
from baes.spec.apply import steps
from baes.spec.changes import AddRule, Change, ChangeAttribute, RemoveRule
from baes.spec.derivation import Derived, derived_attributes, worked_out_on_reading
from baes.spec.model import Attribute, Entity
from baes.spec.rule_paths import OwnValue, ParentValue, operand
from baes.spec.rules import (
    Aggregate,
    Compare,
    Computed,
    Literal_,
    NotFuture,
    RequiredIf,
    Rule,
    Transition,
    UniqueTogether,
    as_said,
)
from baes.swea_agents.checks import sql_text, stored_literal
from baes.swea_agents.column_types import storage_type
from baes.swea_agents.rule_sql import rule_condition, states_of
from baes.swea_agents.table_changes import SystemChange, TableChange, attribute_of
from baes.swea_agents.value_moves import value_moves

__all__ = ["rule_checks", "with_needed"]

_EXACT = ("integer", "decimal")


def rule_checks(change: SystemChange, archived: Archived) -> Iterator[Check]:
    """What has to be looked up because of rules that come, go, or meet other values."""
    if not (change.context.old.rules or change.context.new.rules or value_moves(change)):
        return
    seeker = _Seeker(change, archived)
    for rule, is_new in _followed(change):
        yield from seeker.checks(rule, is_new=is_new)
    for table in change.tables:
        yield from seeker.states(table)
        yield from seeker.doubled(table)
        yield from _freed(table, archived)


def with_needed(changes: tuple[Change, ...], needed: list[Change]) -> tuple[Change, ...]:
    """The changes with what the data need: a rule that comes says itself that records may break it.

    Args:
        changes: As they were requested.
        needed: What they need besides; an ``AddRule`` stands for a rule that is there by then.
    """
    marked: dict[Rule, AddRule] = {as_said(c.rule): c for c in needed if isinstance(c, AddRule)}
    found: list[Change] = []
    for change in changes:
        if isinstance(change, AddRule) and as_said(change.rule) in marked:
            marking = marked.pop(as_said(change.rule))
            change = dataclasses.replace(change, rule=marking.rule)
        found.append(change)
    others: list[Change] = [change for change in needed if not isinstance(change, AddRule)]
    for rule, again in marked.items():
        others += [RemoveRule(rule), again]
    return (*found, *others)


def _followed(change: SystemChange) -> list[tuple[Rule, bool]]:
    """The rules of the new system, and whether each is new, whatever was renamed."""
    spec = change.context.old
    found = [(rule, False) for rule in spec.rules]
    for step, after in steps(spec, change.context.changes):
        if isinstance(step, AddRule):
            found.append((after.rules[-1], True))
        elif len(after.rules) == len(found):
            found = [(rule, new) for rule, (_, new) in zip(after.rules, found, strict=True)]
        else:
            found = [(rule, new) for rule, new in found if rule in after.rules]
    return found


def _freed(table: TableChange, archived: Archived) -> Iterator[Check]:
    """Values that a rule gave until now: what was entered before comes back where it is undone.

    Records may lack required ones from now on.
    """
    before = derived_attributes(table.context.old, table.old.name)
    after = derived_attributes(table.context.new, table.new.name)
    records = Records.of(table.context.old, table.old)
    for attribute in table.new.attributes:
        thing = f"{table.new.id}.{attribute.id}"
        old = attribute_of(table.old, thing)
        was_derived = old is not None and old.name in before
        kept = archived.get(("values", thing), "")
        if old is None or attribute.name in after or not (was_derived or kept):
            continue
        slots = {"entity": table.new.title, "attribute": attribute.title}
        empty = f"{quoted(old.name)} IS NULL" if thing in table.before else "1"
        if kept:
            there = f"SELECT id FROM {kept} WHERE value IS NOT NULL"  # noqa: S608  a name
            yield Check("values_come_back", "tells", slots, records.query(f"id IN ({there})"))
            known = f"id IN (SELECT id FROM {kept})"  # noqa: S608  a name
            empty = f"CASE WHEN {known} THEN id NOT IN ({there}) ELSE {empty} END"
            if not was_derived:  # the rule went before, and other values may have been entered
                yield Check("entered_since", "loses", slots, _replaced(kept, old, records))
        if attribute.required and not attribute.older_may_lack:
            lack = ChangeAttribute(table.new.name, attribute.name, (("older_may_lack", True),))
            yield Check("still_missing", "tells", slots, records.query(empty), remedy=(lack,))


def _replaced(archive: str, attribute: Attribute, records: Records) -> str:
    """The query of records whose present value makes room for an archived one."""
    column, kind = quoted(attribute.name), storage_type(attribute)
    value = f"(SELECT value FROM {archive} AS kept WHERE kept.id = {records.table}.id)"  # noqa: S608
    where = f"{column} IS NOT NULL AND {value} IS NOT {column} AND id IN (SELECT id FROM {archive})"  # noqa: S608
    return records.query(where, shown(column, kind), shown(value, kind))


class _Seeker:
    """Writes the queries of records that break a rule."""

    def __init__(self, change: SystemChange, archived: Archived) -> None:
        self._spec = change.context.new
        self._old = change.context.old
        self._values = FutureValues(change, archived)
        self._tables = {table.new.id: table for table in change.tables}

    def checks(self, rule: Rule, *, is_new: bool) -> Iterator[Check]:
        """What is to be looked up of one rule."""
        entity = self._spec.entity(rule.entity)
        records = self._values.records(entity)
        if records is None:
            return
        match rule:
            case Compare() | RequiredIf() if rule.older_may_break:
                return
            case Compare():
                names = {side for side in (rule.left, rule.right) if isinstance(side, str)}
                if is_new or self._is_touched(entity, names):
                    yield self._compared(entity, rule, records)
            case RequiredIf():
                names = {rule.attribute, *(name for name, _ in rule.when)}
                if is_new or self._is_touched(entity, names):
                    yield self._required(entity, rule, records)
            case NotFuture() if is_new:
                yield self._dated(entity, rule, records)
            case UniqueTogether() if is_new or self._is_touched(entity, set(rule.attributes)):
                yield self._shared(entity, rule, records)
            case Computed() | Aggregate() if is_new:
                yield from self._given(entity, rule, records)

    def states(self, table: TableChange) -> Iterator[Check]:
        """Records in states that no transition names any more."""
        entity, records = table.new, Records.of(self._old, table.old)
        for attribute in entity.attributes:
            states = states_of(self._spec, entity.name, attribute.name)
            was = attribute_of(table.old, f"{entity.id}.{attribute.id}")
            before = states_of(self._old, table.old.name, was.name) if was else ()
            if not states or attribute.choices is not None or (before and {*before} <= {*states}):
                continue
            moves = [
                rule
                for rule in self._spec.rules
                if isinstance(rule, Transition)
                and (rule.entity, rule.attribute) == (entity.name, attribute.name)
            ]
            if any(move.older_may_break for move in moves):
                continue
            value = self._values.value(entity, attribute.name, records.table)
            listed = ", ".join(map(sql_text, states))
            where = f"{value} IS NOT NULL AND {value} NOT IN ({listed})"
            yield self._broken(moves[0], entity, records.query(where, before=value))

    def doubled(self, table: TableChange) -> Iterator[Check]:
        """Values that rules give twice where each must be another one."""
        entity, records = table.new, Records.of(self._old, table.old)
        daily = worked_out_on_reading(self._spec, entity.name)
        for name in derived_attributes(self._spec, entity.name):
            attribute = entity.find(name)
            if attribute is None or not attribute.unique or name in daily:
                continue
            was = attribute_of(table.old, f"{entity.id}.{attribute.id}")
            if was is not None and was.unique and not self._is_touched(entity, {name}):
                continue
            value = self._values.value(entity, name, records.table)
            text = shown(value, storage_type(attribute))
            rows = (
                f"SELECT min(id), NULL AS label, {text} AS before, NULL AS after "  # noqa: S608
                f"FROM {records.table} WHERE {value} IS NOT NULL GROUP BY {value} "
                "HAVING count(*) > 1"
            )
            slots = {"entity": entity.title, "attribute": attribute.title}
            yield Check("duplicated", "blocks", slots, rows)

    def _is_touched(self, entity: Entity, names: set[str]) -> bool:
        return any(self._values.is_rewritten(entity, name) for name in names)

    def _compared(self, entity: Entity, rule: Compare, records: Records) -> Check:
        sides = [operand(self._spec, entity, side) for side in (rule.left, rule.right)]
        named = [side.attribute for side in sides if isinstance(side, OwnValue | ParentValue)]
        written = [
            self._side(entity, side, records.table)
            if isinstance(side, OwnValue | ParentValue)
            else _literal(side, named[0])
            for side in sides
        ]
        (left, left_kind), (right, right_kind) = written
        where = f"compares({left}, '{left_kind}', '{rule.op}', {right}, '{right_kind}') = 0"
        own = next(i for i, side in enumerate(sides) if isinstance(side, OwnValue))
        return self._broken(rule, entity, records.query(where, before=shown(*written[own])))

    def _side(self, entity: Entity, side: OwnValue | ParentValue, owner: str) -> tuple[str, str]:
        kind = storage_type(side.attribute)
        if isinstance(side, OwnValue):
            return self._values.value(entity, side.attribute.name, owner), kind
        value = self._values.parent_value(entity, side.link, side.attribute.name, owner)
        return value, kind

    def _required(self, entity: Entity, rule: RequiredIf, records: Records) -> Check:
        conditions = [f"NOT is_given({self._values.thing(entity, rule.attribute, records.table)})"]
        for name, value in rule.when:
            attribute = entity.find(name)
            assert attribute is not None, "the rule was checked"  # noqa: S101
            found = self._values.value(entity, name, records.table)
            conditions.append(f"{found} IS {stored_literal(attribute, value)}")
        return self._broken(rule, entity, records.query(" AND ".join(conditions)))

    def _dated(self, entity: Entity, rule: NotFuture, records: Records) -> Check:
        attribute = entity.find(rule.attribute)
        assert attribute is not None, "the rule was checked"  # noqa: S101
        kind, value = (
            storage_type(attribute),
            self._values.value(entity, attribute.name, records.table),
        )
        where = f"is_later_than_today({value}, '{kind}') = 1"
        return self._broken(rule, entity, records.query(where, before=shown(value, kind)))

    def _shared(self, entity: Entity, rule: UniqueTogether, records: Records) -> Check:
        keys = []
        for name in rule.attributes:
            attribute, value = entity.find(name), self._values.thing(entity, name, records.table)
            is_email = attribute is not None and attribute.type == "email"
            keys.append(f"lower({value})" if is_email else value)
        given = " AND ".join(f"{key} IS NOT NULL" for key in keys)
        rows = (
            f"SELECT min(id), {records.label} AS label, NULL AS before, NULL AS after "  # noqa: S608
            f"FROM {records.table} WHERE {given} GROUP BY {', '.join(keys)} HAVING count(*) > 1"
        )
        return Check("duplicated_together", "blocks", {"entity": entity.title}, rows, rule=rule)

    def _given(self, entity: Entity, rule: Derived, records: Records) -> Iterator[Check]:
        """What becomes of values that a rule gives from now on."""
        attribute = entity.find(rule.attribute)
        assert attribute is not None, "the rule was checked"  # noqa: S101
        slots = {"entity": entity.title, "attribute": attribute.title}
        daily = attribute.name in worked_out_on_reading(self._spec, entity.name)
        value = self._values.value(entity, attribute.name, records.table)
        misfits = records.query(f"{value} = 'misfit'")
        yield Check("too_large", "blocks", slots, misfits)
        table = self._tables[entity.id]
        old = attribute_of(table.old, f"{entity.id}.{attribute.id}")
        was_derived = old and old.name in derived_attributes(self._old, table.old.name)
        if old is not None and not was_derived:
            column = quoted(old.name)
            before, after = shown(column, storage_type(old)), shown(value, storage_type(attribute))
            same = "0" if daily else f"{before} IS {after}"
            where = f"{column} IS NOT NULL AND NOT ({same})"
            yield Check("entered_replaced", "loses", slots, records.query(where, before, after))
        if not daily:
            yield Check("worked_out", "tells", slots, records.query(), rule=rule)

    def _broken(self, rule: Rule, entity: Entity, rows: str) -> Check:
        remedy: tuple[Change, ...] = ()
        if isinstance(rule, Compare | RequiredIf | Transition):
            condition = rule_condition(self._spec, rule)
            remedy = (AddRule(dataclasses.replace(rule, older_may_break=True)),) * bool(condition)
        slots = {"entity": entity.title}
        return Check("rule_broken", "loses", slots, rows, remedy=remedy, rule=rule)


def _literal(value: Literal_, attribute: Attribute) -> tuple[str, str]:
    if attribute.type in _EXACT:
        return sql_text(str(value)), "exact"
    return stored_literal(attribute, value), storage_type(attribute)
