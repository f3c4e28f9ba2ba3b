"""What becomes of an attribute's values: converted, missing, doubled, beyond their limits."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from baes.core.preview_archive import Archived
from baes.core.preview_check import Check, Records, quoted, shown
from baes.spec.attribute_types import NUMERIC_TYPES, TEXTUAL_TYPES
from baes.spec.changes import Change, ChangeAttribute
from baes.spec.derivation import derived_attributes
from baes.spec.model import Attribute, Call
from baes.swea_agents.checks import conditions_of, sql_text, stored_literal
from baes.swea_agents.column_types import max_length_of, storage_type
from baes.swea_agents.table_changes import SystemChange, TableChange, attribute_of
from baes.templates.database.conversions import is_possible

__all__ = ["added_attribute_checks", "kept_attribute_checks"]

FORMATTED = ("email", "url", "phone")
"""Types whose values have a form that a plain text need not have."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """An attribute before and after, and where its values are."""

    table: TableChange
    old: Attribute
    new: Attribute
    records: Records
    former: str
    """The table of the archive with the values of which a conversion made the present ones."""

    @property
    def column(self) -> str:
        return quoted(self.old.name)

    @property
    def types(self) -> tuple[str, str]:
        return storage_type(self.old), storage_type(self.new)

    @property
    def is_converted(self) -> bool:
        former, wanted = self.types
        return former != wanted and not {self.old.type, self.new.type} <= TEXTUAL_TYPES

    @property
    def converted(self) -> str:
        """The SQL of the value as the new type keeps it."""
        if not self.is_converted:
            return self.column
        former, wanted = self.types
        return f"converted({self.column}, '{former}', '{wanted}')"

    @property
    def is_filled(self) -> bool:
        """Whether records that lack a value get the default."""
        strict = self.new.required and not self.new.older_may_lack
        lacked = not self.old.required or self.old.older_may_lack
        return strict and lacked and bool(_constant(self.new))

    @property
    def value(self) -> str:
        """The SQL of what the value will be."""
        default = _constant(self.new)
        if self.is_filled:
            return f"coalesce({self.converted}, {default})"
        if self.is_converted and default:
            fallback = f"coalesce({self.converted}, {default})"
            return f"CASE WHEN {self.column} IS NULL THEN NULL ELSE {fallback} END"
        return self.converted

    @property
    def slots(self) -> Mapping[str, str]:
        type_ = {"former": self.old.type, "wanted": self.new.type}
        return {"entity": self.table.new.title, "attribute": self.new.title, **type_}

    def query(self, where: str) -> str:
        """The records for which a condition holds, with the value before and after."""
        former, wanted = self.types
        after = shown(self.value, wanted) if self.is_converted else "NULL"
        return self.records.query(where, shown(self.column, former), after)

    def with_flag(self, flag: str, on: bool) -> tuple[Change, ...]:
        """The change that says what older records may do, if that isn't said yet."""
        if getattr(self.new, flag) == on:
            return ()
        return (ChangeAttribute(self.table.new.name, self.new.name, ((flag, on),)),)


def kept_attribute_checks(table: TableChange, thing: str, archived: Archived) -> Iterator[Check]:
    """What is to be looked up of an attribute that stays."""
    old, new = attribute_of(table.old, thing), attribute_of(table.new, thing)
    if old is None or new is None or dataclasses.replace(old, name=new.name) == new:
        return
    way_back = f"former values {storage_type(new)} to {storage_type(old)}"
    former = archived.get((way_back, thing), "")
    kept = _Kept(table, old, new, Records.of(table.context.old, table.old), former)
    filled = archived.get(("former values nothing to default", thing), "")
    if filled and old.required and not new.required and new.default != old.default:
        still = f"SELECT id FROM {filled} WHERE became = {kept.column}"  # noqa: S608  a name
        yield Check("emptied", "tells", kept.slots, kept.query(f"id IN ({still})"))
    if kept.is_converted:
        yield from _conversion(kept)
    if new.name not in derived_attributes(table.context.new, table.new.name):
        yield from _requirement(kept)  # of values that a rule gives, ``preview_rules`` tells
        yield from _uniqueness(kept)
    yield from _limits(kept)


def added_attribute_checks(
    change: SystemChange, table: TableChange, thing: str, archived: Archived
) -> Iterator[Check]:
    """What is to be looked up of an attribute that comes, or comes back."""
    new = attribute_of(table.new, thing)
    if new is None or new.name in derived_attributes(table.context.new, table.new.name):
        return
    if attribute_of(table.old, thing) is not None:
        return  # a rule gave its values until now
    records = Records.of(table.context.old, table.old)
    slots = {"entity": table.new.title, "attribute": new.title}
    default = _constant(new)
    if change.is_restored(thing):
        yield from _restored(table, new, records, archived.get(("values", thing), ""))
    elif default:
        if new.unique:
            several = f"(SELECT count(*) FROM {records.table}) > 1"  # noqa: S608  a name
            yield Check("default_shared", "blocks", slots, records.query(several))
        yield Check("default_given", "tells", slots, records.query())
    elif new.required:
        yield Check("still_missing", "tells", slots, records.query())


def _restored(
    table: TableChange, new: Attribute, records: Records, archive: str
) -> Iterator[Check]:
    slots = {"entity": table.new.title, "attribute": new.title}
    known = f"id IN (SELECT id FROM {archive})" if archive else "0"  # noqa: S608  a name
    yield Check("values_come_back", "tells", slots, records.query(known))
    if new.required and not _constant(new):
        lack = ChangeAttribute(table.new.name, new.name, (("older_may_lack", True),))
        topic, remedy = ("missing", ()) if new.older_may_lack else ("newer_lack", (lack,))
        yield Check(topic, "tells", slots, records.query(f"NOT {known}"), remedy=remedy)


def _conversion(kept: _Kept) -> Iterator[Check]:
    former, wanted = kept.types
    present = f"{kept.column} IS NOT NULL"
    if not is_possible(former, wanted):
        yield Check("impossible", "blocks", kept.slots, kept.query(present))
        return
    default = _constant(kept.new)
    lost = f"{present} AND {kept.converted} IS NULL"
    needed = kept.new.required and not default
    topic = "replaced" if default else "cleared"
    remedy = kept.with_flag("older_may_lack", True) if needed else ()
    yield Check(topic, "loses", kept.slots, kept.query(lost), remedy=remedy)
    back = f"converted({kept.converted}, '{wanted}', '{former}')"
    numbers = {kept.old.type, kept.new.type} <= NUMERIC_TYPES
    other = f"{kept.converted} IS NOT NULL AND {back} IS NOT {kept.column}"
    yield Check("rounded" if numbers else "rewritten", "loses", kept.slots, kept.query(other))
    same = f"{kept.converted} IS NOT NULL AND {back} IS {kept.column}"
    yield Check("converted", "tells", kept.slots, kept.query(same))


def _requirement(kept: _Kept) -> Iterator[Check]:
    old, new = kept.old, kept.new
    becomes = new.required and not old.required
    tightens = new.required and old.older_may_lack and not new.older_may_lack
    if not becomes and not tightens:
        return
    restored = f" AND id NOT IN (SELECT id FROM {kept.former})" if kept.former else ""  # noqa: S608
    missing = kept.records.query(f"{kept.column} IS NULL{restored}")
    if kept.is_filled:
        yield Check("filled", "tells", kept.slots, missing)
    else:
        remedy = kept.with_flag("older_may_lack", True)
        yield Check("missing", "loses", kept.slots, missing, remedy=remedy)


def _uniqueness(kept: _Kept) -> Iterator[Check]:
    old, new = kept.old, kept.new
    letters = (old.type == "email", new.type == "email")
    same = old.unique and letters[0] == letters[1]
    if not new.unique or (same and not kept.is_converted and not kept.is_filled):
        return
    key = f"lower({kept.value})" if new.type == "email" else kept.value
    value = shown(kept.value, kept.types[1])
    rows = (
        f"SELECT min(id), NULL AS label, {value} AS before, NULL AS after "  # noqa: S608  names
        f"FROM {kept.records.table} WHERE {key} IS NOT NULL GROUP BY {key} HAVING count(*) > 1"
    )
    yield Check("duplicated", "blocks", kept.slots, rows)


def _limits(kept: _Kept) -> Iterator[Check]:
    """Values that new limits leave out stay, as those of older records."""
    before = {*_conditions(dataclasses.replace(kept.old, name=kept.new.name))}
    after = {*_conditions(kept.new)}
    if before == after and not kept.is_converted:
        return
    if not after:
        # No limit is left that a record could break.
        yield Check("nothing", "tells", {}, "SELECT 1 WHERE 0", otherwise=_unbroken(kept))
        return
    values = kept.records.query(before=kept.value)
    conditions = " AND ".join(f"({condition})" for condition in sorted(after))
    column = quoted(kept.new.name)
    after_text = shown(column, kept.types[1])
    rows = (
        f"SELECT id, label, {after_text} AS before, NULL AS after FROM "  # noqa: S608  names
        f"(SELECT id, label, before AS {column} FROM ({values})) WHERE NOT ({conditions})"
    )
    yield Check(
        "beyond",
        "loses" if after - before else "tells",
        kept.slots,
        rows,
        remedy=kept.with_flag("older_may_break", True),
        otherwise=_unbroken(kept),
    )


def _unbroken(kept: _Kept) -> tuple[Change, ...]:
    return kept.with_flag("older_may_break", False)


def _conditions(attribute: Attribute) -> Iterator[str]:
    """All conditions that a value must meet, those too that only the API checks."""
    checked = dataclasses.replace(attribute, older_may_break=False)
    yield from (text for _, text in conditions_of(checked))
    column = quoted(attribute.name)
    longest = max_length_of(attribute)
    if longest is not None and attribute.max_length is None:
        yield f"length({column}) <= {longest}"
    if attribute.pattern is not None:
        yield f"is_matched({column}, {sql_text(attribute.pattern)})"
    if attribute.format is not None:
        yield f"is_formed({column}, '{attribute.format}')"
    if attribute.type in FORMATTED:
        yield f"is_formed({column}, '{attribute.type}')"


def _constant(attribute: Attribute) -> str:
    if attribute.default is None or isinstance(attribute.default, Call):
        return ""
    return stored_literal(attribute, attribute.default)
