"""The sample systems that the templates are tried with; what they are is data."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

from baes.datafiles import load_toml
from baes.spec.apply import apply
from baes.spec.changes import Change
from baes.spec.codec import change_from_json
from baes.spec.custom import CustomPart, custom_from_json
from baes.spec.model import SystemSpec
from baes.spec.pipeline import Artifact, GenerationContext, Task
from baes.swea_agents.backend_swea import BackendSWEA
from baes.swea_agents.base_swea import BaseSWEA
from baes.swea_agents.custom_code import CustomCode
from baes.swea_agents.database_swea import DatabaseSWEA
from baes.swea_agents.frontend_swea import FrontendSWEA
from baes.swea_agents.test_swea import TestSWEA
from baes.utils.template_registry import TemplateRegistry

__all__ = ["WRITERS", "sample_artifacts", "sample_contexts", "sample_part"]

WRITERS: tuple[type[BaseSWEA], ...] = (DatabaseSWEA, BackendSWEA, FrontendSWEA, TestSWEA)
"""The agents that write code."""


def sample_contexts() -> dict[str, GenerationContext]:
    """Sample's name -> the making of that system from nothing."""
    samples = load_toml("swea_agents/data/sample_systems.toml")["sample"]
    return {sample["name"]: _context(sample) for sample in samples}


def sample_artifacts(registry: TemplateRegistry) -> Iterator[Artifact]:
    """All files of all samples, each sample in a folder of its own."""
    writers = [writer(registry) for writer in WRITERS]
    backend = BackendSWEA(registry)
    for name, context in sample_contexts().items():
        for writer in writers:
            for entity in (*(e.name for e in context.new), ""):
                task = Task(f"{writer.name}:{entity}", writer.name, entity)
                for artifact in writer.produce(task, context):
                    yield dataclasses.replace(artifact, path=f"{name}/{artifact.path}")
        for artifact in (backend.custom_artifact(context.new, each) for each in context.new):
            yield dataclasses.replace(artifact, path=f"{name}/{artifact.path}")
        part = sample_part(context.new.entities[0].name)
        for artifact in CustomCode(registry).files([part], context.new):
            yield dataclasses.replace(artifact, path=f"{name}/{artifact.path}")


def sample_part(entity: str) -> CustomPart:
    """A part about an entity, as a language model could have written it."""
    sample = load_toml("swea_agents/data/sample_custom.toml")
    return custom_from_json({**sample, "entity": entity})


def _context(sample: dict[str, Any]) -> GenerationContext:
    old = SystemSpec()
    changes = tuple(_changes(sample))
    return GenerationContext(old, changes, apply(old, changes))


def _changes(sample: dict[str, Any]) -> Iterator[Change]:
    for entity in sample["entities"]:
        yield change_from_json({"op": "add_entity", "entity": entity["name"], "definition": entity})
    for link in sample.get("relationships", ()):
        yield change_from_json(
            {"op": "add_relationship", "entity": link["from"], "relationship": link}
        )
    for rule in sample.get("rules", ()):
        yield change_from_json({"op": "add_rule", "entity": rule["entity"], "rule": rule})
