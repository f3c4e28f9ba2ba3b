"""Systems that earlier versions made and people filled evolve under this one."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from baes.core.enhanced_runtime_kernel import Consents, EnhancedRuntimeKernel
from baes.core.generator_version import generator_version
from baes.core.switches import Switches
from tests.integration.managed_system import serving

POPULATED = Path(__file__).parent / "populated"
CONSENT = Consents(data_loss=True)


@pytest.fixture(params=sorted(POPULATED.iterdir()), ids=lambda folder: folder.name)
def project(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    folder: Path = request.param
    return shutil.copytree(folder, tmp_path / folder.name)


def kernel(project: Path) -> EnhancedRuntimeKernel:
    return EnhancedRuntimeKernel(project, switches=Switches(), background_suite=False)


def rows(project: Path, query: str) -> list[tuple[Any, ...]]:
    database = project / "managed_system" / "app" / "database" / "baes_system.db"
    with closing(sqlite3.connect(database)) as connection:
        return connection.execute(query).fetchall()


def test_an_older_system_evolves_with_its_rows_and_is_taken_back(project: Path) -> None:
    students = rows(project, "SELECT name, email, birth_date FROM students ORDER BY id")
    links = rows(project, "SELECT * FROM students_courses ORDER BY 1, 2")
    for text in (
        "Add an optional phone to Teacher.",
        "Rename email of Student to contact.",
        "Remove credits from Course.",
    ):
        report = kernel(project).carry_out(text, consents=CONSENT)
        assert report.error is None, report.error
    assert rows(project, "SELECT name, contact, birth_date FROM students ORDER BY id") == students
    with serving(project / "managed_system") as api:
        assert api.get("/api/students/1").json()["contact"] == students[0][1]
        assert api.get("/api/teachers/1").json()["phone"] is None
        assert "credits" not in api.get("/api/courses/1").json()
    report = kernel(project).undo(3, consents=CONSENT)
    assert report.error is None, report.error
    assert rows(project, "SELECT name, email, birth_date FROM students ORDER BY id") == students
    assert rows(project, "SELECT * FROM students_courses ORDER BY 1, 2") == links
    assert rows(project, "SELECT credits FROM courses") == [(4,), (12,), (1,), (2,)]


def test_an_older_system_is_written_anew_as_a_whole(project: Path) -> None:
    outdated = project / "managed_system" / "app" / "outdated.py"
    manifest = project / ".baes" / "manifest.json"
    data = json.loads(manifest.read_text())
    outdated.write_text("")
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    data["files"]["app/outdated.py"] = empty
    manifest.write_text(json.dumps(data))
    report = kernel(project).carry_out("Add an optional phone to Teacher.", consents=Consents())
    assert report.error is None, report.error
    assert json.loads(manifest.read_text())["generator"] == generator_version()
    assert not outdated.exists()
    revisions = project / "managed_system" / "app" / "database" / "migrations" / "versions"
    assert len(list(revisions.glob("0*.py"))) == 2
    result = subprocess.run(
        [sys.executable, "-m", "pytest"],
        cwd=project / "managed_system",
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert result.returncode == 0, result.stdout[-4000:] + result.stderr
