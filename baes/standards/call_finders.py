"""Calls and arguments that a rule's data names, and values that no code should hold."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from baes.standards.artifact_code import Code, Match, PythonCode, fits_any, found_at, last_segment
from baes.standards.finders import FinderOptions, finder

__all__ = ["call_with_argument", "imported_module", "named_call", "secret_in_code"]

UNSURE = 0.5

_SECRET_NAME = re.compile(
    r"(?:^|_)(?:password|passwd|pwd|secret|api_?key|auth_?token|access_?token|private_?key)$", re.I
)
_SECRET_TEXT = re.compile(
    r"^(?:sk-[\w-]{16,}|AKIA[0-9A-Z]{16}|gh[pousr]_\w{20,}|xox[abp]-[\w-]{10,}|AIza[\w-]{30,})$"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----|^\w+(?:\+\w+)?://[^/\s:@]+:[^/\s:@{]+@"
)
_PLACEHOLDER = re.compile(r"^(?:|\W+|<.*>|change-?me|x+|your[-_ ].*|\$\{.*\})$", re.I)


@finder("python", "calls", "unless")
def named_call(code: Code, options: FinderOptions) -> Iterator[Match]:
    """Calls of certain names, outside of calls of those in ``unless``."""
    python = code.python
    for call in python.calls(options.get("calls", ())):
        around = (node for node in python.ancestors(call) if isinstance(node, ast.Call))
        if not any(fits_any(python.dotted(c.func), options.get("unless", ())) for c in around):
            yield found_at(call, python.dotted(call.func))


@finder("python", "arguments")
def call_with_argument(code: Code, options: FinderOptions) -> Iterator[Match]:
    """Calls that are given certain constants: ``arguments`` are ``name=value``, as in Python."""
    wanted = set(options.get("arguments", ()))
    for call in code.python.of_kind(ast.Call):
        for keyword in call.keywords:
            if not isinstance(keyword.value, ast.Constant):
                continue
            said = f"{keyword.arg}={keyword.value.value!r}"
            if said in wanted:
                yield found_at(keyword.value, said)


@finder("python", "modules")
def imported_module(code: Code, options: FinderOptions) -> Iterator[Match]:
    """Imports of certain modules, or of what is in them."""
    modules = options.get("modules", ())
    for plain in code.python.of_kind(ast.Import):
        for alias in plain.names:
            if _is_within(alias.name, modules):
                yield found_at(plain, alias.name)
    for source in code.python.of_kind(ast.ImportFrom):
        if not source.level and _is_within(source.module or "", modules):
            yield found_at(source, source.module or "")


@finder("python")
def secret_in_code(code: Code, _: FinderOptions) -> Iterator[Match]:
    """Passwords and keys that are written into the code.

    A field of a record may be called ``password`` and have a default, so names count outside of
    classes, in classes of settings, and as arguments; texts that look like keys count everywhere.
    """
    python = code.python
    for target, value in _named_values(python):
        text = value.value if isinstance(value, ast.Constant) else None
        if isinstance(text, str) and _SECRET_NAME.search(target) and not _PLACEHOLDER.match(text):
            yield found_at(value, f"the value of {target}")
    for constant in python.of_kind(ast.Constant):
        if isinstance(constant.value, str) and _SECRET_TEXT.search(constant.value):
            yield found_at(constant, "a text that looks like a key")


def _named_values(python: PythonCode) -> Iterator[tuple[str, ast.expr]]:
    for plain in python.of_kind(ast.Assign):
        if not _is_field(python, plain):
            yield from ((last_segment(target), plain.value) for target in plain.targets)
    for annotated in python.of_kind(ast.AnnAssign):
        if annotated.value is not None and not _is_field(python, annotated):
            yield last_segment(annotated.target), annotated.value
    for call in python.of_kind(ast.Call):
        yield from ((k.arg or "", k.value) for k in call.keywords)


def _is_field(python: PythonCode, node: ast.stmt) -> bool:
    around = python.parents[node]
    return isinstance(around, ast.ClassDef) and not around.name.endswith(("Settings", "Config"))


def _is_within(name: str, modules: tuple[str, ...]) -> bool:
    return any(name == module or name.startswith(f"{module}.") for module in modules)
