"""The command's side of the server process: started early, asked later.

The process imports the frameworks of the managed system (half a second) while the request is still
being understood; the command itself never imports them.
"""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import IO, Any

from baes.core.control_protocol import (
    LOOPBACK,
    TOKEN_VARIABLE,
    ControlConnection,
    ControlLost,
    Json,
)
from baes.core.processes import spawn_detached
from baes.core.project_paths import ProjectPaths

__all__ = ["WarmProcess"]

MODULE = "baes.core.server_process"
START_TIMEOUT_S = 30.0
ACCEPT_POLL_S = 0.2
LOG_LINES = 12


class WarmProcess:
    """One process that is ready to try, migrate and serve releases.

    Args:
        paths: The project.
    """

    def __init__(self, paths: ProjectPaths) -> None:
        self._paths = paths
        self.token = ""
        self._listener: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._output: IO[bytes] | None = None
        self._connection: ControlConnection | None = None

    @property
    def pid(self) -> int:
        """Of the running process; 0 before the start."""
        return self._process.pid if self._process else 0

    def start(self) -> None:
        """Start the process if it isn't running; does not wait for it."""
        if self._process is not None:
            return
        self.token = secrets.token_hex(16)
        self._output = tempfile.TemporaryFile()  # noqa: SIM115  closed with this object
        self._listener = socket.create_server((LOOPBACK, 0))
        port = self._listener.getsockname()[1]
        command = [sys.executable, "-P", "-m", MODULE, "--project", str(self._paths.root)]
        self._process = spawn_detached(
            [*command, "--creator-port", str(port)], output=self._output, env=self._environment()
        )

    def ask(self, do: str, *, timeout_s: float, **arguments: Any) -> Json:
        """Have the process do something; it is started when it isn't running.

        Raises:
            ControlLost: It has died, or did not answer in time; it is ended then.
            ServerFailed: It could not do it.
        """
        self.start()
        try:
            self._connection = self._connection or self._accept()
            return self._connection.ask(do, timeout_s=timeout_s, **arguments)
        except ControlLost as error:
            lost = ControlLost.of("core.error.lost_ended", cause=self._last_lines() or error)
            self.close()
            raise lost from error

    def release(self) -> None:
        """Let the process go on without this command."""
        self._process = None
        self.close()

    def close(self) -> None:
        """End the process, unless it was released."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        for resource in (self._connection, self._listener, self._output):
            if resource is not None:
                resource.close()
        self._process = self._connection = self._listener = self._output = None

    def _environment(self) -> dict[str, str]:
        root = str(Path(__file__).parents[2])
        search = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
        return {**os.environ, "PYTHONPATH": os.pathsep.join(search), TOKEN_VARIABLE: self.token}

    def _accept(self) -> ControlConnection:
        deadline = time.monotonic() + START_TIMEOUT_S
        while (connected := self._next_caller()) is None:
            ended = self._process is None or self._process.poll() is not None
            if ended or time.monotonic() > deadline:
                raise ControlLost.of("core.error.lost_start")
        connection = ControlConnection(connected)
        # Only the process knows the token; anybody else on this machine could have connected.
        if connection.receive(timeout_s=START_TIMEOUT_S).get("token") != self.token:
            connection.close()
            raise ControlLost.of("core.error.lost_stranger")
        return connection

    def _next_caller(self) -> socket.socket | None:
        if self._listener is None:
            return None
        self._listener.settimeout(ACCEPT_POLL_S)
        try:
            return self._listener.accept()[0]
        except TimeoutError:
            return None

    def _last_lines(self) -> str:
        if self._output is None:
            return ""
        self._output.seek(0)
        return "\n".join(self._output.read().decode("utf-8", "replace").splitlines()[-LOG_LINES:])
