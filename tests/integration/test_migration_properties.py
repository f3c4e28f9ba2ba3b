"""Any sequence of changes on any rows: nothing is lost, and all of it can be taken back."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import random
import sqlite3
import tempfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from baes.core.preview import Preview, preview
from baes.core.undo import changes_back
from baes.errors import InvalidSpec
from baes.spec.apply import apply
from baes.spec.changes import (
    AddAttribute,
    AddEntity,
    AddRelationship,
    AddRule,
    Change,
    ChangeAttribute,
    ChangeRelationship,
    RemoveAttribute,
    RemoveEntity,
    RemoveRelationship,
    RemoveRule,
    RenameAttribute,
    RenameEntity,
)
from baes.spec.derivation import derived_attributes
from baes.spec.diff import diff
from baes.spec.inverse import inverse
from baes.spec.model import Attribute, Entity, Relationship, RelationshipKind, SystemSpec
from baes.spec.navigation import collection_of
from baes.spec.rule_checks import broken_rule
from baes.spec.rule_paths import child_link
from baes.spec.rules import (
    Aggregate,
    Compare,
    Computed,
    RequiredIf,
    Rule,
    Transition,
    UniqueTogether,
)
from baes.spec.scales import scale_of
from baes.swea_agents.column_types import storage_type
from baes.swea_agents.table_changes import is_reference
from baes.swea_agents.tables import columns_of, link_columns, link_table
from tests.integration.migrating import LiveSystem

pytestmark = pytest.mark.filterwarnings("ignore:The GenericFunction")

EXAMPLES = int(os.environ.get("BAES_SOAK_EXAMPLES", "8"))
"""`make soak` tries more."""
REQUESTS = 4
ROWS = 5

TYPES = ("string", "text", "integer", "decimal", "float", "boolean", "date", "datetime", "email")
NAMES = ("order", "title", "amount", "note", "code", "group")
ENTITIES = ("Item", "Person", "Room", "Order")
WORDS = ("abc", "007", "7", "12.50", "2020-02-29", "true", "x@y.org", "it's: “x”", " 5 ")
KINDS: tuple[RelationshipKind, ...] = get_args(RelationshipKind)


class Wisher:
    """Makes requests that fit a system, by chance.

    Args:
        chance: Where it comes from.
        fills: Whether it has defaults filled in. Such a filling is taken back with its own request,
            and not when several are taken back at once.
    """

    def __init__(self, chance: random.Random, *, fills: bool = True) -> None:
        self.chance = chance
        self.fills = fills

    def system(self) -> tuple[Change, ...]:
        """What a first request makes."""
        entities = [
            Entity(name, tuple(self.attribute(n) for n in self.chance.sample(NAMES, 3)))
            for name in self.chance.sample(ENTITIES, 2)
        ]
        spec = apply(SystemSpec(), map(AddEntity, entities))
        made: list[Change] = [AddEntity(entity) for entity in entities]
        for link in (self.add_relationship(spec) for _ in range(2)):
            made += [link] if _fits(SystemSpec(), *made, link) else []
        return tuple(made)

    def request(self, spec: SystemSpec) -> tuple[Change, ...]:
        """One to three changes, each of which fits the system after those before it."""
        found: list[Change] = []
        for _ in range(self.chance.randint(1, 3)):
            change = self.change(apply(spec, found))
            if change and _fits(spec, *found, change):
                found.append(change)
        return tuple(found)

    def change(self, spec: SystemSpec) -> Change | None:
        """Any change, perhaps one that doesn't fit."""
        if not spec.entities or self.chance.random() < 0.1:
            return AddEntity(Entity(self.chance.choice(ENTITIES), (self.attribute("name"),)))
        entity = self.chance.choice(spec.entities)
        name, other = self.chance.choice(NAMES), self.chance.choice(ENTITIES)
        ways: list[Change | None] = [
            AddAttribute(entity.name, self.attribute(name)),
            RenameEntity(entity.name, other),
            RemoveEntity(entity.name),
            self.add_relationship(spec),
            self.change_relationship(spec),
            self.remove_relationship(spec),
            self.add_rule(spec, entity),
            self.add_rule(spec, entity),
            RemoveRule(self.chance.choice(spec.rules)) if spec.rules else None,
        ]
        if entity.attributes:
            own = self.chance.choice(entity.attributes)
            ways += [
                RemoveAttribute(entity.name, own.name),
                RenameAttribute(entity.name, own.name, name),
                self.change_attribute(entity, own),
                self.change_attribute(entity, own),
                self.change_attribute(entity, own),
            ]
        return self.chance.choice(ways)

    def attribute(self, name: str) -> Attribute:
        """A new attribute."""
        type_ = self.chance.choice(TYPES)
        default = 3 if type_ == "integer" and self.chance.random() < 0.4 else None
        return Attribute(
            name,
            type_,  # type: ignore[arg-type]  # one of them
            required=self.chance.random() < 0.5,
            unique=type_ != "boolean" and default is None and self.chance.random() < 0.2,
            min=0 if type_ == "integer" and self.chance.random() < 0.5 else None,
            default=default,
        )

    def change_attribute(self, entity: Entity, attribute: Attribute) -> Change:
        """Another type, limit or duty."""
        limits = ("min", "max", "default", "max_length", "scale")
        free = tuple((key, None) for key in limits if getattr(attribute, key) is not None)
        number = attribute.type in ("integer", "decimal", "float")
        ways: list[tuple[tuple[str, object], ...]] = [
            (*free, ("type", self.chance.choice(TYPES))),
            (("unique", not attribute.unique),),
            free or (("unique", not attribute.unique),),
        ]
        if self.fills or attribute.default is None:
            ways.append((("required", not attribute.required),))
        if number:
            ways.append((("max", self.chance.choice((5, 50))),))
            ways += [(("required", True), ("default", 4))] if self.fills else []
        if attribute.type == "decimal":
            ways.append((("scale", self.chance.choice((1, 3))),))
        if attribute.type in ("string", "text"):
            ways.append((("max_length", self.chance.choice((3, 30))),))
        return ChangeAttribute(entity.name, attribute.name, self.chance.choice(ways))

    def add_relationship(self, spec: SystemSpec) -> Change:
        """A link between any two."""
        source, target = (self.chance.choice(spec.entities).name for _ in range(2))
        kind, name = self.chance.choice(KINDS), self.chance.choice(("owner", "parts", "place"))
        required = source != target and self.chance.random() < 0.3
        return AddRelationship(Relationship(source, target, kind, name, required))

    def change_relationship(self, spec: SystemSpec) -> Change | None:
        """Another kind, name or duty of a link."""
        if not spec.relationships:
            return None
        link = self.chance.choice(spec.relationships)
        to = dataclasses.replace(
            link,
            id="",
            kind=self.chance.choice(KINDS),
            name=self.chance.choice((link.name, "place", "owner")),
            required=link.source != link.target and self.chance.random() < 0.3,
        )
        return ChangeRelationship(link.source, link.name, to)

    def remove_relationship(self, spec: SystemSpec) -> Change | None:
        """A link less."""
        if not spec.relationships:
            return None
        link = self.chance.choice(spec.relationships)
        return RemoveRelationship(link.source, link.name)

    def add_rule(self, spec: SystemSpec, entity: Entity) -> Change | None:
        """A rule over one record, or over its children."""
        own = [a.name for a in entity.attributes]
        if len(own) < 2:
            return None
        one, other = self.chance.sample(own, 2)
        parents = [r.target for r in spec.relationships if r.source == entity.name]
        ways: list[Rule] = [
            Compare(entity.name, one, self.chance.choice(("<=", ">", "!=")), other),
            Compare(entity.name, one, ">=", self.chance.choice((2, 3))),
            RequiredIf(entity.name, one, ((other, self.chance.choice((True, "abc", 7))),)),
            UniqueTogether(entity.name, (one, other)),
            Computed(entity.name, one, f"{other} * 2 + coalesce({other}, 1)"),
            Computed(entity.name, one, f"{other} || 'x'"),
            Transition(entity.name, one, "abc", self.chance.choice(("007", "7"))),
        ]
        for parent in parents:
            target = self.chance.choice(spec.entity(parent).attributes or (Attribute("x", "date"),))
            function: Any = self.chance.choice(("sum", "avg", "max"))
            ways += [
                Aggregate(parent, target.name, "count", entity.name),
                Aggregate(parent, target.name, function, f"{entity.name}.{one}"),
            ]
        return AddRule(self.chance.choice(ways))

    def value(self, attribute: Attribute, number: int) -> Any:
        """A value as it is stored, or none."""
        if not attribute.required and self.chance.random() < 0.3:
            return None
        if attribute.unique and attribute.type in ("integer", "decimal", "float"):
            return number
        match attribute.type:
            case "integer":
                return number * self.chance.choice((1, 7))
            case "decimal":
                return number * 10**6 + self.chance.choice((0, 125000, 999999))
            case "float":
                return number + self.chance.choice((0.0, 0.5, 0.1))
            case "boolean":
                return number % 2
            case "date":
                return f"2020-01-{number + 10}"
            case "datetime":
                return f"2020-01-{number + 10} 0{number}:30:00.000000"
            case "email":
                return f"{self.chance.choice('abAB')}{number}@x.org"
            case _:
                return f"{self.chance.choice(WORDS)}{number if attribute.unique else ''}"


def _fits(spec: SystemSpec, *changes: Change) -> bool:
    """Whether a system takes the changes, and the names of its columns and tables stay apart."""
    try:
        after = apply(spec, changes)
    except InvalidSpec:
        return False
    if broken_rule(spec, after):
        return False
    for entity in after:
        columns = [c.name for c in columns_of(after, entity).values()]
        if len(set(columns)) != len(columns):
            return False
    tables = [collection_of(e, after.language) for e in after]
    tables += [link_table(after, r).name for r in after.relationships if not is_reference(r)]
    twice = len(set(tables)) != len(tables)
    rings = any(
        a.required and b.required and (a.source, a.target) == (b.target, b.source)
        for a in after.relationships
        for b in after.relationships
    )
    return not twice and not rings


def insert_rows(system: LiveSystem, wisher: Wisher, numbers: range) -> None:
    """Rows in each table, linked by chance; such as break a limit are left out."""
    spec = system.spec
    for entity in spec:
        for number in numbers:
            derived = derived_attributes(spec, entity.name)
            entered = [a for a in entity.attributes if a.name not in derived]
            values: dict[str, Any] = {a.name: wisher.value(a, number) for a in entered}
            for link in spec.outgoing(entity.name):
                if is_reference(link):
                    free = None if not link.required and number % 2 else number
                    values[columns_of(spec, entity)[link.id].name] = free
            names = ", ".join(f'"{name}"' for name in values)
            places = ", ".join("?" * len(values))
            table = collection_of(entity, spec.language)
            content = f"({names}) VALUES ({places})" if values else "DEFAULT VALUES"
            statement = f'INSERT INTO "{table}" {content}'
            with contextlib.suppress(sqlite3.IntegrityError):
                system.execute(statement, *values.values(), checked=False)
    for link in (r for r in spec.relationships if not is_reference(r)):
        table = link_table(spec, link).name
        for pair in {tuple(wisher.chance.choices(numbers, k=2)) for _ in "abc"}:
            with contextlib.suppress(sqlite3.IntegrityError):
                system.execute(f'INSERT INTO "{table}" VALUES (?, ?)', *pair)  # noqa: S608  ours


def rows_by_id(system: LiveSystem) -> dict[str, list[Any]]:
    """Stable id -> its values with the rows' ids, or its pairs; whatever the names are."""
    spec, found = system.spec, dict[str, list[Any]]()
    for entity in spec:
        table = collection_of(entity, spec.language)
        found[entity.id] = system.rows(f'SELECT id FROM "{table}" ORDER BY id')  # noqa: S608  ours
        for thing, column in columns_of(spec, entity).items():
            query = f'SELECT id, "{column.name}" FROM "{table}" ORDER BY id'  # noqa: S608  ours
            found[thing] = system.rows(query)
    for link in (r for r in spec.relationships if not is_reference(r)):
        names = ", ".join(link_columns(spec, link))
        query = f'SELECT {names} FROM "{link_table(spec, link).name}" ORDER BY 1, 2'  # noqa: S608
        found[link.id] = system.rows(query)
    return found


def unchanged_things(old: SystemSpec, new: SystemSpec) -> Iterator[str]:
    """Ids of what a request leaves as it is but for names, limits that others keep, and links."""
    before = {f"{e.id}.{a.id}": a for e in old for a in e.attributes}
    for entity in new:
        derived = derived_attributes(new, entity.name)
        for attribute in (a for a in entity.attributes if a.name not in derived):
            was = before.get(f"{entity.id}.{attribute.id}")
            same_type = was and storage_type(was) == storage_type(attribute)
            if was and same_type and was.default == attribute.default:
                yield f"{entity.id}.{attribute.id}"
    links = {r.id: _told(old, r) for r in old.relationships}
    yield from (r.id for r in new.relationships if links.get(r.id) == _told(new, r))


def _told(spec: SystemSpec, link: Relationship) -> tuple[object, ...]:
    """A link without names."""
    ends = (spec.entity(link.source).id, spec.entity(link.target).id)
    return (*ends, link.kind, link.required)


def looked_up(system: LiveSystem, changes: tuple[Change, ...]) -> Preview:
    return preview(system.path, system.spec, changes, apply(system.spec, changes))


def carry_out(system: LiveSystem, wisher: Wisher) -> tuple[SystemSpec, tuple[Change, ...]] | None:
    """One request that the data allow, and what must hold after it."""
    old = system.spec
    changes = wisher.request(old)
    if not changes:
        return None
    found = looked_up(system, changes)
    if found.of("blocks"):
        return None
    before = rows_by_id(system)
    system.change(*found.changes)  # compares with schema.sql, follows references
    system.check()
    after = rows_by_id(system)
    for thing in unchanged_things(old, system.spec):
        assert after[thing] == before[thing], thing
    check_counts(system)
    return old, found.changes


def check_counts(system: LiveSystem) -> None:
    """Numbers of children are right, told without the product's own code."""
    spec = system.spec
    for rule in spec.rules:
        if not isinstance(rule, Aggregate) or "." in rule.of:
            continue
        parents, link = (
            spec.entity(rule.entity),
            child_link(spec, spec.entity(rule.entity), rule.of),
        )
        table = collection_of(parents, spec.language)
        rows = system.rows(f'SELECT id, "{rule.attribute}" FROM "{table}"')  # noqa: S608  ours
        if is_reference(link):
            place = collection_of(spec.entity(rule.of), spec.language)
            column = columns_of(spec, spec.entity(rule.of))[link.id].name
        else:
            place, names = link_table(spec, link).name, link_columns(spec, link)
            column = names[0] if link.source == rule.entity else names[1]
        for id_, count in rows:
            query = f'SELECT count(*) FROM "{place}" WHERE "{column}" = {id_}'  # noqa: S608  ours
            scale = 10 ** (_scale(parents, rule.attribute))
            assert count == system.rows(query)[0][0] * scale


def _scale(entity: Entity, name: str) -> int:
    found = entity.find(name)
    return (scale_of(found) or 0) if found else 0


def begun(folder: str, seed: int, *, fills: bool = True) -> tuple[LiveSystem, Wisher]:
    """A system with rows, and who changes it."""
    wisher = Wisher(random.Random(seed), fills=fills)  # noqa: S311  for chance, not for secrets
    system = LiveSystem(Path(folder))
    system.change(*wisher.system())
    insert_rows(system, wisher, range(1, ROWS + 1))
    return system, wisher


any_seed = settings(
    max_examples=EXAMPLES,
    derandomize="BAES_SOAK_EXAMPLES" not in os.environ,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),  # a smaller seed is no simpler case
    suppress_health_check=list(HealthCheck),
)


@any_seed
@given(st.integers(0, 2**32))
@example(1041).via("a rule over a required value, and what it replaced")
@example(673).via("a rule that went with what it read, over a required value")
@example(214122).via("a required attribute that went with its rule")
def test_any_changes_keep_the_rows_and_are_taken_back(seed: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        system, wisher = begun(folder, seed)
        first, rows = system.spec, rows_by_id(system)
        done = [carry_out(system, wisher) for _ in range(REQUESTS)]
        for old, changes in reversed([d for d in done if d]):
            found = looked_up(system, inverse(old, changes))
            assert not found.of("blocks"), found.of("blocks")
            system.change(*found.changes)
            system.check()
        assert diff(system.spec, first) == ()
        assert rows_by_id(system) == rows


@any_seed
@given(st.integers(0, 2**32))
@example(95).via("a rule that leaves a required value out")
@example(1025).via("a rule that went with the entity that it read")
@example(5026).via("a rule that went with its own entity")
@example(198043).via("a rule that would go with the link that it reads")
def test_all_is_taken_back_at_once_with_rows_that_came_since(seed: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        system, wisher = begun(folder, seed, fills=False)
        first, rows = system.spec, rows_by_id(system)
        for _ in range(REQUESTS):
            carry_out(system, wisher)
        insert_rows(system, wisher, range(ROWS + 1, ROWS + 3))
        system.delete_what_refers_to_nothing()
        newer = rows_by_id(system)
        back = changes_back(system.spec, first, system.done[:0:-1])
        if not back:
            return  # nothing was done, or names went round in a circle: undone one by one
        found = looked_up(system, back)
        if found.of("blocks"):
            return  # newer rows double a value that is to be unique again
        system.change(*found.changes)
        system.check()
        after = rows_by_id(system)
        for thing, values in rows.items():
            assert [v for v in after[thing] if max(v[:1]) <= ROWS] == values, thing
        for entity in (e for e in system.spec if e.id in newer):
            assert set(newer[entity.id]) <= set(after[entity.id]), entity.id


def test_the_wisher_reaches_every_change() -> None:
    wisher = Wisher(random.Random(1))  # noqa: S311  for chance, not for secrets
    spec = apply(SystemSpec(), wisher.system())
    rules = (wisher.add_rule(spec, wisher.chance.choice(spec.entities)) for _ in range(100))
    spec = apply(spec, [next(rule for rule in rules if rule and _fits(spec, rule))])
    kinds = {type(change).op for _ in range(400) for change in wisher.request(spec)}
    assert len(kinds) == 12


def test_decimals_are_kept_to_the_last_digit(tmp_path: Path) -> None:
    system = LiveSystem(tmp_path)
    system.change(AddEntity(Entity("Item", (Attribute("n", "decimal", scale=2),))))
    for value in (999_999_999_999_999_999, -1, 0):
        system.execute("INSERT INTO items (n) VALUES (?)", value)
    system.change(ChangeAttribute("Item", "n", (("type", "string"), ("scale", None))))
    assert system.rows("SELECT n FROM items") == [
        (str(Decimal("9999999999999999.99")),), ("-0.01",), ("0.00",),
    ]  # fmt: skip
    system.undo()
    assert system.rows("SELECT n FROM items") == [(999_999_999_999_999_999,), (-1,), (0,)]
