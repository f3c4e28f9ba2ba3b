"""Which values follow from others, from which, and in which order they are worked out."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator

from baes.spec.expressions import depends_on_today, names_in, parse_expression
from baes.spec.model import Attribute, Entity, SystemSpec
from baes.spec.rules import Aggregate, Computed, Copy, Rule

__all__ = [
    "Derived",
    "Place",
    "cycle_in",
    "derivation_order",
    "derived_attributes",
    "read_only_attributes",
    "sources_of",
    "stored_attributes",
    "worked_out_on_reading",
]

Derived = Computed | Aggregate
Place = tuple[str, str]
"""(entity, attribute)."""


def derived_attributes(spec: SystemSpec, entity: str) -> dict[str, Derived]:
    """Attribute -> the rule that gives its value, for those that nobody enters."""
    return {
        rule.attribute: rule
        for rule in spec.rules
        if isinstance(rule, Derived) and rule.entity == entity
    }


def read_only_attributes(spec: SystemSpec, entity: str) -> frozenset[str]:
    """The attributes that nobody enters."""
    return frozenset(derived_attributes(spec, entity))


def worked_out_on_reading(spec: SystemSpec, entity: str) -> frozenset[str]:
    """Computed attributes that depend on the day, at any depth: they are stored nowhere."""
    computed = {
        name: parse_expression(rule.expression)
        for name, rule in derived_attributes(spec, entity).items()
        if isinstance(rule, Computed)
    }
    found = {name for name, tree in computed.items() if depends_on_today(tree)}
    while True:
        more = {name for name, tree in computed.items() if found & set(names_in(tree))} - found
        if not more:
            return frozenset(found)
        found |= more


def sources_of(rule: Rule) -> Iterator[Place]:
    """The attributes that a derived or copied value is made of."""
    match rule:
        case Computed(entity, _, expression):
            yield from ((entity, name) for name in names_in(parse_expression(expression)))
        case Aggregate(_, _, _, of, where):
            child, _, name = of.partition(".")
            if name:
                yield child, name
            yield from ((child, name) for name, _, _ in where)
        case Copy(_, _, of):
            parent, _, name = of.partition(".")
            yield parent, name


def stored_attributes(spec: SystemSpec, entity: Entity) -> tuple[Attribute, ...]:
    """The attributes that a table holds; those that follow from others may be null in it."""
    daily, derived = worked_out_on_reading(spec, entity.name), derived_attributes(spec, entity.name)
    return tuple(
        dataclasses.replace(a, required=False) if a.name in derived else a
        for a in entity.attributes
        if a.name not in daily
    )


def cycle_in(rules: Iterable[Rule]) -> tuple[Place, ...]:
    """A way from a value over those that it is made of back to it; empty where there is none.

    The first place stands at the end as well.
    """
    graph = {
        (rule.entity, rule.attribute): tuple(sources_of(rule))
        for rule in rules
        if isinstance(rule, Computed | Aggregate | Copy)
    }
    done: set[Place] = set()
    for start in graph:
        found = _way_back(graph, (start,), done)
        if found:
            return found
    return ()


def _way_back(
    graph: dict[Place, tuple[Place, ...]], path: tuple[Place, ...], done: set[Place]
) -> tuple[Place, ...]:
    """The part of a path that leads from a place back to it, if its end leads to one."""
    for source in graph.get(path[-1], ()):
        if source in path:
            return (*path[path.index(source) :], source)
        if source not in done:
            found = _way_back(graph, (*path, source), done)
            if found:
                return found
    done.add(path[-1])
    return ()


def derivation_order(spec: SystemSpec) -> tuple[Derived, ...]:
    """The rules that give values, each after those whose values it uses.

    The system has no cycle; rules that don't depend on each other keep their order.
    """
    rules = {(r.entity, r.attribute): r for r in spec.rules if isinstance(r, Derived)}
    ordered: dict[Place, Derived] = {}

    def add(place: Place) -> None:
        if place in ordered or place not in rules:
            return
        for source in sources_of(rules[place]):
            add(source)
        ordered[place] = rules[place]

    for place in rules:
        add(place)
    return tuple(ordered.values())
