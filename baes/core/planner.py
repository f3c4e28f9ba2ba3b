"""The coordination plan: which agent does what for a request, and after what."""

from __future__ import annotations

from collections.abc import Iterator

from baes.spec.impact import affected_entities
from baes.spec.pipeline import AgentName, GenerationContext, Plan, Task

__all__ = ["plan_tasks"]

WHOLE_SYSTEM = ""


def plan_tasks(context: GenerationContext) -> Plan:
    """Four tasks for each affected entity, and four for what belongs to the whole system.

    All entities are affected where everything is asked for. Backend after database, tests after
    all; database and frontend need nobody.
    """
    entities = affected_entities(context.old, context.new)
    if context.everything:
        entities = tuple(entity.name for entity in context.new)
    return Plan(tuple(task for entity in (*entities, WHOLE_SYSTEM) for task in _tasks(entity)))


def _tasks(entity: str) -> Iterator[Task]:
    def task(agent: AgentName, *after: AgentName) -> Task:
        return Task(f"{agent}:{entity}", agent, entity, tuple(f"{a}:{entity}" for a in after))

    yield task("DatabaseSWEA")
    yield task("BackendSWEA", "DatabaseSWEA")
    yield task("FrontendSWEA")
    yield task("TestSWEA", "DatabaseSWEA", "BackendSWEA", "FrontendSWEA")
