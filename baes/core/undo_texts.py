"""What an undo would do, as a question."""

from __future__ import annotations

from baes.core.change_texts import change_text
from baes.core.undo import UndoPlan
from baes.errors import NeedsConsent

__all__ = ["undo_question"]


def undo_question(plan: UndoPlan, language: str) -> NeedsConsent:
    """Asks whether the requests of a plan shall be taken back."""
    verb = "Do again what was undone" if plan.is_redo else "Take back"
    requests = "; ".join(f"{e.number} “{e.memory.text}”" for e in plan.entries)
    effects = " ".join(change_text(change, language) for change in plan.changes)
    return NeedsConsent(
        f"this would {verb.lower()}: {requests}",
        effects,
        "run the command again with --yes",
        question=f"{verb} {requests}? {effects}",
        alternatives=("--yes",),
    )
