"""The standards in a few lines an agent, for what a language model must know of them.

They are derived from the validation rules, so that what is asked for and what is checked can't
drift apart. The full standards, with reasons, are for the difficult cases: they cost several times
as much in every question.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

from baes.spec.pipeline import AgentName
from baes.standards.rule_catalogue import packaged_rules
from baes.standards.validation_rules import Pattern, ValidationRule

__all__ = ["Standards", "compressed_standards", "full_standards", "standards_for"]

MAX_LINES = 25
MAX_TOKENS = 300
CHARACTERS_A_TOKEN = 4
LEAST_APPROVAL = 0.85
COMPLEX_ENTITIES = 6
"""Entities from which a task is complex enough for the full standards."""


@dataclass(frozen=True, slots=True)
class Standards:
    """What one agent's code is held to."""

    agent: AgentName
    text: str

    @property
    def tokens(self) -> int:
        """About how many tokens the text is."""
        return len(self.text) // CHARACTERS_A_TOKEN + 1


@functools.cache
def compressed_standards(agent: AgentName) -> Standards:
    """One line a rule."""
    lines = [f"- {rule.description}" for rule in _rules_of(agent)]
    kept: list[str] = []
    for line in lines[:MAX_LINES]:
        if Standards(agent, "\n".join([*kept, line])).tokens >= MAX_TOKENS:
            break
        kept.append(line)
    return Standards(agent, "\n".join(kept))


@functools.cache
def full_standards(agent: AgentName) -> Standards:
    """Each rule with everything that it looks for."""
    parts = []
    for rule in _rules_of(agent):
        looked_for = [*_said("never", rule.prohibited), *_said("needed", rule.required)]
        looked_for += _said("doubtful", rule.uncertainty)
        parts.append("\n".join([f"{rule.id} ({rule.category}): {rule.description}", *looked_for]))
    return Standards(agent, "\n\n".join(parts))


def standards_for(
    agent: AgentName, *, compressed: bool, entities: int, approval_rate: float | None = None
) -> Standards:
    """The standards that a task wants: the full ones where it is complex, or too much is refused.

    Args:
        agent: Whose code it is.
        compressed: Whether they may be short at all.
        entities: How many the task is about.
        approval_rate: Share of the last reviews that approved; ``None``: nothing is known.
    """
    refused = approval_rate is not None and approval_rate < LEAST_APPROVAL
    if not compressed or refused or entities >= COMPLEX_ENTITIES:
        return full_standards(agent)
    return compressed_standards(agent)


def _rules_of(agent: AgentName) -> tuple[ValidationRule, ...]:
    kind = agent.removesuffix("SWEA").lower()
    return tuple(rule for rule in packaged_rules() if rule.enabled and kind in rule.applies_to)


def _said(word: str, patterns: tuple[Pattern, ...]) -> list[str]:
    lines = []
    for pattern in patterns:
        options = "; ".join(f"{key}: {', '.join(v)}" for key, v in pattern.options.items())
        looked = f" [{options}]" if options else ""
        lines.append(f"  {word}: {pattern.reason.replace('{note}', 'it')}{looked}")
    return lines
