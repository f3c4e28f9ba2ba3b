"""What becomes of the links between records."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping

from baes.core.preview_check import Check, Records, quoted
from baes.spec.changes import Change, ChangeRelationship
from baes.spec.model import Relationship, SystemSpec
from baes.swea_agents.table_changes import SystemChange, is_reference
from baes.swea_agents.tables import columns_of, link_columns, link_table

__all__ = ["relationship_checks"]

Archived = Mapping[tuple[str, str], str]
"""As ``preview_plan`` has it."""

_NO_LINKS = "(SELECT NULL AS from_id, NULL AS to_id WHERE 0)"


def relationship_checks(change: SystemChange, archived: Archived) -> Iterator[Check]:
    """What is to be looked up of relationships that go, come, move or change."""
    old, new = change.context.old, change.context.new
    before = {r.id: r for r in old.relationships}
    after = {r.id: r for r in new.relationships}
    for was in old.relationships:
        now = after.get(was.id)
        if now is None:
            yield from _removed(change, was)
        elif was.id in change.moved:
            yield from _moved(change, was, now, archived)
        elif is_reference(now):
            yield from _kept(change, was, now)
    for now in new.relationships:
        if now.id in before:
            continue
        if change.is_restored(now.id):
            yield from _restored(change, now, archived)
        elif is_reference(now):
            yield from _added(change, now)


def _removed(change: SystemChange, link: Relationship) -> Iterator[Check]:
    gone = {entity.name for entity in change.removed}
    if link.source in gone or (link.target in gone and not is_reference(link)):
        return  # the records themselves go, which is told
    yield Check(
        "links_removed", "loses", _slots(change.context.old, link), _links(change.context.old, link)
    )


def _moved(
    change: SystemChange, was: Relationship, now: Relationship, archived: Archived
) -> Iterator[Check]:
    old, new = change.context.old, change.context.new
    ends = [
        [spec.entity(end).id for end in (link.source, link.target)]
        for spec, link in ((old, was), (new, now))
    ]
    if ends[0] != ends[1]:
        yield Check("links_removed", "loses", _slots(old, was), _links(old, was))
    elif is_reference(now):
        table = quoted(link_table(old, was).name)
        source, target = map(quoted, link_columns(old, was))
        several = f"SELECT {source} FROM {table} GROUP BY 1 HAVING count(*) > 1"  # noqa: S608
        if now.kind == "one_to_one":
            shared = f"SELECT {target} FROM {table} GROUP BY 1 HAVING count(*) > 1"  # noqa: S608
            several += f" UNION SELECT {source} FROM {table} WHERE {target} IN ({shared})"  # noqa: S608
        records = Records.of(old, old.entity(was.source))
        yield Check(
            "links_without_room", "loses", _slots(new, now), records.query(f"id IN ({several})")
        )
        room = f"id IN (SELECT {source} FROM {table}) AND id NOT IN ({several})"  # noqa: S608
        yield from _needed(new, now, records, f"NOT ({room})")
    elif archive := _archive(new, now, archived):
        records = Records.of(old, old.entity(was.source))
        column = quoted(columns_of(old, old.entity(was.source))[was.id].name)
        kept = records.query(f"{column} IS NOT NULL AND id IN (SELECT from_id FROM {archive})")  # noqa: S608
        yield Check("links_stay", "tells", _slots(new, now), kept)
        back = records.query(f"{column} IS NULL AND id IN (SELECT from_id FROM {archive})")  # noqa: S608
        yield Check("links_come_back", "tells", _slots(new, now), back)


def _kept(change: SystemChange, was: Relationship, now: Relationship) -> Iterator[Check]:
    old, new = change.context.old, change.context.new
    source = old.entity(was.source)
    records = Records.of(old, source)
    column = quoted(columns_of(old, source)[was.id].name)
    if now.kind == "one_to_one" and was.kind != "one_to_one":
        rows = (
            f"SELECT min(id), NULL AS label, {column} AS before, NULL AS after "  # noqa: S608
            f"FROM {records.table} WHERE {column} IS NOT NULL GROUP BY {column} HAVING count(*) > 1"
        )
        yield Check("link_shared", "blocks", _slots(new, now), rows)
    if now.required and (not was.required or (was.older_may_lack and not now.older_may_lack)):
        missing = records.query(f"{column} IS NULL")
        yield Check("link_missing", "loses", _slots(new, now), missing, remedy=_lacking(now))


def _added(change: SystemChange, link: Relationship) -> Iterator[Check]:
    old, new = change.context.old, change.context.new
    source = {e.id: e for e in old}.get(new.entity(link.source).id)
    if source is not None and link.required:
        missing = Records.of(old, source).query()
        yield Check("link_still_missing", "tells", _slots(new, link), missing)


def _restored(change: SystemChange, link: Relationship, archived: Archived) -> Iterator[Check]:
    """Links that come back, and those that can't: one of their records is gone."""
    new = change.context.new
    archive = _archive(new, link, archived) or _NO_LINKS
    source, target = (_records(change, end, archived) for end in (link.source, link.target))
    there, gone = (
        f"SELECT from_id FROM {archive} WHERE to_id {how} (SELECT id FROM {target.table})"  # noqa: S608
        for how in ("IN", "NOT IN")
    )
    slots = _slots(new, link)
    yield Check("links_come_back", "tells", slots, source.query(f"id IN ({there})"))
    yield Check("links_gone", "tells", slots, source.query(f"id IN ({gone})"))
    if is_reference(link):
        yield from _needed(new, link, source, f"id NOT IN ({there})")
    else:
        swapped = {**slots, "entity": slots["target"], "target": slots["entity"]}
        gone = f"SELECT to_id FROM {archive} WHERE from_id NOT IN (SELECT id FROM {source.table})"  # noqa: S608
        yield Check("links_gone", "tells", swapped, target.query(f"id IN ({gone})"))


def _archive(spec: SystemSpec, link: Relationship, archived: Archived) -> str:
    """The table of the archive with a relationship's links; empty where there is none."""
    ends = " to ".join(spec.entity(end).id for end in (link.source, link.target))
    return archived.get((f"relationship {ends}", link.id), "")


def _records(change: SystemChange, name: str, archived: Archived) -> Records:
    """The records that an entity will have: its present ones, or those that come back."""
    id_ = change.context.new.entity(name).id
    present = {e.id: e for e in change.context.old}.get(id_)
    if present is not None:
        return Records.of(change.context.old, present)
    return Records(archived.get(("entity", id_), "(SELECT NULL AS id WHERE 0)"), "NULL")


def _needed(
    spec: SystemSpec, link: Relationship, records: Records, lacking: str
) -> Iterator[Check]:
    """A required reference that some records will not have."""
    if link.required:
        yield Check(
            "newer_lack_link",
            "tells",
            _slots(spec, link),
            records.query(lacking),
            remedy=_lacking(link),
        )


def _lacking(link: Relationship) -> tuple[Change, ...]:
    if link.older_may_lack:
        return ()
    return (
        ChangeRelationship(link.source, link.name, dataclasses.replace(link, older_may_lack=True)),
    )


def _links(spec: SystemSpec, link: Relationship) -> str:
    """The records of the ``from`` side that are linked."""
    source = spec.entity(link.source)
    records = Records.of(spec, source)
    if is_reference(link):
        return records.query(f"{quoted(columns_of(spec, source)[link.id].name)} IS NOT NULL")
    own, _ = link_columns(spec, link)
    pairs = quoted(link_table(spec, link).name)
    return records.query(f"id IN (SELECT {quoted(own)} FROM {pairs})")  # noqa: S608  names


def _slots(spec: SystemSpec, link: Relationship) -> Mapping[str, str]:
    source, target = spec.entity(link.source), spec.entity(link.target)
    return {"entity": source.title, "name": link.title, "target": target.title}
