"""Ten evolutions under constant load: no request fails, no row is lost or changed."""

from __future__ import annotations

import contextlib
import json
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.integration.command import Project

EVOLUTIONS: tuple[tuple[str, ...], ...] = (
    ("request", "Add an optional nickname to Student"),
    ("request", "Create a Course with title"),
    ("request", "Each student can have many courses"),
    ("request", "Rename nickname of Student to alias"),
    ("request", "Add an optional age (integer) to Student"),
    ("request", "Remove alias from Student", "--yes"),
    ("undo", "--yes"),
    ("request", "Create a Teacher with name"),
    ("undo", "--yes"),
    ("undo", "3", "--yes"),
)
BETWEEN_S = 0.5


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    project = Project(tmp_path / "school")
    yield project
    project.run("stop")


def evolve(project: Project, command: str, *arguments: str) -> float:
    """Run a command; gives its seconds."""
    begun = time.perf_counter()
    done = project.run(command, *arguments, "--json")
    assert done.status == 0, f"{arguments}: {done.out}{done.err}"
    return time.perf_counter() - begun


@contextlib.contextmanager
def loaded(project: Project) -> Iterator[dict[str, Any]]:
    """Load on the API while the block runs; afterwards the result holds what it met."""
    met: dict[str, Any] = {}
    with subprocess.Popen(
        [sys.executable, "-m", "tests.soak.load", str(project.api_port)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield met
        finally:
            out, _ = process.communicate(timeout=60)
    met.update(json.loads(out))


def test_ten_evolutions_under_load_lose_nothing(project: Project) -> None:
    assert project.request("Create a Student with name", "--serve").status == 0
    seconds = []
    with loaded(project) as met:
        time.sleep(BETWEEN_S)
        for evolution in EVOLUTIONS:
            seconds.append(evolve(project, *evolution))
            time.sleep(BETWEEN_S)  # load between them as well as during them
    print(  # noqa: T201  the figures of the documentation
        f"\n{len(EVOLUTIONS)} evolutions in {sum(seconds):.1f} s under {met['requests']} requests: "
        f"{met['failed']} failed, the longest took {met['longest_s']} s"
    )
    assert met["failures"] == []
    assert met["requests"] > 100 * len(EVOLUTIONS)
    with contextlib.closing(sqlite3.connect(project.database)) as database:
        rows = dict(database.execute("SELECT id, name FROM students").fetchall())
    assert rows == {int(key): name for key, name in met["stored"].items()}
