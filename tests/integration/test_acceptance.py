"""The main job, from outside: sentences in, working systems out."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.integration.command import Project

SCHOOL = (
    "Create a system with students (name, unique email, birth date), courses (title, credits "
    "between 1 and 12) and teachers (name). Each course has one teacher. Students enroll in many "
    "courses."
)

STUDENT_BLOCK = """Build a small web application for a Student entity that has a name field, \
using Python, FastAPI and SQLite.

Requirements:
- Follow best practices for the structure of a small Python web application
- Use Python 3.11+ and the FastAPI framework
- SQLite database for persistence
- Create Student entity with only:
  - name (string, required)
- API should return JSON responses
- Database schema should be created automatically on startup
"""

COURSE_BLOCK = """Create a Course entity with name and level fields.

Requirements:
- Create Course entity with only:
  - name (string, required)
  - level (string, required)
- Update the database schema to include the new Course table
- Database migration should preserve existing Student data
"""

TEACHER_BLOCK = """Create a Teacher entity with name and email fields.

Requirements:
- Create Teacher entity with only:
  - name (string, required)
  - email (string, required)
- Update the database schema to include the new Teacher table
- Database migration should preserve existing Student and Course data
"""


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    project = Project(tmp_path / "shop")
    yield project
    project.run("stop")


def test_three_requests_one_after_the_other_serve_three_entities(project: Project) -> None:
    for block in (STUDENT_BLOCK, COURSE_BLOCK, TEACHER_BLOCK):
        answer = project.request(block, "--serve")
        assert answer.status == 0, answer.out + answer.err
        assert answer.json["success"] is True
        assert answer.json["metrics"]["total_tokens"] == 0
        assert answer.json["metrics"]["llm_calls"] == 0
        assert answer.json["urls"]["api"] == project.api
    with httpx.Client(base_url=project.api) as api:
        assert api.get("/health").json()["status"] == "healthy"
        names = [entity["name"] for entity in api.get("/").json()["entities"]]
        assert names == ["Student", "Course", "Teacher"]
        for path, record in (
            ("/api/students", {"name": "Ada"}),
            ("/api/courses", {"name": "Logic", "level": "first"}),
            ("/api/teachers", {"name": "Alan", "email": "alan@example.org"}),
        ):
            stored = api.post(path, json=record)
            assert stored.status_code == 201
            assert api.get(stored.headers["Location"]).json() == {"id": 1, **record}
            assert api.post(path, json={}).status_code == 422


def test_rows_survive_the_next_request(project: Project) -> None:
    assert project.request("Create a Student with name", "--serve").status == 0
    httpx.post(f"{project.api}/api/students", json={"name": "Ada"}).raise_for_status()
    assert project.request("Create a Course with title", "--serve").status == 0
    assert httpx.get(f"{project.api}/api/students").json() == [{"id": 1, "name": "Ada"}]
    assert httpx.get(f"{project.api}/api/courses").json() == []


def test_the_school_serves_both_sides_of_both_relationships(project: Project) -> None:
    answer = project.request(SCHOOL, "--serve")
    assert answer.status == 0, answer.out + answer.err
    with httpx.Client(base_url=project.api) as api:
        teacher = api.post("/api/teachers", json={"name": "Alan"}).json()
        course = api.post(
            "/api/courses", json={"title": "Logic", "credits": 6, "teacher_id": teacher["id"]}
        ).json()
        ada = {"name": "Ada", "email": "ada@example.org", "birth_date": "1815-12-10"}
        student = api.post("/api/students", json={**ada, "course_ids": [course["id"]]}).json()
        assert student == {"id": 1, **ada, "course_ids": [1]}
        assert api.get("/api/courses/1/teacher").json() == teacher
        assert api.get("/api/teachers/1/courses").json() == [course]
        assert api.get("/api/students/1/courses").json() == [course]
        assert api.get("/api/courses/1/students").json() == [student]
        assert api.delete("/api/students/1/courses/1").status_code == 204
        assert api.get("/api/students/1/courses").json() == []
        assert api.put("/api/students/1/courses/1").status_code == 204
        assert api.get("/api/students/1").json()["course_ids"] == [1]
        assert api.post("/api/students", json=ada).status_code == 409
        for wrong in ({"credits": 0}, {"credits": 13}, {"credits": "5"}, {"teacher_id": 99}):
            refused = api.post("/api/courses", json={"title": "X", "credits": 6, **wrong})
            assert refused.status_code == 422
            assert next(iter(wrong)) in refused.text
        assert api.delete("/api/teachers/1").status_code == 204
        assert api.get("/api/courses/1").json()["teacher_id"] is None
        assert api.get("/api/courses/1/teacher").status_code == 404


def test_the_generated_system_passes_its_own_tests(project: Project) -> None:
    assert project.request(SCHOOL).status == 0
    tested = project.run("test")
    assert tested.status == 0, tested.out + tested.err
    assert "[100%]" in tested.out


def test_the_generated_system_starts_without_baes(project: Project) -> None:
    assert project.request(SCHOOL).status == 0
    code = (
        "import sys; sys.modules['baes'] = None; sys.path.insert(0, '.')\n"
        "import app.main, app.__main__\n"
        "print(len(app.main.app.openapi()['paths']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=project.folder / "managed_system",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 10
