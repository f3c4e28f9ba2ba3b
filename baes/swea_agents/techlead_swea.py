"""The tech lead: approves the coordination plan and reviews each artifact.

It judges by the text and the standards alone and knows nothing of the template or the model that
made the text; so the same eyes look at what either writes.
"""

from __future__ import annotations

import graphlib
import logging
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Literal

from baes.spec.impact import changed_entities
from baes.spec.pipeline import (
    AgentName,
    Artifact,
    Diagnostic,
    Finding,
    GenerationContext,
    Outcome,
    Plan,
    ReviewMethod,
    Task,
    Verdict,
)
from baes.standards.artifact_code import language_of
from baes.standards.rule_catalogue import RuleCatalogue
from baes.standards.validation_rules import SYNTAX, RuleResult, validate_code
from baes.utils.patchable_rules import LINTER_FIXED, PATCHABLE_RULES

__all__ = ["PLAN_PATH", "RepairDecision", "TechLeadSWEA"]

logger = logging.getLogger(__name__)

PLAN_PATH = "plan"
"""What stands for a path in the verdict on a plan."""

RepairDecision = Literal["accept", "patch", "regenerate", "ask"]
"""What is done with code that was reviewed; ``ask``: only a language model can tell."""

MAX_PATCHED_RULES = 3
"""Findings of more rules than these have little to do with each other: somebody writes anew."""

_METHODS: dict[Outcome, ReviewMethod] = {
    "confident_approval": "confident_regex_approval",
    "confident_rejection": "confident_regex_rejection",
    "uncertain": "undecided",
}
_AFTER: dict[AgentName, tuple[AgentName, ...]] = {
    "DatabaseSWEA": (),
    "FrontendSWEA": (),
    "BackendSWEA": ("DatabaseSWEA",),
    "TestSWEA": ("DatabaseSWEA", "BackendSWEA", "FrontendSWEA"),
}
"""Agent -> those whose work on the same entity its own must wait for."""


class TechLeadSWEA:
    """Judges plans and artifacts, and counts how.

    Args:
        rules: The standards; the packaged ones unless given.
        clock: Seconds from any fixed moment.
    """

    def __init__(
        self,
        rules: RuleCatalogue | None = None,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._rules = rules or RuleCatalogue()
        self._clock = clock
        self.counts: Counter[ReviewMethod] = Counter()
        """Method -> how many reviews of artifacts it decided."""

    def approve_plan(self, plan: Plan, context: GenerationContext) -> Verdict:
        """Whether a plan does all that the changes ask for, in an order that works.

        Each changed entity, and the whole system, has a task for each of the four agents; what a
        task depends on exists; nothing waits for itself; backend follows database, and tests
        follow all three.
        """
        began = self._clock()
        faults = tuple(Finding("plan", "confident_rejection", f) for f in _faults(plan, context))
        outcome: Outcome = "confident_rejection" if faults else "confident_approval"
        return self._verdict(PLAN_PATH, outcome, faults, began)

    def review(self, artifact: Artifact, diagnostics: Iterable[Diagnostic] = ()) -> Verdict:
        """What the rules and the linter say of an artifact.

        Args:
            artifact: One generated file.
            diagnostics: What the linter found; those of other files are passed over.
        """
        began = self._clock()
        judged = validate_code(
            artifact.content,
            artifact.agent.removesuffix("SWEA").lower(),
            self._rules.list_rules(enabled_only=True),
            language_of(artifact.path),
            artifact.path,
        )
        readable = all(result.rule_id != SYNTAX for result in judged.results)
        findings = (
            *(finding for result in judged.results for finding in _findings(result)),
            *(
                f
                for d in diagnostics
                if readable and d.path == artifact.path
                for f in self._linted(d)
            ),
        )
        verdict = self._verdict(artifact.path, _weakest(findings, judged.outcome), findings, began)
        self.counts[verdict.method] += 1
        return verdict

    def decide_repair(self, verdict: Verdict) -> RepairDecision:
        """What is done with an artifact that a model or a person wrote.

        A local fault that a patch is for is patched, and so are a few of them. Several unrelated
        ones, and those that no patch is for, are a reason to write the code anew.
        """
        rejected = [f for f in verdict.findings if f.outcome == "confident_rejection"]
        if not rejected:
            return "accept" if verdict.outcome == "confident_approval" else "ask"
        rules = {finding.rule for finding in rejected}
        mendable = rules <= PATCHABLE_RULES | LINTER_FIXED
        return "patch" if mendable and len(rules) <= MAX_PATCHED_RULES else "regenerate"

    def _linted(self, diagnostic: Diagnostic) -> Iterator[Finding]:
        """What a diagnostic means by the rule that stands for its kind; no rule: undecided."""
        code = diagnostic.code
        rule = self._rules.rule_of_code(code)
        if rule is not None and not rule.enabled:
            return
        name = rule.id if rule else SYNTAX if code.endswith("syntax") else f"ruff:{code}"
        known = rule is not None or name == SYNTAX
        yield Finding(
            name,
            "confident_rejection" if known else "uncertain",
            f"{diagnostic.message} ({code})",
            diagnostic.line,
            diagnostic.column,
        )

    def _verdict(
        self, path: str, outcome: Outcome, findings: tuple[Finding, ...], began: float
    ) -> Verdict:
        method = _METHODS[outcome]
        verdict = Verdict(path, outcome, method, findings, self._clock() - began)
        logger.debug("review of %s: %s, %d findings", path, method, len(findings))
        if outcome != "confident_approval":
            logger.info("%s: %s", path, "; ".join(f"line {f.line}: {f.reason}" for f in findings))
        return verdict


def _findings(result: RuleResult) -> Iterator[Finding]:
    """A finding a place; approvals say nothing."""
    for reason in result.reasons:
        yield Finding(result.rule_id, result.outcome, reason.text, reason.line, reason.column)


def _weakest(findings: Iterable[Finding], otherwise: Outcome) -> Outcome:
    outcomes = {otherwise, *(finding.outcome for finding in findings)}
    ordered: tuple[Outcome, ...] = ("confident_rejection", "uncertain", "confident_approval")
    return min(outcomes, key=ordered.index)


def _faults(plan: Plan, context: GenerationContext) -> Iterator[str]:
    by_id = {task.id: task for task in plan.tasks}
    if len(by_id) < len(plan.tasks):
        twice = Counter(task.id for task in plan.tasks).most_common(1)[0][0]
        yield f"the task {twice} stands there twice"
    for entity in (*changed_entities(context.old, context.new), ""):
        yield from _incomplete(plan, entity)
    for task in plan.tasks:
        if task.entity and context.new.find(task.entity) is None:
            yield f"{task.id} is about an entity that isn't there"
        for needed in task.depends_on:
            if needed not in by_id:
                yield f"{task.id} waits for {needed}, which isn't there"
    yield from _disorder(plan, by_id)


def _incomplete(plan: Plan, entity: str) -> Iterator[str]:
    present = {task.agent for task in plan.tasks if task.entity == entity}
    for agent in _AFTER:
        if agent not in present:
            yield f"{agent} has no task for {entity or 'the whole system'}"


def _disorder(plan: Plan, by_id: dict[str, Task]) -> Iterator[str]:
    graph = {task.id: [d for d in task.depends_on if d in by_id] for task in plan.tasks}
    try:
        order = tuple(graphlib.TopologicalSorter(graph).static_order())
    except graphlib.CycleError as exc:
        yield f"tasks wait for each other: {' -> '.join(exc.args[1])}"
        return
    before = _all_before(graph, order)
    same_entity: defaultdict[str, list[Task]] = defaultdict(list)
    for task in plan.tasks:
        same_entity[task.entity].append(task)
    for task in plan.tasks:
        for other in same_entity[task.entity]:
            if other.agent in _AFTER[task.agent] and other.id not in before[task.id]:
                yield f"{task.id} does not wait for {other.id}"


def _all_before(graph: dict[str, list[str]], order: Iterable[str]) -> dict[str, frozenset[str]]:
    """Task -> all tasks that are done before it begins."""
    before: dict[str, frozenset[str]] = {}
    for task in order:
        needed = graph[task]
        before[task] = frozenset(needed).union(*(before[n] for n in needed))
    return before
