"""What a request leaves open is asked, never guessed."""

from __future__ import annotations

import textwrap

from baes.core.consents import Consents
from baes.errors import NeedsModel, Unclear
from baes.spec.interpretation import Interpretation
from baes.texts import Message

__all__ = ["refuse_open_ends"]

MAX_FRAGMENTS = 3
"""Fragments of a request that a message repeats."""

MAX_QUOTED = 80
"""Characters of a fragment that a message repeats."""


def refuse_open_ends(
    interpretation: Interpretation, consents: Consents, *, has_model: bool
) -> None:
    """Ask instead of guessing.

    Raises:
        Unclear: A part of the request is not understood, or has two meanings.
        NeedsModel: A fragment wants a language model.
    """
    if not interpretation.is_certain:
        asked = interpretation.question
        question = asked.text if asked else Message.of("core.open.example")
        answers = asked.alternatives if asked else ()
        if interpretation.unexplained and interpretation.entities:
            fragments = _quoted(interpretation.unexplained)
            raise Unclear.of(
                "core.error.not_understood",
                fragments=fragments,
                question=question,
                answers=answers,
            )
        raise Unclear.of("core.error.unclear", question=question, answers=answers)
    if interpretation.custom and not (has_model or consents.without_custom):
        key = "needs_model" if interpretation.all_changes() else "needs_only_a_model"
        raise NeedsModel.of(f"core.error.{key}", fragments=_quoted(interpretation.custom))


def _quoted(fragments: tuple[str, ...]) -> object:
    """The first few fragments, each cut to a readable length."""
    cut = [textwrap.shorten(f, MAX_QUOTED, placeholder=" …") for f in fragments[:MAX_FRAGMENTS]]
    shown = ", ".join(f"“{fragment}”" for fragment in cut)
    more = len(fragments) - MAX_FRAGMENTS
    return Message.of("core.open.more", shown=shown, count=more) if more > 0 else shown
