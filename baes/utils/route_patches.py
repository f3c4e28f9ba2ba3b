"""Patches of routes: statuses, models, declared refusals, and the transaction they run in."""

from __future__ import annotations

import re
from collections import Counter

import libcst as cst

from baes.utils.patching import Patch, Place, expression

__all__ = ["error_responses", "response_model", "route_status", "writing_call"]

_METHODS = frozenset({"get", "post", "put", "patch", "delete"})
_DECLARED = {"404": "NOT_FOUND", "409": "CONFLICT"}
_STATUS = {201: "HTTP_201_CREATED", 204: "HTTP_204_NO_CONTENT"}


def route_status(place: Place) -> Patch | None:
    """The status that the route's method and annotation ask for."""
    found = _route(place)
    if found is None:
        return None
    function, call = found
    method = _method(call)
    returns = place.code(function.returns.annotation) if function.returns else ""
    if method == "post" and "{" not in _path(call):
        wanted = 201
    elif method == "delete" or returns == "None":
        wanted = 204
    else:
        return place.replaced(call, _without(call, "status_code"))
    code = f"status.{_STATUS[wanted]}" if _imports_status(place) else str(wanted)
    return place.replaced(call, _with(call, "status_code", expression(code)))


def response_model(place: Place) -> Patch | None:
    """The model that the other routes of the module answer with."""
    found = _route(place)
    if found is None:
        return None
    function, call = found
    returns = place.code(function.returns.annotation) if function.returns else ""
    declared = _argument(call, "response_model")
    name = _bare(place.code(declared)) if declared is not None else _usual_model(place, function)
    many = returns.startswith("list[") or (not returns and function.name.value.startswith("list"))
    if not name:
        return None
    model = f"list[{name}]" if many else name
    return place.replaced(call, _with(call, "response_model", expression(model)))


def error_responses(place: Place) -> Patch | None:
    """The refusals that are missing in what the route declares."""
    found = _route(place)
    missing = [name for status, name in _DECLARED.items() if status in place.finding.reason]
    if found is None or not missing:
        return None
    _, call = found
    declared = _argument(call, "responses")
    if declared is not None and isinstance(declared, cst.Dict):
        return None
    code = " | ".join([*([place.code(declared)] if declared else []), *missing])
    changed = _with(call, "responses", expression(code))
    return place.replaced(call, changed, *(("app.answers", name) for name in missing))


def writing_call(place: Place) -> Patch | None:
    """Work that writes, given to what writes."""
    call = place.beginning(cst.Call)
    if call is None or "is given to" not in place.finding.reason:
        return None
    if not isinstance(call.func, cst.Attribute):
        return None
    func = call.func.with_changes(attr=cst.Name("write"))
    return place.replaced(call, call.with_changes(func=func))


def _route(place: Place) -> tuple[cst.FunctionDef, cst.Call] | None:
    """The function around the place, and the call of its route's decorator."""
    function = place.covering(cst.FunctionDef) or _decorated_at(place)
    for decorator in function.decorators if function else ():
        call = decorator.decorator
        if isinstance(call, cst.Call) and _method(call) in _METHODS and function is not None:
            return function, call
    return None


def _decorated_at(place: Place) -> cst.FunctionDef | None:
    decorator = place.covering(cst.Decorator)
    if decorator is None:
        return None
    functions = place.within(place.module, cst.FunctionDef)
    return next((f for f in functions if decorator in f.decorators), None)


def _method(call: cst.Call) -> str:
    return str(call.func.attr.value) if isinstance(call.func, cst.Attribute) else ""


def _path(call: cst.Call) -> str:
    first = call.args[0].value if call.args else None
    return str(first.value) if isinstance(first, cst.SimpleString) else ""


def _argument(call: cst.Call, name: str) -> cst.BaseExpression | None:
    for argument in call.args:
        if argument.keyword is not None and argument.keyword.value == name:
            return argument.value
    return None


def _with(call: cst.Call, name: str, value: cst.BaseExpression) -> cst.Call:
    """The call with an argument set: in its place, or behind the path."""
    arguments = []
    for argument in call.args:
        if argument.keyword is not None and argument.keyword.value == name:
            arguments.append(argument.with_changes(value=value))
        else:
            arguments.append(argument)
    if _argument(call, name) is None:
        plain = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))
        added = cst.Arg(value, keyword=cst.Name(name), equal=plain)
        first = arguments[0].with_changes(comma=_COMMA) if arguments else None
        comma = _COMMA if len(arguments) > 1 else cst.MaybeSentinel.DEFAULT
        added = added.with_changes(comma=comma)
        arguments = [*([first] if first else []), added, *arguments[1:]]
    return call.with_changes(args=arguments)


_COMMA = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))


def _without(call: cst.Call, name: str) -> cst.Call:
    kept = [a for a in call.args if a.keyword is None or a.keyword.value != name]
    return call.with_changes(args=kept)


def _imports_status(place: Place) -> bool:
    return re.search(r"^from fastapi import .*\bstatus\b", place.module.code, re.M) is not None


def _usual_model(place: Place, function: cst.FunctionDef) -> str:
    """What most routes of the module answer with; a nested path may answer with another one."""
    named: Counter[str] = Counter()
    for call in place.within(place.module, cst.Call):
        model = _argument(call, "response_model")
        if model is not None and _path(call).count("/") <= 1:
            named[_bare(place.code(model))] += 1
    imported: list[str] = re.findall(r"\b(\w+Read)\b", place.module.code)
    fitting = [name for name in dict.fromkeys(imported) if _fits(name, function.name.value)]
    if fitting:
        return fitting[0]
    return max(named, key=lambda name: named[name], default="")


def _fits(model: str, function: str) -> bool:
    """Whether a function is named for the record: ``read_student`` and ``StudentRead``."""
    words = re.sub(r"(?<!^)(?=[A-Z])", "_", model.removesuffix("Read")).lower()
    return re.search(rf"_{re.escape(words)}(?:_of_|$|s$)", function) is not None


def _bare(model: str) -> str:
    return model.removeprefix("list[").removesuffix("]")
