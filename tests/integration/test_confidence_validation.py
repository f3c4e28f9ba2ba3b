"""Good artifacts are approved with certainty, faulty ones rejected with their line.

This is a sample of what ``make calibrate`` tries with many more.
"""

from __future__ import annotations

import itertools

import pytest

from baes.core.code_repair import CodeRepair
from baes.spec.pipeline import GenerationContext
from baes.swea_agents.system_checks import disagreements
from baes.swea_agents.techlead_swea import TechLeadSWEA
from evaluation.review.mutants import bases, mutants
from evaluation.review.scoring import Scored, reviews_of, scored
from evaluation.review.systems import RandomSystems, artifacts_of

LEFT_TO_THE_TESTS = {"order_of_arguments"}
"""Kinds of faults that only running the code tells; the generated tests do."""


@pytest.fixture(scope="module")
def faulty() -> tuple[Scored, ...]:
    return scored(tuple(mutants(bases(random_systems=1), each=1)))


def test_there_are_many_kinds_of_faults_and_some_without_a_rule(
    faulty: tuple[Scored, ...],
) -> None:
    kinds = {each.mutant.mutator for each in faulty}
    assert len(kinds) >= 70
    assert sum(not mutator.rule for mutator in kinds) >= 5


def test_faults_that_a_rule_is_about_are_rejected_at_the_right_line(
    faulty: tuple[Scored, ...],
) -> None:
    missed = {
        each.mutant.mutator.name: [(f.rule, f.line) for f in each.verdict.findings]
        for each in faulty
        if each.mutant.mutator.rule and not each.is_right
    }
    assert missed == {}


def test_most_faults_of_all_kinds_are_rejected_by_the_rules_alone(
    faulty: tuple[Scored, ...],
) -> None:
    assert sum(each.is_right for each in faulty) >= 0.85 * len(faulty)


def test_what_no_rule_sees_disagrees_with_the_specification(faulty: tuple[Scored, ...]) -> None:
    passed = {each.mutant.mutator.name for each in faulty if not each.is_stopped}
    assert passed <= LEFT_TO_THE_TESTS


def test_faults_that_a_patch_is_for_are_mended_and_approved(faulty: tuple[Scored, ...]) -> None:
    repairing = CodeRepair(TechLeadSWEA(), trust_comments=True)
    patchable = [each.mutant for each in faulty if each.mutant.mutator.patchable]
    left = {
        mutant.mutator.name
        for mutant in patchable[::3]
        for found in repairing.repaired([mutant.artifact])
        if not (found.decision == "patch" and found.is_approved)
    }
    assert left == set()


@pytest.mark.parametrize("context", list(itertools.islice(RandomSystems(3).contexts(), 2)))
def test_what_is_generated_is_approved_with_certainty_and_agrees(
    context: GenerationContext,
) -> None:
    artifacts = artifacts_of(context)
    refused = {
        verdict.path: verdict.findings
        for verdict in reviews_of(artifacts)
        if verdict.outcome != "confident_approval"
    }
    assert refused == {}
    assert list(disagreements(context.new, {a.path: a for a in artifacts})) == []
