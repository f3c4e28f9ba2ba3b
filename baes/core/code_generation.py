"""From changes to reviewed artifacts: the agents at work, and the tech lead over them.

Who writes the code and who judges it are cascades; their experts here are the templates and the
validation rules. A rejected artifact of a template is a fault of the generator and fails the
request: rendering again would give the same.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from baes.core import formatter
from baes.core.approval_memory import ApprovalMemory
from baes.core.cascade import Cascade, Outcome, Rung
from baes.core.formatter import format_artifacts, lint_artifacts
from baes.core.planner import plan_tasks
from baes.core.switches import Switches
from baes.core.task_graph import GraphTask, TaskDependencyGraph
from baes.datafiles import PACKAGE
from baes.errors import ArtifactRejected, NeedsModel
from baes.spec.impact import removed_entities
from baes.spec.model import Entity, SystemSpec
from baes.spec.pipeline import (
    AgentName,
    Artifact,
    Diagnostic,
    Finding,
    GenerationContext,
    Task,
    Verdict,
)
from baes.swea_agents.backend_swea import BackendSWEA, optional_paths
from baes.swea_agents.base_swea import BaseSWEA
from baes.swea_agents.database_swea import DatabaseSWEA
from baes.swea_agents.frontend_swea import FrontendSWEA
from baes.swea_agents.system_checks import disagreements
from baes.swea_agents.techlead_swea import TechLeadSWEA
from baes.swea_agents.test_swea import TestSWEA, rule_test_paths
from baes.texts import Message
from baes.utils.template_registry import TemplateRegistry

__all__ = ["CodeGenerator", "Generated"]

Artifacts = tuple[Artifact, ...]
STANDARDS = PACKAGE / "standards"
REVIEW = "TechLeadSWEA:"
"""The task that all others of the plan lead to."""


@dataclass(frozen=True, slots=True)
class Generated:
    """Approved artifacts and how they were judged."""

    artifacts: Artifacts
    verdicts: tuple[Verdict, ...]
    removed_paths: tuple[str, ...] = ()
    """Files of the old system that the new one has no more."""


class CodeGenerator:
    """Turns a generation context into approved artifacts.

    Args:
        switches: ``templates`` and ``rule_validation`` take their experts away.
    """

    def __init__(self, switches: Switches) -> None:
        self._registry = TemplateRegistry()
        agents = (DatabaseSWEA, BackendSWEA, FrontendSWEA, TestSWEA)
        self._agents: dict[AgentName, BaseSWEA] = {a.name: a(self._registry) for a in agents}
        self._tech_lead = TechLeadSWEA()
        self._switches = switches
        self._memory = ApprovalMemory([Path(formatter.__file__), *STANDARDS.glob("*.*")])
        self._writing: Cascade[tuple[Task, GenerationContext], Artifacts] = Cascade(
            "what code does it need", (Rung("template", self._render, switches.templates),)
        )
        self._judging: Cascade[tuple[Artifact, tuple[Diagnostic, ...]], Verdict] = Cascade(
            "is it right",
            (
                Rung("approved before", self._recall, switches.rule_validation),
                Rung("rules", self._judge, switches.rule_validation),
            ),
        )

    @property
    def counts(self) -> dict[str, Counter[str]]:
        """Question -> expert -> how many answers."""
        return {c.question: c.counts for c in (self._writing, self._judging)}

    def generate(self, context: GenerationContext) -> Generated:
        """Plan, write, format and review everything that the changes ask for.

        Raises:
            ArtifactRejected: A template made something that breaks a rule.
            InvalidSpec: The system can't be expressed by the templates.
            NeedsModel: An expert is switched off, and nobody else can do its work.
        """
        done = TaskDependencyGraph(self.tasks(context)).run(parallel=False)
        return self.generated(done.results)

    def tasks(self, context: GenerationContext) -> tuple[GraphTask, ...]:
        """The tasks of the agents, and the review of all that they write.

        What a template writes is computed, what a language model writes is waited for; the review
        waits for the formatter and the linter.

        Raises:
            ArtifactRejected: The tech lead does not approve the plan.
        """
        plan = plan_tasks(context)
        approval = self._tech_lead.approve_plan(plan, context)
        if approval.outcome != "confident_approval":
            faults = "; ".join(finding.reason for finding in approval.findings)
            raise ArtifactRejected.of("core.error.plan_refused", faults=faults)
        writing = (self._graph_task(task, context) for task in plan.tasks)

        def review(done: Mapping[str, Any]) -> Generated:
            return self._reviewed(context, [a for task in plan.tasks for a in done[task.id]])

        needed = tuple(task.id for task in plan.tasks)
        return (*writing, GraphTask(REVIEW, "TechLeadSWEA", "", review, needed, waits=True))

    def _graph_task(self, task: Task, context: GenerationContext) -> GraphTask:
        return GraphTask(
            task.id,
            task.agent,
            task.entity,
            lambda _: self._write(task, context),
            task.depends_on,
            waits=not self._switches.templates,
        )

    def generated(self, results: Mapping[str, Any]) -> Generated:
        """What the tasks gave, once all are done."""
        generated: Generated = results[REVIEW]
        return generated

    def _reviewed(self, context: GenerationContext, written: list[Artifact]) -> Generated:
        artifacts = self._format(written)
        verdicts = tuple(self._review(artifacts))
        self._refuse_disagreements(context.new, artifacts)
        for raw, approved in zip(written, artifacts, strict=True):
            self._memory.remember(raw, approved)
        self._memory.save()
        return Generated(artifacts, verdicts, self._removed_paths(context, artifacts))

    def custom_module(self, spec: SystemSpec, entity: Entity) -> Artifact:
        """The example from which people's own code about an entity starts."""
        (artifact,) = format_artifacts([BackendSWEA(self._registry).custom_artifact(spec, entity)])
        return artifact

    def files_of(self, spec: SystemSpec) -> dict[str, str]:
        """Path -> content of what a system's files are, as long as the templates are the same."""
        context = GenerationContext(spec, (), spec)
        rendered = [
            artifact
            for agent in self._agents.values()
            for entity in (*(e.name for e in spec), "")
            for artifact in agent.produce(
                Task(f"{agent.name}:{entity}", agent.name, entity), context
            )
        ]
        return {artifact.path: artifact.content for artifact in format_artifacts(rendered)}

    def _removed_paths(self, context: GenerationContext, artifacts: Artifacts) -> tuple[str, ...]:
        """The files of entities that are gone, or go by another name, and of rules that went."""
        before = GenerationContext(context.old, (), context.old)
        old = (
            artifact
            for name in removed_entities(context.old, context.new)
            for agent in self._agents.values()
            for artifact in agent.entity_artifacts(context.old.entity(name), before)
        )
        written = {artifact.path for artifact in artifacts}
        gone = [a.path for a in old if not a.keep_existing]
        gone += sorted(optional_paths(context.old) - optional_paths(context.new))
        gone += sorted(rule_test_paths(context.old) - rule_test_paths(context.new))
        return tuple(path for path in dict.fromkeys(gone) if path not in written)

    def _write(self, task: Task, context: GenerationContext) -> Artifacts:
        outcome = self._writing.ask((task, context))
        if outcome.value is None:
            entity = task.entity or Message.of("core.describe.system")
            raise NeedsModel.of("core.error.no_writer", agent=task.agent, entity=entity)
        return outcome.value

    def _format(self, written: Iterable[Artifact]) -> Artifacts:
        known = {raw: self._memory.formatted(raw) for raw in written}
        new = [raw for raw, approved in known.items() if approved is None]
        known.update(zip(new, format_artifacts(new), strict=True))
        return tuple(approved for approved in known.values() if approved is not None)

    def _review(self, artifacts: Artifacts) -> Iterable[Verdict]:
        diagnostics = defaultdict[str, list[Diagnostic]](list)
        for diagnostic in lint_artifacts(a for a in artifacts if not self._memory.is_approved(a)):
            diagnostics[diagnostic.path].append(diagnostic)
        for artifact in artifacts:
            outcome = self._judging.ask((artifact, tuple(diagnostics[artifact.path])))
            verdict = outcome.value
            if verdict is None or outcome.reasons:
                raise _rejected(artifact, verdict, outcome.reasons)
            yield verdict

    def _refuse_disagreements(self, spec: SystemSpec, artifacts: Artifacts) -> None:
        """Raise when approved files don't agree with the specification, or with each other."""
        if not self._switches.rule_validation:
            return
        by_path = {artifact.path: artifact for artifact in artifacts}
        for path, finding in disagreements(spec, by_path):
            raise _rejected(by_path[path], None, (_told(finding),), reviewed=True)

    def _render(self, work: tuple[Task, GenerationContext]) -> Outcome[Artifacts]:
        task, context = work
        return Outcome(self._agents[task.agent].produce(task, context))

    def _recall(self, work: tuple[Artifact, tuple[Diagnostic, ...]]) -> Outcome[Verdict]:
        artifact, _ = work
        if self._memory.is_approved(artifact):
            approval = Verdict(artifact.path, "confident_approval", "confident_regex_approval")
            return Outcome(approval)
        return Outcome(None, ("its text is new",))

    def _judge(self, work: tuple[Artifact, tuple[Diagnostic, ...]]) -> Outcome[Verdict]:
        verdict = self._tech_lead.review(*work)
        if verdict.outcome == "confident_approval":
            return Outcome(verdict)
        reasons = (_told(f) for f in verdict.findings if f.outcome != "confident_approval")
        return Outcome(verdict, tuple(reasons) or (verdict.outcome,))


def _told(finding: Finding) -> str:
    return f"line {finding.line}: {finding.reason} ({finding.rule})"


def _rejected(
    artifact: Artifact,
    verdict: Verdict | None,
    reasons: tuple[str, ...],
    *,
    reviewed: bool = False,
) -> ArtifactRejected | NeedsModel:
    if verdict is None and not reviewed:
        return NeedsModel.of("core.error.no_reviewer", path=artifact.path)
    return ArtifactRejected.of(
        "core.error.not_approved",
        path=artifact.path,
        reasons="; ".join(reasons),
        template=artifact.template,
    )
