"""What patches of Python are given and give, and how they find and replace a piece of code."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeVar, cast

import libcst as cst
from libcst.metadata import CodeRange, MetadataWrapper, PositionProvider

from baes.spec.pipeline import Finding

__all__ = ["Patch", "Place", "expression", "quoted_in", "statement"]

NodeT = TypeVar("NodeT", bound=cst.CSTNode)


@dataclass(frozen=True, slots=True)
class Patch:
    """A module after one patch."""

    module: cst.Module
    imports: tuple[tuple[str, str], ...] = ()
    """(module, name) of what it needs; an empty name: the module itself."""


class Place:
    """A finding in its module.

    Args:
        module: The code as it is now.
        finding: What is to be mended; its line is that of the module.
    """

    def __init__(self, module: cst.Module, finding: Finding) -> None:
        self.finding = finding
        wrapper = MetadataWrapper(module, unsafe_skip_copy=True)
        self.module = wrapper.module
        self._ranges: dict[cst.CSTNode, CodeRange] = dict(wrapper.resolve(PositionProvider))

    def covering(self, kind: type[NodeT], *, tightly: bool = True) -> NodeT | None:
        """The innermost (else the outermost) node of a kind that the finding's line is in."""
        line = self.finding.line
        found = [
            node
            for node, where in self._ranges.items()
            if isinstance(node, kind) and where.start.line <= line <= where.end.line
        ]
        found.sort(key=lambda node: self._extent(node), reverse=not tightly)
        return found[0] if found else None

    def beginning(self, kind: type[NodeT]) -> NodeT | None:
        """The widest node of a kind that begins where the finding points."""
        line, column = self.finding.line, self.finding.column - 1
        found = [
            node
            for node, where in self._ranges.items()
            if isinstance(node, kind)
            and where.start.line == line
            and (column < 0 or where.start.column == column)
        ]
        return max(found, key=self._extent, default=None)

    def on_line(self, kind: type[NodeT]) -> list[NodeT]:
        """All nodes of a kind that begin in the finding's line."""
        return [
            node
            for node, where in self._ranges.items()
            if isinstance(node, kind) and where.start.line == self.finding.line
        ]

    def within(self, node: cst.CSTNode, kind: type[NodeT]) -> list[NodeT]:
        """All nodes of a kind inside of another one, itself included."""
        found: list[NodeT] = [node] if isinstance(node, kind) else []
        for child in node.children:
            found += self.within(child, kind)
        return found

    def replaced(
        self, old: cst.CSTNode, new: cst.CSTNode | cst.RemovalSentinel, *imports: tuple[str, str]
    ) -> Patch:
        """The module with a node replaced, or taken away."""
        changed = new if old is self.module else self.module.visit(_Swap(old, new))
        return Patch(cast(cst.Module, changed), imports)

    def code(self, node: cst.CSTNode) -> str:
        """A node as it is written."""
        return self.module.code_for_node(node)

    def _extent(self, node: cst.CSTNode) -> tuple[int, int]:
        where = self._ranges[node]
        lines = where.end.line - where.start.line
        return lines, where.end.column - where.start.column if not lines else 0


class _Swap(cst.CSTTransformer):
    """Puts one node in another one's place."""

    def __init__(self, old: cst.CSTNode, new: cst.CSTNode | cst.RemovalSentinel) -> None:
        super().__init__()
        self._old = old
        self._new = new

    def on_leave(
        self, original_node: cst.CSTNodeT, updated_node: cst.CSTNodeT
    ) -> cst.CSTNodeT | cst.RemovalSentinel:
        """The other node, or what is there."""
        if original_node is not self._old:
            return updated_node
        return cast(cst.CSTNodeT, self._new)


def expression(code: str) -> cst.BaseExpression:
    """A piece of Python as an expression."""
    return cst.parse_expression(code)


def statement(code: str) -> cst.SimpleStatementLine:
    """A piece of Python as a statement."""
    return cast(cst.SimpleStatementLine, cst.parse_statement(code))


def quoted_in(reason: str) -> str:
    """The name that a linter's message is about: what stands between backticks.

    >>> quoted_in("Undefined name `status` (F821)")
    'status'
    """
    found = re.search(r"`([^`]+)`", reason)
    return found.group(1) if found else ""
