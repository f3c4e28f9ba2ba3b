"""A part of a system that no template expresses: the fragment of a request, and what became of it.

It is beside the specification and not in it: what is in the specification is known to be true of
the system, of this only that its tests passed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

__all__ = ["CustomPart", "Moment", "custom_from_json", "custom_to_json"]

Moment = Literal[
    "before_create",
    "after_create",
    "before_update",
    "after_update",
    "before_delete",
    "after_delete",
]


@dataclass(frozen=True, slots=True)
class CustomPart:
    """One fragment."""

    fragment: str
    """In the user's words."""
    entity: str = ""
    """Whose records it is about; empty while it is open."""
    what: str = ""
    """The function's name, and the end of its file's."""
    moments: tuple[Moment, ...] = ()
    code: str = ""
    """The function and its helpers, without imports; empty: the part is open."""
    tests: str = ""
    model: str = ""
    """Which language model wrote it."""
    why_open: str = ""
    """Empty: it was left out on the user's wish; else the key of a text."""

    @property
    def is_open(self) -> bool:
        """Whether nothing does what the fragment asks for."""
        return not self.code


def custom_to_json(part: CustomPart) -> dict[str, Any]:
    """The stored form of a part."""
    fields = ("fragment", "entity", "what", "code", "tests", "model", "why_open")
    return {name: getattr(part, name) for name in fields} | {"moments": list(part.moments)}


def custom_from_json(data: Mapping[str, Any]) -> CustomPart:
    """The part that was stored."""
    return CustomPart(**{**data, "moments": tuple(data["moments"])})
