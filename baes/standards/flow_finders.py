"""Code that is never reached or never ends, and decorators that were forgotten."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from baes.standards.artifact_code import (
    Code,
    FunctionNode,
    Match,
    PythonCode,
    found_at,
    last_segment,
)
from baes.standards.finders import FinderOptions, finder

__all__ = ["endless_loop", "forgotten_decorator", "missing_argument", "unreachable_statement"]

_LEAVING = (ast.Return, ast.Raise, ast.Break, ast.Continue)
_BLOCKS = ("body", "orelse", "finalbody")


@finder("python")
def unreachable_statement(code: Code, _: FinderOptions) -> Iterator[Match]:
    """What stands behind a return, raise, break or continue of the same block."""
    for kind in _BLOCK_KINDS:
        for node in code.python.of_kind(kind):
            for name in _BLOCKS:
                block = getattr(node, name, None) or ()
                for before, after in pairwise(block):
                    if isinstance(before, _LEAVING):
                        yield found_at(after, ast.unparse(before).splitlines()[0][:40])


_BLOCK_KINDS: tuple[type[ast.AST], ...] = (
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.If,
    ast.For,
    ast.AsyncFor,
    ast.While,
    ast.With,
    ast.AsyncWith,
    ast.Try,
    ast.ExceptHandler,
)


@finder("python")
def endless_loop(code: Code, _: FinderOptions) -> Iterator[Match]:
    """``while True`` that nothing inside ever leaves."""
    leaving = (ast.Break, ast.Return, ast.Raise, ast.Yield, ast.YieldFrom, ast.Await)
    for loop in code.python.of_kind(ast.While):
        constant = isinstance(loop.test, ast.Constant) and bool(loop.test.value)
        if constant and not any(code.python.within(loop, kind) for kind in leaving):
            yield found_at(loop)


@finder("python")
def forgotten_decorator(code: Code, _: FinderOptions) -> Iterator[Match]:
    """Generators that are used as what only a decorator makes of them.

    A test of the module asks for one by its name as for a fixture, or a ``with`` enters its call.
    """
    python = code.python
    plain = {
        f.name: f
        for f in python.functions
        if not f.decorator_list and python.scope_of(f) is python.tree
        and python.within(f, ast.Yield)
    }  # fmt: skip
    asking = (f for f in python.functions if f.name.startswith("test_") or _is_fixture(f))
    asked = {argument.arg for function in asking for argument in function.args.args}
    called = {last_segment(call.func) for call in python.of_kind(ast.Call)}
    among_fixtures = any(map(_is_fixture, python.functions))
    entered = {
        last_segment(node.context_expr.func)
        for node in python.of_kind(ast.withitem)
        if isinstance(node.context_expr, ast.Call)
    }
    for name, function in plain.items():
        if name in entered:
            yield Match(function.lineno, f"{name} is entered by with and is no contextmanager")
        elif name in asked or (among_fixtures and name not in called):
            yield Match(function.lineno, f"{name} is asked for as a fixture and is none")


@finder("python")
def missing_argument(code: Code, _: FinderOptions) -> Iterator[Match]:
    """Calls of the module's own functions with too few, too many or unknown arguments."""
    python = code.python
    top = [f for f in python.tree.body if isinstance(f, FunctionNode)]
    times = Counter(function.name for function in top)
    own: dict[str, FunctionNode] = {
        f.name: f for f in top if not f.decorator_list and times[f.name] == 1
    }
    for call in python.of_kind(ast.Call):
        if isinstance(call.func, ast.Name) and call.func.id in own:
            if _is_shadowed(python, call, call.func.id):
                continue
            fault = _argument_fault(own[call.func.id], call)
            if fault:
                yield found_at(call, f"{call.func.id} {fault}")


def _is_fixture(function: FunctionNode) -> bool:
    return any(
        last_segment(d.func if isinstance(d, ast.Call) else d) == "fixture"
        for d in function.decorator_list
    )


def _is_shadowed(python: PythonCode, node: ast.AST, name: str) -> bool:
    return any(
        name in _local_names(python, outer)
        for outer in python.ancestors(node)
        if isinstance(outer, FunctionNode)
    )


def _local_names(python: PythonCode, function: FunctionNode) -> set[str]:
    """Names that a function gives a meaning of its own."""
    names = {argument.arg for argument in python.within(function.args, ast.arg)}
    names |= {n.id for n in python.within(function, ast.Name) if isinstance(n.ctx, ast.Store)}
    names |= {f.name for f in python.within(function, ast.FunctionDef) if f is not function}
    return names | {f.name for f in python.within(function, ast.AsyncFunctionDef)}


def _argument_fault(function: FunctionNode, call: ast.Call) -> str:
    if any(isinstance(a, ast.Starred) for a in call.args) or any(
        k.arg is None for k in call.keywords
    ):
        return ""
    takes = function.args
    places = [a.arg for a in (*takes.posonlyargs, *takes.args)]
    given = {k.arg for k in call.keywords}
    if len(call.args) > len(places) and takes.vararg is None:
        return f"takes {len(places)} arguments and gets {len(call.args)}"
    names = {a.arg for a in (*takes.args, *takes.kwonlyargs)}
    unknown = given - names
    if unknown and takes.kwarg is None:
        return f"has no argument {min(map(str, unknown))}"
    needed = places[: len(places) - len(takes.defaults)]
    keyword_only = [
        a.arg for a, d in zip(takes.kwonlyargs, takes.kw_defaults, strict=True) if d is None
    ]
    missing = [n for n in (*needed[len(call.args) :], *keyword_only) if n not in given]
    return f"is called without {missing[0]}" if missing else ""
