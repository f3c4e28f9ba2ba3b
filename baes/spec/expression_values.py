"""What an expression gives for the values of one record: exact, and null where one is missing."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from typing import Any

from baes.spec.expressions import (
    Call,
    Expression,
    Name,
    Negative,
    Number,
    Operation,
    Text,
)

__all__ = ["days_of", "value_of", "years_of"]

EXACT = Context(prec=100, rounding=ROUND_HALF_UP)

Values = Mapping[str, Any]
"""Attribute -> its value in Python; ``None`` is null."""


def value_of(tree: Expression, values: Values, today: datetime.date) -> Any:
    """The expression's value; decimals are exact, and quotients have a hundred digits.

    Args:
        tree: An expression whose types fit.
        values: Those of the record.
        today: The day on which it is worked out.
    """
    with localcontext(EXACT):
        return _value(tree, values, today)


def days_of(first: datetime.date, last: datetime.date) -> int:
    """The days from one date or moment to the other."""
    return (_day(last) - _day(first)).days


def years_of(first: datetime.date, last: datetime.date) -> int:
    """The full years from one date to the other, as an age counts them."""
    start, end = _day(first), _day(last)
    if end < start:
        return -years_of(end, start)
    return end.year - start.year - ((end.month, end.day) < (start.month, start.day))


def _value(tree: Expression, values: Values, today: datetime.date) -> Any:
    match tree:
        case Number(value) | Text(value):
            return value
        case Name(name):
            return values[name]
        case Negative(operand):
            found = _value(operand, values, today)
            return None if found is None else -found
        case Operation(sign, left, right):
            sides = [_value(side, values, today) for side in (left, right)]
            return None if None in sides else _SIGNS[sign](*_alike(sides))
        case Call(function, arguments):
            found = [_value(argument, values, today) for argument in arguments]
            if function == "coalesce":
                return next((each for each in found if each is not None), None)
            if function == "today":
                return today
            return None if None in found else _FUNCTIONS[function](*_alike(found))


def _alike(values: list[Any]) -> list[Any]:
    """Exact and floating-point numbers don't mix by themselves."""
    if any(isinstance(value, float) for value in values):
        return [float(v) if isinstance(v, Decimal) else v for v in values]
    return values


def _ratio(dividend: Any, divisor: Any) -> Any:
    if divisor == 0:
        return None
    if isinstance(dividend, float) or isinstance(divisor, float):
        return dividend / divisor
    return Decimal(dividend) / Decimal(divisor)


def _rounded(number: Any, digits: int = 0) -> Any:
    exact = Decimal(repr(number)) if isinstance(number, float) else Decimal(number)
    result = exact.quantize(Decimal(1).scaleb(-digits))
    return type(number)(result) if digits else int(result)


def _day(moment: datetime.date) -> datetime.date:
    if isinstance(moment, datetime.datetime):
        return moment.astimezone(datetime.UTC).date()
    return moment


_SIGNS: dict[str, Callable[[Any, Any], Any]] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "/": _ratio,
    "||": lambda left, right: f"{left}{right}",
}
_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "round": _rounded,
    "abs": abs,
    "min": min,
    "max": max,
    "days_between": days_of,
    "years_between": years_of,
}
