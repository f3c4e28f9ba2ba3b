"""A table of a million rows evolves in bounded time and memory, and is read meanwhile."""

from __future__ import annotations

import contextlib
import re
import sqlite3
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.integration.command import Project

ROWS = 1_000_000
LIMIT_S = 30
MEMORY_LIMIT_MB = 400

EVOLUTIONS = (
    ("request", "Add an optional note to Reading"),
    ("request", "Add a level (integer) to Reading"),
    ("request", "Rename place of Reading to site"),
    ("request", "Remove amount from Reading", "--yes"),
    ("undo", "--yes"),
)


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    project = Project(tmp_path / "readings")
    text = "Create a Reading with place, amount (integer) and an optional remark"
    assert project.request(text, "--serve").status == 0
    with contextlib.closing(sqlite3.connect(project.database)) as database:
        rows = ((f"place {n % 1000}", n) for n in range(ROWS))
        database.executemany("INSERT INTO readings (place, amount) VALUES (?, ?)", rows)
        database.commit()
    yield project
    project.run("stop")


class Reader(threading.Thread):
    """Reads one record after the other until it is told to stop, and watches memory."""

    def __init__(self, project: Project) -> None:
        super().__init__()
        self._api = project.api
        self._folder = str(project.folder).encode()
        self.peak_mb = 0.0
        """Of any process of the project: the command, its worker, the servers."""
        self._ended = threading.Event()
        self.reads = 0
        self.failures: list[str] = []
        self.longest_s = 0.0

    def run(self) -> None:
        """Read, and note what fails and how long the longest read took."""
        with httpx.Client(base_url=self._api, trust_env=False, timeout=LIMIT_S) as api:
            while not self._ended.is_set():
                number = 1 + self.reads * 7919 % ROWS
                begun = time.perf_counter()
                answer = api.get(f"/api/readings/{number}")
                self.longest_s = max(self.longest_s, time.perf_counter() - begun)
                self.reads += 1
                if answer.status_code != 200 or answer.json()["id"] != number:
                    self.failures.append(f"{number}: {answer.text}")
                self._watch()
                time.sleep(0.005)

    def _watch(self) -> None:
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if self._folder in (folder / "cmdline").read_bytes():
                    (line,) = re.findall(r"VmHWM:\s+(\d+)", (folder / "status").read_text())
                    self.peak_mb = max(self.peak_mb, int(line) / 1024)
            except (OSError, ValueError):  # it has just ended
                continue

    def stop(self) -> None:
        """End the reading."""
        self._ended.set()
        self.join()


@pytest.mark.skipif(sys.platform != "linux", reason="memory is watched in /proc")
def test_a_million_rows_evolve_in_time(project: Project) -> None:
    told, peak_mb = [], 0.0
    for command, *arguments in EVOLUTIONS:
        reader = Reader(project)
        reader.start()
        begun = time.perf_counter()
        done = project.run(command, *arguments, "--json")
        seconds = time.perf_counter() - begun
        reader.stop()
        assert done.status == 0, f"{arguments}: {done.out}{done.err}"
        told.append(
            f"{command} {arguments[0]}: {seconds:.1f} s, {reader.reads} reads meanwhile, "
            f"the longest {reader.longest_s:.2f} s"
        )
        peak_mb = max(peak_mb, reader.peak_mb)
        assert reader.failures == []
        assert seconds < LIMIT_S, told[-1]
    print("\n" + "\n".join([*told, f"largest process {peak_mb:.0f} MB"]))  # noqa: T201  figures
    assert 0 < peak_mb < MEMORY_LIMIT_MB
    with contextlib.closing(sqlite3.connect(project.database)) as database:
        query = "SELECT count(*), sum(amount), count(DISTINCT site) FROM readings"
        assert database.execute(query).fetchone() == (ROWS, ROWS * (ROWS - 1) // 2, 1000)
