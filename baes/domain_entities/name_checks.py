"""Whether a new name is free: records, tables and addresses are made of names."""

from __future__ import annotations

from baes.domain_entities.voice import Voice, called, entity_title
from baes.spec.interpretation import Question
from baes.spec.model import Entity, SystemSpec
from baes.spec.navigation import collection_of, id_field, link_table_name

__all__ = ["check_attribute_name", "check_entity_name", "is_another_word"]

_KEPT_ATTRIBUTE = "id"
_KEPT_TABLES = ("sqlite_", "baes_archive_", "alembic_version")
"""How the names of tables begin that SQLite, the archive and Alembic keep for themselves."""


def is_another_word(entity: Entity, old: Entity) -> bool:
    """Whether two entities of one name are two words to their user: Avó and Avô.

    Who writes no accents may mean either.
    """
    words = [each.label.casefold() for each in (entity, old)]
    return words[0] != words[1] and not any(word.isascii() for word in words)


def check_entity_name(
    entity: Entity, spec: SystemSpec, voice: Voice, *, replaced: str = ""
) -> Question | None:
    """A question where the records of a new or renamed entity can't be kept under its name.

    Args:
        entity: As it will be called.
        spec: The system before.
        voice: Who speaks.
        replaced: Name of the entity that is renamed.
    """
    plural = collection_of(entity, spec.language)
    if plural.startswith(_KEPT_TABLES):
        return voice.question("kept_name", name=entity_title(entity, entity.name))
    other = next((e for e in spec if e.plural == plural and e.name != replaced), None)
    if other is not None:
        return voice.question(
            "same_table",
            entity=entity_title(entity, entity.name),
            other=entity_title(other, other.name),
            plural=plural,
        )
    links = (r for r in spec.relationships if r.kind == "many_to_many")
    link = next((r for r in links if link_table_name(spec, r) == plural), None)
    if link is None:
        return None
    return voice.question(
        "same_table_as_links",
        entity=entity_title(entity, entity.name),
        source=entity_title(spec.find(link.source), link.source),
        name=called(link),
        plural=plural,
    )


def check_attribute_name(
    name: str, entity: Entity, spec: SystemSpec, voice: Voice
) -> Question | None:
    """A question where an attribute's name stands for something else in the entity's records."""
    title = entity_title(entity, entity.name)
    if name == _KEPT_ATTRIBUTE:
        return voice.question("own_id", entity=title)
    links = spec.outgoing(entity.name)
    if any(name in (link.name, id_field(link, spec.language)) for link in links):
        return voice.question("name_taken", entity=title, name=name.replace("_", " "))
    return None
