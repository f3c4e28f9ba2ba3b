"""``baes describe``: the system in plain words, or as a diagram."""

from __future__ import annotations

import argparse
import dataclasses
from pathlib import Path
from typing import Any

from baes.cli.output import print_json, print_text, say
from baes.cli.parser import Parser
from baes.core.descriptions import EntityDescription, described, find_entity
from baes.core.diagrams import mermaid, svg
from baes.core.managed_system_manager import ManagedSystemManager
from baes.core.project_paths import ProjectPaths
from baes.errors import RequestFailed
from baes.spec.codec import spec_to_json
from baes.spec.model import Entity, SystemSpec
from baes.texts import text

__all__ = ["add_arguments", "run"]

STANDARD_OUTPUT = "-"


def add_arguments(parser: Parser) -> None:
    """Declare the arguments."""
    parser.add_argument("entity", nargs="?", metavar="ENTITY")
    parser.add_argument("--diagram", nargs="?", const=STANDARD_OUTPUT, metavar="FILE")


def run(options: argparse.Namespace) -> int:
    """Describe the system, or one entity of it."""
    spec = ManagedSystemManager(ProjectPaths(options.project)).current().spec
    entities = (find_entity(spec, options.entity),) if options.entity else spec.entities
    if options.diagram:
        _draw(_with_neighbours(spec, entities), options)
    elif options.json:
        print_json(_as_json(spec, entities, options.language))
    elif not entities:
        say(options.language, "core.describe.empty")
    else:
        for number, entity in enumerate(entities):
            if number:
                print_text("")
            _print(described(spec, entity, options.language), options.language)
    return 0


def _print(found: EntityDescription, language: str) -> None:
    print_text(found.entity.title)
    width = max((len(label) for label, _ in found.attributes), default=0)
    for label, facts in found.attributes:
        print_text(f"  {label:<{width}}  {facts}")
    for title, sentences in (("links", found.links), ("rules", found.rules)):
        if sentences:
            print_text(f"  {text(language, f'core.describe.{title}')}:")
        for sentence in sentences:
            print_text(f"    - {sentence}")


def _as_json(spec: SystemSpec, entities: tuple[Entity, ...], language: str) -> dict[str, Any]:
    whole = spec_to_json(spec)
    names = {entity.name for entity in entities}
    return {
        "success": True,
        "version": spec.version,
        "language": spec.language,
        "entities": [e for e in whole["entities"] if e["name"] in names],
        "relationships": whole["relationships"],
        "rules": [rule for rule in whole["rules"] if rule["entity"] in names],
        "description": [_words(described(spec, entity, language)) for entity in entities],
    }


def _words(found: EntityDescription) -> dict[str, Any]:
    return {
        "entity": found.entity.name,
        "attributes": [f"{label}: {facts}" for label, facts in found.attributes],
        "links": list(found.links),
        "rules": list(found.rules),
    }


def _with_neighbours(spec: SystemSpec, entities: tuple[Entity, ...]) -> SystemSpec:
    """The part of a system that holds some entities and what they are linked to."""
    names = {entity.name for entity in entities}
    links = [link for link in spec.relationships if {link.source, link.target} & names]
    near = names | {end for link in links for end in (link.source, link.target)}
    inside = [link for link in spec.relationships if {link.source, link.target} <= near]
    kept = tuple(entity for entity in spec if entity.name in near)
    return dataclasses.replace(spec, entities=kept, relationships=tuple(inside), rules=())


def _draw(spec: SystemSpec, options: argparse.Namespace) -> None:
    if options.diagram == STANDARD_OUTPUT:
        drawing = mermaid(spec)
        print_json({"success": True, "diagram": drawing}) if options.json else print_text(drawing)
        return
    path = Path(options.diagram)
    drawing = svg(spec, options.language) if path.suffix == ".svg" else mermaid(spec)
    content = f"```mermaid\n{drawing}```\n" if path.suffix == ".md" else drawing
    try:
        path.write_text(content, encoding="utf-8")
    except OSError as error:
        raise RequestFailed.of("cli.error.unwritable", path=path, cause=error.strerror) from error
    if options.json:
        print_json({"success": True, "file": str(path)})
    else:
        say(options.language, "cli.describe.drawn", path=path)
