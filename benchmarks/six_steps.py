"""The six requests of the published benchmark, in our own words, and what each must have done.

Rows are added over HTTP between the steps; after each step every row that was ever stored must be
there with its values. The published frameworks' medians stand beside the times.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

from benchmarks.processes import BAES

__all__ = ["STEPS", "Rows", "Step", "report"]

API_PORT, UI_PORT = 8195, 8696
GOAL_S = 12.0
PUBLISHED = (
    ("the original BAES", 44_198, 18, 210, 0.0107),
    ("ChatDev", 193_778, 111, 1_195, 0.0497),
    ("GHSpec (spec-kit)", 338_787, 89, 971, 0.0636),
)
"""Framework, tokens, model calls, seconds, US dollars: medians of 100 runs with gpt-4o-mini."""

Record = dict[str, Any]


@dataclass
class Rows:
    """What was stored over HTTP, and must be there after every step."""

    api: httpx.Client
    stored: dict[str, Record] = field(default_factory=dict)
    """Path of a record -> the record as the API gave it last."""

    def add(self, path: str, record: Record) -> Record:
        """Store a record."""
        answer = self.api.post(path, json=record)
        assert answer.status_code == 201, answer.text
        self.stored[answer.headers["Location"]] = answer.json()
        return dict(answer.json())

    def change(self, path: str, values: Record) -> None:
        """Give a record other values."""
        answer = self.api.patch(path, json=values)
        assert answer.status_code == 200, answer.text
        self.stored[path] = answer.json()

    def gain(self, collection: str, **values: Any) -> None:
        """Expect further values in every record of a collection."""
        for path, record in self.stored.items():
            if path.rpartition("/")[0] == collection:
                self.stored[path] = record | values

    def check(self) -> None:
        """See that every row is there with its values."""
        for path, record in self.stored.items():
            assert self.api.get(path).json() == record, path

    def refuses(self, path: str, record: Record, status: int = 422) -> None:
        """See that a record is not taken."""
        answer = self.api.post(path, json=record)
        assert answer.status_code == status, answer.text


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
    assert rows.api.get("/api/courses/2/students").json() == both
    courses = [rows.stored[f"/api/courses/{number}"] for number in (1, 2)]
    assert rows.api.get("/api/students/1/courses").json() == courses
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
    assert rows.api.get("/api/teachers/1/courses").json() == taught
    assert rows.api.get("/api/courses/1/teacher").json() == rows.stored["/api/teachers/1"]
    assert rows.api.get("/api/courses/2/teacher").status_code == 404
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


def report() -> str:
    """The six steps in one project, served: seconds, tokens and proof of each."""
    folder = tempfile.mkdtemp(prefix="baes-six-steps-")
    common = ["--project", folder]
    lines, total, tokens = ["\nsix steps (request, swap and verification over HTTP)"], 0.0, 0
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{API_PORT}", trust_env=False) as api:
            rows = Rows(api)
            for number, step in enumerate(STEPS, 1):
                begun = time.perf_counter()
                used = _carry_out(step, common)
                step.verify(rows)
                rows.check()
                seconds = time.perf_counter() - begun
                total, tokens = total + seconds, tokens + used
                lines.append(
                    f"  {number} {step.name:<28} {seconds:>7.2f} s {used:>9} tokens  verified"
                )
    finally:
        subprocess.run([str(BAES), "stop", *common], check=True, capture_output=True)
        shutil.rmtree(folder, ignore_errors=True)
    met = "yes" if total < GOAL_S and tokens == 0 else "NO"
    lines.append(f"  together {'':<21} {total:>7.2f} s {tokens:>9} tokens  < {GOAL_S:g} s: {met}")
    for name, published_tokens, calls, seconds, dollars in PUBLISHED:
        facts = f"{calls} calls, {dollars} USD, published"
        lines.append(f"  {name:<30} {seconds:>7} s {published_tokens:>9,} tokens  {facts}")
    return "\n".join(lines)


def _carry_out(step: Step, common: list[str]) -> int:
    ports = ["--api-port", str(API_PORT), "--ui-port", str(UI_PORT)]
    command = [str(BAES), "request", step.text, "--serve", "--json", *ports, *common]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return int(json.loads(done.stdout)["metrics"]["total_tokens"])
