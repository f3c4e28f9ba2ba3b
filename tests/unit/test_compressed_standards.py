"""The short standards are short, come from the rules, and give way where they don't suffice."""

from __future__ import annotations

from typing import get_args

import pytest

from baes.spec.pipeline import AgentName
from baes.standards.compressed_standards import (
    compressed_standards,
    full_standards,
    standards_for,
)
from baes.standards.rule_catalogue import packaged_rules

AGENTS: tuple[AgentName, ...] = get_args(AgentName)


@pytest.mark.parametrize("agent", AGENTS)
def test_they_have_at_most_25_lines_and_300_tokens(agent: AgentName) -> None:
    short = compressed_standards(agent)
    assert 10 <= len(short.text.splitlines()) <= 25
    assert short.tokens < 300
    assert full_standards(agent).tokens > 3 * short.tokens


@pytest.mark.parametrize("agent", AGENTS)
def test_each_line_is_a_rule_of_the_agent(agent: AgentName) -> None:
    kind = agent.removesuffix("SWEA").lower()
    descriptions = {f"- {r.description}" for r in packaged_rules() if kind in r.applies_to}
    assert set(compressed_standards(agent).text.splitlines()) <= descriptions


@pytest.mark.parametrize(
    ("compressed", "entities", "rate", "is_short"),
    [
        (True, 1, None, True),
        (True, 5, 0.85, True),
        (True, 6, 1.0, False),
        (True, 1, 0.84, False),
        (False, 1, 1.0, False),
    ],
)
def test_complexity_refusals_and_the_switch_ask_for_the_full_ones(
    compressed: bool, entities: int, rate: float | None, is_short: bool
) -> None:
    chosen = standards_for(
        "BackendSWEA", compressed=compressed, entities=entities, approval_rate=rate
    )
    wanted = compressed_standards if is_short else full_standards
    assert chosen == wanted("BackendSWEA")
