"""Calculations in words: "quantity times unit price minus 10%", "the days between two dates".

What is read is the tree that the expressions of a rule have, with places instead of names; signs
bind as they do in arithmetic.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from baes.language.references import determiners, read_ref
from baes.language.rule_facts import Formula, Ref
from baes.language.values import read_number
from baes.language.words import Reader
from baes.spec.expressions import (
    Call,
    Expression,
    Name,
    Negative,
    Number,
    Operation,
    Operator,
    Text,
)

__all__ = ["read_formula"]

_MAX_DEPTH = 20
_TODAY = Call("today")
_SIGNS: dict[str, Operator] = {
    "sum": "+", "mean": "+", "product": "*", "difference": "-", "quotient": "/", "join": "||",
}  # fmt: skip


@dataclass(slots=True)
class _Builder:
    """What a calculation refers to, in order."""

    reader: Reader
    refs: list[Ref] = field(default_factory=list)
    depth: int = 0
    joined: bool = False

    def name(self, ref: Ref) -> Name:
        self.refs.append(ref)
        return Name(f"r{len(self.refs) - 1}")


@dataclass(frozen=True, slots=True)
class _Percent:
    """A bare percentage: of what, the sign before it says."""

    share: Decimal


def read_formula(reader: Reader) -> Formula | None:
    """A calculation that is more than a single name or number; the cursor is left behind it."""
    start = reader.position
    builder = _Builder(reader)
    tree = _sum(builder)
    tree = _rounded(tree, reader) if tree is not None else None
    if tree is None or isinstance(tree, Name | Number | Text | Negative):
        reader.position = start
        return None
    return Formula(tree, tuple(builder.refs), joined=builder.joined)


def _sign(reader: Reader, *signs: str) -> str:
    """Read one of some signs; empty where none of them follows."""
    hit = reader.peek("rule_sign")
    if hit is None or hit.value not in signs:
        return ""
    reader.take("rule_sign")
    return hit.value


def _sum(builder: _Builder) -> Expression | None:
    """Terms with plus, minus and joinings between them."""
    reader = builder.reader
    left = _term(builder)
    if left is None or isinstance(left, _Percent):
        return None
    while True:
        start = reader.position
        reader.mark(",")
        sign = _sign(reader, "+", "-", "||")
        if not sign:
            reader.position = start
            return left
        right = _term(builder)
        if right is None:
            reader.position = start
            return left
        if isinstance(right, _Percent):
            if sign == "||":
                return None
            share = 1 + right.share if sign == "+" else 1 - right.share
            left = Operation("*", left, Number(_plain(share)))
        elif sign == "||":
            builder.joined = builder.joined or not isinstance(right, Text)
            left = Operation("||", left, right)
        else:
            left = Operation("+" if sign == "+" else "-", left, right)


def _term(builder: _Builder) -> Expression | _Percent | None:
    """Factors with times and divided by between them."""
    reader = builder.reader
    left = _factor(builder)
    while left is not None and not isinstance(left, _Percent):
        start = reader.position
        sign = _sign(reader, "*", "/")
        right = _factor(builder) if sign else None
        if right is None:
            reader.position = start
            return left
        if isinstance(right, _Percent):
            right = Number(right.share)
        left = Operation("*" if sign == "*" else "/", left, right)
    return left


def _factor(builder: _Builder) -> Expression | _Percent | None:
    """A number, a name, a text, something in brackets, or a calculation with a name of its own."""
    reader = builder.reader
    if builder.depth > _MAX_DEPTH:
        return None
    builder.depth += 1
    start = reader.position
    for read in (_bracketed, _named, _number, _quoted, _today):
        found = read(builder)
        if found is not None:
            builder.depth -= 1
            return found
        reader.position = start
    builder.depth -= 1
    ref = read_ref(reader)
    return builder.name(ref) if ref is not None else None


def _bracketed(builder: _Builder) -> Expression | None:
    reader = builder.reader
    if not reader.mark("("):
        return None
    inside = _sum(builder)
    return inside if inside is not None and reader.mark(")") else None


def _quoted(builder: _Builder) -> Expression | None:
    reader = builder.reader
    token = reader.word.token
    if token.kind == "quoted":
        reader.position += 1
        return Text(token.norm or " ")
    reader.take("article") if "rule_space" in reader.ahead(1).hits else None
    return Text(" ") if reader.take("rule_space") else None


def _today(builder: _Builder) -> Expression | None:
    hit = builder.reader.peek("call")
    if hit is None or hit.value != "today":
        return None
    builder.reader.take("call")
    return _TODAY


def _number(builder: _Builder) -> Expression | _Percent | None:
    reader = builder.reader
    fraction = reader.peek("rule_fraction")
    if fraction is not None and reader.take("rule_fraction"):
        of = _factor(builder)
        if of is None or isinstance(of, _Percent):
            return None
        return Operation("*", of, Number(_plain(Decimal(fraction.value))))
    number = read_number(reader)
    if number is None:
        return None
    if reader.take("rule_percent") is None:
        return Number(_plain(Decimal(number)))
    share = Decimal(number) / 100
    if reader.take("of") is None:
        return _Percent(share)
    of = _factor(builder)
    if of is None or isinstance(of, _Percent):
        return None
    return Operation("*", of, Number(_plain(share)))


def _plain(value: Decimal) -> int | Decimal:
    """A number without zeros that say nothing."""
    whole = value == value.to_integral_value()
    return int(value) if whole else Decimal(format(value.normalize(), "f"))


# ------------------------------------------------------------- with names of their own
def _named(builder: _Builder) -> Expression | None:
    reader = builder.reader
    reader.take("article")
    if reader.take("rule_absolute") is not None:
        inside = _factor(builder)
        if inside is None or isinstance(inside, _Percent):
            return None
        return Call("abs", (inside,))
    hit = reader.peek("rule_since")
    if hit is not None and reader.take("rule_since"):
        return _since(builder, hit.value)
    hit = reader.peek("rule_between")
    if hit is not None and reader.take("rule_between"):
        two = _arguments(builder, spans=True)
        return Call(hit.value, two) if len(two) == 2 else None
    hit = reader.peek("rule_fold")
    if hit is not None and reader.take("rule_fold"):
        return _fold(builder, hit.value)
    return None


def _since(builder: _Builder, kind: str) -> Expression | None:
    date = _factor(builder)
    if date is None or isinstance(date, _Percent):
        return None
    if kind == "until":
        return Call("days_between", (_TODAY, date))
    return Call(kind, (date, _TODAY))


def _arguments(builder: _Builder, *, spans: bool = False) -> tuple[Expression, ...]:
    """Terms joined by commas and "and"; with ``spans`` two of them, joined by "to" as well."""
    reader = builder.reader
    found: list[Expression] = []
    while True:
        before = reader.position
        if found:
            comma = reader.mark(",")
            joined = reader.take("and") is not None
            if not (comma or joined or (spans and reader.take("span"))):
                break
            reader.take("owned_by")  # "a soma do valor e do imposto"
        term = _term(builder)
        if term is None or isinstance(term, _Percent):
            reader.position = before
            break
        found.append(term)
    return tuple(found)


def _fold(builder: _Builder, kind: str) -> Expression | None:
    """As in "the product of a and b": two terms at least, or it is something else."""
    determiners(builder.reader)
    terms = _arguments(builder)
    if len(terms) < 2:
        return None
    if kind in ("max", "min"):
        return Call(kind, terms)
    if kind in ("difference", "quotient") and len(terms) > 2:
        return None
    tree = terms[0]
    for term in terms[1:]:
        tree = Operation(_SIGNS[kind], tree, term)
    builder.joined = builder.joined or kind == "join"
    return Operation("/", tree, Number(len(terms))) if kind == "mean" else tree


def _rounded(tree: Expression, reader: Reader) -> Expression | None:
    """As in "…, rounded to 2 decimals"."""
    start = reader.position
    reader.mark(",")
    hit = reader.peek("rule_round")
    if hit is None or not reader.take("rule_round"):
        reader.position = start
        return tree
    if hit.value != "to":
        return Call("round", (tree,))
    number = read_number(reader)
    if number is None or not number.isdigit():
        return None
    reader.take("rule_digits")
    return Call("round", (tree, Number(int(number))))
