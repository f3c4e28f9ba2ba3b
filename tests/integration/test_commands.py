"""The commands beside ``request``, as a user or a script meets them."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.integration.command import Project

INTERPRETATION_KEYS = {
    "action", "confidence", "source", "tokens", "entities", "relationships", "rules", "changes",
    "about", "assumptions", "background", "custom", "unexplained", "question", "language",
}  # fmt: skip


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


@pytest.mark.parametrize(
    "command",
    [
        "request",
        "interpret",
        "serve",
        "stop",
        "status",
        "history",
        "metrics",
        "undo",
        "test",
        "templates",
        "doctor",
    ],
)
def test_every_command_has_help(project: Project, command: str) -> None:
    helped = project.run(command, "--help")
    assert helped.status == 0
    assert "--project" in helped.out
    assert "--json" in helped.out


def test_interpret_prints_the_whole_interpretation_and_changes_nothing(project: Project) -> None:
    answer = project.run("interpret", "Create a Student with name and age", "--json")
    assert answer.status == 0
    assert set(answer.json) >= INTERPRETATION_KEYS
    assert answer.json["action"] == "create"
    assert answer.json["tokens"] == 0
    assert list(project.folder.iterdir()) == []


def test_interpret_of_an_unclear_text_is_no_failure(project: Project) -> None:
    answer = project.run("interpret", "???", "--json")
    assert answer.status == 0
    assert answer.json["action"] == "unclear"


def test_explain_shows_what_each_word_was_taken_for(project: Project) -> None:
    answer = project.run("interpret", "Create a Student with name and age", "--explain")
    assert answer.status == 0
    for word in ("Student", "name", "age"):
        assert word in answer.out


def test_a_batch_gives_an_interpretation_a_line_each_from_its_own_context(
    project: Project, tmp_path: Path
) -> None:
    cases = [
        {"id": "a", "text": "Create a Student with name"},
        {
            "id": "b",
            "text": "Create a Student with name",
            "context": ["Create a Course with title"],
        },
        {"id": "c", "text": "???", "context": []},
    ]
    file = tmp_path / "cases.jsonl"
    file.write_text("\n".join(map(json.dumps, cases)) + "\n")
    answer = project.run("interpret", "--batch", str(file))
    assert answer.status == 0
    lines = [json.loads(line) for line in answer.out.splitlines()]
    assert [line["id"] for line in lines] == ["a", "b", "c"]
    assert [line["action"] for line in lines] == ["create", "create", "unclear"]


def test_a_batch_that_is_no_json_names_its_line(project: Project, tmp_path: Path) -> None:
    file = tmp_path / "cases.jsonl"
    file.write_text('{"id": 1, "text": "x"}\nnonsense\n')
    answer = project.run("interpret", "--batch", str(file), "--json")
    assert answer.status == 2
    assert "line 2" in (answer.err + answer.out).lower()


def test_templates_are_listed_and_hold_their_samples(project: Project) -> None:
    listed = project.run("templates", "list", "--json").json["templates"]
    names = {template["name"] for template in listed}
    assert {"backend/model.py.j2", "backend/routes.py.j2", "database/schema.sql.j2"} <= names
    assert {"frontend/page.py.j2", "tests/integration.py.j2"} <= names
    validated = project.run("templates", "validate", "--json")
    assert validated.status == 0, validated.out
    assert validated.json["success"] is True


def test_doctor_says_what_it_looked_at(project: Project) -> None:
    ports = ("--api-port", str(project.api_port), "--ui-port", str(project.ui_port))
    answer = project.run("doctor", "--json", *ports)
    assert answer.status == 0, answer.out
    looked_at = {check["name"] for check in answer.json["checks"]}
    assert {"python", "packages", "project", "disk", "system", "language model"} <= looked_at


def test_a_damaged_memory_is_a_finding_of_the_doctor_and_no_crash(project: Project) -> None:
    assert project.request("Create a Student with name").status == 0
    (project.folder / "database" / "context_store.json").write_text("{")
    ports = ("--api-port", str(project.api_port), "--ui-port", str(project.ui_port))
    assert project.run("doctor", *ports).status in (0, 1)
    assert project.run("status", "--json").json["entities"] == ["Student"]


def test_metrics_are_kept_for_every_request_failed_ones_too(project: Project) -> None:
    assert project.request("Create a Student with name").status == 0
    assert project.request("???").status == 3
    (file,) = (project.folder / "logs" / "optimization_metrics").glob("*.jsonl")
    records = [json.loads(line) for line in file.read_text().splitlines()]
    assert [record["outcome"] for record in records] == ["success", "UNCLEAR"]
    assert records[0]["total_tokens"] == 0
    assert {stage["name"] for stage in records[0]["stages"]} >= {"recognize", "generate", "gate"}
    assert records[0]["cascade"]["what does it mean"] == {"local": 1}


def test_metrics_are_summed_up_and_drawn(project: Project) -> None:
    assert "No request" in project.run("metrics").out
    assert project.run("metrics", "--timeline").status == 1
    project.run("request", "Blah blah")
    project.run("request", "Bleh bleh")
    summed = project.run("metrics", "--period", "monthly", "--json").json
    (month,) = summed["periods"]
    assert (month["requests"], month["failed"], month["tokens"]) == (2, 2, 0)
    assert summed["total"]["requests"] == 2
    assert "recognize" in project.run("metrics", "--timeline").out
    files = (
        "--csv",
        str(project.folder / "costs.csv"),
        "--html",
        str(project.folder / "costs.html"),
        "--svg",
        str(project.folder / "timeline.svg"),
    )
    assert project.run("metrics", *files).status == 0
    head, line = (project.folder / "costs.csv").read_text().splitlines()
    assert dict(zip(head.split(","), line.split(","), strict=True))["requests"] == "2"
    page = (project.folder / "costs.html").read_text()
    assert "<svg" in page
    assert "http" not in page
    drawn = ElementTree.parse(project.folder / "timeline.svg")  # noqa: S314  our own
    assert "recognize" in drawn.getroot().itertext()
    refused = project.run("metrics", "--csv", str(project.folder / "missing" / "costs.csv"))
    assert (refused.status, "can't be written" in refused.err) == (1, True)


def test_a_switched_off_expert_is_missed_in_words(project: Project) -> None:
    import os

    for switch in ("BAES_ENABLE_TEMPLATES", "BAES_ENABLE_RULE_VALIDATION"):
        env = {**os.environ, switch: "false"}
        answer = project.run("request", "Create a Student with name", "--json", env=env)
        assert answer.status == 3
        assert answer.json["error"] == "NEEDS_MODEL"
        assert switch in answer.json["message"]
        assert not project.database.exists()
