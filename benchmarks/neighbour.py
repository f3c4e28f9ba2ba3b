"""API Logic Server beside what BAES generates: making a system of four entities, and serving it.

``API_LOGIC_SERVER=DIR python -m benchmarks neighbour``, where DIR is a virtual environment with
``ApiLogicServer`` in it (version 17.5 is what the goals speak of). Without it nothing is measured.
Both are used as they come: its own server as its README starts it, ours by ``python -m app``.
"""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.api_throughput import CONNECTIONS, REQUESTS, fill, served
from benchmarks.figure import Figure
from benchmarks.generation import COLD
from benchmarks.load import Load, put_load

__all__ = ["report"]

FOUR_ENTITIES = (
    "Create a system with students (name, email, birth date), teachers (name), courses (title) and "
    "rooms (number). Each course has one teacher."
)
SAME_TABLES = """
CREATE TABLE students (
    id INTEGER PRIMARY KEY, name VARCHAR(255) NOT NULL, email VARCHAR(255) NOT NULL,
    birth_date DATE NOT NULL
);
CREATE TABLE teachers (id INTEGER PRIMARY KEY, name VARCHAR(255) NOT NULL);
CREATE TABLE courses (
    id INTEGER PRIMARY KEY, title VARCHAR(255) NOT NULL, teacher_id INTEGER REFERENCES teachers (id)
);
CREATE TABLE rooms (id INTEGER PRIMARY KEY, number VARCHAR(255) NOT NULL);
"""
BAES = Path(sys.executable).with_name("baes")
PORT = 5656
"""Where the neighbour's server listens; it is made for this one."""

RUNS = 5
ROUNDS = 5
SECONDS = 1.0
RATIO = 6.0
RECORDS = 200
START_LIMIT_S = 60
JSON_API = "application/vnd.api+json"


def report() -> list[Figure] | str:
    """Seconds to make a system, and requests a second, of both."""
    environment = os.environ.get("API_LOGIC_SERVER")
    if environment is None:
        return "\nneighbour\n  API_LOGIC_SERVER names no environment: not measured"
    with tempfile.TemporaryDirectory(prefix="baes-neighbour-") as name:
        folder = Path(name)
        return [*_making(folder, Path(environment)), *_serving(folder, Path(environment))]


def _making(folder: Path, environment: Path) -> list[Figure]:
    """Whole processes; ours understands, tests and deploys besides, so that is shown apart."""
    database = folder / "four.db"
    with contextlib.closing(sqlite3.connect(database)) as connection:
        connection.executescript(SAME_TABLES)
    theirs, ours, writing = [], [], []
    for run in range(RUNS):
        create = [str(environment / "bin" / "als"), "create", f"--project-name=als{run}"]
        options = [f"--db-url=sqlite:///{database}", "--auth-provider-type=None"]
        theirs.append(_seconds([*create, *options], folder))
        request = [str(BAES), "request", FOUR_ENTITIES, "--json", "--project", f"baes{run}"]
        ours.append(_seconds(request, folder))
        writing.append(_cold_generation())
    usual = min(theirs)
    return [
        Figure("four entities, API Logic Server, whole process", usual, "s"),
        Figure("four entities, text to reviewed code", min(writing), "s", usual),
        Figure("four entities, tried and deployed, whole process", min(ours), "s"),
    ]


def _cold_generation() -> float:
    code = COLD.replace("generate()", f"generate({FOUR_ENTITIES!r})")
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return float(done.stdout)


def _seconds(command: list[str], folder: Path) -> float:
    start = time.perf_counter()
    subprocess.run(command, cwd=folder, check=True, capture_output=True, stdin=subprocess.DEVNULL)
    return time.perf_counter() - start


def _serving(folder: Path, environment: Path) -> list[Figure]:
    """They take turns, and the best round of each counts."""
    system = folder / "baes0" / "managed_system"
    with (
        served([sys.executable, "-m", "app"], system) as ours,
        _neighbour(folder / "als0", environment),
    ):
        fill(ours)
        for number in range(RECORDS):
            _send("POST", "/api/Student", _resource(f"first{number}"))
        found = []
        for what, (make, status) in REQUESTS.items():
            generated, usual = [], []
            for _ in range(ROUNDS):
                generated.append(put_load(ours, make, status, CONNECTIONS, SECONDS))
                usual.append(put_load(PORT, THEIR_REQUESTS[what], status, CONNECTIONS, SECONDS))
            found += _compared(what, generated, usual)
        return found


def _compared(what: str, ours: list[Load], theirs: list[Load]) -> list[Figure]:
    generated = max(load.requests_per_s for load in ours)
    usual = max(load.requests_per_s for load in theirs)
    return [
        Figure(f"{what}, generated", generated, "1/s"),
        Figure(f"{what}, API Logic Server", usual, "1/s"),
        Figure(f"{what}, ratio", generated / usual, "times", RATIO, at_least=True),
    ]


@contextlib.contextmanager
def _neighbour(project: Path, environment: Path) -> Iterator[None]:
    command = [str(environment / "bin" / "python"), "api_logic_server_run.py"]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, cwd=project, stdout=quiet, stderr=quiet) as process:
        try:
            end = time.monotonic() + START_LIMIT_S
            while time.monotonic() < end:
                with contextlib.suppress(urllib.error.URLError, ConnectionError):
                    _send("GET", "/api/Student")
                    break
                time.sleep(0.05)
            yield
        finally:
            process.terminate()


def _send(method: str, path: str, body: bytes | None = None) -> None:
    request = urllib.request.Request(
        f"http://127.0.0.1:{PORT}{path}", body, {"Content-Type": JSON_API}, method=method
    )
    urllib.request.urlopen(request).close()  # noqa: S310


def _resource(name: str) -> bytes:
    values = {"name": "Ana", "email": f"{name}@example.com", "birth_date": "2000-01-01"}
    return json.dumps({"data": {"type": "Student", "attributes": values}}).encode()


def _raw(method: str, path: str, body: bytes = b"") -> bytes:
    head = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nAccept: {JSON_API}\r\n"
    if body:
        head += f"Content-Type: {JSON_API}\r\nContent-Length: {len(body)}\r\n"
    return f"{head}\r\n".encode() + body


_LIST = "/api/Student?page%5Blimit%5D=20"

THEIR_REQUESTS: dict[str, Callable[[int], bytes]] = {
    "get by id": lambda n: _raw("GET", f"/api/Student/{n % RECORDS + 1}"),
    "list of 20": lambda _: _raw("GET", _LIST),
    "create": lambda n: _raw("POST", "/api/Student", _resource(f"next{n}")),
}
"""What is asked for -> the n-th request."""
