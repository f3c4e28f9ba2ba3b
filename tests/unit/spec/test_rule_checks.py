from __future__ import annotations

import subprocess
import sys

import pytest

from baes.errors import InvalidSpec
from baes.spec.apply import apply
from baes.spec.changes import (
    AddEntity,
    AddRelationship,
    AddRule,
    RemoveAttribute,
    RemoveRelationship,
    RenameAttribute,
    RenameEntity,
)
from baes.spec.derivation import derivation_order, worked_out_on_reading
from baes.spec.inverse import inverse
from baes.spec.model import Attribute, Entity, Relationship, SystemSpec
from baes.spec.rules import (
    Aggregate,
    Compare,
    Computed,
    Copy,
    Immutable,
    NotFuture,
    RequiredIf,
    Rule,
    Transition,
    UniqueTogether,
)

CUSTOMER = Entity(
    "Customer",
    (
        Attribute("name", "string"),
        Attribute("credit_limit", "decimal", scale=2),
        Attribute("balance", "decimal", scale=2),
        Attribute("birth_date", "date"),
        Attribute("age", "integer"),
    ),
)
ORDER = Entity(
    "Order",
    (
        Attribute("date", "date"),
        Attribute("status", "string", choices=("open", "paid", "cancelled")),
        Attribute("total", "decimal", scale=2),
        Attribute("lines", "integer"),
        Attribute("mean", "integer"),
    ),
)
ITEM = Entity(
    "Item",
    (
        Attribute("quantity", "integer"),
        Attribute("unit_price", "decimal", scale=2),
        Attribute("amount", "decimal", scale=2),
        Attribute("note", "text"),
    ),
)
PRODUCT = Entity("Product", (Attribute("name", "string"), Attribute("price", "decimal", scale=2)))
TAG = Entity("Tag", (Attribute("name", "string"), Attribute("uses", "integer")))
LINKS = (
    Relationship("Order", "Customer", "many_to_one", "customer", required=True),
    Relationship("Item", "Order", "many_to_one", "order", required=True),
    Relationship("Item", "Product", "many_to_one", "product"),
    Relationship("Product", "Tag", "many_to_many", "tags"),
    Relationship("Tag", "Customer", "many_to_one", "owner"),
    Relationship("Tag", "Customer", "many_to_one", "reviewer"),
)
AMOUNT = Computed("Item", "amount", "quantity * unit_price")
TOTAL = Aggregate("Order", "total", "sum", "Item.amount")
BALANCE = Aggregate("Customer", "balance", "sum", "Order.total", (("status", "paid", False),))
LIMIT = Compare("Customer", "balance", "<=", "credit_limit")
AGE = Computed("Customer", "age", "years_between(birth_date, today())")


@pytest.fixture(scope="module")
def shop() -> SystemSpec:
    entities = (AddEntity(e) for e in (CUSTOMER, ORDER, ITEM, PRODUCT, TAG))
    return apply(SystemSpec(), [*entities, *(AddRelationship(link) for link in LINKS)])


@pytest.mark.parametrize(
    "rule",
    [
        AMOUNT,
        TOTAL,
        BALANCE,
        LIMIT,
        AGE,
        Aggregate("Order", "lines", "count", "Item"),
        Aggregate("Tag", "uses", "count", "Product"),
        Copy("Item", "unit_price", "Product.price"),
        Compare("Item", "unit_price", "<=", "Product.price"),
        Compare("Item", "quantity", ">", 0),
        Compare("Order", "status", "!=", "cancelled"),
        Compare("Order", "date", ">=", "2020-01-01"),
        UniqueTogether("Item", ("order", "product")),
        Transition("Order", "status", "open", "paid"),
        Immutable("Order", "customer"),
        RequiredIf("Item", "note", (("quantity", 0),)),
        RequiredIf("Item", "product", (("quantity", 1),)),
        NotFuture("Customer", "birth_date"),
    ],
    ids=str,
)
def test_a_sound_rule_is_taken(shop: SystemSpec, rule: Rule) -> None:
    assert apply(shop, [AddRule(rule)]).rules == (rule,)


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (Computed("Item", "amount", "quantity * price"), "no price in the same record"),
        (Computed("Item", "quantity", "unit_price * 2"), "can't hold the result"),
        (Computed("Order", "total", "date + lines"), "calculates with date"),
        (Aggregate("Order", "total", "sum", "Item"), "of what of Item"),
        (Aggregate("Order", "total", "sum", "Item.note"), "no sum of Note"),
        (Aggregate("Order", "total", "sum", "Item.price"), "Item has no price"),
        (Aggregate("Item", "amount", "sum", "Order.total"), "has one Order and not several"),
        (Aggregate("Customer", "balance", "sum", "Product.price"), "aren't linked"),
        (Aggregate("Customer", "age", "count", "Tag"), "more than one link"),
        (Aggregate("Order", "mean", "avg", "Item.quantity"), "can't hold the result"),
        (Aggregate("Order", "total", "sum", "Item.amount", (("note", 5, True),)), "can't be 5"),
        (
            Aggregate("Customer", "balance", "sum", "Order.total", (("status", "done", True),)),
            "one of open, paid and cancelled",
        ),
        (Copy("Product", "price", "Item.unit_price"), "not just one Item"),
        (Copy("Item", "note", "Product.price"), "can't hold"),
        (Compare("Item", "amount", "<", "note"), "can't be compared"),
        (Compare("Item", "note", "<", "x"), "only be equal or different"),
        (Compare("Item", "quantity", ">", "many"), "can't be many"),
        (Compare("Item", 1, "<", 2), "names no attribute"),
        (Compare("Customer", "balance", "<", "Order.total"), "not just one Order"),
        (NotFuture("Order", "status"), "no past or future"),
        (UniqueTogether("Product", ("name", "tags")), "has many values"),
        (UniqueTogether("Product", ("name",)), "wo attributes"),
        (Transition("Order", "status", "open", "lost"), "can't be lost"),
        (Transition("Order", "status", "open", "open"), "to itself"),
        (RequiredIf("Item", "note", (("quantity", "many"),)), "can't be many"),
        (RequiredIf("Item", "note", (("note", "x"),)), "depend on itself"),
        (Immutable("Order", "colour"), "Order has no colour"),
    ],
    ids=str,
)
def test_a_rule_that_can_not_hold_is_refused_with_the_reason(
    shop: SystemSpec, rule: Rule, said: str
) -> None:
    with pytest.raises(InvalidSpec, match=said) as refused:
        apply(shop, [AddRule(rule)])
    assert refused.value.spoken("pt").message != refused.value.message


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ((AMOUNT, Copy("Item", "amount", "Product.price")), "from two rules"),
        ((AMOUNT, Immutable("Item", "amount")), "follows from other values"),
        ((Immutable("Item", "amount"), AMOUNT), "follows from other values"),
        (
            (
                Computed("Item", "amount", "unit_price * 2"),
                Computed("Item", "unit_price", "amount"),
            ),
            "Amount of Item would be made of itself. It is made of Unit price of Item and Amount",
        ),
        (
            (AMOUNT, TOTAL, Copy("Item", "unit_price", "Order.total")),
            "would be made of itself",
        ),
        ((Computed("Item", "amount", "amount + 1"),), "made of itself"),
        ((AGE, UniqueTogether("Customer", ("name", "age"))), "each day"),
    ],
)
def test_rules_that_contradict_each_other_are_refused(
    shop: SystemSpec, rules: tuple[Rule, ...], said: str
) -> None:
    with pytest.raises(InvalidSpec, match=said):
        apply(shop, [AddRule(rule) for rule in rules])


def test_values_are_worked_out_after_those_that_they_are_made_of(shop: SystemSpec) -> None:
    spec = apply(shop, [AddRule(rule) for rule in (BALANCE, TOTAL, AMOUNT)])
    assert derivation_order(spec) == (AMOUNT, TOTAL, BALANCE)


def test_what_depends_on_the_day_is_worked_out_on_reading(shop: SystemSpec) -> None:
    spec = apply(shop, [AddRule(AGE), AddRule(AMOUNT)])
    assert worked_out_on_reading(spec, "Customer") == {"age"}
    assert not worked_out_on_reading(spec, "Item")


def test_rules_follow_renames(shop: SystemSpec) -> None:
    spec = apply(
        shop,
        [
            *(AddRule(rule) for rule in (AMOUNT, TOTAL, BALANCE, LIMIT)),
            RenameAttribute("Item", "amount", "value"),
            RenameAttribute("Item", "quantity", "min"),
            RenameEntity("Item", "Line"),
            RenameAttribute("Order", "status", "state"),
        ],
    )
    assert spec.rules == (
        Computed("Line", "value", "min * unit_price"),
        Aggregate("Order", "total", "sum", "Line.value"),
        Aggregate("Customer", "balance", "sum", "Order.total", (("state", "paid", False),)),
        LIMIT,
    )


def test_a_literal_keeps_its_words_when_something_is_renamed(shop: SystemSpec) -> None:
    rule = Compare("Order", "status", "!=", "cancelled")
    spec = apply(shop, [AddRule(rule), RenameEntity("Order", "Cancelled")])
    assert spec.rules == (Compare("Cancelled", "status", "!=", "cancelled"),)


@pytest.mark.parametrize(
    ("change", "left"),
    [
        (RemoveRelationship("Item", "order"), (AMOUNT, BALANCE)),
        (RemoveAttribute("Item", "amount"), (BALANCE,)),
    ],
)
def test_rules_go_with_what_they_need_and_come_back_with_it(
    shop: SystemSpec, change: RemoveRelationship | RemoveAttribute, left: tuple[Rule, ...]
) -> None:
    spec = apply(shop, [AddRule(rule) for rule in (AMOUNT, TOTAL, BALANCE)])
    without = apply(spec, [change])
    assert without.rules == left
    back = apply(without, inverse(spec, [change]))
    assert set(back.rules) == set(spec.rules)


def test_a_command_without_expressions_does_not_pay_for_their_grammar() -> None:
    code = "import sys, baes.cli.main, baes.core.planner; sys.exit('lark' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
