"""What values will be after a request, as SQL over the tables as they are.

Values that follow from others are written out down to what is stored: an expression as a function
of its parts, an aggregate as a query of the children.
"""

from __future__ import annotations

import itertools
import json

from baes.core.preview_archive import Archived
from baes.core.preview_check import Records, quoted
from baes.spec.derivation import derived_attributes, worked_out_on_reading
from baes.spec.expressions import canonical, names_in, parse_expression
from baes.spec.model import Attribute, Call, Entity, Relationship
from baes.spec.navigation import id_field
from baes.spec.rule_paths import child_attribute, child_link, child_of
from baes.spec.rules import Aggregate, Computed
from baes.swea_agents.checks import sql_text, stored_literal
from baes.swea_agents.column_types import storage_type
from baes.swea_agents.derived_columns import stale_things
from baes.swea_agents.table_changes import SystemChange, attribute_of
from baes.swea_agents.tables import link_columns, link_table

__all__ = ["FutureValues"]


class FutureValues:
    """Writes values of the new system as SQL over the old one's tables.

    Args:
        change: The systems before and after.
        archived: What could come back from the archive.
    """

    def __init__(self, change: SystemChange, archived: Archived) -> None:
        self._change = change
        self._archived = archived
        self._spec = change.context.new
        self._old = {entity.id: entity for entity in change.context.old}
        self._tables = {table.new.id: table for table in change.tables}
        self._stale = stale_things(change)
        self._aliases = (f"t{number}" for number in itertools.count(1))

    def records(self, entity: Entity) -> Records | None:
        """The entity's records as they are; ``None`` where there are none yet."""
        old = self._old.get(entity.id)
        return None if old is None else Records.of(self._change.context.old, old)

    def is_rewritten(self, entity: Entity, name: str) -> bool:
        """Whether an attribute's values are others after the request."""
        attribute = entity.find(name)
        table = self._tables.get(entity.id)
        if attribute is None or table is None:
            return False
        thing = f"{entity.id}.{attribute.id}"
        return thing in self._stale or thing in {*table.added, *table.rewritten}

    def value(self, entity: Entity, name: str, owner: str) -> str:
        """The SQL of what an attribute of the row called ``owner`` will hold."""
        attribute = entity.find(name)
        assert attribute is not None, "the rule was checked"  # noqa: S101
        rule = derived_attributes(self._spec, entity.name).get(name)
        daily = name in worked_out_on_reading(self._spec, entity.name)
        if rule is None or (f"{entity.id}.{attribute.id}" not in self._stale and not daily):
            return self._stored(entity, attribute, owner)
        if isinstance(rule, Computed):
            return self._computed(entity, attribute, rule, owner)
        return self._aggregate(entity, attribute, rule, owner)

    def parent_value(self, entity: Entity, link: Relationship, name: str, owner: str) -> str:
        """The same of the record that a link leads to."""
        target = self._spec.entity(link.target)
        records, reference = self.records(target), self._reference(entity, link, owner)
        if records is None or reference == "NULL":
            return "NULL"
        alias = next(self._aliases)
        value = self.value(target, name, alias)
        return f"(SELECT {value} FROM {records.table} AS {alias} WHERE {alias}.id = {reference})"  # noqa: S608

    def thing(self, entity: Entity, name: str, owner: str) -> str:
        """The SQL of an attribute, or of the id in a reference."""
        for link in self._spec.outgoing(entity.name):
            if name in (link.name, id_field(link, self._spec.language)):
                return self._reference(entity, link, owner)
        return self.value(entity, name, owner)

    def _reference(self, entity: Entity, link: Relationship, owner: str) -> str:
        table = self._tables.get(entity.id)
        if table is None or link.id not in table.before or link.id in table.moved:
            return "NULL"
        return f"{owner}.{quoted(table.before[link.id].name)}"

    def _stored(self, entity: Entity, attribute: Attribute, owner: str) -> str:
        table = self._tables.get(entity.id)
        thing = f"{entity.id}.{attribute.id}"
        if table is None:
            return "NULL"
        default = _constant(attribute)
        kept = self._archived.get(("values", thing), "")
        archived = f"(SELECT value FROM {kept} AS kept WHERE kept.id = {owner}.id)"  # noqa: S608
        if thing not in table.before:
            return archived if kept else default or "NULL"
        value = f"{owner}.{quoted(table.before[thing].name)}"
        if kept:
            there = f"{owner}.id IN (SELECT id FROM {kept})"  # noqa: S608  a name
            return f"CASE WHEN {there} THEN {archived} ELSE {value} END"
        old = attribute_of(table.old, thing)
        if old is not None and storage_type(old) != storage_type(attribute):
            value = f"converted({value}, '{storage_type(old)}', '{storage_type(attribute)}')"
        filled = table.before[thing].nullable and not table.after[thing].nullable
        return f"coalesce({value}, {default})" if filled and default else value

    def _computed(self, entity: Entity, attribute: Attribute, rule: Computed, owner: str) -> str:
        tree = parse_expression(rule.expression)
        names = names_in(tree)
        types = {name: storage_type(_of(entity, name)) for name in names}
        texts = (canonical(rule.expression), json.dumps(types), storage_type(attribute))
        values = (self.value(entity, name, owner) for name in names)
        return f"computed_value({', '.join([*map(sql_text, texts), *values])})"

    def _aggregate(self, entity: Entity, attribute: Attribute, rule: Aggregate, owner: str) -> str:
        child = self._spec.entity(child_of(rule))
        over, link = child_attribute(self._spec, rule), child_link(self._spec, entity, child.name)
        records, alias = self.records(child), next(self._aliases)
        kind, wanted = storage_type(over) if over else "integer", storage_type(attribute)
        head = f"aggregate_value('{rule.function}', '{kind}', '{wanted}'"
        if records is None:
            return f"{head}, 0, {0 if rule.function == 'count' else 'NULL'})"
        value = self.value(child, over.name, alias) if over else f"{alias}.id"
        function = {"avg": "sum"}.get(rule.function, rule.function)
        conditions = [
            f"{self.value(child, name, alias)} {'IS' if wanted_equal else 'IS NOT'} "
            f"{stored_literal(_of(child, name), literal)}"
            for name, literal, wanted_equal in rule.where
        ]
        source = f"{records.table} AS {alias}"
        if link.kind == "many_to_many":
            conditions.append(self._linked(entity, link, alias, owner))
        else:
            conditions.append(f"{self._reference(child, link, alias)} = {owner}.id")
        where = " AND ".join(conditions)
        return f"(SELECT {head}, count({value}), {function}({value})) FROM {source} WHERE {where})"  # noqa: S608

    def _linked(self, entity: Entity, link: Relationship, alias: str, owner: str) -> str:
        old = self._change.context.old
        before = next((r for r in old.relationships if r.id == link.id), None)
        if before is None or before.kind != "many_to_many":
            return "0"
        own, other = (quoted(name) for name in link_columns(old, before))
        ours, theirs = (own, other) if link.source == entity.name else (other, own)
        table = quoted(link_table(old, before).name)
        return f"{alias}.id IN (SELECT {theirs} FROM {table} WHERE {ours} = {owner}.id)"  # noqa: S608


def _of(entity: Entity, name: str) -> Attribute:
    found = entity.find(name)
    assert found is not None, "the rule was checked"  # noqa: S101
    return found


def _constant(attribute: Attribute) -> str:
    if attribute.default is None or isinstance(attribute.default, Call):
        return ""
    return stored_literal(attribute, attribute.default)
