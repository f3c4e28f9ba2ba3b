"""Client code that a public generator makes of the OpenAPI document works against the live API."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.integration.managed_system import serving, write_system
from tests.integration.systems import SCHOOL

SCRIPT = """
import datetime, sys
from client import Client
from client.api.courses import create_course, read_teacher_of_course
from client.api.students import create_student, delete_student, list_students, read_student
from client.api.teachers import create_teacher, delete_teacher
from client.models import (
    CourseCreate, ErrorAnswer, ListStudentsSort, StudentCreate, StudentRead, TeacherCreate
)

api = Client(base_url=sys.argv[1], raise_on_unexpected_status=True)
teacher = create_teacher.sync(client=api, body=TeacherCreate(name="Ana"))
course = create_course.sync(
    client=api, body=CourseCreate(title="C", credits_=3, teacher_id=teacher.id)
)
student = StudentCreate(
    name="Eva",
    email="eva@example.com",
    birth_date=datetime.date(2000, 2, 29),
    course_ids=[course.id],
)
created = create_student.sync_detailed(client=api, body=student)
assert created.status_code == 201 and created.headers["Location"] == "/api/students/1"
stored = created.parsed
assert isinstance(stored, StudentRead), stored
assert stored.birth_date == datetime.date(2000, 2, 29)
assert list_students.sync(client=api, name=["Eva"], sort=ListStudentsSort("-name")) == [stored]
assert read_student.sync(stored.id, client=api) == stored
assert read_teacher_of_course.sync(course.id, client=api).name == "Ana"
taken = create_student.sync(client=api, body=student)
assert isinstance(taken, ErrorAnswer), taken
assert [(p.type_, p.loc) for p in taken.detail] == [("taken", ["body", "email"])]
missing = read_student.sync(99, client=api)
assert isinstance(missing, ErrorAnswer) and missing.detail[0].type_ == "not_found"
assert delete_student.sync_detailed(stored.id, client=api).status_code == 204
"""


def test_a_generated_client_creates_lists_and_gets(tmp_path: Path) -> None:
    write_system(tmp_path / "system", SCHOOL)
    with serving(tmp_path / "system") as api:
        document = tmp_path / "openapi.json"
        document.write_text(json.dumps(api.get("/openapi.json").json()))
        where = ["--path", str(document), "--output-path", str(tmp_path / "client")]
        generator = [sys.executable, "-m", "openapi_python_client", "generate", "--meta", "none"]
        generated = run([*generator, *where, "--fail-on-warning"], tmp_path)
        assert generated.returncode == 0, generated.stdout + generated.stderr
        used = run([sys.executable, "-c", SCRIPT, str(api.base_url)], tmp_path)
        assert used.returncode == 0, used.stdout + used.stderr


def run(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a command in a folder."""
    tools = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"  # ruff is called
    environment = {**os.environ, "PATH": tools}
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
