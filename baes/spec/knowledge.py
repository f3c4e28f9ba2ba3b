"""What the domain agents know of words, as the interpreter is told it.

The interpreter reads grammar and knows no business; the domain packs know the business and no
grammar. This value is all that passes between them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from baes.spec.model import Attribute
from baes.spec.names import words_of

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
    """All entities that the domain agents know; of two with one word the first is meant."""

    entities: tuple[EntityKnowledge, ...] = ()
    _indexes: dict[str, dict[str, EntityKnowledge]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    """Language, or nothing for all of them -> words as they stand in names -> who knows them."""

    def of(self, word: str, language: str = "") -> EntityKnowledge | None:
        """Who knows a singular word, with or without its accents.

        Args:
            word: As people write it, or as it stands in a name: ``OrderItem``.
            language: Whose words count; else those of any.
        """
        index = self._indexes.get(language)
        if index is None:
            index = self._indexes[language] = self._index(language)
        return index.get(_key(word))

    def _index(self, language: str) -> dict[str, EntityKnowledge]:
        index: dict[str, EntityKnowledge] = {}
        for entity in self.entities:
            for word in _words(entity, language):
                index.setdefault(_key(word), entity)
        return index


def _words(entity: EntityKnowledge, language: str) -> Iterator[str]:
    if language:
        yield from entity.words.get(language, ())
        return
    yield entity.name
    for words in entity.words.values():
        yield from words


def _key(word: str) -> str:
    """A word without what writers leave out; most words need no work."""
    if word.isascii() and word.islower() and word.isalpha():
        return word
    return " ".join(words_of(word))
