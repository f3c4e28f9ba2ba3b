"""What was entered under a rule comes back whatever else was done, one by one or all at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from baes.core.preview import preview
from baes.core.undo import changes_back
from baes.spec.apply import apply
from baes.spec.changes import (
    AddEntity,
    AddRule,
    Change,
    ChangeAttribute,
    RemoveAttribute,
    RemoveEntity,
    RemoveRule,
    RenameAttribute,
    RenameEntity,
)
from baes.spec.model import Attribute, Entity
from baes.spec.rules import Computed
from tests.integration.migrating import LiveSystem

pytestmark = pytest.mark.filterwarnings("ignore:The GenericFunction")

PRICES = (
    AddEntity(
        Entity(
            "Item",
            (
                Attribute("quantity", "integer"),
                Attribute("price", "integer", required=False),
                Attribute("note", "string"),
            ),
        )
    ),
)
DOUBLE, TRIPLE = (Computed("Item", "price", f"quantity * {factor}") for factor in (2, 3))
ROWS = [(1, 1, 10), (2, 2, None), (3, 3, 30)]
"""id, quantity, price"""

Step = tuple[Change, ...] | str
"""A request, or what people do between two."""
EDIT = "UPDATE items SET price = 99 WHERE id = 1"

WAYS: dict[str, tuple[Step, ...]] = {
    "its attribute went with the rule": (
        (AddRule(DOUBLE),),
        (RemoveAttribute("Item", "price"),),
    ),
    "the rule went with what it reads, and values were edited": (
        (AddRule(DOUBLE),),
        (RemoveAttribute("Item", "quantity"),),
        EDIT,
    ),
    "the rule was taken away, values were edited, another rule came": (
        (AddRule(DOUBLE),),
        (RemoveRule(DOUBLE),),
        EDIT,
        (AddRule(TRIPLE),),
    ),
    "the rule was taken away, values were edited, the attribute went": (
        (AddRule(DOUBLE),),
        (RemoveRule(DOUBLE),),
        EDIT,
        (RemoveAttribute("Item", "price"),),
    ),
    "the entity went after its rule": (
        (AddRule(DOUBLE),),
        (RemoveRule(DOUBLE),),
        EDIT,
        (RemoveEntity("Item"),),
    ),
    "the entity went with its rule": (
        (AddRule(DOUBLE),),
        (RemoveEntity("Item"),),
    ),
    "the rule became another one": (
        (AddRule(DOUBLE),),
        (RemoveRule(DOUBLE), AddRule(TRIPLE)),
    ),
    "two rules one after the other, and other names": (
        (AddRule(DOUBLE),),
        (RemoveRule(DOUBLE), RenameAttribute("Item", "price", "cost")),
        "UPDATE items SET cost = 99 WHERE id = 1",
        (RenameEntity("Item", "Part"), AddRule(Computed("Part", "cost", "quantity * 5"))),
        (ChangeAttribute("Part", "cost", (("max", 1000),)),),
    ),
}


def done(folder: Path, way: tuple[Step, ...]) -> LiveSystem:
    """A system with rows after some requests, and what was done between them."""
    system = LiveSystem(folder)
    system.change(*PRICES)
    for _, quantity, price in ROWS:
        statement = "INSERT INTO items (quantity, price, note) VALUES (?, ?, 'x')"
        system.execute(statement, quantity, price)
    for step in way:
        if isinstance(step, str):
            system.execute(step)
        else:
            system.change(*step)
    return system


def rows(system: LiveSystem) -> list[tuple[object, ...]]:
    return system.rows("SELECT id, quantity, price FROM items ORDER BY id")


def archived(system: LiveSystem) -> list[str]:
    """The values of all tables of the archive, as texts."""
    tables = [t for (t,) in system.rows("SELECT table_name FROM baes_archive_contents")]
    return [str(row) for table in tables for row in system.rows(f"SELECT * FROM {table}")]  # noqa: S608


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_step_by_step(way: tuple[Step, ...], tmp_path: Path) -> None:
    system = done(tmp_path, way)
    while len(system.done) > 1:
        system.undo()
    assert rows(system) == ROWS


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_all_at_once(way: tuple[Step, ...], tmp_path: Path) -> None:
    system = done(tmp_path, way)
    first = system.done[1][0]
    back = changes_back(system.spec, first, system.done[:0:-1])
    found = preview(system.path, system.spec, back, apply(system.spec, back))
    assert not found.of("blocks")
    system.change(*found.changes)
    system.check()
    assert rows(system) == ROWS
    if any(isinstance(step, str) for step in way):
        assert any("99" in values for values in archived(system))


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_and_done_again(way: tuple[Step, ...], tmp_path: Path) -> None:
    system = done(tmp_path, way)
    before = everything(system)
    first = system.done[1][0]
    system.change(*changes_back(system.spec, first, system.done[:0:-1]))
    system.undo()
    assert everything(system) == before


def everything(system: LiveSystem) -> list[tuple[object, ...]]:
    tables = system.rows("SELECT name FROM sqlite_master WHERE name IN ('items', 'parts')")
    return [row for (name,) in tables for row in system.rows(f"SELECT * FROM {name} ORDER BY id")]  # noqa: S608
