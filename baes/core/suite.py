"""The managed system's own tests, run in the background after each deploy.

The gate before a deploy is bounded to about a second; the whole suite is not. It runs in a process
of its own at the lowest priority, one at a time: a newer deploy ends it. What became of it is
noted in a file that ``baes status`` shows.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from baes.core.durable_files import write_atomically
from baes.core.processes import end_process, spawn_detached, started_at
from baes.core.project_paths import ProjectPaths

__all__ = ["Suite", "SuiteNote", "background_suite_is_on", "read_note", "write_note"]

VARIABLE = "BAES_BACKGROUND_TESTS"
MODULE = "baes.core.suite_process"
_OFF = {"0", "false", "no", "off"}


@dataclass(frozen=True, slots=True)
class SuiteNote:
    """One run of the suite."""

    request_id: str
    """The release that is tested."""
    state: Literal["running", "passed", "failed", "stopped"]
    """``stopped``: it was ended before it could tell, or could not run."""
    pid: int = 0
    project: str = ""
    """Its folder: the note of a copied project tells of somebody else's process."""
    started: str = ""
    """When its process was started, in the system's own words."""
    passed: int = 0
    failed: int = 0
    failures: tuple[str, ...] = ()
    """Names of tests that failed, the first ones."""
    seconds: float = 0.0


class Suite:
    """Runs the suite of one project in the background.

    Args:
        paths: The project.
        is_on: Whether to; a switch for machines with better things to do.
    """

    def __init__(self, paths: ProjectPaths, *, is_on: bool) -> None:
        self._paths = paths
        self._is_on = is_on

    def start(self, request_id: str) -> None:
        """Test the release that a request made, in place of any that is being tested.

        Raises:
            OSError: The project can't be written.
        """
        self.stop()
        if not self._is_on:
            self._paths.suite.unlink(missing_ok=True)  # what it says is about another release
            return
        if not (self._paths.managed_system / "tests").is_dir():
            return
        command = [sys.executable, "-P", "-m", MODULE, "--project", str(self._paths.root)]
        self._paths.logs.mkdir(parents=True, exist_ok=True)
        with (self._paths.logs / "tests.log").open("wb") as log:
            process = spawn_detached(
                [*command, "--request-id", request_id], output=log, env=_environment()
            )
        started = started_at(process.pid) or ""
        note = SuiteNote(request_id, "running", process.pid, str(self._paths.root), started)
        write_note(self._paths, note)

    def stop(self) -> bool:
        """End a run; gives whether there was one."""
        note = read_note(self._paths)
        if note is None or note.state != "running":
            return False
        ours = note.project == str(self._paths.root)
        lived = ours and end_process(note.pid, note.started)
        write_note(self._paths, SuiteNote(note.request_id, "stopped"))
        return lived

    def result(self, request_id: str) -> SuiteNote | None:
        """What became of the tests of a release, if they were run."""
        note = read_note(self._paths)
        if note is None or note.request_id != request_id:
            return None
        ours = note.project == str(self._paths.root)
        if note.state == "running" and not (ours and started_at(note.pid) == note.started):
            return SuiteNote(request_id, "stopped")
        return note


def background_suite_is_on(environment: Mapping[str, str]) -> bool:
    """Whether the environment lets the suite run after each deploy."""
    return environment.get(VARIABLE, "").strip().lower() not in _OFF


def read_note(paths: ProjectPaths) -> SuiteNote | None:
    """The note of the last run; a damaged one is as good as none, it can be made again."""
    with contextlib.suppress(OSError, ValueError, TypeError):
        body = json.loads(paths.suite.read_bytes())
        return SuiteNote(**body | {"failures": tuple(body["failures"])})
    return None


def write_note(paths: ProjectPaths, note: SuiteNote) -> None:
    """Note how a run goes."""
    write_atomically(paths.suite, json.dumps(asdict(note)).encode())


def _environment() -> dict[str, str]:
    root = str(Path(__file__).parents[2])
    search = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(search)}
