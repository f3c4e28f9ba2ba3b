"""The agent of everything that has to do with the database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from baes.spec.model import Entity
from baes.spec.names import snake_case
from baes.spec.pipeline import AgentName, Artifact, GenerationContext
from baes.swea_agents.base_swea import BaseSWEA, PackageView, StaticView
from baes.swea_agents.derived_columns import has_derived
from baes.swea_agents.identifiers import module_name
from baes.swea_agents.migrations import MigrationView, migration_of
from baes.swea_agents.model_views import ModelModule, model_module, model_view
from baes.swea_agents.tables import tables_of

__all__ = ["DatabaseSWEA"]

_STATIC = {
    "database_base": "app/database/base.py",
    "connection": "app/database/connection.py",
    "upgrade": "app/database/upgrade.py",
    "structure": "app/database/structure.py",
    "archive": "app/database/archive.py",
    "alterations": "app/database/alterations.py",
    "conversions": "app/database/conversions.py",
    "column_types": "app/database/types.py",
    "migration_environment": "app/database/migrations/env.py",
}
"""Artifact type -> path of what is the same in every system."""


@dataclass(frozen=True, slots=True)
class SchemaView:
    """What ``database/schema.sql.j2`` shows."""

    statements: tuple[str, ...]
    head: str


@dataclass(frozen=True, slots=True)
class HeadView:
    """What ``database/migrations_package.py.j2`` shows."""

    head: str


@dataclass(frozen=True, slots=True)
class ModelsView:
    """What ``database/models_package.py.j2`` shows."""

    modules: tuple[ModelModule, ...]
    names: tuple[str, ...]


class DatabaseSWEA(BaseSWEA):
    """Models, the one way to open the database, ``schema.sql`` and the migration."""

    name: ClassVar[AgentName] = "DatabaseSWEA"

    def entity_artifacts(self, entity: Entity, context: GenerationContext) -> tuple[Artifact, ...]:
        """The entity's model."""
        path = f"app/models/{module_name(entity.name)}.py"
        view = model_view(context.new, entity)
        return (self._artifact("model", path, view, entity=entity.name),)

    def system_artifacts(self, context: GenerationContext) -> tuple[Artifact, ...]:
        """The database's own modules, the whole schema, and the step to it from the old one."""
        spec, head = context.new, context.revision
        schema = SchemaView(tuple(s for table in tables_of(spec) for s in table.sql), head)
        modules = sorted((model_module(spec, e) for e in spec), key=lambda m: m.module)
        names = tuple(sorted(name for m in modules for name in m.classes))
        migration = migration_of(context)
        static = tuple(self._artifact(kind, path, StaticView()) for kind, path in _STATIC.items())
        if has_derived(context.old, spec):
            path = "app/database/derivations.py"
            static = (*static, self._artifact("derivations", path, StaticView()))
        return (
            *static,
            self._artifact(
                "package", "app/database/__init__.py", PackageView("The database of the system.")
            ),
            self._artifact(
                "models_package", "app/models/__init__.py", ModelsView(tuple(modules), names)
            ),
            self._artifact(
                "migrations_package", "app/database/migrations/__init__.py", HeadView(head)
            ),
            self._artifact("migration", _migration_path(migration), migration),
            self._artifact("schema", "app/database/schema.sql", schema),
        )


def _migration_path(migration: MigrationView) -> str:
    slug = "_".join(snake_case(migration.summary).split("_")[:6])
    return f"app/database/migrations/versions/{migration.revision}_{slug}.py"
