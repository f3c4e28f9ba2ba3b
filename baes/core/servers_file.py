"""Which processes serve a project, noted so that another shell finds them.

The note names the folder that it was written for: a copied project does not obey the note of the
original, and a moved one knows that its servers still look at the old place.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from baes.core.durable_files import write_atomically
from baes.core.project_paths import ProjectPaths

__all__ = ["ServerNote", "ServersNote", "read_servers", "write_servers"]

API_PORT = 8100
UI_PORT = 8600


@dataclass(frozen=True, slots=True)
class ServerNote:
    """One process."""

    pid: int
    started: str
    """With the pid it names one process for good."""
    port: int
    control_port: int = 0
    token: str = ""


@dataclass(frozen=True, slots=True)
class ServersNote:
    """The processes of one project."""

    api: ServerNote | None = None
    ui: ServerNote | None = None
    moved: bool = False
    """They were started where the project lay before."""

    def ports(self, api_port: int | None, ui_port: int | None) -> tuple[int, int]:
        """(the API's port, the pages'): wanted, else in use, else the usual."""
        return (
            api_port or (self.api.port if self.api else API_PORT),
            ui_port or (self.ui.port if self.ui else UI_PORT),
        )


def read_servers(paths: ProjectPaths) -> ServersNote:
    """What is noted for this folder; nothing when the note is another folder's or damaged."""
    try:
        data = json.loads(paths.servers.read_bytes())
        same_place = data["project"] == str(paths.root.resolve())
        if not same_place and data["folder"] != _folder_id(paths):
            return ServersNote()
        return ServersNote(_note(data["api"]), _note(data["ui"]), moved=not same_place)
    except (OSError, ValueError, KeyError, TypeError):
        # What can't be read names no process; at worst a port is found taken, and that is said.
        return ServersNote()


def write_servers(paths: ProjectPaths, servers: ServersNote) -> None:
    """Note the processes; the file holds a token, so it is the user's alone."""
    if servers.api is None and servers.ui is None:
        paths.servers.unlink(missing_ok=True)
        return
    data = {
        "project": str(paths.root.resolve()),
        "folder": _folder_id(paths),
        "api": servers.api and asdict(servers.api),
        "ui": servers.ui and asdict(servers.ui),
    }
    write_atomically(paths.servers, json.dumps(data, indent=1).encode(), private=True)


def _folder_id(paths: ProjectPaths) -> list[int]:
    status = paths.root.stat()
    return [status.st_dev, status.st_ino]


def _note(data: Mapping[str, Any] | None) -> ServerNote | None:
    return ServerNote(**data) if data else None
