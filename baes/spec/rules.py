"""Rules beyond one attribute's own limits; each is about one entity."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import ClassVar, Literal

__all__ = [
    "RULE_KINDS",
    "Aggregate",
    "Compare",
    "Computed",
    "Copy",
    "Immutable",
    "NotFuture",
    "NotPast",
    "RequiredIf",
    "Rule",
    "Transition",
    "UniqueTogether",
    "as_said",
]

Literal_ = str | int | Decimal | bool


@dataclass(frozen=True, slots=True)
class Compare:
    """``left op right`` holds: attributes, ``Parent.attribute`` or a literal on either side."""

    kind: ClassVar[str] = "compare"
    entity: str
    left: Literal_
    op: Literal["<", "<=", ">", ">=", "==", "!="]
    right: Literal_
    older_may_break: bool = False
    """Records from before the rule came may break it; new and edited ones may not."""


@dataclass(frozen=True, slots=True)
class NotFuture:
    """The date or datetime is not after the day on which it is written."""

    kind: ClassVar[str] = "not_future"
    entity: str
    attribute: str


@dataclass(frozen=True, slots=True)
class NotPast:
    """The date or datetime is not before the day on which it is written."""

    kind: ClassVar[str] = "not_past"
    entity: str
    attribute: str


@dataclass(frozen=True, slots=True)
class UniqueTogether:
    """No two records agree in all of these attributes or relationships."""

    kind: ClassVar[str] = "unique_together"
    entity: str
    attributes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Computed:
    """The attribute's value is an expression over the same record."""

    kind: ClassVar[str] = "computed"
    entity: str
    attribute: str
    expression: str


@dataclass(frozen=True, slots=True)
class Aggregate:
    """The attribute's value is a function over the record's children."""

    kind: ClassVar[str] = "aggregate"
    entity: str
    attribute: str
    function: Literal["sum", "count", "avg", "min", "max"]
    of: str
    """``Child.attribute``, or ``Child`` for a count."""
    where: tuple[tuple[str, Literal_, bool], ...] = ()
    """(attribute of the child, value, whether equal to it is wanted), all of which must hold."""


@dataclass(frozen=True, slots=True)
class Copy:
    """The attribute starts as the parent's value at the time of creation."""

    kind: ClassVar[str] = "copy"
    entity: str
    attribute: str
    of: str
    """``Parent.attribute``."""


@dataclass(frozen=True, slots=True)
class Transition:
    """The attribute may go from one value to another; only named pairs are allowed."""

    kind: ClassVar[str] = "transition"
    entity: str
    attribute: str
    source: str
    target: str
    older_may_break: bool = False
    """Records from before the rule came may be in a state that it doesn't name."""


@dataclass(frozen=True, slots=True)
class Immutable:
    """The attribute keeps the value it was created with."""

    kind: ClassVar[str] = "immutable"
    entity: str
    attribute: str


@dataclass(frozen=True, slots=True)
class RequiredIf:
    """The attribute is required when others have these values."""

    kind: ClassVar[str] = "required_if"
    entity: str
    attribute: str
    when: tuple[tuple[str, Literal_], ...]
    older_may_break: bool = False
    """Records from before the rule came may break it; new and edited ones may not."""


Rule = (
    Compare
    | NotFuture
    | NotPast
    | UniqueTogether
    | Computed
    | Aggregate
    | Copy
    | Transition
    | Immutable
    | RequiredIf
)

RULE_KINDS: dict[str, type[Rule]] = {
    rule.kind: rule
    for rule in (
        Compare, NotFuture, NotPast, UniqueTogether, Computed, Aggregate, Copy, Transition,
        Immutable, RequiredIf,
    )
}  # fmt: skip


def as_said(rule: Rule) -> Rule:
    """The rule without what follows from the data: whether older records may break it.

    >>> as_said(Compare("Stay", "until", ">", "since", older_may_break=True)).older_may_break
    False
    """
    if isinstance(rule, Compare | Transition | RequiredIf) and rule.older_may_break:
        return replace(rule, older_may_break=False)
    return rule
