"""The archive is shown before it is erased, and then it is gone."""

from __future__ import annotations

import contextlib
import importlib.util
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from tests.integration.command import Project

PRIVATE = "a value that nobody may read any more"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A system in whose archive two values lie, one of them for forty days."""
    project = Project(tmp_path / "project")
    assert project.request("Create a Student with name and note").status == 0
    engine = create_engine(f"sqlite:///{project.database}")
    module = project.folder / "managed_system" / "app" / "database" / "archive.py"
    found = importlib.util.spec_from_file_location("archive_of_project", module)
    assert found is not None
    assert found.loader is not None
    archiving = importlib.util.module_from_spec(found)
    found.loader.exec_module(archiving)
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO students (name, note) VALUES ('Ada', ?)", (PRIVATE,)
        )
        for thing in ("student.note", "student.name"):
            column = thing.partition(".")[2]
            archiving.Archive(connection, "0002").put_attribute(thing, "string", "students", column)
        connection.exec_driver_sql(
            "UPDATE baes_archive_contents SET archived_at = datetime('now', '-40 days') "
            "WHERE thing = 'student.note'"
        )
        connection.exec_driver_sql("UPDATE students SET note = ''")
    engine.dispose()
    return project


def archived(project: Project) -> list[str]:
    with contextlib.closing(sqlite3.connect(project.database)) as database:
        rows = database.execute("SELECT thing FROM baes_archive_contents ORDER BY thing")
        return [thing for (thing,) in rows]


def test_the_contents_are_shown_and_nothing_is_erased_without_consent(project: Project) -> None:
    asked = project.run("purge", "--json")
    assert (asked.status, asked.json["error"]) == (3, "NEEDS_CONSENT")
    for part in ("student.note", "student.name", "1 row"):
        assert part in asked.json["question"]
    assert archived(project) == ["student.name", "student.note"]


def test_it_is_erased_from_the_file_as_well(project: Project) -> None:
    done = project.run("purge", "--yes", "--json")
    assert done.status == 0
    assert len(done.json["changes"]) == 2
    assert archived(project) == []
    for path in project.database.parent.glob("baes_system.db*"):
        assert PRIVATE.encode() not in path.read_bytes()
    again = project.run("purge")
    assert (again.status, "nothing" in again.out) == (0, True)


def test_only_what_is_older_goes(project: Project) -> None:
    assert project.run("purge", "--older-than", "30", "--yes").status == 0
    assert archived(project) == ["student.name"]


def test_the_question_is_answered_later(project: Project) -> None:
    asked = project.run("purge", "--older-than", "30", "--json").json
    request_id = str(asked["request_id"])
    assert project.run("request", "--answer=no", f"--request-id={request_id}").status == 1
    asked = project.run("purge", "--older-than", "30", "--json").json
    request_id = str(asked["request_id"])
    assert project.run("request", "--answer=yes", f"--request-id={request_id}").status == 0
    assert archived(project) == ["student.name"]


@pytest.mark.parametrize("days", ["-1", "soon", "1.5"])
def test_an_age_that_is_no_number_of_days_is_wrong_usage(project: Project, days: str) -> None:
    assert project.run("purge", f"--older-than={days}").status == 2


def test_a_project_without_a_system_has_an_empty_archive(tmp_path: Path) -> None:
    assert Project(tmp_path / "empty").run("purge").status == 0
