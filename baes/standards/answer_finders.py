"""What routes declare of their answers, and whether they can be reached at all."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from http import HTTPStatus

from baes.standards.artifact_code import Code, Match, PythonCode, fits_any, found_at, last_segment
from baes.standards.finders import FinderOptions, finder
from baes.standards.routes import Route, router_options, routes_of, status_of

__all__ = [
    "call_in_route",
    "create_without_location",
    "model_that_contradicts_annotation",
    "route_without_error_responses",
    "route_without_response_type",
    "shadowed_route",
]

UNSURE = 0.5

_MANY = frozenset({"list", "List", "Sequence", "Iterable", "tuple", "set"})
_STATUS_BY_WORD = {"NOT_FOUND": HTTPStatus.NOT_FOUND, "CONFLICT": HTTPStatus.CONFLICT}


@finder("python", "calls")
def call_in_route(code: Code, options: FinderOptions) -> Iterator[Match]:
    """Calls of certain names in the functions that answer requests."""
    answering = {id(route.function) for route in routes_of(code.python) if route.function}
    for call in code.python.calls(options.get("calls", ())) if answering else ():
        if any(id(outer) in answering for outer in code.python.ancestors(call)):
            yield found_at(call, code.python.dotted(call.func))


@finder("python", "vague")
def route_without_response_type(code: Code, options: FinderOptions) -> Iterator[Match]:
    """Routes that say neither by a model nor by an annotation what they answer.

    Options: ``vague`` are dotted names of types that say nothing of what is in them.
    """
    vague = options.get("vague", ())
    for route in routes_of(code.python):
        if route.options.keys() & {"response_model", "response_class"} or _is_hidden(route):
            continue
        if status_of(code.python, route.options.get("status_code")) == HTTPStatus.NO_CONTENT:
            continue
        if route.function is None:
            yield Match(route.line, route.title, UNSURE)
        elif route.function.returns is None or _is_vague(
            code.python, route.function.returns, vague
        ):
            yield Match(route.function.lineno, route.title)


@finder("python")
def model_that_contradicts_annotation(code: Code, _: FinderOptions) -> Iterator[Match]:
    """Routes that return a list and declare one record, or the other way round."""
    for route in routes_of(code.python):
        model = route.options.get("response_model")
        returns = route.function.returns if route.function else None
        if model is None or returns is None:
            continue
        kinds = (_is_many(model), _is_many(returns))
        if None not in kinds and kinds[0] != kinds[1]:
            note = f"{route.title} returns {ast.unparse(returns)} and declares {ast.unparse(model)}"
            yield found_at(model, note)


@finder("python", "conflicting", "known")
def route_without_error_responses(code: Code, options: FinderOptions) -> Iterator[Match]:
    """Routes that don't declare 404 though they take an id, or 409 though they change a record.

    Options: ``conflicting`` are the methods that may meet a conflict, ``known`` the dotted names
    of sets of responses whose names say what they hold.
    """
    conflicting = frozenset(options.get("conflicting", ()))
    known = options.get("known", ())
    for route in routes_of(code.python):
        if _is_hidden(route):
            continue
        declared, all_known = _declared(code.python, route, known)
        wanted = [HTTPStatus.NOT_FOUND] if _names_record(route) else []
        if route.methods & conflicting and (route.is_of_one or route.path.strip("/") == ""):
            wanted.append(HTTPStatus.CONFLICT)
        missing = [str(int(status)) for status in wanted if status not in declared]
        if missing:
            note = f"{route.title} does not declare {' and '.join(missing)}"
            yield Match(route.line, note, 1.0 if all_known else UNSURE)


@finder("python")
def create_without_location(code: Code, _: FinderOptions) -> Iterator[Match]:
    """Routes that create and don't say in ``Location`` where the new record is."""
    for route in routes_of(code.python):
        created = status_of(code.python, route.options.get("status_code")) == HTTPStatus.CREATED
        if not created or "post" not in route.methods or route.function is None:
            continue
        texts = (n.value for n in code.python.within(route.function, ast.Constant))
        if not any(isinstance(text, str) and text.lower() == "location" for text in texts):
            yield Match(route.function.lineno, route.title)


@finder("python")
def shadowed_route(code: Code, _: FinderOptions) -> Iterator[Match]:
    """Routes that an earlier one of the same method answers for: FastAPI takes the first."""
    before: defaultdict[tuple[str, str, int], list[tuple[Route, tuple[str, ...]]]]
    before = defaultdict(list)
    for route in sorted(routes_of(code.python), key=lambda route: route.line):
        shape = route.shape
        for method in sorted(route.methods):
            earlier = before[route.router, method, len(shape)]
            first = next((r for r, s in earlier if _covers(s, shape)), None)
            if first is not None:
                note = f"{route.title} is never reached: {first.title} comes first"
                yield Match(route.line, note)
            earlier.append((route, shape))


def _covers(first: tuple[str, ...], second: tuple[str, ...]) -> bool:
    return all(a in (b, "{}") for a, b in zip(first, second, strict=True))


def _names_record(route: Route) -> bool:
    return any(name.endswith("id") for name in route.parameters)


def _declared(python: PythonCode, route: Route, known: tuple[str, ...]) -> tuple[set[int], bool]:
    """(statuses that a route or its router declares, whether nothing else may be declared)."""
    found = [_Responses(python, known), _Responses(python, known)]
    for responses, options in zip(
        found, (route.options, router_options(python, route.router)), strict=True
    ):
        responses.read(options.get("responses"))
    return found[0].statuses | found[1].statuses, found[0].all_known and found[1].all_known


class _Responses:
    """What an argument ``responses`` declares."""

    def __init__(self, python: PythonCode, known: tuple[str, ...]) -> None:
        self._python = python
        self._known = known
        self.statuses: set[int] = set()
        self.all_known = True

    def read(self, value: ast.expr | None) -> None:
        """Take in one expression, and those that it is made of."""
        match value:
            case None:
                return
            case ast.BinOp(left, ast.BitOr(), right):
                self.read(left)
                self.read(right)
            case ast.Dict(keys, values):
                for key, inner in zip(keys, values, strict=True):
                    self._read_entry(key, inner)
            case ast.Name() | ast.Attribute():
                word = last_segment(value)
                named = {int(s) for key, s in _STATUS_BY_WORD.items() if key in word.upper()}
                self.statuses |= named
                self.all_known &= bool(named) or fits_any(self._python.dotted(value), self._known)
            case _:
                self.all_known = False

    def _read_entry(self, key: ast.expr | None, value: ast.expr) -> None:
        if key is None:  # ** of another dictionary
            self.read(value)
            return
        status = status_of(self._python, key)
        if status is None:
            self.all_known = False
        else:
            self.statuses.add(status)


def _is_many(value: ast.expr) -> bool | None:
    match value:
        case ast.Subscript(name, _):
            word = last_segment(name)
            return None if word in ("Annotated", "Page", "Optional", "Union") else word in _MANY
        case ast.Name() | ast.Attribute():
            word = last_segment(value)
            return True if word in _MANY else None if word == "Any" else False
        case _:
            return None


def _is_vague(python: PythonCode, value: ast.expr, vague: tuple[str, ...]) -> bool:
    match value:
        case ast.Subscript(name, ast.Tuple([*_, last])) if last_segment(name) in (
            "dict",
            "Mapping",
        ):
            return _is_vague(python, last, vague)
        case ast.Subscript(name, inner) if last_segment(name) in _MANY:
            return _is_vague(python, inner, vague)
        case _:
            return fits_any(python.dotted(value), vague)


def _is_hidden(route: Route) -> bool:
    match route.options.get("include_in_schema"):
        case ast.Constant(False):
            return True
        case _:
            return False
