"""Where the names in a rule lead: a record's own values, its parent's, its children.

A rule names another entity and not the link to it; so there must be exactly one link that can be
meant, and it must point the right way.
"""

from __future__ import annotations

from dataclasses import dataclass

from baes.errors import InvalidSpec
from baes.spec.model import Attribute, Entity, Relationship, SystemSpec
from baes.spec.rules import Aggregate, Literal_

__all__ = [
    "Operand",
    "OwnValue",
    "ParentValue",
    "child_attribute",
    "child_link",
    "child_of",
    "operand",
    "parent_link",
    "parent_value",
]


@dataclass(frozen=True, slots=True)
class OwnValue:
    """An attribute of the record itself."""

    attribute: Attribute


@dataclass(frozen=True, slots=True)
class ParentValue:
    """An attribute of the record that a link leads to."""

    link: Relationship
    attribute: Attribute


Operand = OwnValue | ParentValue | Literal_


def operand(spec: SystemSpec, entity: Entity, value: Literal_) -> Operand:
    """What one side of a comparison is: a text is a name where something is called so.

    Raises:
        InvalidSpec: It is ``Parent.attribute``, and there is no such thing.
    """
    if not isinstance(value, str):
        return value
    own = entity.find(value)
    if own is not None:
        return OwnValue(own)
    owner, dot, _ = value.partition(".")
    return parent_value(spec, entity, value) if dot and spec.find(owner) else value


def parent_value(spec: SystemSpec, entity: Entity, of: str) -> ParentValue:
    """The attribute that ``Parent.attribute`` names.

    Raises:
        InvalidSpec: There is no such parent or attribute, or it isn't clear which.
    """
    owner, _, name = of.partition(".")
    link = parent_link(spec, entity, owner)
    return ParentValue(link, _attribute(spec.entity(owner), name))


def parent_link(spec: SystemSpec, entity: Entity, parent: str) -> Relationship:
    """The one link by which a record of the entity has one record of the other.

    Raises:
        InvalidSpec: There is none or several, or it leads the other way.
    """
    target = spec.entity(parent)
    links = [
        r for r in spec.outgoing(entity.name) if r.target == parent and r.kind != "many_to_many"
    ]
    if len(links) == 1:
        return links[0]
    slots = {"entity": entity.title, "other": target.title}
    if links:
        names = tuple(link.title for link in links)
        raise InvalidSpec.of("spec.rule.several_links", **slots, links=names)
    between = any(
        {r.source, r.target} == {entity.name, parent} for r in spec.incoming(entity.name)
    ) or any(r.target == parent for r in spec.outgoing(entity.name))
    raise InvalidSpec.of("spec.rule.many_parents" if between else "spec.rule.no_link", **slots)


def child_link(spec: SystemSpec, entity: Entity, child: str) -> Relationship:
    """The one link by which a record of the entity has several of the other.

    Raises:
        InvalidSpec: There is none or several, or it leads the other way.
    """
    source = spec.entity(child)
    links = [
        r
        for r in spec.relationships
        if (r.source, r.target) == (child, entity.name)
        or (r.kind == "many_to_many" and (r.source, r.target) == (entity.name, child))
    ]
    if len(links) == 1:
        return links[0]
    slots = {"entity": entity.title, "other": source.title}
    if links:
        names = tuple(link.title for link in links)
        raise InvalidSpec.of("spec.rule.several_links", **slots, links=names)
    wrong_way = any(r.target == child for r in spec.outgoing(entity.name))
    raise InvalidSpec.of("spec.rule.one_child" if wrong_way else "spec.rule.no_link", **slots)


def child_of(rule: Aggregate) -> str:
    """The entity whose records an aggregate is over."""
    return rule.of.partition(".")[0]


def child_attribute(spec: SystemSpec, rule: Aggregate) -> Attribute | None:
    """The attribute that an aggregate is over; ``None`` where records are counted.

    Raises:
        InvalidSpec: The entity has no such attribute.
    """
    child, _, name = rule.of.partition(".")
    return _attribute(spec.entity(child), name) if name else None


def _attribute(entity: Entity, name: str) -> Attribute:
    found = entity.find(name)
    if found is None:
        known = tuple(a.title for a in entity.attributes)
        slots = {"entity": entity.title, "name": name.replace("_", " "), "known": known}
        raise InvalidSpec.of("spec.rule.no_attribute", **slots)
    return found
