"""The six requests of the published benchmark, in our own words, and what each must have done.

Rows are added over HTTP between the steps; after each step every row that was ever stored must be
there with its values.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

from baes.errors import RequestFailed

__all__ = ["STEPS", "Rows", "Step", "expect"]

Record = dict[str, Any]


def expect(found: object, due: object, what: str) -> None:
    """See that the system did what it was asked to.

    Raises:
        RequestFailed: It answers otherwise.
    """
    if found != due:
        raise RequestFailed.of("bench.error.unexpected", what=what, found=str(found), due=str(due))


@dataclass
class Rows:
    """What was stored over HTTP, and must be there after every step."""

    api: httpx.Client
    stored: dict[str, Record] = field(default_factory=dict)
    """Path of a record -> the record as the API gave it last."""

    def add(self, path: str, record: Record) -> Record:
        """Store a record."""
        answer = self.api.post(path, json=record)
        expect(answer.status_code, 201, f"POST {path}")
        self.stored[answer.headers["Location"]] = answer.json()
        return dict(answer.json())

    def change(self, path: str, values: Record) -> None:
        """Give a record other values."""
        answer = self.api.patch(path, json=values)
        expect(answer.status_code, 200, f"PATCH {path}")
        self.stored[path] = answer.json()

    def gain(self, collection: str, **values: Any) -> None:
        """Expect further values in every record of a collection."""
        for path, record in self.stored.items():
            if path.rpartition("/")[0] == collection:
                self.stored[path] = record | values

    def check(self) -> None:
        """See that every row is there with its values."""
        for path, record in self.stored.items():
            expect(self.api.get(path).json(), record, path)

    def refuses(self, path: str, record: Record, status: int = 422) -> None:
        """See that a record is not taken."""
        answer = self.api.post(path, json=record)
        expect(answer.status_code, status, f"POST {path}")


@dataclass(frozen=True)
class Step:
    """A request, and the proof that it was carried out."""

    name: str
    text: str
    verify: Callable[[Rows], None]


def _student(rows: Rows) -> None:
    rows.add("/api/students", {"name": "Ada"})
    rows.add("/api/students", {"name": "Grace"})
    rows.refuses("/api/students", {})


def _email(rows: Rows) -> None:
    rows.gain("/api/students", email=None)
    rows.check()
    rows.refuses("/api/students", {"name": "Alan"})
    rows.add("/api/students", {"name": "Alan", "email": "alan@example.org"})
    rows.change("/api/students/1", {"email": "ada@example.org"})


def _course(rows: Rows) -> None:
    rows.check()
    rows.add("/api/courses", {"name": "Logic", "level": "first"})
    rows.add("/api/courses", {"name": "Algebra", "level": "second"})
    rows.refuses("/api/courses", {"name": "Logic"})


def _enrolment(rows: Rows) -> None:
    rows.gain("/api/students", course_ids=[])
    rows.check()
    rows.change("/api/students/1", {"course_ids": [1, 2]})
    linus = {"name": "Linus", "email": "linus@example.org", "course_ids": [2]}
    rows.add("/api/students", linus)
    both = [rows.stored["/api/students/1"], rows.stored["/api/students/4"]]
    expect(rows.api.get("/api/courses/2/students").json(), both, "students of a course")
    courses = [rows.stored[f"/api/courses/{number}"] for number in (1, 2)]
    expect(rows.api.get("/api/students/1/courses").json(), courses, "courses of a student")
    rows.refuses("/api/students", linus | {"course_ids": [99]})


def _teacher(rows: Rows) -> None:
    rows.check()
    rows.add("/api/teachers", {"name": "Alonzo", "email": "alonzo@example.org"})
    rows.refuses("/api/teachers", {"name": "Alonzo"})


def _teaching(rows: Rows) -> None:
    rows.gain("/api/courses", teacher_id=None)
    rows.check()
    rows.change("/api/courses/1", {"teacher_id": 1})
    sets = {"name": "Sets", "level": "first", "teacher_id": 1}
    rows.add("/api/courses", sets)
    taught = [rows.stored["/api/courses/1"], rows.stored["/api/courses/3"]]
    expect(rows.api.get("/api/teachers/1/courses").json(), taught, "courses of a teacher")
    teacher = rows.stored["/api/teachers/1"]
    expect(rows.api.get("/api/courses/1/teacher").json(), teacher, "teacher of a course")
    expect(rows.api.get("/api/courses/2/teacher").status_code, 404, "teacher of none")
    rows.refuses("/api/courses", sets | {"teacher_id": 99})


STEPS = (
    Step(
        "create Student",
        "Build a small web application for a Student entity that has a name field, using Python, "
        "FastAPI and SQLite.\n\nRequirements:\n"
        "- Follow best practices for the structure of a small Python web application\n"
        "- Create Student entity with only:\n  - name (string, required)\n"
        "- The database schema should be created automatically on startup\n",
        _student,
    ),
    Step(
        "add email to Student",
        "Add an email field to the Student entity.\n\nRequirements:\n"
        "- Add email field to the existing Student entity:\n  - email (string, required)\n"
        "- Update the database schema to include the email field\n"
        "- Database migration should preserve existing Student data\n",
        _email,
    ),
    Step(
        "create Course",
        "Create a Course entity that has name and level fields.\n\nRequirements:\n"
        "- Create Course entity with only:\n  - name (string, required)\n"
        "  - level (string, required)\n"
        "- Database migration should preserve existing Student data\n",
        _course,
    ),
    Step(
        "relate Student to courses",
        "Add a course relationship to the Student entity.\n\nRequirements:\n"
        "- Add a relationship between the Student and Course entities\n"
        "- A Student should be able to have courses\n"
        "- Update the database schema to support this relationship\n"
        "- Database migration should preserve existing Student and Course data\n",
        _enrolment,
    ),
    Step(
        "create Teacher",
        "Create a Teacher entity that has name and email fields.\n\nRequirements:\n"
        "- Create Teacher entity with only:\n  - name (string, required)\n"
        "  - email (string, required)\n"
        "- Database migration should preserve existing Student and Course data\n",
        _teacher,
    ),
    Step(
        "relate Course to teacher",
        "Add a teacher relationship to the Course entity.\n\nRequirements:\n"
        "- Add a relationship from Course to the Teacher entity\n"
        "- A Course should be able to have a teacher\n"
        "- Update the database schema to support this relationship\n"
        "- Database migration should preserve existing Student, Course, and Teacher data\n",
        _teaching,
    ),
)
