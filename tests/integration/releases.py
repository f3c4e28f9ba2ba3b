"""Releases of a small system, made once by the real agents, and the deploying of them."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import pickle
import resource
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from baes.core.code_generation import CodeGenerator
from baes.core.context_store import ContextStore
from baes.core.managed_system_manager import Deployed, LiveServer, ManagedSystemManager, Release
from baes.core.project_lock import project_lock
from baes.core.project_paths import ProjectPaths
from baes.core.server_supervisor import ServerSupervisor
from baes.core.switches import Switches
from baes.errors import BaesError
from baes.spec.apply import apply
from baes.spec.changes import AddAttribute, AddEntity, Change
from baes.spec.model import Attribute, Entity, SystemSpec
from baes.spec.pipeline import GenerationContext

__all__ = [
    "add_student",
    "consistent_request",
    "copied",
    "deploy",
    "deploy_in_process",
    "deploying",
    "first",
    "release",
    "second",
    "students",
    "third",
]


def release(old: SystemSpec, request_id: str, *changes: Change) -> Release:
    """A release that the real agents make of some changes."""
    new = apply(old, changes)
    generated = CodeGenerator(Switches()).generate(GenerationContext(old, changes, new))
    return Release(
        version=new.version,
        request_id=request_id,
        spec=new,
        artifacts=generated.artifacts,
        created_at="2026-01-01T00:00:00+00:00",
        text=f"the request {request_id}",
    )


@cache
def first() -> Release:
    """Students with a name."""
    student = Entity("Student", (Attribute("name", "string"),))
    return release(SystemSpec(), "first", AddEntity(student))


@cache
def second() -> Release:
    """Courses beside them."""
    course = Entity("Course", (Attribute("title", "string"),))
    return release(first().spec, "second", AddEntity(course))


@cache
def third() -> Release:
    """An optional note on each student."""
    note = Attribute("note", "text", required=False)
    return release(second().spec, "third", AddAttribute("Student", note))


def deploy(paths: ProjectPaths, wanted: Release, live: LiveServer | None = None) -> Deployed:
    """All that a request does with a release."""
    with project_lock(paths), contextlib.closing(ManagedSystemManager(paths)) as manager:
        manager.prewarm()
        manager.recover()
        staged = manager.stage(wanted)
        manager.gate(staged)
        _say("gated")
        return manager.deploy(staged, live)


def deploying(
    paths: ProjectPaths, wanted: Release, folder: Path, **environment: str
) -> subprocess.Popen[str]:
    """The same in a process of its own; it prints ``gated`` and, at the end, how it went."""
    pickled = folder / f"{wanted.request_id}.pickle"
    pickled.write_bytes(pickle.dumps(wanted))
    return subprocess.Popen(
        [sys.executable, "-m", "tests.integration.releases", str(paths.root), str(pickled)],
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        text=True,
    )


def deploy_in_process(
    paths: ProjectPaths, wanted: Release, folder: Path, **environment: str
) -> str:
    """How the deploy in a process of its own went: ``done``, ``refused: …`` or nothing."""
    with deploying(paths, wanted, folder, **environment) as process:
        out, _ = process.communicate(timeout=60)
    return out.removeprefix("gated\n").strip()


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _unpickled(path: Path) -> Release:
    release: Release = pickle.loads(path.read_bytes())  # noqa: S301  our own, of a moment ago
    return release


def main(root: str, pickled: str) -> None:
    """Deploy one release; the environment may limit the size of files, or name a server."""
    if limit := int(os.environ.get("BAES_TEST_LIMIT", "0")):
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    paths = ProjectPaths(Path(root))
    live = ServerSupervisor(paths).live() if os.environ.get("BAES_TEST_LIVE") else None
    try:
        deploy(paths, _unpickled(Path(pickled)), live)
        _say("done")
    except BaesError as error:
        _say(f"refused: {error}")


def consistent_request(paths: ProjectPaths, *, edited: tuple[str, ...] = ()) -> str:
    """The request whose release the project holds, wholly; empty when it holds none."""
    assert not paths.journal.exists()
    assert not (paths.private / "staging").exists()
    if not paths.manifest.exists():
        assert not paths.managed_system.exists()
        assert not paths.context_store.exists()
        assert not paths.history.exists()
        return ""
    manifest = json.loads(paths.manifest.read_text())
    for path, expected in manifest["files"].items():
        content = (paths.managed_system / path).read_bytes()
        assert (hashlib.sha256(content).hexdigest() == expected) != (path in edited), path
    memory = ContextStore(paths).load()
    assert memory is not None
    with _opened(paths) as database:
        query = "SELECT request_id FROM _baes_release ORDER BY id DESC LIMIT 1"
        (row,) = database.execute(query).fetchone()
        (revision,) = database.execute("SELECT version_num FROM alembic_version").fetchone()
        tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master")}
    assert revision == f"{memory.spec.version:04d}"
    assert {e.plural for e in memory.spec} <= tables
    history = [m.request_id for m in ContextStore(paths).history()]
    assert len(history) == len(set(history))
    assert manifest["request_id"] == memory.request_id == row == history[-1]
    return memory.request_id


@contextlib.contextmanager
def _opened(paths: ProjectPaths) -> Iterator[sqlite3.Connection]:
    with contextlib.closing(sqlite3.connect(paths.database)) as database:
        yield database


def add_student(paths: ProjectPaths, name: str) -> None:
    """Put a row into the live database."""
    with _opened(paths) as database:
        database.execute("INSERT INTO students (name) VALUES (?)", (name,))
        database.commit()


def students(paths: ProjectPaths) -> list[str]:
    """The names in the live database."""
    with _opened(paths) as database:
        return [name for (name,) in database.execute("SELECT name FROM students ORDER BY id")]


def copied(source: ProjectPaths, target: Path) -> ProjectPaths:
    """A project with the same content at another place."""
    shutil.copytree(source.root, target)
    return ProjectPaths(target)


if __name__ == "__main__":
    main(*sys.argv[1:])
