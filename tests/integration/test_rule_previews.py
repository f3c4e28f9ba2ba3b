"""What rules would do to the data that is there, found before it is done, and then done just so."""

from __future__ import annotations

from decimal import Decimal

import pytest

from baes.core.change_texts import change_texts
from baes.core.preview import Preview, consent_question, preview
from baes.spec.apply import apply
from baes.spec.changes import (
    AddAttribute,
    AddRule,
    Change,
    ChangeAttribute,
    RemoveAttribute,
    RemoveEntity,
    RemoveRelationship,
    RemoveRule,
    RenameAttribute,
)
from baes.spec.diff import diff
from baes.spec.inverse import inverse
from baes.spec.model import Attribute
from baes.spec.rules import (
    Aggregate,
    Compare,
    Computed,
    NotFuture,
    NotPast,
    RequiredIf,
    Rule,
    Transition,
    UniqueTogether,
)
from tests.integration.migrating import LiveSystem
from tests.integration.test_derived_migrations import AMOUNT, CHAIN, decimal, first_release, shop

__all__ = ["first_release", "shop"]  # fixtures

pytestmark = pytest.mark.filterwarnings("ignore:The GenericFunction")

WITHIN = Compare("Customer", "balance", "<=", "credit_limit")


def look(system: LiveSystem, *changes: Change) -> Preview:
    return preview(system.path, system.spec, changes, apply(system.spec, changes))


def found(system: LiveSystem, *changes: Change) -> list[tuple[str, str, int]]:
    entries = look(system, *changes).entries
    return [(entry.topic, entry.effect, entry.count) for entry in entries]


RULES: dict[str, tuple[Rule, list[tuple[str, str, int]]]] = {
    "kept by all": (Compare("Item", "quantity", ">=", 1), []),
    "a number": (Compare("Item", "quantity", ">", 2), [("rule_broken", "loses", 2)]),
    "an exact number": (
        Compare("Item", "unit_price", "<=", Decimal("3.33")), [("rule_broken", "loses", 1)],
    ),
    "two attributes": (
        Compare("Item", "weight", "<", "unit_price"), [("rule_broken", "loses", 0)],
    ),
    "a parent's": (
        Compare("Order", "entered", "<=", "Customer.credit_limit"), [("rule_broken", "loses", 1)],
    ),
    "a day to come": (NotFuture("Order", "day"), []),
    "a day that is over says nothing about the day when it was written": (
        NotPast("Order", "day"), [],
    ),
    "what is required then": (
        RequiredIf("Order", "entered", (("status", "done"),)), [("rule_broken", "loses", 1)],
    ),
    "states": (Transition("Order", "status", "open", "closed"), [("rule_broken", "loses", 2)]),
    "together": (
        UniqueTogether("Order", ("day", "status")), [("duplicated_together", "blocks", 1)],
    ),
    "together, and different": (UniqueTogether("Order", ("customer", "paid")), []),
}  # fmt: skip


@pytest.mark.parametrize(("rule", "expected"), RULES.values(), ids=RULES)
def test_records_that_break_a_new_rule_are_counted(
    shop: LiveSystem, rule: Rule, expected: list[tuple[str, str, int]]
) -> None:
    wanted = [entry for entry in expected if entry[2]]
    assert found(shop, AddRule(rule)) == wanted
    seen = look(shop, AddRule(rule))
    if seen.of("blocks"):
        return
    before, first = shop.rows("SELECT * FROM items"), shop.spec
    shop.change(*seen.changes)  # with what the data need it goes through
    assert shop.rows("SELECT * FROM items") == before
    shop.undo()
    assert diff(first, shop.spec) == ()


def test_the_question_shows_records_and_offers_the_rule_for_new_ones(shop: LiveSystem) -> None:
    seen = look(shop, AddRule(Compare("Item", "quantity", ">", 2)))
    question = consent_question(seen).spoken("en")
    assert question.question == (
        "2 records of Item break this rule: Quantity of Item must be more than 2. They stay as "
        "they are; the rule would hold for new and edited records only. (“2” #2; “1” #3) "
        "Shall the rule hold for new and edited records only?"
    )
    (change,) = seen.changes
    assert change == AddRule(Compare("Item", "quantity", ">", 2, older_may_break=True))
    assert len(change_texts(shop.spec, apply(shop.spec, seen.changes), seen.changes, "en")) == 1


def test_a_rule_about_values_that_follow_from_others_is_looked_up_before_they_are_there(
    shop: LiveSystem,
) -> None:
    shop.execute("UPDATE customers SET credit_limit = 3000 WHERE id = 1")
    seen = look(shop, *CHAIN, AddRule(WITHIN))
    assert [(e.topic, e.count) for e in seen.entries if e.effect == "loses"] == [("rule_broken", 1)]
    (broken,) = seen.of("loses")
    assert broken.samples == ("“30.01” #1",)
    shop.change(*seen.changes)
    assert shop.rows("SELECT balance FROM customers") == [(3001,), (0,)]
    assert apply(shop.spec, [RemoveRule(WITHIN)]).rules == shop.spec.rules[:-1]


def test_a_preview_of_derived_values_is_what_the_revision_makes_of_them(shop: LiveSystem) -> None:
    rules: tuple[tuple[Attribute, Computed | Aggregate], ...] = (
        (decimal("a"), Computed("Item", "a", "weight * unit_price / 3")),
        (decimal("b"), Aggregate("Order", "b", "avg", "Item.a")),
        (decimal("c"), Aggregate("Tag", "c", "sum", "Order.b", (("status", "open", False),))),
        (Attribute("d", "string"), Computed("Order", "d", "coalesce(status, 'none') || day")),
        (Attribute("e", "integer"), Computed("Item", "e", "round(a * 7) + quantity")),
    )
    changes = [c for a, r in rules for c in (AddAttribute(r.entity, a), AddRule(r))]
    probes = [
        AddRule(Compare(rule.entity, rule.attribute, "==", _impossible(attribute)))
        for attribute, rule in rules
    ]
    seen = {e.check.rule: e for e in look(shop, *changes, *probes).of("loses")}
    shop.change(*changes)
    for attribute, rule in rules:
        table = {"Item": "items", "Order": "orders", "Tag": "tags"}[rule.entity]
        query = f"SELECT {attribute.name} FROM {table} WHERE {attribute.name} IS NOT NULL"  # noqa: S608
        stored = [str(value) for (value,) in shop.rows(query)]
        probe = Compare(rule.entity, rule.attribute, "==", _impossible(attribute))
        shown = [s.split("”")[0].removeprefix("“") for s in seen[probe].samples]
        said = [s.replace(".", "").lstrip("0") or "0" for s in shown]
        assert said == [s.lstrip("0") or "0" for s in stored][:3]
        assert seen[probe].count == len(stored)


def _impossible(attribute: Attribute) -> str | int:
    return "nothing" if attribute.type == "string" else -77


CASES: dict[str, tuple[tuple[Change, ...], list[tuple[str, str, int]]]] = {
    "values are worked out": (CHAIN[:2], [("worked_out", "tells", 5)]),
    "entered values give way": (
        (AddRule(Aggregate("Order", "entered", "sum", "Item.unit_price")),),
        [("entered_replaced", "loses", 2), ("worked_out", "tells", 4)],
    ),
    "entered values give way to what changes daily": (
        (
            ChangeAttribute("Order", "entered", (("type", "integer"), ("scale", None))),
            AddRule(Computed("Order", "entered", "days_between(day, today())")),
        ),
        [("entered_replaced", "loses", 2)],
    ),
    "too large": (
        (
            AddAttribute("Item", Attribute("x", "decimal", scale=15)),
            AddRule(Computed("Item", "x", "unit_price * unit_price * unit_price")),
        ),
        [("too_large", "blocks", 1), ("worked_out", "tells", 5)],
    ),
}


@pytest.mark.parametrize(("changes", "expected"), CASES.values(), ids=CASES)
def test_what_becomes_of_values_is_told(
    shop: LiveSystem, changes: tuple[Change, ...], expected: list[tuple[str, str, int]]
) -> None:
    assert found(shop, *changes) == expected


def test_what_a_rule_gave_is_no_loss_and_needs_no_consent(shop: LiveSystem) -> None:
    shop.change(*CHAIN)
    topics = {
        (topic, effect) for topic, effect, _ in found(shop, RemoveAttribute("Item", "amount"))
    }
    assert topics == {("rule_goes", "tells")}


@pytest.mark.parametrize(
    "change",
    [
        RemoveRelationship("Item", "order"),
        RemoveEntity("Item"),
        RemoveAttribute("Item", "unit_price"),
    ],
)
def test_rules_that_need_what_goes_are_named(shop: LiveSystem, change: Change) -> None:
    shop.change(*CHAIN)
    topics = [entry.topic for entry in look(shop, change).entries]
    assert "rule_goes" in topics


def test_a_value_that_a_rule_gave_may_be_lacking_afterwards(shop: LiveSystem) -> None:
    amount = Attribute("amount", "decimal", scale=2, id="amount")  # as a first request makes it
    shop.change(AddAttribute("Item", amount), AddRule(AMOUNT))
    seen = look(shop, RemoveRule(AMOUNT))
    assert [(e.topic, e.count) for e in seen.entries] == [("still_missing", 1)]
    shop.change(*seen.changes)
    assert shop.rows("SELECT count(*) FROM items WHERE amount IS NULL") == [(1,)]
    shop.change(*inverse(*shop.done[-1]))


def test_rows_entered_since_that_break_a_rule_stay_when_it_comes_back(shop: LiveSystem) -> None:
    rule = Compare("Item", "quantity", ">=", 1)
    shop.change(AddRule(rule))
    shop.change(RemoveRule(rule), RenameAttribute("Item", "quantity", "pieces"))
    shop.execute("INSERT INTO items (pieces) VALUES (0)")
    back = inverse(*shop.done[-1])
    seen = look(shop, *back)
    assert [(e.topic, e.count) for e in seen.of("loses")] == [("rule_broken", 1)]
    shop.change(*seen.changes)
    assert shop.spec.rules == (Compare("Item", "quantity", ">=", 1, older_may_break=True),)


def test_a_conversion_that_makes_records_break_a_rule_is_seen(shop: LiveSystem) -> None:
    shop.change(AddRule(Compare("Item", "weight", "<", Decimal("1.26"))))
    seen = look(shop, ChangeAttribute("Item", "weight", (("scale", 1),)))
    assert "rule_broken" in {e.topic for e in seen.of("loses")}
    shop.change(*seen.changes)
    assert shop.rows("SELECT weight FROM items WHERE id = 2") == [(13,)]


def test_fewer_states_leave_records_where_they_are(shop: LiveSystem) -> None:
    moves = [AddRule(Transition("Order", "status", "open", to)) for to in ("done", "gone")]
    shop.change(*moves)
    seen = look(shop, RemoveRule(moves[0].rule))
    assert [(e.topic, e.count) for e in seen.of("loses")] == [("rule_broken", 2)]
    shop.change(*seen.changes)
    shop.execute("UPDATE orders SET paid = 1")
