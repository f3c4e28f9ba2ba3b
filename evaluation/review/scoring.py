"""Reviewing many artifacts at once, and counting what became of the good and the faulty ones."""

from __future__ import annotations

import dataclasses
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from baes.core.formatter import lint_artifacts
from baes.spec.pipeline import Artifact, Diagnostic, Finding, Outcome, Verdict
from baes.standards.rule_catalogue import packaged_rules
from baes.standards.validation_rules import SYNTAX
from baes.swea_agents.system_checks import disagreements
from baes.swea_agents.techlead_swea import TechLeadSWEA
from evaluation.review.mutants import Mutant

__all__ = ["RuleScore", "Scored", "reviews_of", "rule_scores", "scored"]


@dataclass(frozen=True, slots=True)
class Scored:
    """One mutant, and what the rules, and the checks of the whole system, said of it."""

    mutant: Mutant
    verdict: Verdict
    disagreements: tuple[Finding, ...]

    @property
    def is_right(self) -> bool:
        """Whether the rules rejected it at a line at which one may point.

        Where a rule was written for such faults it must be that one: another one may have found
        something else there, which the fault brought with it.
        """
        return any(
            finding.outcome == "confident_rejection"
            and finding.line in self.mutant.lines
            and self.mutant.mutator.rule in ("", finding.rule)
            for finding in self.verdict.findings
        )

    @property
    def is_stopped(self) -> bool:
        """Whether it would not have been deployed: it is not approved, or disagrees."""
        return self.verdict.outcome != "confident_approval" or bool(self.disagreements)


@dataclass(slots=True)
class RuleScore:
    """What one rule said of good artifacts, and of those that were made to break it."""

    good: Counter[Outcome] = field(default_factory=Counter)
    faulty: Counter[Outcome] = field(default_factory=Counter)


def reviews_of(artifacts: Sequence[Artifact]) -> tuple[Verdict, ...]:
    """The reviews of artifacts, which may be of the same path, with one call of the linter."""
    placed = [dataclasses.replace(a, path=f"n{i}/{a.path}") for i, a in enumerate(artifacts)]
    diagnostics: defaultdict[str, list[Diagnostic]] = defaultdict(list)
    for diagnostic in lint_artifacts(placed):
        diagnostics[diagnostic.path].append(diagnostic)
    lead = TechLeadSWEA()
    return tuple(lead.review(artifact, diagnostics[artifact.path]) for artifact in placed)


def scored(mutants: Sequence[Mutant]) -> tuple[Scored, ...]:
    """What is said of each mutant."""
    verdicts = reviews_of([mutant.artifact for mutant in mutants])
    return tuple(
        Scored(mutant, verdict, _disagreements(mutant))
        for mutant, verdict in zip(mutants, verdicts, strict=True)
    )


def _disagreements(mutant: Mutant) -> tuple[Finding, ...]:
    files = {a.path: a for a in mutant.base.artifacts} | {mutant.artifact.path: mutant.artifact}
    return tuple(finding for _, finding in disagreements(mutant.base.context.new, files))


def rule_scores(
    good: Iterable[tuple[Artifact, Verdict]], faulty: Iterable[Scored]
) -> dict[str, RuleScore]:
    """Rule -> its score; artifacts of agents that it is not about are not counted."""
    scores = {rule.id: RuleScore() for rule in packaged_rules()} | {SYNTAX: RuleScore()}
    for artifact, verdict in good:
        kind = artifact.agent.removesuffix("SWEA").lower()
        for rule in packaged_rules():
            if kind in rule.applies_to:
                scores[rule.id].good[_said_by(rule.id, verdict)] += 1
        scores[SYNTAX].good[_said_by(SYNTAX, verdict)] += 1
    for each in faulty:
        if each.mutant.mutator.rule:
            rule_id = each.mutant.mutator.rule
            scores[rule_id].faulty[_said_by(rule_id, each.verdict)] += 1
    return scores


def _said_by(rule_id: str, verdict: Verdict) -> Outcome:
    said = {f.outcome for f in verdict.findings if f.rule == rule_id}
    if "confident_rejection" in said:
        return "confident_rejection"
    return "uncertain" if said else "confident_approval"
