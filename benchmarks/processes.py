"""Whole processes, timed from outside, as a user waits for them."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.figure import Figure, median_seconds

__all__ = ["figures"]

SENTENCE = "Create a system to manage books with title, author and year"
SCHOOL = (
    "Create a system with students (name, unique email, birth date), courses (title, credits "
    "between 1 and 12) and teachers (name). Each course has one teacher. Students enroll in many "
    "courses."
)
BAES = Path(sys.executable).with_name("baes")
RUNS = 7


def figures() -> list[Figure]:
    """Interpret, request without and with servers, and the memory that a request takes."""
    return [
        Figure("interpret, whole process", _interpret(), "s", 0.15),
        Figure("request, one entity, no servers", _request(SENTENCE), "s", 2.0),
        Figure("request, three entities, no servers", _request(SCHOOL), "s", 2.0),
        Figure("request, one entity, to a healthy API", _request(SENTENCE, serve=True), "s", 3.0),
        Figure("peak memory of request", _peak_memory_mb(), "MB", 150),
    ]


def _interpret() -> float:
    command = [str(BAES), "interpret", SENTENCE, "--json"]
    return median_seconds(lambda: subprocess.run(command, check=True, capture_output=True), RUNS)


def _request(text: str, *, serve: bool = False) -> float:
    folders = [Path(tempfile.mkdtemp(prefix="baes-bench-")) for _ in range(RUNS)]
    waiting = iter(folders)
    options = ["--serve", "--api-port", "8193", "--ui-port", "8694"] if serve else []

    def run() -> None:
        folder = str(next(waiting))
        command = [str(BAES), "request", text, "--json", "--project", folder, *options]
        answer = subprocess.run(command, check=True, capture_output=True, text=True)
        assert json.loads(answer.stdout)["success"], answer.stdout

    try:
        if not serve:
            return median_seconds(run, RUNS)
        times = []
        for folder in folders:
            times.append(median_seconds(run, 1))
            subprocess.run(
                [str(BAES), "stop", "--project", str(folder)], check=True, capture_output=True
            )
        return sorted(times)[len(times) // 2]
    finally:
        for folder in folders:
            shutil.rmtree(folder, ignore_errors=True)


def _peak_memory_mb() -> float:
    """The largest resident size among the processes of one request, in a process of its own."""
    code = (
        "import resource, subprocess, sys\n"
        "subprocess.run(sys.argv[1:], check=True, capture_output=True)\n"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    with tempfile.TemporaryDirectory() as folder:
        command = [str(BAES), "request", SCHOOL, "--json", "--project", folder]
        measured = subprocess.run(
            [sys.executable, "-c", code, *command], check=True, capture_output=True, text=True
        )
    divisor = 1024**2 if sys.platform == "darwin" else 1024
    return int(measured.stdout) / divisor
