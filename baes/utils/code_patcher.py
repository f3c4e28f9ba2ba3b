"""Mends single faults in the syntax tree, so that comments, formatting and the rest stay.

A patch answers one finding of the review. Findings are mended from the last line upwards, so that
the lines of the others stay true; what needs an import adds it at the end. A finding that no patch
is for, or whose place does not look as expected, is left: somebody writes that code anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import libcst as cst

from baes.spec.pipeline import Finding
from baes.utils.patch_imports import with_imports
from baes.utils.patching import Patch, Place
from baes.utils.python_patches import PYTHON_PATCHES
from baes.utils.sql_patches import SQL_PATCHES

__all__ = ["Patched", "patched"]


@dataclass(frozen=True, slots=True)
class Patched:
    """A text after mending."""

    content: str
    mended: tuple[Finding, ...]
    left: tuple[Finding, ...]
    """Findings for which there was no patch."""


def patched(content: str, findings: Iterable[Finding], *, is_sql: bool = False) -> Patched:
    """Mend what can be mended.

    Args:
        content: Python, or SQL.
        findings: What the review found in it; those about the same place are mended once.
        is_sql: Whether it is SQL.
    """
    wanted = sorted(set(findings), key=lambda f: (f.line, f.column), reverse=True)
    if is_sql:
        return _patched_text(content, wanted)
    try:
        module = cst.parse_module(content)
    except (cst.ParserSyntaxError, RecursionError, ValueError):
        return Patched(content, (), tuple(wanted))
    mended: list[Finding] = []
    imports: list[tuple[str, str]] = []
    for finding in wanted:
        patch = _tried(PYTHON_PATCHES.get(finding.rule, ()), Place(module, finding))
        if patch is not None:
            module = patch.module
            imports += patch.imports
            mended.append(finding)
    left = tuple(finding for finding in wanted if finding not in mended)
    return Patched(with_imports(module, imports).code, tuple(mended), left)


def _tried(patches: Iterable[Callable[[Place], Patch | None]], place: Place) -> Patch | None:
    """The first patch that fits the place."""
    return next(filter(None, (patch(place) for patch in patches)), None)


def _patched_text(content: str, findings: list[Finding]) -> Patched:
    mended: list[Finding] = []
    for finding in findings:
        for patch in SQL_PATCHES.get(finding.rule, ()):
            changed = patch(content, finding)
            if changed is not None:
                content = changed
                mended.append(finding)
                break
    return Patched(content, tuple(mended), tuple(f for f in findings if f not in mended))
