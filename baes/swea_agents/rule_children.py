"""Children whose values a parent adds up, made by the lines of a generated test."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from baes.spec.expression_values import EXACT
from baes.spec.expressions import names_in, parse_expression
from baes.spec.model import Attribute, SystemSpec
from baes.spec.names import snake_case
from baes.spec.navigation import collection_of, id_field
from baes.spec.rule_paths import child_attribute, child_link, child_of
from baes.spec.rules import Aggregate, Computed, Copy, Immutable, RequiredIf, Transition
from baes.swea_agents.identifiers import module_name, values_name
from baes.swea_agents.rule_samples import Record, RuleSamples, as_json, as_python, entered, fitted
from baes.swea_agents.rule_views import initial_state, kept_when_left_out
from baes.swea_agents.samples import samples

__all__ = ["VARIANTS", "ChildMaker", "aggregated", "ways_from"]

VARIANTS = 3
"""Kinds of children that count differently."""


class ChildMaker:
    """Makes children that an aggregate counts, as lines of a test.

    What a child's value itself is made of is made as well, so that chains of any length are tried.
    """

    def __init__(
        self, spec: SystemSpec, samples_: RuleSamples, rule: Aggregate, imports: set[str]
    ) -> None:
        self._spec = spec
        self._samples = samples_
        self._imports = imports
        self.rule = rule
        self._parent = spec.entity(rule.entity)
        self._child = spec.entity(child_of(rule))
        self._link = child_link(spec, self._parent, self._child.name)
        self._over = child_attribute(spec, rule)
        self._below = self._maker_below()
        self._records = [] if self._below else self._variants()
        self._way = self._way_in()
        self.path = f"/api/{collection_of(self._child, spec.language)}"
        self.plural = collection_of(self._child, spec.language)
        self.several = self._link.kind != "one_to_one" and self._link.source != self._link.target
        self.is_deletable = self._below is None

    @property
    def is_possible(self) -> bool:
        """Whether children could be found that count."""
        if self._link.source == self._link.target:
            return False
        has_values = self._below.is_possible if self._below else bool(self._records)
        return has_values and self._way is not None

    def value(self, index: int) -> Any:
        """What a child of the index-th kind counts."""
        if self._over is None:
            return 1
        if self._below:
            rule = self._below.rule
            return fitted(self._over, aggregated(rule, [self._below.value(index)]))
        return self._records[index % len(self._records)][self._over.name]

    def lines(self, parent: str, name: str, index: int, *, is_named: bool = True) -> list[str]:
        """The statements that make a child of a parent, called ``name`` if that is used later."""
        factory = self._factory()
        is_used = is_named or self._below or self._way
        called = f"{name} = " if is_used else ""
        lines = [f"{called}{factory}(client, {self._arguments(parent, index)})"]
        if self._is_inverse:
            lines = [
                f"{name} = {factory}(client, {self._arguments('', index)})",
                f"assert client.put({self._link_address(parent, name)}).status_code == 204",
            ]
        if self._below:
            below = f"{name}_{self._rule_part}"
            is_changed = is_named and name.startswith("one")
            lines += self._below.lines(f'{name}["id"]', below, index, is_named=is_changed)
        for field, value in self._way or ():
            lines.append(self._patch(name, f"{{{field!r}: {value!r}}}"))
        return lines

    def refused_lines(self, parent: str, words: str) -> list[str]:
        """The statements that fail to make one more child."""
        lines: list[str] = []
        if self._below:
            name = f"more_{self._rule_part}"
            lines = [f"{name} = {self._factory()}(client, {self._arguments(parent, 0)})"]
            return lines + self._below.refused_lines(f'{name}["id"]', words)
        if self._way or self._is_inverse or self._link.kind == "many_to_many":
            return []
        values = values_name(self._child.name)
        self._imports.add(f"tests.factories.{module_name(self._child.name)}.{values}")
        more = f"{values}(client, {self._arguments(parent, 0)})"
        return [
            f"more = client.post({self.path!r}, json={more})",
            "assert more.status_code == 422",
            f'assert more.json()["detail"][0]["msg"] == {words!r}',
        ]

    def change(self, name: str, index: int) -> list[str]:
        """The statements that make a child one of another kind."""
        if self._below:
            return self._below.change(f"{name}_{self._rule_part}", index)
        if self._over is None or len(self._records) < VARIANTS:
            return []
        record, base = self._records[index], self._records[0]
        kept = kept_when_left_out(self._spec, self._child)
        names = [a.name for a in entered(self._spec, self._child) if record[a.name] != base[a.name]]
        immutable = {
            r.attribute
            for r in self._spec.rules
            if isinstance(r, Immutable) and r.entity == self._child.name
        }
        if not names or immutable & set(names) or (kept & set(names) - set(self._copied())):
            return []
        return [self._patch(name, self._json(record, names))]

    def move(self, name: str, source: str, target: str) -> list[str]:
        """The statements that give a child to another parent."""
        if self._link.kind == "many_to_many":
            if not self._is_inverse:
                return [
                    self._patch(
                        name, f"{{{id_field(self._link, self._spec.language)!r}: [{target}]}}"
                    )
                ]
            return [
                f"assert client.delete({self._link_address(source, name)}).status_code == 204",
                f"assert client.put({self._link_address(target, name)}).status_code == 204",
            ]
        fixed = any(
            isinstance(r, Immutable)
            and (r.entity, r.attribute) == (self._child.name, self._link.name)
            for r in self._spec.rules
        )
        field = id_field(self._link, self._spec.language)
        return [] if fixed else [self._patch(name, f"{{{field!r}: {target}}}")]

    def leave(self, name: str) -> list[str]:
        """The statements that make a child count no longer, though it stays."""
        for field, value, wanted in self.rule.where:
            attribute = self._child.find(field)
            if attribute is None:
                continue
            state = initial_state(self._spec, self._child, attribute)
            if state is not None:
                here = self._way[-1][1] if self._way else state
                moves = [
                    r.target
                    for r in self._spec.rules
                    if isinstance(r, Transition)
                    and (r.entity, r.attribute, r.source) == (self._child.name, field, here)
                ]
                outside = [t for t in moves if (t == value) != wanted]
                if outside:
                    return [self._patch(name, f"{{{field!r}: {outside[0]!r}}}")]
                continue
            if self._below:
                continue
            base = self._records[0]
            for other in self._others(attribute, value, wanted):
                fixed = {a.name: base[a.name] for a in entered(self._spec, self._child)}
                needed = {
                    r.attribute
                    for r in self._spec.rules
                    if isinstance(r, RequiredIf) and r.entity == self._child.name
                }
                fixed = {k: v for k, v in fixed.items() if k not in needed} | {field: other}
                record = self._record(fixed)
                if record is not None:
                    names = [n for n in fixed.keys() | needed if record.get(n) != base.get(n)]
                    return [self._patch(name, self._json(record, sorted(names)))]
        return []

    def _others(self, attribute: Attribute, value: object, wanted: bool) -> list[Any]:
        plain = as_python(attribute, value)
        found = [as_python(attribute, sample) for sample in samples(attribute)]
        return [v for v in found if v != plain] if wanted else [plain]

    @property
    def _is_inverse(self) -> bool:
        """Whether the parent is the side that holds the links."""
        return self._link.kind == "many_to_many" and self._link.source == self._parent.name

    @property
    def _rule_part(self) -> str:
        return snake_case(child_of(self._below.rule)) if self._below else ""

    def _record(self, fixed: Mapping[str, Any]) -> Record | None:
        """A child with some values fixed that keeps its rules, its parent's among them."""
        return self._samples.record(self._child, fixed, link=self._link.name)

    def _factory(self) -> str:
        name = f"new_{snake_case(self._child.name)}"
        self._imports.add(f"tests.factories.{module_name(self._child.name)}.{name}")
        return name

    def _link_address(self, parent: str, name: str) -> str:
        path = f"/api/{collection_of(self._parent, self._spec.language)}"
        quoted = parent.replace('"', "'")
        return f"f\"{path}/{{{quoted}}}/{self._link.name}/{{{name}['id']}}\""

    def _arguments(self, parent: str, index: int) -> str:
        pairs = []
        if parent and not self._is_inverse:
            field = id_field(self._link, self._spec.language)
            pairs.append((field, f"[{parent}]" if self._link.kind == "many_to_many" else parent))
        if not self._below:
            record = self._records[index % len(self._records)]
            base = self._samples.base(self._child)
            pairs += [
                (a.name, repr(as_json(a, record[a.name])))
                for a in entered(self._spec, self._child)
                if record[a.name] != base[a.name]
            ]
        return "**{" + ", ".join(f"{name!r}: {code}" for name, code in pairs) + "}"

    def _json(self, record: Record, names: list[str]) -> str:
        attributes = {a.name: a for a in self._child.attributes}
        pairs = (f"{n!r}: {as_json(attributes[n], record[n])!r}" for n in names)
        return "{" + ", ".join(pairs) + "}"

    def _patch(self, name: str, body: str) -> str:
        address = f"{self.path}/{{{name}['id']}}"
        return f'assert client.patch(f"{address}", json={body}).status_code == 200'

    def _copied(self) -> list[str]:
        return [
            r.attribute
            for r in self._spec.rules
            if isinstance(r, Copy) and r.entity == self._child.name
        ]

    def _maker_below(self) -> ChildMaker | None:
        """What makes the values of an aggregate that this one is over."""
        if self._over is None:
            return None
        for rule in self._spec.rules:
            if isinstance(rule, Aggregate) and (rule.entity, rule.attribute) == (
                self._child.name,
                self._over.name,
            ):
                return ChildMaker(self._spec, self._samples, rule, self._imports)
        return None

    def _variants(self) -> list[Record]:
        """Up to three records that count differently, as far as they can."""
        where = {}
        for field, value, wanted in self.rule.where:
            attribute = self._child.find(field)
            if attribute is None or initial_state(self._spec, self._child, attribute) is not None:
                continue
            others = self._others(attribute, value, not wanted)
            if not others:
                return []
            where[field] = others[0]
        base = self._record(where)
        if base is None:
            return []
        if self._over is None:
            return [base]
        found = {base[self._over.name]: base} if base[self._over.name] is not None else {}
        for fixed in self._settings():
            record = self._record(where | fixed)
            if record is not None and record[self._over.name] is not None:
                found.setdefault(record[self._over.name], record)
            if len(found) == VARIANTS:
                break
        return list(found.values())

    def _settings(self) -> Iterator[dict[str, Any]]:
        """Values of what decides about the attribute that is added up."""
        assert self._over is not None, "it is over an attribute"  # noqa: S101
        names = {self._over.name}
        for rule in reversed(self._spec.rules):
            if (
                isinstance(rule, Computed)
                and rule.entity == self._child.name
                and rule.attribute in names
            ):
                names |= set(names_in(parse_expression(rule.expression)))
        sources = [a for a in entered(self._spec, self._child) if a.name in names]
        for index in range(1, 8):
            for attribute in sources:
                found = samples(attribute)
                yield {attribute.name: as_python(attribute, found[index % len(found)])}

    def _way_in(self) -> tuple[tuple[str, str], ...] | None:
        """The moves after which a child counts; ``None`` where there are none."""
        for field, value, wanted in self.rule.where:
            attribute = self._child.find(field)
            if attribute is None:
                return None
            state = initial_state(self._spec, self._child, attribute)
            if state is None or (state == value) == wanted:
                continue
            pairs = {
                (r.source, r.target)
                for r in self._spec.rules
                if isinstance(r, Transition)
                and (r.entity, r.attribute) == (self._child.name, field)
            }
            ways = ways_from(state, pairs)
            reached = next((s for s in ways if (s == value) == wanted), None)
            if reached is None:
                return None
            return tuple((field, step) for step in ways[reached])
        return ()


def ways_from(initial: str, pairs: set[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """State -> the states on a shortest way to it from the initial one, itself included."""
    ways: dict[str, tuple[str, ...]] = {initial: ()}
    waiting = deque([initial])
    while waiting:
        state = waiting.popleft()
        for source, target in sorted(pairs):
            if source == state and target not in ways:
                ways[target] = (*ways[state], target)
                waiting.append(target)
    return ways


def aggregated(rule: Aggregate, values: list[Any]) -> Any:
    """What an aggregate makes of its children's values."""
    known = [value for value in values if value is not None]
    if rule.function == "count":
        return len(known)
    if not known:
        return 0 if rule.function == "sum" else None
    if rule.function == "avg":
        total = sum(known)
        is_float = isinstance(total, float)
        return total / len(known) if is_float else EXACT.divide(Decimal(total), Decimal(len(known)))
    if rule.function == "sum":
        return sum(known)
    return min(known) if rule.function == "min" else max(known)
