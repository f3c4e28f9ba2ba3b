"""Coroutines that nobody awaits, awaits of what is none, and reads that write."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from baes.standards.artifact_code import (
    Code,
    FunctionNode,
    Match,
    PythonCode,
    fits_any,
    found_at,
    last_segment,
)
from baes.standards.finders import FinderOptions, finder
from baes.standards.routes import routes_of

__all__ = ["awaited_plain_call", "blocking_call", "read_that_writes", "unawaited_call"]

UNSURE = 0.5


@finder("python", "coroutines")
def unawaited_call(code: Code, options: FinderOptions) -> Iterator[Match]:
    """Calls of coroutine functions whose result nobody awaits.

    Options: ``coroutines`` are dotted names of such functions in other modules.
    """
    python = code.python
    own, methods = _own_coroutines(python)
    patterns = options.get("coroutines", ())
    for call in python.of_kind(ast.Call):
        if _is_one_of(python, call, own, methods) or fits_any(python.dotted(call.func), patterns):
            confidence = _forgotten(python, call)
            if confidence:
                yield found_at(call, ast.unparse(call.func), confidence)


@finder("python", "plain")
def awaited_plain_call(code: Code, options: FinderOptions) -> Iterator[Match]:
    """Awaits of functions of the module, or named ones, that are no coroutines.

    Options: ``plain`` are dotted names of plain functions in other modules.
    """
    python = code.python
    own = _at_top(python, ast.FunctionDef)
    patterns = options.get("plain", ())
    for node in python.of_kind(ast.Await):
        if isinstance(node.value, ast.Call):
            function = node.value.func
            is_own = isinstance(function, ast.Name) and _is_plain(own.get(function.id))
            if is_own or fits_any(python.dotted(function), patterns):
                yield found_at(node, ast.unparse(function))


@finder("python", "calls", "on_loop")
def blocking_call(code: Code, options: FinderOptions) -> Iterator[Match]:
    """Calls that keep the whole event loop waiting.

    Options: ``calls`` names them, ``on_loop`` plain functions that coroutines call.
    """
    python = code.python
    for call in python.calls(options.get("calls", ())):
        scope = python.scope_of(call)
        name = scope.name if isinstance(scope, FunctionNode) else ""
        if isinstance(scope, ast.AsyncFunctionDef) or fits_any(name, options.get("on_loop", ())):
            yield found_at(call, python.dotted(call.func))


@finder("python", "readers", "writers", "writing")
def read_that_writes(code: Code, options: FinderOptions) -> Iterator[Match]:
    """Writing work that is given to a reading connection, and GET routes that write.

    Options: ``readers`` and ``writers`` are calls that take work, ``writing`` is work that writes.
    """
    python = code.python
    writing = options.get("writing", ())
    for call in python.calls(options.get("readers", ())):
        if call.args and fits_any(last_segment(call.args[0]), writing):
            work = ast.unparse(call.args[0])
            yield found_at(call, f"{work} writes, and is given to {ast.unparse(call.func)}")
    for route in routes_of(python):
        if route.function is not None and route.methods == {"get"}:
            for node in python.within(route.function, ast.Call):
                if fits_any(python.dotted(node.func), options.get("writers", ())):
                    yield found_at(node, f"{route.title} writes")


def _own_coroutines(python: PythonCode) -> tuple[set[str], set[str]]:
    """(names of coroutine functions at the top of a module, those of methods)."""
    top = {name for name, function in _at_top(python, ast.AsyncFunctionDef).items()
           if not _is_generator(python, function)}  # fmt: skip
    methods: set[str] = set()
    plain: set[str] = set()
    for function in python.functions:
        if isinstance(python.parents[function], ast.ClassDef):
            is_coroutine = isinstance(function, ast.AsyncFunctionDef)
            (methods if is_coroutine and not _is_generator(python, function) else plain).add(
                function.name
            )
    return top, methods - plain


def _at_top(python: PythonCode, kind: type[FunctionNode]) -> dict[str, FunctionNode]:
    found = [node for node in python.tree.body if isinstance(node, FunctionNode)]
    names = [node.name for node in found]
    return {
        node.name: node for node in found if isinstance(node, kind) and names.count(node.name) == 1
    }


def _is_generator(python: PythonCode, function: FunctionNode) -> bool:
    managed = (last_segment(d).endswith("contextmanager") for d in function.decorator_list)
    return any(managed) or bool(python.within(function, ast.Yield))


def _is_plain(function: FunctionNode | None) -> bool:
    """Whether a function surely gives nothing that can be awaited."""
    if function is None or function.decorator_list:
        return False
    returns = "" if function.returns is None else ast.unparse(function.returns)
    awaitable = ("Awaitable", "Coroutine", "Future", "Task", "Any")
    return bool(returns) and not any(word in returns for word in awaitable)


def _is_one_of(python: PythonCode, call: ast.Call, own: set[str], methods: set[str]) -> bool:
    match call.func:
        case ast.Name(name):
            return name in own and name not in python.imports
        case ast.Attribute(ast.Name("self"), name):
            return name in methods
        case _:
            return False


def _forgotten(python: PythonCode, call: ast.Call) -> float:
    """How sure it is that nobody awaits what a call gives."""
    node: ast.AST = call
    holder = python.parents[node]
    while isinstance(holder, ast.IfExp | ast.NamedExpr | ast.BoolOp):
        node, holder = holder, python.parents[holder]
    scope = python.scope_of(call)
    match holder:
        case ast.Await() | ast.Call() | ast.keyword() | ast.Starred() | ast.Lambda():
            return 0.0
        case ast.List() | ast.Tuple() | ast.Dict() | ast.ListComp() | ast.GeneratorExp():
            return 0.0
        case ast.withitem() | ast.AsyncFor():
            return 0.0
        case ast.Return() | ast.Yield():
            if not isinstance(scope, ast.AsyncFunctionDef):
                return 0.0
            return 1.0 if scope.returns is not None else UNSURE
        case ast.Assign([ast.Name(name)]) | ast.AnnAssign(ast.Name(name)):
            return UNSURE if _is_passed_on(python, scope, name) else 1.0
        case ast.Assign() | ast.AnnAssign():
            return UNSURE
        case _:
            return 1.0


def _is_passed_on(python: PythonCode, scope: ast.AST, name: str) -> bool:
    """Whether what goes by a name is awaited, given to a call, kept, or returned."""
    for node in python.walk(scope):
        match node:
            case ast.Await(ast.Name(found)) | ast.Starred(ast.Name(found)):
                if found == name:
                    return True
            case ast.Call(_, arguments) if any(_is_name(a, name) for a in arguments):
                return True
            case ast.List(parts) | ast.Tuple(parts) if any(_is_name(p, name) for p in parts):
                return True
            case _:
                continue
    return False


def _is_name(expression: ast.expr, name: str) -> bool:
    return isinstance(expression, ast.Name) and expression.id == name
