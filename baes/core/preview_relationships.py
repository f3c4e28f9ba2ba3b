"""What becomes of the links between records."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping

from baes.core.preview_check import Check, Records, quoted
from baes.spec.changes import Change, ChangeRelationship
from baes.spec.model import Relationship, SystemSpec
from baes.spec.navigation import collection_of
from baes.swea_agents.table_changes import SystemChange, is_reference
from baes.swea_agents.tables import columns_of, link_columns, link_table

__all__ = ["relationship_checks"]


def relationship_checks(
    change: SystemChange, archived: Mapping[tuple[str, str], str]
) -> Iterator[Check]:
    """What is to be looked up of relationships that go, come, move or change."""
    old, new = change.context.old, change.context.new
    before = {r.id: r for r in old.relationships}
    after = {r.id: r for r in new.relationships}
    for was in old.relationships:
        now = after.get(was.id)
        if now is None:
            yield from _removed(change, was)
        elif was.id in change.moved:
            yield from _moved(change, was, now)
        elif is_reference(now):
            yield from _kept(change, was, now)
    for now in new.relationships:
        if now.id not in before and is_reference(now):
            yield from _added(change, now, archived.get(("relationship", now.id), ""))


def _removed(change: SystemChange, link: Relationship) -> Iterator[Check]:
    gone = {entity.name for entity in change.removed}
    if link.source in gone or (link.target in gone and not is_reference(link)):
        return  # the records themselves go, which is told
    yield Check(
        "links_removed", "loses", _slots(change.context.old, link), _links(change.context.old, link)
    )


def _moved(change: SystemChange, was: Relationship, now: Relationship) -> Iterator[Check]:
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


def _added(change: SystemChange, link: Relationship, archive: str) -> Iterator[Check]:
    old, new = change.context.old, change.context.new
    source = {e.id: e for e in old}.get(new.entity(link.source).id)
    if source is None:
        return
    records = Records.of(old, source)
    if not change.is_restored(link.id):
        if link.required:
            yield Check("link_still_missing", "tells", _slots(new, link), records.query())
        return
    target = {e.id: e for e in old}.get(new.entity(link.target).id)
    known = "0"
    if archive:
        known = f"id IN (SELECT from_id FROM {archive})"  # noqa: S608  a table of the archive
    if archive and target is not None:
        there = quoted(collection_of(target, old.language))
        lost = f"SELECT from_id FROM {archive} WHERE to_id NOT IN (SELECT id FROM {there})"  # noqa: S608
        yield Check("links_gone", "tells", _slots(new, link), records.query(f"id IN ({lost})"))
        known += f" AND id NOT IN ({lost})"
    yield from _needed(new, link, records, f"NOT ({known})")


def _needed(
    spec: SystemSpec, link: Relationship, records: Records, lacking: str
) -> Iterator[Check]:
    """A required reference that some records will not have."""
    if link.required and not link.older_may_lack:
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
