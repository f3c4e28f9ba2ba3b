"""The generated API beside the same CRUD written by hand the usual way.

``make bench AREA=api``: get by id, list of 20 and create, over 16 connections, on one uvicorn
worker each; the ratios are what counts.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

from baes.core.formatter import format_artifacts
from baes.spec.apply import apply
from baes.spec.changes import AddEntity, Change
from baes.spec.model import Attribute, Entity, SystemSpec
from baes.spec.pipeline import GenerationContext, Task
from baes.swea_agents.backend_swea import BackendSWEA
from baes.swea_agents.database_swea import DatabaseSWEA
from baes.utils.template_registry import TemplateRegistry
from benchmarks.figure import Figure, table
from benchmarks.load import Load, put_load

__all__ = ["REQUESTS", "figures", "fill", "served"]

CONNECTIONS = 16
SECONDS = 0.8
ROUNDS = 10
LONG_LIST_SECONDS = 5.0
RATIO = 3.0
CREATE_P99_MS = 30.0
RECORDS = 200
START_LIMIT_S = 30

STUDENT: tuple[Change, ...] = (
    AddEntity(
        Entity(
            "Student",
            (
                Attribute("name", "string"),
                Attribute("email", "email", unique=True),
                Attribute("birth_date", "date"),
            ),
        )
    ),
)


def figures() -> list[Figure]:
    """Both beside each other, then what a long list does to others, and the start."""
    with tempfile.TemporaryDirectory(prefix="baes-throughput-") as name:
        folder = Path(name)
        _generate(folder)
        serve = [sys.executable, "-m", "uvicorn", "app.main:app"]
        by_hand = [sys.executable, "-m", "uvicorn", "benchmarks.idiomatic_app.main:app"]
        with served(serve, folder) as port, served(by_hand, Path.cwd()) as other_port:
            found = _compared(port, other_port)
        return [*found, _beside_a_long_list(serve, folder), _start(folder)]


def _compared(port: int, other_port: int) -> list[Figure]:
    """Requests a second of both, and how many times more the first carries.

    They take turns, and the best round of each counts.
    """
    found = []
    for server in (port, other_port):
        fill(server)
    for what, (make, status) in REQUESTS.items():
        ours, theirs = [], []
        for _ in range(ROUNDS):
            ours.append(put_load(port, make, status, CONNECTIONS, SECONDS))
            theirs.append(put_load(other_port, make, status, CONNECTIONS, SECONDS))
        generated, usual = _quiet(ours), _quiet(theirs)
        ratio = generated.requests_per_s / usual.requests_per_s
        p99_goal = CREATE_P99_MS if what == "create" else None
        found += [
            Figure(f"{what}, generated", generated.requests_per_s, "1/s"),
            Figure(f"{what}, generated, p99", generated.p99_ms, "ms", p99_goal),
            Figure(f"{what}, by hand", usual.requests_per_s, "1/s"),
            Figure(f"{what}, by hand, p99", usual.p99_ms, "ms"),
            Figure(f"{what}, ratio", ratio, "times", RATIO, at_least=True),
        ]
    return found


def _beside_a_long_list(serve: list[str], folder: Path) -> Figure:
    """How long a get takes while a list sorts a million rows by a column without index."""
    with served(serve, folder, _fill_a_million) as port:
        get, status = REQUESTS["get by id"]
        with _asking_again_and_again(port, "/api/students?sort=name"):
            load = put_load(port, get, status, CONNECTIONS, LONG_LIST_SECONDS)
    return Figure("get by id beside a long list, p99", load.p99_ms, "ms", 100)


def _start(folder: Path) -> Figure:
    """From the start of the process to its first answer, the database being there."""
    with tempfile.TemporaryDirectory() as data:
        url = f"sqlite:///{data}/started.db"
        seconds = []
        for _ in range(ROUNDS):
            begun = time.perf_counter()
            with served([sys.executable, "-m", "app"], folder, DATABASE_URL=url):
                seconds.append(time.perf_counter() - begun)
    return Figure("start to first answer", min(seconds), "s", 0.7)


@contextlib.contextmanager
def _asking_again_and_again(port: int, path: str) -> Iterator[None]:
    """Ask for something in a thread, one answer after the other."""
    done = threading.Event()

    def ask() -> None:
        while not done.is_set():
            urllib.request.urlopen(f"http://127.0.0.1:{port}{path}").read()

    thread = threading.Thread(target=ask)
    thread.start()
    try:
        time.sleep(0.2)
        yield
    finally:
        done.set()
        thread.join()


def _fill_a_million(file: Path) -> None:
    names = ((f"Name {n * 7919 % 1_000_003}", f"person{n}@example.com") for n in range(1_000_000))
    with contextlib.closing(sqlite3.connect(file)) as connection, connection:
        connection.executemany(
            "INSERT INTO students (name, email, birth_date) VALUES (?, ?, '2000-01-01')", names
        )


def _generate(folder: Path) -> None:
    context = GenerationContext(SystemSpec(), STUDENT, apply(SystemSpec(), STUDENT))
    registry = TemplateRegistry()
    artifacts = [
        artifact
        for agent in (DatabaseSWEA(registry), BackendSWEA(registry))
        for entity in ("Student", "")
        for artifact in agent.produce(Task(agent.name, agent.name, entity), context)
    ]
    for artifact in format_artifacts(artifacts):
        target = folder / artifact.path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(artifact.content, encoding="utf-8")


def _quiet(loads: list[Load]) -> Load:
    """The best of several rounds: what else the machine does can only make a server slower."""
    return Load(
        max(load.requests_per_s for load in loads),
        min(load.p99_ms for load in loads),
    )


@contextlib.contextmanager
def served(
    command: list[str], folder: Path, prepare: Callable[[Path], None] | None = None, **more: str
) -> Iterator[int]:
    """Serve on a free port with a fresh database; the port.

    Args:
        command: Starts the server; the port is in its environment.
        folder: Where it is started.
        prepare: Fills the database file, whose tables are there, before the port is given.
        more: Of the server's environment.
    """
    with socket.socket() as probe, tempfile.TemporaryDirectory() as data:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        environment = {
            **os.environ,
            "API_PORT": str(port),
            "UVICORN_PORT": str(port),
            "UVICORN_LOG_LEVEL": "warning",
            "DATABASE_URL": f"sqlite:///{data}/benchmark.db",
            **more,
        }
        quiet = subprocess.DEVNULL
        with subprocess.Popen(
            command, cwd=folder, env=environment, stdout=quiet, stderr=quiet
        ) as process:
            try:
                _wait(port)
                if prepare is not None:
                    prepare(Path(data) / "benchmark.db")
                yield port
            finally:
                process.terminate()


def _wait(port: int) -> None:
    end = time.monotonic() + START_LIMIT_S
    while time.monotonic() < end:
        with contextlib.suppress(OSError):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=1).close()
            return
        time.sleep(0.005)
    raise RuntimeError("the server does not start")


def fill(port: int) -> None:
    """Store the records that are read."""
    for number in range(RECORDS):
        body = _body(f"first{number}")
        request = urllib.request.Request(
            f"http://127.0.0.1:{port}/api/students",
            body,
            {"Content-Type": "application/json"},
        )
        urllib.request.urlopen(request).close()  # noqa: S310


def _create(_: int) -> bytes:
    return _request("POST", "/api/students", _body(f"next{next(_created)}"))


def _body(name: str) -> bytes:
    values = {"name": "Ana", "email": f"{name}@example.com", "birth_date": "2000-01-01"}
    return json.dumps(values).encode()


def _request(method: str, path: str, body: bytes = b"") -> bytes:
    head = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\n"
    if body:
        head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    return f"{head}\r\n".encode() + body


_created = iter(range(10**9))

REQUESTS: dict[str, tuple[Callable[[int], bytes], int]] = {
    "get by id": (lambda n: _request("GET", f"/api/students/{n % RECORDS + 1}"), 200),
    "list of 20": (lambda _: _request("GET", "/api/students"), 200),
    "create": (_create, 201),
}
"""What is asked for -> the n-th request, and the status of its answer."""


if __name__ == "__main__":
    print(table("api", figures()))
