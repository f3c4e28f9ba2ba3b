"""Stage 6: facts in the user's words become entities, attributes and relationships."""

from __future__ import annotations

from baes.language.resolution.drafts import Resolved
from baes.language.resolution.resolve import resolve

__all__ = ["Resolved", "resolve"]
