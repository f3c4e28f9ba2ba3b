"""A calculation in words: "price + tax", "the full years from birth date to today"."""

from __future__ import annotations

from collections.abc import Callable

from baes.spec.expressions import (
    Call,
    Expression,
    Name,
    Negative,
    Number,
    Operation,
    Text,
    parse_expression,
)
from baes.texts import Message, said

__all__ = ["worded_expression"]

_SIGNS = {
    "*": ("utils.signs.times", 3), "/": ("utils.signs.over", 3), "+": ("utils.signs.plus", 2),
    "-": ("utils.signs.minus", 2), "||": ("utils.signs.joined", 1),
}  # fmt: skip
"""Sign -> (what is said, how strongly it binds)."""
_LITERAL = 4


def worded_expression(expression: str, name: Callable[[str], str], language: str) -> str:
    """The calculation of a rule as a part of a sentence.

    Args:
        expression: As the rule has it.
        name: What the user calls an attribute of the record.
        language: What is spoken.
    """
    return _worded(parse_expression(expression), name, language, 0)


def _worded(tree: Expression, name: Callable[[str], str], language: str, around: int) -> str:
    match tree:
        case Name(own):
            return name(own)
        case Number(value):
            return str(said(value, language))
        case Text(value):
            return f"“{value}”"
        case Negative(operand):
            return f"-{_worded(operand, name, language, _LITERAL)}"
        case Operation(sign, left, right):
            key, strength = _SIGNS[sign]
            sides = {
                "left": _worded(left, name, language, strength),
                "right": _worded(right, name, language, strength + 1),
            }
            both = Message.of(key, **sides).spoken(language)
            return f"({both})" if strength < around else both
        case Call(function, arguments):
            parts = tuple(_worded(argument, name, language, 0) for argument in arguments)
            return _called(function, parts, language)


def _called(function: str, parts: tuple[str, ...], language: str) -> str:
    to = function == "round" and len(parts) > 1
    slots: dict[str, object] = {"every": parts}
    slots |= dict(zip(("first", "second"), parts, strict=False))
    key = "utils.calls.round_to" if to else f"utils.calls.{function}"
    return Message.of(key, **slots).spoken(language)
