"""People's own code about an entity: begun by a command, called by the system, never replaced."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.integration.command import Project

OWN = """\
from typing import Any

from fastapi import APIRouter, HTTPException
from sqlalchemy import Connection

from app.deps import DatabaseDep
from app.models.student import Student

router = APIRouter(prefix="/api/students")
CALLS: list[str] = []


def before_create(connection: Connection, values: dict[str, Any]) -> None:
    if values["note"] == "no":
        raise HTTPException(422, "no is no note")
    values["note"] = values["note"].upper()


def after_create(connection: Connection, record: dict[str, Any]) -> None:
    CALLS.append(f"created {record['id']}")
    if record["note"] == "LATE":
        raise HTTPException(409, "too late")


def before_update(
    connection: Connection, record: dict[str, Any], values: dict[str, Any]
) -> None:
    CALLS.append(f"{record['note']} becomes {values['note']}")


def after_update(connection: Connection, record: dict[str, Any]) -> None:
    CALLS.append(f"is {record['note']}")


def before_delete(connection: Connection, record: dict[str, Any]) -> None:
    CALLS.append(f"{record['note']} goes")


def after_delete(connection: Connection, record: dict[str, Any]) -> None:
    CALLS.append(f"{record['note']} is gone")


@router.get("/calls")
async def calls() -> list[str]:
    return CALLS


@router.get("/loudest")
async def loudest(database: DatabaseDep) -> str:
    return Student.__tablename__


KEYS = ["note"]
"""


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    project = Project(tmp_path / "school")
    assert project.request("Create a Student with name and note").status == 0
    yield project
    project.run("stop")


def own_file(project: Project, name: str = "student") -> Path:
    return project.folder / "managed_system" / "app" / "custom" / f"{name}.py"


def served(project: Project) -> httpx.Client:
    ports = ("--api-port", str(project.api_port), "--ui-port", str(project.ui_port))
    assert project.run("serve", *ports).status == 0
    return httpx.Client(base_url=project.api, trust_env=False)


def test_the_example_is_written_once_and_works(project: Project) -> None:
    assert project.run("custom", "student").status == 0
    assert project.run("test").status == 0
    with served(project) as api:
        api.post("/api/students", json={"name": "Ada", "note": "x"}).raise_for_status()
        assert api.get("/api/students/count").json() == 1
        assert api.get("/api/students/1").json()["name"] == "Ada"
    own_file(project).write_text("# mine\n")
    again = project.run("custom", "Student", "--json")
    assert (again.status, again.json["written"]) == (0, False)
    assert own_file(project).read_text() == "# mine\n"


def test_an_unknown_entity_is_named(project: Project) -> None:
    answer = project.run("custom", "Teacher", "--json")
    assert answer.status == 1
    assert "Student" in answer.json["message"]


def test_functions_are_called_and_routes_served(project: Project) -> None:
    own_file(project).write_text(OWN)
    with served(project) as api:
        stored = api.post("/api/students", json={"name": "Ada", "note": "quiet"})
        assert stored.json()["note"] == "QUIET"
        assert api.post("/api/students", json={"name": "Bob", "note": "no"}).status_code == 422
        assert api.post("/api/students", json={"name": "Cy", "note": "late"}).status_code == 409
        assert len(api.get("/api/students").json()) == 1
        api.patch("/api/students/1", json={"note": "loud"}).raise_for_status()
        assert api.delete("/api/students/1").status_code == 204
        assert api.get("/api/students/calls").json() == [
            "created 1",
            "created 2",
            "QUIET becomes loud",
            "is loud",
            "loud goes",
            "loud is gone",
        ]


LINKED = """\
from typing import Any

from fastapi import HTTPException
from sqlalchemy import Connection


def before_update(connection: Connection, record: dict[str, Any], values: dict[str, Any]) -> None:
    values["note"] = f"{record['note']}!"


def after_update(connection: Connection, record: dict[str, Any]) -> None:
    if len(record["course_ids"]) > 1:
        raise HTTPException(409, "one course is enough")
"""


def test_linking_two_records_is_an_update_of_the_one_that_has_the_links(project: Project) -> None:
    for text in ("Create a Course with title", "Students and courses are many to many"):
        assert project.request(text).status == 0
    own_file(project).write_text(LINKED)
    with served(project) as api:
        api.post("/api/students", json={"name": "Ada", "note": "x"}).raise_for_status()
        for title in ("Logic", "Sets"):
            api.post("/api/courses", json={"title": title}).raise_for_status()
        assert api.put("/api/students/1/courses/1").status_code == 204
        assert api.put("/api/students/1/courses/1").status_code == 204  # changes nothing
        student = api.get("/api/students/1").json()
        assert (student["course_ids"], student["note"]) == ([1], "x!")
        assert api.put("/api/students/1/courses/2").status_code == 409
        assert api.get("/api/students/1").json() == student
        assert api.delete("/api/students/1/courses/1").status_code == 204
        student = api.get("/api/students/1").json()
        assert (student["course_ids"], student["note"]) == ([], "x!!")


def test_a_running_server_takes_edited_code_over_with_serve(project: Project) -> None:
    ports = ("--api-port", str(project.api_port), "--ui-port", str(project.ui_port))
    with served(project) as api:
        before = project.run("status", "--json").json["servers"]["api"]
        assert api.get("/api/students/loudest").status_code == 422
        own_file(project).write_text(OWN)
        assert project.run("serve", *ports).status == 0
        assert api.get("/api/students/loudest").json() == "students"

        own_file(project).write_text("import nothing_of_that_name\n")
        refused = project.run("serve", *ports, "--json")
        assert refused.status == 1
        assert "nothing_of_that_name" in refused.json["message"]
        assert api.get("/api/students/loudest").json() == "students"
        assert project.run("status", "--json").json["servers"]["api"] == before


def test_a_rename_asks_and_takes_the_own_code_with_it(project: Project) -> None:
    own_file(project).write_text(OWN)
    asked = project.request("Rename note of Student to remark")
    assert (asked.status, asked.json["error"]) == (3, "NEEDS_CONSENT")
    assert 'values["note"]' in asked.json["message"]
    assert "app/custom/student.py:14" in asked.json["message"]
    assert 'app/custom/student.py:53: KEYS = ["note"]' in asked.json["message"]
    assert own_file(project).read_text() == OWN
    done = project.request("Rename note of Student to remark", "--overwrite-edits")
    assert done.status == 0, done.out
    assert 'KEYS = ["note"]' in done.json["notices"][-1]
    assert project.request("Rename Student to Pupil", "--overwrite-edits").status == 0
    assert not own_file(project).exists()
    with served(project) as api:
        stored = api.post("/api/pupils", json={"name": "Ada", "remark": "quiet"})
        assert stored.json()["remark"] == "QUIET"
        assert api.get("/api/pupils/calls").json() == ["created 1"]
        assert project.run("undo", "2", "--yes", "--overwrite-edits").status == 0
        assert api.get("/api/students").json() == [{"id": 1, "name": "Ada", "note": "QUIET"}]
    assert own_file(project).read_text() == OWN


def test_own_code_that_can_not_be_imported_stops_at_the_gate(project: Project) -> None:
    own_file(project).write_text("import nothing_of_that_name\n")
    answer = project.request("Create a Course with title")
    assert (answer.status, answer.json["error"]) == (1, "GATE_FAILED")
    assert "nothing_of_that_name" in answer.json["message"]
