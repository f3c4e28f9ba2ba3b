"""What no template expresses is written by a model: reviewed, tried, called, kept, taken back."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.integration.command import Project, Ran
from tests.integration.model_answers import LIMITS, MAIL, REPORT, SCHOOL, SCHOOL_REQUEST
from tests.integration.outside import Outside, outside, soon
from tests.scripted_model import Reply, ScriptedModel, says, scripted_model

MAIL_FILE = "app/custom/model/course_notify_teacher_email_large_course.py"
REPORT_FILE = "app/custom/model/teacher_send_new_teacher_payroll_webhook.py"


def answered(request: dict[str, Any]) -> Reply:
    """The right answer for the fragment of a question."""
    return says(MAIL if "Notify the teacher" in request["messages"][1]["content"] else REPORT)


@pytest.fixture
def model() -> Iterator[ScriptedModel]:
    with scripted_model() as server:
        server.script["custom_code"] = [answered]
        yield server


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    project = Project(tmp_path / "school")
    yield project
    project.run("stop")


def asked(project: Project, model: ScriptedModel, text: str, *options: str, **env: str) -> Ran:
    environment = {**os.environ, **model.environment, **env}
    ports = ("--api-port", str(project.api_port), "--ui-port", str(project.ui_port))
    return project.run("request", text, "--json", *ports, *options, env=environment)


def files_of(project: Project) -> dict[str, bytes]:
    root = project.folder / "managed_system"
    kept = (".db", ".db-wal", ".db-shm", ".pyc")
    return {
        str(path.relative_to(root)): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and not path.name.endswith(kept)
    }


@pytest.fixture
def world() -> Iterator[Outside]:
    with outside() as found:
        yield found


def test_a_mixed_request_works_end_to_end(
    project: Project, model: ScriptedModel, world: Outside
) -> None:
    done = asked(project, model, SCHOOL_REQUEST, "--serve", **world.environment)
    assert done.status == 0, done.out
    report = done.json
    assert {MAIL_FILE, REPORT_FILE} <= set(report["artifacts"])
    assert report["metrics"]["llm_calls"] == 2
    assert report["metrics"]["total_tokens"] == sum(
        entry["prompt_tokens"] + entry["answer_tokens"] for entry in logged(project)
    )
    assert any("Notify the teacher" in change for change in report["changes"])

    with httpx.Client(base_url=project.api, trust_env=False) as api:
        teacher = {"name": "Ada", "email": "ada@example.org"}
        assert api.post("/api/teachers", json=teacher).status_code == 201
        assert soon(lambda: world.posts == [{"name": "Ada"}])
        course = {"title": "Maths", "capacity": 30, "teacher_id": 1}
        api.post("/api/courses", json=course).raise_for_status()
        api.patch("/api/courses/1", json={"capacity": 40}).raise_for_status()
        assert soon(lambda: world.mails), "the e-mail is sent"
        assert "ada@example.org" in world.mails[0]
        assert "It has 40 seats." in world.mails[0]
        assert len(world.mails) == 1, "the small course was none"

        evolved = project.request("Rename capacity of Course to seats, add a room to Course")
        assert evolved.status == 0, evolved.out
        assert evolved.json["metrics"]["llm_calls"] == 0
        renamed = project.request("Rename Course to Lecture")
        assert renamed.status == 0, renamed.out
        api.patch("/api/lectures/1", json={"seats": 50}).raise_for_status()
        assert soon(lambda: len(world.mails) == 2), "the function has followed the renames"
        assert "It has 50 seats." in world.mails[1]

        assert project.run("undo", "3", "--yes").status == 0
        assert not (project.folder / "managed_system" / MAIL_FILE).exists()
    assert project.run("undo", "--yes").status == 0
    back = project.folder / "managed_system" / MAIL_FILE.replace("course", "lecture", 1)
    assert "record['seats']" in back.read_text() or 'record["seats"]' in back.read_text()
    assert project.run("test").status == 0


def logged(project: Project) -> list[dict[str, Any]]:
    (path,) = (project.folder / "logs" / "llm_requests").glob("*.jsonl")
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_without_a_model_it_is_said_precisely_and_can_be_left_out(project: Project) -> None:
    refused = project.request(SCHOOL_REQUEST)
    assert (refused.status, refused.json["error"]) == (3, "NEEDS_MODEL")
    for fragment in ("Notify the teacher by email of each large course", "payroll webhook"):
        assert fragment in refused.json["message"]
    assert not (project.folder / "managed_system").exists()

    done = project.request(SCHOOL_REQUEST, "--without-custom")
    assert done.status == 0, done.out
    assert any("is left open" in change for change in done.json["changes"])
    status = project.run("status", "--json").json
    assert [part["state"] for part in status["custom"]] == ["open", "open"]
    assert "Open: “Send every new teacher" in project.run("status").out


def test_what_was_left_open_is_written_when_it_is_asked_for_again(
    project: Project, model: ScriptedModel
) -> None:
    assert asked(project, model, SCHOOL_REQUEST, "--without-custom").status == 0
    assert not model.requests, "the user has left it out"
    again = asked(project, model, "Send every new teacher to the payroll webhook.")
    assert again.status == 0, again.out
    assert again.json["metrics"]["llm_calls"] == 1
    states = [part["state"] for part in project.run("status", "--json").json["custom"]]
    assert states == ["open", "written"]
    same = asked(project, model, "Send every new teacher to the payroll webhook.")
    assert same.json["metrics"]["llm_calls"] == 0, "it is there already"

    lost = project.request("Remove name from Teacher", "--yes")
    assert lost.status == 0, lost.out
    assert "no longer fits" in lost.json["notices"][0]
    assert not (project.folder / "managed_system" / REPORT_FILE).exists()
    assert project.run("undo", "--yes").status == 0
    assert (project.folder / "managed_system" / REPORT_FILE).exists()
    assert project.run("undo", "--yes").status == 0, "an undo is taken back"
    assert not (project.folder / "managed_system" / REPORT_FILE).exists()


def test_a_standard_request_asks_nothing_though_a_key_is_there(
    project: Project, model: ScriptedModel
) -> None:
    done = asked(project, model, SCHOOL)
    assert done.status == 0, done.out
    assert done.json["metrics"]["llm_calls"] == done.json["metrics"]["total_tokens"] == 0
    assert not model.requests


def test_a_refusal_of_the_functions_is_a_422_and_nothing_is_stored(
    project: Project, model: ScriptedModel
) -> None:
    model.script["custom_code"] = [says(LIMITS)]
    text = "Create a Course with title and capacity (integer). Alert by email on large courses."
    done = asked(project, model, text, "--serve")
    assert done.status == 0, done.out
    with httpx.Client(base_url=project.api, trust_env=False) as api:
        refused = api.post("/api/courses", json={"title": "Maths", "capacity": 101})
        assert refused.status_code == 422
        assert refused.json()["detail"][0]["msg"] == "too large"
        crashed = api.post("/api/courses", json={"title": "crash", "capacity": 1})
        assert crashed.status_code == 409
        assert crashed.json()["detail"][0]["type"] == "custom_failed"
        changed = api.post("/api/courses", json={"title": " maths ", "capacity": 1})
        assert changed.json()["title"] == "maths"
        assert len(api.get("/api/courses").json()) == 1
