"""What the templates make: the same bytes each time, correct, and a system that tests itself."""

from __future__ import annotations

import difflib
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from baes.core.formatter import format_artifacts, lint_artifacts
from baes.errors import InvalidSpec
from baes.spec.changes import (
    AddAttribute,
    AddEntity,
    AddRelationship,
    Change,
)
from baes.spec.model import Attribute, Entity, Relationship
from baes.swea_agents.template_samples import sample_artifacts, sample_contexts
from baes.utils.template_registry import TemplateRegistry
from tests.integration.managed_system import artifacts_of, serving, write_system
from tests.integration.regenerate_golden import cases, changes_of, files_of
from tests.integration.strict_types import type_faults
from tests.integration.systems import AWKWARD, EVERYTHING, SCHOOL


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run a Python module in a generated system."""
    return subprocess.run(
        [sys.executable, "-m", *command],
        cwd=folder,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_the_golden_tree_is_made_byte_by_byte(case: Path) -> None:
    made = {a.path: a.content for a in artifacts_of(changes_of(case))[1]}
    kept = files_of(case / "managed_system")
    assert made.keys() == kept.keys()
    for path, content in made.items():
        difference = difflib.unified_diff(kept[path].splitlines(), content.splitlines(), path)
        assert kept[path] == content, "\n".join(difference)


def test_the_same_specification_gives_the_same_bytes() -> None:
    assert artifacts_of(SCHOOL) == artifacts_of(SCHOOL)


def test_the_sample_systems_use_every_template_without_a_fault() -> None:
    assert len(sample_contexts()) == 6
    registry = TemplateRegistry()
    samples = format_artifacts(sample_artifacts(registry))
    assert registry.validate(samples, lint_artifacts) == ()


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("everything")
    write_system(folder, (*SCHOOL, *EVERYTHING))
    return folder


def test_a_generated_system_passes_its_own_tests(everything: Path) -> None:
    result = run(everything, "pytest")
    assert result.returncode == 0, result.stdout[-4000:] + result.stderr


def test_a_system_with_awkward_names_and_few_values_passes_its_own_tests(tmp_path: Path) -> None:
    write_system(tmp_path, AWKWARD)
    result = run(tmp_path, "pytest")
    assert result.returncode == 0, result.stdout[-4000:] + result.stderr


def test_generated_code_is_strictly_typed(everything: Path) -> None:
    assert type_faults(everything, "app", "tests") == ""


def test_generated_code_keeps_its_own_style(everything: Path) -> None:
    for check in (("check", "--no-cache", "."), ("format", "--no-cache", "--check", ".")):
        result = run(everything, "ruff", *check)
        assert result.returncode == 0, result.stdout


def test_a_system_without_entities_starts(tmp_path: Path) -> None:
    write_system(tmp_path, ())
    with serving(tmp_path) as api:
        assert api.get("/").json()["entities"] == []


def test_requirements_are_the_projects_one_list(tmp_path: Path) -> None:
    write_system(tmp_path, SCHOOL)
    lines = (tmp_path / "requirements.txt").read_text().splitlines()
    assert any(line.startswith("fastapi>=") for line in lines)
    assert not any("jinja2" in line or "openai" in line or line == "" for line in lines)


def test_what_is_added_later_reaches_a_database_with_data(tmp_path: Path) -> None:
    old = write_system(tmp_path, SCHOOL)
    with serving(tmp_path) as api:
        teacher = api.post("/api/teachers", json={"name": "Ana"}).json()
        course = api.post("/api/courses", json={"title": "C", "credits": 2}).json()
    changes: tuple[Change, ...] = (
        AddAttribute("Teacher", Attribute("phone", "phone", required=False, unique=True)),
        AddAttribute("Course", Attribute("level", "integer", required=False, min=1, max=5)),
        AddEntity(Entity("Room", (Attribute("number", "integer", unique=True),))),
        AddRelationship(Relationship("Course", "Room", "many_to_one", "room")),
        AddRelationship(Relationship("Teacher", "Course", "many_to_many", "subjects")),
    )
    write_system(tmp_path, changes, old)
    with serving(tmp_path) as api:
        assert api.get("/api/teachers/1").json() == teacher | {"phone": None, "subject_ids": []}
        found = api.get("/api/courses/1").json()
        assert found == course | {"level": None, "room_id": None}
        room = api.post("/api/rooms", json={"number": 1}).json()
        change = {"level": 5, "room_id": room["id"]}
        assert api.patch("/api/courses/1", json=change).json() == found | change
        assert api.patch("/api/courses/1", json={"level": 6}).status_code == 422
    result = run(tmp_path, "pytest", "tests/system")
    assert result.returncode == 0, result.stdout[-4000:]


def test_the_database_holds_the_limits_too(tmp_path: Path) -> None:
    write_system(tmp_path, SCHOOL)
    schema = (tmp_path / "app" / "database" / "schema.sql").read_text()
    connection = sqlite3.connect(":memory:")
    connection.executescript(schema)
    with pytest.raises(sqlite3.IntegrityError, match="ck_course__credits__max"):
        connection.execute("INSERT INTO courses (title, credits) VALUES ('C', 13)")
    connection.close()


def test_records_that_require_each_other_are_refused() -> None:
    changes = (
        AddEntity(Entity("Hen", (Attribute("name", "string"),))),
        AddEntity(Entity("Egg", (Attribute("name", "string"),))),
        AddRelationship(Relationship("Hen", "Egg", "many_to_one", "origin", required=True)),
        AddRelationship(Relationship("Egg", "Hen", "many_to_one", "mother", required=True)),
    )
    with pytest.raises(InvalidSpec, match="Hen and Egg"):
        artifacts_of(changes)


def test_no_wording_writes_code(tmp_path: Path) -> None:
    texts = ["it's", '"q"', "{{ 7 * 7 }}", "{% raw %}", "a\\b", "é\n☃", "'''", '"""', "%s :x"]
    attributes = tuple(
        Attribute(f"a{n}", "string", choices=(t, "other"), default=t, unit=t, label=t)
        for n, t in enumerate(texts)
    )
    write_system(tmp_path, (AddEntity(Entity("Box", attributes, label='"""; x = 1')),))
    with serving(tmp_path) as api:
        stored = api.post("/api/boxes", json={}).json()
        assert [stored[f"a{n}"] for n in range(len(texts))] == texts
        assert api.get(f"/api/boxes/{stored['id']}").json() == stored
