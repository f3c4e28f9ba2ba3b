"""Domain packs: what a line of business calls its records and what these usually hold.

A pack is TOML (docs/domain-packs.md); the packaged ones and a project's own are read by the same
loader, which names the file, the key and the mend of whatever it refuses.
"""

from __future__ import annotations

import dataclasses
import datetime
import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from baes.datafiles import load_toml
from baes.errors import BaesError, InvalidSpec
from baes.spec.attribute_types import ATTRIBUTE_TYPES
from baes.spec.knowledge import EntityKnowledge
from baes.spec.model import Attribute, Call
from baes.spec.names import AttributeName, is_attribute_name, is_entity_name, snake_case

__all__ = ["DomainPack", "extended", "packaged_packs", "parse_pack"]

_PACKAGED = ("academic",)
_LIMITS = (
    "required", "unique", "default", "min", "max", "exclusive_min", "exclusive_max", "min_length",
    "max_length", "pattern", "choices", "scale", "unit",
)  # fmt: skip
_HELP = "docs/domain-packs.md shows how a pack is written"


@dataclass(frozen=True, slots=True)
class DomainPack:
    """The entities that a pack knows, in its order."""

    source: str
    """The file, as it is named in messages."""
    entities: tuple[EntityKnowledge, ...]


@functools.cache
def packaged_packs() -> tuple[DomainPack, ...]:
    """The packs that come with the product."""
    return tuple(
        parse_pack(load_toml(f"domain_entities/packs/{name}.toml"), f"{name}.toml")
        for name in _PACKAGED
    )


def parse_pack(data: Mapping[str, Any], source: str) -> DomainPack:
    """A pack out of its parsed TOML.

    Args:
        data: What the file holds.
        source: The file's name, for messages.

    Raises:
        InvalidSpec: Naming the file, the key and the mend.
    """
    _known_keys(data, {"attribute", "entity"}, source, "the file")
    entries = _table(data, "attribute", source)
    concepts = {key: _concept(key, entry, source) for key, entry in entries.items()}
    entities = tuple(
        _entity(name, entry, concepts, source)
        for name, entry in _table(data, "entity", source).items()
    )
    if not entities:
        raise _fault(source, "entity", "the pack knows no entity", "add a table [entity.Name]")
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


@dataclass(frozen=True, slots=True)
class _Concept:
    """An attribute of a pack, under each of its names."""

    key: str
    named: dict[str, tuple[Attribute, ...]]
    """Language -> the attribute as each word calls it, the word that is offered first."""


def _concept(key: str, entry: object, source: str) -> _Concept:
    place = f"attribute.{key}"
    if not isinstance(entry, dict):
        raise _fault(source, place, "is no table", f"write [attribute.{key}]")
    words = {k: _words(v, source, f"{place}.{k}") for k, v in entry.items() if _is_language(k)}
    fields = {k: v for k, v in entry.items() if not _is_language(k) and k != "label"}
    _known_keys(fields, {"type", *_LIMITS}, source, place)
    if fields.get("type") not in ATTRIBUTE_TYPES:
        types = ", ".join(ATTRIBUTE_TYPES)
        raise _fault(source, f"{place}.type", f"{fields.get('type')!r} is no type", f"use {types}")
    if not words:
        raise _fault(source, place, "has no words", f'add a line such as en = ["{key}"]')
    labels = _table(entry, "label", source)
    _known_keys(labels, set(words), source, f"{place}.label")
    return _Concept(
        key,
        {
            language: tuple(
                _attribute(word, "" if n else labels.get(language, ""), fields, source, place)
                for n, word in enumerate(called)
            )
            for language, called in words.items()
        },
    )


def _attribute(word: str, label: str, fields: dict[str, Any], source: str, place: str) -> Attribute:
    name = AttributeName.from_text(word)
    try:
        return Attribute(name.name, label=label or name.label, **_frozen(fields))
    except BaesError as exc:
        raise _fault(source, place, exc.what, exc.why or _HELP) from exc


def _entity(
    name: str, entry: object, concepts: Mapping[str, _Concept], source: str
) -> EntityKnowledge:
    place = f"entity.{name}"
    if not isinstance(entry, dict) or not is_entity_name(name):
        raise _fault(source, place, "is no entity", "write [entity.Name], Name in PascalCase")
    words = {k: _words(v, source, f"{place}.{k}") for k, v in entry.items() if _is_language(k)}
    rest = {k: v for k, v in entry.items() if not _is_language(k)}
    _known_keys(rest, {"attributes", "defaults"}, source, place)
    if not words:
        raise _fault(source, place, "has no words", f'add a line such as en = ["{name.lower()}"]')
    own = [
        _find(concepts, key, source, f"{place}.attributes") for key in rest.get("attributes", ())
    ]
    return EntityKnowledge(
        name=name,
        words={k: tuple(word.casefold() for word in called) for k, called in words.items()},
        attributes={
            attribute.name: attribute
            for concept in reversed(own)  # of two with one word, the one named first is meant
            for attributes in concept.named.values()
            for attribute in attributes
        },
        defaults={
            language: _defaults(rest.get("defaults", ()), language, concepts, source, place)
            for language in words
            if rest.get("defaults")
        },
    )


def _defaults(
    entries: Iterable[object],
    language: str,
    concepts: Mapping[str, _Concept],
    source: str,
    place: str,
) -> tuple[Attribute, ...]:
    attributes = []
    for entry in entries:
        more = dict(entry) if isinstance(entry, dict) else {"attribute": entry}
        concept = _find(concepts, more.pop("attribute", None), source, f"{place}.defaults")
        _known_keys(more, set(_LIMITS), source, f"{place}.defaults")
        if language not in concept.named:
            raise _fault(
                source,
                f"attribute.{concept.key}",
                f"has no word in the language {language}, in which {place} offers it",
                f'add a line such as {language} = ["…"]',
            )
        attributes.append(_with_limits(concept.named[language][0], more, source, place))
    return tuple(attributes)


def _with_limits(attribute: Attribute, more: dict[str, Any], source: str, place: str) -> Attribute:
    try:
        return dataclasses.replace(attribute, **_frozen(more)) if more else attribute
    except BaesError as exc:
        raise _fault(source, f"{place}.defaults", exc.what, exc.why or _HELP) from exc


def _find(concepts: Mapping[str, _Concept], key: object, source: str, place: str) -> _Concept:
    if not isinstance(key, str) or key not in concepts:
        raise _fault(source, place, f"there is no attribute {key!r}", f"add [attribute.{key}]")
    return concepts[key]


def _words(value: object, source: str, place: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not value or not all(isinstance(w, str) for w in value):
        raise _fault(source, place, "is no list of words", 'write it like ["student", "pupil"]')
    words = tuple(dict.fromkeys(value))
    for word in words:
        if not is_attribute_name(snake_case(word)):
            raise _fault(source, place, f"{word!r} can't be a name", "begin it with a letter")
    return words


def _refuse_shared_words(entities: tuple[EntityKnowledge, ...], source: str) -> None:
    owners: dict[tuple[str, str], str] = {}
    for entity in entities:
        for language, words in entity.words.items():
            for word in words:
                other = owners.setdefault((language, word), entity.name)
                if other != entity.name:
                    place = f"entity.{entity.name}.{language}"
                    raise _fault(source, place, f"{word!r} is {other} already", "keep it in one")


def _is_language(key: str) -> bool:
    return len(key) == 2 and key.isascii() and key.islower()


def _frozen(fields: Mapping[str, Any]) -> dict[str, Any]:
    """TOML's values as those of a specification: exact numbers, dates as text, tuples."""
    return {k: tuple(map(_exact, v)) if isinstance(v, list) else _exact(v)
            for k, v in fields.items()}  # fmt: skip


def _exact(value: Any) -> Any:
    match value:
        case float():
            return Decimal(str(value))
        case datetime.date() | datetime.time():
            return value.isoformat()
        case {"call": "today" | "now" as call}:
            return Call(call)
        case _:
            return value


def _table(data: Mapping[str, Any], key: str, source: str) -> Mapping[str, Any]:
    table = data.get(key, {})
    if not isinstance(table, dict):
        raise _fault(source, key, "is no table", f"write [{key}.name]")
    return table


def _known_keys(entry: Mapping[str, Any], known: set[str], source: str, place: str) -> None:
    unknown = sorted(entry.keys() - known)
    if unknown:
        mend = f"use one of {', '.join(sorted(known))}"
        raise _fault(source, place, f"there is no key {unknown[0]!r}", mend)


def _fault(source: str, place: str, why: str, mend: str) -> InvalidSpec:
    return InvalidSpec(f"the domain pack {source} can't be used", f"{place}: {why}", mend)
