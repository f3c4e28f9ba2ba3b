"""Preparing a release beside the running one: what would change, and the tree to try it in."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

from baes.core.crash_points import crash_point
from baes.core.durable_files import file_errors_explained, sha256_of, sync_folder, write_synced
from baes.core.hand_edits import edits_question
from baes.core.manifest import read_manifest
from baes.core.project_paths import ProjectPaths
from baes.core.release import Release, StagedRelease
from baes.spec.model import SystemSpec
from baes.spec.pipeline import Artifact
from baes.texts import Message

__all__ = ["build_tree", "discard_staging", "stage_release"]

REMOVAL_ATTEMPTS = 20


def stage_release(
    paths: ProjectPaths,
    release: Release,
    old: SystemSpec,
    *,
    overwrite_edits: bool,
    originals: Callable[[], Mapping[str, str]],
) -> StagedRelease:
    """Write the files that change into the request's staging folder.

    Args:
        paths: The project.
        release: What a request makes of the system.
        old: The system that it is a change of.
        overwrite_edits: Files that a person edited may be replaced.
        originals: Gives path -> generated content of the present release, to compare edits with.

    Raises:
        NeedsOverwrite: A file that would change was edited, or made, by a person.
        RequestFailed: The folder can't be written.
    """
    known = read_manifest(paths).files
    changed, edited = _compare(paths.managed_system, release, known)
    removed, edited_too = _removals(paths.managed_system, release, known)
    if (edited or edited_too) and not overwrite_edits:
        found = sorted((*edited, *edited_too))
        raise edits_question(paths.managed_system, found, originals=originals(), known=known)
    owned = {p: h for p, h in known.items() if p not in release.removed_paths}
    owned |= {a.path: sha256_of(_bytes(a)) for a in release.artifacts if not a.keep_existing}
    changed += release.rewritten
    staged = StagedRelease(
        release=release,
        old=old,
        folder=paths.staging(release.request_id),
        written=tuple(a.path for a in changed),
        removed=(*removed, *release.renamed_paths),
        owned=owned,
    )
    _write(staged, changed)
    crash_point("staged")
    return staged


def build_tree(paths: ProjectPaths, staged: StagedRelease) -> None:
    """Lay out the application as it will be: links to what stays, and what changes over it."""
    with file_errors_explained(Message.of("core.file.staging")):
        gone = {*staged.written, *staged.removed}
        current = paths.managed_system / "app"
        for folder, _, names in os.walk(current):
            inside = Path(folder).relative_to(paths.managed_system)
            (staged.tree / inside).mkdir(parents=True, exist_ok=True)
            for name in names:
                if _belongs_to_tree(inside / name, gone):
                    _link(Path(folder) / name, staged.tree / inside / name)
        for path in staged.written:
            if path.startswith("app/"):
                (staged.tree / path).parent.mkdir(parents=True, exist_ok=True)
                _link(staged.files / path, staged.tree / path)


def discard_staging(paths: ProjectPaths) -> None:
    """Remove everything that was staged; only the holder of the project's lock may.

    A gate whose command has died may still write a compiled file into a folder while it is being
    removed; that gate ends within a moment.
    """
    folder = paths.private / "staging"
    for _ in range(REMOVAL_ATTEMPTS):
        with contextlib.suppress(FileNotFoundError):
            try:
                shutil.rmtree(folder)
            except OSError as error:
                if error.errno != errno.ENOTEMPTY:
                    raise
                continue
        return


def _compare(
    system: Path, release: Release, known: Mapping[str, str]
) -> tuple[list[Artifact], list[str]]:
    changed: list[Artifact] = []
    edited: list[str] = []
    for artifact in release.artifacts:
        current = _hash_of(system / artifact.path)
        new = sha256_of(_bytes(artifact))
        if current is None:
            changed.append(artifact)
        elif artifact.keep_existing or new in (current, known.get(artifact.path)):
            continue  # people's own, the same already, or edited where nothing changes
        else:
            changed.append(artifact)
            if current != known.get(artifact.path):
                edited.append(artifact.path)
    return changed, edited


def _removals(
    system: Path, release: Release, known: Mapping[str, str]
) -> tuple[tuple[str, ...], list[str]]:
    present = {p: _hash_of(system / p) for p in release.removed_paths if p in known}
    removed = tuple(path for path, current in present.items() if current is not None)
    return removed, [path for path in removed if present[path] != known[path]]


def _write(staged: StagedRelease, changed: list[Artifact]) -> None:
    with file_errors_explained(Message.of("core.file.staging")):
        staged.files.mkdir(parents=True, exist_ok=True)
        for artifact in changed:
            write_synced(staged.files / artifact.path, _bytes(artifact))
        for folder, _, _ in os.walk(staged.files):
            sync_folder(Path(folder))


def _belongs_to_tree(path: Path, gone: set[str]) -> bool:
    source = path
    if path.parent.name == "__pycache__":
        source = path.parent.parent / f"{path.name.split('.')[0]}.py"
    return source.as_posix() not in gone and not path.name.startswith("baes_system.db")


def _link(source: Path, target: Path) -> None:
    try:
        target.hardlink_to(source)
    except OSError:  # a file system without links
        shutil.copy2(source, target)


def _hash_of(path: Path) -> str | None:
    try:
        return sha256_of(path.read_bytes())
    except FileNotFoundError:
        return None


def _bytes(artifact: Artifact) -> bytes:
    return artifact.content.encode("utf-8")
