"""Which entities' generated files a change can touch."""

from __future__ import annotations

from baes.spec.model import SystemSpec

__all__ = ["affected_entities", "changed_entities", "removed_entities"]


def changed_entities(old: SystemSpec, new: SystemSpec) -> tuple[str, ...]:
    """Entities of the new system that are new or differ, in themselves or in their links."""

    def facts(spec: SystemSpec, name: str) -> object:
        rules = tuple(r for r in spec.rules if r.entity == name)
        return spec.find(name), spec.outgoing(name), spec.incoming(name), rules

    return tuple(e.name for e in new.entities if facts(old, e.name) != facts(new, e.name))


def affected_entities(old: SystemSpec, new: SystemSpec) -> tuple[str, ...]:
    """The changed entities and their neighbours, whose pages and routes show them."""
    changed = set(changed_entities(old, new)) | set(removed_entities(old, new))
    near = set(changed)
    for spec in (old, new):
        for relationship in spec.relationships:
            if changed & {relationship.source, relationship.target}:
                near |= {relationship.source, relationship.target}
    return tuple(e.name for e in new.entities if e.name in near)


def removed_entities(old: SystemSpec, new: SystemSpec) -> tuple[str, ...]:
    """Entities of the old system that the new one has no more, under that name."""
    return tuple(e.name for e in old.entities if new.find(e.name) is None)
