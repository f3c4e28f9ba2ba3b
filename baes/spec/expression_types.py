"""What kind of value an expression gives, and how many digits a decimal one has.

The kinds are those of attributes. Whatever has no meaning (a date plus a price, a date minus a
date) is refused with a reason, never made to fit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from baes.errors import InvalidSpec
from baes.spec.attribute_types import NUMERIC_TYPES, TEXTUAL_TYPES, AttributeType
from baes.spec.expressions import (
    Call,
    Expression,
    Name,
    Negative,
    Number,
    Operation,
    Text,
    expression_text,
)
from baes.spec.model import Attribute
from baes.texts import Message

__all__ = ["ValueType", "can_hold", "comparable", "type_of", "type_of_attribute"]

MAX_SCALE = 17
_DATED = ("date", "datetime")


@dataclass(frozen=True, slots=True)
class ValueType:
    """The kind of a value; textual types are all ``string``."""

    kind: AttributeType
    scale: int | None = 0
    """Of a decimal: its digits after the point; ``None`` where they need not end."""


Types = Mapping[str, ValueType]
"""Attribute -> what it holds."""


def type_of_attribute(attribute: Attribute, scale: int | None = None) -> ValueType:
    """What an attribute holds.

    Args:
        attribute: Any attribute.
        scale: Its digits after the point, where they are known to be others than it says.
    """
    if attribute.type in TEXTUAL_TYPES:
        return ValueType("string")
    if attribute.type == "decimal":
        return ValueType("decimal", attribute.scale if scale is None else scale)
    return ValueType(attribute.type)


def type_of(tree: Expression, types: Types) -> ValueType:
    """What an expression gives.

    Raises:
        InvalidSpec: It names what isn't there, or has no meaning; the reason says which part.
    """
    match tree:
        case Number(value):
            exponent = value.as_tuple().exponent if isinstance(value, Decimal) else 0
            return ValueType("decimal", -int(exponent)) if exponent else ValueType("integer")
        case Text():
            return ValueType("string")
        case Name(name):
            if name not in types:
                raise InvalidSpec.of("spec.expression.no_attribute", name=name, known=tuple(types))
            return types[name]
        case Negative(operand):
            return _number(operand, types)
        case Operation("||"):
            return _joined(tree, types)
        case Operation():
            return _arithmetic(tree, types)
        case Call(function):
            return _CALLS[function](tree, types)


def can_hold(target: ValueType, value: ValueType) -> bool:
    """Whether an attribute can be given a value of a type; decimals are rounded to its digits."""
    if target.kind == value.kind:
        return True
    return value.kind in {"decimal": {"integer"}, "float": {"integer", "decimal"}}.get(
        target.kind, set()
    )


def comparable(one: ValueType, other: ValueType) -> bool:
    """Whether one value can be less than or equal to the other."""
    if one.kind in NUMERIC_TYPES and other.kind in NUMERIC_TYPES:
        return True
    return one.kind == other.kind or {one.kind, other.kind} == set(_DATED)


def _arithmetic(tree: Operation, types: Types) -> ValueType:
    for side in (tree.left, tree.right):
        if type_of(side, types).kind in _DATED and tree.operator == "-":
            raise InvalidSpec.of("spec.expression.days", expression=expression_text(tree))
    left, right = (_number(side, types, tree) for side in (tree.left, tree.right))
    if "float" in (left.kind, right.kind):
        return ValueType("float")
    if tree.operator == "/":
        return ValueType("decimal", None)
    if left.kind == right.kind == "integer":
        return ValueType("integer")
    if left.scale is None or right.scale is None:
        return ValueType("decimal", None)
    multiplied = tree.operator == "*"
    both = left.scale + right.scale if multiplied else max(left.scale, right.scale)
    return ValueType("decimal", both)


def _joined(tree: Operation, types: Types) -> ValueType:
    for side in (tree.left, tree.right):
        if type_of(side, types).kind not in ("string", "integer", "date"):
            raise _no(tree, side, "joined", types)
    return ValueType("string")


def _number(side: Expression, types: Types, whole: Expression | None = None) -> ValueType:
    found = type_of(side, types)
    if found.kind not in NUMERIC_TYPES:
        raise _no(whole or side, side, "number", types)
    return found


def _rounded(call: Call, types: Types) -> ValueType:
    value = _number(call.arguments[0], types, call)
    if len(call.arguments) == 1:
        return ValueType("integer")
    digits = call.arguments[1]
    if not isinstance(digits, Number) or not isinstance(digits.value, int):
        raise InvalidSpec.of("spec.expression.digits", expression=expression_text(call))
    if digits.value > MAX_SCALE:
        raise InvalidSpec.of("spec.expression.digits", expression=expression_text(call))
    if value.kind in ("float", "integer"):
        return value
    return ValueType("decimal", digits.value)


def _common(call: Call, types: Types) -> ValueType:
    """What the arguments have in common."""
    first, *others = (type_of(each, types) for each in call.arguments)
    for other, argument in zip(others, call.arguments[1:], strict=True):
        if can_hold(first, other):
            first = _wider(first, other)
        elif can_hold(other, first):
            first = _wider(other, first)
        else:
            raise _no(call, argument, "alike", types)
    if call.function != "coalesce" and first.kind not in (*NUMERIC_TYPES, *_DATED):
        raise _no(call, call.arguments[0], "ordered", types)
    return first


def _wider(holder: ValueType, held: ValueType) -> ValueType:
    if holder.scale is None or held.scale is None:
        return ValueType(holder.kind, None)
    return ValueType(holder.kind, max(holder.scale, held.scale))


def _between(call: Call, types: Types) -> ValueType:
    for argument in call.arguments:
        if type_of(argument, types).kind not in _DATED:
            raise _no(call, argument, "dated", types)
    return ValueType("integer")


def _no(whole: Expression, part: Expression, key: str, types: Types) -> InvalidSpec:
    return InvalidSpec.of(
        f"spec.expression.{key}",
        expression=expression_text(whole),
        part=expression_text(part),
        type=Message.of(f"common.types.{type_of(part, types).kind}"),
    )


_CALLS: dict[str, Callable[[Call, Types], ValueType]] = {
    "round": _rounded,
    "abs": lambda call, types: _number(call.arguments[0], types, call),
    "min": _common,
    "max": _common,
    "coalesce": _common,
    "today": lambda _call, _types: ValueType("date"),
    "days_between": _between,
    "years_between": _between,
}
