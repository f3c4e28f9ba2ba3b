"""Which files of the managed system BAES made, and what was in them.

A file whose hash differs from the one noted here was edited by a person; one that isn't noted is
a person's own.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from baes.core.project_paths import ProjectPaths
from baes.errors import ProjectDamaged
from baes.spec.pipeline import Artifact

__all__ = ["Manifest", "manifest_to_bytes", "outdated_paths", "read_manifest"]

MANIFEST_FORMAT = 1
STAYING = (
    "app/database/migrations/versions/",
    "app/database/derivations.py",
    "app/rule_values.py",
)
"""Revisions, each of which was made for its own release, and what they may need."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """The generated files of the release that lies in the folder."""

    request_id: str = ""
    """Empty: nothing was ever deployed."""
    version: int = 0
    files: Mapping[str, str] = field(default_factory=dict)
    """Path relative to the managed system -> hash of what was generated."""
    generator: str = ""
    """The version of the generator that made them; empty: it did not say so yet."""


def read_manifest(paths: ProjectPaths) -> Manifest:
    """The manifest of what lies in the folder; an empty one before the first deploy.

    Raises:
        ProjectDamaged: The file can't be read.
    """
    try:
        data: dict[str, Any] = json.loads(paths.manifest.read_bytes())
        if data["format"] != MANIFEST_FORMAT:
            raise ValueError(f"format {data['format']!r}")
        generator = data.get("generator", "")
        return Manifest(data["request_id"], data["version"], data["files"], generator)
    except FileNotFoundError:
        return Manifest()
    except (ValueError, KeyError, TypeError) as error:
        raise ProjectDamaged.of("core.error.manifest", path=paths.manifest, cause=error) from error


def outdated_paths(manifest: Manifest, artifacts: Iterable[Artifact]) -> tuple[str, ...]:
    """Files that another version of the generator made, and that are made no more."""
    written = {artifact.path for artifact in artifacts}
    return tuple(p for p in manifest.files if p not in written and not p.startswith(STAYING))


def manifest_to_bytes(manifest: Manifest) -> bytes:
    """The file's content."""
    data = {
        "format": MANIFEST_FORMAT,
        "request_id": manifest.request_id,
        "version": manifest.version,
        "generator": manifest.generator,
        "files": dict(sorted(manifest.files.items())),
    }
    return (json.dumps(data, indent=1) + "\n").encode()
