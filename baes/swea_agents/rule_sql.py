"""What the database itself holds of an entity's rules: conditions of a table, and unique indexes.

A rule over one record's stored values is a ``CHECK`` where SQLite and PostgreSQL judge it as the
application does. What is left out, the application alone holds: what depends on the day or on other
records, numbers that are not exact, letters' order, a date beside a moment, and every rule that
older records may break.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import assert_never

from baes.spec.derivation import worked_out_on_reading
from baes.spec.limits import is_value
from baes.spec.model import Attribute, Entity, Relationship, SystemSpec
from baes.spec.navigation import id_field
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
from baes.swea_agents.checks import stored_literal
from baes.swea_agents.identifiers import constraint_name, sql_name

__all__ = ["RuleCheck", "Term", "rule_checks", "rule_condition", "states_of", "unique_terms"]

_OPERATORS = {
    "<": ("<", "lt"), "<=": ("<=", "le"), ">": (">", "gt"), ">=": (">=", "ge"),
    "==": ("=", "eq"), "!=": ("<>", "ne"),
}  # fmt: skip
"""A rule's operator -> SQL's, and its part of a constraint's name."""
_ORDERED = frozenset({"integer", "decimal", "float", "date", "time", "datetime"})
_EXACT = frozenset({"integer", "decimal"})
"""Types that compare with each other without loss."""

Called = Callable[[str], str]
"""A column's name -> what a condition calls it."""


@dataclass(frozen=True, slots=True)
class Term:
    """A stored value of a record that a rule names."""

    thing: str
    """The column's stable id: ``student.email``, or of a reference ``course_teacher``."""
    id: str
    """The part of a constraint's name: ``email``, ``course_teacher``."""
    column: str
    attribute: Attribute | None
    """``None``: a reference."""


@dataclass(frozen=True, slots=True)
class RuleCheck:
    """A rule as a condition of its table."""

    name: str
    terms: tuple[Term, ...]
    write: Callable[[Called], str]

    @property
    def condition(self) -> str:
        """In SQL."""
        return self.write(sql_name)

    @property
    def meaning(self) -> str:
        """The condition with stable ids: the same whatever columns are called."""
        things = {term.column: term.thing for term in self.terms}
        return self.write(things.__getitem__)

    @property
    def things(self) -> frozenset[str]:
        """The columns that it reads."""
        return frozenset(term.thing for term in self.terms)


def rule_checks(spec: SystemSpec, entity: Entity) -> dict[str, RuleCheck]:
    """Constraint's name -> the condition, for each rule that an entity's table holds."""
    own = [rule for rule in spec.rules if rule.entity == entity.name]
    broken = {r.attribute for r in own if isinstance(r, Transition) and r.older_may_break}
    found = (
        rule_condition(spec, rule)
        for rule in own
        if not getattr(rule, "older_may_break", False)
        and not (isinstance(rule, Transition) and rule.attribute in broken)
    )
    return {check.name: check for check in found if check}


def rule_condition(spec: SystemSpec, rule: Rule) -> RuleCheck | None:
    """A rule as a condition over stored values, whether or not older records may break it."""
    match rule:
        case Compare():
            return _comparison(spec, rule)
        case RequiredIf():
            return _requirement(spec, rule)
        case Transition():
            return _states(spec, rule)
        case (
            NotFuture() | NotPast() | UniqueTogether() | Computed() | Aggregate() | Copy()
            | Immutable()
        ):  # fmt: skip
            return None
        case _:
            assert_never(rule)


def unique_terms(spec: SystemSpec, entity: Entity) -> Iterator[tuple[str, tuple[Term, ...]]]:
    """(index's name, columns) of what an entity's records may not agree in."""
    for rule in spec.rules:
        if isinstance(rule, UniqueTogether) and rule.entity == entity.name:
            terms = [_term(spec, entity, name) for name in rule.attributes]
            stored = tuple(term for term in terms if term)
            if len(stored) == len(terms):
                yield constraint_name("uq", entity.id, *(term.id for term in stored)), stored


def states_of(spec: SystemSpec, entity: str, attribute: str) -> tuple[str, ...]:
    """The states that transitions name, in the order in which they are named."""
    moves = [
        rule
        for rule in spec.rules
        if isinstance(rule, Transition) and (rule.entity, rule.attribute) == (entity, attribute)
    ]
    return tuple(dict.fromkeys(state for move in moves for state in (move.source, move.target)))


def _comparison(spec: SystemSpec, rule: Compare) -> RuleCheck | None:
    entity = spec.entity(rule.entity)
    left, right = (_operand(spec, entity, side) for side in (rule.left, rule.right))
    terms = tuple(side for side in (left, right) if isinstance(side, Term))
    sign, word = _OPERATORS[rule.op]
    writers = _sides(left, right, ordered=word not in ("eq", "ne"))
    if writers is None:
        return None
    write_left, write_right = writers

    def write(called: Called) -> str:
        return f"{write_left(called)} {sign} {write_right(called)}"

    parts = [_named(left), f"{word}_{_named(right)}" if right not in terms else word]
    parts += [_named(right)] if isinstance(right, Term) else []
    return RuleCheck(constraint_name("ck", entity.id, *parts), terms, write)


def _requirement(spec: SystemSpec, rule: RequiredIf) -> RuleCheck | None:
    entity = spec.entity(rule.entity)
    wanted = _term(spec, entity, rule.attribute)
    given = [(_term(spec, entity, name), value) for name, value in rule.when]
    pairs = [(term, term.attribute, value) for term, value in given if term and term.attribute]
    if wanted is None or len(pairs) < len(given):
        return None
    if any(a.type == "email" or not is_value(value, a) for _, a, value in pairs):
        return None
    values = [(term, stored_literal(attribute, value)) for term, attribute, value in pairs]

    def write(called: Called) -> str:
        others = " OR ".join(f"{called(term.column)} <> {value}" for term, value in values)
        return f"{called(wanted.column)} IS NOT NULL OR {others}"

    digest = _digest(repr([(term.thing, value) for term, value in values]))
    name = constraint_name("ck", entity.id, wanted.id, f"required_{digest}")
    return RuleCheck(name, (wanted, *(term for term, _ in values)), write)


def _states(spec: SystemSpec, rule: Transition) -> RuleCheck | None:
    """All transitions of an attribute make one condition; choices, if it has any, are another."""
    entity = spec.entity(rule.entity)
    term = _term(spec, entity, rule.attribute)
    if term is None or term.attribute is None or term.attribute.choices is not None:
        return None
    attribute = term.attribute
    states = states_of(spec, entity.name, attribute.name)
    if not all(is_value(state, attribute) for state in states):
        return None
    listed = ", ".join(stored_literal(attribute, state) for state in states)

    def write(called: Called) -> str:
        return f"{called(term.column)} IN ({listed})"

    return RuleCheck(constraint_name("ck", entity.id, attribute.id, "states"), (term,), write)


Side = Term | str | int | object


def _operand(spec: SystemSpec, entity: Entity, side: object) -> object:
    """A column of the record where the text names one; else the literal, or ``None``."""
    if not isinstance(side, str):
        return side
    term = _term(spec, entity, side)
    if term is not None:
        return term
    owner = side.partition(".")[0] if "." in side else ""
    return None if spec.find(owner) or entity.find(side) else side


def _sides(
    left: object, right: object, *, ordered: bool
) -> tuple[Callable[[Called], str], Callable[[Called], str]] | None:
    """How both sides are written so that they compare as they should; ``None``: not in SQL."""
    if left is None or right is None:
        return None
    if isinstance(left, Term) and isinstance(right, Term):
        return _two_columns(left, right, ordered=ordered)
    term, value = (left, right) if isinstance(left, Term) else (right, left)
    if not isinstance(term, Term) or term.attribute is None:
        return None
    attribute = term.attribute
    if not is_value(value, attribute) or not _is_comparable(attribute, ordered=ordered):
        return None
    literal = stored_literal(attribute, value)  # type: ignore[arg-type]  # a value of its type
    column = term.column
    writers = (lambda called: called(column)), (lambda _: literal)
    return writers if isinstance(left, Term) else (writers[1], writers[0])


def _two_columns(
    left: Term, right: Term, *, ordered: bool
) -> tuple[Callable[[Called], str], Callable[[Called], str]] | None:
    a, b = left.attribute, right.attribute
    if a is None or b is None or not all(_is_comparable(one, ordered=ordered) for one in (a, b)):
        return None
    if a.type != b.type and not {a.type, b.type} <= _EXACT:
        return None
    digits = (scale_of(a) or 0) - (scale_of(b) or 0)
    return _scaled(left.column, -digits), _scaled(right.column, digits)


def _is_comparable(attribute: Attribute, *, ordered: bool) -> bool:
    """Whether the database compares such values as the application does."""
    return attribute.type in _ORDERED if ordered else attribute.type != "email"


def _scaled(column: str, digits: int) -> Callable[[Called], str]:
    """A whole number with so many more digits; numbers that outgrow 64 bits still compare."""
    if digits <= 0:
        return lambda called: called(column)
    return lambda called: f"CAST({called(column)} AS NUMERIC) * {10**digits}"


def _term(spec: SystemSpec, entity: Entity, name: str) -> Term | None:
    """The column of an attribute or reference; ``None`` where there is no such column."""
    attribute = entity.find(name)
    if attribute is not None and name in worked_out_on_reading(spec, entity.name):
        return None
    if attribute is not None:
        return Term(f"{entity.id}.{attribute.id}", attribute.id, attribute.name, attribute)
    for link in spec.outgoing(entity.name):
        if link.kind != "many_to_many" and name in (link.name, id_field(link, spec.language)):
            return _reference(link, spec.language)
    return None


def _reference(link: Relationship, language: str) -> Term:
    return Term(link.id, link.id, id_field(link, language), None)


def _named(side: object) -> str:
    """The part of a constraint's name that tells an operand."""
    if isinstance(side, Term):
        return side.id
    word = re.sub(r"[^a-z0-9]", "_", str(side))
    return word if word == str(side) else f"{word.strip('_')[:12]}_{_digest(repr(side))}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]
