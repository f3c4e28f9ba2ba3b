"""Starting, finding, exchanging and stopping the processes that serve a managed system."""

from __future__ import annotations

import contextlib
import http.client
import os
import socket
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from baes.core.control_protocol import LOOPBACK, ControlConnection, ControlLost, Json
from baes.core.durable_files import file_errors_explained
from baes.core.managed_system_manager import LiveServer
from baes.core.manifest import read_manifest
from baes.core.processes import end_process, spawn_detached, started_at, wait_for_end
from baes.core.project_paths import ProjectPaths
from baes.core.servers_file import ServerNote, ServersNote, read_servers, write_servers
from baes.core.warm_process import WarmProcess
from baes.errors import ServerFailed
from baes.texts import Message

__all__ = ["ServerState", "ServerSupervisor", "ServersState", "port_is_free"]

API_START_TIMEOUT_S = 30.0
UI_START_TIMEOUT_S = 30.0
EXCHANGE_TIMEOUT_S = 60.0
STOP_TIMEOUT_S = 10.0
HEALTH_TIMEOUT_S = 5.0
PORT_RELEASE_S = 1.0
"""How long a server that was killed may go on holding its port: its threads end after it."""
_POLL_S = 0.05


@dataclass(frozen=True, slots=True)
class ServerState:
    """One server, as it was found."""

    name: Literal["api", "ui"]
    state: Literal["running", "starting", "stopped", "dead"]
    """``dead``: it was started, and has ended without being told to."""
    port: int = 0
    pid: int = 0

    @property
    def url(self) -> str:
        """Where it answers; empty when it doesn't."""
        up = self.state in ("running", "starting")
        return f"http://{LOOPBACK}:{self.port}" if up else ""


@dataclass(frozen=True, slots=True)
class ServersState:
    """Both servers."""

    api: ServerState
    ui: ServerState

    @property
    def urls(self) -> tuple[tuple[str, str], ...]:
        """(api, docs or ui, its address) of what runs."""
        api, ui = self.api.url, self.ui.url
        found = (("api", api), ("docs", api and f"{api}/docs"), ("ui", ui))
        return tuple((name, url) for name, url in found if url)


class ServerSupervisor:
    """The servers of one project; starting and stopping want the project's lock.

    Args:
        paths: The project.
        warm: The process that becomes the API server; one of its own if left out.
    """

    def __init__(self, paths: ProjectPaths, warm: WarmProcess | None = None) -> None:
        self._paths = paths
        self._warm = warm or WarmProcess(paths)

    def prewarm(self, api_port: int | None, ui_port: int | None) -> None:
        """Start importing what the server needs, and see that the ports can be had.

        Raises:
            ServerFailed: Another program listens on one of the ports.
        """
        self._warm.start()
        noted = read_servers(self._paths)
        api_port, ui_port = noted.ports(api_port, ui_port)
        _refuse_taken("API", "--api-port", api_port, noted.api)
        _refuse_taken("UI", "--ui-port", ui_port, noted.ui)

    def start(self, api_port: int | None = None, ui_port: int | None = None) -> ServersState:
        """Have both servers run the current release; waits for the API only.

        Args:
            api_port: Where the API shall be; left out: where it is, or on its usual port.
            ui_port: The same for the pages.

        Raises:
            ServerFailed: One can't be started.
        """
        if not (self._paths.managed_system / "app" / "main.py").exists():
            raise ServerFailed.of("core.error.nothing_to_serve", project=self._paths.root)
        noted = read_servers(self._paths)
        api_port, ui_port = noted.ports(api_port, ui_port)
        if noted.moved or (noted.api is not None and noted.api.port != api_port):
            self.stop()  # the pages know the API by its address
        with file_errors_explained(Message.of("core.file.servers")):
            ui = self._ensure_ui(ui_port, api_port)
            try:
                api = self._ensure_api(api_port)
            except ServerFailed:
                if ui is not None and ui != noted.ui:
                    end_process(ui.pid, ui.started)
                raise
            write_servers(self._paths, ServersNote(api, ui))
        return self.status()

    def wait_for_ui(self, *, timeout_s: float = UI_START_TIMEOUT_S) -> ServersState:
        """The state once the pages answer, or after the time-out."""
        deadline = time.monotonic() + timeout_s
        while (found := self.status()).ui.state == "starting" and time.monotonic() < deadline:
            time.sleep(_POLL_S)
        return found

    def stop(self) -> ServersState:
        """End both servers; gives what was running before."""
        before = self.status()
        noted = read_servers(self._paths)
        if noted.api is not None:
            _stop_api(noted.api)
        if noted.ui is not None:
            end_process(noted.ui.pid, noted.ui.started, timeout_s=STOP_TIMEOUT_S)
        with file_errors_explained(Message.of("core.file.forget")):
            write_servers(self._paths, ServersNote())
        return before

    def status(self) -> ServersState:
        """How the servers are found now."""
        noted = read_servers(self._paths)
        return ServersState(
            _state("api", noted.api, "/health"), _state("ui", noted.ui, "/_stcore/health")
        )

    def live(self) -> LiveServer | None:
        """The running API server, for a deploy; ``None`` when none runs."""
        noted = read_servers(self._paths)
        connection = _connect(noted.api)
        if connection is None or noted.moved:
            return None
        return _Live(connection)

    def close(self) -> None:
        """End the process that was started early, unless it serves now."""
        self._warm.close()

    def _ensure_api(self, port: int) -> ServerNote:
        noted = read_servers(self._paths).api
        if noted is not None:
            if noted.port == port and self._serves_current(noted):
                return noted
            _stop_api(noted)
        _refuse_taken("API", "--api-port", port, None)
        answer = self._warm.ask("serve", timeout_s=API_START_TIMEOUT_S, port=port)
        pid = self._warm.pid
        started, token = started_at(pid), self._warm.token
        self._warm.release()
        return ServerNote(pid, started or "", port, int(answer["control_port"]), token)

    def _serves_current(self, noted: ServerNote) -> bool:
        """Whether the server takes over what lies there now, edited code as well.

        Raises:
            ServerFailed: The code can't be imported; the server goes on with what it had.
        """
        connection = _connect(noted)
        if connection is None:
            return False
        try:
            answer = connection.ask("reload", timeout_s=EXCHANGE_TIMEOUT_S)
        except ControlLost:
            return False
        finally:
            connection.close()
        return bool(answer["request_id"] == read_manifest(self._paths).request_id)

    def _ensure_ui(self, port: int, api_port: int) -> ServerNote | None:
        noted = read_servers(self._paths).ui
        page = self._paths.managed_system / "ui" / "app.py"
        if noted is not None:
            if noted.port == port and started_at(noted.pid) == noted.started:
                return noted
            end_process(noted.pid, noted.started)
        if not page.exists():
            return None
        _refuse_taken("UI", "--ui-port", port, None)
        return self._spawn_ui(page, port, api_port)

    def _spawn_ui(self, page: Path, port: int, api_port: int) -> ServerNote:
        options = {
            "server.port": port,
            "server.address": LOOPBACK,
            "server.headless": "true",
            "browser.gatherUsageStats": "false",
        }
        flags = [part for name, value in options.items() for part in (f"--{name}", str(value))]
        command = [sys.executable, "-m", "streamlit", "run", str(page), *flags]
        environment = {**os.environ, "API_URL": f"http://{LOOPBACK}:{api_port}"}
        self._paths.logs.mkdir(parents=True, exist_ok=True)
        with (self._paths.logs / "ui.log").open("ab") as log:
            # Streamlit reads the system's own settings (.streamlit/) from where it is started.
            folder = self._paths.managed_system
            process = spawn_detached(command, output=log, env=environment, cwd=folder)
        return ServerNote(process.pid, started_at(process.pid) or "", port)


class _Live:
    """The running server, while a release is exchanged."""

    def __init__(self, connection: ControlConnection) -> None:
        self._connection = connection

    def hold_writes(self) -> None:
        self._ask("hold", what="writes")

    def hold_all(self) -> None:
        self._ask("hold", what="all")

    def reload(self) -> None:
        try:
            self._ask("reload")
        finally:
            self.close()

    def resume(self) -> None:
        # A server that has ended holds nobody, and one that lost its command resumes by itself.
        with contextlib.suppress(ServerFailed):
            self._ask("resume")
        self.close()

    def close(self) -> None:
        self._connection.close()

    def _ask(self, do: str, **arguments: str) -> Json:
        return self._connection.ask(do, timeout_s=EXCHANGE_TIMEOUT_S, **arguments)


def port_is_free(port: int) -> bool:
    """Whether a server could listen on a port of the loopback address."""
    with socket.socket() as probe:
        if sys.platform != "win32":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:  # taken, or not allowed: either way it can't be had
            return False
    return True


def _refuse_taken(what: str, option: str, port: int, ours: ServerNote | None) -> None:
    if ours is not None and ours.port == port and started_at(ours.pid) == ours.started:
        return
    give_up = time.monotonic() + PORT_RELEASE_S
    while not port_is_free(port):
        if time.monotonic() > give_up:
            raise ServerFailed.of("core.error.port_taken", server=what, port=port, option=option)
        time.sleep(_POLL_S)


def _connect(noted: ServerNote | None) -> ControlConnection | None:
    if noted is None or started_at(noted.pid) != noted.started:
        return None
    try:
        return ControlConnection.to(noted.control_port, noted.token)
    except ControlLost:  # it is ending, or hangs: as good as gone, and replaced on the next start
        return None


def _stop_api(noted: ServerNote) -> None:
    connection = _connect(noted)
    if connection is not None:
        with contextlib.suppress(ServerFailed):  # it may end before it answers
            connection.ask("stop", timeout_s=STOP_TIMEOUT_S)
        connection.close()
        if wait_for_end(noted.pid, noted.started, timeout_s=STOP_TIMEOUT_S):
            return
    end_process(noted.pid, noted.started)


def _state(name: Literal["api", "ui"], noted: ServerNote | None, health: str) -> ServerState:
    if noted is None:
        return ServerState(name, "stopped")
    if started_at(noted.pid) != noted.started:
        return ServerState(name, "dead", noted.port)
    answers = _answers(noted.port, health)
    return ServerState(name, "running" if answers else "starting", noted.port, noted.pid)


def _answers(port: int, path: str) -> bool:
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=HEALTH_TIMEOUT_S)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):  # it isn't listening yet, or not any more
        return False
    finally:
        connection.close()
