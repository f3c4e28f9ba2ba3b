"""What the tech lead approves, and what it says of what it doesn't."""

from __future__ import annotations

import dataclasses

import pytest

from baes.spec.apply import apply
from baes.spec.changes import AddEntity
from baes.spec.model import Attribute, Entity, SystemSpec
from baes.spec.pipeline import (
    AgentName,
    Artifact,
    Diagnostic,
    GenerationContext,
    Plan,
    Task,
)
from baes.standards.rule_catalogue import RuleCatalogue
from baes.swea_agents.techlead_swea import TechLeadSWEA

CHANGES = (AddEntity(Entity("Student", (Attribute("name", "string"),))),)
CONTEXT = GenerationContext(SystemSpec(), CHANGES, apply(SystemSpec(), CHANGES))
AFTER: dict[AgentName, tuple[AgentName, ...]] = {
    "DatabaseSWEA": (),
    "BackendSWEA": ("DatabaseSWEA",),
    "FrontendSWEA": ("BackendSWEA",),
    "TestSWEA": ("FrontendSWEA",),
}


def plan() -> Plan:
    """A task for each agent and entity; tests wait for the rest through the chain."""
    return Plan(
        tuple(
            Task(f"{agent}:{entity}", agent, entity, tuple(f"{a}:{entity}" for a in after))
            for entity in ("Student", "")
            for agent, after in AFTER.items()
        )
    )


def changed(task_id: str, **fields: object) -> Plan:
    return Plan(
        tuple(
            dataclasses.replace(task, **fields) if task.id == task_id else task  # type: ignore[arg-type]  # a table
            for task in plan().tasks
        )
    )


def without(task_id: str) -> Plan:
    return Plan(tuple(task for task in plan().tasks if task.id != task_id))


def test_a_complete_plan_in_order_is_approved() -> None:
    verdict = TechLeadSWEA().approve_plan(plan(), CONTEXT)
    assert (verdict.outcome, verdict.method, verdict.findings) == (
        "confident_approval",
        "confident_regex_approval",
        (),
    )


@pytest.mark.parametrize(
    ("faulty", "reason"),
    [
        (without("TestSWEA:Student"), "TestSWEA has no task for Student"),
        (without("FrontendSWEA:"), "FrontendSWEA has no task for the whole system"),
        (changed("BackendSWEA:Student", depends_on=()), "does not wait for DatabaseSWEA:Student"),
        (changed("TestSWEA:Student", depends_on=()), "does not wait for FrontendSWEA:Student"),
        (changed("BackendSWEA:", depends_on=("X:",)), "waits for X:, which isn't there"),
        (
            changed("DatabaseSWEA:Student", depends_on=("TestSWEA:Student",)),
            "tasks wait for each other",
        ),
        (changed("TestSWEA:Student", entity="Nobody"), "about an entity that isn't there"),
        (Plan((*plan().tasks, plan().tasks[0])), "DatabaseSWEA:Student stands there twice"),
    ],
)
def test_a_plan_that_would_not_do_is_rejected_with_the_reason(faulty: Plan, reason: str) -> None:
    verdict = TechLeadSWEA().approve_plan(faulty, CONTEXT)
    assert verdict.outcome == "confident_rejection"
    assert any(reason in finding.reason for finding in verdict.findings), verdict.findings


def artifact(content: str, path: str = "app/x.py", agent: AgentName = "BackendSWEA") -> Artifact:
    return Artifact(path, content, agent, "kind", "template", "1")


def test_a_good_artifact_is_approved_and_counted() -> None:
    lead = TechLeadSWEA()
    verdict = lead.review(artifact('"""Nothing."""\n'))
    assert (verdict.outcome, verdict.method) == ("confident_approval", "confident_regex_approval")
    assert verdict.findings == ()
    assert lead.counts == {"confident_regex_approval": 1}


def test_each_fault_is_found_at_its_line() -> None:
    code = "def f():\n    try:\n        return open('x').read()\n    except:\n        pass\n"
    verdict = TechLeadSWEA().review(artifact(code))
    assert (verdict.outcome, verdict.method) == ("confident_rejection", "confident_regex_rejection")
    assert {(f.rule, f.line) for f in verdict.findings} == {
        ("context_manager", 3),
        ("error_handling", 4),
    }


def test_what_the_rules_cannot_tell_is_undecided() -> None:
    verdict = TechLeadSWEA().review(artifact("connection = open('x')\n"))
    assert (verdict.outcome, verdict.method) == ("uncertain", "undecided")


def test_the_linter_diagnostics_of_the_file_reject_it_with_their_lines() -> None:
    undefined = Diagnostic("app/x.py", 3, "F821", "Undefined name `y`")
    other = Diagnostic("app/other.py", 1, "F401", "`os` imported but unused")
    verdict = TechLeadSWEA().review(artifact("x = 1\n"), (undefined, other))
    assert [(f.rule, f.line, f.outcome) for f in verdict.findings] == [
        ("undefined_names", 3, "confident_rejection")
    ]
    assert verdict.outcome == "confident_rejection"


def test_a_diagnostic_of_an_unknown_kind_leaves_the_review_undecided() -> None:
    strange = Diagnostic("app/x.py", 1, "ZZZ1", "strange")
    assert TechLeadSWEA().review(artifact("x = 1\n"), (strange,)).outcome == "uncertain"


@pytest.mark.parametrize("path", ["README.md", "requirements.txt", "alembic.ini"])
def test_plain_text_is_approved_unless_a_template_shows_through(path: str) -> None:
    lead = TechLeadSWEA()
    assert lead.review(artifact("A text.\n=======\n", path)).outcome == "confident_approval"
    rejected = lead.review(artifact("A\n{% if x %}\n", path))
    assert [(f.rule, f.line) for f in rejected.findings] == [("no_residue", 2)]


def test_the_language_is_that_of_the_file_and_the_rules_those_of_its_agent() -> None:
    lead = TechLeadSWEA()
    schema = artifact("CREATE TABLE t (a TEXT);\n", "app/database/schema.sql", "DatabaseSWEA")
    assert [f.rule for f in lead.review(schema).findings] == ["primary_key"]
    assert lead.review(artifact("def test_a():\n    f()\n")).outcome == "confident_approval"


def test_a_disabled_rule_says_nothing() -> None:
    rules = RuleCatalogue()
    rules.disable_rule("context_manager")
    verdict = TechLeadSWEA(rules).review(artifact("text = open('x').read()\n"))
    assert verdict.outcome == "confident_approval"


def test_reviews_are_timed_by_the_clock_that_is_given() -> None:
    ticks = iter([1.0, 1.25])
    lead = TechLeadSWEA(clock=lambda: next(ticks))
    assert lead.review(artifact("x = 1\n")).seconds == 0.25
