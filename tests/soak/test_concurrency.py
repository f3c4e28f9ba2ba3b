"""Fifty projects evolved at once by one process, fifty requests at once of one recogniser."""

from __future__ import annotations

import contextlib
import resource
import sqlite3
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from baes.core.consents import Consents
from baes.core.enhanced_runtime_kernel import EnhancedRuntimeKernel
from baes.core.entity_recognizer import EntityRecognizer
from baes.core.project_paths import ProjectPaths
from baes.core.switches import Switches
from baes.spec.model import SystemSpec
from baes.utils.optimization_metrics import MetricsLog

PROJECTS = 50
READERS = 50
READINGS = 20
PATIENCE_S = 900.0
"""Nothing takes so long; who waits longer waits for ever."""
MEMORY_LIMIT_MB = 700
REQUESTS = (
    "Create a Student with name",
    "Add an optional email to Student",
    "Create a Course with title. Each course has many students",
)
THINGS = ("Student", "Course", "Teacher", "Book", "Author", "Room", "Order", "Invoice", "Car")
KIB_A_UNIT = 1 if sys.platform == "linux" else 1 / 1024


def text_of(number: int, turn: int) -> str:
    """What a reader asks at a turn; some ask the same."""
    letters = "abcdefghijklmnopqrst"
    return f"Create a {THINGS[number % len(THINGS)]} with part_{letters[turn]} and name"


def peak_mb() -> float:
    """Most memory that this process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * KIB_A_UNIT / 1024


def test_fifty_projects_evolve_at_once_in_one_process(tmp_path: Path) -> None:
    begun = time.perf_counter()
    ended: list[float] = []

    def evolve(number: int) -> list[str]:
        project = tmp_path / f"p{number}"
        outcomes = []
        for text in REQUESTS:
            kernel = EnhancedRuntimeKernel(
                project, switches=Switches(), background_suite=False, lock_timeout_s=PATIENCE_S
            )
            error = kernel.carry_out(text, consents=Consents()).error
            outcomes.append(error.message if error else "")
            ended.append(time.perf_counter() - begun)
        return outcomes

    with ThreadPoolExecutor(PROJECTS) as pool:
        found = list(pool.map(evolve, range(PROJECTS), timeout=PATIENCE_S))
    assert Counter(outcome for outcomes in found for outcome in outcomes) == {
        "": PROJECTS * len(REQUESTS)
    }
    for number in range(PROJECTS):
        paths = ProjectPaths(tmp_path / f"p{number}")
        with contextlib.closing(sqlite3.connect(paths.database)) as database:
            tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master")}
        assert {"students", "courses"} <= tables
        records, damaged = MetricsLog.of_project(paths.root).read()
        assert (len(records), damaged) == (len(REQUESTS), 0)
    seconds = time.perf_counter() - begun
    print(  # noqa: T201  the figures of the documentation
        f"\n{PROJECTS} projects, {PROJECTS * len(REQUESTS)} requests in {seconds:.1f} s, "
        f"the first after {min(ended):.1f} s, at most {peak_mb():.0f} MB"
    )
    assert peak_mb() < MEMORY_LIMIT_MB


@pytest.mark.parametrize("remembers", [True, False], ids=["one cache", "no cache"])
def test_fifty_readers_of_one_recognizer_are_all_served(remembers: bool, tmp_path: Path) -> None:
    """Nobody waits for ever, nobody is left behind, and nobody gets the answer of another."""
    (tmp_path / "database").mkdir()
    recognizer = EntityRecognizer.of_project(tmp_path, cached=remembers)
    start = threading.Barrier(READERS, timeout=PATIENCE_S)
    done: Counter[int] = Counter()

    def read(number: int) -> tuple[set[str], float]:
        names = set()
        start.wait()
        begun = time.perf_counter()
        for turn in range(READINGS):
            text = text_of(number, turn)
            found = recognizer.recognize(text, SystemSpec())
            recognizer.remember(text, SystemSpec(), found)
            names |= {entity.name for entity in found.entities}
            done[number] += 1
        return names, time.perf_counter() - begun

    with ThreadPoolExecutor(READERS) as pool:
        found = list(pool.map(read, range(READERS), timeout=PATIENCE_S))
    notices = recognizer.close()
    assert [names for names, _ in found] == [{THINGS[n % len(THINGS)]} for n in range(READERS)]
    assert set(done.values()) == {READINGS}
    assert notices == ()
    times = sorted(seconds for _, seconds in found)
    print(  # noqa: T201  the figures of the documentation
        f"\n{READERS} readers, {READERS * READINGS} requests: all in {times[-1]:.2f} s, "
        f"the quickest reader {times[0]:.2f} s"
    )
    assert times[-1] < 5 * times[0] + 5.0, "the last reader was left behind"
