"""The real command in a process of its own that starts without importing everything anew.

Half of what a short command costs is its imports, and the tests run many hundreds of commands.
They are forked from a process that has imported all of BAES and done nothing else.
"""

from __future__ import annotations

import atexit
import contextlib
import multiprocessing
import os
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import ModuleType

__all__ = ["can_fork", "run_forked"]

_STREAMS = ("stdin", "stdout", "stderr")
_MODES = (os.O_RDONLY, os.O_WRONLY, os.O_WRONLY)


def can_fork(environment: Mapping[str, str] | None) -> bool:
    """Whether a forked process is what a started one would be: Python reads its settings once."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return False
    return environment is None or _of_python(environment) == _of_python(os.environ)


def run_forked(
    arguments: Sequence[str], environment: Mapping[str, str] | None, stdin: str, timeout_s: float
) -> tuple[int, str, str]:
    """Run ``baes`` with the arguments: its exit status, standard output and standard error.

    Raises:
        TimeoutError: It has not ended in time; it is killed.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.integration.preloaded"])
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder, name) for name in _STREAMS]
        for file, content in zip(files, (stdin, "", ""), strict=True):
            file.write_bytes(content.encode())
        given = dict(os.environ if environment is None else environment)
        paths = [str(file) for file in files]
        process = context.Process(target=_command, args=(list(arguments), given, Path.cwd(), paths))
        with _no_main():
            process.start()
        process.join(timeout_s)
        if process.exitcode is None:
            process.kill()
            process.join()
            raise TimeoutError(f"baes {' '.join(arguments)}: {files[1].read_text()}")
        out, err = (file.read_bytes().decode() for file in files[1:])
        return process.exitcode, out, err


@contextlib.contextmanager
def _no_main() -> Iterator[None]:
    """Spare the child the main module, which would be run in it: of the tests, or of a page."""
    main = sys.modules.get("__main__")
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        del sys.modules["__main__"]
        if main is not None:
            sys.modules["__main__"] = main


def _command(
    arguments: Sequence[str], environment: dict[str, str], folder: Path, files: Sequence[str]
) -> None:
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    for number, (name, file, mode) in enumerate(zip(_STREAMS, files, _MODES, strict=True)):
        opened = os.open(file, mode)
        os.dup2(opened, number)
        os.close(opened)
        stream = open(number, "r" if number == 0 else "w", encoding="utf-8", closefd=False)  # noqa: SIM115
        setattr(sys, name, stream)
    from baes.cli.main import main

    status = 1
    try:
        status = main(arguments)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        atexit._run_exitfuncs()
    sys.exit(status)


def _of_python(environment: Mapping[str, str]) -> dict[str, str]:
    return {k: v for k, v in environment.items() if k.startswith(("PYTHON", "PATH", "LD_"))}
