"""What rules make of stored values, as functions for the preview's queries.

They are those of the generated system: its template and the code made of an expression are run, so
that what a preview says is what the system will do. Users' text gets no further than the parser.
"""

from __future__ import annotations

import ast
import datetime
import functools
import json
import operator
import sqlite3
from collections.abc import Callable
from decimal import Decimal
from importlib import resources
from typing import Any

from baes.spec.expression_types import ValueType
from baes.spec.expressions import Expression, parse_expression
from baes.spec.limits import MAX_SCALE
from baes.swea_agents.rule_code import expression_lines

__all__ = ["register_rule_functions"]

_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
    "==": operator.eq, "!=": operator.ne,
}  # fmt: skip
_MISFIT = "misfit"
"""The result of what no column can hold."""


def register_rule_functions(connection: sqlite3.Connection) -> None:
    """Make the functions known to a connection's queries."""
    for name, function in (
        ("computed_value", _computed_value),
        ("aggregate_value", _aggregate_value),
        ("compares", _compares),
        ("is_later_than_today", _is_later_than_today),
        ("is_given", _is_given),
    ):
        connection.create_function(name, -1, function)


def _computed_value(expression: str, types: str, wanted: str, *stored: Any) -> Any:
    """The stored form of what an expression gives; ``types`` is JSON: name -> stored type."""
    function, names = _compiled(expression, types)
    record = {name: _read(value, kind) for (name, kind), value in zip(names, stored, strict=True)}
    return _fitted(lambda: function(record), wanted)


def _aggregate_value(function: str, kind: str, wanted: str, count: int, value: Any) -> Any:
    """The stored form of what children add up to."""
    if value is None:
        return _fitted(lambda: 0, wanted) if function == "sum" else None
    if function == "count":
        return value
    found = _read(value, kind)
    return _fitted(lambda: _kit()["ratio"](found, count) if function == "avg" else found, wanted)


def _compares(left: Any, left_kind: str, sign: str, right: Any, right_kind: str) -> int:
    """Whether two stored values compare like that, as the system's rule says it."""
    values = (_read(left, left_kind), _read(right, right_kind))
    return int(_kit()["holds"](values[0], _OPERATORS[sign], values[1]))


def _is_later_than_today(value: Any, kind: str) -> int:
    found = _read(value, kind)
    return int(found is not None and _kit()["is_in_future"](found))


def _is_given(value: Any) -> int:
    return int(_kit()["is_given"](value))


def _fitted(result: Callable[[], Any], wanted: str) -> Any:
    try:
        value = result()
        return None if value is None else _stored(_fit(wanted)(value), wanted)
    except _kit()["MisfitError"]:
        return _MISFIT


@functools.cache
def _fit(wanted: str) -> Callable[[Any], Any]:
    name, _, scale = wanted.rstrip(")").partition("(")
    kit = _kit()
    if name == "decimal":
        fit: Callable[[Any], Any] = kit["digits"](int(scale))
        return fit
    fits: dict[str, Callable[[Any], Any]] = {"integer": kit["whole"], "float": kit["real"]}
    as_it_is: Callable[[Any], Any] = kit["as_it_is"]
    return fits.get(name, as_it_is)


@functools.cache
def _compiled(
    expression: str, types: str
) -> tuple[Callable[[dict[str, Any]], Any], tuple[tuple[str, str], ...]]:
    """(the function that the system gets, (name, stored type) of what it reads)."""
    kinds: dict[str, str] = json.loads(types)
    tree: Expression = parse_expression(expression)
    lines = "\n    ".join(
        expression_lines(tree, {name: _value_type(kind) for name, kind in kinds.items()})
    )
    scope = dict(_kit())
    exec(f"def function(record):\n    {lines}", scope)  # noqa: S102  made from the parsed tree
    return scope["nullable"](scope["function"]), tuple(kinds.items())


def _value_type(kind: str) -> ValueType:
    name, _, scale = kind.rstrip(")").partition("(")
    textual = name in ("text", "email", "url", "phone")
    return ValueType("string" if textual else name, int(scale or 0))  # type: ignore[arg-type]  # a type


@functools.cache
def _kit() -> dict[str, Any]:
    """What the system's ``app/rule_values.py`` defines."""
    template = resources.files("baes.templates") / "rules" / "values.py.j2"
    comment, _, source = template.read_text(encoding="utf-8").partition("\n")
    assert comment.startswith("{#"), "the template has no other tag"  # noqa: S101
    tree = ast.parse(source)
    tree.body = [
        node
        for node in tree.body
        if not (isinstance(node, ast.ImportFrom) and node.module == "app.fields")
    ]
    scope: dict[str, Any] = {
        "MAX_DIGITS": MAX_SCALE + 1,
        "MAX_INTEGER": 2**63 - 1,
        "MIN_INTEGER": -(2**63),
        "today": datetime.date.today,
        "now": lambda: datetime.datetime.now(datetime.UTC),
        "Decimal": Decimal,
    }
    exec(compile(tree, "rules/values.py.j2", "exec"), scope)  # noqa: S102  our own template
    return scope


def _read(value: Any, kind: str) -> Any:
    """A stored value as the system reads it."""
    if value is None:
        return None
    match kind.partition("(")[0]:
        case "decimal":
            return Decimal(value).scaleb(-int(kind.rstrip(")").partition("(")[2]))
        case "exact":
            return Decimal(value)
        case "boolean":
            return bool(value)
        case "date":
            return datetime.date.fromisoformat(value)
        case "time":
            return datetime.time.fromisoformat(value)
        case "datetime":
            return datetime.datetime.fromisoformat(value).replace(tzinfo=datetime.UTC)
        case _:
            return value


def _stored(value: Any, kind: str) -> Any:
    """A value as the system stores it."""
    match kind.partition("(")[0]:
        case "decimal":
            return int(value.scaleb(int(kind.rstrip(")").partition("(")[2])))
        case "boolean":
            return int(value)
        case "datetime":
            return f"{value.astimezone(datetime.UTC):%Y-%m-%d %H:%M:%S.%f}"
        case "date" | "time":
            return value.isoformat()
        case _:
            return value
