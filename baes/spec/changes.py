"""Change is data: each operation on a system is a small frozen value.

The ops and their keys are those of an interpretation's ``changes``; ``AddEntity`` is a create's
entity. Restoring something removed is an ``Add…`` whose object carries its old id.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Literal

from baes.spec.model import Attribute, Entity, Relationship
from baes.spec.rules import Rule

__all__ = [
    "CHANGE_OPS",
    "AddAttribute",
    "AddEntity",
    "AddRelationship",
    "AddRule",
    "Change",
    "ChangeAttribute",
    "ChangeRelationship",
    "Kept",
    "RemoveAttribute",
    "RemoveEntity",
    "RemoveRelationship",
    "RemoveRule",
    "RenameAttribute",
    "RenameEntity",
]


@dataclass(frozen=True, slots=True)
class AddEntity:
    """A new kind of record."""

    op: ClassVar[str] = "add_entity"
    entity: Entity


@dataclass(frozen=True, slots=True)
class RenameEntity:
    """The same records under another name."""

    op: ClassVar[str] = "rename_entity"
    entity: str
    new_name: str
    new_label: str = ""


@dataclass(frozen=True, slots=True)
class RemoveEntity:
    """The entity goes, with the relationships and rules that concern it."""

    op: ClassVar[str] = "remove_entity"
    entity: str


@dataclass(frozen=True, slots=True)
class AddAttribute:
    """A further value of each record."""

    op: ClassVar[str] = "add_attribute"
    entity: str
    attribute: Attribute


@dataclass(frozen=True, slots=True)
class RenameAttribute:
    """The same values under another name."""

    op: ClassVar[str] = "rename_attribute"
    entity: str
    name: str
    new_name: str
    new_label: str = ""


@dataclass(frozen=True, slots=True)
class ChangeAttribute:
    """Another type or other limits; only what changes is named, ``None`` takes a limit away."""

    op: ClassVar[str] = "change_attribute"
    entity: str
    name: str
    to: tuple[tuple[str, object], ...]
    """(field of ``Attribute``, its new value) in the order of the fields."""


@dataclass(frozen=True, slots=True)
class RemoveAttribute:
    """A value of each record goes."""

    op: ClassVar[str] = "remove_attribute"
    entity: str
    name: str


@dataclass(frozen=True, slots=True)
class AddRelationship:
    """A new link between two entities."""

    op: ClassVar[str] = "add_relationship"
    relationship: Relationship


@dataclass(frozen=True, slots=True)
class ChangeRelationship:
    """Another kind, name or requiredness of the link with the relationship's source and name."""

    op: ClassVar[str] = "change_relationship"
    entity: str
    name: str
    to: Relationship
    changed: tuple[str, ...] = field(default=(), compare=False)
    """The fields of ``to`` that are new, as an interpretation says them; empty: not known."""


@dataclass(frozen=True, slots=True)
class RemoveRelationship:
    """A link goes."""

    op: ClassVar[str] = "remove_relationship"
    entity: str
    name: str
    target: str = field(default="", compare=False)
    """Where it led, as an interpretation says it; empty: not known."""


Kept = Literal["", "entered", "interim"]
"""Values that a rule replaces: nothing, what was entered before the rule first came, or what stood
there between its going and its coming back."""


@dataclass(frozen=True, slots=True)
class AddRule:
    """A rule comes to hold."""

    op: ClassVar[str] = "add_rule"
    rule: Rule
    sets_aside: Kept = field(default="entered", compare=False)
    """As what the values are kept that were there before the rule gives them."""


@dataclass(frozen=True, slots=True)
class RemoveRule:
    """A rule ceases to hold."""

    op: ClassVar[str] = "remove_rule"
    rule: Rule
    gives_back: Kept = field(default="", compare=False)
    """What comes back in place of the values that the rule gave: its coming is taken back."""


Change = (
    AddEntity
    | RenameEntity
    | RemoveEntity
    | AddAttribute
    | RenameAttribute
    | ChangeAttribute
    | RemoveAttribute
    | AddRelationship
    | ChangeRelationship
    | RemoveRelationship
    | AddRule
    | RemoveRule
)

CHANGE_OPS: dict[str, type[Change]] = {
    change.op: change
    for change in (
        AddEntity, RenameEntity, RemoveEntity, AddAttribute, RenameAttribute, ChangeAttribute,
        RemoveAttribute, AddRelationship, ChangeRelationship, RemoveRelationship, AddRule,
        RemoveRule,
    )
}  # fmt: skip
