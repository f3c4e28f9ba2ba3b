"""``baes describe``, as a user or a script meets it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.integration.command import Project

REQUEST = (
    "Create a system with courses (title, credits between 1 and 12) and teachers (name). "
    "Each course has one teacher."
)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = Project(tmp_path_factory.mktemp("describe"))
    assert project.request(REQUEST).status == 0
    return project


def test_a_system_is_described_in_words(project: Project) -> None:
    assert project.run("describe").out == (
        "Course\n"
        "  Title    text\n"
        "  Credits  whole number, from 1 to 12\n"
        "  Links:\n"
        "    - Each Course has one teacher; several can share it.\n"
        "\n"
        "Teacher\n"
        "  Name  text\n"
        "  Links:\n"
        "    - Each Teacher has any number of courses.\n"
    )


@pytest.mark.parametrize("word", ["Teacher", "teacher", "teachers", "TEACHERS"])
def test_one_entity_is_named_as_the_user_likes(project: Project, word: str) -> None:
    assert project.run("describe", word).out.startswith("Teacher\n")


def test_an_unknown_entity_is_refused_with_those_there_are(project: Project) -> None:
    ran = project.run("describe", "Robot", "--json")
    assert ran.status == 1
    assert ran.json["message"] == "There is no entity Robot. The system has Course and Teacher."


def test_the_json_holds_the_specification_and_the_words(project: Project) -> None:
    body = project.run("describe", "course", "--json").json
    assert [entity["name"] for entity in body["entities"]] == ["Course"]
    assert body["description"][0]["attributes"][1] == "Credits: whole number, from 1 to 12"


def test_a_diagram_is_printed_or_written(project: Project, tmp_path: Path) -> None:
    assert project.run("describe", "--diagram").out.startswith("erDiagram\n")
    for name, start in (("er.svg", "<svg "), ("er.md", "```mermaid\n"), ("er.mmd", "erDiagram\n")):
        ran = project.run("describe", "--diagram", str(tmp_path / name))
        assert ran.status == 0
        assert (tmp_path / name).read_text(encoding="utf-8").startswith(start)
    ran = project.run("describe", "--diagram", str(tmp_path / "no" / "er.svg"), "--json")
    assert ran.status == 1


def test_without_a_system_the_way_to_one_is_shown(tmp_path: Path) -> None:
    assert 'baes request "' in Project(tmp_path).run("describe").out
