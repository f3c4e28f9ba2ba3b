"""Each rule has a page, whose examples the rule judges as the page says; the docs show them."""

from __future__ import annotations

from pathlib import Path

import pytest

from baes.core.file_review import agent_of
from baes.core.formatter import lint_artifacts
from baes.spec.pipeline import Artifact
from baes.standards.rule_catalogue import packaged_rules
from baes.standards.rule_pages import RulePage, index_text, page_of, page_text
from baes.swea_agents.techlead_swea import TechLeadSWEA

DOCS = Path(__file__).parents[2] / "docs" / "rules"
RULES = {rule.id: rule for rule in packaged_rules()}


def page(rule_id: str) -> RulePage:
    found = page_of(rule_id)
    assert found is not None, f"the rule {rule_id} has no page"
    return found


def rejected_lines(rule_id: str, path: str, code: str) -> list[int]:
    """Lines at which that rule is certain of a fault."""
    artifact = Artifact(path, code, agent_of(path), "", "", "")
    verdict = TechLeadSWEA().review(artifact, lint_artifacts([artifact]))
    found = (f for f in verdict.findings if f.rule == rule_id)
    return sorted({f.line for f in found if f.outcome == "confident_rejection"})


@pytest.mark.parametrize("rule_id", RULES)
def test_the_bad_example_is_rejected_at_its_lines(rule_id: str) -> None:
    example = page(rule_id)
    assert rejected_lines(rule_id, example.path, example.bad) == list(example.lines)


@pytest.mark.parametrize("rule_id", RULES)
def test_the_good_example_keeps_the_rule(rule_id: str) -> None:
    example = page(rule_id)
    assert rejected_lines(rule_id, example.path, example.good) == []


def test_the_docs_have_exactly_these_pages() -> None:
    shown = {path.stem: path.read_text(encoding="utf-8") for path in DOCS.glob("*.md")}
    assert shown.pop("index") == index_text(packaged_rules()), "run make docs"
    assert shown == {rule.id: page_text(rule) for rule in packaged_rules()}, "run make docs"
