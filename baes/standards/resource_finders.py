"""Files, connections and sessions that nothing closes.

A resource is in good hands when a ``with`` holds it, when the function hands it on (returns or
yields it, or keeps it in an object that is closed somewhere), or when a ``finally`` closes it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from baes.standards.artifact_code import (
    Code,
    FunctionNode,
    Match,
    PythonCode,
    fits_any,
    last_segment,
)
from baes.standards.finders import FinderOptions, finder

__all__ = ["resource_outside_with"]

UNSURE = 0.5

_CLOSING = frozenset({"close", "aclose", "dispose", "shutdown", "cleanup", "release"})
_CONFIGURING = frozenset({"execution_options"})
_PASSES_ON = (ast.Await, ast.IfExp, ast.BoolOp, ast.NamedExpr, ast.Starred, ast.Tuple, ast.keyword)


@finder("python", "calls", "likely", "owners")
def resource_outside_with(code: Code, options: FinderOptions) -> Iterator[Match]:
    """Calls that open something outside ``with``.

    Options: ``calls`` certainly open something, ``likely`` ones may, ``owners`` close what they
    are given.
    """
    python = code.python
    for call in python.calls((*options.get("calls", ()), *options.get("likely", ()))):
        name = python.dotted(call.func)
        sure = 1.0 if fits_any(name, options.get("calls", ())) else UNSURE
        leak = _leak(python, call, options.get("owners", ()))
        if leak:
            yield Match(call.lineno, name, min(leak, sure))


def _leak(python: PythonCode, call: ast.Call, owners: tuple[str, ...]) -> float:
    """How certain it is that nobody closes what the call opened."""
    node: ast.AST = call
    holder = python.parents[node]
    while isinstance(holder, _PASSES_ON):
        node, holder = holder, python.parents[holder]
    match holder:
        case ast.withitem() | ast.Return() | ast.Yield() | ast.Lambda():
            return 0.0
        case ast.Call(function) if node is not function:
            return _leak_in_call(python, holder, owners)
        case ast.Assign(targets=[ast.Name(name)]) | ast.AnnAssign(target=ast.Name(name)):
            return _leak_in_name(python, name, python.scope_of(call), owners)
        case (
            ast.Assign(targets=[ast.Attribute(_, name)])
            | ast.AnnAssign(target=ast.Attribute(_, name))
        ):
            return 0.0 if _is_closed(python.tree, name) else UNSURE
        case ast.Attribute() if _configured_in_with(python, holder):
            return 0.0
        case _:
            return 1.0


def _configured_in_with(python: PythonCode, node: ast.AST) -> bool:
    """Whether ``with`` holds the opened thing, configured: ``connect().execution_options() as c``.

    Only methods that give the thing itself back count: what ``execute`` gives closes nothing.
    """
    while isinstance(node, ast.Attribute | ast.Call):
        if isinstance(node, ast.Attribute) and node.attr not in _CONFIGURING:
            return False
        node = python.parents[node]
    return isinstance(node, ast.withitem)


def _leak_in_call(python: PythonCode, outer: ast.Call, owners: tuple[str, ...]) -> float:
    """A reader such as ``json.load`` closes nothing; an object may keep what it is given."""
    name = python.dotted(outer.func)
    if fits_any(name, owners):
        return 0.0
    return UNSURE if last_segment(outer.func)[:1].isupper() else 1.0


def _leak_in_name(
    python: PythonCode, name: str, scope: FunctionNode | ast.Module, owners: tuple[str, ...]
) -> float:
    if isinstance(scope, ast.Module):
        return 0.0 if _is_closed(scope, name) else UNSURE
    return min(_leak_beside(python, name, node, owners) for node in ast.walk(scope))


def _leak_beside(python: PythonCode, name: str, node: ast.AST, owners: tuple[str, ...]) -> float:
    """How likely a leak stays, of what goes by a name, beside one node of the same function."""
    handed_on = False
    match node:
        case ast.withitem(ast.Name(held)):
            handed_on = held == name
        case ast.Return(ast.expr() as value) | ast.Yield(ast.expr() as value):
            handed_on = _mentions(value, name)
        case ast.Assign(targets=[ast.Attribute() | ast.Subscript()], value=ast.Name(kept)):
            return UNSURE if kept == name else 1.0
        case ast.Call(func, arguments) if fits_any(python.dotted(func), owners):
            handed_on = any(_mentions(argument, name) for argument in arguments)
        case ast.Try(finalbody=[_, *_] as last):
            handed_on = any(_is_closed(statement, name) for statement in last)
    return 0.0 if handed_on else 1.0


def _mentions(expression: ast.expr, name: str) -> bool:
    """Whether the thing itself is handed on, and not only what is read from it."""
    match expression:
        case ast.Name(found):
            return found == name
        case ast.Tuple(parts) | ast.List(parts):
            return any(_mentions(part, name) for part in parts)
        case ast.Call(_, arguments):
            return any(_mentions(argument, name) for argument in arguments)
        case _:
            return False


def _is_closed(where: ast.AST, name: str) -> bool:
    """Whether ``name.close()`` or the like stands anywhere in a piece of code."""
    for node in ast.walk(where):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in _CLOSING
            and last_segment(node.func.value) == name
        ):
            return True
    return False
