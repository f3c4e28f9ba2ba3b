"""A process killed at any moment leaves, at the next command, the old system or the new one."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from baes.core.managed_system_manager import ManagedSystemManager
from baes.core.project_lock import project_lock
from baes.core.project_paths import ProjectPaths
from tests.integration.killing import KillCase, Populated, killed, populate
from tests.integration.releases import (
    add_student,
    consistent_request,
    copied,
    deploy,
    deploy_in_process,
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
RANDOM_KILLS = int(os.environ.get("BAES_SOAK_KILLS", "20"))
"""`make soak` sets more."""


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


@pytest.fixture(scope="module")
def populated(tmp_path_factory: pytest.TempPathFactory) -> Populated:
    return populate(tmp_path_factory.mktemp("populated"))


@pytest.mark.skipif(sys.platform != "linux", reason="children are found in /proc")
@pytest.mark.parametrize("seed", range(RANDOM_KILLS))
def test_a_process_killed_at_a_random_moment_leaves_the_old_system_or_the_new_one(
    populated: Populated, tmp_path: Path, seed: int
) -> None:
    killed(KillCase.of(seed), populated, tmp_path)
