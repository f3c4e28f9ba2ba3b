"""Whether a rule can hold in a system: its names, types and directions, and no circles.

A check raises the reason, in words; a rule that passes can be generated. Each kind of rule has one
function, found by its type.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from baes.errors import InvalidSpec
from baes.spec.attribute_types import NUMERIC_TYPES, TEMPORAL_TYPES
from baes.spec.derivation import cycle_in, worked_out_on_reading
from baes.spec.expression_types import ValueType, can_hold, comparable, type_of, type_of_attribute
from baes.spec.expressions import parse_expression
from baes.spec.limits import is_value
from baes.spec.model import Attribute, Entity, Relationship, SystemSpec
from baes.spec.rule_paths import (
    OwnValue,
    ParentValue,
    child_attribute,
    child_link,
    child_of,
    operand,
    parent_value,
)
from baes.spec.rules import (
    Aggregate,
    Compare,
    Computed,
    Copy,
    Immutable,
    Literal_,
    NotFuture,
    NotPast,
    RequiredIf,
    Rule,
    Transition,
    UniqueTogether,
)
from baes.texts import Message

__all__ = ["broken_rule", "check_rule", "check_rules", "rule_fault"]

RuleT = TypeVar("RuleT", bound=Any)
_CHECKS: dict[type[Any], Callable[[SystemSpec, Entity, Any], None]] = {}
_DATED = ("date", "datetime")
_GIVING = (Computed, Aggregate, Copy)
"""Rules that write their attribute."""


def check_rules(spec: SystemSpec) -> None:
    """Refuse a system with a rule that can't hold.

    Raises:
        InvalidSpec: Saying which part of a rule, and why.
    """
    for rule in spec.rules:
        check_rule(spec, rule)


def rule_fault(spec: SystemSpec, rule: Rule) -> InvalidSpec | None:
    """Why a rule can't hold in a system; ``None`` if it can."""
    try:
        check_rule(spec, rule)
    except InvalidSpec as fault:
        return fault
    return None


def broken_rule(old: SystemSpec, new: SystemSpec) -> InvalidSpec | None:
    """Why a rule that could hold in a system can't any more in what it became, if there is one."""
    for rule in new.rules:
        fault = rule_fault(new, rule)
        if fault and not (rule in old.rules and rule_fault(old, rule)):
            return fault
    return None


def check_rule(spec: SystemSpec, rule: Rule) -> None:
    """Refuse a rule that can't hold beside the others of its system.

    Args:
        spec: The system; the rule may be part of it already.
        rule: Any rule.

    Raises:
        InvalidSpec: Saying which part of it, and why.
    """
    _CHECKS[type(rule)](spec, spec.entity(rule.entity), rule)
    if isinstance(rule, _GIVING):
        _refuse_second_writer(spec, rule)
        _refuse_cycle(spec, rule)


def _checks(
    kind: type[RuleT],
) -> Callable[[Callable[[SystemSpec, Entity, RuleT], None]], Any]:
    def register(function: Callable[[SystemSpec, Entity, RuleT], None]) -> Any:
        _CHECKS[kind] = function
        return function

    return register


@_checks(Compare)
def _compare(spec: SystemSpec, entity: Entity, rule: Compare) -> None:
    left, right = (operand(spec, entity, side) for side in (rule.left, rule.right))
    named = [side for side in (left, right) if isinstance(side, OwnValue | ParentValue)]
    if not any(isinstance(side, OwnValue) for side in named):
        slots = {"entity": entity.title, "left": rule.left, "right": rule.right}
        raise InvalidSpec.of("spec.rule.compares_nothing", **slots)
    attributes = [side.attribute for side in named]
    one = attributes[0]
    if len(attributes) == 2:
        other = attributes[1]
        if not comparable(type_of_attribute(one), type_of_attribute(other)):
            raise InvalidSpec.of("spec.rule.not_comparable", **_two(one, other))
    else:
        literal = right if isinstance(left, OwnValue) else left
        _check_literal(one, literal)  # type: ignore[arg-type]  # the other side is named
    is_ordered = one.type in NUMERIC_TYPES | TEMPORAL_TYPES
    if rule.op not in ("==", "!=") and not is_ordered:
        raise InvalidSpec.of("spec.rule.no_order", **_typed(one))


@_checks(NotFuture)
@_checks(NotPast)
def _dated(_: SystemSpec, entity: Entity, rule: NotFuture | NotPast) -> None:
    attribute = _attribute(entity, rule.attribute)
    if attribute.type not in _DATED:
        raise InvalidSpec.of("spec.rule.no_date", **_typed(attribute))


@_checks(UniqueTogether)
def _unique_together(spec: SystemSpec, entity: Entity, rule: UniqueTogether) -> None:
    if len(set(rule.attributes)) < 2:
        raise InvalidSpec.of("spec.rule.one_is_not_together", entity=entity.title)
    for name in rule.attributes:
        thing = _thing(spec, entity, name)
        if isinstance(thing, Relationship) and thing.kind == "many_to_many":
            raise InvalidSpec.of("spec.rule.many_values", name=thing.title, entity=entity.title)
        _refuse_unstored(spec, entity, name)


@_checks(Computed)
def _computed(_: SystemSpec, entity: Entity, rule: Computed) -> None:
    target = _attribute(entity, rule.attribute)
    types = {a.name: type_of_attribute(a) for a in entity.attributes}
    value = type_of(parse_expression(rule.expression), types)
    _check_target(target, value)


@_checks(Aggregate)
def _aggregate(spec: SystemSpec, entity: Entity, rule: Aggregate) -> None:
    target, child = _attribute(entity, rule.attribute), spec.entity(child_of(rule))
    child_link(spec, entity, child.name)
    over = child_attribute(spec, rule)
    if over is None and rule.function != "count":
        slots = {"function": Message.of(f"spec.function.{rule.function}"), "other": child.title}
        raise InvalidSpec.of("spec.rule.of_what", **slots)
    if over is not None:
        _refuse_unstored(spec, child, over.name)
    for name, value, _wanted in rule.where:
        _check_literal(_attribute(child, name), value)
        _refuse_unstored(spec, child, name)
    _check_target(target, _aggregated(rule, over))


def _aggregated(rule: Aggregate, over: Attribute | None) -> ValueType:
    if over is None or rule.function == "count":
        return ValueType("integer")
    is_ordered = rule.function in ("min", "max") and over.type in TEMPORAL_TYPES
    if over.type not in NUMERIC_TYPES and not is_ordered:
        function = Message.of(f"spec.function.{rule.function}")
        raise InvalidSpec.of("spec.rule.no_number", function=function, **_typed(over))
    value = type_of_attribute(over)
    if rule.function == "avg" and value.kind != "float":
        return ValueType("decimal", None)
    return value


@_checks(Copy)
def _copy(spec: SystemSpec, entity: Entity, rule: Copy) -> None:
    target = _attribute(entity, rule.attribute)
    origin = parent_value(spec, entity, rule.of)
    _refuse_unstored(spec, spec.entity(origin.link.target), origin.attribute.name)
    _check_target(target, type_of_attribute(origin.attribute))


@_checks(Transition)
def _transition(spec: SystemSpec, entity: Entity, rule: Transition) -> None:
    attribute = _attribute(entity, rule.attribute)
    for state in (rule.source, rule.target):
        _check_literal(attribute, state)
    if rule.source == rule.target:
        raise InvalidSpec.of("spec.rule.goes_nowhere", name=attribute.title, state=rule.source)
    _refuse_derived(spec, entity, attribute)


@_checks(Immutable)
def _immutable(spec: SystemSpec, entity: Entity, rule: Immutable) -> None:
    thing = _thing(spec, entity, rule.attribute)
    if isinstance(thing, Attribute):
        _refuse_derived(spec, entity, thing)


@_checks(RequiredIf)
def _required_if(spec: SystemSpec, entity: Entity, rule: RequiredIf) -> None:
    thing = _thing(spec, entity, rule.attribute)
    if isinstance(thing, Attribute):
        _refuse_derived(spec, entity, thing)
    elif thing.kind == "many_to_many":
        raise InvalidSpec.of("spec.rule.many_values", name=thing.title, entity=entity.title)
    for name, value in rule.when:
        if name == rule.attribute:
            raise InvalidSpec.of("spec.rule.needs_itself", name=thing.title, entity=entity.title)
        _check_literal(_attribute(entity, name), value)


def _check_target(target: Attribute, value: ValueType) -> None:
    if not can_hold(type_of_attribute(target), value):
        kind = Message.of(f"common.types.{value.kind}")
        raise InvalidSpec.of("spec.rule.cannot_hold", value=kind, **_typed(target))


def _check_literal(attribute: Attribute, value: Literal_) -> None:
    if not is_value(value, attribute):
        raise InvalidSpec.of("spec.rule.no_value", value=value, **_typed(attribute))
    if attribute.choices is not None and value not in attribute.choices:
        slots = {"value": value, "name": attribute.title, "choices": attribute.choices}
        raise InvalidSpec.of("spec.rule.no_choice", **slots)


def _refuse_unstored(spec: SystemSpec, entity: Entity, name: str) -> None:
    if name in worked_out_on_reading(spec, entity.name):
        thing = _attribute(entity, name)
        raise InvalidSpec.of("spec.rule.changes_daily", name=thing.title, entity=entity.title)


def _refuse_derived(spec: SystemSpec, entity: Entity, attribute: Attribute) -> None:
    if any(_place(rule) == (entity.name, attribute.name) for rule in _givers(spec)):
        raise InvalidSpec.of("spec.rule.derived", name=attribute.title, entity=entity.title)


def _refuse_second_writer(spec: SystemSpec, rule: Computed | Aggregate | Copy) -> None:
    entity = spec.entity(rule.entity)
    attribute = _attribute(entity, rule.attribute)
    slots = {"name": attribute.title, "entity": entity.title}
    if any(_place(r) == _place(rule) for r in _givers(spec) if r != rule):
        raise InvalidSpec.of("spec.rule.two_writers", **slots)
    if isinstance(rule, Copy):
        return
    entered = (Transition, Immutable, RequiredIf)
    if any(isinstance(r, entered) and _place(r) == _place(rule) for r in spec.rules):
        raise InvalidSpec.of("spec.rule.derived", **slots)


def _refuse_cycle(spec: SystemSpec, rule: Computed | Aggregate | Copy) -> None:
    rules = spec.rules if rule in spec.rules else (*spec.rules, rule)
    circle = cycle_in(rules)
    if not circle:
        return
    places = ((spec.entity(entity), name) for entity, name in circle)
    way = (
        Message.of("spec.circle.place", name=_attribute(entity, name).title, entity=entity.title)
        for entity, name in places
    )
    first, *others = way
    raise InvalidSpec.of("spec.rule.cycle", first=first, way=tuple(others))


def _givers(spec: SystemSpec) -> Iterator[Computed | Aggregate | Copy]:
    return (rule for rule in spec.rules if isinstance(rule, _GIVING))


def _place(rule: Any) -> tuple[str, str]:
    return rule.entity, rule.attribute


def _attribute(entity: Entity, name: str) -> Attribute:
    found = entity.find(name)
    if found is None:
        raise _nothing(entity, name)
    return found


def _thing(spec: SystemSpec, entity: Entity, name: str) -> Attribute | Relationship:
    """The attribute or relationship of that name."""
    found = entity.find(name)
    if found is not None:
        return found
    for link in spec.outgoing(entity.name):
        if link.name == name:
            return link
    raise _nothing(entity, name)


def _nothing(entity: Entity, name: str) -> InvalidSpec:
    known = tuple(a.title for a in entity.attributes)
    slots = {"entity": entity.title, "name": name.replace("_", " "), "known": known}
    return InvalidSpec.of("spec.rule.no_attribute", **slots)


def _typed(attribute: Attribute) -> dict[str, object]:
    return {"name": attribute.title, "type": Message.of(f"common.types.{attribute.type}")}


def _two(one: Attribute, other: Attribute) -> dict[str, object]:
    second = _typed(other)
    return _typed(one) | {"other": second["name"], "other_type": second["type"]}
