"""What the domain agents know of words, as the interpreter is told it.

The interpreter reads grammar and knows no business; the domain packs know the business and no
grammar. This value is all that passes between them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from baes.spec.model import Attribute

__all__ = ["EntityKnowledge", "Knowledge"]


@dataclass(frozen=True, slots=True)
class EntityKnowledge:
    """One entity that a domain pack knows."""

    name: str
    """Canonical, singular, PascalCase, in English: ``Student``."""
    words: Mapping[str, tuple[str, ...]]
    """Language -> singular words for it in lower case, as written: ``{"pt": ("aluno", …)}``."""
    attributes: Mapping[str, Attribute] = field(default_factory=dict)
    """Folded snake_case word of any language -> type and limits that it suggests here."""
    defaults: Mapping[str, tuple[Attribute, ...]] = field(default_factory=dict)
    """Language -> attributes offered when a request names none."""


@dataclass(frozen=True, slots=True)
class Knowledge:
    """All entities that the registered domain agents know."""

    entities: tuple[EntityKnowledge, ...] = ()

    def of(self, word: str) -> EntityKnowledge | None:
        """Who knows a singular word, in any language, letter case aside."""
        wanted = word.casefold()
        for entity in self.entities:
            if any(wanted in words for words in entity.words.values()):
                return entity
        return None
