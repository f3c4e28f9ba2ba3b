"""Domain packs: what a line of business calls its records and what these usually hold.

A pack is TOML (docs/domain-packs.md); the packaged ones and a project's own are read by the same
functions, which name the file, the key and the mend of whatever they refuse. A project's pack is
looked through at once. The packaged ones know over a hundred entities, of which a request needs a
few, and are tested; so of these only the words are read before somebody asks.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from baes.datafiles import load_toml
from baes.domain_entities.pack_attributes import Concepts, offered
from baes.domain_entities.pack_faults import fault, is_language, known_keys, table, words_in
from baes.spec.knowledge import EntityKnowledge
from baes.spec.model import Attribute
from baes.spec.names import is_entity_name, snake_case

__all__ = ["PACKAGED", "DomainPack", "extended", "packaged_packs", "parse_pack"]

PACKAGED = ("academic", "business", "people", "health", "property", "events", "personal")
"""The packs that come with the product."""
_COMMON = "common"
"""The file of the attributes that all packs share."""

_Offer = tuple[Attribute, ...]


@dataclass(frozen=True, slots=True)
class DomainPack:
    """The entities that a pack knows, in its order."""

    source: str
    """The file, as it is named in messages."""
    entities: tuple[EntityKnowledge, ...]


@functools.cache
def packaged_packs() -> tuple[DomainPack, ...]:
    """The packs that come with the product."""
    return tuple(_packaged(name) for name in PACKAGED)


def parse_pack(data: Mapping[str, Any], source: str) -> DomainPack:
    """A pack out of its parsed TOML.

    Args:
        data: What the file holds.
        source: The file's name, for messages.

    Raises:
        InvalidSpec: Naming the file, the key and the mend.
    """
    known_keys(data, {"attribute", "entity"}, source, "the file")
    concepts = Concepts(table(data, "attribute", source), source, _common)
    concepts.all()
    entities = tuple(
        _entity(name, entry, concepts, source)
        for name, entry in table(data, "entity", source).items()
    )
    if not entities:
        raise fault(source, "entity", "the pack knows no entity", "add a table [entity.Name]")
    _refuse_shared_words(entities, source)
    return DomainPack(source, entities)


def extended(known: EntityKnowledge, by: EntityKnowledge) -> EntityKnowledge:
    """What is known of an entity, with a further pack's words first and its attributes on top."""
    languages = dict.fromkeys((*by.words, *known.words))
    words = {
        language: tuple(
            dict.fromkeys((*by.words.get(language, ()), *known.words.get(language, ())))
        )
        for language in languages
    }
    return EntityKnowledge(
        known.name,
        words,
        {**known.attributes, **by.attributes},
        {**known.defaults, **by.defaults},
    )


class _Defaults(Mapping[str, tuple[Attribute, ...]]):
    """What a packaged entity offers, made when somebody asks for a language's."""

    def __init__(self, languages: tuple[str, ...], make: Callable[[str], _Offer]) -> None:
        self._languages = languages
        self._make = functools.cache(make)

    def __getitem__(self, language: str) -> tuple[Attribute, ...]:
        if language not in self._languages:
            raise KeyError(language)
        return self._make(language)

    def __iter__(self) -> Iterator[str]:
        return iter(self._languages)

    def __len__(self) -> int:
        return len(self._languages)


class _Attributes(Mapping[str, Attribute]):
    """What is known of a packaged entity's attributes, each made when its word is looked up."""

    def __init__(self, keys: tuple[str, ...], concepts: Concepts) -> None:
        self._keys = keys
        self._concepts = concepts
        self._places: dict[str, tuple[str, str, int]] | None = None
        """Word as it stands in names -> (key, language, which of its words)."""

    def _index(self) -> dict[str, tuple[str, str, int]]:
        if self._places is None:
            self._places = {
                _in_names(word): (key, language, n)
                for key in reversed(self._keys)  # of two with one word, the first is meant
                for language, words in self._concepts.words(key).items()
                for n, word in enumerate(words)
            }
        return self._places

    def __getitem__(self, name: str) -> Attribute:
        key, language, n = self._index()[name]
        return self._concepts.find(key, "").named[language][n]

    def __iter__(self) -> Iterator[str]:
        return iter(self._index())

    def __len__(self) -> int:
        return len(self._index())


def _in_names(word: str) -> str:
    """A word as snake_case; most need no work."""
    plain = word.replace(" ", "_")
    return (
        plain if plain.isascii() and plain.islower() and plain.isidentifier() else snake_case(word)
    )


def _packaged(name: str) -> DomainPack:
    source = f"{name}.toml"
    data = load_toml(f"domain_entities/packs/{source}")
    concepts = Concepts(data.get("attribute", {}), source, _common)
    entities = (_on_demand(e, entry, concepts, source) for e, entry in data["entity"].items())
    return DomainPack(source, tuple(entities))


@functools.cache
def _common() -> Concepts:
    source = f"{_COMMON}.toml"
    return Concepts(load_toml(f"domain_entities/packs/{source}")["attribute"], source)


def _on_demand(
    name: str, entry: Mapping[str, Any], concepts: Concepts, source: str
) -> EntityKnowledge:
    words = {k: tuple(word.casefold() for word in v) for k, v in entry.items() if is_language(k)}
    return EntityKnowledge(
        name,
        words,
        _Attributes(tuple(entry["attributes"]), concepts),
        _Defaults(
            tuple(words),
            lambda language: offered(
                entry["defaults"], language, concepts, source, f"entity.{name}"
            ),
        ),
    )


def _entity(name: str, entry: object, concepts: Concepts, source: str) -> EntityKnowledge:
    place = f"entity.{name}"
    if not isinstance(entry, dict) or not is_entity_name(name):
        raise fault(source, place, "is no entity", "write [entity.Name], Name in PascalCase")
    words = {k: words_in(v, source, f"{place}.{k}") for k, v in entry.items() if is_language(k)}
    rest = {k: v for k, v in entry.items() if not is_language(k)}
    known_keys(rest, {"attributes", "defaults"}, source, place)
    if not words:
        raise fault(source, place, "has no words", f'add a line such as en = ["{name.lower()}"]')
    own = [concepts.find(key, f"{place}.attributes") for key in rest.get("attributes", ())]
    attributes: dict[str, Attribute] = {
        attribute.name: attribute
        for concept in reversed(own)  # of two with one word, the one named first is meant
        for called in concept.named.values()
        for attribute in called
    }
    defaults = {
        language: offered(rest["defaults"], language, concepts, source, place)
        for language in words
        if rest.get("defaults")
    }
    lowered = {k: tuple(word.casefold() for word in called) for k, called in words.items()}
    return EntityKnowledge(name, lowered, attributes, defaults)


def _refuse_shared_words(entities: tuple[EntityKnowledge, ...], source: str) -> None:
    owners: dict[tuple[str, str], str] = {}
    for entity in entities:
        for language, words in entity.words.items():
            for word in words:
                other = owners.setdefault((language, word), entity.name)
                if other != entity.name:
                    place = f"entity.{entity.name}.{language}"
                    raise fault(source, place, f"{word!r} is {other} already", "keep it in one")
