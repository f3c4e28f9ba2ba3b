"""Exceptions that are caught and forgotten."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from baes.standards.artifact_code import Code, Match, last_segment
from baes.standards.finders import FinderOptions, finder

__all__ = ["broad_suppress", "silenced_exception"]

UNSURE = 0.5

_BROAD = frozenset({"Exception", "BaseException"})


@finder("python")
def silenced_exception(code: Code, _: FinderOptions) -> Iterator[Match]:
    """Handlers that hide a fault.

    Certain: a bare ``except`` that raises nothing, and a broad one that does nothing. Unsure: a
    broad one that only returns a constant, and a narrow one that does nothing, goes on to
    nothing else, and has no comment.
    """
    for handler in code.python.of_kind(ast.ExceptHandler):
        confidence = _confidence(code, handler)
        if confidence:
            caught = "except" if handler.type is None else f"except {ast.unparse(handler.type)}"
            yield Match(handler.lineno, caught, confidence)


@finder("python")
def broad_suppress(code: Code, _: FinderOptions) -> Iterator[Match]:
    """``contextlib.suppress`` of every exception there is."""
    for call in code.python.calls(("contextlib.suppress",)):
        if any(last_segment(argument) in _BROAD for argument in call.args):
            yield Match(call.lineno, ast.unparse(call))


def _confidence(code: Code, handler: ast.ExceptHandler) -> float:
    idle = all(_is_idle(statement) for statement in handler.body)
    if handler.type is None:
        return 0.0 if any(isinstance(n, ast.Raise) for n in ast.walk(handler)) else 1.0
    if _is_broad(handler.type):
        constant = all(_is_idle(s) or _returns_constant(s) for s in handler.body)
        return 1.0 if idle else UNSURE if constant else 0.0
    tries_next = isinstance(handler.body[-1], ast.Continue)
    return UNSURE if idle and not tries_next and not _is_explained(code, handler) else 0.0


def _is_broad(caught: ast.expr) -> bool:
    types = caught.elts if isinstance(caught, ast.Tuple) else [caught]
    return any(last_segment(type_) in _BROAD for type_ in types)


def _is_idle(statement: ast.stmt) -> bool:
    match statement:
        case ast.Pass() | ast.Continue() | ast.Expr(ast.Constant()):
            return True
        case _:
            return False


def _returns_constant(statement: ast.stmt) -> bool:
    match statement:
        case ast.Return(None | ast.Constant()):
            return True
        case _:
            return False


def _is_explained(code: Code, handler: ast.ExceptHandler) -> bool:
    end = handler.end_lineno or handler.lineno
    return any("#" in line for line in code.lines[handler.lineno - 1 : end])
