"""What the fixtures of the generated tests show."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from baes.spec.expressions import depends_on_today, parse_expression
from baes.spec.model import SystemSpec
from baes.spec.rules import Computed
from baes.swea_agents.identifiers import module_name
from baes.swea_agents.imports import import_lines
from baes.swea_agents.rule_samples import DAY
from baes.swea_agents.rule_views import has_rules

__all__ = ["FixturesView", "fixtures_view"]

_IMPORTS = (
    "collections.abc.Iterator", "pytest", "sqlalchemy.Engine", "sqlalchemy.delete",
    "app.config.Settings", "app.database.base.Base", "app.database.upgrade.unchecked_references",
    "app.main.create_app", "tests.client.Client",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FixturesView:
    """What ``tests/conftest.py.j2`` shows."""

    imports: str
    day: datetime.date | None
    """The day on which all tests take place; ``None``: no rule asks for it."""
    modules: tuple[str, ...]
    """Of rules that ask for the day."""


def fixtures_view(spec: SystemSpec) -> FixturesView:
    """The fixtures of a system's tests."""
    if not has_rules(spec):
        return FixturesView(import_lines(_IMPORTS), None, ())
    asking = (
        module_name(rule.entity)
        for rule in spec.rules
        if isinstance(rule, Computed) and depends_on_today(parse_expression(rule.expression))
    )
    modules = tuple(sorted(set(asking)))
    needed = ("datetime", "app.rule_values", *(f"app.rules.{module}" for module in modules))
    return FixturesView(import_lines((*_IMPORTS, *needed)), DAY, modules)
