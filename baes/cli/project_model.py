"""The language model of a project, set up as the environment says; nothing is imported for none."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from baes.core.project_paths import ProjectPaths

if TYPE_CHECKING:
    from baes.llm.configured import ConfiguredModel

__all__ = ["project_model"]

_VARIABLES = ("OPENAI_API_KEY", "OPENAI_BASE_URL")


def project_model(project: Path) -> ConfiguredModel | None:
    """The language model of the environment, with the project's logs; ``None``: there is none.

    Raises:
        WrongUsage: A variable holds what it can't.
    """
    if not any(os.environ.get(name) for name in _VARIABLES):
        return None
    from baes.llm.configured import ConfiguredModel
    from baes.llm.settings import ModelSettings

    settings = ModelSettings.from_environment(os.environ)
    if settings is None:
        return None
    paths = ProjectPaths(project)
    return ConfiguredModel(settings, log_folder=paths.model_requests, ways_file=paths.model_ways)
