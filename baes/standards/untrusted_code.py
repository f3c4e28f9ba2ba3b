"""Whether code by a language model may be run at all: a whitelist of Python's syntax tree.

The code is a few functions of plain values and a helper object. What isn't on the list (imports,
files, processes, evaluation, names with two underscores, loops without an end) is refused with the
line and the reason. A whitelist is no sandbox: it is the first of several checks, and it keeps out
what nobody could want here.
"""

from __future__ import annotations

import ast
import functools
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from baes.datafiles import load_toml

__all__ = ["Fault", "Kind", "untrusted_faults"]

Kind = Literal["function", "tests"]
_DATA = "standards/untrusted_code.toml"
_WIDTH = re.compile(r"[^\d]*(\d{0,2})(?:\.\d{1,2})?[^\d]*")


@dataclass(frozen=True, slots=True)
class Fault:
    """Why code is refused."""

    line: int
    reason: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.reason}"


def untrusted_faults(code: str, kind: Kind, names: Iterable[str] = ()) -> tuple[Fault, ...]:
    """What speaks against running code, by line; empty: nothing.

    Args:
        code: A function with its private helpers, or test functions.
        kind: Which of the two.
        names: Further names that it may use: classes of entities, the function under test.
    """
    hidden = tuple(_hidden(code))
    if hidden:
        return hidden
    limit = _data()["limits"]["characters"]
    if len(code) > limit:
        return (Fault(1, f"it has more than {limit} characters"),)
    try:
        tree = ast.parse(code)
    except SyntaxError as error:
        return (Fault(error.lineno or 1, f"it is no Python: {error.msg}"),)
    except (ValueError, RecursionError, MemoryError) as error:
        return (Fault(1, f"it can't be read: {error}"),)
    found = set(_Reader(tree, kind, frozenset(names)).faults())
    return tuple(sorted(found, key=lambda fault: (fault.line, fault.reason)))


def _hidden(code: str) -> Iterator[Fault]:
    """Signs that show a reader something else than Python reads."""
    for number, line in enumerate(code.split("\n"), 1):
        for char in line:
            if unicodedata.category(char) in ("Cf", "Cc", "Co", "Cs") and char != "\t":
                yield Fault(number, f"it holds the invisible sign U+{ord(char):04X}")
                break


class _Reader:
    """Looks at one tree."""

    def __init__(self, tree: ast.Module, kind: Kind, names: frozenset[str]) -> None:
        self._tree = tree
        self._kind = kind
        self._functions = {f.name: f for f in tree.body if isinstance(f, ast.FunctionDef)}
        self._given = names | _set("names")
        self._attributes, self._nodes = _set("attributes"), _set("nodes")
        if kind == "tests":
            self._given = (self._given - _set("arguments")) | _set("test_names")
            self._attributes |= _set("test_attributes")
            self._nodes |= _set("test_nodes")
        self._bound = frozenset(self._bindings())
        self._looks: dict[type[ast.AST], Callable[[Any], Iterator[Fault]]] = {
            ast.Name: self._name,
            ast.Attribute: self._attribute,
            ast.arg: self._argument,
            ast.keyword: self._argument,
            ast.FunctionDef: self._function,
            ast.Lambda: self._lambda,
            ast.Constant: self._constant,
            ast.FormattedValue: self._format,
            ast.BinOp: self._arithmetic,
            ast.Call: self._call,
        }
        self._lambdas = {
            id(keyword.value)
            for keyword in ast.walk(tree)
            if isinstance(keyword, ast.keyword) and keyword.arg == "key"
        }

    def faults(self) -> Iterator[Fault]:
        """Everything that is wrong."""
        yield from self._top_level()
        for node in ast.walk(self._tree):
            if isinstance(node, ast.Import | ast.ImportFrom):
                yield from self._import(node)
            elif not (isinstance(node, ast.alias) or type(node).__name__ in self._nodes):
                yield self._fault(node, f"{_called(node)} is not allowed")
            else:
                yield from self._one(node)
        yield from self._endless()

    def _one(self, node: ast.AST) -> Iterator[Fault]:
        look = self._looks.get(type(node))
        if look is not None:
            yield from look(node)

    def _attribute(self, node: ast.Attribute) -> Iterator[Fault]:
        if node.attr.startswith("_") or node.attr not in self._attributes:
            yield self._fault(node, f"the attribute {node.attr} is not allowed")
        if not isinstance(node.ctx, ast.Load):
            yield self._fault(node, f"setting the attribute {node.attr} is not allowed")

    def _argument(self, node: ast.arg | ast.keyword) -> Iterator[Fault]:
        if node.arg is None:
            yield self._fault(node, "** in a call is not allowed")
        elif node.arg.startswith("__"):
            yield self._fault(node, f"the name {node.arg} is not allowed")

    def _lambda(self, node: ast.Lambda) -> Iterator[Fault]:
        if id(node) not in self._lambdas:
            yield self._fault(node, "a lambda is only allowed as a key")

    def _format(self, node: ast.FormattedValue) -> Iterator[Fault]:
        parts = getattr(node.format_spec, "values", [])
        widths = [str(getattr(part, "value", "")) for part in parts]
        plain = all(isinstance(part, ast.Constant) for part in parts)
        if not plain or not all(_WIDTH.fullmatch(width) for width in widths):
            yield self._fault(node, "a format of more than two digits is not allowed")

    def _top_level(self) -> Iterator[Fault]:
        if self._kind == "tests" and not any(n.startswith("test_") for n in self._functions):
            yield Fault(1, "there are no tests")
        for node in self._tree.body:
            is_text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
            if not is_text and not isinstance(node, ast.FunctionDef | ast.Import | ast.ImportFrom):
                yield self._fault(node, "only functions are allowed outside of functions")
        for function in ast.walk(self._tree):
            if isinstance(function, ast.FunctionDef) and function not in self._tree.body:
                yield self._fault(function, "a function within another one is not allowed")

    def _import(self, node: ast.Import | ast.ImportFrom) -> Iterator[Fault]:
        names = (
            [a.name for a in node.names] if isinstance(node, ast.Import) else [node.module or "."]
        )
        for name in names:
            if name not in _set("modules") or node not in self._tree.body:
                yield self._fault(node, f"importing {name} is not allowed")
        for alias in node.names:
            is_known = alias.name in {*self._given, *_set("modules"), "Any", "annotations"}
            if alias.asname or not is_known:
                yield self._fault(node, f"importing {alias.name} is not allowed")

    def _name(self, node: ast.Name) -> Iterator[Fault]:
        name = node.id
        if name.startswith("__") or not (name in self._given or name in self._bound):
            yield self._fault(node, f"the name {name} is not allowed")
        elif not isinstance(node.ctx, ast.Load) and (
            name in self._given or name in self._functions
        ):
            yield self._fault(node, f"{name} can't be given another meaning")

    def _function(self, node: ast.FunctionDef) -> Iterator[Fault]:
        arguments = node.args
        if node.decorator_list or getattr(node, "type_params", None):
            yield self._fault(node, "a decorator is not allowed")
        if arguments.vararg or arguments.kwarg or arguments.defaults or any(arguments.kw_defaults):
            yield self._fault(node, "only plain arguments without defaults are allowed")
        if node.name in self._given and node.name in _set("names"):
            yield self._fault(node, f"{node.name} can't be given another meaning")
        if self._kind == "tests" and node.name.startswith("test_"):
            if arguments.args:
                yield self._fault(node, f"the test {node.name} can't have arguments")
            if not any(isinstance(inner, ast.Assert) for inner in ast.walk(node)):
                yield self._fault(node, f"the test {node.name} asserts nothing")

    def _constant(self, node: ast.Constant) -> Iterator[Fault]:
        value: object = node.value
        limits = _data()["limits"]
        if isinstance(value, bytes | complex) or value is ...:
            yield self._fault(node, f"the value {value!r} is not allowed")
        elif isinstance(value, int) and abs(value) > limits["integer"]:
            yield self._fault(node, "a number of this size is not allowed")
        elif isinstance(value, str):
            if len(value) > limits["text"]:
                yield self._fault(node, "a text of this length is not allowed")
            for pattern in _data()["forbidden_texts"]:
                if re.search(pattern, value):
                    yield self._fault(node, f"the text {value[:40]!r} is not allowed")

    def _arithmetic(self, node: ast.BinOp) -> Iterator[Fault]:
        right = node.right
        if isinstance(node.op, ast.Pow) and not (_integer(right) <= _data()["limits"]["power"]):
            yield self._fault(node, "a power of this size is not allowed")
        literals = (ast.List, ast.Tuple, ast.JoinedStr)
        sides = [node.left, right]
        texts = [
            s
            for s in sides
            if isinstance(s, literals) or isinstance(getattr(s, "value", None), str)
        ]
        if isinstance(node.op, ast.Mult) and texts:
            yield self._fault(node, "repeating a text or list is not allowed")
        if isinstance(node.op, ast.Mod) and node.left in texts:
            yield self._fault(node, "formatting by % is not allowed")

    def _call(self, node: ast.Call) -> Iterator[Fault]:
        if not isinstance(node.func, ast.Name | ast.Attribute):
            yield self._fault(node, "only what has a name can be called")
        if isinstance(node.func, ast.Name) and node.func.id == "range":
            for argument in node.args:
                is_length = (
                    isinstance(argument, ast.Call) and getattr(argument.func, "id", "") == "len"
                )
                if not is_length and not _integer(argument) <= _data()["limits"]["range"]:
                    yield self._fault(node, "a range that may be of any length is not allowed")

    def _endless(self) -> Iterator[Fault]:
        """Loops over what grows, loops in loops, and functions that call themselves."""
        for node in ast.walk(self._tree):
            if isinstance(node, ast.For) and not _is_bounded(node.iter):
                yield from self._growth(node, [*node.body, *node.orelse])
            generators = getattr(node, "generators", [])
            if not all(_is_bounded(part.iter) for part in generators):
                yield from self._growth(node, [node])
        for function in self._functions.values():
            if _loops_deep(function) > _data()["limits"]["loops"]:
                yield self._fault(function, "loops are too deep in each other")
            if function.name in self._reached(function):
                yield self._fault(function, f"{function.name} calls itself")

    def _growth(self, loop: ast.AST, inside: list[Any]) -> Iterator[Fault]:
        for part in inside:
            for node in ast.walk(part):
                grows = isinstance(node, ast.AugAssign) or (
                    isinstance(node, ast.Attribute) and node.attr in _set("growing")
                )
                if grows and not _is_count(node):
                    reason = "go through a copy (list(…)) where something grows within the loop"
                    yield self._fault(loop, reason)
                    return

    def _reached(self, function: ast.FunctionDef) -> frozenset[str]:
        """All functions of the code that one mentions, directly or by others."""
        reached: set[str] = set()
        waiting = [function.name]
        while waiting:
            inside = ast.walk(self._functions[waiting.pop()])
            named = {n.id for n in inside if isinstance(n, ast.Name)} & self._functions.keys()
            waiting += named - reached
            reached |= named
        return frozenset(reached)

    def _bindings(self) -> Iterator[str]:
        for node in ast.walk(self._tree):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                yield node.id
            elif isinstance(node, ast.arg):
                yield node.arg
            elif isinstance(node, ast.FunctionDef):
                yield node.name

    def _fault(self, node: ast.AST, reason: str) -> Fault:
        return Fault(getattr(node, "lineno", 1), reason)


def _is_bounded(iterable: ast.expr) -> bool:
    """Whether what a loop goes through can't grow meanwhile."""
    if isinstance(iterable, ast.Tuple | ast.List | ast.Set | ast.Constant):
        return True
    if not isinstance(iterable, ast.Call):
        return False
    function = iterable.func
    name = function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")
    if name in ("enumerate", "zip", "reversed"):
        return all(_is_bounded(argument) for argument in iterable.args)
    return name in _set("bounded")


def _is_count(node: ast.AST) -> bool:
    """Whether an ``x += …`` can only add a number or a text to a name."""
    return isinstance(node, ast.AugAssign) and not isinstance(
        node.value, ast.List | ast.Tuple | ast.Name | ast.ListComp | ast.Set | ast.Dict
    )


def _loops_deep(node: ast.AST) -> int:
    inner = max((_loops_deep(child) for child in ast.iter_child_nodes(node)), default=0)
    own = len(node.generators) if hasattr(node, "generators") else int(isinstance(node, ast.For))
    return inner + own


def _integer(node: ast.expr) -> float:
    """The value of a number in the code; of anything else, more than any limit."""
    if isinstance(node, ast.Constant) and isinstance(node.value, int):
        return node.value
    return float("inf")


def _called(node: ast.AST) -> str:
    """What a piece of syntax is called in a reason."""
    name = type(node).__name__
    return "".join(f" {char.lower()}" if char.isupper() else char for char in name).strip()


def _set(key: str) -> frozenset[str]:
    return _sets()[key]


@functools.cache
def _sets() -> dict[str, frozenset[str]]:
    return {key: frozenset(v) for key, v in _data().items() if isinstance(v, list)}


def _data() -> dict[str, Any]:
    return _loaded()


@functools.cache
def _loaded() -> dict[str, Any]:
    return load_toml(_DATA)
