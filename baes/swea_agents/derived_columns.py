"""The statements of a revision that work out values which follow from others.

Which values: those whose rule is new or another one, and those made of anything that the revision
writes. A rule is the same one when it says the same by stable ids.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from baes.spec.derivation import (
    Derived,
    Place,
    derivation_order,
    sources_of,
    worked_out_on_reading,
)
from baes.spec.expression_types import type_of_attribute
from baes.spec.expressions import canonical, expression_text, names_in, parse_expression, renamed
from baes.spec.model import Attribute, Entity, SystemSpec
from baes.spec.names import snake_case
from baes.spec.navigation import collection_of, id_field
from baes.spec.rule_paths import child_attribute, child_link, child_of
from baes.spec.rules import Aggregate, Computed
from baes.spec.scales import scale_of
from baes.swea_agents.checks import stored_literal
from baes.swea_agents.column_types import column_type, storage_type
from baes.swea_agents.identifiers import sql_name
from baes.swea_agents.rule_code import expression_imports, expression_lines, fit_code
from baes.swea_agents.table_changes import SystemChange
from baes.swea_agents.tables import link_columns, link_table
from baes.swea_agents.value_moves import value_moves

__all__ = ["DerivationView", "FunctionView", "derivations", "has_derived", "stale_things"]


@dataclass(frozen=True, slots=True)
class FunctionView:
    """The function that gives a computed value, as ``database/migration.py.j2`` shows it."""

    name: str
    expression: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DerivationView:
    """What works out one value of all records."""

    statement: str
    imports: tuple[str, ...]
    function: FunctionView | None = None


def has_derived(*specs: SystemSpec) -> bool:
    """Whether values of a system follow from others and are stored."""
    return any(isinstance(rule, Derived) for spec in specs for rule in spec.rules)


def derivations(change: SystemChange) -> Iterator[DerivationView]:
    """The values to be worked out, each after those that it is made of."""
    spec = change.context.new
    empty = {e.id for e in change.created if not change.is_restored(e.id)}
    for rule in _stale(change):
        entity = spec.entity(rule.entity)
        if entity.id in empty or rule.attribute in worked_out_on_reading(spec, entity.name):
            continue
        attribute = _attribute(entity, rule.attribute)
        if isinstance(rule, Computed):
            yield _computed(spec, entity, attribute, rule)
        else:
            yield _aggregate(spec, entity, attribute, rule)


def stale_things(change: SystemChange) -> frozenset[str]:
    """The stable ids of the columns that get other values."""
    places = ((rule.entity, rule.attribute) for rule in _stale(change))
    return frozenset(_thing(change.context.new, place) for place in places)


def _stale(change: SystemChange) -> Iterator[Derived]:
    old, new = change.context.old, change.context.new
    before = {_meaning(old, rule) for rule in old.rules if isinstance(rule, Derived)}
    touched = set(_touched(change))
    stale: set[Place] = set()
    for rule in derivation_order(new):
        place = (rule.entity, rule.attribute)
        sources = set(sources_of(rule))
        things = {_thing(new, source) for source in (*sources, place)}
        if isinstance(rule, Aggregate):
            entity, child = new.entity(rule.entity), new.entity(child_of(rule))
            things |= {child_link(new, entity, child.name).id, child.id, entity.id}
        is_same = _meaning(new, rule) in before and touched.isdisjoint(things)
        if is_same and sources.isdisjoint(stale):
            continue
        stale.add(place)
        yield rule


def _touched(change: SystemChange) -> Iterator[str]:
    """Ids of what gets other values."""
    for table in change.tables:
        yield from table.added
        yield from table.rewritten
    yield from value_moves(change)
    yield from (relationship.id for relationship in change.arriving)
    yield from (r.id for r in change.leaving)
    for entity in change.created:
        if change.is_restored(entity.id):
            yield entity.id


def _meaning(spec: SystemSpec, rule: Derived) -> tuple[object, ...]:
    """What a rule says, by stable ids and the types that decide about values."""
    entity = spec.entity(rule.entity)
    target = _attribute(entity, rule.attribute)
    place = (entity.id, target.id, storage_type(target))
    types = {_thing(spec, p): storage_type(_placed(spec, p)) for p in sources_of(rule)}
    typed = tuple(sorted(types.items()))
    if isinstance(rule, Computed):
        ids = {attribute.name: attribute.id for attribute in entity.attributes}
        tree = renamed(parse_expression(rule.expression), ids.__getitem__)
        return (*place, typed, expression_text(tree))
    child, over = spec.entity(child_of(rule)), child_attribute(spec, rule)
    where = tuple((_attribute(child, name).id, value, wanted) for name, value, wanted in rule.where)
    link = child_link(spec, entity, child.name)
    return (*place, typed, rule.function, child.id, over and over.id, link.id, link.kind, where)


def _computed(
    spec: SystemSpec, entity: Entity, attribute: Attribute, rule: Computed
) -> DerivationView:
    tree = parse_expression(rule.expression)
    types = {a.name: type_of_attribute(a, scale_of(a)) for a in entity.attributes}
    name = f"compute_{snake_case(entity.name)}_{attribute.name}"
    shown = canonical(rule.expression).replace("\\", "\\\\").replace('"""', "'''")
    function = FunctionView(name, shown, tuple(expression_lines(tree, types)))
    sources = [_attribute(entity, source) for source in names_in(tree)]
    fit, needed = fit_code(attribute)
    written = ", ".join(f"{a.name!r}: {_type(a)[0]}" for a in sources)
    table = collection_of(entity, spec.language)
    statement = (
        f"compute_column({table!r}, {attribute.name!r}, {_type(attribute)[0]}, {name}, {fit}, "
        f"{{{written}}})"
    )
    imports = (
        "app.database.derivations.compute_column",
        "app.rule_values.nullable",
        "typing.Any",
        needed,
        *expression_imports(tree),
        *(name for a in (attribute, *sources) for name in _type(a)[1]),
    )
    return DerivationView(statement, imports, function)


def _aggregate(
    spec: SystemSpec, entity: Entity, attribute: Attribute, rule: Aggregate
) -> DerivationView:
    child, over = spec.entity(child_of(rule)), child_attribute(spec, rule)
    link = child_link(spec, entity, child.name)
    table = collection_of(child, spec.language)
    parts = [repr(table)]
    if link.kind == "many_to_many":
        own, other = link_columns(spec, link)
        ours, theirs = (own, other) if link.source == entity.name else (other, own)
        parts.append(repr(ours))
    else:
        parts.append(repr(id_field(link, spec.language)))
    if over is not None:
        parts.append(f"of=({over.name!r}, {_type(over)[0]})")
    if rule.where:
        conditions = (_condition(child, *each) for each in rule.where)
        # In SQLAlchemy's texts a colon begins a parameter.
        parts.append(f"where={' AND '.join(conditions).replace(':', chr(92) + ':')!r}")
    if link.kind == "many_to_many":
        parts.append(f"links={link_table(spec, link).name!r}, child={theirs!r}")
    fit, needed = fit_code(attribute)
    statement = (
        f"aggregate_column({collection_of(entity, spec.language)!r}, {attribute.name!r}, "
        f"{_type(attribute)[0]}, {rule.function!r}, {fit}, Children({', '.join(parts)}))"
    )
    imports = (
        "app.database.derivations.Children",
        "app.database.derivations.aggregate_column",
        needed,
        *_type(attribute)[1],
        *(_type(over)[1] if over is not None else ()),
    )
    return DerivationView(statement, imports)


def _condition(child: Entity, name: str, value: object, wanted: bool) -> str:
    attribute = _attribute(child, name)
    column = f"child.{sql_name(attribute.name)}"
    literal = stored_literal(attribute, value)  # type: ignore[arg-type]  # a value of its type
    return f"{column} = {literal}" if wanted else f"({column} <> {literal} OR {column} IS NULL)"


def _type(attribute: Attribute) -> tuple[str, tuple[str, ...]]:
    """(the type by which a value is read and written exactly, its import)."""
    if attribute.type == "decimal":
        return f"ScaledDecimal({scale_of(attribute)})", ("app.database.types.ScaledDecimal",)
    if attribute.type == "datetime":
        return "UtcDateTime()", ("app.database.types.UtcDateTime",)
    return column_type(attribute).migration, ()


def _thing(spec: SystemSpec, place: Place) -> str:
    return f"{spec.entity(place[0]).id}.{_placed(spec, place).id}"


def _placed(spec: SystemSpec, place: Place) -> Attribute:
    return _attribute(spec.entity(place[0]), place[1])


def _attribute(entity: Entity, name: str) -> Attribute:
    found = entity.find(name)
    assert found is not None, "the rule was checked"  # noqa: S101
    return found
