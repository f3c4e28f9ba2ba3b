"""Whether a new or changed relationship leaves records that can be entered."""

from __future__ import annotations

from baes.domain_entities.voice import Voice, called, entity_title
from baes.spec.interpretation import Question
from baes.spec.model import Relationship, SystemSpec
from baes.spec.navigation import id_field

__all__ = ["check_relationship"]


def check_relationship(
    relationship: Relationship, spec: SystemSpec, voice: Voice, *, replaced: str = ""
) -> Question | None:
    """A question where a relationship clashes with an attribute or makes first records impossible.

    Args:
        relationship: As it will be.
        spec: The system before.
        voice: Who speaks.
        replaced: Name of the relationship of the same source whose place it takes.
    """
    return _clash(relationship, spec, voice, replaced) or _nobody_first(
        relationship, spec, voice, replaced
    )


def _clash(
    relationship: Relationship, spec: SystemSpec, voice: Voice, replaced: str
) -> Question | None:
    """What would stand in the record under the name of the link: an attribute or another link."""
    source = spec.entity(relationship.source)
    title = entity_title(source, source.name)
    field = id_field(relationship, spec.language)
    if source.find(field) is not None:
        return voice.question(
            "link_is_attribute",
            entity=title,
            field=field.replace("_", " "),
            target=relationship.target,
        )
    others = (r for r in spec.outgoing(source.name) if r.name != replaced)
    if any(field == id_field(other, spec.language) for other in others):
        return voice.question("name_taken", entity=title, name=relationship.name.replace("_", " "))
    return None


def _nobody_first(
    new: Relationship, spec: SystemSpec, voice: Voice, replaced: str
) -> Question | None:
    """Required links that lead back to where they began."""
    if not new.required:
        return None
    links = [
        r for r in spec.relationships if r.required and (r.source, r.name) != (new.source, replaced)
    ]
    way = _way(links, new.target, new.source)
    if way is None:
        return None
    circle = (new, *way)
    return voice.question(
        "nobody_first",
        chain=tuple(
            voice.part("nobody_first", "needs", source=_title(r, spec), name=called(r))
            for r in circle
        ),
        links=tuple(
            voice.part("nobody_first", "link", source=_title(r, spec), name=called(r))
            for r in circle
        ),
    )


def _way(links: list[Relationship], start: str, end: str) -> tuple[Relationship, ...] | None:
    """The shortest way from an entity to another along links; empty where they are one."""
    ways: list[tuple[str, tuple[Relationship, ...]]] = [(start, ())]
    seen = {start}
    for at, way in ways:
        if at == end:
            return way
        for link in links:
            if link.source == at and link.target not in seen:
                seen.add(link.target)
                ways.append((link.target, (*way, link)))
    return None


def _title(relationship: Relationship, spec: SystemSpec) -> str:
    return entity_title(spec.find(relationship.source), relationship.source)
