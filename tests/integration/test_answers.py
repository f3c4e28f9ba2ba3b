"""Questions are answered on a terminal, or later by the id of the request."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.command import Project

VAGUE = "I need an app for my business"


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    project = Project(tmp_path / "project")
    yield project
    project.run("stop")


def answer(project: Project, request_id: str, words: str) -> tuple[int, dict[str, object]]:
    ran = project.run("request", f"--answer={words}", f"--request-id={request_id}", "--json")
    return ran.status, ran.json


def entities(project: Project) -> object:
    return project.run("status", "--json").json["entities"]


def edited_model(project: Project) -> Path:
    """A generated file with a person's line in it, which the next entity will change."""
    assert project.request("Create a Student with name").status == 0
    model = project.folder / "managed_system" / "app" / "models" / "__init__.py"
    model.write_text(model.read_text() + "# mine\n")
    return model


def test_an_unclear_request_goes_on_with_the_answer(project: Project) -> None:
    asked = project.request(VAGUE)
    assert asked.status == 3
    request_id = asked.json["request_id"]
    status, report = answer(project, request_id, "customers with name, email and phone")
    assert (status, report["request_id"]) == (0, request_id)
    assert entities(project) == ["Customer"]


def test_an_answer_that_does_not_help_leaves_the_question_open(project: Project) -> None:
    request_id = project.request(VAGUE).json["request_id"]
    assert answer(project, request_id, "???")[0] == 3
    assert answer(project, request_id, "books with title")[0] == 0
    assert entities(project) == ["Book"]


def test_a_person_sees_what_would_be_lost_and_where_it_belongs(project: Project) -> None:
    edited_model(project)
    asked = project.request("Create a Course with title").json
    assert asked["error"] == "NEEDS_CONSENT"
    assert re.search(r"app/models/__init__\.py:\d+: \+ # mine\n?", asked["message"])
    assert asked["message"].count(": + ") == 1
    assert ": - " not in asked["message"]
    assert "app/custom" in asked["message"]


@pytest.mark.parametrize("yes", ["yes", "Sim.", "--overwrite-edits"])
def test_a_consent_is_given_afterwards(project: Project, yes: str) -> None:
    model = edited_model(project)
    request_id = project.request("Create a Course with title").json["request_id"]
    assert "# mine" in model.read_text()
    status, report = answer(project, request_id, yes)
    assert (status, report["success"]) == (0, True)
    assert "# mine" not in model.read_text()


def test_a_consent_that_is_refused_closes_the_question(project: Project) -> None:
    model = edited_model(project)
    request_id = project.request("Create a Course with title").json["request_id"]
    status, report = answer(project, request_id, "perhaps")
    assert (status, report["error"]) == (3, "NEEDS_CONSENT")
    status, report = answer(project, request_id, "no")
    assert (status, report["success"]) == (1, False)
    status, report = answer(project, request_id, "yes")
    assert status == 1
    assert request_id in str(report["message"])
    assert "# mine" in model.read_text()


def test_an_answer_about_a_system_that_has_changed_meanwhile_is_explained(
    project: Project,
) -> None:
    request_id = project.request(VAGUE).json["request_id"]
    assert project.request("Create a Student with name").status == 0
    status, report = answer(project, request_id, "customers with name")
    assert status == 1
    assert "changed" in str(report["message"])
    assert entities(project) == ["Student"]


@pytest.mark.parametrize("request_id", ["0123456789ab", "../../etc/passwd", ""])
def test_an_unknown_request_is_explained(project: Project, request_id: str) -> None:
    status, report = answer(project, request_id, "yes")
    assert (status, report["success"]) == (1, False)


@pytest.mark.parametrize(
    "arguments",
    [
        ("--answer", "yes"),
        ("--request-id", "0123456789ab"),
        ("Create a Student", "--answer", "yes", "--request-id", "0123456789ab"),
    ],
)
def test_half_an_answer_is_wrong_usage(project: Project, arguments: tuple[str, ...]) -> None:
    ran = project.run("request", *arguments, "--json")
    assert ran.status == 2
    assert ran.json["error"] == "WRONG_USAGE"


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")
class TestOnATerminal:
    def test_a_question_is_asked_and_the_request_goes_on(self, project: Project) -> None:
        from tests.integration.terminal import run_on_terminal

        ran = run_on_terminal(project, "request", VAGUE, typed=["customers with name"])
        assert ran.status == 0, ran.err
        assert "Customer is new" in ran.out
        assert entities(project) == ["Customer"]

    @pytest.mark.parametrize(("typed", "status"), [("y", 0), ("n", 1), ("", 3)])
    def test_a_consent_is_asked_for(self, project: Project, typed: str, status: int) -> None:
        from tests.integration.terminal import run_on_terminal

        model = edited_model(project)
        ran = run_on_terminal(project, "request", "Create a Course with title", typed=[typed])
        assert ran.status == status, ran.err
        assert "app/models/__init__.py" in ran.err
        assert ("# mine" in model.read_text()) == (status != 0)

    def test_a_script_that_wants_json_is_not_asked(self, project: Project) -> None:
        from tests.integration.terminal import run_on_terminal

        ran = run_on_terminal(project, "request", VAGUE, "--json", typed=["customers with name"])
        assert ran.status == 3
        assert ran.json["question"]
