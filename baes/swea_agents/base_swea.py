"""What the agents that write code have in common: a task and a context in, artifacts out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from baes.errors import ArtifactRejected
from baes.spec.model import Entity
from baes.spec.pipeline import AgentName, Artifact, GenerationContext, Task
from baes.utils.template_registry import TemplateRegistry

__all__ = ["BaseSWEA", "PackageView", "StaticView"]


@dataclass(frozen=True, slots=True)
class StaticView:
    """For templates of what is the same in every system."""


@dataclass(frozen=True, slots=True)
class PackageView:
    """What ``project/package.py.j2`` shows."""

    docstring: str


class BaseSWEA(ABC):
    """A software engineering agent that renders templates; the same input gives the same bytes.

    Args:
        registry: The templates; it counts what is used.
    """

    name: ClassVar[AgentName]

    def __init__(self, registry: TemplateRegistry) -> None:
        self._registry = registry

    def produce(self, task: Task, context: GenerationContext) -> tuple[Artifact, ...]:
        """The files that a task asks for: one entity's, or those of the whole system.

        Raises:
            InvalidSpec: The task names an entity that isn't there, or something that this agent
                can't make.
        """
        if task.entity:
            return self.entity_artifacts(context.new.entity(task.entity), context)
        return self.system_artifacts(context)

    @abstractmethod
    def entity_artifacts(self, entity: Entity, context: GenerationContext) -> tuple[Artifact, ...]:
        """The files of one entity."""

    @abstractmethod
    def system_artifacts(self, context: GenerationContext) -> tuple[Artifact, ...]:
        """The files of the whole system."""

    def _artifact(
        self,
        artifact_type: str,
        path: str,
        view: object,
        *,
        entity: str = "",
        keep_existing: bool = False,
    ) -> Artifact:
        """One file, rendered by the template of its type from a frozen view."""
        info = self._registry.select(artifact_type)
        if info is None:
            raise ArtifactRejected(f"no template makes a {artifact_type}", f"{path} needs one")
        output = self._registry.render(info.name, view)
        return Artifact(
            path=path,
            content=output.content,
            agent=self.name,
            kind=artifact_type,
            template=output.template,
            template_version=output.version,
            entity=entity,
            keep_existing=keep_existing,
        )
