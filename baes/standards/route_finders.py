"""What is wrong with the statuses of the routes of a web API."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from http import HTTPStatus

from baes.standards.artifact_code import Code, FunctionNode, Match, PythonCode, last_segment
from baes.standards.finders import FinderOptions, finder
from baes.standards.routes import Route, routes_of, status_of

__all__ = [
    "create_without_created",
    "delete_without_no_content",
    "error_with_status_of_success",
    "status_that_does_not_fit",
]

UNSURE = 0.5


@finder("python", "actions")
def create_without_created(code: Code, options: FinderOptions) -> Iterator[Match]:
    """POST routes of a collection that don't answer 201.

    Options: ``actions`` are last words of paths that start something and create nothing.
    """
    actions = options.get("actions", ())
    for route in routes_of(code.python):
        if "post" in route.methods and _is_collection(route.path, actions):
            yield from _without_status(code.python, route, HTTPStatus.CREATED)


@finder("python")
def delete_without_no_content(code: Code, _: FinderOptions) -> Iterator[Match]:
    """DELETE routes that don't answer 204."""
    for route in routes_of(code.python):
        if "delete" in route.methods:
            yield from _without_status(code.python, route, HTTPStatus.NO_CONTENT)


@finder("python")
def status_that_does_not_fit(code: Code, _: FinderOptions) -> Iterator[Match]:
    """Routes whose status of success contradicts what they do.

    It is an error's, a body comes with 204 or none without it, or reading and changing say 201.
    """
    python = code.python
    for route in routes_of(python):
        said = route.options.get("status_code")
        status = status_of(python, said)
        if status is not None and not HTTPStatus.OK <= status < HTTPStatus.BAD_REQUEST:
            yield _at(route, said, f"declares {status}, which is no success")
        elif status == HTTPStatus.NO_CONTENT and _has_body(route):
            yield _at(route, said, "answers 204, which has no body, and returns something")
        elif status == HTTPStatus.CREATED and not route.methods & {"post", "put", "api_route"}:
            yield _at(route, said, "answers 201 and creates nothing")
        elif status is None and said is None and _returns_nothing(route):
            yield _at(route, None, "answers 200 with null: it returns nothing, so 204 is expected")


@finder("python")
def error_with_status_of_success(code: Code, _: FinderOptions) -> Iterator[Match]:
    """``HTTPException`` raised with a status below 400."""
    for call in code.python.calls(("*HTTPException",)):
        said = [*call.args[:1], *(k.value for k in call.keywords if k.arg == "status_code")]
        status = status_of(code.python, said[0]) if said else None
        if status is not None and status < HTTPStatus.BAD_REQUEST:
            yield Match(call.lineno, str(status), column=call.col_offset + 1)


def _at(route: Route, said: ast.expr | None, what: str) -> Match:
    return Match(said.lineno if said else route.line, f"{route.title} {what}")


def _is_collection(path: str, actions: tuple[str, ...]) -> bool:
    last = path.rstrip("/").rpartition("/")[2]
    return "{" not in path and last not in actions


def _without_status(python: PythonCode, route: Route, wanted: HTTPStatus) -> Iterator[Match]:
    said = route.options.get("status_code")
    status = status_of(python, said)
    if status == wanted or wanted in _statuses_in_body(python, route.function):
        return
    title = f"{route.title} answers {status or 'an unknown status' if said else 200}"
    unknown = (said is not None and status is None) or _answers_itself(route)
    yield Match(said.lineno if said else route.line, title, UNSURE if unknown else 1.0)


def _answers_itself(route: Route) -> bool:
    """Whether the answer is built elsewhere, so that its status can't be read here."""
    if route.function is None:
        return True
    returns = route.function.returns
    return returns is not None and last_segment(returns).endswith("Response")


def _has_body(route: Route) -> bool:
    returns = route.function.returns if route.function else None
    if "response_model" in route.options and not _is_none(route.options["response_model"]):
        return True
    return returns is not None and not (_is_none(returns) or _answers_itself(route))


def _returns_nothing(route: Route) -> bool:
    if route.function is None or "response_class" in route.options or "get" in route.methods:
        return False
    returns = route.function.returns
    return returns is not None and _is_none(returns) and not _statuses_set(route.function)


def _is_none(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is None


def _statuses_set(function: FunctionNode) -> bool:
    return any(
        isinstance(node, ast.Attribute)
        and node.attr == "status_code"
        and isinstance(node.ctx, ast.Store)
        for node in ast.walk(function)
    )


def _statuses_in_body(python: PythonCode, function: FunctionNode | None) -> set[int | None]:
    """Statuses of the answers that a function makes; not those of the errors that it raises."""
    if function is None:
        return set()
    found: set[int | None] = set()
    for node in ast.walk(function):
        match node:
            case ast.Return(ast.Call(_, _, keywords)):
                found |= {status_of(python, k.value) for k in keywords if k.arg == "status_code"}
            case ast.Assign(targets=[ast.Attribute(_, "status_code")], value=value):
                found.add(status_of(python, value))
    return found - {None}
