"""``baes custom``: an example of people's own code about an entity, to start from."""

from __future__ import annotations

import argparse

from baes.cli.output import Progress, print_json, say
from baes.cli.parser import Parser
from baes.core.code_generation import CodeGenerator
from baes.core.durable_files import file_errors_explained, write_atomically
from baes.core.managed_system_manager import ManagedSystemManager
from baes.core.project_lock import project_lock
from baes.core.project_paths import ProjectPaths
from baes.core.switches import Switches
from baes.errors import RequestFailed
from baes.spec.model import Entity, SystemSpec
from baes.texts import Message

__all__ = ["add_arguments", "run"]


def add_arguments(parser: Parser) -> None:
    """Declare the arguments."""
    parser.add_argument("entity", metavar="ENTITY")


def run(options: argparse.Namespace) -> int:
    """Write the file where there is none; one that is there is never touched."""
    paths = ProjectPaths(options.project)
    with project_lock(paths, purpose="baes custom", on_wait=Progress(options.language)):
        manager = ManagedSystemManager(paths)
        manager.recover()
        spec = manager.current().spec
        artifact = CodeGenerator(Switches()).custom_module(spec, _entity(spec, options.entity))
        target = paths.managed_system / artifact.path
        is_new = not target.exists()
        if is_new:
            with file_errors_explained(Message.of("core.file.project", path=paths.root)):
                write_atomically(target, artifact.content.encode())
    if options.json:
        print_json({"success": True, "path": str(target), "written": is_new})
    else:
        say(options.language, "cli.custom.written" if is_new else "cli.custom.kept", path=target)
    return 0


def _entity(spec: SystemSpec, wanted: str) -> Entity:
    names = {n.casefold(): e for e in spec for n in (e.label, e.name) if n}
    found = names.get(wanted.casefold())
    if found is None:
        known = tuple(entity.name for entity in spec)
        raise RequestFailed.of("cli.error.no_entity", wanted=wanted, known=known)
    return found
