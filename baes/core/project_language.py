"""The language in which a project's user is spoken to."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from baes.core.project_paths import ProjectPaths
from baes.texts import known_language, locale_language

__all__ = ["project_language"]


def project_language(project: Path, environment: Mapping[str, str]) -> str:
    """The language of the project's system; the environment's where there is none.

    Looks at the memory without checking it: every command asks, also those that have no use for
    a damaged memory.
    """
    try:
        memory = json.loads(ProjectPaths(project).context_store.read_bytes())["memory"]
        language, version = memory["spec"]["language"], memory["spec"]["version"]
    except (OSError, ValueError, KeyError, TypeError):
        return locale_language(environment)
    return known_language(language) if version else locale_language(environment)
