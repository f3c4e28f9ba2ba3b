"""``baes doctor``: what is configured, reachable, and wrong, with the mend."""

from __future__ import annotations

import argparse
import importlib.metadata
import os
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from baes.cli.output import print_json, print_text
from baes.cli.ports import add_port_arguments
from baes.core.managed_system_manager import ManagedSystemManager
from baes.core.project_paths import ProjectPaths
from baes.core.server_supervisor import ServerSupervisor, port_is_free
from baes.datafiles import PACKAGE
from baes.errors import BaesError

__all__ = ["add_arguments", "run"]

ENOUGH_DISK_MB = 100


@dataclass(frozen=True, slots=True)
class _Check:
    """One thing that was looked at."""

    name: str
    state: Literal["ok", "note", "wrong"]
    found: str
    mend: str = ""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add_port_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Look at everything; 1 if something is wrong."""
    checks = list(_checks(options))
    wrong = [check for check in checks if check.state == "wrong"]
    if options.json:
        listed = [{key: getattr(check, key) for key in _Check.__slots__} for check in checks]
        print_json({"success": not wrong, "checks": listed})
    else:
        for check in checks:
            print_text(f"{check.state:<6} {check.name:<16} {check.found}")
            if check.mend:
                print_text(f"{'':<24}{check.mend}")
    return 1 if wrong else 0


def _checks(options: argparse.Namespace) -> Iterator[_Check]:
    paths = ProjectPaths(options.project)
    yield _Check("python", "ok", f"{sys.version.split()[0]} in {sys.prefix}")
    yield from _packages()
    yield _folder(paths.root)
    yield _disk(paths.root)
    yield _system(paths)
    yield from _servers(paths, options)
    yield _model()


def _packages() -> Iterator[_Check]:
    """Whether each dependency is there in the version that is asked for."""
    lists = sorted((PACKAGE / "dependencies").glob("*.txt"))
    lines = [line for path in lists for line in path.read_text(encoding="utf-8").splitlines()]
    found: list[str] = []
    for name, least in re.findall(r"^([\w-]+)>=([\d.]+)", "\n".join(lines), re.MULTILINE):
        try:
            version = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            yield _Check(
                "packages", "wrong", f"{name} is missing", f"pip install '{name}>={least}'"
            )
            continue
        if _numbers(version) < _numbers(least):
            mend = f"pip install '{name}>={least}'"
            yield _Check("packages", "wrong", f"{name} {version} is too old", mend)
        found.append(f"{name} {version}")
    yield _Check("packages", "ok", ", ".join(found))


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version)[:3])


def _folder(root: Path) -> _Check:
    existing = next(folder for folder in (root, *root.parents) if folder.exists())
    if not existing.is_dir():
        return _Check("project", "wrong", f"{existing} is a file", "choose another with --project")
    if not os.access(existing, os.W_OK):
        mend = "choose another folder with --project"
        return _Check("project", "wrong", f"{existing} can't be written to", mend)
    return _Check("project", "ok", str(root) if root.exists() else f"{root} (not made yet)")


def _disk(root: Path) -> _Check:
    existing = next(folder for folder in (root, *root.parents) if folder.exists())
    free_mb = shutil.disk_usage(existing).free // 2**20
    if free_mb < ENOUGH_DISK_MB:
        return _Check("disk", "wrong", f"{free_mb} MB are free", "free some space")
    return _Check("disk", "ok", f"{free_mb} MB are free")


def _system(paths: ProjectPaths) -> _Check:
    try:
        memory = ManagedSystemManager(paths).current()
    except BaesError as error:
        return _Check("system", "wrong", error.what, error.next)
    if paths.journal.exists():
        mend = "the next request finishes it or takes it back"
        return _Check("system", "note", "an earlier command was cut off", mend)
    if not memory.spec.entities:
        return _Check("system", "note", "none yet", 'baes request "Create a system to manage …"')
    names = ", ".join(entity.name for entity in memory.spec)
    return _Check("system", "ok", f"version {memory.spec.version} with {names}")


def _servers(paths: ProjectPaths, options: argparse.Namespace) -> Iterator[_Check]:
    found = ServerSupervisor(paths).status()
    for state, port in ((found.api, options.api_port), (found.ui, options.ui_port)):
        name = f"server {state.name}"
        if state.url:
            yield _Check(name, "ok", f"{state.state} at {state.url}")
        elif state.state == "dead":
            yield _Check(name, "wrong", "it has ended by itself, see logs/", "baes serve")
        elif not port_is_free(port):
            mend = f"end that program, or use --{state.name}-port"
            yield _Check(name, "wrong", f"another program uses port {port}", mend)
        else:
            yield _Check(name, "ok", f"stopped, port {port} is free")


def _model() -> _Check:
    if os.environ.get("OPENAI_API_KEY") or os.environ.get("OPENAI_BASE_URL"):
        found = "configured, but this version works without one and will not use it"
        return _Check("language model", "note", found)
    return _Check("language model", "ok", "none is configured, and none is needed")
