"""A release: one version of the managed system, from its making to its being the current one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from baes.core.context_store import Memory
from baes.errors import RequestFailed
from baes.spec.custom import CustomPart
from baes.spec.model import SystemSpec
from baes.spec.pipeline import Artifact

__all__ = ["Release", "StagedRelease", "checked_path"]

_REQUEST_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")


@dataclass(frozen=True, slots=True)
class Release:
    """What a request makes of the system.

    Raises:
        RequestFailed: The request's id can't be the name of a folder, a path leads out of the
            managed system, or the specification is of another version.
    """

    version: int
    request_id: str
    spec: SystemSpec
    artifacts: tuple[Artifact, ...]
    removed_paths: tuple[str, ...] = ()
    """Generated files that the new system has no more, relative to the managed system."""
    rewritten: tuple[Artifact, ...] = ()
    """People's own files that a rename changes, by their consent; they stay people's own."""
    renamed_paths: tuple[str, ...] = ()
    """People's own files that have got another name."""
    summary: tuple[str, ...] = ()
    text: str = ""
    """The request in the user's words."""
    changes: tuple[Mapping[str, Any], ...] = ()
    """The changes as JSON values."""
    vocabulary: Mapping[str, Any] = field(default_factory=dict)
    created_at: str = ""
    """When, as an ISO 8601 text in UTC."""
    undoes: tuple[str, ...] = ()
    """Ids of the requests that it takes back."""
    custom: tuple[CustomPart, ...] = ()
    """All parts that no template expresses, as they are from then on."""

    def __post_init__(self) -> None:
        """Refuse what could write outside of the system."""
        if not _REQUEST_ID.fullmatch(self.request_id):
            raise RequestFailed(f"{self.request_id!r} can't be the id of a request")
        if self.version != self.spec.version:
            raise RequestFailed(f"version {self.version} has the system of {self.spec.version}")
        files = (*self.artifacts, *self.rewritten)
        for path in (*(a.path for a in files), *self.removed_paths, *self.renamed_paths):
            checked_path(path)

    @property
    def memory(self) -> Memory:
        """What is remembered once the release is the current one."""
        return Memory(
            spec=self.spec,
            request_id=self.request_id,
            created_at=self.created_at,
            text=self.text,
            summary=self.summary,
            changes=self.changes,
            vocabulary=self.vocabulary,
            undoes=self.undoes,
            custom=self.custom,
        )


@dataclass(frozen=True, slots=True)
class StagedRelease:
    """A release whose files are written, beside the current ones."""

    release: Release
    old: SystemSpec
    """The system that it is a change of."""
    folder: Path
    """Holds ``files`` (what changes) and, at the gate, ``tree`` (the whole application)."""
    written: tuple[str, ...]
    """Files that differ from the current ones, relative to the managed system."""
    removed: tuple[str, ...]
    owned: Mapping[str, str]
    """All generated files of the new system: path -> hash."""

    @property
    def files(self) -> Path:
        """The folder of the changed files."""
        return self.folder / "files"

    @property
    def tree(self) -> Path:
        """The folder of the whole application as it will be."""
        return self.folder / "tree"


def checked_path(path: str) -> str:
    """The path, if it stays within the managed system.

    Raises:
        RequestFailed: It is absolute, climbs, or names the database.
    """
    pure = PurePosixPath(path)
    climbs = pure.is_absolute() or ".." in pure.parts or "\\" in path or ":" in path
    if climbs or not pure.parts or pure.name.startswith("baes_system.db"):
        raise RequestFailed.of("core.error.outside", path=path)
    return path
