"""What no user should meet: tracebacks, half-done work, code or files that nobody asked for."""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.integration.command import Project

HOSTILE = {
    "sql": "Create a Student with name; DROP TABLE students",
    "sql name": "Create an entity called x' OR '1'='1 with name",
    "template": "Create {{ 7*7 }} with name",
    "template field": "Create Student with {{ config }} and name",
    "html": "Create a <script>alert(1)</script> with name",
    "python": 'Create Student with __import__("os").system("id")',
    "shell": "Create Student with $(touch /tmp/owned) and name",
    "path": "Create ../../etc/passwd with name",
}

HOPELESS = {
    "empty": "",
    "white space": " \n\t ",
    "punctuation": "???",
    "emoji": "🎉🎉🎉",
    "off topic": "What's the weather like in Lisbon today?",
    "vague": "I need an app for my business",
    "contradiction": "Create Member with age between 90 and 10",
    "twins": "Create Student with name and name",
    "control characters": "\x00\x01\x02\x1b[31m",
    "noise": "blah " * 400,
}


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    project = Project(tmp_path / "project")
    yield project
    project.run("stop")


def made_files(project: Project) -> list[str]:
    """Everything in the project but logs and what BAES keeps for itself."""
    own = {".baes", "logs"}
    paths = (p.relative_to(project.folder) for p in project.folder.rglob("*") if p.is_file())
    return sorted(str(p) for p in paths if p.parts[0] not in own)


@pytest.mark.parametrize("text", [*HOSTILE.values(), *HOPELESS.values()], ids=[*HOSTILE, *HOPELESS])
def test_a_request_that_can_not_be_understood_asks_and_changes_nothing(
    project: Project, text: str
) -> None:
    # A command line can't hold a null character, standard input can.
    answer = project.run("request", "-", "--json", stdin=text)
    assert answer.status == 3, answer.out
    assert answer.json["success"] is False
    assert answer.json["error"] == "UNCLEAR"
    assert answer.json["question"]
    assert answer.json["request_id"]
    assert made_files(project) == []


def test_a_hundred_kilobytes_are_answered(project: Project) -> None:
    answer = project.run("request", "-", "--json", stdin="a student has a name and " * 4000)
    assert answer.status in (1, 3)
    assert made_files(project) == []


def test_bytes_that_are_no_text_are_answered(project: Project) -> None:
    noise = os.urandom(2000).decode("latin-1")
    answer = project.run("request", "-", "--json", stdin=noise)
    assert answer.status in (1, 3)
    assert made_files(project) == []


def test_without_a_text_the_usage_is_told(project: Project) -> None:
    answer = project.run("request", "--json")
    assert answer.status == 2
    assert answer.json["error"] == "WRONG_USAGE"


def test_a_taken_port_is_named_and_nothing_is_made(project: Project) -> None:
    with socket.create_server(("127.0.0.1", project.api_port)):
        answer = project.request("Create a Student with name", "--serve")
    assert answer.status == 1
    assert str(project.api_port) in answer.json["message"]
    assert "--api-port" in answer.json["message"]
    assert made_files(project) == []


def test_a_killed_server_is_seen_and_started_again(project: Project) -> None:
    assert project.request("Create a Student with name", "--serve").status == 0
    httpx.post(f"{project.api}/api/students", json={"name": "Ada"}).raise_for_status()
    pid = project.run("status", "--json").json["servers"]["api"]["pid"]
    os.kill(pid, signal.SIGKILL)
    assert project.run("status", "--json").json["servers"]["api"]["state"] == "dead"
    ports = ("--api-port", str(project.api_port), "--ui-port", str(project.ui_port))
    assert project.run("serve", "--json", *ports).status == 0
    assert httpx.get(f"{project.api}/api/students").json() == [{"id": 1, "name": "Ada"}]


def test_a_stale_note_of_servers_ends_no_stranger(project: Project) -> None:
    assert project.request("Create a Student with name", "--serve").status == 0
    path = project.folder / ".baes" / "servers.json"
    note = json.loads(path.read_text())
    assert project.run("stop").status == 0
    # The system gave the pid to somebody else meanwhile: to this very process.
    for server in ("api", "ui"):
        note[server]["pid"] = os.getpid()
    path.write_text(json.dumps(note))
    assert project.run("status", "--json").json["servers"]["api"]["state"] == "dead"
    assert project.run("stop").status == 0


def test_two_requests_at_once_are_carried_out_one_after_the_other(project: Project) -> None:
    answers = []

    def ask(text: str) -> None:
        answers.append(project.run("request", text, "--json"))

    texts = ("Create a Student with name", "Create a Course with title")
    threads = [threading.Thread(target=ask, args=(text,)) for text in texts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer.status for answer in answers] == [0, 0]
    status = project.run("status", "--json").json
    assert sorted(status["entities"]) == ["Course", "Student"]
    assert status["version"] == 2


def test_a_copied_project_has_servers_of_its_own(project: Project, tmp_path: Path) -> None:
    assert project.request("Create a Student with name", "--serve").status == 0
    copy = Project(tmp_path / "copy")
    copy.folder.mkdir()
    for path in sorted(project.folder.rglob("*")):
        target = copy.folder / path.relative_to(project.folder)
        if path.is_dir():
            target.mkdir()
        elif path.is_file():
            target.write_bytes(path.read_bytes())
    assert copy.run("status", "--json").json["servers"]["api"]["state"] == "stopped"
    assert copy.run("stop").status == 0
    assert httpx.get(f"{project.api}/health").status_code == 200
    assert copy.request("Create a Course with title").status == 0
    assert "/api/courses" not in httpx.get(f"{project.api}/").text


@pytest.mark.skipif(os.name == "nt", reason="permissions of folders are different there")
def test_a_folder_that_can_not_be_written_is_named(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    answer = Project(blocked / "project").request("Create a Student with name")
    assert answer.status == 1
    assert str(blocked) in answer.json["message"]


def test_a_failed_request_leaves_the_running_system_as_it_was(project: Project) -> None:
    assert project.request("Create a Student with name", "--serve").status == 0
    before = {p: p.read_bytes() for p in (project.folder / "managed_system").rglob("*.py")}
    assert project.request("Create a Student with name and name").status == 3
    assert project.request("Paint {{ it }} black").status == 3
    assert {p: p.read_bytes() for p in (project.folder / "managed_system").rglob("*.py")} == before
    assert httpx.get(f"{project.api}/api/students").json() == []
    with sqlite3.connect(project.database) as database:
        assert database.execute("SELECT count(*) FROM _baes_release").fetchone() == (1,)
    database.close()


def test_an_edited_file_is_not_overwritten_without_consent(project: Project) -> None:
    assert project.request("Create a Student with name").status == 0
    edited = project.folder / "managed_system" / "app" / "main.py"
    edited.write_text(edited.read_text() + "\n# mine\n")
    model = project.folder / "managed_system" / "app" / "models" / "__init__.py"
    model.write_text(model.read_text() + "\n# mine\n")
    answer = project.request("Create a Course with title")
    assert answer.status == 3
    assert answer.json["error"] == "NEEDS_CONSENT"
    assert "app/models/__init__.py" in json.dumps(answer.json)
    assert project.request("Create a Course with title", "--overwrite-edits").status == 0
    assert "# mine" not in model.read_text()
