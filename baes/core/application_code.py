"""Whether the code of the managed system was edited since a server imported it."""

from __future__ import annotations

from baes.core.project_paths import ProjectPaths

__all__ = ["CodeState", "code_state"]

CodeState = frozenset[tuple[str, int, int]]
"""(path relative to the managed system, when written in ns, size in bytes) of each file."""


def code_state(paths: ProjectPaths) -> CodeState:
    """The application's Python files as they lie there, people's own among them."""
    system = paths.managed_system
    found = ((path, path.stat()) for path in (system / "app").rglob("*.py"))
    return frozenset(
        (path.relative_to(system).as_posix(), stat.st_mtime_ns, stat.st_size)
        for path, stat in found
    )
