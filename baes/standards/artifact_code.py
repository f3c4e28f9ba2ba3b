"""An artifact's text as the rules see it: lines, and a syntax tree that is read once for all."""

from __future__ import annotations

import ast
import fnmatch
import functools
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeVar, cast

from baes.standards.sql_schema import SqlSchema, read_schema

__all__ = [
    "LANGUAGES",
    "Code",
    "FunctionNode",
    "Language",
    "Match",
    "PythonCode",
    "code_of",
    "fits_any",
    "found_at",
    "language_of",
    "last_segment",
    "swea_type_of",
]

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
    column: int = 0
    """1-based; 0: the whole line."""


def found_at(node: ast.expr | ast.stmt, note: str = "", confidence: float = 1.0) -> Match:
    """The place where a piece of Python begins."""
    return Match(node.lineno, note, confidence, node.col_offset + 1)


def language_of(path: str) -> Language:
    """The language of a file, by its name.

    >>> language_of("app/main.py"), language_of("schema.sql"), language_of("README.md")
    ('python', 'sql', 'text')
    """
    suffix = f".{path.rpartition('.')[2]}" if "." in path else ""
    return _SUFFIXES.get(suffix, "text")


def swea_type_of(path: str) -> str:
    """Whose standards a file is held to, by its place in a managed system.

    >>> swea_type_of("app/custom/student.py"), swea_type_of("/x/ui/pages/student_page.py")
    ('backend', 'frontend')
    """
    folders = path.replace("\\", "/").split("/")[:-1]
    name = path.rpartition("/")[2]
    if "tests" in folders or name.startswith(("test_", "conftest")):
        return "test"
    if "database" in folders or "models" in folders or name.endswith(".sql"):
        return "database"
    return "frontend" if "ui" in folders else "backend"


class PythonCode:
    """A module's syntax tree, its nodes by kind, and what its imported names stand for.

    Raises:
        SyntaxError: It is no Python.
    """

    def __init__(self, text: str) -> None:
        self.tree = ast.parse(text)
        self.parents: dict[ast.AST, ast.AST] = {}
        self._order: list[ast.AST] = []
        waiting: list[ast.AST] = [self.tree]
        while waiting:
            node = waiting.pop()
            self._order.append(node)
            children = list(_children(node))
            for child in children:
                self.parents[child] = node
            waiting.extend(reversed(children))
        self._place = {node: place for place, node in enumerate(self._order)}
        self._size = _sizes(self._order, self._place, self.parents)
        self._places: defaultdict[type[ast.AST], list[int]] = defaultdict(list)
        for place, node in enumerate(self._order):
            self._places[type(node)].append(place)
        self._by_line: dict[type[ast.AST], list[ast.AST]] = {}

    def of_kind(self, kind: type[NodeT]) -> list[NodeT]:
        """All nodes of exactly that class, in the order of their lines."""
        if kind not in self._by_line:
            nodes = [self._order[place] for place in self._places[kind]]
            nodes.sort(key=lambda node: getattr(node, "lineno", 0))
            self._by_line[kind] = nodes
        return cast(list[NodeT], self._by_line[kind])

    def walk(self, node: ast.AST) -> list[ast.AST]:
        """A node and all within it, outer ones first."""
        place = self._place[node]
        return self._order[place : place + self._size[place]]

    def within(self, node: ast.AST, kind: type[NodeT]) -> list[NodeT]:
        """The nodes of exactly that class within a node, itself included, outer ones first."""
        places = self._places[kind]
        first = self._place[node]
        start = bisect_left(places, first)
        end = bisect_left(places, first + self._size[first], start)
        return cast(list[NodeT], [self._order[place] for place in places[start:end]])

    @functools.cached_property
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
        parts = []
        while isinstance(expression, ast.Attribute):
            parts.append(expression.attr)
            expression = expression.value
        if isinstance(expression, ast.Name):
            parts.append(self.imports.get(expression.id, expression.id))
        else:
            parts.append("?")
        return ".".join(reversed(parts))

    def calls(self, patterns: Iterable[str]) -> list[ast.Call]:
        """Calls of what any of the dotted names (``*`` for any part) stands for."""
        wanted = tuple(patterns)
        return [call for call, name in self._called if fits_any(name, wanted)]

    @functools.cached_property
    def _called(self) -> list[tuple[ast.Call, str]]:
        return [(call, self.dotted(call.func)) for call in self.of_kind(ast.Call)]


def _sizes(
    order: list[ast.AST], place: dict[ast.AST, int], parents: dict[ast.AST, ast.AST]
) -> list[int]:
    """How many nodes are within each, itself included."""
    sizes = [1] * len(order)
    for node in reversed(order[1:]):
        sizes[place[parents[node]]] += sizes[place[node]]
    return sizes


def _children(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes directly in a node, but for the shared ones that stand for signs and contexts."""
    for field in node._fields:
        value = getattr(node, field, None)
        if isinstance(value, list):
            for item in value:
                if isinstance(item, ast.AST) and not isinstance(item, _SIGNS):
                    yield item
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


@functools.lru_cache(maxsize=32)
def code_of(text: str, language: Language) -> Code:
    """A text to be judged; several judges of one request share what is read of it."""
    return Code(text, language)


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
