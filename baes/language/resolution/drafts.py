"""What resolution builds up: entities in the making, and why something can't be decided."""

from __future__ import annotations

from dataclasses import dataclass, field

from baes.language.facts import Links, Noun, Said
from baes.spec.changes import Change
from baes.spec.interpretation import Question
from baes.spec.model import Entity, Relationship
from baes.spec.rules import Rule

__all__ = ["AttributeDraft", "Doubt", "EntityDraft", "LinkDraft", "Resolved"]


class Doubt(Exception):
    """Something that only the user can decide; caught where resolution began."""

    def __init__(self, question: Question) -> None:
        super().__init__(question.text)
        self.question = question


@dataclass(slots=True)
class AttributeDraft:
    """An attribute in the making."""

    noun: Noun
    name: str
    said: Said


@dataclass(slots=True)
class EntityDraft:
    """An entity in the making."""

    key: str
    noun: Noun
    weak: bool
    exists: bool = False
    """Whether it is part of the system already."""
    attributes: list[AttributeDraft] = field(default_factory=list)

    def find(self, name: str) -> AttributeDraft | None:
        """The attribute of that name, if there is one."""
        return next((a for a in self.attributes if a.name == name), None)


@dataclass(slots=True)
class LinkDraft:
    """A statement about two entities, by their keys."""

    source: str
    target: str
    fact: Links
    required: bool | None = None


@dataclass(frozen=True, slots=True)
class Resolved:
    """All that the facts come to."""

    entities: tuple[Entity, ...] = ()
    relationships: tuple[Relationship, ...] = ()
    rules: tuple[Rule, ...] = ()
    """Those of a create; in an evolve each is a change."""
    changes: tuple[Change, ...] = ()
    assumptions: tuple[str, ...] = ()
    question: Question | None = None
    about: tuple[str, ...] = ()
    """Names of the entities that a question is about."""
    settled: bool = False
    """Whether all that was asked for is so already."""
