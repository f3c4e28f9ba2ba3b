"""Expressions of computed attributes: text to a tree of frozen values, and back.

The grammar is data beside this module. A function's name is parsed like any other name and looked
up afterwards: a keyword would make an attribute called ``count`` unusable. Users' text is never
handed to Python's own parser.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from baes.datafiles import PACKAGE
from baes.errors import InvalidSpec

__all__ = [
    "FUNCTIONS",
    "Call",
    "Expression",
    "Name",
    "Negative",
    "Number",
    "Operation",
    "Operator",
    "Text",
    "canonical",
    "depends_on_today",
    "expression_text",
    "names_in",
    "parse_expression",
    "renamed",
    "walk",
]

Operator = Literal["+", "-", "*", "/", "||"]

MAX_LENGTH = 500
"""Characters: enough for any business, and a tree that no walk through it can choke on."""

FUNCTIONS: dict[str, tuple[int, int | None]] = {
    "round": (1, 2),
    "abs": (1, 1),
    "min": (2, None),
    "max": (2, None),
    "coalesce": (2, None),
    "today": (0, 0),
    "days_between": (2, 2),
    "years_between": (2, 2),
}
"""Function -> (fewest, most) arguments; ``None``: any number."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number as written; ``Decimal`` where it has a point."""

    value: int | Decimal


@dataclass(frozen=True, slots=True)
class Text:
    """A quoted text."""

    value: str


@dataclass(frozen=True, slots=True)
class Name:
    """An attribute of the record."""

    name: str


@dataclass(frozen=True, slots=True)
class Negative:
    """A minus before something."""

    operand: Expression


@dataclass(frozen=True, slots=True)
class Operation:
    """A sign between two operands."""

    operator: Operator
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Call:
    """One of ``FUNCTIONS`` with its arguments."""

    function: str
    arguments: tuple[Expression, ...] = ()


Expression = Number | Text | Name | Negative | Operation | Call

_STRENGTH: dict[str, int] = {"||": 1, "+": 2, "-": 2, "*": 3, "/": 3}
_SIGNED = 4


@functools.lru_cache(maxsize=1000)
def parse_expression(text: str) -> Expression:
    """The expression that a text says.

    >>> parse_expression("quantity * 2")
    Operation(operator='*', left=Name(name='quantity'), right=Number(value=2))

    Raises:
        InvalidSpec: It is none, or calls what is no function.
    """
    if len(text) > MAX_LENGTH:
        raise InvalidSpec.of("spec.expression.too_long", limit=MAX_LENGTH)
    from lark.exceptions import UnexpectedInput, UnexpectedToken, VisitError

    try:
        tree: Expression = _parser()(text)
    except UnexpectedInput as exc:
        if isinstance(exc, UnexpectedToken) and exc.token.type == "$END":
            raise InvalidSpec.of("spec.expression.unfinished", expression=text) from exc
        rest = text[exc.pos_in_stream or 0 :]
        raise InvalidSpec.of("spec.expression.unreadable", expression=text, rest=rest) from exc
    except VisitError as exc:
        if isinstance(exc.orig_exc, InvalidSpec):
            raise exc.orig_exc from exc
        raise
    return tree


def expression_text(tree: Expression) -> str:
    """The one way in which an expression is written.

    >>> expression_text(parse_expression("(a+b)*(c*2)  - min(a , b)"))
    '(a + b) * (c * 2) - min(a, b)'
    """
    return _text(tree, 0)


def canonical(text: str) -> str:
    """A text's expression, written in the one way.

    Raises:
        InvalidSpec: It is no expression.
    """
    return expression_text(parse_expression(text))


def names_in(tree: Expression) -> tuple[str, ...]:
    """The attributes that an expression uses, each once, in the order of their first use."""
    found = (node.name for node in walk(tree) if isinstance(node, Name))
    return tuple(dict.fromkeys(found))


def depends_on_today(tree: Expression) -> bool:
    """Whether the expression has another value tomorrow."""
    return any(isinstance(node, Call) and node.function == "today" for node in walk(tree))


def renamed(tree: Expression, rename: Callable[[str], str]) -> Expression:
    """The expression with other names of attributes."""
    match tree:
        case Name(name):
            return Name(rename(name))
        case Negative(operand):
            return Negative(renamed(operand, rename))
        case Operation(operator, left, right):
            return Operation(operator, renamed(left, rename), renamed(right, rename))
        case Call(function, arguments):
            return Call(function, tuple(renamed(each, rename) for each in arguments))
        case _:
            return tree


def walk(tree: Expression) -> Iterator[Expression]:
    """The expression and all its parts, the whole before its parts, left before right."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        match node:
            case Negative(operand):
                waiting.append(operand)
            case Operation(_, left, right):
                waiting += (right, left)
            case Call(_, arguments):
                waiting += reversed(arguments)


def _text(tree: Expression, around: int) -> str:
    """Written so that it stays one operand of a sign as strong as ``around``."""
    match tree:
        case Number(value):
            return format(value, "f") if isinstance(value, Decimal) else str(value)
        case Text(value):
            return "'" + value.replace("'", "''") + "'"
        case Name(name):
            return name
        case Call(function, arguments):
            return f"{function}({', '.join(_text(each, 0) for each in arguments)})"
        case Negative(operand):
            strength, said = _SIGNED, f"-{_text(operand, _SIGNED)}"
        case Operation(operator, left, right):
            strength = _STRENGTH[operator]
            said = f"{_text(left, strength)} {operator} {_text(right, strength + 1)}"
    return f"({said})" if strength < around else said


@functools.cache
def _parser() -> Callable[[str], Expression]:
    """Built when the first expression is read: lark takes longer to import than a request."""
    from lark import Lark, Transformer, v_args

    @v_args(inline=True)
    class Builder(Transformer[Any, Any]):
        """Makes the values while the text is parsed, so that no depth is a danger."""

        def number(self, digits: str) -> Number:
            return Number(Decimal(digits) if "." in digits else int(digits))

        def text(self, quoted: str) -> Text:
            sign = quoted[0]
            return Text(str(quoted[1:-1]).replace(sign * 2, sign))

        def name(self, name: str) -> Name:
            return Name(str(name))

        def negative(self, _: str, operand: Expression) -> Expression:
            return Negative(operand)

        def positive(self, _: str, operand: Expression) -> Expression:
            return operand

        def operation(self, left: Expression, sign: Any, right: Expression) -> Operation:
            return Operation(sign.value, left, right)

        def operation_joining(self, left: Expression, right: Expression) -> Operation:
            return Operation("||", left, right)

        def arguments(self, *given: Expression | None) -> tuple[Expression, ...]:
            return tuple(each for each in given if each is not None)

        def call(self, function: str, arguments: tuple[Expression, ...]) -> Call:
            return _checked_call(str(function), arguments)

    grammar = (PACKAGE / "spec" / "expressions.lark").read_text(encoding="utf-8")
    parser = Lark(grammar, parser="lalr", transformer=Builder())
    return lambda text: parser.parse(text)  # type: ignore[return-value]  # the transformer's


def _checked_call(function: str, arguments: tuple[Expression, ...]) -> Call:
    if function not in FUNCTIONS:
        known = tuple(FUNCTIONS)
        raise InvalidSpec.of("spec.expression.no_function", function=function, known=known)
    fewest, most = FUNCTIONS[function]
    if len(arguments) < fewest or (most is not None and len(arguments) > most):
        key = "spec.expression.wrong_count"
        raise InvalidSpec.of(key, function=function, wanted=fewest, given=len(arguments))
    return Call(function, arguments)
