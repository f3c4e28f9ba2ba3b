"""Commands that are killed at random moments, and what they must leave behind."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from baes.core.archive import archive_contents
from baes.core.managed_system_manager import ManagedSystemManager
from baes.core.processes import end_process, started_at
from baes.core.project_lock import project_lock
from baes.core.project_paths import ProjectPaths
from tests.integration.command import Project, Ran
from tests.integration.releases import consistent_request, copied

__all__ = ["KillCase", "Populated", "killed", "populate"]

STUDENTS = [(1, "Ada"), (2, "Grace"), (3, "Alan")]
COURSES = [(1, "Logic"), (2, "Algebra")]
LONGEST_S = 1.2
"""Of a command; a kill that comes later meets nothing."""
DEPLOY_S = 0.25
"""Of a deploy, from the staging on."""


@dataclass(frozen=True)
class Populated:
    """A project before, and after, a request; both with rows."""

    before: ProjectPaths
    after: ProjectPaths


@dataclass(frozen=True)
class KillCase:
    """One kill: what is done, and to whom it happens, all drawn from the seed."""

    undoes: bool
    served: bool
    victim: str
    """``command``, ``worker`` or ``server``."""
    while_deploying: bool
    delay_s: float

    @classmethod
    def of(cls, seed: int) -> KillCase:
        """The case of a seed; the same in every run."""
        chance = random.Random(seed)  # noqa: S311  the same moments in every run
        served = seed % 4 == 3
        victims = ["command", "command", "worker", *(["server"] if served else [])]
        while_deploying = chance.random() < 0.7
        return cls(
            undoes=seed % 2 == 1,
            served=served,
            victim=chance.choice(victims),
            while_deploying=while_deploying,
            delay_s=chance.uniform(0, DEPLOY_S if while_deploying else LONGEST_S),
        )


def populate(folder: Path) -> Populated:
    """Make the two projects."""
    before = Project(folder / "before")
    _done(before.request("Create a Student with name"))
    _insert(before, "students (id, name)", STUDENTS)
    after = copied(ProjectPaths(before.folder), folder / "after")
    _done(Project(after.root).request("Create a Course with title"))
    _insert(Project(after.root), "courses (id, title)", COURSES)
    return Populated(ProjectPaths(before.folder), after)


def killed(case: KillCase, populated: Populated, folder: Path) -> None:
    """Kill, recover, and see that nothing is lost, whichever system it is then."""
    paths = copied(populated.after if case.undoes else populated.before, folder / "school")
    project = Project(paths.root)
    old = consistent_request(paths)
    ports = ("--api-port", str(project.api_port), "--ui-port", str(project.ui_port))
    try:
        if case.served:
            _done(project.run("serve", *ports))
        ask = ("undo", "--yes") if case.undoes else ("request", "Create a Course with title")
        _kill(case, project, [*ask, "--project", str(paths.root)])
        with project_lock(paths, timeout_s=30):
            ManagedSystemManager(paths).recover()
        is_old = consistent_request(paths) == old
        if not case.undoes:
            _check_rows(paths, None if is_old else [], 0)
        elif is_old:
            _check_rows(paths, COURSES, 0)
        else:
            _check_rows(paths, None, len(COURSES))
            _done(project.run("undo", "--yes"))
            _check_rows(paths, COURSES, 0)
    finally:
        project.run("stop")


def _kill(case: KillCase, project: Project, arguments: Sequence[str]) -> None:
    server = project.run("status", "--json").json["servers"]["api"]["pid"] if case.served else 0
    command = [sys.executable, "-m", "baes.cli", *arguments]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        if case.while_deploying:
            _wait_for(project.folder / ".baes" / "staging", process)
        time.sleep(case.delay_s)  # the moment itself is what is tested
        worker = _child_of(process.pid)
        started = started_at(worker) or ""
        pid = {"command": process.pid, "worker": worker, "server": server}[case.victim]
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid or process.pid, signal.SIGKILL)
        process.wait(timeout=60)
    if started and case.victim != "worker" and not case.served:
        end_process(worker, started)


def _wait_for(path: Path, process: subprocess.Popen[bytes]) -> None:
    while not path.exists() and process.poll() is None:
        time.sleep(0.001)


def _child_of(pid: int) -> int:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except FileNotFoundError:  # the process has ended
        return 0
    return int(children[0]) if children else 0


def _check_rows(paths: ProjectPaths, courses: list[tuple[int, str]] | None, kept: int) -> None:
    """See that all rows are there.

    Args:
        paths: The project.
        courses: The rows that must be in their table; ``None``: there is no table.
        kept: How many rows the archive must hold.
    """
    with _opened(paths) as database:
        assert database.execute("SELECT id, name FROM students").fetchall() == STUDENTS
        tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master")}
        assert ("courses" in tables) == (courses is not None)
        if courses is not None:
            assert database.execute("SELECT id, title FROM courses").fetchall() == courses
        found = [(t.kind, t.thing, t.rows) for t in archive_contents(database)]
        assert found == ([("entity", "course", kept)] if kept else [])
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def _insert(project: Project, into: str, rows: Sequence[tuple[int, str]]) -> None:
    with contextlib.closing(sqlite3.connect(project.database)) as database:
        database.executemany(f"INSERT INTO {into} VALUES (?, ?)", rows)  # noqa: S608  our own
        database.commit()


@contextlib.contextmanager
def _opened(paths: ProjectPaths) -> Iterator[sqlite3.Connection]:
    with contextlib.closing(sqlite3.connect(paths.database)) as database:
        yield database


def _done(ran: Ran) -> None:
    assert ran.status == 0, ran.out + ran.err
