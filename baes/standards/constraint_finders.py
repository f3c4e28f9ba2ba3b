"""Limits and references of tables that Python declares."""

from __future__ import annotations

import ast
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing

from baes.standards.artifact_code import Code, Match, PythonCode, found_at, last_segment
from baes.standards.finders import FinderOptions, finder

__all__ = [
    "broken_check",
    "contradictory_nullability",
    "inexact_number",
    "reference_without_action",
    "unnamed_constraint",
]

_CONSTRAINTS = frozenset(
    {"ForeignKey", "ForeignKeyConstraint", "CheckConstraint", "UniqueConstraint"}
)
_REFERENCES = frozenset({"ForeignKey", "ForeignKeyConstraint"})
_COLUMN = frozenset({"mapped_column", "Column"})
_INEXACT = frozenset(
    {"Float", "Double", "REAL", "FLOAT", "DOUBLE", "Numeric", "DECIMAL", "NUMERIC"}
)
_UNSTEADY = re.compile(
    r"'now'|\b(?:current_date|current_time|current_timestamp)\b|\brandom\s*\(", re.IGNORECASE
)
_WORD = re.compile(r"'(?:[^']|'')*'|\"([^\"]+)\"|([A-Za-z_]\w*)(?!\s*\()")
_KEYWORDS = frozenset(
    [
        *("and", "or", "not", "in", "is", "null", "between", "like", "glob", "escape", "case"),
        *("when", "then", "else", "end", "cast", "as", "collate", "integer", "text", "real"),
        *("blob", "exists", "select", "from", "where", "true", "false"),
    ]
)


@finder("python")
def unnamed_constraint(code: Code, _: FinderOptions) -> Iterator[Match]:
    """Constraints without a name: a migration could never drop or change them."""
    for call in _schema_calls(code.python, _CONSTRAINTS):
        if not any(k.arg == "name" for k in call.keywords):
            yield found_at(call, last_segment(call.func))


@finder("python")
def reference_without_action(code: Code, _: FinderOptions) -> Iterator[Match]:
    """Foreign keys that don't say what becomes of a record when the other one goes."""
    for call in _schema_calls(code.python, _REFERENCES):
        if not any(k.arg == "ondelete" for k in call.keywords):
            yield found_at(call, ast.unparse(call.args[0]) if call.args else "")


@finder("python")
def contradictory_nullability(code: Code, _: FinderOptions) -> Iterator[Match]:
    """Columns whose annotation, ``nullable`` and ``ondelete`` contradict each other."""
    for call in code.python.of_kind(ast.Call):
        if last_segment(call.func) not in _COLUMN:
            continue
        said = _flag(call, "nullable")
        annotated = _annotated_optional(code.python, call)
        if None not in (said, annotated) and said != annotated:
            yield found_at(call, f"nullable={said} contradicts the annotation")
        optional = said if annotated is None else annotated
        if optional is False and _is_emptied(call):
            yield found_at(call, "it may not be null, and ondelete sets it to null")


@finder("python")
def inexact_number(code: Code, _: FinderOptions) -> Iterator[Match]:
    """Exact numbers in columns that store them inexactly, which SQLite does with NUMERIC too."""
    for node in code.python.of_kind(ast.AnnAssign):
        if not isinstance(node.value, ast.Call) or last_segment(node.value.func) not in _COLUMN:
            continue
        if not re.search(r"\bDecimal\b", ast.unparse(node.annotation)):
            continue
        for argument in node.value.args:
            name = argument.func if isinstance(argument, ast.Call) else argument
            if last_segment(name) in _INEXACT:
                yield found_at(argument, last_segment(name))


@finder("python")
def broken_check(code: Code, _: FinderOptions) -> Iterator[Match]:
    """Checks that SQLite refuses, that name no column of their own, or that change with time."""
    for call in _schema_calls(code.python, frozenset({"CheckConstraint"})):
        match call.args[:1]:
            case [ast.Constant(str() as text)]:
                why = _fault_of(text.replace("\\:", ":"), _column_of(code.python, call))
                if why:
                    yield found_at(call, f"{text}: {why}")
            case _:
                continue


def _schema_calls(python: PythonCode, words: frozenset[str]) -> list[ast.Call]:
    return [call for call in python.of_kind(ast.Call) if last_segment(call.func) in words]


def _column_of(python: PythonCode, call: ast.Call) -> str | None:
    """The column in whose declaration a call stands; ``None``: the table's own."""
    for outer in python.ancestors(call):
        match outer:
            case ast.Call(func, [ast.Constant(str() as name), *_]) if last_segment(func) in _COLUMN:
                return name
            case ast.AnnAssign(target=ast.Name(name)) | ast.Assign(targets=[ast.Name(name)]):
                return name if _column_in(outer) else None
            case ast.ClassDef():
                return None
    return None


def _column_in(statement: ast.AnnAssign | ast.Assign) -> bool:
    value = statement.value
    return isinstance(value, ast.Call) and last_segment(value.func) in _COLUMN


def _fault_of(text: str, column: str | None) -> str:
    if _UNSTEADY.search(text):
        return "what it says changes with time, which SQLite refuses at each insert"
    columns = {column.lower()} if column is not None else set(_names_in(text))
    if not columns:
        return "it names no column"
    declared = ", ".join(f'"{name}"' for name in sorted(columns))
    with closing(sqlite3.connect(":memory:")) as database:
        try:
            database.execute(f"CREATE TABLE t ({declared}, CHECK ({text}))")
        except (sqlite3.Error, sqlite3.Warning) as exc:
            return "" if "no such function" in str(exc) else str(exc)
    return ""


def _names_in(text: str) -> Iterator[str]:
    for quoted, plain in _WORD.findall(text):
        if quoted or (plain and plain.lower() not in _KEYWORDS):
            yield (quoted or plain).lower()


def _flag(call: ast.Call, name: str) -> bool | None:
    for keyword in call.keywords:
        if keyword.arg == name and isinstance(keyword.value, ast.Constant):
            return bool(keyword.value.value)
    return None


def _annotated_optional(python: PythonCode, call: ast.Call) -> bool | None:
    match python.parents[call]:
        case ast.AnnAssign(annotation=annotation):
            words = ast.unparse(annotation)
            return bool(re.search(r"\bNone\b|\bOptional\b", words))
        case _:
            return None


def _is_emptied(call: ast.Call) -> bool:
    for node in ast.walk(call):
        if isinstance(node, ast.keyword) and node.arg == "ondelete":
            return (
                isinstance(node.value, ast.Constant) and str(node.value.value).upper() == "SET NULL"
            )
    return False
