"""The generated API beside the same CRUD written by hand the usual way.

``python -m benchmarks.api_throughput``: get by id, list of 20 and create, over 16 connections, on
one uvicorn worker each; the ratios are what counts.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
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

__all__ = ["figures"]

CONNECTIONS = 16
SECONDS = 2.0
ROUNDS = 3
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
    """Requests a second of both, and how many times more the generated API carries."""
    with tempfile.TemporaryDirectory(prefix="baes-throughput-") as name:
        folder = Path(name)
        _generate(folder)
        generated = _measure([sys.executable, "-m", "uvicorn", "app.main:app"], folder)
    by_hand = _measure(
        [sys.executable, "-m", "uvicorn", "benchmarks.idiomatic_app.main:app"], Path.cwd()
    )
    found = []
    for what, load in generated.items():
        usual = by_hand[what]
        found += [
            Figure(f"{what}, generated", load.requests_per_s, "1/s"),
            Figure(f"{what}, generated, p99", load.p99_ms, "ms"),
            Figure(f"{what}, by hand", usual.requests_per_s, "1/s"),
            Figure(f"{what}, by hand, p99", usual.p99_ms, "ms"),
            Figure(f"{what}, ratio", load.requests_per_s / usual.requests_per_s, "times"),
        ]
    return found


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


def _measure(command: list[str], folder: Path) -> dict[str, Load]:
    """Kind of request -> the median load of several rounds."""
    requests: dict[str, tuple[Callable[[int], bytes], int]] = {
        "get by id": (lambda n: _request("GET", f"/api/students/{n % RECORDS + 1}"), 200),
        "list of 20": (lambda _: _request("GET", "/api/students"), 200),
        "create": (_create, 201),
    }
    with _served(command, folder) as port:
        _fill(port)
        return {
            what: _median(
                [put_load(port, make, status, CONNECTIONS, SECONDS) for _ in range(ROUNDS)]
            )
            for what, (make, status) in requests.items()
        }


def _median(loads: list[Load]) -> Load:
    return Load(
        statistics.median(load.requests_per_s for load in loads),
        statistics.median(load.p99_ms for load in loads),
    )


@contextlib.contextmanager
def _served(command: list[str], folder: Path) -> Iterator[int]:
    """Serve on a free port with a fresh database; the port."""
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
        }
        quiet = subprocess.DEVNULL
        with subprocess.Popen(
            command, cwd=folder, env=environment, stdout=quiet, stderr=quiet
        ) as process:
            try:
                _wait(port)
                yield port
            finally:
                process.terminate()


def _wait(port: int) -> None:
    end = time.monotonic() + START_LIMIT_S
    while time.monotonic() < end:
        with contextlib.suppress(OSError):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=1).close()
            return
        time.sleep(0.05)
    raise RuntimeError("the server does not start")


def _fill(port: int) -> None:
    """Store the records that are read."""
    for number in range(RECORDS):
        body = _body(f"first{number}")
        request = urllib.request.Request(
            f"http://127.0.0.1:{port}/api/students",
            body,
            {"Content-Type": "application/json"},
        )
        urllib.request.urlopen(request).close()  # noqa: S310


_created = iter(range(10**9))


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


if __name__ == "__main__":
    print(table("api", figures()))
