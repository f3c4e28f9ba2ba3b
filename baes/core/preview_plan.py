"""What a request could do to the data, as questions to the database: pure, nothing is read here.

Each check is a query of the records that it concerns in the tables as they are. What it finds is
lost (and needs a consent), stands in the way, or is only told; some need the system to say that
older records may lack a value, or break a limit.
"""

from __future__ import annotations

from collections.abc import Iterator

from baes.core.preview_archive import Archived, Stacks, what_comes_back
from baes.core.preview_attributes import added_attribute_checks, kept_attribute_checks
from baes.core.preview_check import Check, Records, quoted
from baes.core.preview_relationships import relationship_checks
from baes.core.preview_rules import rule_checks
from baes.spec.apply import steps
from baes.spec.changes import RemoveAttribute, RemoveEntity, RemoveRelationship, RemoveRule
from baes.spec.derivation import derived_attributes
from baes.spec.pipeline import GenerationContext
from baes.swea_agents.table_changes import SystemChange, TableChange, attribute_of

__all__ = ["plan_preview"]


def plan_preview(context: GenerationContext, stacks: Stacks) -> tuple[Check, ...]:
    """What has to be looked up before the changes of a context are carried out.

    Args:
        context: The systems before and after, and the changes between them.
        stacks: What could come back from the archive.
    """
    change = SystemChange(context)
    archived = what_comes_back(change, stacks)
    checks = [*_removed_entities(change)]
    for table in change.tables:
        checks += _removed_attributes(table)
        for thing in table.kept:
            checks += kept_attribute_checks(table, thing, archived)
        for thing in table.added:
            checks += added_attribute_checks(change, table, thing, archived)
    checks += _restored_entities(change, archived)
    checks += relationship_checks(change, archived)
    checks += rule_checks(change, archived)
    checks += _rules_that_go(context)
    return tuple(checks)


def _removed_entities(change: SystemChange) -> Iterator[Check]:
    old = change.context.old
    removed = {entity.name for entity in change.removed}
    for entity in change.removed:
        records = Records.of(old, entity)
        yield Check("entity_removed", "loses", {"entity": entity.title}, records.query())
        for link in old.incoming(entity.name):
            if link.required and link.source not in removed:
                source = old.entity(link.source).title
                slots = {"entity": entity.title, "source": source, "name": link.title}
                yield Check("entity_needed", "loses", slots)


def _restored_entities(change: SystemChange, archived: Archived) -> Iterator[Check]:
    for entity in change.created:
        archive = archived.get(("entity", entity.id))
        if archive and change.is_restored(entity.id):
            records = Records(archive, "NULL")
            yield Check("records_come_back", "tells", {"entity": entity.title}, records.query())


def _removed_attributes(table: TableChange) -> Iterator[Check]:
    records = Records.of(table.context.old, table.old)
    derived = derived_attributes(table.context.old, table.old.name)
    for thing in table.dropped:
        attribute = attribute_of(table.old, thing)
        stays = attribute_of(table.new, thing) is not None  # a rule gives its values from now on
        if attribute is not None and attribute.name not in derived and not stays:
            column = quoted(attribute.name)
            yield Check(
                "attribute_removed",
                "loses",
                {"entity": table.old.title, "attribute": attribute.title},
                records.query(f"{column} IS NOT NULL", before=records.shown(attribute)),
            )


def _rules_that_go(context: GenerationContext) -> Iterator[Check]:
    """Rules that name what is removed, and go with it."""
    spec = context.old
    for change, after in steps(spec, context.changes):
        is_removal = isinstance(change, RemoveAttribute | RemoveEntity | RemoveRelationship)
        if is_removal or (
            len(after.rules) < len(spec.rules) and not isinstance(change, RemoveRule)
        ):
            for rule in (r for r in spec.rules if r not in after.rules):
                yield Check("rule_goes", "tells", {}, rule=rule)
        spec = after
