"""The process that runs the tests of a language model's function, with next to no rights.

It is started as a file, without any installed package, and gets everything by standard input. The
limits of the operating system hold for it, and an audit hook refuses files, sockets, processes and
imports from the moment before the first line of the model's code is run.
"""

from __future__ import annotations

import contextlib
import datetime  # noqa: F401  imported before the hook forbids it
import decimal  # noqa: F401
import json
import sys
import types
import typing  # noqa: F401
from collections.abc import Callable
from typing import Any

__all__ = ["main"]

CPU_S = 2
MEMORY_BYTES = 256 * 2**20
OPEN_FILES = 16
_FORBIDDEN = {
    *("open", "import", "compile", "exec", "code", "cpython", "marshal", "pickle"),
    *("os", "shutil", "tempfile", "glob", "pathlib", "mmap", "fcntl", "pty", "sqlite3"),
    *("socket", "urllib", "http", "smtplib", "ftplib", "subprocess", "signal", "ctypes"),
    *("resource", "winreg", "syslog"),
}
"""Audit events that begin with one of these end in an error."""

Names = dict[str, Any]


def main() -> None:
    """Run the tests, then run them against a function that does nothing: they must notice it."""
    task = json.load(sys.stdin)
    code = {name: compile(text, name, "exec") for name, text in task["modules"].items()}
    tests = compile(task["tests"], "tests", "exec")
    _set_limits()
    sys.addaudithook(_refuse)
    for name in task["packages"]:
        sys.modules[name] = types.ModuleType(name)
    for name, class_name in task["models"].items():
        sys.modules[name] = _module(name, {class_name: type(class_name, (), {})})
    names = {"System": object, "Values": dict, "Hook": lambda *_: None}
    sys.modules[task["system"]] = _module(task["system"], names)
    for name, compiled in code.items():
        sys.modules[name] = _run(name, compiled)
    passed, failures = _tested(tests)
    result = {"passed": passed, "failures": failures, "proves": True}
    if not failures:
        setattr(sys.modules[task["module"]], task["function"], lambda *_: None)
        result["proves"] = bool(_tested(tests)[1])
    json.dump(result, sys.stdout)


def _tested(compiled: types.CodeType) -> tuple[int, list[tuple[str, str]]]:
    """(how many tests passed, the name and the reason of those that did not)."""
    module = _run("tests.trial", compiled)
    tests = [f for name, f in vars(module).items() if name.startswith("test_") and callable(f)]
    failures = [(test.__name__, reason) for test in tests if (reason := _failure(test))]
    return len(tests) - len(failures), failures


def _failure(test: Callable[[], None]) -> str:
    try:
        test()
    except (Exception, SystemExit) as error:  # the code under test may raise anything
        trace = error.__traceback__
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        place = f"{trace.tb_frame.f_code.co_filename} line {trace.tb_lineno}: " if trace else ""
        return f"{place}{type(error).__name__} {error}".strip()
    return ""


def _run(name: str, compiled: types.CodeType) -> types.ModuleType:
    module = _module(name, {"__builtins__": __builtins__})
    types.FunctionType(compiled, vars(module))()
    return module


def _module(name: str, values: Names) -> types.ModuleType:
    module = types.ModuleType(name)
    vars(module).update(values)
    return module


def _set_limits() -> None:
    with contextlib.suppress(ImportError):  # Windows has none; the time limit holds there as well
        import resource

        limits = {
            "RLIMIT_CPU": CPU_S,
            "RLIMIT_AS": MEMORY_BYTES,
            "RLIMIT_FSIZE": 0,
            "RLIMIT_NOFILE": OPEN_FILES,
            "RLIMIT_CORE": 0,
        }
        for name, limit in limits.items():
            with contextlib.suppress(ValueError, OSError, AttributeError):
                resource.setrlimit(getattr(resource, name), (limit, limit))


def _refuse(event: str, _: object) -> None:
    if event.split(".")[0] in _FORBIDDEN:
        raise PermissionError(f"{event} is not allowed")


if __name__ == "__main__":
    main()
