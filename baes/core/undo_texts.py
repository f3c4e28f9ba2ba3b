"""What an undo would do, as a question."""

from __future__ import annotations

import textwrap

from baes.core.change_texts import change_texts
from baes.core.history import Entry
from baes.core.preview import Preview
from baes.core.undo import UndoPlan
from baes.errors import NeedsConsent
from baes.spec.apply import apply
from baes.spec.model import SystemSpec

__all__ = ["undo_question"]

TITLE_LENGTH = 80


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
        requests="; ".join(f"{e.number} “{_title(e)}”" for e in plan.entries),
        effects=" ".join((*changes, *(e.spoken(language) for e in found.of("loses", "tells")))),
    )


def _title(entry: Entry) -> str:
    """The beginning of a request, which may be a page long."""
    first = entry.memory.text.strip().splitlines()[:1]
    return textwrap.shorten("".join(first), TITLE_LENGTH, placeholder=" …")
