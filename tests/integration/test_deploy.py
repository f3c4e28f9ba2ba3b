"""Releases become the managed system wholly, or leave it as it was."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from baes.core.context_store import ContextStore
from baes.core.managed_system_manager import ManagedSystemManager, Release
from baes.core.manifest import read_manifest
from baes.core.project_paths import ProjectPaths
from baes.errors import GateFailed, NeedsConsent, ProjectDamaged, RequestFailed
from baes.spec.model import SystemSpec
from baes.spec.pipeline import Artifact
from tests.integration.releases import (
    add_student,
    consistent_request,
    copied,
    deploy,
    deploy_in_process,
    first,
    second,
    students,
    third,
)


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> ProjectPaths:
    paths = ProjectPaths(tmp_path_factory.mktemp("deployed") / "school")
    deploy(paths, first())
    add_student(paths, "Ada")
    return paths


@pytest.fixture
def project(deployed: ProjectPaths, tmp_path: Path) -> ProjectPaths:
    return copied(deployed, tmp_path / "school")


SQLITES_OWN = {".db-wal", ".db-shm"}


def tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts and path.suffix not in SQLITES_OWN
    }


def with_file(release: Release, path: str, content: str) -> Release:
    artifacts = tuple(
        dataclasses.replace(a, content=content) if a.path == path else a for a in release.artifacts
    )
    return dataclasses.replace(release, artifacts=artifacts)


def test_a_first_release_makes_a_whole_system(deployed: ProjectPaths) -> None:
    assert consistent_request(deployed) == "first"
    assert ManagedSystemManager(deployed).current().spec == first().spec


def test_rows_survive_later_releases_and_their_migrations(project: ProjectPaths) -> None:
    deploy(project, second())
    deploy(project, third())
    assert consistent_request(project) == "third"
    assert students(project) == ["Ada"]
    history = ContextStore(project).history()
    assert [(m.request_id, m.text) for m in history] == [
        ("first", "the request first"),
        ("second", "the request second"),
        ("third", "the request third"),
    ]


def test_only_files_that_change_are_written(project: ProjectPaths) -> None:
    before = {p: p.stat().st_mtime_ns for p in project.managed_system.rglob("*.py")}
    done = deploy(project, second())
    untouched = [p for p, time in before.items() if p.exists() and p.stat().st_mtime_ns == time]
    assert project.managed_system / "app/models/student.py" in untouched
    assert "app/models/course.py" in done.written
    assert "app/models/student.py" not in done.written


def test_a_release_that_cannot_be_imported_stops_at_the_gate(project: ProjectPaths) -> None:
    before = tree(project.root)
    with pytest.raises(GateFailed, match="no_such_module"):
        deploy(project, with_file(second(), "app/routes/__init__.py", "import no_such_module\n"))
    assert tree(project.root) == before


def test_a_release_that_ends_its_process_stops_at_the_gate(project: ProjectPaths) -> None:
    before = tree(project.root)
    with pytest.raises(GateFailed, match="was not tried"):
        deploy(project, with_file(second(), "app/routes/__init__.py", "import os\nos._exit(3)\n"))
    assert tree(project.root) == before


def test_a_release_that_answers_wrongly_stops_at_the_gate(project: ProjectPaths) -> None:
    content = "ROUTERS = ()\nENTITIES = {}\n"
    with pytest.raises(GateFailed, match="GET /api/courses answered 404"):
        deploy(project, with_file(second(), "app/routes/__init__.py", content))
    assert consistent_request(project) == "first"


def test_a_failed_first_release_leaves_no_system(tmp_path: Path) -> None:
    paths = ProjectPaths(tmp_path / "school")
    with pytest.raises(GateFailed):
        deploy(paths, with_file(first(), "app/database/schema.sql", "CREATE TABLE oops;\n"))
    assert consistent_request(paths) == ""
    assert set(tree(paths.root)) == {".baes/lock"}


def test_a_generated_file_edited_by_hand_is_not_replaced_without_consent(
    project: ProjectPaths,
) -> None:
    edited = project.managed_system / "app/routes/__init__.py"
    edited.write_text(edited.read_text() + "# mine\n")
    before = tree(project.root)
    with pytest.raises(NeedsConsent, match=r"app/routes/__init__\.py"):
        deploy(project, second())
    assert tree(project.root) == before
    manager = ManagedSystemManager(project)
    assert manager.stage(second(), overwrite_edits=True).written
    manager.recover()


def test_an_edit_where_nothing_changes_stays(project: ProjectPaths) -> None:
    edited = project.managed_system / "app/models/student.py"
    edited.write_text(edited.read_text() + "# mine\n")
    deploy(project, second())
    assert edited.read_text().endswith("# mine\n")
    assert consistent_request(project, edited=("app/models/student.py",)) == "second"


def test_a_file_that_a_person_made_is_not_replaced_without_consent(project: ProjectPaths) -> None:
    own = project.managed_system / "app/models/course.py"
    own.write_text("# my own course\n")
    with pytest.raises(NeedsConsent, match=r"app/models/course\.py"):
        deploy(project, second())
    assert own.read_text() == "# my own course\n"


def test_files_that_belong_to_people_are_written_once(project: ProjectPaths) -> None:
    own = next(a.path for a in first().artifacts if a.keep_existing)
    (project.managed_system / own).write_text("# mine\n")
    deploy(project, second())
    assert (project.managed_system / own).read_text() == "# mine\n"
    assert own not in read_manifest(project).files


def test_a_removed_file_goes_with_its_folder_and_its_bytecode(project: ProjectPaths) -> None:
    extra = Artifact("app/extra/thing.py", "X = 1\n", "BackendSWEA", "routes", "t", "1")
    deploy(project, dataclasses.replace(second(), artifacts=(*second().artifacts, extra)))
    assert (project.managed_system / "app/extra/thing.py").exists()
    gone = dataclasses.replace(third(), removed_paths=("app/extra/thing.py",))
    assert deploy(project, gone).removed == ("app/extra/thing.py",)
    assert not (project.managed_system / "app/extra").exists()
    assert "app/extra/thing.py" not in read_manifest(project).files


@pytest.mark.parametrize("path", ["../out.py", "/etc/out.py", "app/../../out.py", "app\\..\\x"])
def test_a_path_out_of_the_system_is_refused(path: str) -> None:
    artifact = Artifact(path, "", "BackendSWEA", "routes", "t", "1")
    with pytest.raises(RequestFailed, match="stay within"):
        Release(0, "x", SystemSpec(), (artifact,))


@pytest.mark.parametrize("request_id", ["", "..", "a/b", "a b"])
def test_a_request_id_that_is_no_folder_name_is_refused(request_id: str) -> None:
    with pytest.raises(RequestFailed, match="id of a request"):
        Release(0, request_id, SystemSpec(), ())


@pytest.mark.parametrize("damage", [b"", b"{", b'{"checksum": "0", "memory": {}}', None])
def test_a_damaged_memory_is_replaced_by_the_last_good_one(
    project: ProjectPaths, damage: bytes | None
) -> None:
    if damage is None:
        project.context_store.unlink()
    else:
        project.context_store.write_bytes(damage)
    (notice,) = ManagedSystemManager(project).recover().notices
    assert "last good version (1) is used" in str(notice)
    assert consistent_request(project) == "first"


def test_the_history_stands_in_when_the_database_is_gone_too(project: ProjectPaths) -> None:
    project.context_store.unlink()
    project.database.unlink()
    assert ManagedSystemManager(project).current().spec == first().spec


def test_a_lost_memory_is_a_clear_stop_and_never_an_empty_system(project: ProjectPaths) -> None:
    for path in (project.context_store, project.database, project.history):
        path.unlink()
    with pytest.raises(ProjectDamaged, match="memory of the project"):
        ManagedSystemManager(project).current()


def test_a_copied_project_evolves_on_its_own(project: ProjectPaths, tmp_path: Path) -> None:
    other = copied(project, tmp_path / "elsewhere")
    deploy(other, second())
    assert consistent_request(other) == "second"
    assert consistent_request(project) == "first"


def test_a_folder_that_cannot_be_made_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(RequestFailed, match="a part of the path is a file"):
        deploy(ProjectPaths(tmp_path / "file" / "school"), first())


@pytest.mark.parametrize("limit_bytes", [1_000, 20_000])
def test_a_full_disk_is_a_clear_error_and_changes_nothing(
    project: ProjectPaths, tmp_path: Path, limit_bytes: int
) -> None:
    before = tree(project.root)
    said = deploy_in_process(project, second(), tmp_path, BAES_TEST_LIMIT=str(limit_bytes))
    assert said.startswith("refused: "), said
    assert tree(project.root) == before
    deploy(project, second())
    assert consistent_request(project) == "second"
