"""What rule clauses give: rules whose names are still the user's words.

Which attribute a word means is settled when the whole request has been read, for a rule may be said
before, among or after the attributes that it is about.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from baes.language.facts import Noun, RuleStatement, Value
from baes.spec.expressions import Expression, expression_text, renamed

__all__ = [
    "AggregateFunction",
    "Aggregates",
    "Compares",
    "Computes",
    "Condition",
    "Copies",
    "Formula",
    "Freezes",
    "Lifts",
    "Operator",
    "Ref",
    "Requires",
    "RuleFact",
    "Times",
    "Transits",
    "UniqueSet",
    "owned",
    "subject_of",
    "with_subject",
]

Operator = Literal["<", "<=", ">", ">=", "==", "!="]
AggregateFunction = Literal["sum", "count", "avg", "min", "max", "total"]
"""``total``: the sum of values, the number of records."""


@dataclass(frozen=True, slots=True)
class Ref:
    """An attribute or link as a sentence refers to it: "the order's total", "its quantity"."""

    noun: Noun
    owner: Noun | None = None
    """Whose it is, where that is said."""
    own: bool = False
    """Whether "its" says that it is the same record's."""
    near: Noun | None = None
    """The entity that was spoken of last."""

    @property
    def text(self) -> str:
        """As a question repeats it."""
        return self.noun.text


@dataclass(frozen=True, slots=True)
class Formula:
    """A calculation; its names are the places of what they stand for in ``refs``: "r0", "r1"."""

    tree: Expression
    refs: tuple[Ref, ...]
    ages: bool = False
    """Whether it is only said what it comes from ("computed from the birth date")."""
    joined: bool = False
    """Whether texts are put one behind the other, and nothing is said to stand between them."""

    @property
    def text(self) -> str:
        """The calculation with the user's words for names."""
        names = {f"r{place}": ref.text.replace(" ", "_") for place, ref in enumerate(self.refs)}
        return expression_text(renamed(self.tree, lambda name: names.get(name, name)))


@dataclass(frozen=True, slots=True)
class Condition:
    """As in "status is paid", "that are not paid": an attribute, if it is said, and its value."""

    value: Value
    equal: bool = True
    ref: Ref | None = None


@dataclass(frozen=True, slots=True)
class Compares(RuleStatement):
    """One attribute stands in a relation to another one, or to a value."""

    left: Ref | None
    operator: Operator
    right: Ref | Value


@dataclass(frozen=True, slots=True)
class Times(RuleStatement):
    """A date is never in the future, or never in the past."""

    ref: Ref | None
    kind: Literal["not_future", "not_past"]
    strict: bool = False
    """Whether today itself was left out ("must be in the future")."""


@dataclass(frozen=True, slots=True)
class UniqueSet(RuleStatement):
    """No two records agree in all of these."""

    refs: tuple[Ref, ...]
    entity: Noun | None = None
    between: Noun | None = None
    """One of those that the records link to, where only they are named ("a room can't be booked
    twice for the same date")."""


@dataclass(frozen=True, slots=True)
class Computes(RuleStatement):
    """An attribute is the result of a calculation."""

    ref: Ref | None
    formula: Formula


@dataclass(frozen=True, slots=True)
class Aggregates(RuleStatement):
    """An attribute is a function over the values of other records."""

    ref: Ref | None
    function: AggregateFunction
    of: Ref | None
    """What is summed; ``None``: the records themselves are counted."""
    child: Noun | None
    conditions: tuple[Condition, ...] = ()
    parent: Noun | None = None
    """Whose records they are, where that is said once more ("enrollments in the course")."""


@dataclass(frozen=True, slots=True)
class Copies(RuleStatement):
    """An attribute starts with another record's value."""

    ref: Ref | None
    of: Ref | None
    """The other attribute; its noun is the other entity where only that is named."""
    source: Noun | None = None


@dataclass(frozen=True, slots=True)
class Transits(RuleStatement):
    """A state may go these ways."""

    ref: Ref | None
    pairs: tuple[tuple[Value, Value], ...]
    entity: Noun | None = None
    """Whose state it is, where only that is named ("an order goes from …")."""
    only: bool = False
    initial: Value | None = None


@dataclass(frozen=True, slots=True)
class Freezes(RuleStatement):
    """An attribute keeps its value."""

    ref: Ref | None


@dataclass(frozen=True, slots=True)
class Requires(RuleStatement):
    """An attribute must be given where others have these values; one tuple is one case."""

    refs: tuple[Ref, ...]
    cases: tuple[tuple[Condition, ...], ...]


@dataclass(frozen=True, slots=True)
class Lifts(RuleStatement):
    """A rule no longer holds; without one, all that are about something."""

    rule: (
        Compares | Times | UniqueSet | Computes | Aggregates | Copies | Transits | Freezes
        | Requires | None
    )  # fmt: skip
    about: Ref | None = None
    every: bool = False
    permitted: bool = False
    """Whether it is only said what may be ("may be before"): nothing to do without a rule."""


RuleFact = (
    Compares
    | Times
    | UniqueSet
    | Computes
    | Aggregates
    | Copies
    | Transits
    | Freezes
    | Requires
    | Lifts
)


def owned(rule: RuleFact, owner: Noun) -> RuleFact:
    """The rule with an owner for what has none: "may not be in the past for appointments"."""
    match rule:
        case Lifts(rule=inner) if inner is not None:
            return replace(rule, rule=owned(inner, owner))  # type: ignore[arg-type]  # no Lifts
        case UniqueSet():
            return rule if rule.entity is not None else replace(rule, entity=owner)
        case Transits(ref=None):
            return rule if rule.entity is not None else replace(rule, entity=owner)
        case Requires():
            refs = tuple(ref if ref.owner else replace(ref, owner=owner) for ref in rule.refs)
            return replace(rule, refs=refs)
        case Compares(left=ref):
            return replace(rule, left=_with(ref, owner))
        case Lifts():
            return rule
        case _:
            return replace(rule, ref=_with(rule.ref, owner))


def _with(ref: Ref | None, owner: Noun) -> Ref | None:
    return replace(ref, owner=owner) if ref is not None and ref.owner is None else ref


def subject_of(rule: RuleFact) -> Ref | None:
    """The attribute that a rule is said of, where it is one."""
    match rule:
        case Lifts(rule=inner) if inner is not None:
            return subject_of(inner)
        case Compares(left=ref):
            return ref
        case UniqueSet() | Lifts():
            return None
        case Requires():
            return rule.refs[0] if len(rule.refs) == 1 else None
        case _:
            return rule.ref


def with_subject(rule: RuleFact, ref: Ref) -> RuleFact:
    """A rule that stands behind an attribute in a list, as that attribute's."""
    match rule:
        case Lifts(rule=inner) if inner is not None:
            return replace(rule, rule=with_subject(inner, ref))  # type: ignore[arg-type]  # no Lifts
        case Compares():
            return replace(rule, left=ref)
        case Requires():
            return replace(rule, refs=(ref,))
        case UniqueSet() | Lifts():
            return rule
        case _:
            return replace(rule, ref=ref)
