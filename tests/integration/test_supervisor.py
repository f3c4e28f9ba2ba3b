"""The servers of a project are started, found, exchanged and stopped, from any shell."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import shutil
import signal
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from baes.core.managed_system_manager import ManagedSystemManager
from baes.core.processes import started_at, wait_for_end
from baes.core.project_lock import project_lock
from baes.core.project_paths import ProjectPaths
from baes.core.server_supervisor import ServersState, ServerSupervisor
from baes.core.servers_file import read_servers, write_servers
from baes.errors import ServerFailed
from tests.integration.command import free_port
from tests.integration.releases import (
    consistent_request,
    copied,
    deploy,
    deploy_in_process,
    first,
    second,
    third,
)


@dataclasses.dataclass
class School:
    """A project of its own, and ports that nobody else uses."""

    paths: ProjectPaths
    api_port: int = dataclasses.field(default_factory=free_port)
    ui_port: int = dataclasses.field(default_factory=free_port)

    def supervisor(self) -> ServerSupervisor:
        """As another shell would have it: nothing but the folder is shared."""
        return ServerSupervisor(self.paths)

    def start(self) -> ServersState:
        with contextlib.closing(self.supervisor()) as supervisor:
            return supervisor.start(self.api_port, self.ui_port)

    @property
    def api(self) -> str:
        return f"http://127.0.0.1:{self.api_port}"


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> ProjectPaths:
    paths = ProjectPaths(tmp_path_factory.mktemp("deployed") / "school")
    deploy(paths, first())
    shutil.rmtree(paths.managed_system / "ui")  # pages start slowly; one test has them
    return paths


@pytest.fixture
def school(deployed: ProjectPaths, tmp_path: Path) -> Iterator[School]:
    school = School(copied(deployed, tmp_path / "school"))
    yield school
    school.supervisor().stop()


@pytest.fixture
def busy_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        yield taken.getsockname()[1]


def test_another_shell_finds_and_stops_the_server(school: School) -> None:
    assert school.start().api.state == "running"
    assert school.supervisor().status().urls == (
        ("api", school.api),
        ("docs", f"{school.api}/docs"),
    )
    assert httpx.get(f"{school.api}/health").json()["status"] == "healthy"
    assert school.supervisor().stop().api.state == "running"
    assert school.supervisor().status().api.state == "stopped"
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{school.api}/health")


def test_the_pages_are_started_beside_the_api(tmp_path: Path) -> None:
    school = School(ProjectPaths(tmp_path / "school"))
    deploy(school.paths, first())
    try:
        before = school.start()
        assert before.ui.state in ("starting", "running")
        after = school.supervisor().wait_for_ui()
        assert after.ui.state == "running"
        assert httpx.get(after.ui.url).status_code == 200
        assert school.start().ui.pid == before.ui.pid
    finally:
        school.supervisor().stop()
    assert started_at(before.ui.pid) is None


def test_starting_twice_leaves_the_running_server_alone(school: School) -> None:
    assert school.start().api.pid == school.start().api.pid


def test_another_port_moves_the_server(school: School) -> None:
    school.start()
    old, school.api_port = school.api, free_port()
    school.start()
    assert httpx.get(f"{school.api}/health").status_code == 200
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{old}/health")


def test_servers_stay_where_they_are_if_no_port_is_given(school: School) -> None:
    started = school.start()
    with contextlib.closing(school.supervisor()) as supervisor:
        supervisor.prewarm(None, None)
        again = supervisor.start()
    assert (again.api.url, again.api.pid) == (started.api.url, started.api.pid)
    assert again.ui.url == started.ui.url


def test_a_taken_port_is_named_with_the_option_that_helps(school: School, busy_port: int) -> None:
    school.api_port = busy_port
    with pytest.raises(ServerFailed, match=rf"port {busy_port}.*--api-port"):
        school.start()
    with (
        contextlib.closing(school.supervisor()) as supervisor,
        pytest.raises(ServerFailed, match=rf"port {busy_port}.*--ui-port"),
    ):
        supervisor.prewarm(free_port(), busy_port)
    assert school.supervisor().status().api.state == "stopped"


def test_a_killed_server_is_seen_and_started_again(school: School) -> None:
    killed = school.start().api
    started = started_at(killed.pid) or ""
    os.kill(killed.pid, signal.SIGKILL)
    assert wait_for_end(killed.pid, started, timeout_s=5)
    assert school.supervisor().status().api.state == "dead"
    assert school.supervisor().live() is None
    assert school.start().api.state == "running"
    assert httpx.get(f"{school.api}/health").status_code == 200


def test_a_reused_pid_is_not_taken_for_the_server(school: School) -> None:
    school.start()
    noted = read_servers(school.paths)
    assert noted.api is not None
    school.supervisor().stop()
    stranger = dataclasses.replace(noted.api, pid=os.getpid())
    write_servers(school.paths, dataclasses.replace(noted, api=stranger))
    assert school.supervisor().status().api.state == "dead"
    school.supervisor().stop()  # must not end this very process


def test_a_copied_project_leaves_the_original_s_server_alone(
    school: School, tmp_path: Path
) -> None:
    school.start()
    copy = School(copied(school.paths, tmp_path / "copy"))
    assert copy.supervisor().status().api.state == "stopped"
    copy.supervisor().stop()
    assert httpx.get(f"{school.api}/health").status_code == 200


def test_a_moved_project_is_served_from_its_new_place(school: School, tmp_path: Path) -> None:
    before = school.start().api
    school.paths = ProjectPaths(school.paths.root.rename(tmp_path / "moved"))
    assert school.start().api.pid != before.pid
    assert httpx.post(f"{school.api}/api/students", json={"name": "Ada"}).status_code == 201


def test_a_damaged_note_names_no_server(school: School) -> None:
    school.paths.servers.write_text("{")
    assert school.supervisor().status().api.state == "stopped"


def test_an_empty_project_has_nothing_to_serve(tmp_path: Path) -> None:
    with pytest.raises(ServerFailed, match="nothing to serve"):
        ServerSupervisor(ProjectPaths(tmp_path)).start(free_port(), free_port())


def test_a_release_is_exchanged_without_a_failed_request(school: School) -> None:
    before = school.start().api
    stop = threading.Event()
    answers: list[int] = []
    faults: list[str] = []

    def use() -> None:
        with httpx.Client(base_url=school.api) as client:
            while not stop.is_set():
                try:
                    posted = client.post("/api/students", json={"name": "Ada"})
                    read = client.get("/api/students", params={"limit": 1})
                    answers.extend((posted.status_code, read.status_code))
                except httpx.HTTPError as error:
                    faults.append(repr(error))

    with httpx.Client(base_url=school.api) as idle:
        idle.get("/health")
        user = threading.Thread(target=use)
        user.start()
        try:
            deploy(school.paths, second(), school.supervisor().live())
            deploy(school.paths, third(), school.supervisor().live())
        finally:
            stop.set()
            user.join()
        assert idle.get("/api/courses").json() == []
        total = idle.get("/api/students").headers["X-Total-Count"]
        assert "note" in idle.get("/api/students").json()[0]
    assert faults == []
    assert set(answers) == {200, 201}
    assert int(total) == answers.count(201)
    assert school.supervisor().status().api.pid == before.pid
    assert consistent_request(school.paths) == "third"


def test_requests_are_let_in_again_when_the_command_dies(school: School) -> None:
    school.start()
    live = school.supervisor().live()
    assert live is not None
    live.hold_all()
    with httpx.Client(base_url=school.api, timeout=20) as client:
        waiting: list[httpx.Response] = []
        thread = threading.Thread(target=lambda: waiting.append(client.get("/health")))
        thread.start()
        live.close()  # the connection ends, as it does with the command's process
        thread.join()
    assert waiting[0].status_code == 200


def test_reading_goes_on_while_writing_is_held(school: School) -> None:
    school.start()
    live = school.supervisor().live()
    assert live is not None
    live.hold_writes()
    assert httpx.get(f"{school.api}/api/students").status_code == 200
    with pytest.raises(httpx.ReadTimeout):
        httpx.post(f"{school.api}/api/students", json={"name": "Ada"}, timeout=0.3)
    live.resume()
    assert httpx.post(f"{school.api}/api/students", json={"name": "Ada"}).status_code == 201


def test_the_server_itself_finishes_what_a_dead_command_had_decided(
    school: School, tmp_path: Path
) -> None:
    school.start()
    deploy_in_process(school.paths, second(), tmp_path, BAES_CRASH_AT="decided", BAES_TEST_LIVE="1")
    assert httpx.get(f"{school.api}/api/courses", timeout=20).json() == []
    with project_lock(school.paths):
        assert ManagedSystemManager(school.paths).recover().outcome == "clean"
    assert ManagedSystemManager(school.paths).current().request_id == "second"


def test_a_release_that_cannot_be_loaded_leaves_the_one_before(school: School) -> None:
    school.start()
    live = school.supervisor().live()
    assert live is not None
    manifest = school.paths.manifest
    manifest.write_text(manifest.read_text().replace('"first"', '"broken"'))
    (school.paths.managed_system / "app" / "main.py").write_text("import no_such_module\n")
    with pytest.raises(ServerFailed, match="no_such_module"):
        live.reload()
    assert httpx.get(f"{school.api}/api/students").status_code == 200
