"""The routes of a web API, read from the code that declares them."""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from http import HTTPStatus

from baes.standards.artifact_code import FunctionNode, PythonCode, last_segment

__all__ = ["Route", "router_options", "routes_of", "status_of"]

_METHODS = frozenset({"get", "post", "put", "patch", "delete"})
_REGISTERING = frozenset({"add_api_route", "add_route", "api_route", "route", "Route", "APIRoute"})
_STATUS_NAME = re.compile(r"HTTP_(\d{3})_")
_PARAMETER = re.compile(r"\{(\w+)(?::\w+)?\}")


@dataclass(frozen=True, slots=True)
class Route:
    """What one decorator or call declares."""

    methods: frozenset[str]
    path: str
    call: ast.Call
    function: FunctionNode | None
    """``None`` where it is defined in another module."""
    options: dict[str, ast.expr] = field(default_factory=dict)

    @property
    def line(self) -> int:
        """Where it is declared."""
        return self.call.lineno

    @property
    def title(self) -> str:
        """``GET /{student_id}``."""
        return f"{'/'.join(sorted(self.methods)).upper()} {self.path or '/'}"

    @property
    def router(self) -> str:
        """What it is declared on: ``router`` of ``@router.get``."""
        return (
            last_segment(self.call.func.value) if isinstance(self.call.func, ast.Attribute) else ""
        )

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names in braces."""
        return tuple(_PARAMETER.findall(self.path))

    @property
    def is_of_one(self) -> bool:
        """Whether it is about the record that its only parameter, which comes last, names."""
        return len(self.parameters) == 1 and self.path.rstrip("/").endswith("}")

    @property
    def shape(self) -> tuple[str, ...]:
        """The segments of its path, each parameter as ``{}``."""
        return tuple(_PARAMETER.sub("{}", self.path).strip("/").split("/"))


@functools.lru_cache(maxsize=4)
def routes_of(python: PythonCode) -> tuple[Route, ...]:
    """The routes that a module declares, those with decorators first."""
    return tuple(_routes(python))


def _routes(python: PythonCode) -> Iterator[Route]:
    functions = {function.name: function for function in python.functions}
    for function in python.functions:
        for decorator in function.decorator_list:
            if isinstance(decorator, ast.Call):
                route = _route(decorator, function)
                if route:
                    yield route
    for call in python.of_kind(ast.Call):
        if last_segment(call.func) in _REGISTERING and not _is_decorator(python, call):
            route = _route(call, _endpoint(call, functions))
            if route:
                yield route


def router_options(python: PythonCode, name: str) -> dict[str, ast.expr]:
    """What the router of that name was made with."""
    for node in python.of_kind(ast.Assign):
        match node:
            case ast.Assign([ast.Name(target)], ast.Call(func, _, keywords)) if (
                target == name and last_segment(func) in ("APIRouter", "FastAPI")
            ):
                return {k.arg: k.value for k in keywords if k.arg}
            case _:
                continue
    return {}


def status_of(python: PythonCode, value: ast.expr | None) -> int | None:
    """The number of a status, however it is written; ``None`` where it is computed."""
    match value:
        case ast.Constant(int() as number):
            return number
        case ast.Name() | ast.Attribute():
            name = python.dotted(value)
            numbered = _STATUS_NAME.search(name)
            if numbered:
                return int(numbered.group(1))
            by_name = HTTPStatus.__members__.get(name.rpartition(".")[2])
            return int(by_name) if by_name else None
        case _:
            return None


def _is_decorator(python: PythonCode, call: ast.Call) -> bool:
    around = python.parents[call]
    return isinstance(around, FunctionNode) and call in around.decorator_list


def _route(call: ast.Call, function: FunctionNode | None) -> Route | None:
    word = last_segment(call.func)
    options = {k.arg: k.value for k in call.keywords if k.arg}
    path = call.args[0] if call.args else options.get("path")
    if path is None or not (word in _REGISTERING or _is_method(call)):
        return None
    methods = {word} if word in _METHODS else _named_methods(options.get("methods"))
    return Route(frozenset(methods), _literal_path(path), call, function, options)


def _is_method(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Attribute) and call.func.attr in _METHODS


def _named_methods(value: ast.expr | None) -> set[str]:
    if not isinstance(value, ast.List | ast.Tuple | ast.Set):
        return {"get"}
    return {str(e.value).lower() for e in value.elts if isinstance(e, ast.Constant)}


def _literal_path(value: ast.expr) -> str:
    """The path as far as it is literal; a computed part becomes a word."""
    match value:
        case ast.Constant(str() as text):
            return text
        case ast.JoinedStr(parts):
            return "".join(_literal_path(part) for part in parts)
        case ast.BinOp(left, ast.Add(), right):
            return _literal_path(left) + _literal_path(right)
        case _:
            return "computed"


def _endpoint(call: ast.Call, functions: dict[str, FunctionNode]) -> FunctionNode | None:
    named = [*call.args[1:2], *(k.value for k in call.keywords if k.arg == "endpoint")]
    names = (last_segment(value) for value in named)
    return next((functions[name] for name in names if name in functions), None)
