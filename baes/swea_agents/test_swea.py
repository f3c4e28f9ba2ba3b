"""The agent of the managed system's own tests."""

from __future__ import annotations

from typing import ClassVar

from baes.spec.model import Entity, SystemSpec
from baes.spec.pipeline import AgentName, Artifact, GenerationContext
from baes.swea_agents.base_swea import BaseSWEA, PackageView, StaticView
from baes.swea_agents.fixture_views import fixtures_view
from baes.swea_agents.identifiers import module_name
from baes.swea_agents.rule_test_views import has_rule_tests, rule_tests_view
from baes.swea_agents.test_views import factory_view, tests_view

__all__ = ["TestSWEA", "rule_test_paths"]

_STATIC = {
    "test_client": "tests/client.py",
    "schema_tests": "tests/system/test_schema.py",
    "api_tests": "tests/system/test_api.py",
}
"""Artifact type -> path; what is the same in every system stays out of the entities' way."""

_PACKAGES = {
    "tests": "The system's tests.",
    "tests/factories": "Makes records for the tests, one module an entity.",
    "tests/system": "Tests of the system as a whole.",
}


class TestSWEA(BaseSWEA):
    """Tests of each entity over HTTP, and of the system as a whole."""

    __test__ = False  # for pytest, which would take the class for a test of its own
    name: ClassVar[AgentName] = "TestSWEA"

    def entity_artifacts(self, entity: Entity, context: GenerationContext) -> tuple[Artifact, ...]:
        """The entity's tests, and what makes its records."""
        module, name = module_name(entity.name), entity.name
        factory, tests = factory_view(context.new, entity), tests_view(context.new, entity)
        return (
            self._artifact("factory", f"tests/factories/{module}.py", factory, entity=name),
            self._artifact("tests", f"tests/test_{module}.py", tests, entity=name),
            *(self._rule_tests(entity, context.new) if has_rule_tests(context.new, name) else ()),
        )

    def _rule_tests(self, entity: Entity, spec: SystemSpec) -> tuple[Artifact, ...]:
        path = f"tests/rules/test_{module_name(entity.name)}.py"
        view = rule_tests_view(spec, entity)
        return (self._artifact("rule_tests", path, view, entity=entity.name),)

    def system_artifacts(self, context: GenerationContext) -> tuple[Artifact, ...]:
        """The tests' client and fixtures, and the tests that no entity has to itself."""
        return (
            self._artifact("test_fixtures", "tests/conftest.py", fixtures_view(context.new)),
            *(self._package_of_rules() if context.new.rules else ()),
            *(self._artifact(kind, path, StaticView()) for kind, path in _STATIC.items()),
            *(
                self._artifact("package", f"{path}/__init__.py", PackageView(docstring))
                for path, docstring in _PACKAGES.items()
            ),
        )

    def _package_of_rules(self) -> tuple[Artifact, ...]:
        package = PackageView("Tests of the rules, one module an entity.")
        return (self._artifact("package", "tests/rules/__init__.py", package),)


def rule_test_paths(spec: SystemSpec) -> frozenset[str]:
    """The test files that a system has because of its rules."""
    if not spec.rules:
        return frozenset()
    ruled = (entity.name for entity in spec if has_rule_tests(spec, entity.name))
    modules = (f"tests/rules/test_{module_name(name)}.py" for name in ruled)
    return frozenset({"tests/rules/__init__.py", *modules})
