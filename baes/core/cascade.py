"""Certainty first: a question is put to experts in order of their price.

Each answers with certainty or says why it isn't certain; the first certain answer is taken, and who
gave it is counted. Each optimisation is a rung here or a policy of one; its switch takes it away.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

__all__ = ["Cascade", "Outcome", "Rung"]

Q = TypeVar("Q")
A = TypeVar("A")


@dataclass(frozen=True, slots=True)
class Outcome(Generic[A]):
    """What an expert says; it is certain when it names no reason against it."""

    value: A | None
    reasons: tuple[str, ...] = ()
    by: str = "nobody"


@dataclass(frozen=True, slots=True)
class Rung(Generic[Q, A]):
    """One expert; ``ask`` never guesses."""

    name: str
    ask: Callable[[Q], Outcome[A]]
    enabled: bool = True


@dataclass(slots=True)
class Cascade(Generic[Q, A]):
    """The rungs for one question, with the count of who answered it."""

    question: str
    rungs: Iterable[Rung[Q, A]]
    counts: Counter[str] = field(default_factory=Counter)

    def ask(self, question: Q) -> Outcome[A]:
        """The first certain outcome, else the last one that has something to say."""
        best: Outcome[A] = Outcome(None, ("every expert is switched off",))
        for rung in (rung for rung in self.rungs if rung.enabled):
            outcome = dataclasses.replace(rung.ask(question), by=rung.name)
            if not outcome.reasons:
                self.counts[rung.name] += 1
                return outcome
            best = outcome if outcome.value is not None or best.value is None else best
        self.counts["nobody"] += 1
        return best
