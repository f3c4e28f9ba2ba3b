"""Tables that Python declares: SQLAlchemy classes, ``Table`` and Alembic's ``create_table``."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from baes.standards.artifact_code import Code, Match, PythonCode, last_segment
from baes.standards.finders import FinderOptions, finder

__all__ = ["model_reference_without_index", "model_without_primary_key"]

UNSURE = 0.5

_COLUMN = frozenset({"mapped_column", "Column"})
_TABLE = frozenset({"Table", "create_table"})
_INDEXING = frozenset({"Index", "UniqueConstraint", "PrimaryKeyConstraint"})
_BASES = frozenset({"Base", "DeclarativeBase", "SQLModel"})


@dataclass(frozen=True, slots=True)
class _Column:
    name: str
    call: ast.Call

    @property
    def is_key(self) -> bool:
        return self.has("primary_key")

    @property
    def is_reference(self) -> bool:
        arguments = [*self.call.args, *(k.value for k in self.call.keywords)]
        return any(isinstance(a, ast.Call) and last_segment(a.func) == "ForeignKey"
                   for a in arguments)  # fmt: skip

    def has(self, flag: str) -> bool:
        return any(
            k.arg == flag and not (isinstance(k.value, ast.Constant) and not k.value.value)
            for k in self.call.keywords
        )


@dataclass(frozen=True, slots=True)
class _Table:
    name: str
    line: int
    columns: tuple[_Column, ...]
    body: ast.AST
    inherits: bool
    """Whether columns may come from elsewhere."""


@finder("python")
def model_without_primary_key(code: Code, _: FinderOptions) -> Iterator[Match]:
    """Tables without a primary key.

    A class whose base is a class of the project's own is left to SQLAlchemy, which refuses to map
    it without a key, unless it declares an ``id`` of its own that is none.
    """
    for table in _tables(code.python):
        named = any(
            isinstance(node, ast.Call) and last_segment(node.func) == "PrimaryKeyConstraint"
            for node in ast.walk(table.body)
        )
        if named or any(column.is_key for column in table.columns):
            continue
        if not table.inherits or any(column.name == "id" for column in table.columns):
            yield Match(table.line, table.name)


@finder("python")
def model_reference_without_index(code: Code, _: FinderOptions) -> Iterator[Match]:
    """Columns that refer to another table and that no index begins with."""
    python = code.python
    outside = set(_indexed_outside(python))
    for table in _tables(python):
        leading = set(_leading_columns(table.body)) | outside
        keys = [column.name for column in table.columns if column.is_key]
        leading |= set(keys[:1])
        for column in table.columns:
            covered = column.has("index") or column.has("unique") or column.name in leading
            if column.is_reference and not covered:
                yield Match(column.call.lineno, f"{table.name}.{column.name}")


def _tables(python: PythonCode) -> Iterator[_Table]:
    classes = {node.name: node for node in python.of_kind(ast.ClassDef)}
    for node in classes.values():
        if _assigned(node, "__tablename__"):
            family = _family(node, classes)
            columns = tuple(column for member in family for column in _class_columns(member))
            foreign = {last_segment(b) for m in family for b in m.bases} - _BASES - classes.keys()
            yield _Table(node.name, node.lineno, columns, node, bool(foreign))
    for call in python.of_kind(ast.Call):
        if last_segment(call.func) in _TABLE and call.args:
            columns = tuple(_inline_columns(call))
            computed = any(isinstance(argument, ast.Starred) for argument in call.args)
            if columns or computed:
                yield _Table(_text(call.args[0]), call.lineno, columns, call, computed)


def _family(node: ast.ClassDef, classes: dict[str, ast.ClassDef]) -> list[ast.ClassDef]:
    """A class and those of its bases that stand in the same module."""
    family = [node]
    for member in family:
        for base in member.bases:
            found = classes.get(last_segment(base))
            if found is not None and found not in family:
                family.append(found)
    return family


def _class_columns(node: ast.ClassDef) -> Iterator[_Column]:
    for statement in node.body:
        match statement:
            case (
                ast.AnnAssign(target=ast.Name(name), value=ast.Call(func) as call)
                | ast.Assign(targets=[ast.Name(name)], value=ast.Call(func) as call)
            ) if last_segment(func) in _COLUMN:
                yield _Column(name, call)
            case _:
                continue


def _inline_columns(call: ast.Call) -> Iterator[_Column]:
    for argument in call.args:
        if isinstance(argument, ast.Call) and last_segment(argument.func) in _COLUMN:
            yield _Column(_text(argument.args[0]) if argument.args else "", argument)


def _leading_columns(body: ast.AST) -> Iterator[str]:
    """First columns of the indexes and unique constraints that a table names."""
    for node in ast.walk(body):
        if isinstance(node, ast.Call) and last_segment(node.func) in _INDEXING:
            columns = node.args[1:2] if last_segment(node.func) == "Index" else node.args[:1]
            yield from (_text(column) for column in columns)


def _indexed_outside(python: PythonCode) -> Iterator[str]:
    """First columns of indexes made beside the tables."""
    for call in python.of_kind(ast.Call):
        word = last_segment(call.func)
        if word == "Index" and len(call.args) > 1:
            yield last_segment(call.args[1]) or _text(call.args[1])
        if word in ("create_index", "create_unique_constraint") and len(call.args) > 1:
            columns = call.args[-1]
            if isinstance(columns, ast.List) and columns.elts:
                yield _text(columns.elts[0])


def _assigned(node: ast.ClassDef, name: str) -> bool:
    for statement in node.body:
        match statement:
            case ast.Assign(targets=[ast.Name(found)]) | ast.AnnAssign(target=ast.Name(found)):
                if found == name:
                    return True
            case _:
                continue
    return False


def _text(expression: ast.expr) -> str:
    match expression:
        case ast.Constant(str() as text):
            return text
        case _:
            return ""
