"""Adding imports to a module, each in a line of its own; the formatter sorts and joins them."""

from __future__ import annotations

from collections.abc import Iterable

import libcst as cst

from baes.utils.patching import statement

__all__ = ["LOGGER", "with_imports"]

LOGGER = ("logging", "logger")
"""Asks for the module's logger, which is defined behind the imports."""


def with_imports(module: cst.Module, wanted: Iterable[tuple[str, str]]) -> cst.Module:
    """The module with what it needs imported.

    Args:
        module: Any module.
        wanted: (module, name) each; an empty name: the module itself.
    """
    needs = dict.fromkeys(wanted)
    code = module.code
    lines = [
        statement(f"from {source} import {name}" if name else f"import {source}")
        for source, name in needs
        if (source, name) != LOGGER
    ]
    logger: list[cst.SimpleStatementLine] = []
    if LOGGER in needs and "logger = " not in code:
        lines.append(statement("import logging"))
        logger.append(statement("logger = logging.getLogger(__name__)"))
    present = {module.code_for_node(s).strip() for s in module.body}
    lines = [line for line in lines if module.code_for_node(line).strip() not in present]
    if not lines and not logger:
        return module
    first = _after_docstring(module)
    behind = max([first, *(n + 1 for n, s in enumerate(module.body) if _is_import(s))])
    body = [
        *module.body[:first],
        *lines,
        *module.body[first:behind],
        *logger,
        *module.body[behind:],
    ]
    return module.with_changes(body=body)


def _after_docstring(module: cst.Module) -> int:
    start = 1 if module.get_docstring() is not None else 0
    for place, line in enumerate(module.body[start:], start):
        if not _is_future(line):
            return place
    return len(module.body)


def _is_future(line: cst.CSTNode) -> bool:
    match line:
        case cst.SimpleStatementLine(body=[cst.ImportFrom(module=cst.Name(value="__future__"))]):
            return True
        case _:
            return False


def _is_import(line: cst.CSTNode) -> bool:
    match line:
        case cst.SimpleStatementLine(body=[cst.Import() | cst.ImportFrom()]):
            return True
        case _:
            return False
