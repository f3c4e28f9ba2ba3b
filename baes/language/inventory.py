"""What a system has already, by the words that its users have for it.

A request about what is there is read against these names, so that a name of any shape is known as
one: "date of birth", "on display", "e-mail".
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass

from baes.language.vocabulary import Vocabulary, vocabulary
from baes.spec.model import Attribute, Entity, Relationship, SystemSpec
from baes.spec.names import snake_case, words_of

__all__ = ["EMPTY", "Inventory", "Place", "squeezed"]

_SYNONYM_TYPES = ("email", "phone", "url")
"""Types whose words all mean the one attribute of that type that is named by one of them."""


@dataclass(frozen=True, slots=True)
class Place:
    """An attribute or a link of an entity."""

    entity: Entity
    thing: Attribute | Relationship
    far: bool = False
    """Whether the link is another entity's, seen from the one that it leads to."""


def squeezed(words: list[str], lexicon: Vocabulary) -> str:
    """The words of a name as they are compared: in the singular, "e-mail" like "email"."""
    if not words:
        return ""
    return "".join([*words[:-1], lexicon.singular(words[-1])])


class Inventory:
    """The names of a system's entities, attributes and links.

    Args:
        spec: The system.
        lexicon: The language that requests are read in.
    """

    def __init__(self, spec: SystemSpec, lexicon: Vocabulary | None = None) -> None:
        self.spec = spec
        self._lexicon = lexicon
        self.entities = {snake_case(e.name): e for e in spec}
        """Key of a noun -> entity."""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing yet."""
        return not self.entities

    def entity(self, key: str) -> Entity | None:
        """The entity that a noun's key means: itself, or the only one with it as its chief word."""
        if key in self.entities or self._lexicon is None:
            return self.entities.get(key)
        labelled = [e for e in self.spec if e.label and key == self._label_key(e)]
        if labelled:
            return labelled[0]
        headed = [e for name, e in self.entities.items() if self._lexicon.is_headed(name, key)]
        return headed[0] if len(headed) == 1 else None

    def _label_key(self, entity: Entity) -> str:
        assert self._lexicon is not None, "it has entities"  # noqa: S101
        return self._lexicon.singular("_".join(words_of(entity.label)))

    def is_name(self, words: list[str]) -> bool:
        """Whether some words are the name of an attribute or link of any entity."""
        return self._lexicon is not None and squeezed(words, self._lexicon) in self._places

    def places(self, words: list[str], entity: Entity | None = None) -> tuple[Place, ...]:
        """All that goes by a name, with an entity only what that one has."""
        if self._lexicon is None:
            return ()
        key = squeezed(words, self._lexicon)
        found = self._owned(key, entity)
        if not found and entity is not None:  # "course title" of a course
            own = "".join(words_of(entity.name))
            longer, shorter = own + key, key.removeprefix(own)
            found = self._owned(longer, entity) or (self._owned(shorter, entity) if shorter else ())
        return found or self._synonyms(key, entity)

    def _owned(self, key: str, entity: Entity | None) -> tuple[Place, ...]:
        found = self._places.get(key, ())
        return tuple(p for p in found if entity is None or p.entity is entity)

    def _synonyms(self, key: str, entity: Entity | None) -> tuple[Place, ...]:
        """As in "phone" for a phone number: where one attribute only can be meant."""
        assert self._lexicon is not None, "it was asked for places"  # noqa: S101
        for type_ in _SYNONYM_TYPES:
            words = _type_words(self._lexicon, type_)
            if key not in words:
                continue
            owners = [entity] if entity is not None else list(self.spec)
            found = [
                Place(owner, a)
                for owner in owners
                for a in owner.attributes
                if squeezed(words_of(a.name), self._lexicon) in words
            ]
            return tuple(found) if len(found) == 1 else ()
        return ()

    @functools.cached_property
    def _places(self) -> dict[str, tuple[Place, ...]]:
        assert self._lexicon is not None, "the empty inventory has no places"  # noqa: S101
        found: dict[str, list[Place]] = {}
        for name, place in _names(self.spec):
            places = found.setdefault(squeezed(words_of(name), self._lexicon), [])
            if place not in places:
                places.append(place)
        return {key: tuple(places) for key, places in found.items()}


def _names(spec: SystemSpec) -> Iterator[tuple[str, Place]]:
    """Every name under which something is known; the target's own name is a link's too."""
    for entity in spec:
        for attribute in entity.attributes:
            yield attribute.name, Place(entity, attribute)
            if attribute.label:
                yield attribute.label, Place(entity, attribute)
        for link in spec.outgoing(entity.name):
            yield link.name, Place(entity, link)
            if link.target != entity.name:
                yield link.target, Place(entity, link)
        for link in spec.incoming(entity.name):
            if link.source != entity.name:
                yield link.source, Place(entity, link, far=True)


@functools.cache
def _type_words_of(language: str, type_: str) -> frozenset[str]:
    lexicon = vocabulary(language)
    phrases = (
        [first, *rest]
        for first, entries in lexicon.entries.items()
        for rest, tag, value in entries
        if tag == "type" and value == type_
    )
    return frozenset(squeezed(words_of(" ".join(words)), lexicon) for words in phrases)


def _type_words(lexicon: Vocabulary, type_: str) -> frozenset[str]:
    return _type_words_of(lexicon.language, type_)


EMPTY = Inventory(SystemSpec())
"""Of a system that is not there yet."""
