"""A system in plain words: what each entity has, what it is linked to, which rules hold."""

from __future__ import annotations

from dataclasses import dataclass

from baes.core.wording import Wording
from baes.errors import RequestFailed
from baes.spec.inflection import singular
from baes.spec.model import Entity, SystemSpec
from baes.spec.names import snake_case

__all__ = ["EntityDescription", "described", "find_entity"]


@dataclass(frozen=True, slots=True)
class EntityDescription:
    """One entity, in sentences and lists."""

    entity: Entity
    attributes: tuple[tuple[str, str], ...]
    """(label, type and limits)."""
    links: tuple[str, ...]
    rules: tuple[str, ...]


def described(spec: SystemSpec, entity: Entity, language: str) -> EntityDescription:
    """The description of one entity."""
    words = Wording(language, spec)
    forward = [words.link(spec, link) for link in spec.outgoing(entity.name)]
    backward = [
        words.link_backwards(spec, link)
        for link in spec.incoming(entity.name)
        if not (link.kind == "many_to_many" and link.source == entity.name)
    ]
    return EntityDescription(
        entity=entity,
        attributes=tuple((a.title, ", ".join(words.facts(a))) for a in entity.attributes),
        links=(*forward, *backward),
        rules=words.rules(rule for rule in spec.rules if rule.entity == entity.name),
    )


def find_entity(spec: SystemSpec, word: str) -> Entity:
    """The entity that a user means: by its name or label, in the singular or plural.

    Raises:
        RequestFailed: There is none.
    """
    wanted = snake_case(word)
    either = {wanted, singular(wanted, spec.language)}
    for entity in spec:
        if either & {snake_case(entity.name), snake_case(entity.label), entity.plural}:
            return entity
    known = tuple(entity.title for entity in spec)
    raise RequestFailed.of("core.error.no_entity", entity=word, known=known)
