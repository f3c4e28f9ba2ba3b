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
from baes.cli.parser import Parser
from baes.cli.ports import add_port_arguments
from baes.core.managed_system_manager import ManagedSystemManager
from baes.core.project_paths import ProjectPaths
from baes.core.server_supervisor import ServerSupervisor, port_is_free
from baes.core.servers_file import read_servers
from baes.datafiles import PACKAGE
from baes.errors import BaesError
from baes.llm.budget import price_of
from baes.llm.reachability import reachability
from baes.llm.settings import ModelSettings
from baes.texts import Message, said, text

__all__ = ["add_arguments", "run"]

ENOUGH_DISK_MB = 100


@dataclass(frozen=True, slots=True)
class _Check:
    """One thing that was looked at."""

    name: str
    state: Literal["ok", "note", "wrong"]
    found: object
    mend: object = ""
    """Texts, or messages that wait for their language."""


def add_arguments(parser: Parser) -> None:
    """Declare the arguments."""
    add_port_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Look at everything; 1 if something is wrong."""
    checks = list(_checks(options))
    wrong = [check for check in checks if check.state == "wrong"]
    if options.json:
        print_json(
            {"success": not wrong, "checks": [_as_json(c, options.language) for c in checks]}
        )
    else:
        for check in checks:
            _print(check, options.language)
    return 1 if wrong else 0


def _as_json(check: _Check, language: str) -> dict[str, str]:
    found, mend = (str(said(part, language)) for part in (check.found, check.mend))
    return {"name": check.name, "state": check.state, "found": found, "mend": mend}


def _print(check: _Check, language: str) -> None:
    state = text(language, f"cli.doctor.state.{check.state}")
    name = text(language, f"cli.doctor.name.{check.name}")
    print_text(f"{state:<6} {name:<20} {said(check.found, language)}")
    if check.mend:
        print_text(f"{'':<28}{said(check.mend, language)}")


def _checks(options: argparse.Namespace) -> Iterator[_Check]:
    paths = ProjectPaths(options.project)
    version = sys.version.split()[0]
    yield _Check(
        "python", "ok", Message.of("cli.doctor.python", version=version, prefix=sys.prefix)
    )
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
            mend = f"pip install '{name}>={least}'"
            yield _Check(
                "packages", "wrong", Message.of("cli.doctor.package_missing", name=name), mend
            )
            continue
        if _numbers(version) < _numbers(least):
            mend = f"pip install '{name}>={least}'"
            old = Message.of("cli.doctor.package_old", name=name, version=version)
            yield _Check("packages", "wrong", old, mend)
        found.append(f"{name} {version}")
    yield _Check("packages", "ok", ", ".join(found))


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version)[:3])


def _folder(root: Path) -> _Check:
    existing = next(folder for folder in (root, *root.parents) if folder.exists())
    if not existing.is_dir():
        found = Message.of("cli.doctor.folder_is_file", path=existing)
        return _Check("project", "wrong", found, Message.of("cli.doctor.other_folder"))
    if not os.access(existing, os.W_OK):
        found = Message.of("cli.doctor.folder_closed", path=existing)
        return _Check("project", "wrong", found, Message.of("cli.doctor.other_folder"))
    return _Check(
        "project", "ok", root if root.exists() else Message.of("cli.doctor.folder_new", path=root)
    )


def _disk(root: Path) -> _Check:
    existing = next(folder for folder in (root, *root.parents) if folder.exists())
    free_mb = shutil.disk_usage(existing).free // 2**20
    if free_mb < ENOUGH_DISK_MB:
        return _Check(
            "disk",
            "wrong",
            Message.of("cli.doctor.disk", size=free_mb),
            Message.of("cli.doctor.disk_mend"),
        )
    return _Check("disk", "ok", Message.of("cli.doctor.disk", size=free_mb))


def _system(paths: ProjectPaths) -> _Check:
    try:
        memory = ManagedSystemManager(paths).current()
    except BaesError as error:
        return _Check("system", "wrong", error)
    if paths.journal.exists():
        return _Check(
            "system",
            "note",
            Message.of("cli.doctor.cut_off"),
            Message.of("cli.doctor.cut_off_mend"),
        )
    if not memory.spec.entities:
        return _Check(
            "system",
            "note",
            Message.of("cli.doctor.no_system"),
            Message.of("cli.doctor.no_system_mend"),
        )
    names = tuple(entity.title for entity in memory.spec)
    return _Check(
        "system", "ok", Message.of("cli.doctor.system", version=memory.spec.version, names=names)
    )


def _servers(paths: ProjectPaths, options: argparse.Namespace) -> Iterator[_Check]:
    found = ServerSupervisor(paths).status()
    wanted = read_servers(paths).ports(options.api_port, options.ui_port)
    for state, port in zip((found.api, found.ui), wanted, strict=True):
        name = f"server {state.name}"
        if state.url:
            word = Message(f"cli.servers.state.{state.state}", {})
            yield _Check(name, "ok", Message.of("cli.doctor.server", state=word, url=state.url))
        elif state.state == "dead":
            yield _Check(name, "wrong", Message.of("cli.doctor.server_dead"), "baes serve")
        elif not port_is_free(port):
            mend = Message.of("cli.doctor.port_taken_mend", name=state.name)
            yield _Check(name, "wrong", Message.of("cli.doctor.port_taken", port=port), mend)
        else:
            yield _Check(name, "ok", Message.of("cli.doctor.server_stopped", port=port))


def _model() -> _Check:
    """Whether the language model is there, where one is configured; what asks it costs nothing."""
    name = "language model"
    try:
        settings = ModelSettings.from_environment(os.environ)
    except BaesError as error:
        return _Check(name, "wrong", error)
    if settings is None:
        return _Check(name, "ok", Message.of("cli.doctor.model_none"))
    found = reachability(settings)
    slots = {"model": settings.model, "url": settings.base_url, "cause": found.cause}
    said = Message(f"cli.doctor.model.{found.state}", slots)
    if found.state == "reachable":
        price = Message.of("cli.doctor.no_price") if price_of(settings) is None else ""
        return _Check(name, "note" if price else "ok", said, price)
    state: Literal["note", "wrong"] = "note" if found.state == "unknown_model" else "wrong"
    return _Check(name, state, said, Message(f"cli.doctor.model_mend.{found.state}", slots))
