"""The agent of the API: bodies, routes, and the project around them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from baes.datafiles import PACKAGE
from baes.spec.model import Entity, SystemSpec
from baes.spec.navigation import collection_of
from baes.spec.pipeline import AgentName, Artifact, GenerationContext
from baes.swea_agents.api_texts import answers_view, application_view
from baes.swea_agents.base_swea import BaseSWEA, PackageView, StaticView
from baes.swea_agents.identifiers import module_name
from baes.swea_agents.number_views import NUMBERS, formats_of, numbers_view
from baes.swea_agents.route_views import routes_view
from baes.swea_agents.rule_views import has_rules, rules_package_view, rules_view
from baes.swea_agents.schema_views import schemas_view
from baes.texts import text

__all__ = ["BackendSWEA", "optional_paths"]

_STATIC = {
    "openapi": "app/openapi.py",
    "main": "app/__main__.py",
    "config": "app/config.py",
    "middleware": "app/middleware.py",
    "errors": "app/errors.py",
    "dependencies": "app/deps.py",
    "lists": "app/lists.py",
    "relations": "app/relations.py",
    "fields": "app/fields.py",
    "bodies": "app/bodies.py",
    "hooks": "app/hooks.py",
    "project": "pyproject.toml",
}
"""Artifact type -> path of what is the same in every system."""

_RULES = {
    "enforcement": "app/enforcement.py",
    "rule_kinds": "app/rule_kinds.py",
    "rule_values": "app/rule_values.py",
}
"""Artifact type -> path of what every system with rules has."""

_PACKAGES = {
    "app": "The system's API.",
    "app/schemas": "The bodies and queries, one module an entity.",
}


@dataclass(frozen=True, slots=True)
class EntityLine:
    """An entity as the router's list and the README name it."""

    name: str
    title: str
    path: str
    module: str


@dataclass(frozen=True, slots=True)
class RoutersView:
    """What ``backend/routes_package.py.j2`` shows."""

    entities: tuple[EntityLine, ...]
    modules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReadmeView:
    """What ``project/README.md.j2`` shows."""

    text: str


@dataclass(frozen=True, slots=True)
class CustomView:
    """What ``project/custom_entity.py.j2`` shows."""

    class_name: str
    module: str
    plural_name: str
    plural_label: str
    tag: str
    path: str


@dataclass(frozen=True, slots=True)
class CrudView:
    """What ``backend/crud.py.j2`` shows."""

    has_rules: bool


@dataclass(frozen=True, slots=True)
class RequirementsView:
    """What ``project/requirements.txt.j2`` shows."""

    lines: tuple[str, ...]


class BackendSWEA(BaseSWEA):
    """Schemas and routes of each entity; the application, its settings and project files."""

    name: ClassVar[AgentName] = "BackendSWEA"

    def entity_artifacts(self, entity: Entity, context: GenerationContext) -> tuple[Artifact, ...]:
        """The entity's schemas and routes."""
        module = module_name(entity.name)
        schemas = schemas_view(context.new, entity)
        routes = routes_view(context.new, entity)
        name = entity.name
        rules = self._entity_rules(entity, context.new) if has_rules(context.new, name) else ()
        return (
            self._artifact("schemas", f"app/schemas/{module}.py", schemas, entity=name),
            self._artifact("routes", f"app/routes/{module}_routes.py", routes, entity=name),
            *rules,
        )

    def _entity_rules(self, entity: Entity, spec: SystemSpec) -> tuple[Artifact, ...]:
        path = f"app/rules/{module_name(entity.name)}.py"
        view = rules_view(spec, entity)
        return (self._artifact("entity_rules", path, view, entity=entity.name),)

    def custom_artifact(self, spec: SystemSpec, entity: Entity) -> Artifact:
        """The example from which people's own code about an entity starts."""
        routes, module = routes_view(spec, entity), module_name(entity.name)
        view = CustomView(
            class_name=routes.class_name,
            module=module,
            plural_name=routes.plural_name,
            plural_label=routes.plural_label,
            tag=routes.tag,
            path=routes.path,
        )
        path = f"app/custom/{module}.py"
        return self._artifact("custom_entity", path, view, entity=entity.name, keep_existing=True)

    def system_artifacts(self, context: GenerationContext) -> tuple[Artifact, ...]:
        """The application and the project's files."""
        lines, language = _entity_lines(context.new), context.new.language
        routers = RoutersView(lines, tuple(sorted(line.module for line in lines)))
        requirements = RequirementsView(_requirements())
        return (
            *(self._artifact(kind, path, StaticView()) for kind, path in _STATIC.items()),
            *(
                self._artifact("package", f"{path}/__init__.py", PackageView(docstring))
                for path, docstring in _PACKAGES.items()
            ),
            self._artifact("crud", "app/crud.py", CrudView(has_rules(context.new))),
            *(self._system_rules(context.new) if has_rules(context.new) else ()),
            *self._numbers(context.new),
            self._artifact("routes_package", "app/routes/__init__.py", routers),
            self._artifact("application", "app/main.py", application_view(language)),
            self._artifact("answers", "app/answers.py", answers_view(language)),
            self._artifact("readme", "README.md", _readme(lines, language)),
            self._artifact("requirements", "requirements.txt", requirements),
            self._artifact("custom", "app/custom/__init__.py", StaticView(), keep_existing=True),
        )

    def _numbers(self, spec: SystemSpec) -> tuple[Artifact, ...]:
        if not formats_of(spec):
            return ()
        return (self._artifact("numbers", NUMBERS, numbers_view(spec)),)

    def _system_rules(self, spec: SystemSpec) -> tuple[Artifact, ...]:
        package = rules_package_view(spec)
        return (
            *(self._artifact(kind, path, StaticView()) for kind, path in _RULES.items()),
            self._artifact("rules_package", "app/rules/__init__.py", package),
        )


def optional_paths(spec: SystemSpec) -> frozenset[str]:
    """The files that a system has because of its rules or formats.

    Without what revisions go on needing.
    """
    numbers = frozenset({NUMBERS} if formats_of(spec) else ())
    return numbers | _rule_paths(spec)


def _rule_paths(spec: SystemSpec) -> frozenset[str]:
    if not has_rules(spec):
        return frozenset()
    entities = (entity.name for entity in spec if has_rules(spec, entity.name))
    modules = (f"app/rules/{module_name(name)}.py" for name in entities)
    kinds = (path for kind, path in _RULES.items() if kind != "rule_values")
    return frozenset({"app/rules/__init__.py", *kinds, *modules})


def _entity_lines(spec: SystemSpec) -> tuple[EntityLine, ...]:
    lines = []
    for entity in spec:
        path = f"/api/{collection_of(entity, spec.language)}"
        title = entity.label or entity.name
        lines.append(EntityLine(entity.name, title, path, f"{module_name(entity.name)}_routes"))
    return tuple(lines)


def _readme(lines: tuple[EntityLine, ...], language: str) -> ReadmeView:
    entities = "\n".join(f"- {line.title}: `{line.path}`" for line in lines)
    title = application_view(language).title
    said = text(language, "swea_agents.readme.text", title=title, entities=entities)
    return ReadmeView(said.strip())


def _requirements() -> tuple[str, ...]:
    """The one list of what a generated system needs, without its comments."""
    content = (PACKAGE / "dependencies" / "managed_system.txt").read_text(encoding="utf-8")
    return tuple(line for line in content.splitlines() if line and not line.startswith("#"))
