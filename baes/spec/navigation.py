"""How relationships are named over HTTP and in code: one place for columns, paths and lists.

From the ``from`` side a relationship goes by its own name (``teacher_id``, ``/teacher``;
``course_ids``, ``/courses``). From the other side it is the source's collection (``/courses``; for
one-to-one the singular), told apart as ``/matches_as_home_team`` where that name is taken, where
two relationships lead from one entity to another, and at every self-reference.
"""

from __future__ import annotations

from baes.spec.inflection import plural, singular
from baes.spec.model import Entity, Relationship, SystemSpec
from baes.spec.names import snake_case

__all__ = ["collection_of", "id_field", "inverse_name", "link_table_name", "reference_names"]


def collection_of(entity: Entity, language: str = "en") -> str:
    """The plural snake_case name of an entity's collection and table.

    >>> collection_of(Entity("OrderItem"))
    'order_items'
    """
    return entity.plural or plural(snake_case(entity.name), language)


def id_field(relationship: Relationship, language: str = "en") -> str:
    """The field of the ``from`` side's record that holds the link.

    >>> id_field(Relationship("Course", "Teacher", "many_to_one", "teacher"))
    'teacher_id'
    >>> id_field(Relationship("Event", "Person", "many_to_many", "attendees"))
    'attendee_ids'
    """
    if relationship.kind == "many_to_many":
        return f"{singular(relationship.name, language)}_ids"
    return f"{relationship.name}_id"


def link_table_name(spec: SystemSpec, relationship: Relationship) -> str:
    """The table of a many-to-many's links; told apart where an entity's table is called so.

    An entity that comes later must take another name: the table stays where it is.
    """
    source = spec.entity(relationship.source)
    name = f"{collection_of(source, spec.language)}_{relationship.name}"
    taken = any(name == collection_of(entity, spec.language) for entity in spec)
    return f"{name}_link" if taken else name


def inverse_name(spec: SystemSpec, relationship: Relationship) -> str:
    """What the other side calls the records that refer to it: its nested path and its attribute."""
    source = spec.entity(relationship.source)
    one = relationship.kind == "one_to_one"
    base = snake_case(source.name) if one else collection_of(source, spec.language)
    target = spec.entity(relationship.target)
    parallel = [
        r
        for r in spec.relationships
        if {r.source, r.target} == {relationship.source, relationship.target}
        and r.target == relationship.target
    ]
    taken = {a.name for a in target.attributes}
    for own in spec.outgoing(target.name):
        taken |= {own.name, id_field(own, spec.language)}
    if relationship.source == relationship.target or len(parallel) > 1 or base in taken:
        return f"{base}_as_{relationship.name}"
    return base


def reference_names(spec: SystemSpec, entity: Entity) -> list[str]:
    """The link fields of an entity's record, in the order of its relationships."""
    return [id_field(r, spec.language) for r in spec.outgoing(entity.name)]
