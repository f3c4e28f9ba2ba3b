"""Expressions of rules as Python source of the generated system."""

from __future__ import annotations

import builtins
import keyword
from collections.abc import Iterator
from decimal import Decimal

from baes.spec.expression_types import Types, type_of
from baes.spec.expressions import (
    Call,
    Expression,
    Name,
    Negative,
    Number,
    Operation,
    Text,
    names_in,
    walk,
)
from baes.spec.model import Attribute
from baes.spec.scales import scale_of
from baes.swea_agents.column_types import max_length_of

__all__ = ["expression_imports", "expression_lines", "fit_code"]

_HELPERS = frozenset(
    {"record", "ratio", "rounded", "joined", "coalesce", "today", "value_of", "values_of",
     "days_between", "years_between", "nullable", "datetime", "operator"}
)  # fmt: skip
_IMPORTS = {
    "/": "app.rule_values.ratio",
    "||": "app.rule_values.joined",
    "today": "app.fields.today",
    "round": "app.rule_values.rounded",
    "coalesce": "app.rule_values.coalesce",
    "days_between": "app.rule_values.days_between",
    "years_between": "app.rule_values.years_between",
}
"""Sign or function -> what it needs."""
_STRENGTH = {"+": 2, "-": 2, "*": 3}
_SIGNED = 4


def expression_lines(tree: Expression, types: Types) -> Iterator[str]:
    """The body of a function of a ``record`` that gives an expression's value."""
    needed = tuple(_needed(tree))
    variables = ", ".join(map(_variable, needed))
    if len(needed) == 1:
        yield f"{variables} = value_of(record, {needed[0]!r})"
    elif needed:
        yield f"{variables} = values_of(record, {', '.join(map(repr, needed))})"
    yield f"return {_Writer(types).code(tree)}"


def expression_imports(tree: Expression) -> Iterator[str]:
    """What the function needs."""
    needed = len(tuple(_needed(tree)))
    if needed:
        yield "app.rule_values.value_of" if needed == 1 else "app.rule_values.values_of"
    for node in walk(tree):
        match node:
            case Number(value) if isinstance(value, Decimal):
                yield "decimal.Decimal"
            case Operation(operator) if operator in _IMPORTS:
                yield _IMPORTS[operator]
            case Call(function) if function in _IMPORTS:
                yield _IMPORTS[function]
            case _:
                pass
        if isinstance(node, Call) and node.function == "coalesce" and names_in(node):
            yield "app.rule_values.value_of"


def fit_code(attribute: Attribute) -> tuple[str, str]:
    """(source, import) of what gives a result the form that an attribute has."""
    match attribute.type:
        case "decimal":
            return f"digits({scale_of(attribute)})", "app.rule_values.digits"
        case "integer":
            return "whole", "app.rule_values.whole"
        case "float":
            return "real", "app.rule_values.real"
        case "string" | "text" | "email" | "url" | "phone":
            return f"up_to({max_length_of(attribute)})", "app.rule_values.up_to"
        case _:
            return "as_it_is", "app.rule_values.as_it_is"


def _needed(tree: Expression) -> Iterator[str]:
    """The values without which there is no result: all but those that have a substitute."""
    seen: set[str] = set()
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        match node:
            case Name(name) if name not in seen:
                seen.add(name)
                yield name
            case Negative(operand):
                waiting.append(operand)
            case Operation(_, left, right):
                waiting += (right, left)
            case Call(function, arguments) if function != "coalesce":
                waiting += reversed(arguments)


def _variable(name: str) -> str:
    taken = keyword.iskeyword(name) or name in _HELPERS or hasattr(builtins, name)
    return f"{name}_" if taken else name


class _Writer:
    def __init__(self, types: Types) -> None:
        self._types = types

    def code(self, tree: Expression, around: int = 0, *, may_lack: bool = False) -> str:
        """The source, as one operand of a sign as strong as ``around``."""
        match tree:
            case Number(value):
                return f"Decimal({str(value)!r})" if isinstance(value, Decimal) else str(value)
            case Text(value):
                return repr(value)
            case Name(name):
                return f"value_of(record, {name!r})" if may_lack else _variable(name)
            case Negative(operand):
                inner = f"-{self.code(operand, _SIGNED, may_lack=may_lack)}"
                return f"({inner})" if around >= _SIGNED else inner
            case Operation("/", left, right):
                return f"ratio({self._both(tree, left, right, may_lack=may_lack)})"
            case Operation("||"):
                parts = (self.code(part, may_lack=may_lack) for part in _parts(tree))
                return f"joined({', '.join(parts)})"
            case Operation(sign, left, right):
                strength = _STRENGTH[sign]
                first = self._number(tree, left, strength, may_lack=may_lack)
                second = self._number(tree, right, strength + 1, may_lack=may_lack)
                said = f"{first} {sign} {second}"
                return f"({said})" if strength < around else said
            case Call():
                return self._call(tree, may_lack=may_lack)

    def _call(self, call: Call, *, may_lack: bool) -> str:
        if call.function == "coalesce":
            each = (
                f"lambda: {self._number(call, argument, 0, may_lack=True)}"
                for argument in call.arguments
            )
            return f"coalesce({', '.join(each)})"
        name = "rounded" if call.function == "round" else call.function
        is_choice = call.function in ("min", "max")
        arguments = (
            self._number(call, argument, 0, may_lack=may_lack)
            if is_choice
            else self.code(argument, may_lack=may_lack)
            for argument in call.arguments
        )
        return f"{name}({', '.join(arguments)})"

    def _both(
        self, tree: Expression, left: Expression, right: Expression, *, may_lack: bool
    ) -> str:
        sides = (self._number(tree, side, 0, may_lack=may_lack) for side in (left, right))
        return ", ".join(sides)

    def _number(self, whole: Expression, part: Expression, around: int, *, may_lack: bool) -> str:
        """A part of a calculation; exact and floating-point numbers don't mix by themselves."""
        if type_of(whole, self._types).kind != "float":
            return self.code(part, around, may_lack=may_lack)
        if type_of(part, self._types).kind != "decimal":
            return self.code(part, around, may_lack=may_lack)
        return f"float({self.code(part, may_lack=may_lack)})"


def _parts(tree: Expression) -> Iterator[Expression]:
    if isinstance(tree, Operation) and tree.operator == "||":
        yield from _parts(tree.left)
        yield from _parts(tree.right)
    else:
        yield tree
