"""What an undo would do, as a question."""

from __future__ import annotations

from baes.core.change_texts import change_texts
from baes.core.preview import Preview
from baes.core.undo import UndoPlan
from baes.errors import NeedsConsent
from baes.spec.apply import apply
from baes.spec.model import SystemSpec

__all__ = ["undo_question"]


def undo_question(
    plan: UndoPlan, current: SystemSpec, found: Preview, language: str
) -> NeedsConsent:
    """Asks whether the requests of a plan shall be taken back.

    Args:
        plan: What would be done.
        current: The system as it is.
        found: What it would do to the data.
        language: Of the question.
    """
    after = apply(current, plan.changes)
    changes = change_texts(current, after, plan.changes, language)
    return NeedsConsent.of(
        "core.error.redo" if plan.is_redo else "core.error.undo",
        requests="; ".join(f"{e.number} “{e.memory.text}”" for e in plan.entries),
        effects=" ".join((*changes, *(e.spoken(language) for e in found.of("loses", "tells")))),
    )
