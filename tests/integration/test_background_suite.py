"""The system's own tests run after a deploy, and ``status`` tells what became of them."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.integration.command import Project, Ran

LIMIT_S = 600
"""The run is the lowest of a busy machine's cares."""


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    project = Project(tmp_path / "project")
    yield project
    project.run("stop")


def request(project: Project, text: str, *options: str) -> Ran:
    """A request after which the tests run."""
    env = {k: v for k, v in os.environ.items() if k != "BAES_BACKGROUND_TESTS"}
    return project.run("request", text, "--json", *options, env=env)


def suite_of(project: Project) -> Any:
    return project.run("status", "--json").json["tests"]


def finished(project: Project) -> Any:
    deadline = time.monotonic() + LIMIT_S
    while (found := suite_of(project))["state"] == "running" and time.monotonic() < deadline:
        time.sleep(0.5)
    return found


def test_the_suite_runs_after_a_deploy_and_passes(project: Project) -> None:
    assert request(project, "Create a Student with name").status == 0
    assert suite_of(project)["state"] == "running"
    found = finished(project)
    assert (found["state"], found["failed"]) == ("passed", 0)
    assert found["passed"] > 10
    assert "passed" in project.run("status").out


def test_a_red_suite_names_its_tests_and_offers_undo(project: Project) -> None:
    assert project.request("Create a Student with name").status == 0
    own = project.folder / "managed_system" / "tests" / "test_own.py"
    own.write_text("def test_sums() -> None:\n    assert 1 + 1 == 3\n")
    assert request(project, "Create a Course with title").status == 0
    found = finished(project)
    assert (found["state"], found["failures"]) == ("failed", ["tests/test_own.py::test_sums"])
    assert found["next"] == "baes undo"
    assert "baes undo" in project.run("status").out


def test_a_newer_deploy_takes_the_place_of_a_run(project: Project) -> None:
    assert project.request("Create a Student with name").status == 0
    own = project.folder / "managed_system" / "tests" / "test_own.py"
    own.write_text("import time\n\n\ndef test_long() -> None:\n    time.sleep(600)\n")
    assert request(project, "Create a Course with title").status == 0
    note = (project.folder / ".baes" / "suite.json").read_text()
    own.unlink()
    assert request(project, "Create a Teacher with name").status == 0
    assert (project.folder / ".baes" / "suite.json").read_text() != note
    assert finished(project)["state"] == "passed"


def test_stop_ends_a_run(project: Project) -> None:
    assert request(project, "Create a Student with name").status == 0
    assert project.run("stop", "--json").json["stopped"] == ["tests"]
    assert suite_of(project)["state"] == "stopped"


def test_a_copied_project_leaves_the_run_of_the_other_alone(
    project: Project, tmp_path: Path
) -> None:
    assert request(project, "Create a Student with name").status == 0
    shutil.copytree(project.folder, tmp_path / "copy")
    copy = Project(tmp_path / "copy")
    assert suite_of(copy)["state"] == "stopped"
    assert copy.run("stop", "--json").json["stopped"] == []
    assert finished(project)["state"] == "passed"


def test_it_can_be_switched_off(project: Project) -> None:
    assert project.request("Create a Student with name").status == 0
    assert suite_of(project) is None
