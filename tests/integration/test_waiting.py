"""Commands on one project wait for each other, say so, and give up in time."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.command import Project

REQUEST = ("request", "Create a Student with name", "--json")
HOLDER = """
import sys
from pathlib import Path
from baes.core.project_lock import project_lock
from baes.core.project_paths import ProjectPaths

with project_lock(ProjectPaths(Path(sys.argv[1])), purpose="baes request"):
    print("held", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path / "project")


@contextlib.contextmanager
def held(project: Project) -> Iterator[subprocess.Popen[str]]:
    """Another process works on the project until a line is written to it."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(project.folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        try:
            yield process
        finally:
            process.kill()


def test_the_limit_of_the_wait_is_told_and_nothing_is_done(project: Project) -> None:
    with held(project) as holder:
        env = {**os.environ, "BAES_LOCK_TIMEOUT": "1"}
        answer = project.run(*REQUEST, env=env)
        assert (answer.status, answer.json["error"]) == (1, "PROJECT_BUSY")
        for part in ("baes request", str(holder.pid), "1 seconds"):
            assert part in answer.json["message"]
        assert f"baes request (process {holder.pid})" in answer.err
    assert project.run("status", "--json").json["entities"] == []


def test_a_command_goes_on_when_the_other_has_ended(project: Project) -> None:
    with held(project) as holder:
        waiting = subprocess.Popen(
            [sys.executable, "-m", "baes.cli", *REQUEST, "--project", str(project.folder)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert waiting.stderr is not None
        assert "waiting for baes request" in waiting.stderr.readline()
        holder.kill()
        out, _ = waiting.communicate(timeout=60)
    assert waiting.returncode == 0, out
    assert project.run("status", "--json").json["entities"] == ["Student"]


def test_a_limit_that_is_no_number_is_wrong_usage(project: Project) -> None:
    env = {**os.environ, "BAES_LOCK_TIMEOUT": "soon"}
    answer = project.run(*REQUEST, env=env)
    assert (answer.status, answer.json["error"]) == (2, "WRONG_USAGE")
