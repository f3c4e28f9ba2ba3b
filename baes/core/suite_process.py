"""The process that runs a managed system's tests: ``python -m baes.core.suite_process``."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
import time
from pathlib import Path

from baes.core.processes import started_at
from baes.core.project_paths import ProjectPaths
from baes.core.suite import SuiteNote, read_note, write_note

__all__ = ["main"]

LOWEST_PRIORITY = 19
FAILURES_SHOWN = 10
NOTE_TIMEOUT_S = 5.0


class Outcomes:
    """A pytest plugin that counts."""

    def __init__(self) -> None:
        self.passed = 0
        self.failures: dict[str, None] = {}

    def pytest_runtest_logreport(self, report: object) -> None:
        """Take one report: a test has up to three, and one that fails counts once."""
        outcome, name = getattr(report, "outcome", ""), getattr(report, "nodeid", "")
        if outcome == "failed":
            self.failures[name] = None
        elif outcome == "passed" and getattr(report, "when", "") == "call":
            self.passed += 1


def main(arguments: list[str] | None = None) -> None:
    """Run the tests, and note what became of them."""
    parser = argparse.ArgumentParser(prog="baes.core.suite_process")
    parser.add_argument("--project", type=Path, required=True)
    parser.add_argument("--request-id", required=True)
    options = parser.parse_args(arguments)
    with contextlib.suppress(AttributeError):  # Windows has no priorities of this kind
        os.nice(LOWEST_PRIORITY)
    paths = ProjectPaths(options.project)
    sys.dont_write_bytecode = True  # a deploy replaces compiled files at the same time
    os.chdir(paths.managed_system)
    sys.path.insert(0, str(paths.managed_system))
    import pytest

    outcomes, begun = Outcomes(), time.monotonic()
    status = pytest.main(["-q", "-p", "no:cacheprovider"], plugins=[outcomes])
    note = SuiteNote(
        request_id=options.request_id,
        state="passed" if status == 0 else "failed",
        passed=outcomes.passed,
        failed=len(outcomes.failures),
        failures=tuple(outcomes.failures)[:FAILURES_SHOWN],
        seconds=round(time.monotonic() - begun, 1),
    )
    _finish(paths, note)


def _finish(paths: ProjectPaths, note: SuiteNote) -> None:
    """Note the outcome, unless the run was ended or another one has taken its place."""
    me, deadline = os.getpid(), time.monotonic() + NOTE_TIMEOUT_S
    while time.monotonic() < deadline:
        known = read_note(paths)
        if known is not None and (known.pid, known.started) == (me, started_at(me)):
            write_note(paths, note)
            return
        time.sleep(0.05)  # the command that started this process may not have noted it yet


if __name__ == "__main__":
    main()
