"""The values that flow from an interpretation to a running system."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from baes.spec.changes import Change
from baes.spec.model import SystemSpec

__all__ = [
    "AgentName",
    "Artifact",
    "Diagnostic",
    "Finding",
    "GenerationContext",
    "Outcome",
    "Plan",
    "ReviewMethod",
    "Task",
    "Verdict",
]

AgentName = Literal["DatabaseSWEA", "BackendSWEA", "FrontendSWEA", "TestSWEA"]
Outcome = Literal["confident_approval", "confident_rejection", "uncertain"]
ReviewMethod = Literal[
    "confident_regex_approval", "confident_regex_rejection", "llm_semantic_review", "undecided"
]


@dataclass(frozen=True, slots=True)
class GenerationContext:
    """Everything that generated code is a function of."""

    old: SystemSpec
    changes: tuple[Change, ...]
    new: SystemSpec
    everything: bool = False
    """Whether all files are written anew, and not only those that the changes touch."""

    @property
    def revision(self) -> str:
        """Id of the migration from the old system to the new one: ``"0003"``."""
        return revision_id(self.new.version)

    @property
    def down_revision(self) -> str | None:
        """Id of the migration before it; ``None`` for the first."""
        return revision_id(self.old.version) if self.old.version else None


def revision_id(version: int) -> str:
    """The migration that leads to a version of the specification."""
    return f"{version:04d}"


@dataclass(frozen=True, slots=True)
class Task:
    """One agent's work on one entity, or on the whole system."""

    id: str
    """``BackendSWEA:Student``; ``BackendSWEA:`` for the whole system."""
    agent: AgentName
    entity: str
    """Empty: what belongs to the whole system."""
    depends_on: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """Which agent does what for a request, and after what."""

    tasks: tuple[Task, ...]


@dataclass(frozen=True, slots=True)
class Artifact:
    """One generated file."""

    path: str
    """Relative to the managed system's folder, with forward slashes."""
    content: str
    agent: AgentName
    kind: str
    """The artifact type of its template: ``model``, ``routes``, ``page`` …"""
    template: str
    """``backend/routes.py.j2``."""
    template_version: str
    entity: str = ""
    keep_existing: bool = False
    """People's own from the first day: written when missing, never again."""


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """What the linter says about one line of an artifact."""

    path: str
    line: int
    code: str
    message: str
    column: int = 0


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule says about one artifact."""

    rule: str
    outcome: Outcome
    reason: str
    line: int = 0
    """1-based; 0 where the finding is about the whole file."""
    column: int = 0
    """1-based; 0 where the finding is about the whole line."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The review of one artifact."""

    path: str
    outcome: Outcome
    method: ReviewMethod
    findings: tuple[Finding, ...] = ()
    seconds: float = 0.0
