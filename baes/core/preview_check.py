"""One question of a preview to the database, and the records that it is about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from baes.spec.attribute_types import TEXTUAL_TYPES
from baes.spec.changes import Change
from baes.spec.model import Attribute, Entity, SystemSpec
from baes.spec.navigation import collection_of
from baes.spec.rules import Rule
from baes.swea_agents.column_types import storage_type

__all__ = ["Check", "Effect", "Records", "quoted", "shown"]

Effect = Literal["loses", "blocks", "tells"]


@dataclass(frozen=True, slots=True)
class Check:
    """One question to the database."""

    topic: str
    """The key of its sentence in the message files."""
    effect: Effect
    """``loses`` needs a consent, ``blocks`` refuses the request, ``tells`` is only said."""
    slots: Mapping[str, str]
    """What the sentence names."""
    rows: str = ""
    """The query of the records concerned: id, label, value before, value after. Empty: the
    answer doesn't depend on the data."""
    remedy: tuple[Change, ...] = ()
    """What the changes need besides where there are such records."""
    otherwise: tuple[Change, ...] = ()
    """The same where there are none."""
    rule: Rule | None = None
    """The rule that the sentence is about."""


@dataclass(frozen=True, slots=True)
class Records:
    """The records of an entity as they are stored."""

    table: str
    label: str
    """The SQL of what a record is recognised by; ``NULL`` where it has no text."""

    @classmethod
    def of(cls, spec: SystemSpec, entity: Entity) -> Records:
        """The records of an entity of a system."""
        texts = (a for a in entity.attributes if a.type in TEXTUAL_TYPES)
        label = next((quoted(a.name) for a in texts), "NULL")
        return cls(quoted(collection_of(entity, spec.language)), label)

    def query(self, where: str = "1", before: str = "NULL", after: str = "NULL") -> str:
        """The query of those for which a condition holds, with the SQL of two values to show."""
        return (
            f"SELECT id, {self.label} AS label, {before} AS before, {after} AS after "  # noqa: S608
            f"FROM {self.table} WHERE {where}"
        )

    def shown(self, attribute: Attribute) -> str:
        """The SQL of an attribute's value as people write it."""
        return shown(quoted(attribute.name), storage_type(attribute))


def shown(value: str, type_: str) -> str:
    """The SQL of a stored value as people write it."""
    return f"converted({value}, '{type_}', 'string')"


def quoted(name: str) -> str:
    """A name in SQL, whatever it is."""
    return f'"{name}"'
