"""The agent of the pages."""

from __future__ import annotations

from typing import ClassVar

from baes.spec.model import Entity
from baes.spec.pipeline import AgentName, Artifact, GenerationContext
from baes.swea_agents.base_swea import BaseSWEA, StaticView
from baes.swea_agents.frontend_views import app_view, page_view, texts_view
from baes.swea_agents.identifiers import module_name

__all__ = ["FrontendSWEA"]

_SHARED = (
    "api_client",
    "attributes",
    "csv_export",
    "csv_files",
    "csv_import",
    "entity_page",
    "forms",
    "frame",
    "import_screen",
    "list_screen",
    "numbers_in_text",
    "overview",
    "problems",
    "record_screen",
    "records",
    "tables",
    "views",
    "zones",
)
"""Modules of ``ui/`` that are the same in every system, so that a change of the system never has
to load them again."""


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
        return (
            self._artifact("pages_app", "ui/app.py", app_view(context.new)),
            self._artifact("pages_texts", "ui/texts.py", texts_view(context.new.language)),
            self._artifact("streamlit_config", ".streamlit/config.toml", StaticView()),
            *(self._artifact(f"pages_{name}", f"ui/{name}.py", StaticView()) for name in _SHARED),
        )
