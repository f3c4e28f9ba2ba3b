"""Random systems, as varied as a specification allows, and the files that are made of them."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from baes.core.formatter import format_artifacts
from baes.errors import InvalidSpec
from baes.spec.apply import apply, settled
from baes.spec.changes import (
    AddAttribute,
    AddEntity,
    AddRelationship,
    Change,
    ChangeAttribute,
    RemoveAttribute,
    RemoveEntity,
    RemoveRelationship,
    RenameAttribute,
)
from baes.spec.impact import changed_entities
from baes.spec.model import Attribute, Entity, Relationship, RelationshipKind, SystemSpec
from baes.spec.names import AttributeName, EntityName
from baes.spec.pipeline import Artifact, GenerationContext, Task
from baes.swea_agents.backend_swea import BackendSWEA
from baes.swea_agents.table_changes import is_reference
from baes.swea_agents.tables import columns_of, link_table
from baes.swea_agents.template_samples import WRITERS
from baes.utils.template_registry import TemplateRegistry

__all__ = ["RandomSystems", "artifacts_of"]

_NAMES = Path(__file__).parents[2] / "tests" / "integration" / "data" / "awkward_names.toml"
_TEXTS = ("open", "it's closed", 'say "yes"', "12:30", "ação", "SELECT 1", "a\\b", "100 %")
_KINDS: tuple[RelationshipKind, ...] = ("many_to_one", "one_to_one", "many_to_many")
_REGISTRY = TemplateRegistry()


class RandomSystems:
    """Makes systems and changes of them by chance.

    Args:
        seed: The same seed gives the same systems.
    """

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)  # noqa: S311  systems, no secrets
        words = tomllib.loads(_NAMES.read_text(encoding="utf-8"))["en"]
        self._entities = [*words["entities"], "Student", "Course", "Teacher", "Invoice", "Room"]
        self._attributes = [*words["attributes"], "password", "price", "email", "notes", "due_on"]

    def contexts(self) -> Iterator[GenerationContext]:
        """Endlessly: a new system, then a change of it."""
        while True:
            old = SystemSpec()
            changes = self._system()
            if not changes:
                continue
            new = apply(old, changes)
            yield GenerationContext(old, changes, new)
            more = self._changes(new)
            if more:
                done = settled(new, more)
                yield GenerationContext(new, done, apply(new, done))

    def _system(self) -> tuple[Change, ...]:
        names = self._chance.sample(self._entities, self._chance.randint(1, 4))
        made: list[Change] = []
        for word in names:
            entity = self._entity(word)
            if entity is not None and _fits(SystemSpec(), *made, AddEntity(entity)):
                made.append(AddEntity(entity))
        if not made:
            return ()
        for _ in range(self._chance.randint(0, 4)):
            link = self._relationship(apply(SystemSpec(), made))
            if _fits(SystemSpec(), *made, link):
                made.append(link)
        return tuple(made)

    def _entity(self, word: str) -> Entity | None:
        wanted = self._chance.sample(self._attributes, self._chance.randint(1, 8))
        attributes = (self._attribute(AttributeName.from_text(name).name) for name in wanted)
        try:
            found = EntityName.from_text(word)
            kept = tuple(a for a in attributes if a is not None)
            return Entity(found.name, kept, label=found.label)
        except InvalidSpec:
            return None

    def _attribute(self, name: str) -> Attribute | None:
        chance = self._chance
        makers = (self._number, self._text, self._choice, self._moment, self._plain)
        try:
            return chance.choice(makers)(name, chance.random() < 0.6, chance.random() < 0.2)
        except InvalidSpec:
            return None

    def _number(self, name: str, required: bool, unique: bool) -> Attribute:
        kind = self._chance.choice(("integer", "decimal", "float"))
        low = self._chance.choice((None, 0, -5))
        high = self._chance.choice((None, 12, 5000))
        scale = self._chance.choice((1, 2, 4)) if kind == "decimal" else None
        default = 3 if self._chance.random() < 0.3 and not unique else None
        value = Decimal(3) if default and kind != "integer" else default
        return Attribute(
            name,
            kind,  # type: ignore[arg-type]  # one of them
            required,
            unique,
            default=value,
            min=low,
            max=high,
            scale=scale,
        )

    def _text(self, name: str, required: bool, unique: bool) -> Attribute:
        least = self._chance.choice((None, 2))
        most = self._chance.choice((None, 8, 4000))
        default = self._chance.choice((None, None, *_TEXTS[:3])) if not unique else None
        if default is not None and most == 8:
            most = None
        kind = self._chance.choice(("string", "text"))
        return Attribute(
            name,
            kind,  # type: ignore[arg-type]  # one of them
            required,
            unique,
            default=default,
            min_length=least,
            max_length=most,
        )

    def _choice(self, name: str, required: bool, _: bool) -> Attribute:
        choices = tuple(self._chance.sample(_TEXTS, self._chance.randint(2, 5)))
        default = self._chance.choice((None, choices[0]))
        return Attribute(name, "string", required, choices=choices, default=default)

    def _moment(self, name: str, required: bool, unique: bool) -> Attribute:
        kind = self._chance.choice(("date", "datetime", "time"))
        low = {"date": "2000-01-01", "datetime": "2000-01-01T00:00:00", "time": "08:00"}[kind]
        least = self._chance.choice((None, low))
        return Attribute(name, kind, required, unique, min=least)  # type: ignore[arg-type]  # one of them

    def _plain(self, name: str, required: bool, unique: bool) -> Attribute:
        kind = self._chance.choice(("boolean", "email", "url", "phone", "uuid"))
        return Attribute(
            name,
            kind,  # type: ignore[arg-type]  # one of them
            required,
            unique and kind != "boolean",
        )

    def _relationship(self, spec: SystemSpec) -> Change:
        source, target = (self._chance.choice(spec.entities).name for _ in range(2))
        name = self._chance.choice(("owner", "parts", "place", "successor"))
        required = source != target and self._chance.random() < 0.4
        kind = self._chance.choice(_KINDS)
        return AddRelationship(Relationship(source, target, kind, name, required))

    def _changes(self, spec: SystemSpec) -> tuple[Change, ...]:
        made: list[Change] = []
        for _ in range(self._chance.randint(1, 3)):
            change = self._change(apply(spec, made))
            if change is not None and _fits(spec, *made, change):
                made.append(change)
        return tuple(made)

    def _change(self, spec: SystemSpec) -> Change | None:
        if not spec.entities:
            return None
        entity = self._chance.choice(spec.entities)
        new = self._attribute(AttributeName.from_text(self._chance.choice(self._attributes)).name)
        ways: list[Change | None] = [self._relationship(spec), RemoveEntity(entity.name)]
        ways.append(AddAttribute(entity.name, new) if new is not None else None)
        if entity.attributes:
            own = self._chance.choice(entity.attributes)
            ways += [
                RemoveAttribute(entity.name, own.name),
                RenameAttribute(entity.name, own.name, "other_name"),
                ChangeAttribute(entity.name, own.name, (("required", not own.required),)),
                ChangeAttribute(entity.name, own.name, (("unique", not own.unique),)),
            ]
        if spec.relationships:
            link = self._chance.choice(spec.relationships)
            ways.append(RemoveRelationship(link.source, link.name))
        return self._chance.choice(ways)


def artifacts_of(context: GenerationContext, *, everything: bool = False) -> tuple[Artifact, ...]:
    """The files that a request writes, formatted.

    Args:
        context: The request's change of the system.
        everything: Whether files of unchanged entities, and the examples of people's own code,
            come as well.
    """
    changed = [e.name for e in context.new] if everything else None
    names = changed or [
        n for n in changed_entities(context.old, context.new) if context.new.find(n) is not None
    ]
    writers = [writer(_REGISTRY) for writer in WRITERS]
    written = [
        artifact
        for writer in writers
        for name in (*names, "")
        for artifact in writer.produce(Task(f"{writer.name}:{name}", writer.name, name), context)
    ]
    if everything:
        backend = BackendSWEA(_REGISTRY)
        written += [backend.custom_artifact(context.new, entity) for entity in context.new]
    return format_artifacts(written)


def _fits(spec: SystemSpec, *changes: Change) -> bool:
    """Whether a system takes the changes, and the names of its columns and tables stay apart."""
    try:
        after = apply(spec, changes)
    except InvalidSpec:
        return False
    for entity in after:
        columns = [column.name for column in columns_of(after, entity).values()]
        if len(set(columns)) != len(columns):
            return False
    tables = [entity.plural for entity in after]
    tables += [link_table(after, r).name for r in after.relationships if not is_reference(r)]
    rings = any(
        a.required and b.required and (a.source, a.target) == (b.target, b.source)
        for a in after.relationships
        for b in after.relationships
    )
    return len(set(tables)) == len(tables) and not rings
