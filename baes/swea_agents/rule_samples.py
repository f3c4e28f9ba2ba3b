"""Records that keep the rules of their entity, and records that break one: for generated tests.

What is found is found by trying: few attributes take part in a rule, and each has a few values.
"""

from __future__ import annotations

import datetime
import operator
import uuid
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from itertools import count
from typing import Any

from baes.errors import InvalidSpec
from baes.spec.attribute_types import NUMERIC_TYPES, TEXTUAL_TYPES
from baes.spec.derivation import derivation_order, read_only_attributes
from baes.spec.expression_values import EXACT, value_of
from baes.spec.expressions import names_in, parse_expression
from baes.spec.limits import fits
from baes.spec.model import Attribute, Entity, SystemSpec
from baes.spec.rule_paths import OwnValue, ParentValue, operand
from baes.spec.rules import (
    Aggregate,
    Compare,
    Computed,
    NotFuture,
    NotPast,
    RequiredIf,
    Rule,
    Transition,
)
from baes.spec.scales import scale_of
from baes.swea_agents.rule_views import initial_state
from baes.swea_agents.samples import Json, json_value, samples

__all__ = [
    "DAY",
    "RuleSamples",
    "as_json",
    "as_python",
    "decides",
    "entered",
    "held_by_checks",
    "named_in_rules",
    "names_of",
]

DAY = datetime.date(2024, 6, 15)
"""The day on which the generated tests of rules take place."""

TRIED = 3000
"""Values that are tried before no record is thought to be found."""
_SIGNS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}
_LARGE = (10**6, 10**4, 1000, 100, 10)

Record = dict[str, Any]
"""Attribute or reference -> its value in Python."""


def entered(spec: SystemSpec, entity: Entity) -> tuple[Attribute, ...]:
    """The attributes that people enter."""
    derived = read_only_attributes(spec, entity.name)
    return tuple(a for a in entity.attributes if a.name not in derived)


def named_in_rules(spec: SystemSpec, entity: Entity) -> frozenset[str]:
    """The attributes and links of an entity that any rule is about, other entities' too."""
    names: set[str] = set()
    for rule in spec.rules:
        if rule.entity == entity.name:
            names |= set(_own_names(rule))
        if isinstance(rule, Aggregate):
            child, _, over = rule.of.partition(".")
            if child == entity.name:
                names |= {over, *(name for name, _, _ in rule.where)}
        for side in (getattr(rule, key, None) for key in ("left", "right", "of")):
            owner, _, name = str(side).partition(".")
            if owner == entity.name:
                names.add(name)
    return frozenset(names)


def held_by_checks(rule: Rule) -> bool:
    """Whether a rule says what values of one record may be together."""
    return isinstance(rule, Compare | NotFuture | NotPast | RequiredIf)


def decides(rule: Rule) -> bool:
    """Whether the values of one record keep or break a rule, or where it starts."""
    return held_by_checks(rule) or isinstance(rule, Transition)


def names_of(spec: SystemSpec, rule: Rule) -> frozenset[str]:
    """The attributes of its own entity that a rule is about, those behind computed ones too."""
    computed = {
        r.attribute: names_in(parse_expression(r.expression))
        for r in spec.rules
        if isinstance(r, Computed) and r.entity == rule.entity
    }
    waiting = list(_own_names(rule))
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += computed.get(name, ())
    return frozenset(found)


def as_python(attribute: Attribute, value: object) -> Any:
    """A value of the specification or of JSON as Python reckons with it."""
    if value is None:
        return None
    match attribute.type:
        case "decimal":
            return Decimal(str(value)).quantize(Decimal(1).scaleb(-(scale_of(attribute) or 0)))
        case "float":
            return float(str(value))
        case "date":
            return datetime.date.fromisoformat(str(value))
        case "time":
            return datetime.time.fromisoformat(str(value))
        case "datetime":
            moment = datetime.datetime.fromisoformat(str(value))
            return moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)
        case "uuid":
            return uuid.UUID(str(value))
        case _:
            return value


def as_json(attribute: Attribute, value: Any) -> Json:
    """A value of Python as the API answers it."""
    if value is None:
        return None
    if attribute.type == "decimal":
        number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
        return f"{number.quantize(Decimal(1).scaleb(-(scale_of(attribute) or 0)), context=EXACT):f}"
    return json_value(attribute, value)


class RuleSamples:
    """Finds records of a system's entities.

    Args:
        spec: A system whose rules can hold.
    """

    def __init__(self, spec: SystemSpec) -> None:
        self._spec = spec
        self._order = derivation_order(spec)
        self._base: dict[str, Record] = {}
        self._linked: dict[str, frozenset[str]] = {}

    def base(self, entity: Entity) -> Record:
        """The record from which tests of an entity start: all attributes, as Python has them.

        Raises:
            InvalidSpec: None was found that keeps all rules.
        """
        if entity.name not in self._base:
            found = self.record(entity, {})
            if found is None:  # unless what rules require in some cases is there in all
                self._linked[entity.name] = self._required_in_cases(entity)
                found = self.record(entity, {})
            if found is None:
                raise InvalidSpec.of("swea_agents.error.no_record", entity=entity.title)
            self._base[entity.name] = found
        return self._base[entity.name]

    def links_of_base(self, entity: Entity) -> frozenset[str]:
        """Links that records need not have, and the base record has for a rule's sake."""
        self.base(entity)
        return self._linked.get(entity.name, frozenset())

    def _required_in_cases(self, entity: Entity) -> frozenset[str]:
        links = {r.name for r in self._spec.outgoing(entity.name) if r.target != entity.name}
        rules = (r for r in self._spec.rules if isinstance(r, RequiredIf))
        return frozenset(r.attribute for r in rules if r.entity == entity.name) & links

    def record(
        self,
        entity: Entity,
        fixed: Mapping[str, Any],
        broken: Rule | None = None,
        link: str = "",
    ) -> Record | None:
        """A record with some values fixed that keeps all rules, or all but one; if one is found."""
        return next(self.records(entity, fixed, broken, link=link), None)

    def at_bound(self, entity: Entity, rule: Rule) -> Record | None:
        """A record that keeps all rules, and this one just so; if one is found."""
        found = self.records(entity, {}, bound=rule)
        return next(
            (record for record in found if self._is_put_to_test(entity, rule, record)), None
        )

    def another(self, entity: Entity, attribute: Attribute) -> Json:
        """A value of an attribute other than the base record's, all rules kept; null if none is."""
        base = self.base(entity)
        for sample in reversed(samples(attribute)):
            value = as_python(attribute, sample)
            fixed = {a.name: base[a.name] for a in entered(self._spec, entity)}
            changed = self.record(entity, fixed | {attribute.name: value})
            if value != base[attribute.name] and changed is not None:
                return sample
        return None

    def near(self, attribute: Attribute, value: Any) -> Iterator[Any]:
        """A value and those next to it, as an attribute may hold them."""
        return _near(attribute, value)

    def takes(self, attribute: Attribute, value: Any) -> bool:
        """Whether a value keeps the attribute's own limits."""
        return _fits(attribute, value)

    def _is_put_to_test(self, entity: Entity, rule: Rule, record: Record) -> bool:
        """Whether a record has what the rule speaks of."""
        match rule:
            case Compare():
                sides = (self._side(entity, rule, s, record) for s in (rule.left, rule.right))
                return all(side is not None for side in sides)
            case NotFuture(_, name) | NotPast(_, name):
                return record[name] is not None
            case RequiredIf(_, _, when):
                return all(
                    record[key] == as_python(self._attribute(entity, key), value)
                    for key, value in when
                )
            case _:
                return True

    def records(
        self,
        entity: Entity,
        fixed: Mapping[str, Any],
        broken: Rule | None = None,
        bound: Rule | None = None,
        link: str = "",
    ) -> Iterator[Record]:
        """Records with some values fixed that keep all rules, or all but one.

        Args:
            entity: Whose records.
            fixed: Attribute -> its value in all of them.
            broken: The rule that they break.
            bound: A rule whose bounds they are near. It and the broken one have the parent at
                which they look; other rules only one that every record has.
            link: The name of a link to a parent that the records have, though they need not.
        """
        own = entered(self._spec, entity)
        rules = [r for r in self._spec.rules if r.entity == entity.name and held_by_checks(r)]
        names = {rule: names_of(self._spec, rule) for rule in rules}
        involved = frozenset[str]().union(*names.values())
        record = {a.name: self._first(entity, a) for a in own} | dict(fixed)
        free = [a for a in own if a.name in involved and a.name not in fixed]
        bounds_first = bound is not None or broken is not None
        choices = [(a.name, self._candidates(entity, a, bounds_first)) for a in free]
        due: list[list[Rule]] = [[] for _ in range(len(free) + 1)]
        for rule in rules:
            last = max((n for n, a in enumerate(free, 1) if a.name in names[rule]), default=0)
            due[last].append(rule)
        steps = count(1)

        def search(depth: int) -> Iterator[Record]:
            """Give the attributes values one after the other, as long as the rules allow them."""
            whole = self.derived(entity, record)
            for rule in due[depth]:
                is_linked = (
                    rule == bound
                    or (rule == broken and not isinstance(rule, RequiredIf))
                    or self._looks_along(entity, rule, link)
                )
                is_cut = rule == broken and isinstance(rule, RequiredIf)
                holds = self.holds(entity, rule, whole, is_linked=is_linked, is_cut=is_cut)
                if holds == (rule == broken):
                    return
            if depth == len(free):
                yield whole
                return
            name, values = choices[depth]
            for value in values:
                if next(steps) > TRIED:
                    return
                record[name] = value
                yield from search(depth + 1)

        yield from search(0)

    def derived(self, entity: Entity, record: Record, aggregates: Record | None = None) -> Record:
        """The record with what follows from its values, and from no children unless given."""
        done = dict(record)
        for rule in self._order:
            if rule.entity != entity.name:
                continue
            attribute = entity.find(rule.attribute)
            assert attribute is not None, "the rule was checked"  # noqa: S101
            if isinstance(rule, Aggregate):
                nothing = 0 if rule.function in ("sum", "count") else None
                value = (aggregates or {}).get(rule.attribute, nothing)
            else:
                value = value_of(parse_expression(rule.expression), done, DAY)
            done[rule.attribute] = fitted(attribute, value)
        return done

    def holds(
        self,
        entity: Entity,
        rule: Rule,
        record: Record,
        *,
        is_linked: bool = False,
        is_cut: bool = False,
    ) -> bool:
        """Whether a record keeps a rule over its own values and its parents' base values.

        Args:
            entity: Whose record it is.
            rule: One of its rules.
            record: All its values.
            is_linked: Whether it has the parent that the rule looks at or requires, though it
                need not.
            is_cut: Whether it lacks the parent that the rule requires, where others have it.
        """
        match rule:
            case Compare():
                left, right = (
                    self._side(entity, rule, side, record, is_linked=is_linked)
                    for side in (rule.left, rule.right)
                )
                return left is None or right is None or _SIGNS[rule.op](*_comparable(left, right))
            case NotFuture(_, name):
                return record[name] is None or _day(record[name]) <= DAY
            case NotPast(_, name):
                return record[name] is None or _day(record[name]) >= DAY
            case RequiredIf(_, name, when):
                given = (
                    is_linked or (self._has_always(entity, name) and not is_cut)
                    if entity.find(name) is None
                    else record[name] is not None
                )
                return given or not all(
                    record[key] == as_python(self._attribute(entity, key), value)
                    for key, value in when
                )
            case _:
                return True

    def _has_always(self, entity: Entity, link: str) -> bool:
        """Whether every record has the link, or all do that are made from the base record."""
        required = any(r.required for r in self._spec.outgoing(entity.name) if r.name == link)
        return required or link in self._linked.get(entity.name, ())

    def _looks_along(self, entity: Entity, rule: Rule, link: str) -> bool:
        """Whether a rule looks at the parent to which a link leads, or requires it."""
        if isinstance(rule, RequiredIf):
            return rule.attribute == link
        sides = (getattr(rule, key, None) for key in ("left", "right"))
        found = (operand(self._spec, entity, side) for side in sides if side is not None)
        return any(isinstance(side, ParentValue) and side.link.name == link for side in found)

    def _side(
        self, entity: Entity, rule: Compare, side: Any, record: Record, *, is_linked: bool = True
    ) -> Any:
        found = operand(self._spec, entity, side)
        if isinstance(found, OwnValue):
            return record[found.attribute.name]
        if isinstance(found, ParentValue):
            target = self._spec.entity(found.link.target)
            is_there = target is not entity and (is_linked or found.link.required)
            return self.base(target)[found.attribute.name] if is_there else None
        other = rule.right if side is rule.left else rule.left
        named = operand(self._spec, entity, other)
        attribute = named.attribute if isinstance(named, OwnValue | ParentValue) else None
        return found if attribute is None else as_python(attribute, found)

    def _first(self, entity: Entity, attribute: Attribute) -> Any:
        state = initial_state(self._spec, entity, attribute)
        return as_python(attribute, samples(attribute)[0] if state is None else state)

    def _candidates(self, entity: Entity, attribute: Attribute, bounds_first: bool) -> list[Any]:
        """Values to try, those at the bounds of rules first or those that most rules want."""
        if initial_state(self._spec, entity, attribute) is not None:
            return [self._first(entity, attribute)]
        values = [as_python(attribute, value) for value in samples(attribute)[:8]]
        values = [*self._bounds(entity, attribute), *values]
        if attribute.type in NUMERIC_TYPES:
            large = [as_python(attribute, number) for number in _LARGE]
            large = [number for number in large if _fits(attribute, number)]
            values = [*large, *values] if self._is_ceiling(entity, attribute) else values + large
        if attribute.type in ("date", "datetime"):
            far = [*self._days_from_today(entity), "2998-01-01", "2999-01-01"]
            values += [as_python(attribute, day) for day in far]
        if not bounds_first and not self._is_ceiling(entity, attribute):
            usual = self._first(entity, attribute)
            values.sort(key=lambda value: 0 if value == usual else 1)
        if not attribute.required:
            values.append(None)
        return [v for v in dict.fromkeys(values) if v is None or _fits(attribute, v)]

    def _days_from_today(self, entity: Entity) -> Iterator[str]:
        """Days that lie as far away as rules count days or years, and those next to them."""
        for rule in self._spec.rules:
            if isinstance(rule, Compare) and rule.entity == entity.name:
                for side in (rule.left, rule.right):
                    if isinstance(side, int) and 0 < side < 200:
                        yield DAY.replace(year=DAY.year - side).isoformat()
                        yield (DAY - datetime.timedelta(days=side)).isoformat()
                        next_day = DAY.replace(year=DAY.year - side) + datetime.timedelta(days=1)
                        yield next_day.isoformat()
                        yield (DAY - datetime.timedelta(days=side + 1)).isoformat()

    def _bounds(self, entity: Entity, attribute: Attribute) -> Iterator[Any]:
        """The values at which a rule over the attribute begins to hold, and their neighbours."""
        for rule in self._spec.rules:
            if rule.entity != entity.name or attribute.name not in _own_names(rule):
                continue
            if isinstance(rule, NotFuture | NotPast):
                yield from _near(attribute, as_python(attribute, DAY.isoformat()))
            elif isinstance(rule, Compare):
                for side in (rule.left, rule.right):
                    found = operand(self._spec, entity, side)
                    if not isinstance(found, OwnValue):
                        value = self._side(entity, rule, side, {})
                        if value is not None:
                            yield from _near(attribute, value)
            elif isinstance(rule, RequiredIf):
                wanted = (value for name, value in rule.when if name == attribute.name)
                yield from (as_python(attribute, value) for value in wanted)

    def _is_ceiling(self, entity: Entity, attribute: Attribute) -> bool:
        """Whether something that others add up to must stay below the attribute."""
        totals = {
            r.attribute
            for r in self._spec.rules
            if isinstance(r, Aggregate) and r.entity == entity.name
        }
        return any(
            isinstance(rule, Compare)
            and rule.entity == entity.name
            and (
                (rule.op in ("<", "<=") and rule.left in totals and rule.right == attribute.name)
                or (rule.op in (">", ">=") and rule.right in totals and rule.left == attribute.name)
            )
            for rule in self._spec.rules
        ) or any(
            isinstance(rule, Compare)
            and (
                (rule.op in ("<", "<=") and rule.right == f"{entity.name}.{attribute.name}")
                or (rule.op in (">", ">=") and rule.left == f"{entity.name}.{attribute.name}")
            )
            for rule in self._spec.rules
        )

    @staticmethod
    def _attribute(entity: Entity, name: str) -> Attribute:
        found = entity.find(name)
        assert found is not None, "the rule was checked"  # noqa: S101
        return found


def fitted(attribute: Attribute, value: Any) -> Any:
    """A result as the attribute holds it."""
    if value is None:
        return None
    if attribute.type == "decimal":
        number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
        return number.quantize(Decimal(1).scaleb(-(scale_of(attribute) or 0)), context=EXACT)
    return float(value) if attribute.type == "float" else value


def _own_names(rule: Rule) -> Iterator[str]:
    yield from getattr(rule, "attributes", ())
    yield from (name for name, _ in getattr(rule, "when", ()))
    for key in ("attribute", "left", "right"):
        if isinstance(getattr(rule, key, None), str):
            yield getattr(rule, key)
    if isinstance(rule, Computed):
        yield from names_in(parse_expression(rule.expression))


def _near(attribute: Attribute, value: Any) -> Iterator[Any]:
    """A value and those next to it."""
    yield value
    if attribute.type in ("date", "datetime"):
        for days in (1, -1):
            yield value + datetime.timedelta(days=days)
    elif attribute.type in NUMERIC_TYPES and not isinstance(value, bool):
        step: Any = Decimal(1).scaleb(-(scale_of(attribute) or 0))
        step = step if attribute.type == "decimal" else type(value)(step)
        yield value + step
        yield value - step


def _comparable(left: Any, right: Any) -> tuple[Any, Any]:
    if type(left) is not type(right) and isinstance(left, datetime.date):
        return _day(left), _day(right)
    return left, right


def _day(moment: datetime.date) -> datetime.date:
    if isinstance(moment, datetime.datetime):
        return moment.astimezone(datetime.UTC).date()
    return moment


def _fits(attribute: Attribute, value: Any) -> bool:
    if attribute.type in TEXTUAL_TYPES or isinstance(value, bool):
        return True
    if attribute.type == "integer" and not isinstance(value, int):
        return False
    plain = value.isoformat() if isinstance(value, datetime.date | datetime.time) else value
    if isinstance(plain, float):
        plain = Decimal(repr(plain))
    return fits(plain, attribute)
