"""Which part of a file is undecided: a language model is shown that part and no more.

Standard and custom code lie in different files by construction, so a file is one or the other; in
a custom file the smallest whole thing around an undecided line is the function or class it is in.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["Section", "undecided_sections"]


@dataclass(frozen=True, slots=True)
class Section:
    """Some lines of a file."""

    first: int
    """1-based."""
    last: int
    text: str


def undecided_sections(content: str, lines: Iterable[int]) -> tuple[Section, ...]:
    """The functions and other statements at the top of a module that some lines are in.

    A line 0, or code that can't be parsed, makes the whole file a section.
    """
    wanted = set(lines)
    all_lines = content.splitlines()
    whole = Section(1, max(len(all_lines), 1), content)
    try:
        body = ast.parse(content).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return (whole,)
    if not wanted or 0 in wanted:
        return (whole,)
    spans = [(_first_line(node), node.end_lineno or node.lineno) for node in body]
    found = [span for span in spans if any(span[0] <= line <= span[1] for line in wanted)]
    covered = {line for first, last in found for line in range(first, last + 1)}
    if not wanted <= covered:
        return (whole,)
    return tuple(Section(a, z, "\n".join(all_lines[a - 1 : z])) for a, z in sorted(set(found)))


def _first_line(node: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(decorator.lineno for decorator in decorators)])
