"""Tests that can't fail."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from baes.standards.artifact_code import Code, FunctionNode, Match, PythonCode, fits_any
from baes.standards.finders import FinderOptions, finder

__all__ = ["unasserting_test"]

UNSURE = 0.5


@finder("python", "asserting")
def unasserting_test(code: Code, options: FinderOptions) -> Iterator[Match]:
    """Test functions that assert nothing, themselves or through a helper of the same module.

    One that calls a helper of the project's own from another module may assert there: unsure.
    Options: ``asserting`` are the dotted names of calls that assert.
    """
    python = code.python
    asserting = _asserting_functions(python, options.get("asserting", ()))
    for function in python.functions:
        if function.name.startswith("test_") and function.name not in asserting:
            foreign = any(_is_own_helper(python, call) for call in _calls(function))
            yield Match(function.lineno, function.name, UNSURE if foreign else 1.0)


def _asserting_functions(python: PythonCode, patterns: tuple[str, ...]) -> set[str]:
    """Names of functions that assert, followed through calls until no more are found."""
    calls = {f.name: {python.dotted(c.func) for c in _calls(f)} for f in python.functions}
    asserting = {
        f.name
        for f in python.functions
        if _asserts(f) or any(fits_any(name, patterns) for name in calls[f.name])
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


def _asserts(function: FunctionNode) -> bool:
    return any(
        isinstance(node, ast.Assert) and not isinstance(node.test, ast.Constant)
        for node in ast.walk(function)
    )


def _calls(function: FunctionNode) -> Iterator[ast.Call]:
    return (node for node in ast.walk(function) if isinstance(node, ast.Call))


def _is_own_helper(python: PythonCode, call: ast.Call) -> bool:
    name = python.dotted(call.func)
    return name.startswith((".", "tests.", "conftest.", "helpers."))
