"""Which domain agent speaks for which entity, and what they say to an interpretation."""

from __future__ import annotations

import dataclasses
import datetime
import tomllib
from collections.abc import Iterable
from pathlib import Path

from baes.domain_entities import BaseBae, CourseBae, GenericBae, StudentBae, TeacherBae
from baes.domain_entities.change_checks import Situation, entity_of, stays_as_it_is
from baes.domain_entities.domain_pack import DomainPack, extended, packaged_packs, parse_pack
from baes.domain_entities.name_checks import is_another_word
from baes.domain_entities.voice import Voice, called, entity_title
from baes.errors import InvalidSpec
from baes.spec.apply import apply
from baes.spec.changes import AddAttribute, Change
from baes.spec.interpretation import Interpretation, Question
from baes.spec.knowledge import EntityKnowledge, Knowledge
from baes.spec.model import Entity, SystemSpec
from baes.spec.rule_checks import broken_rule

__all__ = ["BaeRegistry"]

CONTRADICTED = 0.5
"""Confidence at most, once an agent has a question."""

_CLASSES: dict[str, type[BaseBae]] = {
    bae.canonical_name: bae for bae in (StudentBae, CourseBae, TeacherBae)
}


class BaeRegistry:
    """The domain agents of a project.

    Args:
        packs: A project's own packs; their words come before the packaged ones.
        today: The day for what must lie in the past; without it that is not asked.

    Raises:
        InvalidSpec: Two of the project's packs claim one word for different entities.
    """

    def __init__(
        self, packs: Iterable[DomainPack] = (), today: datetime.date | None = None
    ) -> None:
        own = tuple(packs)
        _refuse_rivals(own)
        known: dict[str, EntityKnowledge] = {}
        for pack in (*own, *packaged_packs()):
            for entity in pack.entities:
                earlier = known.get(entity.name)
                known[entity.name] = extended(entity, earlier) if earlier else entity
        self._today = today
        self._baes = {name: _CLASSES.get(name, BaseBae)(k) for name, k in known.items()}
        self._knowledge = Knowledge(tuple(known.values()))

    @classmethod
    def with_packs(cls, folder: Path, today: datetime.date | None = None) -> BaeRegistry:
        """The registry with the packs of a folder, if there is one, by file name.

        Raises:
            InvalidSpec: A pack can't be read; names the file, the place and the mend.
        """
        paths = sorted(folder.glob("*.toml")) if folder.is_dir() else []
        return cls([_read_pack(path) for path in paths], today)

    def knowledge(self) -> Knowledge:
        """What all agents contribute to the reading of requests."""
        return self._knowledge

    def for_entity(self, name: str, language: str = "") -> BaseBae:
        """The agent of an entity, by its name in a language or in any; else a generic one."""
        known = self._knowledge.of(name, language)
        return self._baes[known.name] if known else GenericBae(name)

    def refine(self, interpretation: Interpretation, spec: SystemSpec) -> Interpretation:
        """The interpretation, completed and checked by the agents of its entities.

        Entities without attributes get the usual ones, what exists already stays as it is, and a
        contradiction makes the whole unclear. What isn't certain is left to the user as it is.
        """
        if not interpretation.is_certain or interpretation.action == "describe":
            return interpretation
        settled = self._completed(_without_known(interpretation, spec), spec)
        question = self._question(settled, spec)
        if question is None:
            return self._with_twins_said(settled, spec)
        return dataclasses.replace(
            settled,
            action="unclear",
            confidence=min(settled.confidence, CONTRADICTED),
            question=question,
        )

    def _completed(self, interpretation: Interpretation, spec: SystemSpec) -> Interpretation:
        language = interpretation.language
        completed = [
            self.for_entity(e.name, language).complete(e, language) for e in interpretation.entities
        ]
        changes = [self._limited(change, spec, language) for change in interpretation.changes]
        said = (sentence for one in completed for sentence in one.assumptions)
        more = (sentence for _, sentences in changes for sentence in sentences)
        return dataclasses.replace(
            interpretation,
            entities=tuple(one.entity for one in completed),
            changes=tuple(change for change, _ in changes),
            assumptions=(*interpretation.assumptions, *said, *more),
        )

    def _limited(
        self, change: Change, spec: SystemSpec, language: str
    ) -> tuple[Change, tuple[str, ...]]:
        if not isinstance(change, AddAttribute):
            return change, ()
        title = entity_title(spec.find(change.entity), change.entity)
        bae = self.for_entity(change.entity, language)
        attribute, said = bae.limited(change.attribute, title, language)
        return dataclasses.replace(change, attribute=attribute), said

    def _question(self, interpretation: Interpretation, spec: SystemSpec) -> Question | None:
        """The first question of an agent, the changes being tried one after the other."""
        voice, before = Voice(interpretation.language), spec
        for change in interpretation.all_changes():
            name = entity_of(change)
            question = self.for_entity(name).check(change, Situation(spec, voice, self._today))
            if question is not None:
                return question
            try:
                spec = apply(spec, [change])
            except InvalidSpec as exc:
                return voice.question("refused", entity=name, what=voice.cause(exc))
        broken = broken_rule(before, spec)
        return voice.question("rule_broken", what=voice.cause(broken)) if broken else None

    def _with_twins_said(self, interpretation: Interpretation, spec: SystemSpec) -> Interpretation:
        """Says it where a new entity and an old one may be the same thing in two words."""
        voice = Voice(interpretation.language)
        said = tuple(
            voice.assumption(
                "same_meaning",
                entity=entity_title(new, new.name),
                other=entity_title(old, old.name),
            )
            for new in interpretation.entities
            for old in spec
            if new.name != old.name and self._mean_the_same(new.name, old.name)
        )
        return dataclasses.replace(interpretation, assumptions=(*interpretation.assumptions, *said))

    def _mean_the_same(self, one: str, other: str) -> bool:
        name = self.for_entity(one).name
        return name in self._baes and name == self.for_entity(other).name


def _without_known(interpretation: Interpretation, spec: SystemSpec) -> Interpretation:
    """Without what the system has already in just the way that is asked for; this is said."""
    voice = Voice(interpretation.language)
    said: list[str] = []
    entities: list[Entity] = []
    for entity in interpretation.entities:
        old = spec.find(entity.name)
        if old is not None and _is_as_asked(old, entity):
            said.append(voice.assumption("entity_exists", entity=entity_title(old, old.name)))
        else:
            entities.append(entity)
    changes = []
    for change in interpretation.changes:
        old = spec.find(change.entity) if isinstance(change, AddAttribute) else None
        if old and isinstance(change, AddAttribute) and stays_as_it_is(change.attribute, old):
            title, name = entity_title(old, old.name), called(change.attribute)
            said.append(voice.assumption("attribute_exists", entity=title, attribute=name))
        else:
            changes.append(change)
    return dataclasses.replace(
        interpretation,
        entities=tuple(entities),
        changes=tuple(changes),
        assumptions=(*interpretation.assumptions, *said),
    )


def _is_as_asked(old: Entity, entity: Entity) -> bool:
    same = not is_another_word(entity, old)
    return same and all(stays_as_it_is(attribute, old) for attribute in entity.attributes)


def _refuse_rivals(packs: tuple[DomainPack, ...]) -> None:
    owners: dict[str, tuple[str, str]] = {}
    for pack in packs:
        for entity in pack.entities:
            for word in (word for words in entity.words.values() for word in words):
                other, source = owners.setdefault(word, (entity.name, pack.source))
                if other != entity.name:
                    raise InvalidSpec.of(
                        "core.error.pack_rivals",
                        source=pack.source,
                        entity=entity.name,
                        word=word,
                        other=other,
                        other_source=source,
                    )


def _read_pack(path: Path) -> DomainPack:
    source = f"{path.parent.name}/{path.name}"
    try:
        return parse_pack(tomllib.loads(path.read_text(encoding="utf-8")), source)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as exc:
        raise InvalidSpec.of("core.error.pack_unreadable", source=source, cause=exc) from exc
    except OSError as exc:
        raise InvalidSpec.of("core.error.pack_closed", source=source, cause=exc) from exc
