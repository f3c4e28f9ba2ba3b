"""What a system is: entities with attributes, relationships between them, rules over them.

All values are immutable and valid by construction. The ``id`` of a thing is given once, when the
thing comes into being, is the name that it had then (made unique), and survives each renaming:
a rename is a fact and never a guess, and names of constraints can be made of ids.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from baes.errors import InvalidSpec
from baes.spec.attribute_types import AttributeType
from baes.spec.limits import check_attribute
from baes.spec.names import bad_name, is_attribute_name, is_entity_name, label_of
from baes.spec.rules import Rule
from baes.texts import Message

__all__ = [
    "Attribute",
    "Bound",
    "Call",
    "Default",
    "Entity",
    "Relationship",
    "RelationshipKind",
    "Scalar",
    "SystemSpec",
]

Scalar = str | int | Decimal | bool
Bound = int | Decimal | str
"""A number, or an ISO 8601 text where the attribute is a date, time or datetime."""


@dataclass(frozen=True, slots=True)
class Call:
    """A default that is computed when a record is made."""

    call: Literal["today", "now"]


Default = Scalar | Call
RelationshipKind = Literal["many_to_one", "one_to_one", "many_to_many"]


@dataclass(frozen=True, slots=True)
class Attribute:
    """One value that each record of an entity holds. ``None`` everywhere: not said.

    Raises:
        InvalidSpec: The name is malformed, or limits contradict the type or each other.
    """

    name: str
    type: AttributeType
    required: bool = True
    unique: bool = False
    default: Default | None = None
    min: Bound | None = None
    max: Bound | None = None
    exclusive_min: Bound | None = None
    exclusive_max: Bound | None = None
    min_length: int | None = None
    max_length: int | None = None
    pattern: str | None = None
    """A regular expression that the whole text fits."""
    format: str | None = None
    """A number with check digits, one of `baes.spec.formats.CHECKED`."""
    choices: tuple[Scalar, ...] | None = None
    scale: int | None = None
    unit: str | None = None
    label: str = ""
    """The user's own word; empty: made of the name."""
    id: str = ""
    """Stable over renames, unique within the entity; empty until it is part of a system."""
    older_may_lack: bool = False
    """Required, but records from before it became so may have no value."""
    older_may_break: bool = False
    """Records from before its limits came may break them; new values may not."""
    default_scale: int | None = None
    """A decimal's ``scale`` where that isn't said; settled when it came to be one, never said."""

    def __post_init__(self) -> None:
        """Refuse what no attribute can be."""
        if not is_attribute_name(self.name):
            raise bad_name("attribute", self.name)
        check_attribute(self)

    @property
    def title(self) -> str:
        """The label, made of the name where the user's word is not known."""
        return self.label or self.name.replace("_", " ").capitalize()


@dataclass(frozen=True, slots=True)
class Entity:
    """A kind of record.

    Raises:
        InvalidSpec: The name is malformed, or two attributes share a name.
    """

    name: str
    attributes: tuple[Attribute, ...] = ()
    label: str = ""
    """The user's own word in the singular; empty: made of the name."""
    plural: str = ""
    """Plural in snake_case: the table and the collection's path; empty until part of a system."""
    id: str = ""
    """Stable over renames, unique within the system; empty until it is part of a system."""

    def __post_init__(self) -> None:
        """Refuse what no entity can be."""
        if not is_entity_name(self.name):
            raise bad_name("entity", self.name)
        _refuse_twins("attributes", self.name, [a.name for a in self.attributes])

    @property
    def title(self) -> str:
        """The label, made of the name where the user's word is not known."""
        return self.label or label_of(self.name)

    def find(self, name: str) -> Attribute | None:
        """The attribute of that name, if there is one."""
        return next((a for a in self.attributes if a.name == name), None)


@dataclass(frozen=True, slots=True)
class Relationship:
    """A link from one entity to another, named by what the ``source`` calls the ``target``."""

    source: str
    """Name of the entity on the ``from`` side: the many side of a many-to-one."""
    target: str
    kind: RelationshipKind
    name: str
    """``teacher`` of a course; for many-to-many a plural: ``courses`` of a student."""
    required: bool = False
    label: str = ""
    id: str = ""
    """Stable over renames, unique within the system; empty until it is part of a system."""
    older_may_lack: bool = False

    def __post_init__(self) -> None:
        """Refuse what no relationship can be."""
        if not is_attribute_name(self.name):
            raise bad_name("relationship", self.name)

    @property
    def title(self) -> str:
        """The label, made of the name where the user's word is not known."""
        return self.label or self.name.replace("_", " ").capitalize()


@dataclass(frozen=True, slots=True)
class SystemSpec:
    """A whole system; the empty one is where each project starts.

    Raises:
        InvalidSpec: Names clash, or a relationship or rule names what isn't there.
    """

    entities: tuple[Entity, ...] = ()
    relationships: tuple[Relationship, ...] = ()
    rules: tuple[Rule, ...] = ()
    version: int = 0
    """Counts the requests that changed the system, undone ones too."""
    language: str = "en"
    retired_ids: tuple[str, ...] = field(default=())
    """Ids of what was removed; they are never given to anything else."""

    def __post_init__(self) -> None:
        """Refuse what no system can be."""
        _refuse_twins("entities", _SYSTEM, [e.name for e in self.entities])
        _refuse_twins("tables", _SYSTEM, [e.plural for e in self.entities if e.plural])
        names = {e.name for e in self.entities}
        for relationship in self.relationships:
            for end in (relationship.source, relationship.target):
                if end not in names:
                    raise InvalidSpec.of(
                        "spec.error.loose_end", relationship=relationship.name, entity=end
                    )
        for entity in self.entities:
            own = [a.name for a in entity.attributes]
            own += [r.name for r in self.relationships if r.source == entity.name]
            _refuse_twins("fields", entity.name, own)

    def __iter__(self) -> Iterator[Entity]:
        """The entities, in the order of their creation."""
        return iter(self.entities)

    def find(self, name: str) -> Entity | None:
        """The entity of that name, if there is one."""
        return next((e for e in self.entities if e.name == name), None)

    def entity(self, name: str) -> Entity:
        """The entity of that name.

        Raises:
            InvalidSpec: There is none.
        """
        found = self.find(name)
        if found is None:
            known = tuple(e.name for e in self.entities) or Message.of("spec.nothing")
            raise InvalidSpec.of("spec.error.no_entity", entity=name, known=known)
        return found

    def outgoing(self, entity: str) -> tuple[Relationship, ...]:
        """Relationships whose ``from`` side the entity is."""
        return tuple(r for r in self.relationships if r.source == entity)

    def incoming(self, entity: str) -> tuple[Relationship, ...]:
        """Relationships that lead to the entity, self-references included."""
        return tuple(r for r in self.relationships if r.target == entity)


_SYSTEM = Message.of("spec.kinds.system")


def _refuse_twins(kind: str, owner: str | Message, names: list[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            of_what = Message.of(f"spec.kinds.{kind}")
            raise InvalidSpec.of("spec.error.twins", owner=owner, kind=of_what, name=name)
        seen.add(name)
