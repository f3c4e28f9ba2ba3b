"""Starting processes that outlive the command, and recognising them later by pid and start time.

A pid alone is reused by the system; together with the time of its start it names one process.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

__all__ = ["end_process", "spawn_detached", "started_at"]

_POLL_S = 0.02
_STARTED: list[subprocess.Popen[bytes]] = []
"""Children of this process: a dead one stays in the system's table until it is asked for."""


def spawn_detached(
    command: Sequence[str],
    *,
    output: IO[bytes],
    env: Mapping[str, str],
    cwd: Path | None = None,
) -> subprocess.Popen[bytes]:
    """Start a process that goes on when this one ends, and hears nothing of its terminal."""
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        env=dict(env),
        cwd=cwd,
        start_new_session=True,
    )
    _STARTED.append(process)
    return process


def started_at(pid: int) -> str | None:
    """When a process was started, in the system's own words; ``None`` when none lives."""
    _reap()
    if sys.platform == "linux":
        return _started_at_on_linux(pid)
    return _started_at_by_ps(pid)


def end_process(pid: int, started: str, *, timeout_s: float = 5.0) -> bool:
    """End one process, with force when it does not listen; gives whether it lived."""
    if not _lives(pid, started):
        return False
    for sign in (signal.SIGTERM, getattr(signal, "SIGKILL", signal.SIGTERM)):
        with contextlib.suppress(ProcessLookupError):  # it has ended by itself meanwhile
            os.kill(pid, sign)
        if wait_for_end(pid, started, timeout_s=timeout_s):
            break
    return True


def wait_for_end(pid: int, started: str, *, timeout_s: float) -> bool:
    """Whether a process ended in time."""
    deadline = time.monotonic() + timeout_s
    while _lives(pid, started):
        if time.monotonic() > deadline:
            return False
        time.sleep(_POLL_S)
    return True


def _lives(pid: int, started: str) -> bool:
    return started_at(pid) == started


def _reap() -> None:
    _STARTED[:] = [process for process in _STARTED if process.poll() is None]


def _started_at_on_linux(pid: int) -> str | None:
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    fields = status[status.rindex(")") + 2 :].split()  # the name before it may hold anything
    state, start_ticks = fields[0], fields[19]
    return None if state in "ZX" else start_ticks


def _started_at_by_ps(pid: int) -> str | None:
    shown = subprocess.run(
        ["ps", "-o", "lstart=", "-p", str(pid)],  # noqa: S607  where it lies differs
        capture_output=True,
        text=True,
        check=False,
    )
    return shown.stdout.strip() or None
