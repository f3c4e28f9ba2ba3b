"""Running the real command in a folder of its own, and speaking to the servers that it starts."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.integration.forked import can_fork, run_forked

__all__ = ["Project", "Ran", "free_port"]


_PORTS_A_WORKER = 2_000
_FIRST_PORT = 12_000
"""Below what systems give to outgoing connections, one of which could take a port meanwhile."""


def _ports() -> Iterator[int]:
    """Ports that only this process of the test run uses, over and over."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 9
    first = _FIRST_PORT + worker * _PORTS_A_WORKER
    begin = os.getpid() % _PORTS_A_WORKER  # runs at the same time seldom meet
    yield from (first + (begin + number) % _PORTS_A_WORKER for number in itertools.count())


_NEXT_PORTS = _ports()


def free_port() -> int:
    """A port of the loopback address that is free, and that no other test is given."""
    for port in itertools.islice(_NEXT_PORTS, _PORTS_A_WORKER):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise OSError("no port is free for the test")


@dataclass(frozen=True)
class Ran:
    """A command that has ended."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output, which must be one JSON value."""
        return json.loads(self.out)


@dataclass
class Project:
    """A project folder, and its two ports."""

    folder: Path
    api_port: int = field(default_factory=free_port)
    ui_port: int = field(default_factory=free_port)

    def run(self, *arguments: str, env: dict[str, str] | None = None, stdin: str = "") -> Ran:
        """Run ``baes`` with the arguments on this project."""
        command = [*arguments, "--project", str(self.folder)]
        if can_fork(env):
            status, out, err = run_forked(command, env, stdin, timeout_s=300)
            assert "Traceback" not in err, err
            return Ran(status, out, err)
        done = subprocess.run(
            [sys.executable, "-m", "baes.cli", *command],
            capture_output=True,
            text=True,
            input=stdin,
            env=env,
            timeout=300,
            check=False,
        )
        assert "Traceback" not in done.stderr, done.stderr
        return Ran(done.returncode, done.stdout, done.stderr)

    def request(self, text: str, *options: str) -> Ran:
        """``baes request TEXT --json``."""
        ports = ("--api-port", str(self.api_port), "--ui-port", str(self.ui_port))
        return self.run("request", text, "--json", *ports, *options)

    @property
    def api(self) -> str:
        """Address of the API."""
        return f"http://127.0.0.1:{self.api_port}"

    @property
    def database(self) -> Path:
        """File of the live database."""
        return self.folder / "managed_system" / "app" / "database" / "baes_system.db"
