"""The journal of a deploy: what must be moved where once the database has committed.

It is written, with all that it names, before the commit. After it, moving files is all that is
left to do, which needs no room on the disk and can be repeated: what was moved is no longer in
the staging folder.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from baes.core.context_store import ContextStore, unseal
from baes.core.crash_points import crash_point
from baes.core.durable_files import sync_folder, write_atomically
from baes.core.project_paths import ProjectPaths
from baes.errors import ProjectDamaged

__all__ = ["Journal", "clear_journal", "read_journal", "roll_forward", "write_journal"]

JOURNAL_FORMAT = 1
STAGED_MANIFEST = "manifest.json"
STAGED_MEMORY = "context_store.json"


@dataclass(frozen=True, slots=True)
class Journal:
    """One deploy."""

    request_id: str
    fresh_database: bool
    """There was no database before; a half-made one is thrown away."""
    written: tuple[str, ...]
    """Files to move from staging, relative to the managed system."""
    removed: tuple[str, ...]
    """Generated files to delete, relative to the managed system."""


def write_journal(paths: ProjectPaths, journal: Journal) -> None:
    """Announce a deploy."""
    data = {"format": JOURNAL_FORMAT, **asdict(journal)}
    write_atomically(paths.journal, json.dumps(data).encode())


def read_journal(paths: ProjectPaths) -> Journal | None:
    """The deploy that was announced and not finished, if there is one.

    Raises:
        ProjectDamaged: The file can't be read.
    """
    try:
        data = json.loads(paths.journal.read_bytes())
        if data.pop("format") != JOURNAL_FORMAT:
            raise ValueError("it was written by a newer version of baes")
        return Journal(
            request_id=data["request_id"],
            fresh_database=data["fresh_database"],
            written=tuple(data["written"]),
            removed=tuple(data["removed"]),
        )
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError) as error:
        raise ProjectDamaged.of("core.error.journal", path=paths.journal, cause=error) from error


def clear_journal(paths: ProjectPaths) -> None:
    """The deploy is finished, one way or the other."""
    if paths.journal.exists():
        paths.journal.unlink()
        sync_folder(paths.private)


def roll_forward(paths: ProjectPaths, journal: Journal) -> None:
    """Finish a deploy whose row the database has; may be repeated.

    Raises:
        ProjectDamaged: A file is neither in the staging folder nor in its place.
    """
    staging = paths.staging(journal.request_id)
    _move_files(paths, journal, staging)
    crash_point("files_moved")
    memory = staging / STAGED_MEMORY
    if memory.exists():
        remembered = unseal(memory.read_bytes())
        if remembered is None:
            raise ProjectDamaged.of("core.error.staged_memory", path=memory)
        ContextStore(paths).append_history(remembered)
        crash_point("history_appended")
    _move(staging / STAGED_MANIFEST, paths.manifest)
    crash_point("manifest_moved")
    _move(memory, paths.context_store)
    sync_folder(paths.manifest.parent)
    sync_folder(paths.context_store.parent)
    crash_point("memory_moved")
    clear_journal(paths)


def _move_files(paths: ProjectPaths, journal: Journal, staging: Path) -> None:
    folders: set[Path] = set()
    for path in journal.written:
        target = paths.managed_system / path
        _move(staging / "files" / path, target)
        _replace_bytecode(target, staging / "tree" / path)
        folders.add(target.parent)
        crash_point(f"moved:{path}")
    for path in journal.removed:
        target = paths.managed_system / path
        target.unlink(missing_ok=True)
        _replace_bytecode(target, staging / "tree" / path)
        _remove_empty_folders(target.parent, paths.managed_system)
    for folder in folders:
        sync_folder(folder)


def _move(source: Path, target: Path) -> None:
    if source.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        source.replace(target)
    elif not target.exists():
        raise ProjectDamaged.of("core.error.staged_file", path=target)


def _replace_bytecode(target: Path, checked: Path) -> None:
    """Leave no compiled form of the old text behind, and take over the gate's of the new one.

    Python knows a fresh ``.pyc`` by the size of the source and the second of its last change, so
    two releases within one second could otherwise run each other's code.
    """
    for old in list(_bytecode(target)):
        old.unlink(missing_ok=True)
    for new in list(_bytecode(checked)):
        folder = target.parent / "__pycache__"
        folder.mkdir(exist_ok=True)
        new.replace(folder / new.name)


def _bytecode(source: Path) -> Iterator[Path]:
    if source.suffix == ".py":
        yield from (source.parent / "__pycache__").glob(f"{source.stem}.*.pyc")


def _remove_empty_folders(folder: Path, top: Path) -> None:
    while folder != top and folder.is_dir():
        rest = [p for p in folder.iterdir() if p.name != "__pycache__"]
        if rest:
            return
        for leftover in folder.glob("__pycache__/*"):
            leftover.unlink()
        (folder / "__pycache__").rmdir() if (folder / "__pycache__").exists() else None
        folder.rmdir()
        folder = folder.parent
