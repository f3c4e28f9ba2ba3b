"""SQL that is put together from strings."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from baes.standards.artifact_code import Code, Match, PythonCode, fits_any, found_at, last_segment
from baes.standards.finders import FinderOptions, finder

__all__ = ["sql_from_strings"]

UNSURE = 0.5

_SQL = re.compile(
    r"^\s*(?:SELECT\s.+\sFROM\b|INSERT\s+INTO\b|UPDATE\s+\S+\s+SET\b|DELETE\s+FROM\b|"
    r"(?:CREATE|DROP|ALTER)\s+(?:TABLE|INDEX|VIEW|UNIQUE|TRIGGER)\b|PRAGMA\s+\w)",
    re.IGNORECASE | re.DOTALL,
)
_SLOT = "\0"


@finder("python", "executing", "quoting")
def sql_from_strings(code: Code, options: FinderOptions) -> Iterator[Match]:
    """Statements that values are pasted into, by any way of making strings.

    Names that were quoted, constants in capitals and whole numbers may be pasted. A name alone, of
    a table or column, may come from the program itself: unsure, unless the text stands in a value's
    place. Options: ``executing`` are calls that take SQL, ``quoting`` those that make names safe.
    """
    python = code.python
    quoting = options.get("quoting", ())
    for node, text, values in _made_strings(python):
        if not _SQL.match(text):
            continue
        unsafe = [
            place for place, value in enumerate(values) if not _is_safe(python, value, quoting)
        ]
        if unsafe:
            is_value = any(_stands_for_value(text, place) for place in unsafe)
            runs = _is_executed(python, node, options.get("executing", ()))
            yield found_at(node, _shown(text), 1.0 if is_value or runs else UNSURE)


def _made_strings(python: PythonCode) -> Iterator[tuple[ast.expr, str, list[ast.expr]]]:
    """(expression, its text with slots, the values of the slots)."""
    for joined in python.of_kind(ast.JoinedStr):
        parts = [p.value if isinstance(p, ast.FormattedValue) else p for p in joined.values]
        yield joined, "".join(map(_text_or_slot, parts)), [p for p in parts if not _is_text(p)]
    for sum_ in python.of_kind(ast.BinOp):
        if isinstance(sum_.op, ast.Add) and not isinstance(python.parents[sum_], ast.BinOp):
            parts = list(_summands(sum_))
            if any(map(_is_text, parts)) and not all(map(_is_text, parts)):
                yield (
                    sum_,
                    "".join(map(_text_or_slot, parts)),
                    [p for p in parts if not _is_text(p)],
                )
        if isinstance(sum_.op, ast.Mod) and _is_text(sum_.left):
            text = re.sub(r"%\(?\w*\)?[sdr]", _SLOT, _text_or_slot(sum_.left))
            right = sum_.right
            yield sum_, text, list(right.elts) if isinstance(right, ast.Tuple) else [right]
    for call in python.of_kind(ast.Call):
        match call.func:
            case ast.Attribute(ast.Constant(str() as template), "format"):
                values = [*call.args, *(k.value for k in call.keywords)]
                yield call, re.sub(r"\{[^{}]*\}", _SLOT, template), values


def _summands(node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        yield from _summands(node.left)
        yield node.right
    else:
        yield node


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _text_or_slot(node: ast.expr) -> str:
    return str(node.value) if isinstance(node, ast.Constant) else _SLOT


def _is_safe(python: PythonCode, value: ast.expr, quoting: tuple[str, ...]) -> bool:
    match value:
        case ast.Constant():
            return True
        case ast.Call(func, arguments):
            if last_segment(func) == "join":
                return all(_is_safe_list(python, a, quoting) for a in arguments)
            return fits_any(python.dotted(func), quoting) or last_segment(func) in ("int", "len")
        case ast.Name(name) | ast.Attribute(_, name):
            return name.isupper() or _was_quoted(python, value, name, quoting)
        case _:
            return False


def _is_safe_list(python: PythonCode, value: ast.expr, quoting: tuple[str, ...]) -> bool:
    match value:
        case ast.GeneratorExp(element) | ast.ListComp(element):
            return _is_safe(python, element, quoting)
        case ast.Call(func, [ast.expr() as function, *_]) if last_segment(func) == "map":
            return fits_any(python.dotted(function), quoting)
        case _:
            return _is_safe(python, value, quoting)


def _was_quoted(python: PythonCode, value: ast.expr, name: str, quoting: tuple[str, ...]) -> bool:
    """Whether all that goes by a name in the function was made safe."""
    given = [
        node.value
        for node in python.within(python.scope_of(value), ast.Assign)
        if any(last_segment(target) == name for target in node.targets)
    ]
    return bool(given) and all(
        not isinstance(v, ast.Name) and _is_safe(python, v, quoting) for v in given
    )


def _stands_for_value(text: str, place: int) -> bool:
    before = _SLOT.join(text.split(_SLOT)[: place + 1])
    return bool(re.search(r"(?:[=<>'(,]|LIKE|IN|VALUES)\s*'?%?$", before, re.IGNORECASE)) and bool(
        re.search(r"\b(?:WHERE|SET|VALUES)\b", before, re.IGNORECASE)
    )


def _is_executed(python: PythonCode, node: ast.expr, executing: tuple[str, ...]) -> bool:
    return any(
        isinstance(outer, ast.Call) and fits_any(python.dotted(outer.func), executing)
        for outer in python.ancestors(node)
    )


def _shown(text: str) -> str:
    words = " ".join(text.replace(_SLOT, "…").split())
    return words if len(words) <= 40 else f"{words[:39]}…"
