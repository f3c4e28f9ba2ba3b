"""Certainty first: a question is put to experts in order of their price.

Each either answers with certainty or says why it isn't certain; the first certain answer is taken,
and who gave it is counted. Every optimisation of BAES is a rung here or a policy of one, and its
switch takes the rung away.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

__all__ = ["Answer", "Cascade", "Certain", "Rung", "Uncertain"]

Q = TypeVar("Q")
A = TypeVar("A")


@dataclass(frozen=True, slots=True)
class Certain(Generic[A]):
    """An answer that its expert stands by."""

    value: A


@dataclass(frozen=True, slots=True)
class Uncertain(Generic[A]):
    """No certain answer: why, and what the expert would have said."""

    reasons: tuple[str, ...]
    best: A | None = None


@dataclass(frozen=True, slots=True)
class Rung(Generic[Q, A]):
    """One expert; ``ask`` never guesses."""

    name: str
    ask: Callable[[Q], Certain[A] | Uncertain[A]]
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class Answer(Generic[A]):
    """The first certain outcome, or the last uncertain one that has something to say."""

    outcome: Certain[A] | Uncertain[A]
    by: str
    """Name of the rung that gave it; empty if nobody was asked."""


@dataclass(slots=True)
class Cascade(Generic[Q, A]):
    """The rungs for one question, with the count of who answered it."""

    question: str
    rungs: Iterable[Rung[Q, A]]
    counts: Counter[str] = field(default_factory=Counter)

    def ask(self, question: Q) -> Answer[A]:
        """The answer of the first rung that is certain."""
        answer: Answer[A] = Answer(Uncertain(("nobody was asked",)), "")
        for rung in (rung for rung in self.rungs if rung.enabled):
            outcome = rung.ask(question)
            if isinstance(outcome, Certain):
                self.counts[rung.name] += 1
                return Answer(outcome, rung.name)
            if outcome.best is not None or not answer.by:
                answer = Answer(outcome, rung.name)
        self.counts["nobody"] += 1
        return answer
