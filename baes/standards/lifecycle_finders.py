"""What a module of tests leaves untried, and what its fixtures leave behind."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TypeGuard

from baes.standards.artifact_code import (
    Code,
    FunctionNode,
    Match,
    PythonCode,
    fits_any,
    found_at,
    last_segment,
)
from baes.standards.finders import FinderOptions, finder

__all__ = [
    "fixture_without_cleanup",
    "lifecycle_tests",
    "missing_step",
    "skipped_test",
    "untried_status",
    "vacuous_assertion",
]

UNSURE = 0.5

_REQUESTS = {"post": "creates", "get": "reads", "delete": "deletes"}
_CHANGES = frozenset({"put", "patch"})
_METHODS = frozenset(_REQUESTS) | _CHANGES


@finder("python")
def lifecycle_tests(code: Code, _: FinderOptions) -> Iterator[Match]:
    """Tests named for creating that store a record over HTTP.

    Where there are some, the module is about a resource's whole life, and not about one side of it.
    """
    for test in _tests(code.python):
        creates = "creat" in test.name and "post" in _methods(code.python, test)
        if creates and 201 in _asserted(code.python, test):
            yield Match(test.lineno)


@finder("python")
def missing_step(code: Code, _: FinderOptions) -> Iterator[Match]:
    """Steps of a record's life that no test takes: created, read, changed, deleted and gone."""
    python = code.python
    tests = _tests(python)
    done: set[str] = set().union(*(_methods(python, test) for test in tests))
    gone = any({"delete"} <= _methods(python, t) and 204 in _asserted(python, t) for t in tests)
    done -= set() if gone else {"delete"}
    missing = [words for method, words in _REQUESTS.items() if method not in done]
    if not done & _CHANGES:
        missing.append("changes")
    if "delete" in done and not any(
        {"delete", "get"} <= _methods(python, test) and {204, 404} <= _asserted(python, test)
        for test in tests
    ):
        missing.append("asserts that a deleted one is gone and")
    for words in missing:
        yield Match(0, words)


@finder("python", "statuses")
def untried_status(code: Code, options: FinderOptions) -> Iterator[Match]:
    """Refusals that no test asserts; ``statuses`` are those of every resource."""
    asserted: set[int] = set().union(*(_asserted(code.python, t) for t in _tests(code.python)))
    for status in options.get("statuses", ()):
        if int(status) not in asserted:
            yield Match(0, status)


@finder("python", "resources")
def fixture_without_cleanup(code: Code, options: FinderOptions) -> Iterator[Match]:
    """Fixtures that open something, yield it and do nothing afterwards.

    Options: ``resources`` are calls of what must be closed.
    """
    python = code.python
    for function in python.functions:
        if not any(_is_fixture(d) for d in function.decorator_list):
            continue
        for statement in function.body:
            if _yields(statement) and statement is function.body[-1]:
                opened = [
                    call
                    for earlier in function.body
                    for call in python.within(earlier, ast.Call)
                    if fits_any(python.dotted(call.func), options.get("resources", ()))
                    and not _is_held(python, call)
                ]
                if opened:
                    yield found_at(statement, f"{function.name}: {ast.unparse(opened[0].func)}")


@finder("python")
def skipped_test(code: Code, _: FinderOptions) -> Iterator[Match]:
    """Tests that are switched off without a reason, or that end before they assert."""
    for test in _tests(code.python):
        for decorator in test.decorator_list:
            call = decorator if isinstance(decorator, ast.Call) else None
            name = last_segment(call.func if call else decorator)
            if name == "skip" and not (call and (call.args or call.keywords)):
                yield found_at(decorator, test.name)
        for statement in test.body:
            if isinstance(statement, ast.Return) and statement is not test.body[-1]:
                yield found_at(statement, test.name)


@finder("python")
def vacuous_assertion(code: Code, _: FinderOptions) -> Iterator[Match]:
    """Assertions that hold whatever happens: of a constant, a thing with itself, a mere status."""
    for node in code.python.of_kind(ast.Assert):
        if _always_holds(node.test):
            yield found_at(node, ast.unparse(node.test))


def _always_holds(test: ast.expr) -> bool:
    match test:
        case ast.Constant() | ast.Attribute(_, "status_code") | ast.Tuple([_, *_]):
            return True
        case ast.Compare(left, [ast.Eq() | ast.Is() | ast.LtE() | ast.GtE()], [right]):
            return ast.dump(left) == ast.dump(right)
        case ast.BoolOp(ast.Or(), values):
            return any(isinstance(v, ast.Constant) and v.value for v in values)
        case _:
            return False


def _tests(python: PythonCode) -> list[FunctionNode]:
    return [f for f in python.functions if f.name.startswith("test_")]


def _methods(python: PythonCode, test: FunctionNode) -> set[str]:
    """HTTP methods of the requests of a test; those that it is parametrized with count."""
    called = {last_segment(call.func) for call in python.within(test, ast.Call)}
    named = {c.value.lower() for c in python.within(test, ast.Constant) if _is_method(c.value)}
    return (called | named) & _METHODS


def _is_method(value: object) -> TypeGuard[str]:
    return isinstance(value, str) and value.isupper() and value.lower() in _METHODS


def _asserted(python: PythonCode, test: FunctionNode) -> set[int]:
    """Numbers that the test compares with."""
    return {
        constant.value
        for compare in python.within(test, ast.Compare)
        for constant in python.within(compare, ast.Constant)
        if isinstance(constant.value, int)
    }


def _is_fixture(decorator: ast.expr) -> bool:
    return (
        last_segment(decorator.func if isinstance(decorator, ast.Call) else decorator) == "fixture"
    )


def _yields(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Yield)


def _is_held(python: PythonCode, call: ast.Call) -> bool:
    return any(isinstance(outer, ast.withitem) for outer in python.ancestors(call))
