"""What is wrong with the routes of a web API: their statuses and the shape of their answers."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from http import HTTPStatus

from baes.standards.artifact_code import Code, FunctionNode, Match, PythonCode, last_segment
from baes.standards.finders import FinderOptions, finder

__all__ = ["create_without_created", "delete_without_no_content", "route_without_response_type"]

UNSURE = 0.5

_METHODS = frozenset({"get", "post", "put", "patch", "delete"})
_REGISTERING = frozenset({"add_api_route", "add_route", "api_route", "route", "Route", "APIRoute"})
_STATUS_NAME = re.compile(r"HTTP_(\d{3})_")


@dataclass(frozen=True, slots=True)
class _Route:
    methods: frozenset[str]
    path: str
    line: int
    function: FunctionNode | None
    """``None`` where it is defined in another module."""
    options: dict[str, ast.expr] = field(default_factory=dict)


@finder("python", "actions")
def create_without_created(code: Code, options: FinderOptions) -> Iterator[Match]:
    """POST routes of a collection that don't answer 201.

    Options: ``actions`` are last words of paths that start something and create nothing.
    """
    actions = options.get("actions", ())
    for route in _routes(code.python):
        if "post" in route.methods and _is_collection(route.path, actions):
            yield from _without_status(code.python, route, HTTPStatus.CREATED)


@finder("python")
def delete_without_no_content(code: Code, _: FinderOptions) -> Iterator[Match]:
    """DELETE routes that don't answer 204."""
    for route in _routes(code.python):
        if "delete" in route.methods:
            yield from _without_status(code.python, route, HTTPStatus.NO_CONTENT)


@finder("python")
def route_without_response_type(code: Code, _: FinderOptions) -> Iterator[Match]:
    """Routes that say neither by a model nor by an annotation what they answer."""
    for route in _routes(code.python):
        if route.options.keys() & {"response_model", "response_class"} or _is_hidden(route):
            continue
        if _status(code.python, route.options.get("status_code")) == HTTPStatus.NO_CONTENT:
            continue
        if route.function is None:
            yield Match(route.line, _title(route), UNSURE)
        elif route.function.returns is None:
            yield Match(route.function.lineno, _title(route))


def _routes(python: PythonCode) -> Iterator[_Route]:
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


def _is_decorator(python: PythonCode, call: ast.Call) -> bool:
    around = python.parents[call]
    return isinstance(around, FunctionNode) and call in around.decorator_list


def _route(call: ast.Call, function: FunctionNode | None) -> _Route | None:
    word = last_segment(call.func)
    options = {k.arg: k.value for k in call.keywords if k.arg}
    path = call.args[0] if call.args else options.get("path")
    if path is None or not (word in _REGISTERING or _is_method(call)):
        return None
    methods = {word} if word in _METHODS else _named_methods(options.get("methods"))
    return _Route(frozenset(methods), _literal_path(path), call.lineno, function, options)


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


def _is_collection(path: str, actions: tuple[str, ...]) -> bool:
    last = path.rstrip("/").rpartition("/")[2]
    return "{" not in path and last not in actions


def _without_status(python: PythonCode, route: _Route, wanted: HTTPStatus) -> Iterator[Match]:
    said = route.options.get("status_code")
    status = _status(python, said)
    if status == wanted or wanted in _statuses_in_body(python, route.function):
        return
    title = f"{_title(route)} answers {status or 'an unknown status' if said else 200}"
    unknown = (said is not None and status is None) or _answers_itself(route)
    yield Match(route.line, title, UNSURE if unknown else 1.0)


def _answers_itself(route: _Route) -> bool:
    """Whether the answer is built elsewhere, so that its status can't be read here."""
    if route.function is None:
        return True
    returns = route.function.returns
    return returns is not None and last_segment(returns).endswith("Response")


def _statuses_in_body(python: PythonCode, function: FunctionNode | None) -> set[int | None]:
    """Statuses of the answers that a function makes; not those of the errors that it raises."""
    if function is None:
        return set()
    found: set[int | None] = set()
    for node in ast.walk(function):
        match node:
            case ast.Return(ast.Call(_, _, keywords)):
                found |= {_status(python, k.value) for k in keywords if k.arg == "status_code"}
            case ast.Assign(targets=[ast.Attribute(_, "status_code")], value=value):
                found.add(_status(python, value))
    return found - {None}


def _status(python: PythonCode, value: ast.expr | None) -> int | None:
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


def _is_hidden(route: _Route) -> bool:
    match route.options.get("include_in_schema"):
        case ast.Constant(False):
            return True
        case _:
            return False


def _title(route: _Route) -> str:
    return f"{'/'.join(sorted(route.methods)).upper()} {route.path or '/'}"
