"""What every domain agent does for its entity: tell words, complete requests, keep the meaning.

All of it is pure: what an agent knows is data given to it, and what it finds is a value.
"""

from __future__ import annotations

import dataclasses
import functools
from dataclasses import dataclass
from typing import ClassVar

from baes.datafiles import load_toml
from baes.domain_entities.change_checks import Situation, check_change
from baes.domain_entities.domain_pack import packaged_packs
from baes.domain_entities.voice import LIMITS, Voice, entity_title
from baes.errors import InvalidSpec
from baes.spec.changes import Change
from baes.spec.interpretation import Question
from baes.spec.knowledge import EntityKnowledge
from baes.spec.model import Attribute, Entity
from baes.spec.names import AttributeName

__all__ = ["BaseBae", "Completed"]

FALLBACK_LANGUAGE = "en"


@dataclass(frozen=True, slots=True)
class Completed:
    """An entity, and what was assumed about it, said in the user's language."""

    entity: Entity
    assumptions: tuple[str, ...] = ()


class BaseBae:
    """The agent of one kind of record.

    Args:
        knowledge: What it knows; else what the packaged packs say of its ``canonical_name``.

    Raises:
        InvalidSpec: No pack knows the entity.
    """

    canonical_name: ClassVar[str] = ""

    def __init__(self, knowledge: EntityKnowledge | None = None) -> None:
        self._knowledge = knowledge or _packaged(self.canonical_name)

    @property
    def name(self) -> str:
        """The canonical name of its entity."""
        return self._knowledge.name

    def knowledge(self) -> EntityKnowledge:
        """What it contributes to the reading of requests."""
        return self._knowledge

    def default_attributes(self, language: str) -> tuple[Attribute, ...]:
        """The attributes that it offers when a request names none: its pack's, else a name."""
        offered = self._knowledge.defaults
        return offered.get(language) or offered.get(FALLBACK_LANGUAGE) or (_name(language),)

    def complete(self, entity: Entity, language: str) -> Completed:
        """An entity without attributes gets the usual ones, as an assumption that is said."""
        if entity.attributes:
            title = entity_title(entity, entity.name)
            done = [self.limited(attribute, title, language) for attribute in entity.attributes]
            attributes = tuple(attribute for attribute, _ in done)
            said = tuple(sentence for _, sentences in done for sentence in sentences)
            return Completed(dataclasses.replace(entity, attributes=attributes), said)
        attributes = self.default_attributes(language)
        voice = Voice(language)
        key = "default" if len(attributes) == 1 else "defaults"
        sentence = voice.assumption(
            key,
            entity=entity_title(entity, entity.name),
            attributes=voice.attributes(attributes),
        )
        return Completed(dataclasses.replace(entity, attributes=attributes), (sentence,))

    def limited(
        self, attribute: Attribute, title: str, language: str
    ) -> tuple[Attribute, tuple[str, ...]]:
        """(an attribute with the limits that its pack gives to the name, what is said of it).

        What the request says itself stays; the packaged packs give no limits.
        """
        known = self._knowledge.attributes.get(attribute.name)
        if known is None or known.type != attribute.type:
            return attribute, ()
        more = {
            key: value
            for key in LIMITS
            if (value := getattr(known, key)) is not None and getattr(attribute, key) is None
        }
        try:
            limited = dataclasses.replace(attribute, **more)
        except InvalidSpec:  # what the request says leaves no room for them
            return attribute, ()
        if limited == attribute:
            return attribute, ()
        voice = Voice(language)
        said = voice.assumption(
            "pack_limits",
            entity=title,
            attribute=attribute.title,
            limits=voice.limits(more),
        )
        return limited, (said,)

    def check(self, change: Change, situation: Situation) -> Question | None:
        """A question where a change contradicts the domain or the system as it is then."""
        return check_change(change, situation)


@functools.cache
def _name(language: str) -> Attribute:
    words = load_toml("domain_entities/packs/general.toml")["sense"]["name"]
    name = AttributeName.from_text(words.get(language, words[FALLBACK_LANGUAGE])[0])
    return Attribute(name.name, "string", label=name.label)


def _packaged(name: str) -> EntityKnowledge:
    for pack in packaged_packs():
        for entity in pack.entities:
            if entity.name == name:
                return entity
    raise InvalidSpec(f"no domain pack knows {name or 'an entity without a name'}")
