"""What is wrong with a revision of the database."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from baes.standards.artifact_code import (
    Code,
    FunctionNode,
    Match,
    PythonCode,
    found_at,
    last_segment,
)
from baes.standards.finders import FinderOptions, finder

__all__ = [
    "dropped_without_archive",
    "required_column_without_default",
    "revision_declared",
    "revision_without_predecessor",
]

_DROPPING = frozenset({"drop_column", "drop_table"})


@finder("python")
def revision_declared(code: Code, _: FinderOptions) -> Iterator[Match]:
    """The function ``upgrade`` of a revision: where there is one, the code is a revision."""
    for function in _upgrades(code.python):
        yield Match(function.lineno)


@finder("python")
def revision_without_predecessor(code: Code, _: FinderOptions) -> Iterator[Match]:
    """Revisions without ``revision`` or ``down_revision``, or that follow themselves."""
    python = code.python
    said: dict[str, object] = {}
    lines: dict[str, int] = {}
    for node in python.tree.body:
        match node:
            case ast.Assign([ast.Name(name)], ast.Constant(value)) | ast.AnnAssign(
                ast.Name(name), _, ast.Constant(value)
            ):
                said[name] = value
                if name in ("revision", "down_revision"):
                    lines[name] = node.lineno
            case _:
                continue
    for function in _upgrades(python):
        missing = [name for name in ("revision", "down_revision") if name not in said]
        beside = min(lines.values(), default=function.lineno)
        if missing:
            yield Match(beside, f"it has no {missing[0]}")
        elif said["revision"] == said["down_revision"]:
            yield Match(beside, "it follows itself")


@finder("python")
def required_column_without_default(code: Code, _: FinderOptions) -> Iterator[Match]:
    """Columns that may not be null and are added without a value for the records there are."""
    for call in code.python.calls(("*.add_column",)):
        for column in call.args:
            if isinstance(column, ast.Call) and last_segment(column.func) == "Column":
                flags = {k.arg: k.value for k in column.keywords}
                nullable = flags.get("nullable")
                required = isinstance(nullable, ast.Constant) and nullable.value is False
                if required and "server_default" not in flags:
                    yield found_at(call, ast.unparse(column.args[0]) if column.args else "")


@finder("python", "keeping")
def dropped_without_archive(code: Code, options: FinderOptions) -> Iterator[Match]:
    """Columns and tables that a revision drops and did not set aside before.

    Options: ``keeping`` are functions that set aside what a table or column holds.
    """
    python = code.python
    for function in _upgrades(python):
        kept: set[str] = set()
        for call in sorted(_calls(function), key=lambda c: (c.lineno, c.col_offset)):
            word = last_segment(call.func)
            names = _texts_in(call)
            if word in options.get("keeping", ()):
                kept |= names
            elif word in _DROPPING and not names <= kept:
                yield found_at(call, ".".join(_texts(call)))


def _upgrades(python: PythonCode) -> list[FunctionNode]:
    imports = set(python.imports.values())
    if "alembic.op" not in imports and "alembic" not in imports:
        return []
    return [f for f in python.functions if f.name == "upgrade" and f in python.tree.body]


def _texts_in(call: ast.Call) -> set[str]:
    return {
        node.value
        for node in ast.walk(call)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def _texts(call: ast.Call) -> Iterator[str]:
    for argument in call.args:
        match argument:
            case ast.Constant(str() as text):
                yield text
            case _:
                continue


def _calls(function: FunctionNode) -> Iterator[ast.Call]:
    return (node for node in ast.walk(function) if isinstance(node, ast.Call))
