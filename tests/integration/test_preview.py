"""What a request would do to the data is found before it is done, and then happens just so."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from baes.core.preview import Preview, consent_question, preview, refusal
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
)
from baes.spec.inverse import inverse
from baes.spec.model import Attribute, Call, Entity, Relationship
from baes.spec.rules import NotFuture
from tests.integration.migrating import LiveSystem

pytestmark = pytest.mark.filterwarnings("ignore:The GenericFunction")

ITEM = Entity(
    "Item",
    (
        Attribute("name", "string", required=False),
        Attribute("code", "string", required=False),
        Attribute("amount", "decimal", scale=2, required=False),
        Attribute("made", "date"),
        Attribute("mail", "string", required=False),
        Attribute("strict", "string"),
        Attribute("empty", "string", required=False),
    ),
)
SHELF = Entity("Shelf", (Attribute("place", "string"),))
ON = Relationship("Item", "Shelf", "many_to_one", "shelf")
NEAR = Relationship("Item", "Shelf", "many_to_many", "places")
MUST = Relationship("Item", "Shelf", "many_to_one", "home", required=True)
ROWS = (
    ("lamp", "7", 1250, "2020-01-01", "a@x.org", "1", 1, 1),
    ("chair", "007", 1255, "2020-02-01", "A@x.org", "2", 1, 2),
    ("table", "abc", None, "2020-03-01", "no mail", "x", None, 2),
)


@pytest.fixture(scope="module")
def stocked(tmp_path_factory: pytest.TempPathFactory) -> LiveSystem:
    system = LiveSystem(tmp_path_factory.mktemp("stock"))
    system.change(
        AddEntity(ITEM),
        AddEntity(SHELF),
        *map(AddRelationship, (ON, NEAR, MUST)),
        AddRule(NotFuture("Item", "made")),
    )
    for place in ("left", "right"):
        system.execute("INSERT INTO shelves (place) VALUES (?)", place)
    for row in ROWS:
        system.execute(
            "INSERT INTO items (name, code, amount, made, mail, strict, shelf_id, home_id) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            *row,
        )
    for pair in ((1, 1), (1, 2), (2, 2)):
        system.execute("INSERT INTO items_places VALUES (?, ?)", *pair)
    return system


@pytest.fixture
def stock(stocked: LiveSystem, tmp_path: Path) -> LiveSystem:
    return stocked.copied(tmp_path / "stock")


def look(system: LiveSystem, *changes: Change) -> Preview:
    return preview(system.path, system.spec, changes, apply(system.spec, changes))


def found(system: LiveSystem, *changes: Change) -> list[tuple[str, str, int]]:
    entries = look(system, *changes).entries
    return [(entry.topic, entry.effect, entry.count) for entry in entries]


def to(name: str, **fields: object) -> ChangeAttribute:
    return ChangeAttribute("Item", name, tuple(fields.items()))


def link(was: Relationship, kind: str, *, required: bool = False) -> ChangeRelationship:
    new = Relationship("Item", "Shelf", kind, was.name, required)  # type: ignore[arg-type]  # a kind
    return ChangeRelationship("Item", was.name, new)


CASES: dict[str, tuple[Change, list[tuple[str, str, int]]]] = {
    "nothing is lost of nothing": (RemoveAttribute("Item", "empty"), []),
    "values that go": (RemoveAttribute("Item", "amount"), [("attribute_removed", "loses", 2)]),
    "a rule that goes along": (
        RemoveAttribute("Item", "made"),
        [("attribute_removed", "loses", 3), ("rule_goes", "tells", 0)],
    ),
    "records that go, and what needs them": (
        RemoveEntity("Shelf"),
        [
            ("entity_removed", "loses", 2),
            ("entity_needed", "loses", 0),
            ("links_removed", "loses", 2),
            ("links_removed", "loses", 3),
        ],
    ),
    "records that nobody needs": (
        RemoveEntity("Item"),
        [("entity_removed", "loses", 3), ("rule_goes", "tells", 0)],
    ),
    "references that go": (
        RemoveRelationship("Item", "shelf"), [("links_removed", "loses", 2)],
    ),
    "links that go": (RemoveRelationship("Item", "places"), [("links_removed", "loses", 2)]),
    "links without room": (link(NEAR, "many_to_one"), [("links_without_room", "loses", 1)]),
    "links without room of one's own": (
        link(NEAR, "one_to_one"), [("links_without_room", "loses", 2)],
    ),
    "a reference becomes a list": (link(ON, "many_to_many"), []),
    "a shared reference": (link(ON, "one_to_one"), [("link_shared", "blocks", 1)]),
    "a link that is missing": (
        link(ON, "many_to_one", required=True), [("link_missing", "loses", 1)],
    ),
    "text that is a number, or not": (
        to("code", type="integer"),
        [("cleared", "loses", 1), ("rewritten", "loses", 1), ("converted", "tells", 1)],
    ),
    "text that is a number, or the default": (
        to("code", type="integer", default=0),
        [("replaced", "loses", 1), ("rewritten", "loses", 1), ("converted", "tells", 1)],
    ),
    "numbers that are rounded": (
        to("amount", scale=1),
        [("rounded", "loses", 1), ("converted", "tells", 1)],
    ),
    "digits that are added": (to("amount", scale=3), [("converted", "tells", 2)]),
    "an impossible type": (to("made", type="integer"), [("impossible", "blocks", 3)]),
    "values that are missing": (to("amount", required=True), [("missing", "loses", 1)]),
    "values that are missing, and a default": (
        to("amount", required=True, default=Decimal(1)),
        [("filled", "tells", 1)],
    ),
    "values that are not unique": (to("amount", unique=True), []),
    "letter case of e-mail": (
        to("mail", type="email", unique=True),
        [("duplicated", "blocks", 1), ("beyond", "loses", 1)],
    ),
    "beyond a bound": (to("amount", min=Decimal("12.51")), [("beyond", "loses", 1)]),
    "beyond a length": (to("name", max_length=4), [("beyond", "loses", 2)]),
    "beyond choices": (to("name", choices=("lamp", "chair")), [("beyond", "loses", 1)]),
    "beyond a pattern": (to("code", pattern="^[0-9]+$"), [("beyond", "loses", 1)]),
    "within a bound": (to("amount", max=Decimal(13)), []),
    "an optional one that comes": (
        AddAttribute("Item", Attribute("note", "text", required=False)), [],
    ),
    "a required one that comes": (
        AddAttribute("Item", Attribute("note", "text")), [("still_missing", "tells", 3)],
    ),
    "a moment that comes": (
        AddAttribute("Item", Attribute("seen", "datetime", default=Call("now"))),
        [("still_missing", "tells", 3)],
    ),
    "a default that comes": (
        AddAttribute("Item", Attribute("level", "integer", default=1)),
        [("default_given", "tells", 3)],
    ),
    "a default that can't be unique": (
        AddAttribute("Item", Attribute("level", "integer", default=1, unique=True)),
        [("default_shared", "blocks", 3), ("default_given", "tells", 3)],
    ),
    "a required link that comes": (
        AddRelationship(Relationship("Item", "Shelf", "many_to_one", "spare", required=True)),
        [("link_still_missing", "tells", 3)],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("change", "expected"), CASES.values(), ids=CASES)
def test_what_would_happen_is_told_and_then_happens(
    stock: LiveSystem, change: Change, expected: list[tuple[str, str, int]]
) -> None:
    assert found(stock, change) == expected
    seen = look(stock, change)
    if seen.of("blocks"):
        return
    before = stock.rows("SELECT * FROM items ORDER BY id")
    stock.change(*seen.changes)
    stock.check()
    stock.undo()
    assert stock.rows("SELECT count(*) FROM items") == [(3,)]
    names = ", ".join(f'"{row[1]}"' for row in stocked_columns(stock))
    query = f"SELECT id, {names} FROM items ORDER BY id"  # noqa: S608  names that SQLite gave
    assert stock.rows(query) == before


def stocked_columns(system: LiveSystem) -> list[tuple[object, ...]]:
    order = [*(a.name for a in ITEM.attributes), "shelf_id", "home_id"]
    rows = system.rows("PRAGMA table_info(items)")
    return sorted((r for r in rows if r[1] != "id"), key=lambda r: order.index(str(r[1])))


def test_records_that_break_a_new_limit_stay_and_the_specification_says_so(
    stock: LiveSystem,
) -> None:
    seen = look(stock, to("name", max_length=4))
    stock.change(*seen.changes)
    name = stock.spec.entity("Item").attributes[0]
    assert (name.max_length, name.older_may_break) == (4, True)
    assert stock.rows("SELECT name FROM items") == [("lamp",), ("chair",), ("table",)]
    loosened = look(stock, to("name", max_length=5))
    assert [e.topic for e in loosened.entries] == []
    stock.change(*loosened.changes)
    assert not stock.spec.entity("Item").attributes[0].older_may_break


def test_a_required_value_that_can_not_be_converted_may_be_lacking(stock: LiveSystem) -> None:
    seen = look(stock, to("strict", type="integer"))
    assert [e.topic for e in seen.entries] == ["cleared", "converted"]
    stock.change(*seen.changes)
    assert stock.rows("SELECT strict FROM items") == [(1,), (2,), (None,)]
    stock.undo()
    assert stock.rows("SELECT strict FROM items") == [("1",), ("2",), ("x",)]
    assert not stock.spec.entity("Item").attributes[5].older_may_lack


def test_what_comes_back_is_told_with_what_newer_records_lack(stock: LiveSystem) -> None:
    old = stock.spec
    removal = (RemoveAttribute("Item", "strict"), RemoveRelationship("Item", "home"))
    stock.change(*removal)
    stock.execute("INSERT INTO items (name, made) VALUES ('rug', '2021-01-01')")
    stock.execute("DELETE FROM items_places")
    stock.execute("UPDATE items SET shelf_id = NULL")
    stock.execute("DELETE FROM shelves WHERE id = 1")
    seen = look(stock, *inverse(old, removal))
    assert [(e.topic, e.effect, e.count) for e in seen.entries] == [
        ("values_come_back", "tells", 3),
        ("newer_lack", "tells", 1),
        ("links_come_back", "tells", 2),
        ("links_gone", "tells", 1),
        ("newer_lack_link", "tells", 2),
    ]
    stock.change(*seen.changes)
    stock.check()
    assert stock.rows("SELECT strict, home_id FROM items") == [
        ("1", None), ("2", 2), ("x", 2), (None, None),
    ]  # fmt: skip


def test_examples_are_shown_shortly(stock: LiveSystem) -> None:
    stock.execute("UPDATE items SET code = ? WHERE id = 3", "x" * 100)
    (cleared, rewritten, _) = look(stock, to("code", type="integer")).entries
    assert cleared.samples == ("“" + "x" * 39 + "…” #3",)
    assert rewritten.samples == ("“007” → “7” #2",)
    assert "“12.55” → “12.6” #2" in look(stock, to("amount", scale=1)).entries[0].spoken("en")


def test_the_question_and_the_refusal_speak_the_users_language(stock: LiveSystem) -> None:
    change = RemoveAttribute("Item", "amount")
    asked = consent_question(look(stock, change)).spoken("pt")
    assert (asked.exit_status, asked.alternatives) == (3, ("--yes",))
    assert "2 valores" in asked.question
    assert "Deve ser feito?" in asked.question
    assert "2 values" in consent_question(look(stock, change)).question
    refused = refusal(look(stock, to("made", type="integer")))
    assert refused.exit_status == 1
    assert "(date) can become a value of the new type (whole number)" in refused.message


def test_a_system_without_data_has_nothing_to_tell(tmp_path: Path) -> None:
    system = LiveSystem(tmp_path)
    system.change(AddEntity(ITEM))
    assert found(system, RemoveAttribute("Item", "made"), RemoveEntity("Item")) == []
