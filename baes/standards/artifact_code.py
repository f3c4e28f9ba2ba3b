"""An artifact's text as the rules see it: lines, and a syntax tree that is read once for all."""

from __future__ import annotations

import ast
import fnmatch
import functools
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeVar

from baes.standards.sql_schema import SqlSchema, read_schema

__all__ = ["LANGUAGES", "Code", "Language", "Match", "PythonCode", "language_of", "last_segment"]

Language = Literal["python", "sql", "text"]

LANGUAGES: tuple[Language, ...] = ("python", "sql", "text")

NodeT = TypeVar("NodeT", bound=ast.AST)
FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef

_SIGNS = (ast.expr_context, ast.operator, ast.boolop, ast.unaryop, ast.cmpop)
_SUFFIXES: dict[str, Language] = {".py": "python", ".pyi": "python", ".sql": "sql"}


@dataclass(frozen=True, slots=True)
class Match:
    """A place that a pattern fits."""

    line: int
    """1-based; 0: the whole file."""
    note: str = ""
    """What is there; it stands in the reason."""
    confidence: float = 1.0
    """How sure it is that the place is what the pattern is about."""


def language_of(path: str) -> Language:
    """The language of a file, by its name.

    >>> language_of("app/main.py"), language_of("schema.sql"), language_of("README.md")
    ('python', 'sql', 'text')
    """
    suffix = f".{path.rpartition('.')[2]}" if "." in path else ""
    return _SUFFIXES.get(suffix, "text")


class PythonCode:
    """A module's syntax tree, its nodes by kind, and what its imported names stand for.

    Raises:
        SyntaxError: It is no Python.
    """

    def __init__(self, text: str) -> None:
        self.tree = ast.parse(text)
        self.parents: dict[ast.AST, ast.AST] = {}
        self._nodes: defaultdict[type[ast.AST], list[ast.AST]] = defaultdict(list)
        waiting: list[ast.AST] = [self.tree]
        while waiting:
            node = waiting.pop()
            self._nodes[type(node)].append(node)
            for child in _children(node):
                self.parents[child] = node
                waiting.append(child)

    def of_kind(self, kind: type[NodeT]) -> list[NodeT]:
        """All nodes of exactly that class, in the order of their lines."""
        found: list[NodeT] = [node for node in self._nodes[kind] if isinstance(node, kind)]
        return sorted(found, key=lambda node: getattr(node, "lineno", 0))

    @property
    def functions(self) -> list[FunctionNode]:
        """All functions and methods, in the order of their lines."""
        found: list[FunctionNode] = [
            *self.of_kind(ast.FunctionDef),
            *self.of_kind(ast.AsyncFunctionDef),
        ]
        return sorted(found, key=lambda function: function.lineno)

    def scope_of(self, node: ast.AST) -> FunctionNode | ast.Module:
        """The function around a node, or the module."""
        for outer in self.ancestors(node):
            if isinstance(outer, FunctionNode):
                return outer
        return self.tree

    def ancestors(self, node: ast.AST) -> Iterator[ast.AST]:
        """The nodes around a node, the nearest first."""
        while node in self.parents:
            node = self.parents[node]
            yield node

    @functools.cached_property
    def imports(self) -> dict[str, str]:
        """Local name -> the dotted name that it was imported as; relative ones begin with a dot."""
        names: dict[str, str] = {}
        for plain in self.of_kind(ast.Import):
            for alias in plain.names:
                first = alias.name.partition(".")[0]
                names[alias.asname or first] = alias.name if alias.asname else first
        for source in self.of_kind(ast.ImportFrom):
            module = "." * source.level + (source.module or "")
            for alias in source.names:
                names[alias.asname or alias.name] = f"{module}.{alias.name}"
        return names

    def dotted(self, expression: ast.expr) -> str:
        """What an expression names, imports resolved: ``sqlite3.connect``; unknown parts: ``?``."""
        match expression:
            case ast.Name(name):
                return self.imports.get(name, name)
            case ast.Attribute(value, attribute):
                return f"{self.dotted(value)}.{attribute}"
            case _:
                return "?"

    def calls(self, patterns: Iterable[str]) -> list[ast.Call]:
        """Calls of what any of the dotted names (``*`` for any part) stands for."""
        wanted = tuple(patterns)
        return [c for c in self.of_kind(ast.Call) if fits_any(self.dotted(c.func), wanted)]


def _children(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes directly in a node, but for the shared ones that stand for signs and contexts."""
    for field in node._fields:
        value = getattr(node, field, None)
        if isinstance(value, list):
            yield from (item for item in value if isinstance(item, ast.AST))
        elif isinstance(value, ast.AST) and not isinstance(value, _SIGNS):
            yield value


@dataclass(frozen=True)
class Code:
    """A text to be judged; what is made of it is made once, when a rule first asks."""

    text: str
    language: Language

    @functools.cached_property
    def python(self) -> PythonCode:
        """The text as Python.

        Raises:
            SyntaxError: It is none.
        """
        return PythonCode(self.text)

    @functools.cached_property
    def sql(self) -> SqlSchema:
        """The text as the schema that it creates.

        Raises:
            SqlFault: A statement is refused.
        """
        return read_schema(self.text)

    @functools.cached_property
    def lines(self) -> list[str]:
        """The lines without their ends."""
        return self.text.splitlines()

    def line_at(self, offset: int) -> int:
        """The 1-based line of a character."""
        return self.text.count("\n", 0, offset) + 1


def fits_any(name: str, patterns: Iterable[str]) -> bool:
    """Whether a dotted name fits one of the patterns, as file names do."""
    wanted = _any_of(tuple(patterns))
    return wanted is not None and wanted.match(name) is not None


@functools.lru_cache(maxsize=64)
def _any_of(patterns: tuple[str, ...]) -> re.Pattern[str] | None:
    return re.compile("|".join(map(fnmatch.translate, patterns))) if patterns else None


def last_segment(expression: ast.expr) -> str:
    """The last word of a name: ``ForeignKey`` of ``sa.ForeignKey``; empty for what is no name."""
    match expression:
        case ast.Name(name) | ast.Attribute(_, name):
            return name
        case _:
            return ""
