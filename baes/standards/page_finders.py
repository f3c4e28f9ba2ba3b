"""What is wrong with a page that sends what a visitor entered."""

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

__all__ = [
    "form_without_submit",
    "silent_refusal",
    "unguarded_send",
    "unnoticed_success",
    "widget_without_key",
]

UNSURE = 0.5

_WIDGETS = frozenset(
    [
        *("button", "checkbox", "toggle", "radio", "selectbox", "multiselect", "slider"),
        *("select_slider", "text_input", "number_input", "text_area", "date_input", "time_input"),
        *("datetime_input", "file_uploader", "color_picker", "download_button"),
        "form_submit_button",
    ]
)
_CALLBACK = frozenset({"args", "kwargs", "icon", "type", "width"})
_SUBMITS = frozenset({"form_submit_button"})
_RERUNS = frozenset({"rerun", "switch_page", "stop"})


@finder("python", "calls")
def unguarded_send(code: Code, options: FinderOptions) -> Iterator[Match]:
    """Calls of the API in a page outside of any ``try``, their callers' included.

    Certain where the module itself draws; a function that others may call is passed over, since
    they may guard it. Options: ``calls`` change something in the API.
    """
    python = code.python
    for call in python.calls(options.get("calls", ())):
        if not _is_guarded(python, call, frozenset()):
            yield found_at(call, python.dotted(call.func))


@finder("python", "refusals")
def silent_refusal(code: Code, options: FinderOptions) -> Iterator[Match]:
    """Handlers of what the API refused that tell the visitor nothing.

    Options: ``refusals`` are names of exceptions.
    """
    refusals = options.get("refusals", ())
    for handler in code.python.of_kind(ast.ExceptHandler):
        types = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
        caught = [t for t in types if t is not None and fits_any(last_segment(t), refusals)]
        if not caught:
            continue
        gives = any(n.value is not None for n in code.python.within(handler, ast.Return))
        if not gives and not any(map(_may_tell, code.python.walk(handler))):
            yield Match(handler.lineno, f"except {ast.unparse(caught[0])}")


@finder("python", "calls", "telling")
def unnoticed_success(code: Code, options: FinderOptions) -> Iterator[Match]:
    """Functions of a page that change something in the API and tell the visitor nothing.

    Options: ``calls`` change something, ``telling`` are names of calls and keys of the session
    that tell. Helpers that draw nothing, and give back what was stored, leave telling to others.
    """
    python = code.python
    for call in python.calls(options.get("calls", ())):
        scope = python.scope_of(call)
        draws = any(
            python.dotted(n.func).startswith("streamlit.") for n in python.within(scope, ast.Call)
        )
        if draws and not _tells(python, scope, options.get("telling", ())):
            yield found_at(call, python.dotted(call.func))


@finder("python")
def widget_without_key(code: Code, _: FinderOptions) -> Iterator[Match]:
    """Widgets drawn in a loop without a key: the second one stops the page."""
    python = code.python
    for call in python.calls(("streamlit.*",)):
        if last_segment(call.func) in _WIDGETS and not any(
            k.arg in ("key", None) for k in call.keywords
        ):
            turning = _loop_names(python, call)
            shown = {
                name.id
                for part in (*call.args, *(k.value for k in call.keywords if _is_shown(k.arg)))
                for name in python.within(part, ast.Name)
            }
            if turning and not shown & turning:
                yield found_at(call, ast.unparse(call.func))


@finder("python")
def form_without_submit(code: Code, _: FinderOptions) -> Iterator[Match]:
    """Forms that have no button to send them; one that calls other functions may have it there."""
    python = code.python
    for block in python.of_kind(ast.With):
        for item in block.items:
            opened = item.context_expr
            if not isinstance(opened, ast.Call) or python.dotted(opened.func) != "streamlit.form":
                continue
            calls = [n for n in code.python.within(block, ast.Call) if n is not opened]
            if not any(last_segment(c.func) in _SUBMITS for c in calls):
                own = any(not python.dotted(c.func).startswith("streamlit.") for c in calls)
                yield found_at(opened, "", UNSURE if own else 1.0)


def _may_tell(node: ast.AST) -> bool:
    """Whether a statement does something with the refusal: calls, raises, or keeps it."""
    match node:
        case ast.Assign(targets) if not all(isinstance(t, ast.Name) for t in targets):
            return True
        case ast.Call() | ast.Raise() | ast.Yield():
            return True
        case _:
            return False


def _is_guarded(python: PythonCode, node: ast.AST, seen: frozenset[str]) -> bool:
    inner = node
    for outer in python.ancestors(node):
        if isinstance(outer, ast.Try) and outer.handlers and inner in outer.body:
            return True
        if isinstance(outer, FunctionNode):
            return _is_called_guarded(python, outer, seen)
        inner = outer
    return False


def _is_called_guarded(python: PythonCode, function: FunctionNode, seen: frozenset[str]) -> bool:
    """Whether each caller in the module guards; others, of a public function, are trusted to."""
    name = function.name
    if name in seen:
        return True
    uses = [
        use
        for use in (*python.of_kind(ast.Name), *python.of_kind(ast.Attribute))
        if last_segment(use) == name and python.scope_of(use) is not function
    ]
    called = [
        use
        for use in uses
        if isinstance(python.parents[use], ast.Call) and _function_of(python.parents[use]) is use
    ]
    if len(uses) != len(called):  # handed on as a callback: Streamlit calls it, and guards nothing
        return False
    if not called:
        return not name.startswith("_")
    return all(_is_guarded(python, use, seen | {name}) for use in called)


def _function_of(call: ast.AST) -> ast.expr | None:
    return call.func if isinstance(call, ast.Call) else None


def _tells(python: PythonCode, scope: ast.AST, telling: tuple[str, ...]) -> bool:
    for node in python.walk(scope):
        match node:
            case ast.Call(func) if fits_any(last_segment(func), telling):
                return True
            case ast.Subscript(_, ast.Constant(str() as key)) if fits_any(key, telling):
                return True
            case _:
                continue
    return False


def _is_shown(argument: str | None) -> bool:
    """Whether an argument takes part in telling widgets apart; callbacks don't."""
    return argument is not None and not argument.startswith("on_") and argument not in _CALLBACK


def _loop_names(python: PythonCode, node: ast.AST) -> set[str]:
    """The names that change from one round to the next of the loops around a node."""
    names: set[str] = set()
    for outer in python.ancestors(node):
        if isinstance(outer, FunctionNode):
            break
        if isinstance(outer, ast.For):
            names |= {name.id for name in python.within(outer.target, ast.Name)}
            names |= {
                name.id
                for assigned in python.within(outer, ast.Assign)
                for target in assigned.targets
                for name in python.within(target, ast.Name)
            }
    return names
