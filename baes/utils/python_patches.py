"""Patches of Python that belong to no single framework, and the table of all patches."""

from __future__ import annotations

import re
from collections.abc import Callable

import libcst as cst

from baes.datafiles import load_toml
from baes.utils.patch_imports import LOGGER
from baes.utils.patching import Patch, Place, expression, quoted_in, statement
from baes.utils.route_patches import (
    error_responses,
    response_model,
    route_status,
    writing_call,
)
from baes.utils.table_patches import model_constraint, model_index

__all__ = ["PYTHON_PATCHES"]

_KNOWN = "utils/data/known_names.toml"


def _awaited(place: Place) -> Patch | None:
    """A coroutine's call, awaited; what is no coroutine, not."""
    if "can't be awaited" in place.finding.reason:
        awaiting = place.beginning(cst.Await)
        return place.replaced(awaiting, awaiting.expression) if awaiting else None
    call = place.beginning(cst.Call)
    function = place.covering(cst.FunctionDef)
    if call is None or function is None or function.asynchronous is None:
        return None
    return place.replaced(call, cst.Await(call))


def _import(place: Place) -> Patch | None:
    """An import of a name that is known."""
    name = quoted_in(place.finding.reason)
    if "Undefined name" not in place.finding.reason or not name:
        return None
    if name == "logger":
        return Patch(place.module, (LOGGER,))
    known = load_toml(_KNOWN)
    if name in known["modules"]["names"]:
        return Patch(place.module, ((name, ""),))
    for source, names in known.items():
        if isinstance(names, list) and name in names:
            return Patch(place.module, ((source, name),))
    source = _sibling_module(place, name)
    return Patch(place.module, ((source, name),)) if source else None


def _sibling_module(place: Place, name: str) -> str:
    """Where names of the same stem come from in this file: ``StudentCreate`` as ``StudentRead``."""
    stem = name
    for end in ("Create", "Read", "Patch", "Query"):
        stem = stem.removesuffix(end)
    sources = [
        (place.code(source.module), alias.evaluated_name)
        for source in place.within(place.module, cst.ImportFrom)
        if source.module is not None and not isinstance(source.names, cst.ImportStar)
        for alias in source.names
    ]
    for module, other in sources:
        if other.startswith(stem) and module.startswith(("app.schemas.", "app.models.")):
            folder = "app.models." if stem == name else "app.schemas."
            return folder + module.rpartition(".")[2]
    return ""


def _unused(place: Place) -> Patch | None:
    """An import without the name that nobody uses."""
    name = quoted_in(place.finding.reason)
    if "imported but unused" not in place.finding.reason:
        return None
    word = re.escape(name.rpartition(".")[2])
    if len(re.findall(rf"\b{word}\b", place.module.code)) > 1:  # another patch uses it by now
        return Patch(place.module)
    for node in (place.covering(cst.ImportFrom), place.covering(cst.Import)):
        if node is None or isinstance(node.names, cst.ImportStar):
            continue
        kept = [alias for alias in node.names if not _is_named(alias, name)]
        if len(kept) == len(node.names):
            continue
        if not kept:
            return place.replaced(node, cst.RemoveFromParent())
        kept[-1] = kept[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)
        return place.replaced(node, node.with_changes(names=kept))
    return None


def _is_named(alias: cst.ImportAlias, name: str) -> bool:
    return alias.evaluated_name.rpartition(".")[2] == name.rpartition(".")[2] or (
        alias.evaluated_alias == name.rpartition(".")[2]
    )


def _return_type(place: Place) -> Patch | None:
    """``-> None`` for a function that gives nothing."""
    function = place.covering(cst.FunctionDef)
    if function is None or function.returns is not None or "eturn type" not in place.finding.reason:
        return None
    gives = any(r.value is not None for r in place.within(function.body, cst.Return))
    if gives or place.within(function.body, cst.Yield):
        return None
    return place.replaced(function, function.with_changes(returns=cst.Annotation(cst.Name("None"))))


def _parameter_type(place: Place) -> Patch | None:
    """What a parameter of that name always is."""
    name = quoted_in(place.finding.reason)
    known = load_toml(_KNOWN)["parameters"]
    parameter = next((p for p in place.on_line(cst.Param) if p.name.value == name), None)
    wanted = known.get(name) or ("int" if name.endswith("_id") else None)
    if parameter is None or wanted is None or "function argument" not in place.finding.reason:
        return None
    imports = tuple(
        (source, word)
        for source, names in load_toml(_KNOWN).items()
        if isinstance(names, list)
        for word in names
        if word in wanted.replace("[", " ").replace("]", " ").replace(",", " ").split()
    )
    annotated = parameter.with_changes(annotation=cst.Annotation(expression(wanted)))
    return place.replaced(parameter, annotated, *imports)


def _docstring(place: Place) -> Patch | None:
    """A first line made of the name's words."""
    if "Missing docstring" not in place.finding.reason:
        return None
    if "module" in place.finding.reason:
        body = [statement('"""Code of its own."""'), *place.module.body]
        return place.replaced(place.module, place.module.with_changes(body=body))
    node = _defined_at(place)
    if node is None or not isinstance(node.body, cst.IndentedBlock):
        return None
    words = node.name.value.strip("_").replace("_", " ")
    line = statement(f'"""{words[:1].upper()}{words[1:]}."""')
    block = node.body.with_changes(body=[line, *node.body.body])
    return place.replaced(node, node.with_changes(body=block))


def _defined_at(place: Place) -> cst.FunctionDef | cst.ClassDef | None:
    function, class_ = place.covering(cst.FunctionDef), place.covering(cst.ClassDef)
    return class_ if "class" in place.finding.reason else function


def _logged(place: Place) -> Patch | None:
    """A line for the log instead of one on the terminal; no breakpoint."""
    if "breakpoint" in place.finding.reason:
        line = place.covering(cst.SimpleStatementLine)
        return place.replaced(line, cst.RemoveFromParent()) if line else None
    call = place.beginning(cst.Call)
    if call is None or "print" not in place.finding.reason or not call.args:
        return None
    if any(argument.keyword is not None or argument.star for argument in call.args):
        return None
    slots = " ".join("%s" for _ in call.args)
    plain = len(call.args) == 1 and isinstance(call.args[0].value, cst.SimpleString)
    arguments = call.args if plain else [cst.Arg(expression(repr(slots))), *call.args]
    changed = call.with_changes(func=expression("logger.info"), args=arguments)
    return place.replaced(call, changed, LOGGER)


def _not_swallowed(place: Place) -> Patch | None:
    """A handler that writes the exception down and passes it on."""
    handler = place.covering(cst.ExceptHandler)
    if handler is None or "hides what went wrong" not in place.finding.reason:
        return None
    function = place.covering(cst.FunctionDef)
    where = function.name.value.replace("_", " ") if function else "the work"
    lines = [statement(f'logger.exception("{where} failed")'), statement("raise")]
    caught = handler.with_changes(
        type=handler.type or cst.Name("Exception"),
        whitespace_after_except=cst.SimpleWhitespace(" "),
        body=cst.IndentedBlock(body=lines),
    )
    return place.replaced(handler, caught, LOGGER)


def _in_utc(place: Place) -> Patch | None:
    """``now`` of a zone."""
    call = place.beginning(cst.Call)
    if call is None or not isinstance(call.func, cst.Attribute) or call.args:
        return None
    if call.func.attr.value not in ("now", "utcnow"):
        return None
    of = place.code(call.func.value)
    zone, imports = ("datetime.UTC", ()) if of == "datetime.datetime" else ("UTC", _UTC)
    now = call.func.with_changes(attr=cst.Name("now"))
    changed = call.with_changes(func=now, args=[cst.Arg(expression(zone))])
    return place.replaced(call, changed, *imports)


_UTC = (("datetime", "UTC"),)


def _decorated(place: Place) -> Patch | None:
    """The decorator that makes of a function what it is used as."""
    reason = place.finding.reason
    function = place.covering(cst.FunctionDef)
    if function is None:
        return None
    if "no contextmanager" in reason:
        name, imported = "contextmanager", ("contextlib", "contextmanager")
    elif "as a fixture" in reason:
        name, imported = "pytest.fixture", ("pytest", "")
    else:
        return None
    decorator = cst.Decorator(expression(name))
    changed = function.with_changes(decorators=[decorator, *function.decorators])
    return place.replaced(function, changed, imported)


def _asserted(place: Place) -> Patch | None:
    """A comparison that nobody looked at, asserted."""
    line = place.covering(cst.Expr)
    if line is None or "comparison" not in place.finding.reason:
        return None
    return place.replaced(line, cst.Assert(line.value))


PYTHON_PATCHES: dict[str, tuple[Callable[[Place], Patch | None], ...]] = {
    "awaits": (_awaited,),
    "constraints": (model_constraint,),
    "datetimes": (_in_utc,),
    "docstrings": (_docstring,),
    "error_handling": (_not_swallowed,),
    "error_responses": (error_responses,),
    "http_status": (route_status,),
    "indexes": (model_index,),
    "logging": (_logged,),
    "own_calls": (_decorated,),
    "response_models": (response_model,),
    "test_assertion": (_asserted,),
    "transactions": (writing_call,),
    "type_hints": (_return_type, _parameter_type),
    "undefined_names": (_import,),
    "unused_names": (_unused,),
}
"""Rule -> its patches; the first that fits the place mends it."""
