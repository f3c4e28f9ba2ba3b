"""The agent of the pages."""

from __future__ import annotations

from typing import ClassVar

from baes.spec.model import Entity
from baes.spec.pipeline import AgentName, Artifact, GenerationContext
from baes.swea_agents.base_swea import BaseSWEA, StaticView
from baes.swea_agents.frontend_views import app_view, page_view
from baes.swea_agents.identifiers import module_name

__all__ = ["FrontendSWEA"]

_STATIC = {
    "pages_api_client": "ui/api_client.py",
    "pages_records": "ui/records.py",
    "pages_fields": "ui/fields.py",
    "pages_tables": "ui/tables.py",
    "pages_components": "ui/components.py",
    "pages_texts": "ui/texts.py",
    "streamlit_config": ".streamlit/config.toml",
}
"""Artifact type -> path of what is the same in every system, so that a change of the system never
has to load it again."""


class FrontendSWEA(BaseSWEA):
    """Writes a Streamlit page for each entity, and what the pages share."""

    name: ClassVar[AgentName] = "FrontendSWEA"

    def entity_artifacts(self, entity: Entity, context: GenerationContext) -> tuple[Artifact, ...]:
        """The page of one entity."""
        path = f"ui/pages/{module_name(entity.name)}_page.py"
        view = page_view(context.new, entity)
        return (self._artifact("page", path, view, entity=entity.name),)

    def system_artifacts(self, context: GenerationContext) -> tuple[Artifact, ...]:
        """The navigation, and the modules that are the same in every system."""
        shared = (self._artifact(kind, path, StaticView()) for kind, path in _STATIC.items())
        return (self._artifact("pages_app", "ui/app.py", app_view(context.new)), *shared)
