"""What the templates of rules show: nothing at all for entities that no rule concerns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from baes.spec.derivation import derivation_order, sources_of, worked_out_on_reading
from baes.spec.expression_types import type_of_attribute
from baes.spec.expressions import canonical, names_in, parse_expression
from baes.spec.model import Attribute, Entity, Relationship, SystemSpec
from baes.spec.navigation import collection_of, id_field
from baes.spec.rule_paths import (
    Operand,
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
    NotFuture,
    NotPast,
    RequiredIf,
    Rule,
    Transition,
    UniqueTogether,
)
from baes.spec.scales import scale_of
from baes.swea_agents.identifiers import class_name, field_name, module_name
from baes.swea_agents.imports import import_lines
from baes.swea_agents.literals import literal
from baes.swea_agents.model_views import link_class
from baes.swea_agents.rule_code import expression_imports, expression_lines, fit_code
from baes.swea_agents.tables import link_columns
from baes.utils.rule_wording import RuleWording

__all__ = [
    "RulesPackageView",
    "RulesView",
    "has_rules",
    "initial_state",
    "kept_when_left_out",
    "rule_words",
    "rules_package_view",
    "rules_view",
]

_OPERATORS = {"<": "lt", "<=": "le", ">": "gt", ">=": "ge", "==": "eq", "!=": "ne"}


@dataclass(frozen=True, slots=True)
class FunctionView:
    """The function that gives a computed value."""

    name: str
    expression: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RulesView:
    """What ``rules/entity.py.j2`` shows; all but the functions as source."""

    imports: str
    plural_label: str
    functions: tuple[FunctionView, ...]
    computed: tuple[str, ...]
    on_reading: tuple[str, ...]
    copied: tuple[str, ...]
    states: tuple[str, ...]
    fixed: tuple[tuple[str, str], ...]
    """(field, the rule in words)."""
    checks: tuple[str, ...]
    aggregates: tuple[tuple[str, str], ...]
    """(attribute, source)."""


@dataclass(frozen=True, slots=True)
class RulesPackageView:
    """What ``rules/package.py.j2`` shows."""

    imports: str
    entities: tuple[tuple[str, str], ...]
    """(model, module of its rules)."""
    steps: tuple[tuple[tuple[str, str], ...], ...]
    """(module, attribute) of aggregates, those of one step together."""


def has_rules(spec: SystemSpec, entity: str = "") -> bool:
    """Whether an entity, or any, has rules that the application holds."""
    return any(
        not isinstance(rule, UniqueTogether) and entity in ("", rule.entity) for rule in spec.rules
    )


def initial_state(spec: SystemSpec, entity: Entity, attribute: Attribute) -> str | None:
    """The state in which a new record starts; ``None`` where the attribute has no transitions."""
    moves = _moves(spec, entity, attribute.name)
    if not moves:
        return None
    return str(attribute.default) if attribute.default is not None else moves[0].source


def kept_when_left_out(spec: SystemSpec, entity: Entity) -> frozenset[str]:
    """Attributes and relationships that a replacement keeps where it leaves them out."""
    return frozenset(
        rule.attribute
        for rule in spec.rules
        if isinstance(rule, Copy | Transition | Immutable) and rule.entity == entity.name
    )


def rule_words(spec: SystemSpec, rule: Rule) -> str:
    """What the system answers where a rule is broken, in its own language."""
    words = RuleWording(spec.language, spec)
    if isinstance(rule, Transition):
        said = words.steps(_moves(spec, spec.entity(rule.entity), rule.attribute))
    else:
        said = words.statement(rule)
    return said[:1].upper() + said[1:]


def rules_view(spec: SystemSpec, entity: Entity) -> RulesView:
    """An entity's rules."""
    return _EntityRules(spec, entity).view()


def rules_package_view(spec: SystemSpec) -> RulesPackageView:
    """All rules of a system."""
    ruled = [entity for entity in spec if has_rules(spec, entity.name)]
    steps = tuple(
        tuple((module_name(rule.entity), rule.attribute) for rule in step) for step in _steps(spec)
    )
    imports = [f"app.models.{module_name(e.name)}.{class_name(e.name)}" for e in ruled]
    imports += [f"app.rules.{module_name(e.name)}" for e in ruled]
    imports += ["app.rule_kinds.Aggregate", "app.rule_kinds.Rules", "sqlalchemy.Table"]
    return RulesPackageView(
        imports=import_lines(imports),
        entities=tuple((class_name(e.name), module_name(e.name)) for e in ruled),
        steps=steps,
    )


def _steps(spec: SystemSpec) -> list[list[Aggregate]]:
    """Aggregates in groups, each after those whose values it uses.

    Those of one entity come together where that is possible, so that its records are written once.
    """
    order = derivation_order(spec)
    depth: dict[tuple[str, str], int] = {}
    aggregates = [rule for rule in order if isinstance(rule, Aggregate)]
    for _ in range(len(order) + 1):
        before = dict(depth)
        for rule in order:
            below = max((depth.get(place, 0) for place in sources_of(rule)), default=0)
            own = below + isinstance(rule, Aggregate)
            place = (rule.entity, rule.attribute)
            depth[place] = max(own, depth.get(place, 0))
        for rule in aggregates:
            together = max(
                depth[r.entity, r.attribute] for r in aggregates if r.entity == rule.entity
            )
            depth[rule.entity, rule.attribute] = together
        if depth == before:
            return _grouped(aggregates, depth)
    return [[rule] for rule in aggregates]


def _grouped(
    aggregates: list[Aggregate], depth: dict[tuple[str, str], int]
) -> list[list[Aggregate]]:
    groups: dict[int, list[Aggregate]] = {}
    for rule in aggregates:
        groups.setdefault(depth[rule.entity, rule.attribute], []).append(rule)
    return [groups[level] for level in sorted(groups)]


def _moves(spec: SystemSpec, entity: Entity, attribute: str) -> list[Transition]:
    return [
        rule
        for rule in spec.rules
        if isinstance(rule, Transition)
        and (rule.entity, rule.attribute) == (entity.name, attribute)
    ]


class _EntityRules:
    """Writes one entity's rules, and collects what they import."""

    def __init__(self, spec: SystemSpec, entity: Entity) -> None:
        self._spec = spec
        self._entity = entity
        self._own = [rule for rule in spec.rules if rule.entity == entity.name]
        self._imports: set[str] = {"app.rule_kinds.Rules"}

    def view(self) -> RulesView:
        derived = [r for r in derivation_order(self._spec) if r.entity == self._entity.name]
        computed = [rule for rule in derived if isinstance(rule, Computed)]
        daily = worked_out_on_reading(self._spec, self._entity.name)
        return RulesView(
            functions=tuple(self._function(rule) for rule in computed),
            computed=tuple(self._computed(r) for r in computed if r.attribute not in daily),
            on_reading=tuple(self._computed(r) for r in computed if r.attribute in daily),
            copied=tuple(self._copied(r) for r in self._own if isinstance(r, Copy)),
            states=tuple(self._states()),
            fixed=tuple(
                (self._column(r.attribute), self._says(r))
                for r in self._own
                if isinstance(r, Immutable)
            ),
            checks=tuple(self._checks()),
            aggregates=tuple(
                (r.attribute, self._aggregate(r)) for r in self._own if isinstance(r, Aggregate)
            ),
            plural_label=collection_of(self._entity, self._spec.language).replace("_", " "),
            imports=import_lines(self._imports),
        )

    def _function(self, rule: Computed) -> FunctionView:
        tree = parse_expression(rule.expression)
        types = {a.name: type_of_attribute(a, scale_of(a)) for a in self._entity.attributes}
        self._needs("app.rule_kinds.Values", "app.rule_values.nullable", "typing.Any")
        self._needs(*expression_imports(tree))
        lines = tuple(expression_lines(tree, types))
        shown = canonical(rule.expression).replace("\\", "\\\\").replace('"""', "'''")
        return FunctionView(f"compute_{rule.attribute}", shown, lines)

    def _computed(self, rule: Computed) -> str:
        self._needs("app.rule_kinds.Computed")
        name = rule.attribute
        return f"Computed({name!r}, compute_{name}, {self._fit(name)})"

    def _copied(self, rule: Copy) -> str:
        self._needs("app.rule_kinds.Copied")
        target = self._attribute(rule.attribute)
        parent = self._parent(parent_value(self._spec, self._entity, rule.of))
        required = target.required and not target.older_may_lack
        fit = self._fit(rule.attribute)
        return f"Copied({rule.attribute!r}, {parent}, required={required}, fit={fit})"

    def _states(self) -> Iterator[str]:
        found = dict.fromkeys(r.attribute for r in self._own if isinstance(r, Transition))
        for name in found:
            moves = _moves(self._spec, self._entity, name)
            pairs = ", ".join(f"({move.source!r}, {move.target!r})" for move in moves)
            initial = initial_state(self._spec, self._entity, self._attribute(name))
            says = rule_words(self._spec, moves[0])
            self._needs("app.rule_kinds.States")
            yield f"States({name!r}, {initial!r}, frozenset({{{pairs}}}), {says!r})"

    def _checks(self) -> Iterator[str]:
        for rule in self._own:
            match rule:
                case Compare():
                    yield self._comparison(rule)
                case NotFuture(_, name):
                    yield self._dated(rule, name, "is_in_future")
                case NotPast(_, name):
                    yield self._dated(rule, name, "is_in_past")
                case RequiredIf():
                    yield self._requirement(rule)

    def _comparison(self, rule: Compare) -> str:
        sides = [operand(self._spec, self._entity, side) for side in (rule.left, rule.right)]
        named = [side.attribute for side in sides if isinstance(side, OwnValue | ParentValue)]
        left, right = (self._operand(side, named[0]) for side in sides)
        sign = _OPERATORS[rule.op]
        self._needs("operator", "app.rule_values.holds")
        fields = tuple(self._fields(sides))
        parents = ", ".join(self._parent(s) for s in sides if isinstance(s, ParentValue))
        holds = f"lambda record: holds({left}, operator.{sign}, {right})"
        return self._check(fields, rule, holds, parents)

    def _fields(self, sides: list[Operand]) -> Iterator[str]:
        """What a person can enter that decides about a comparison."""
        for side in sides:
            if isinstance(side, OwnValue):
                yield from self._decided_by(side.attribute.name)
            elif isinstance(side, ParentValue):
                yield id_field(side.link, self._spec.language)

    def _decided_by(self, name: str) -> Iterator[str]:
        """The stored values behind one; itself unless it is worked out on reading."""
        if name not in worked_out_on_reading(self._spec, self._entity.name):
            yield name
            return
        rule = next(r for r in self._own if isinstance(r, Computed) and r.attribute == name)
        for source in names_in(parse_expression(rule.expression)):
            yield from self._decided_by(source)

    def _operand(self, side: Operand, other: Attribute) -> str:
        if isinstance(side, OwnValue):
            return f"record[{side.attribute.name!r}]"
        if isinstance(side, ParentValue):
            reference = id_field(side.link, self._spec.language)
            key = f"{reference}.{field_name(side.attribute.name)}"
            return f"record[{key!r}]"
        code, imports = literal(other, side)
        self._needs(*imports)
        return code

    def _dated(self, rule: NotFuture | NotPast, name: str, function: str) -> str:
        self._needs(f"app.rule_values.{function}")
        value = f"record[{name!r}]"
        fields = tuple(dict.fromkeys(self._decided_by(name)))
        return self._check(
            fields, rule, f"lambda record: {value} is None or not {function}({value})"
        )

    def _requirement(self, rule: RequiredIf) -> str:
        self._needs("app.rule_values.is_given")
        column = self._column(rule.attribute)
        parts = [f"is_given(record[{column!r}])"]
        for name, value in rule.when:
            code, imports = literal(self._attribute(name), value)
            self._needs(*imports)
            sign = "is not" if isinstance(value, bool) else "!="
            parts.append(f"record[{name!r}] {sign} {code}")
        holds = f"lambda record: {' or '.join(parts)}"
        decided = (f for name, _ in rule.when for f in self._decided_by(name))
        return self._check((column, *decided), rule, holds)

    def _check(self, fields: tuple[str, ...], rule: Rule, holds: str, parents: str = "") -> str:
        self._needs("app.rule_kinds.Check")
        tail = f", parents=({parents},)" if parents else ""
        return f"Check({tuple(dict.fromkeys(fields))!r}, {self._says(rule)!r}, {holds}{tail})"

    def _parent(self, value: ParentValue) -> str:
        self._needs("app.rule_kinds.Parent")
        reference = id_field(value.link, self._spec.language)
        return f"Parent({reference!r}, {self._model_field(value.link.target, value.attribute)})"

    def _aggregate(self, rule: Aggregate) -> str:
        self._needs("app.rule_kinds.Aggregate", "app.rule_kinds.Children")
        child = self._spec.entity(child_of(rule))
        over = child_attribute(self._spec, rule)
        parts = [
            self._model_field(self._entity.name, self._attribute(rule.attribute)),
            repr(rule.function),
            self._children(child, child_link(self._spec, self._entity, child.name)),
            f"fit={self._fit(rule.attribute)}",
        ]
        if over is not None:
            parts.append(f"of={self._model_field(child.name, over)}")
        if rule.where:
            conditions = ", ".join(self._condition(child, *each) for each in rule.where)
            parts.append(f"where=({conditions},)")
        reads = [over.name] if over is not None else []
        reads += [name for name, _, _ in rule.where]
        if reads:
            parts.append(f"reads=frozenset({{{', '.join(map(repr, dict.fromkeys(reads)))}}})")
        return f"Aggregate({', '.join(parts)})"

    def _children(self, child: Entity, link: Relationship) -> str:
        model = self._model(child.name)
        if link.kind != "many_to_many":
            reference = field_name(id_field(link, self._spec.language))
            return f"Children({model}, {model}.{reference})"
        own, other = link_columns(self._spec, link)
        self._needs(f"app.models.{module_name(link.source)}.{link_class(self._spec, link)}")
        between = link_class(self._spec, link)
        from_here = link.source == self._entity.name
        ours, theirs = (own, other) if from_here else (other, own)
        return f"Children({model}, {between}.{ours}, {between}.{theirs})"

    def _condition(self, child: Entity, name: str, value: object, wanted: bool) -> str:
        attribute = child.find(name)
        assert attribute is not None, "the rule was checked"  # noqa: S101
        code, imports = literal(attribute, value)  # type: ignore[arg-type]  # a value of its type
        self._needs(*imports)
        column = self._model_field(child.name, attribute)
        if not wanted:
            return f"{column}.is_distinct_from({code})"
        return f"{column}.is_({code})" if isinstance(value, bool) else f"{column} == {code}"

    def _model_field(self, entity: str, attribute: Attribute) -> str:
        return f"{self._model(entity)}.{field_name(attribute.name)}"

    def _model(self, entity: str) -> str:
        self._needs(f"app.models.{module_name(entity)}.{class_name(entity)}")
        return class_name(entity)

    def _fit(self, name: str) -> str:
        code, needed = fit_code(self._attribute(name))
        self._needs(needed)
        return code

    def _attribute(self, name: str) -> Attribute:
        found = self._entity.find(name)
        assert found is not None, "the rule was checked"  # noqa: S101
        return found

    def _column(self, name: str) -> str:
        """The field of an attribute or reference."""
        for link in self._spec.outgoing(self._entity.name):
            if link.name == name:
                return id_field(link, self._spec.language)
        return name

    def _says(self, rule: Rule) -> str:
        return rule_words(self._spec, rule)

    def _needs(self, *names: str) -> None:
        self._imports.update(names)
