"""Experts in order of their price."""

from __future__ import annotations

from baes.core.cascade import Cascade, Outcome, Rung


def rung(name: str, outcome: Outcome[str], *, enabled: bool = True) -> Rung[str, str]:
    return Rung(name, lambda _: outcome, enabled)


def test_the_first_certain_expert_answers_and_is_counted() -> None:
    cascade = Cascade(
        "q",
        (rung("a", Outcome("maybe", ("?",))), rung("b", Outcome("yes")), rung("c", Outcome("no"))),
    )
    assert cascade.ask("x") == Outcome("yes", (), "b")
    assert cascade.counts == {"b": 1}


def test_a_switched_off_expert_is_not_asked() -> None:
    def explode(_: str) -> Outcome[str]:
        raise AssertionError

    cascade = Cascade("q", (Rung("a", explode, enabled=False), rung("b", Outcome("yes"))))
    assert cascade.ask("x").by == "b"


def test_without_a_certain_expert_the_best_guess_is_told_with_its_reasons() -> None:
    cascade = Cascade(
        "q", (rung("a", Outcome("guess", ("unsure",))), rung("b", Outcome(None, ("no idea",))))
    )
    assert cascade.ask("x") == Outcome("guess", ("unsure",), "a")
    assert cascade.counts == {"nobody": 1}


def test_nobody_answers_when_all_are_switched_off() -> None:
    cascade = Cascade("q", (rung("a", Outcome("yes"), enabled=False),))
    outcome = cascade.ask("x")
    assert outcome.value is None
    assert outcome.reasons
    assert outcome.by == "nobody"
