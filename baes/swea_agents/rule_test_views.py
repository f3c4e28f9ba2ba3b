"""What the template of the tests of an entity's rules shows: each rule from both sides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from baes.spec.expressions import names_in, parse_expression
from baes.spec.model import Attribute, Entity, Relationship, SystemSpec
from baes.spec.names import snake_case
from baes.spec.navigation import collection_of, id_field
from baes.spec.rule_paths import (
    OwnValue,
    ParentValue,
    operand,
    parent_value,
)
from baes.spec.rules import (
    Aggregate,
    Compare,
    Computed,
    Copy,
    Immutable,
    RequiredIf,
    Rule,
    Transition,
    UniqueTogether,
)
from baes.swea_agents.identifiers import module_name, values_name
from baes.swea_agents.imports import import_lines
from baes.swea_agents.model_views import label_of
from baes.swea_agents.rule_children import (
    VARIANTS,
    ChildMaker,
    aggregated,
    ways_from,
)
from baes.swea_agents.rule_samples import (
    Record,
    RuleSamples,
    as_json,
    as_python,
    entered,
    fitted,
    held_by_checks,
)
from baes.swea_agents.rule_views import initial_state, kept_when_left_out, rule_words
from baes.swea_agents.samples import Json, samples

__all__ = [
    "RuleTestsView",
    "has_rule_tests",
    "rule_tests_view",
]

_MOST_CHILDREN = 5


@dataclass(frozen=True, slots=True)
class Breach:
    """Values that break a rule."""

    changes: str
    """Source of a dictionary, in which ``client`` may be used."""
    words: str
    id: str
    is_patchable: bool
    """Whether a stored record can be changed to it."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Values at the bound of a rule, and what follows from them."""

    changes: str
    expected: tuple[tuple[str, Json], ...]
    id: str


@dataclass(frozen=True, slots=True)
class StateTests:
    """A field that moves along named ways."""

    field: str
    initial: str
    others: tuple[str, ...]
    allowed: tuple[tuple[tuple[str, ...], str], ...]
    """(states on the way, the next one)."""
    refused: tuple[tuple[tuple[str, ...], str], ...]
    words: str


@dataclass(frozen=True, slots=True)
class FixedTest:
    """A field that can't be changed."""

    field: str
    other: str
    """Source of another value."""
    words: str


@dataclass(frozen=True, slots=True)
class CopyTest:
    """A field that starts as a parent's value."""

    field: str
    reference: str
    parent: str
    parent_path: str
    parent_field: str
    other: Json
    """Another value that the parent takes; null where none is known."""


@dataclass(frozen=True, slots=True)
class Story:
    """A test told step by step."""

    name: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RuleTestsView:
    """What ``tests/rules.py.j2`` shows."""

    imports: str
    name: str
    values_of: str
    label: str
    plural_label: str
    path: str
    breaches: tuple[Breach, ...]
    kept: tuple[Kept, ...]
    states: tuple[StateTests, ...]
    fixed: tuple[FixedTest, ...]
    copies: tuple[CopyTest, ...]
    together: tuple[tuple[str, str], ...]
    """(name, source of the values that may not be there twice)."""
    stories: tuple[Story, ...]


def has_rule_tests(spec: SystemSpec, entity: str) -> bool:
    """Whether rules are about an entity."""
    return any(rule.entity == entity for rule in spec.rules)


def rule_tests_view(spec: SystemSpec, entity: Entity) -> RuleTestsView:
    """The tests of an entity's rules."""
    return _RuleTests(spec, entity).view()


class _RuleTests:
    def __init__(self, spec: SystemSpec, entity: Entity) -> None:
        self._spec = spec
        self._entity = entity
        self._own = [rule for rule in spec.rules if rule.entity == entity.name]
        self._samples = RuleSamples(spec)
        self._base = self._samples.base(entity)
        self._kept = kept_when_left_out(spec, entity)
        self._imports = {"tests.client.Client"}

    def view(self) -> RuleTestsView:
        breaches = tuple(self._breaches())
        kept = tuple(self._kept_cases())
        states = tuple(self._states())
        if breaches or kept or any(s.others or s.allowed or s.refused for s in states):
            self._imports |= {"pytest"}
        if breaches or kept:
            self._imports |= {"typing.Any", "collections.abc.Callable"}
        fixed, copies = tuple(self._fixed()), tuple(self._copies())
        together, stories = tuple(self._together()), tuple(self._stories())
        if breaches or stories or any(s.allowed or s.refused for s in states):
            self._needs_factory(self._entity)
        has_others = any(each.others for each in states)
        uses_values = breaches or kept or has_others or fixed or copies or together
        if uses_values:
            name = values_name(self._entity.name)
            self._imports.add(f"tests.factories.{module_name(self._entity.name)}.{name}")
        return RuleTestsView(
            imports=import_lines(self._imports),
            name=snake_case(self._entity.name),
            values_of=values_name(self._entity.name),
            label=label_of(self._entity),
            plural_label=collection_of(self._entity, self._spec.language).replace("_", " "),
            path=self._path(self._entity),
            breaches=breaches,
            kept=kept,
            states=states,
            fixed=fixed,
            copies=copies,
            together=together,
            stories=stories,
        )

    def _breaches(self) -> Iterator[Breach]:
        for rule in self._checks():
            record = self._samples.record(self._entity, {}, broken=rule)
            if record is not None:
                yield Breach(
                    changes=self._changes(record, self._links(rule), self._cut(rule)),
                    words=rule_words(self._spec, rule),
                    id=_id(rule),
                    is_patchable=self._kept.isdisjoint(self._changed(record)),
                )

    def _kept_cases(self) -> Iterator[Kept]:
        for rule in self._checks():
            record = self._samples.at_bound(self._entity, rule)
            if record is not None:
                links = (*self._links(rule), *self._required_link(rule))
                yield Kept(
                    self._changes(record, links), self._expected(record), f"{_id(rule)}_kept"
                )
        for rule in self._own:
            if isinstance(rule, Computed):
                for number, record in enumerate(self._computed_records(rule), 1):
                    changes = self._changes(record, ())
                    yield Kept(changes, self._expected(record), f"{rule.attribute}_{number}")

    def _checks(self) -> Iterator[Rule]:
        """The rules that the values of one record decide about."""
        totals = self._totals()
        for rule in self._own:
            names = {getattr(rule, "left", None), getattr(rule, "right", None)}
            if held_by_checks(rule) and not names & totals:
                yield rule

    def _totals(self) -> set[Any]:
        """The attributes that children decide about."""
        totals: set[Any] = {r.attribute for r in self._own if isinstance(r, Aggregate)}
        while True:
            more = {
                r.attribute
                for r in self._own
                if isinstance(r, Computed)
                and totals & set(names_in(parse_expression(r.expression)))
            }
            if more <= totals:
                return totals
            totals |= more

    def _computed_records(self, rule: Computed) -> Iterator[Record]:
        sources = [
            a
            for a in entered(self._spec, self._entity)
            if a.name in names_in(parse_expression(rule.expression))
            and initial_state(self._spec, self._entity, a) is None
        ]
        for index in (1, 2):
            fixed = {}
            for attribute in sources:
                found = samples(attribute)
                fixed[attribute.name] = as_python(attribute, found[index % len(found)])
            record = self._samples.record(self._entity, fixed)
            if fixed and record is not None:
                yield record
        for attribute in sources:
            if not attribute.required:
                record = self._samples.record(self._entity, {attribute.name: None})
                if record is not None:
                    yield record

    def _expected(self, record: Record) -> tuple[tuple[str, Json], ...]:
        computed = (r.attribute for r in self._own if isinstance(r, Computed))
        return tuple((name, as_json(self._attribute(name), record[name])) for name in computed)

    def _changed(self, record: Record) -> list[str]:
        return [
            a.name
            for a in entered(self._spec, self._entity)
            if record[a.name] != self._base[a.name]
        ]

    def _cut(self, rule: Rule) -> tuple[Relationship, ...]:
        """The link that a record lacks which breaks the rule, and others have."""
        linked = self._samples.links_of_base(self._entity)
        return tuple(link for link in self._required_link(rule) if link.name in linked)

    def _changes(
        self,
        record: Record,
        links: tuple[Relationship, ...],
        cut: tuple[Relationship, ...] = (),
    ) -> str:
        changed = dict.fromkeys([*self._changed(record), *self._sources()])
        pairs = [(name, repr(as_json(self._attribute(name), record[name]))) for name in changed]
        pairs += [(id_field(link, self._spec.language), self._new(link.target)) for link in links]
        pairs += [(id_field(link, self._spec.language), "None") for link in cut]
        return "{" + ", ".join(f"{name!r}: {code}" for name, code in pairs) + "}"

    def _sources(self) -> Iterator[str]:
        """What computed values are made of, which no two records of a test need have in common."""
        names = {
            name
            for rule in self._own
            if isinstance(rule, Computed)
            for name in names_in(parse_expression(rule.expression))
        }
        for attribute in entered(self._spec, self._entity):
            state = initial_state(self._spec, self._entity, attribute)
            if attribute.name in names - self._kept and state is None:
                yield attribute.name

    def _links(self, rule: Rule) -> tuple[Relationship, ...]:
        """Links that a rule needs and that a record need not have."""
        sides = (getattr(rule, "left", None), getattr(rule, "right", None))
        found = [operand(self._spec, self._entity, side) for side in sides if side is not None]
        return tuple(
            side.link for side in found if isinstance(side, ParentValue) and not side.link.required
        )

    def _required_link(self, rule: Rule) -> tuple[Relationship, ...]:
        """The link that a rule wants of the records that it is about."""
        links = self._spec.outgoing(self._entity.name)
        named = isinstance(rule, RequiredIf) and rule.attribute
        return tuple(link for link in links if link.name == named and not link.required)

    def _states(self) -> Iterator[StateTests]:
        fields = dict.fromkeys(r.attribute for r in self._own if isinstance(r, Transition))
        for field in fields:
            moves = [r for r in self._own if isinstance(r, Transition) and r.attribute == field]
            attribute = self._attribute(field)
            initial = initial_state(self._spec, self._entity, attribute) or ""
            pairs = {(move.source, move.target) for move in moves}
            named = dict.fromkeys(s for m in moves for s in (m.source, m.target))
            states = tuple(map(str, attribute.choices or named))
            ways = ways_from(initial, pairs)
            yield StateTests(
                field=field,
                initial=initial,
                others=tuple(state for state in states if state != initial),
                allowed=tuple((ways[s], t) for s, t in sorted(pairs) if s in ways),
                refused=tuple(
                    (way, target)
                    for state, way in ways.items()
                    for target in states
                    if target != state and (state, target) not in pairs
                ),
                words=rule_words(self._spec, moves[0]),
            )

    def _fixed(self) -> Iterator[FixedTest]:
        for rule in self._own:
            if not isinstance(rule, Immutable):
                continue
            words = rule_words(self._spec, rule)
            attribute = self._entity.find(rule.attribute)
            if attribute is None:
                link = self._link(rule.attribute)
                yield FixedTest(id_field(link, self._spec.language), self._new(link.target), words)
                continue
            base = as_json(attribute, self._base[attribute.name])
            other = next((v for v in reversed(samples(attribute)) if v != base), None)
            if other is not None:
                yield FixedTest(attribute.name, repr(other), words)

    def _copies(self) -> Iterator[CopyTest]:
        for rule in self._own:
            if not isinstance(rule, Copy):
                continue
            origin = parent_value(self._spec, self._entity, rule.of)
            parent = self._spec.entity(origin.link.target)
            self._needs_factory(parent)
            base = self._samples.base(parent)
            other = self._samples.another(parent, origin.attribute)
            is_fixed = origin.attribute.name in kept_when_left_out(self._spec, parent)
            yield CopyTest(
                field=rule.attribute,
                reference=id_field(origin.link, self._spec.language),
                parent=f"new_{snake_case(parent.name)}",
                parent_path=self._path(parent),
                parent_field=origin.attribute.name,
                other=None if is_fixed or base is None else other,
            )

    def _together(self) -> Iterator[tuple[str, str]]:
        for rule in self._own:
            if isinstance(rule, UniqueTogether):
                pairs = []
                for name in rule.attributes:
                    attribute = self._entity.find(name)
                    if attribute is None:
                        link = self._link(name)
                        field = id_field(link, self._spec.language)
                        pairs.append(f"{field!r}: {self._new(link.target)}")
                if pairs or all(self._base.get(name) is not None for name in rule.attributes):
                    fields = [self._field(name) for name in rule.attributes]
                    yield repr(tuple(fields)), "{" + ", ".join(pairs) + "}"

    def _stories(self) -> Iterator[Story]:
        for rule in self._own:
            if isinstance(rule, Aggregate):
                yield from self._total_story(rule)
            elif isinstance(rule, Compare):
                yield from self._limit_story(rule)
                yield from self._parent_story(rule)

    def _total_story(self, rule: Aggregate) -> Iterator[Story]:
        maker = self._maker(rule)
        if maker is None:
            return
        path, field = self._path(self._entity), rule.attribute
        name = snake_case(self._entity.name)
        values = [maker.value(index) for index in range(VARIANTS)]

        def look(ours: list[Any], theirs: list[Any]) -> str:
            return f"assert values() == [{self._result(rule, ours)}, {self._result(rule, theirs)}]"

        lines = [
            f"first, second = new_{name}(client), new_{name}(client)",
            "",
            "def values() -> list[Any]:",
            f"    addresses = (f\"{path}/{{each['id']}}\" for each in (first, second))",
            f"    return [client.get(address).json()[{field!r}] for address in addresses]",
            "",
            look([], []),
            *maker.lines('first["id"]', "one", 0),
            look(values[:1], []),
        ]
        self._imports.add("typing.Any")
        here = values[:1]
        if maker.several:
            lines += maker.lines('first["id"]', "two", 1)
            here = values[:2]
            lines.append(look(here, []))
        change = maker.change("one", 2)
        if change:
            lines += change
            here = [values[2], *here[1:]]
            lines.append(look(here, []))
        move = maker.move("one", 'first["id"]', 'second["id"]')
        if move:
            lines += move
            lines.append(look(here[1:], here[:1]))
            lines += maker.move("one", 'second["id"]', 'first["id"]')
        leave = maker.leave("one")
        if leave:
            lines += leave
            here = here[1:]
            lines.append(look(here, []))
        elif maker.is_deletable:
            lines.append(
                f"assert client.delete(f\"{maker.path}/{{one['id']}}\").status_code == 204"
            )
            here = here[1:]
            lines.append(look(here, []))
        if maker.several and maker.is_deletable:
            lines.append(
                f"assert client.delete(f\"{maker.path}/{{two['id']}}\").status_code == 204"
            )
            lines.append(look([], []))
        yield Story(f"{field}_follows_from_its_{maker.plural}", tuple(lines))

    def _limit_story(self, rule: Compare) -> Iterator[Story]:
        """A bound of what children add up to, moved to where it is just kept, and beyond."""
        totals = {r.attribute: r for r in self._own if isinstance(r, Aggregate)}
        sides = (rule.left, rule.right)
        total = next((s for s in sides if isinstance(s, str) and s in totals), None)
        other = next((s for s in sides if s != total), None)
        if total is None or other is None or rule.op in ("==", "!="):
            return
        maker = self._maker(totals[str(total)])
        if maker is None:
            return
        is_ceiling = (total == rule.left) == (rule.op in ("<", "<="))
        value = fitted(
            self._attribute(str(total)), aggregated(totals[str(total)], [maker.value(0)])
        )
        words, name = rule_words(self._spec, rule), snake_case(self._entity.name)
        lever = self._entity.find(str(other)) if isinstance(other, str) else None
        if lever is not None and lever in entered(self._spec, self._entity) and value is not None:
            step: Any = Decimal(1).scaleb(-(lever.scale or 0)) if lever.type == "decimal" else 1
            beyond = -step if is_ceiling else step
            bound = fitted(lever, value) if "=" in rule.op else fitted(lever, value) - beyond
            kept, broken = (as_json(lever, v) for v in (bound, bound + beyond))
            if self._samples.takes(lever, bound):
                lines = [
                    f"stored = new_{name}(client)",
                    f"address = f\"{self._path(self._entity)}/{{stored['id']}}\"",
                    *maker.lines('stored["id"]', "one", 0, is_named=False),
                    f"kept = client.patch(address, json={{{lever.name!r}: {kept!r}}})",
                    "assert kept.status_code == 200, kept.text",
                    f"refused = client.patch(address, json={{{lever.name!r}: {broken!r}}})",
                    "assert refused.status_code == 422",
                    f'assert refused.json()["detail"][0]["msg"] == {words!r}',
                    "assert client.get(address).json() == kept.json()",
                ]
                if is_ceiling and totals[str(total)].function in ("sum", "count"):
                    lines += maker.refused_lines('stored["id"]', words)
                yield Story(f"{total}_is_held_to_{lever.name}", tuple(lines))
            return
        if isinstance(other, str):
            return
        yield from self._literal_story(rule, totals[str(total)], maker, words)

    def _literal_story(
        self, rule: Compare, total: Aggregate, maker: ChildMaker, words: str
    ) -> Iterator[Story]:
        literal = rule.right if total.attribute == rule.left else rule.left
        if total.function != "count" or isinstance(literal, str | bool):
            return
        most = int(literal) - (rule.op in ("<", ">"))
        if not 0 < most <= _MOST_CHILDREN or not maker.several:
            return
        name = snake_case(self._entity.name)
        lines = [f"stored = new_{name}(client)"]
        for number in range(most):
            lines += maker.lines(
                'stored["id"]', f"child_{number}", number % VARIANTS, is_named=False
            )
        lines += maker.refused_lines('stored["id"]', words)
        yield Story(f"{total.attribute}_is_at_most_{most}", tuple(lines))

    def _parent_story(self, rule: Compare) -> Iterator[Story]:
        """A change of the parent that its children don't allow."""
        sides = [operand(self._spec, self._entity, side) for side in (rule.left, rule.right)]
        parent = next((s for s in sides if isinstance(s, ParentValue)), None)
        own = next((s for s in sides if isinstance(s, OwnValue)), None)
        if parent is None or own is None or rule.op in ("==", "!="):
            return
        target = self._spec.entity(parent.link.target)
        is_entered = parent.attribute in entered(self._spec, target)
        own_value = self._base[own.attribute.name]
        if not is_entered or own_value is None or own.attribute.type != parent.attribute.type:
            return
        is_ceiling = (sides[0] is own) == (rule.op in ("<", "<="))
        near = list(self._samples.near(parent.attribute, own_value))
        broken = [v for v in near if (v < own_value if is_ceiling else v > own_value)]
        value = next((v for v in broken if self._samples.takes(parent.attribute, v)), None)
        reference = id_field(parent.link, self._spec.language)
        if value is None or parent.attribute.name in kept_when_left_out(self._spec, target):
            return
        shown = as_json(parent.attribute, value)
        words = rule_words(self._spec, rule)
        yield Story(
            f"{parent.attribute.name}_of_its_{parent.link.name}_is_held_to_{own.attribute.name}",
            (
                f"parent = {self._new(target.name).removesuffix(chr(91) + repr('id') + chr(93))}",
                f"new_{snake_case(self._entity.name)}(client, {reference}=parent['id'])",
                f"address = f\"{self._path(target)}/{{parent['id']}}\"",
                f"refused = client.patch(address, json={{{parent.attribute.name!r}: {shown!r}}})",
                "assert refused.status_code == 422",
                f'assert refused.json()["detail"][0]["msg"] == {words!r}',
            ),
        )

    def _maker(self, rule: Aggregate) -> ChildMaker | None:
        maker = ChildMaker(self._spec, self._samples, rule, self._imports)
        return maker if maker.is_possible else None

    def _result(self, rule: Aggregate, values: list[Any]) -> str:
        attribute = self._attribute(rule.attribute)
        return repr(as_json(attribute, fitted(attribute, aggregated(rule, values))))

    def _new(self, entity: str) -> str:
        self._needs_factory(self._spec.entity(entity))
        return f"new_{snake_case(entity)}(client)['id']"

    def _needs_factory(self, entity: Entity) -> None:
        self._imports.add(
            f"tests.factories.{module_name(entity.name)}.new_{snake_case(entity.name)}"
        )

    def _path(self, entity: Entity) -> str:
        return f"/api/{collection_of(entity, self._spec.language)}"

    def _attribute(self, name: str) -> Attribute:
        found = self._entity.find(name)
        assert found is not None, "the rule was checked"  # noqa: S101
        return found

    def _link(self, name: str) -> Relationship:
        return next(r for r in self._spec.outgoing(self._entity.name) if r.name == name)

    def _field(self, name: str) -> str:
        if self._entity.find(name):
            return name
        return id_field(self._link(name), self._spec.language)


def _id(rule: Rule) -> str:
    parts = [getattr(rule, key) for key in ("attribute", "left", "right") if hasattr(rule, key)]
    return "_".join([rule.kind, *(str(part).replace(".", "_") for part in parts)])
