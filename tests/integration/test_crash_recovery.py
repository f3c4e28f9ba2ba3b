"""A process killed at any moment leaves, at the next command, the old system or the new one."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from baes.core.managed_system_manager import ManagedSystemManager
from baes.core.processes import end_process, started_at
from baes.core.project_lock import project_lock
from baes.core.project_paths import ProjectPaths
from tests.integration.releases import (
    add_student,
    consistent_request,
    copied,
    deploy,
    deploy_in_process,
    deploying,
    first,
    second,
    students,
)

BEFORE_THE_COMMIT = ("staged", "migrating", "journalled", "prepared", "deciding")
AFTER_THE_COMMIT = (
    "committed",
    "decided",
    "moved:app/main.py",
    "files_moved",
    "history_appended",
    "manifest_moved",
    "memory_moved",
)
RANDOM_KILLS = 16


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> ProjectPaths:
    paths = ProjectPaths(tmp_path_factory.mktemp("deployed") / "school")
    deploy(paths, first())
    add_student(paths, "Ada")
    return paths


def recovered(paths: ProjectPaths) -> str:
    with project_lock(paths, timeout_s=20):
        ManagedSystemManager(paths).recover()
    return consistent_request(paths)


@pytest.mark.parametrize("moment", [*BEFORE_THE_COMMIT, *AFTER_THE_COMMIT])
def test_a_first_deploy_killed_at_a_step_leaves_all_or_nothing(tmp_path: Path, moment: str) -> None:
    paths = ProjectPaths(tmp_path / "school")
    deploy_in_process(paths, first(), tmp_path, BAES_CRASH_AT=moment)
    assert recovered(paths) == ("first" if moment in AFTER_THE_COMMIT else "")


@pytest.mark.parametrize(
    "moment",
    ["journalled", "prepared", "deciding", "committed", "moved:app/routes/__init__.py"],
)
def test_an_evolution_killed_at_a_step_is_the_old_system_or_the_new_one(
    deployed: ProjectPaths, tmp_path: Path, moment: str
) -> None:
    paths = copied(deployed, tmp_path / "school")
    deploy_in_process(paths, second(), tmp_path, BAES_CRASH_AT=moment)
    after = moment == "committed" or moment.startswith("moved:")
    assert recovered(paths) == ("second" if after else "first")
    assert students(paths) == ["Ada"]


def test_after_a_crash_the_next_request_works(tmp_path: Path) -> None:
    paths = ProjectPaths(tmp_path / "school")
    deploy_in_process(paths, first(), tmp_path, BAES_CRASH_AT="prepared")
    deploy(paths, first())
    deploy_in_process(paths, second(), tmp_path, BAES_CRASH_AT="files_moved")
    assert recovered(paths) == "second"


@pytest.mark.skipif(sys.platform != "linux", reason="children are found in /proc")
@pytest.mark.parametrize("seed", range(RANDOM_KILLS))
def test_a_process_killed_at_a_random_moment_leaves_the_old_system_or_the_new_one(
    deployed: ProjectPaths, tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311  the same moments in every run
    paths = copied(deployed, tmp_path / "school")
    with deploying(paths, second(), tmp_path) as command:
        worker = _kill_some_time(command, chance)
    try:
        assert recovered(paths) in ("first", "second")
        assert students(paths) == ["Ada"]
    finally:
        end_process(*worker)


def _kill_some_time(command: subprocess.Popen[str], chance: random.Random) -> tuple[int, str]:
    """Kill the command or its worker, mostly while it deploys; gives who the worker is."""
    assert command.stdout is not None
    if chance.random() < 0.8:
        command.stdout.readline()
        delay_s = chance.uniform(0, 0.12)
    else:
        delay_s = chance.uniform(0.2, 1.0)
    time.sleep(delay_s)  # the moment itself is what is tested
    worker = _child_of(command.pid)
    started = started_at(worker) or ""
    victim = worker if worker and chance.random() < 0.3 else command.pid
    with contextlib.suppress(ProcessLookupError):
        os.kill(victim, signal.SIGKILL)
    return worker, started


def _child_of(pid: int) -> int:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except FileNotFoundError:  # the process has ended
        return 0
    return int(children[0]) if children else 0
