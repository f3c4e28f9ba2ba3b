"""What a request was taken to mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from baes.spec.changes import AddEntity, AddRelationship, AddRule, Change
from baes.spec.model import Entity, Relationship
from baes.spec.rules import Rule

__all__ = ["Action", "Interpretation", "Question", "Source"]

Action = Literal["create", "evolve", "remove", "describe", "unclear"]
Source = Literal["local", "memory_cache", "persistent_cache", "llm"]


@dataclass(frozen=True, slots=True)
class Question:
    """Something specific that only the user can say."""

    text: str
    alternatives: tuple[str, ...] = ()
    """Answers that would do, the likeliest first."""


@dataclass(frozen=True, slots=True)
class Interpretation:
    """A request, understood; the fields are those that ``baes interpret`` prints."""

    action: Action
    confidence: float = 1.0
    """1.0 when every content word is explained and one reading is left, else less."""
    source: Source = "local"
    tokens: int = 0
    entities: tuple[Entity, ...] = ()
    relationships: tuple[Relationship, ...] = ()
    rules: tuple[Rule, ...] = ()
    changes: tuple[Change, ...] = ()
    about: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()
    background: tuple[str, ...] = ()
    custom: tuple[str, ...] = ()
    unexplained: tuple[str, ...] = ()
    question: Question | None = None
    language: str = "en"

    @property
    def is_certain(self) -> bool:
        """Whether it may be carried out without asking anybody."""
        return self.action != "unclear" and not self.unexplained and self.question is None

    def all_changes(self) -> tuple[Change, ...]:
        """Everything that the request does to a system, in an order that can be applied."""
        return (
            *(AddEntity(entity) for entity in self.entities),
            *(AddRelationship(relationship) for relationship in self.relationships),
            *(AddRule(rule) for rule in self.rules),
            *self.changes,
        )
