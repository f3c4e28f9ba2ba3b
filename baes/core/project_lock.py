"""One writer a project, across processes.

The lock is the operating system's own on an open file, so it ends with its process however that
ends, and no stale lock has ever to be recognised. The file's content only tells who holds it.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from typing import BinaryIO

from baes.core.durable_files import file_errors_explained
from baes.core.project_paths import ProjectPaths
from baes.errors import ProjectBusy, WrongUsage
from baes.texts import Message

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

__all__ = ["TIMEOUT_S", "lock_timeout_s", "project_lock"]

TIMEOUT_S = 60.0
"""How long a command waits for another one on the same project."""

VARIABLE = "BAES_LOCK_TIMEOUT"
_POLL_S = 0.05
_LOCKED_BYTE = 1 << 20
"""Windows refuses to read a locked byte, so the locked one lies behind the content."""


def lock_timeout_s(environment: Mapping[str, str]) -> float:
    """How long the environment lets a command wait, in seconds.

    Raises:
        WrongUsage: It says no number.
    """
    said = environment.get(VARIABLE, "").strip()
    if not said:
        return TIMEOUT_S
    if not (said.isascii() and said.isdigit()):
        raise WrongUsage.of("core.error.lock_timeout", variable=VARIABLE, value=said)
    return float(said)


@contextlib.contextmanager
def project_lock(
    paths: ProjectPaths,
    *,
    purpose: str = "baes",
    timeout_s: float = TIMEOUT_S,
    on_wait: Callable[[Message], None] | None = None,
) -> Iterator[None]:
    """Hold the project for writing.

    Args:
        paths: The project; its private folder is made when missing.
        purpose: What others that wait are told, for example ``baes request``.
        timeout_s: How long to wait for another holder.
        on_wait: Told once who holds the project, when there is a wait.

    Raises:
        ProjectBusy: Another process still holds it after the time-out.
        RequestFailed: The folder can't be written.
    """
    with file_errors_explained(Message.of("core.file.project", path=paths.root)):
        paths.private.mkdir(parents=True, exist_ok=True)
        file = os.fdopen(os.open(paths.lock, os.O_RDWR | os.O_CREAT, 0o644), "r+b")
    with file:
        _wait_for(file, timeout_s, on_wait)
        with file_errors_explained(Message.of("core.file.project", path=paths.root)):
            _write_holder(file, purpose)
        try:
            yield
        finally:
            file.truncate(0)
            _unlock(file)


def _wait_for(file: BinaryIO, timeout_s: float, on_wait: Callable[[Message], None] | None) -> None:
    deadline = time.monotonic() + timeout_s
    told = False
    while not _try_lock(file):
        holder = _read_holder(file)
        if time.monotonic() >= deadline:
            raise ProjectBusy.of("core.error.busy", holder=holder, seconds=f"{timeout_s:g}")
        if on_wait is not None and not told:
            on_wait(Message.of("core.progress.waiting", holder=holder))
            told = True
        time.sleep(_POLL_S)


def _try_lock(file: BinaryIO) -> bool:
    try:
        if sys.platform == "win32":
            file.seek(_LOCKED_BYTE)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:  # the answer of both systems when another process holds it
        return False
    return True


def _unlock(file: BinaryIO) -> None:
    if sys.platform == "win32":
        file.seek(_LOCKED_BYTE)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)
    else:
        fcntl.flock(file, fcntl.LOCK_UN)


def _write_holder(file: BinaryIO, purpose: str) -> None:
    file.seek(0)
    file.truncate(0)
    file.write(json.dumps({"pid": os.getpid(), "purpose": purpose}).encode())
    file.flush()


def _read_holder(file: BinaryIO) -> str:
    file.seek(0)
    try:
        holder = json.loads(file.read(4096))
        return f"{holder['purpose']} (process {holder['pid']})"
    except (ValueError, KeyError, TypeError):  # it is just being written
        return "another process"
