"""Tests that can't fail."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from baes.standards.artifact_code import Code, FunctionNode, Match, PythonCode, fits_any
from baes.standards.finders import FinderOptions, finder

__all__ = ["unasserting_test"]

UNSURE = 0.5

_MAY_ASSERT = ("*assert*", "*check*", "*verify*", "*expect*", "*ensure*", "*refuse*", "*is_*")


@finder("python", "asserting")
def unasserting_test(code: Code, options: FinderOptions) -> Iterator[Match]:
    """Test functions that assert nothing, themselves or through a helper of the same module.

    One that calls a helper of another module whose name speaks of checking is unsure.
    Options: ``asserting`` are the dotted names of calls that assert.
    """
    python = code.python
    asserting = _asserting_functions(python, options.get("asserting", ()))
    for function in python.functions:
        if function.name.startswith("test_") and function.name not in asserting:
            foreign = any(
                _is_own_helper(python, call) for call in python.within(function, ast.Call)
            )
            yield Match(function.lineno, function.name, UNSURE if foreign else 1.0)


def _asserting_functions(python: PythonCode, patterns: tuple[str, ...]) -> set[str]:
    """Names of functions that assert, followed through calls until no more are found."""
    calls = {
        f.name: {python.dotted(c.func) for c in python.within(f, ast.Call)}
        for f in python.functions
    }
    asserting = {
        f.name
        for f in python.functions
        if _asserts(python, f) or any(fits_any(name, patterns) for name in calls[f.name])
    }
    while True:
        more = {
            name
            for name, called in calls.items()
            if {word.removeprefix("self.") for word in called} & asserting
        } - asserting
        if not more:
            return asserting
        asserting |= more


def _asserts(python: PythonCode, function: FunctionNode) -> bool:
    asserts = python.within(function, ast.Assert)
    return any(not isinstance(node.test, ast.Constant) for node in asserts)


def _is_own_helper(python: PythonCode, call: ast.Call) -> bool:
    name = python.dotted(call.func)
    own = name.startswith((".", "tests.", "conftest.", "helpers."))
    return own and fits_any(name.rpartition(".")[2], _MAY_ASSERT)
