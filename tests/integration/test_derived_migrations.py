"""Values that follow from others: worked out for all rows when their rule comes, exactly."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from baes.core.preview import preview
from baes.spec.apply import apply
from baes.spec.changes import (
    AddAttribute,
    AddEntity,
    AddRelationship,
    AddRule,
    Change,
    ChangeAttribute,
    RemoveAttribute,
    RemoveEntity,
    RemoveRelationship,
    RemoveRule,
    RenameAttribute,
    RenameEntity,
)
from baes.spec.diff import diff
from baes.spec.model import Attribute, Entity, Relationship
from baes.spec.rules import Aggregate, Compare, Computed
from tests.integration.migrating import LiveSystem
from tests.integration.test_rule_migrations import everything as _everything

pytestmark = pytest.mark.filterwarnings("ignore:The GenericFunction")

TABLES = ("customers", "orders", "items", "tags")
SHOP: tuple[Change, ...] = (
    AddEntity(
        Entity(
            "Customer",
            (Attribute("name", "string"), Attribute("credit_limit", "decimal", required=False)),
        )
    ),
    AddEntity(
        Entity(
            "Order",
            (
                Attribute("day", "date"),
                Attribute("status", "string", required=False),
                Attribute("paid", "boolean", default=False),
                Attribute("entered", "decimal", required=False, scale=2),
            ),
        )
    ),
    AddEntity(
        Entity(
            "Item",
            (
                Attribute("quantity", "integer", required=False),
                Attribute("unit_price", "decimal", required=False),
                Attribute("weight", "decimal", required=False, scale=3),
            ),
        )
    ),
    AddEntity(Entity("Tag", (Attribute("name", "string"),))),
    AddRelationship(Relationship("Order", "Customer", "many_to_one", "customer")),
    AddRelationship(Relationship("Item", "Order", "many_to_one", "order")),
    AddRelationship(Relationship("Order", "Tag", "many_to_many", "tags")),
)
AMOUNT = Computed("Item", "amount", "quantity * unit_price")
TOTAL = Aggregate("Order", "total", "sum", "Item.amount")
BALANCE = Aggregate("Customer", "balance", "sum", "Order.total", (("paid", True, False),))


def decimal(name: str) -> Attribute:
    return Attribute(name, "decimal", scale=2)


CHAIN: tuple[Change, ...] = (
    AddAttribute("Item", decimal("amount")),
    AddRule(AMOUNT),
    AddAttribute("Order", decimal("total")),
    AddRule(TOTAL),
    AddAttribute("Customer", decimal("balance")),
    AddRule(BALANCE),
)


@pytest.fixture(scope="module")
def first_release(tmp_path_factory: pytest.TempPathFactory) -> LiveSystem:
    system = LiveSystem(tmp_path_factory.mktemp("shop"))
    system.change(*SHOP)
    system.execute("INSERT INTO customers (name, credit_limit) VALUES ('Ana', 10000), ('Bia', 5)")
    for customer, status, paid, entered in (
        (1, "open", 0, 100), (1, None, 1, None), (2, "done", 0, 7), (None, "done", 0, None),
    ):  # fmt: skip
        system.execute(
            "INSERT INTO orders (day, status, paid, entered, customer_id) "
            "VALUES ('2020-02-29', ?, ?, ?, ?)",
            status, paid, entered, customer,
        )  # fmt: skip
    for order, quantity, price, weight in (
        (1, 3, 333, 1250), (1, 2, 1001, 1255), (2, 1, 50, None), (3, None, 100, 5), (None, 9, 9, 9),
    ):  # fmt: skip
        system.execute(
            "INSERT INTO items (quantity, unit_price, weight, order_id) VALUES (?, ?, ?, ?)",
            quantity, price, weight, order,
        )  # fmt: skip
    system.execute("INSERT INTO tags (name) VALUES ('a'), ('b'), ('c')")
    system.execute("INSERT INTO orders_tags VALUES (1, 1), (2, 1), (3, 2)")
    return system


@pytest.fixture
def shop(first_release: LiveSystem, tmp_path: Path) -> LiveSystem:
    return first_release.copied(tmp_path / "shop")


def everything(system: LiveSystem) -> list[object]:
    return _everything(system, *TABLES)


def values(system: LiveSystem, table: str, column: str) -> list[object]:
    query = f'SELECT "{column}" FROM "{table}" ORDER BY id'  # noqa: S608  names of this test
    return [row[0] for row in system.rows(query)]


def test_a_chain_of_rules_fills_all_rows_and_is_taken_back(shop: LiveSystem) -> None:
    before, first = everything(shop), shop.spec
    shop.change(*CHAIN)
    shop.check()
    assert values(shop, "items", "amount") == [999, 2002, 50, None, 81]
    assert values(shop, "orders", "total") == [3001, 50, 0, 0]
    assert values(shop, "customers", "balance") == [3001, 0]
    shop.undo()
    shop.check()
    assert everything(shop) == before
    assert diff(first, shop.spec) == ()


CASES: dict[str, tuple[str, Attribute, Computed | Aggregate, list[object]]] = {
    "rounded half up": (
        "items", decimal("x"), Computed("Item", "x", "weight * unit_price"),
        [416, 1256, None, 1, 0],
    ),
    "no result": (
        "items", decimal("x"), Computed("Item", "x", "unit_price / (quantity - 3)"),
        [None, -1001, -25, None, 2],
    ),
    "a text": (
        "orders", Attribute("x", "string"), Computed("Order", "x", "status || ' on ' || day"),
        ["open on 2020-02-29", None, "done on 2020-02-29", "done on 2020-02-29"],
    ),
    "a substitute": (
        "items", Attribute("x", "integer"), Computed("Item", "x", "coalesce(quantity, 0) + 1"),
        [4, 3, 2, 1, 10],
    ),
    "a function called like it": (
        "items", decimal("max"), Computed("Item", "max", "max(unit_price, quantity)"),
        [333, 1001, 100, None, 900],
    ),
    "how many": (
        "orders", Attribute("x", "integer"), Aggregate("Order", "x", "count", "Item"), [2, 1, 1, 0],
    ),
    "how many with a value": (
        "orders", Attribute("x", "integer"), Aggregate("Order", "x", "count", "Item.quantity"),
        [2, 1, 0, 0],
    ),
    "an average, rounded half up": (
        "orders", decimal("x"), Aggregate("Order", "x", "avg", "Item.weight"),
        [125, None, 1, None],
    ),
    "the least": (
        "orders", decimal("x"), Aggregate("Order", "x", "min", "Item.unit_price"),
        [333, 50, 100, None],
    ),
    "the last day": (
        "customers", Attribute("x", "date"), Aggregate("Customer", "x", "max", "Order.day"),
        ["2020-02-29", "2020-02-29"],
    ),
    "those that are not": (
        "customers", Attribute("x", "integer"),
        Aggregate("Customer", "x", "count", "Order", (("status", "open", False),)), [1, 1],
    ),
    "those that are": (
        "customers", Attribute("x", "integer"),
        Aggregate("Customer", "x", "count", "Order", (("paid", False, True),)), [1, 1],
    ),
    "over links, from there": (
        "tags", Attribute("x", "integer"), Aggregate("Tag", "x", "count", "Order"), [2, 1, 0],
    ),
    "over links, from here": (
        "orders", Attribute("x", "integer"), Aggregate("Order", "x", "count", "Tag"), [1, 1, 1, 0],
    ),
    "over links, a sum": (
        "tags", decimal("x"), Aggregate("Tag", "x", "sum", "Order.entered"), [100, 7, 0],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("table", "attribute", "rule", "wanted"), CASES.values(), ids=CASES)
def test_a_value_is_worked_out_as_the_application_does(
    shop: LiveSystem,
    table: str,
    attribute: Attribute,
    rule: Computed | Aggregate,
    wanted: list[object],
) -> None:
    before = everything(shop)
    shop.change(AddAttribute(rule.entity, attribute), AddRule(rule))
    shop.check()
    assert values(shop, table, attribute.name) == wanted
    shop.undo()
    assert everything(shop) == before


def test_what_was_entered_is_set_aside_and_comes_back_when_the_rule_is_taken_back(
    shop: LiveSystem,
) -> None:
    before = everything(shop)
    shop.change(*CHAIN[:2], AddRule(Aggregate("Order", "entered", "sum", "Item.amount")))
    assert values(shop, "orders", "entered") == [3001, 50, 0, 0]
    shop.execute("INSERT INTO orders (day, paid, entered) VALUES ('2021-01-01', 0, 12)")
    shop.undo()
    assert values(shop, "orders", "entered") == [100, None, 7, None, 12]
    shop.execute("DELETE FROM orders WHERE id = 5")
    assert everything(shop) == before


def test_a_rule_that_goes_by_request_leaves_its_values(shop: LiveSystem) -> None:
    rule = Aggregate("Order", "entered", "count", "Item")
    shop.change(
        ChangeAttribute("Order", "entered", (("type", "integer"), ("scale", None))), AddRule(rule)
    )
    shop.change(RemoveRule(rule))
    assert values(shop, "orders", "entered") == [2, 1, 1, 0]
    shop.undo()
    assert values(shop, "orders", "entered") == [2, 1, 1, 0]


def test_what_depends_on_the_day_has_no_column(shop: LiveSystem) -> None:
    before = everything(shop)
    rule = Computed("Order", "entered", "days_between(day, today())")
    shop.change(ChangeAttribute("Order", "entered", (("type", "integer"), ("scale", None))))
    shop.change(AddRule(rule))
    assert "entered" not in {row[1] for row in shop.rows("PRAGMA table_info(orders)")}
    shop.change(RemoveEntity("Order"))
    shop.undo()
    shop.done.pop(0)
    shop.undo()
    assert values(shop, "orders", "entered") == [1, None, 0, None]
    assert before


CHANGES: dict[str, tuple[tuple[Change, ...], bool]] = {
    "names change, and nothing is worked out anew": (
        (
            RenameEntity("Item", "Line"),
            RenameAttribute("Line", "quantity", "number"),
            RenameAttribute("Line", "amount", "sum"),
            RenameAttribute("Order", "total", "amount"),
        ),
        False,
    ),
    "what it is made of gets another type": (
        (ChangeAttribute("Item", "unit_price", (("scale", 1),)),), True,
    ),
    "what it is made of gets a default": (
        (ChangeAttribute("Item", "quantity", (("required", True), ("default", 1))),), True,
    ),
    "the rule becomes another one": (
        (RemoveRule(AMOUNT), AddRule(Computed("Item", "amount", "quantity + unit_price"))), True,
    ),
    "the value gets other digits": ((ChangeAttribute("Item", "amount", (("scale", 4),)),), True),
    "a condition over it comes": (
        (
            AddRule(Compare("Order", "total", "<=", 1000)),
            AddRule(Compare("Item", "amount", ">", 0)),
        ),
        False,
    ),
    "something else comes": (
        (AddAttribute("Item", Attribute("note", "string", required=False)),), False,
    ),
    "what it is made of goes": ((RemoveAttribute("Item", "quantity"),), False),
    "the link goes": ((RemoveRelationship("Item", "order"),), False),
    "the children go": ((RemoveEntity("Item"),), False),
    "the parents go": ((RemoveEntity("Customer"),), False),
    "the rule in the middle goes": ((RemoveRule(TOTAL),), False),
}  # fmt: skip


@pytest.fixture(scope="module")
def chained(first_release: LiveSystem, tmp_path_factory: pytest.TempPathFactory) -> LiveSystem:
    system = first_release.copied(tmp_path_factory.mktemp("chain") / "shop")
    system.change(*CHAIN)
    return system


@pytest.mark.parametrize(("changes", "anew"), CHANGES.values(), ids=CHANGES)
def test_a_change_under_derived_values_keeps_them_right_and_is_taken_back(
    chained: LiveSystem, tmp_path: Path, changes: tuple[Change, ...], anew: bool
) -> None:
    system = chained.copied(tmp_path / "shop")
    before, first = everything(system), system.spec
    text = system.change(*changes)
    assert ("compute_column(" in text) is anew
    system.check()
    system.undo()
    system.check()
    assert everything(system) == before
    assert diff(first, system.spec) == ()


def test_the_table_holds_a_rule_about_a_derived_value(chained: LiveSystem, tmp_path: Path) -> None:
    system = chained.copied(tmp_path / "shop")
    system.change(AddRule(Compare("Customer", "balance", "<=", "credit_limit")))
    with pytest.raises(sqlite3.IntegrityError):
        system.execute("UPDATE customers SET balance = 10001 WHERE id = 1")


def test_a_rule_about_what_changes_daily_is_no_condition(shop: LiveSystem) -> None:
    shop.change(
        AddAttribute("Order", Attribute("age", "integer")),
        AddRule(Computed("Order", "age", "days_between(day, today())")),
        AddRule(Compare("Order", "age", ">=", 18)),
    )
    assert "CHECK" not in (shop.folder / "app/database/schema.sql").read_text()


def test_a_revision_with_derived_values_reads_as_if_written_by_hand(shop: LiveSystem) -> None:
    text = shop.change(*CHAIN)
    body = [line.strip() for line in text[text.index("def upgrade") :].splitlines()[2:]]
    assert body[3:] == [
        "compute_column('items', 'amount', ScaledDecimal(2), compute_item_amount, digits(2), "
        "{'quantity': sa.BigInteger(), 'unit_price': ScaledDecimal(2)})",
        "aggregate_column('orders', 'total', ScaledDecimal(2), 'sum', digits(2), "
        "Children('items', 'order_id', of=('amount', ScaledDecimal(2))))",
        "aggregate_column('customers', 'balance', ScaledDecimal(2), 'sum', digits(2), "
        "Children('orders', 'customer_id', of=('total', ScaledDecimal(2)), "
        "where='(child.paid <> true OR child.paid IS NULL)'))",
    ]


def test_a_rule_may_not_give_a_unique_value_twice(tmp_path: Path) -> None:
    places = (Attribute("name", "string"), Attribute("load", "integer", unique=True))
    inside = Relationship("Box", "Place", "many_to_one", "place", required=False)
    system = LiveSystem(tmp_path)
    system.change(
        AddEntity(Entity("Place", places)), AddEntity(Entity("Box")), AddRelationship(inside)
    )
    system.execute("INSERT INTO places (name, load) VALUES ('a', 1), ('b', 0), ('c', 2)")
    rule = AddRule(Aggregate("Place", "load", "count", "Box"))
    assert blocking(system, rule) == ["duplicated"]
    system.execute("INSERT INTO boxes (place_id) VALUES (2), (1), (1)")
    assert blocking(system, rule) == []
    system.change(rule)  # on the way two of them have the same
    assert system.rows("SELECT load FROM places ORDER BY id") == [(2,), (1,), (0,)]


def blocking(system: LiveSystem, change: Change) -> list[str]:
    found = preview(system.path, system.spec, (change,), apply(system.spec, (change,)))
    return [entry.topic for entry in found.of("blocks")]
