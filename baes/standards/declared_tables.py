"""Tables as SQLAlchemy classes declare them: what the whole-system checks compare."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from baes.standards.artifact_code import PythonCode, last_segment

__all__ = ["DeclaredColumn", "DeclaredTable", "declared_tables"]


@dataclass(frozen=True, slots=True)
class DeclaredColumn:
    """One column of a class."""

    name: str
    optional: bool
    type: str
    """The type's call or name as it is written; empty where the annotation says it."""
    checks: tuple[str, ...]
    """Conditions, as SQL reads them."""
    target: str
    """``teachers.id``; empty: it refers to nothing."""
    on_delete: str
    line: int

    @property
    def length(self) -> int | None:
        """The first number in the type's brackets."""
        found = re.search(r"\((\d+)\)", self.type)
        return int(found.group(1)) if found else None


@dataclass(frozen=True, slots=True)
class DeclaredTable:
    """One class with a ``__tablename__``."""

    name: str
    class_name: str
    line: int
    columns: tuple[DeclaredColumn, ...]
    unique: frozenset[str]
    """Columns that a unique index of their own is over, in whatever expression."""

    def column(self, name: str) -> DeclaredColumn | None:
        """The column of that name."""
        return next((c for c in self.columns if c.name == name), None)


def declared_tables(python: PythonCode) -> tuple[DeclaredTable, ...]:
    """The tables of a module, in its order."""
    return tuple(_tables(python))


def _tables(python: PythonCode) -> Iterator[DeclaredTable]:
    for node in python.of_kind(ast.ClassDef):
        name = _table_name(node)
        if name:
            columns = tuple(_columns(python, node))
            unique = frozenset(_unique(python, node))
            yield DeclaredTable(name, node.name, node.lineno, columns, unique)


def _table_name(node: ast.ClassDef) -> str:
    for statement in node.body:
        match statement:
            case ast.Assign([ast.Name("__tablename__")], ast.Constant(str() as name)):
                return name
            case _:
                continue
    return ""


def _columns(python: PythonCode, node: ast.ClassDef) -> Iterator[DeclaredColumn]:
    for statement in node.body:
        match statement:
            case ast.AnnAssign(ast.Name(name), annotation, ast.Call(func) as call) if (
                last_segment(func) == "mapped_column"
            ):
                yield _column(python, name, annotation, call)
            case _:
                continue


def _column(python: PythonCode, name: str, annotation: ast.expr, call: ast.Call) -> DeclaredColumn:
    type_, target, on_delete = "", "", ""
    checks = []
    for argument in call.args:
        word = last_segment(argument.func if isinstance(argument, ast.Call) else argument)
        first = _text(argument.args[0]) if isinstance(argument, ast.Call) and argument.args else ""
        match word:
            case "CheckConstraint":
                checks.append(first.replace("\\:", ":"))
            case "ForeignKey":
                target = first
                on_delete = next(
                    (_text(k.value) for k in python.within(argument, ast.keyword)
                     if k.arg == "ondelete"), ""
                )  # fmt: skip
            case "":
                name = _text(argument) or name
            case _:
                type_ = ast.unparse(argument)
    optional = "None" in ast.unparse(annotation)
    return DeclaredColumn(name, optional, type_, tuple(checks), target, on_delete, call.lineno)


def _unique(python: PythonCode, node: ast.ClassDef) -> Iterator[str]:
    """Columns of unique indexes, in the class and beside it."""
    python_names = {
        last_segment(s.target): _text(s.value.args[0]) or last_segment(s.target)
        for s in node.body
        if isinstance(s, ast.AnnAssign) and isinstance(s.value, ast.Call) and s.value.args
    }
    for call in python.of_kind(ast.Call):
        if last_segment(call.func) != "Index" or not any(
            k.arg == "unique" and isinstance(k.value, ast.Constant) and k.value.value
            for k in call.keywords
        ):
            continue
        if node in python.ancestors(call):
            columns = [_text(a) for a in call.args[1:]]
        else:
            columns = [
                python_names.get(a.attr, a.attr)
                for a in python.within(call, ast.Attribute)
                if last_segment(a.value) == node.name
            ]
        if len(columns) == 1:
            yield columns[0]


def _text(expression: ast.expr) -> str:
    match expression:
        case ast.Constant(str() as text):
            return text
        case _:
            return ""
