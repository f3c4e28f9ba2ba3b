"""A system evolves while it runs, from outside: six requests in one project, then back again."""

from __future__ import annotations

import contextlib
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from baes.bench.six_steps import STEPS, Rows
from tests.integration.command import Project


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    project = Project(tmp_path / "school")
    yield project
    project.run("stop")


@pytest.fixture
def api(project: Project) -> Iterator[httpx.Client]:
    """One client for the whole test: its connections live on over every exchange."""
    with httpx.Client(base_url=project.api, trust_env=False) as client:
        yield client


def carried_out(project: Project, text: str, *options: str) -> list[str]:
    done = project.request(text, "--serve", *options)
    assert done.status == 0, done.out + done.err
    changes: list[str] = done.json["changes"]
    return changes


def test_six_requests_make_one_system_and_lose_no_row(project: Project, api: httpx.Client) -> None:
    rows = Rows(api)
    for step in STEPS:
        done = project.request(step.text, "--serve")
        assert done.status == 0, f"{step.name}: {done.out}{done.err}"
        assert done.json["metrics"]["total_tokens"] == 0
        step.verify(rows)
        rows.check()
    assert project.run("test").status == 0
    entries = project.run("history", "--json").json["requests"]
    assert [entry["text"] for entry in entries] == [step.text for step in STEPS]


def test_the_first_request_can_be_undone_and_done_again(
    project: Project, api: httpx.Client
) -> None:
    carried_out(project, "Create a Student with name")
    carried_out(project, "Create a Course with title")
    assert api.post("/api/students", json={"name": "Ada"}).status_code == 201
    assert project.run("undo", "2", "--yes").status == 0
    assert api.get("/").json()["entities"] == []
    assert api.get("/api/students").status_code == 404
    model = project.folder / "managed_system" / "app" / "models" / "student.py"
    assert not model.exists()
    assert project.run("undo", "1").status == 1
    assert project.run("undo", "--yes").status == 0
    assert api.get("/api/students").json() == [{"id": 1, "name": "Ada"}]
    assert project.run("test").status == 0


def test_nothing_to_undo_is_a_sentence(project: Project) -> None:
    nothing = project.run("undo", "--json")
    assert (nothing.status, nothing.json["success"]) == (1, False)
    assert "nothing to undo" in nothing.json["message"]


def test_a_damaged_memory_is_replaced_by_the_last_good_one_and_said(project: Project) -> None:
    assert project.request("Create a Student with name").status == 0
    store = project.folder / "database" / "context_store.json"
    store.write_bytes(store.read_bytes()[:200])
    done = project.request("Create a Course with title")
    assert done.status == 0, done.out
    assert any("last good version (1)" in notice for notice in done.json["notices"])
    assert project.run("status", "--json").json["entities"] == ["Student", "Course"]


def test_a_lost_memory_is_a_clear_stop_and_never_an_empty_system(project: Project) -> None:
    assert project.request("Create a Student with name").status == 0
    for name in ("context_store.json", "history.jsonl"):
        (project.folder / "database" / name).write_text("{}")
    with contextlib.closing(sqlite3.connect(project.database)) as database:
        database.execute("DELETE FROM _baes_release")
        database.commit()
    for command in (("request", "Create a Course with title"), ("undo", "--yes"), ("status",)):
        stopped = project.run(*command, "--json")
        assert (stopped.status, stopped.json["error"]) == (1, "PROJECT_DAMAGED")
    assert (project.folder / "managed_system" / "app" / "models" / "student.py").exists()


def test_a_damaged_line_of_the_history_is_said_and_hinders_nothing(project: Project) -> None:
    for text in ("Create a Student with name", "Create a Course with title"):
        assert project.request(text).status == 0
    file = project.folder / "database" / "history.jsonl"
    file.write_bytes(b"{" + file.read_bytes())
    history = project.run("history", "--json")
    assert (history.status, history.json["damaged_lines"]) == (0, [1])
    assert "1" in project.run("history").out
    assert [entry["number"] for entry in history.json["requests"]] == [1, 2]
    assert project.run("undo", "2", "--yes").status == 0


def test_what_a_request_removes_comes_back_with_undo(project: Project, api: httpx.Client) -> None:
    carried_out(project, "Create a Student with name and level")
    for name, level in (("Ada", "first"), ("Grace", "second"), ("Alan", "first")):
        record = {"name": name, "level": level}
        assert api.post("/api/students", json=record).status_code == 201
    before = api.get("/api/students").json()

    asked = project.request("Remove level from Student", "--serve")
    assert asked.status == 3, asked.out
    assert asked.json["error"] == "NEEDS_CONSENT"
    assert "3" in asked.json["message"] + asked.json["question"]
    assert api.get("/api/students").json() == before

    carried_out(project, "Remove level from Student", "--yes")
    assert api.get("/api/students/1").json() == {"id": 1, "name": "Ada"}
    assert api.post("/api/students", json={"name": "Linus"}).status_code == 201
    assert api.delete("/api/students/2").status_code == 204

    asked = project.run("undo", "--json")
    assert (asked.status, asked.json["error"]) == (3, "NEEDS_CONSENT")
    assert "level" in asked.json["question"]
    request_id = asked.json["request_id"]
    undone = project.run("request", "--answer=yes", f"--request-id={request_id}", "--json")
    assert undone.status == 0, undone.out
    assert api.get("/api/students").json() == [
        before[0],
        before[2],
        {"id": 4, "name": "Linus", "level": None},
    ]
    assert project.run("test").status == 0

    assert project.run("undo", "--yes").status == 0
    assert api.get("/api/students/1").json() == {"id": 1, "name": "Ada"}
    undone_flags = [e["undone"] for e in project.run("history", "--json").json["requests"]]
    assert undone_flags == [False, False, True, False]


def test_what_was_purged_stays_away_after_an_undo(project: Project, api: httpx.Client) -> None:
    carried_out(project, "Create a Student with name and level")
    assert api.post("/api/students", json={"name": "Ada", "level": "first"}).status_code == 201
    carried_out(project, "Remove level from Student", "--yes")
    assert project.run("purge", "--yes").status == 0
    assert project.run("undo", "--yes").status == 0
    assert api.get("/api/students").json() == [{"id": 1, "name": "Ada", "level": None}]


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")
@pytest.mark.parametrize(("typed", "status"), [("y", 0), ("n", 1)])
def test_an_undo_is_asked_for_on_a_terminal(project: Project, typed: str, status: int) -> None:
    from tests.integration.terminal import run_on_terminal

    for text in ("Create a Student with name", "Create a Course with title"):
        assert project.request(text).status == 0
    ran = run_on_terminal(project, "undo", typed=[typed])
    assert ran.status == status, ran.err
    assert "Create a Course with title" in ran.err
    entities = project.run("status", "--json").json["entities"]
    assert entities == (["Student"] if status == 0 else ["Student", "Course"])
