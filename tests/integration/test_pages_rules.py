"""What the pages show of rules, against the generated API."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from baes.spec.changes import AddEntity, AddRule
from baes.spec.model import Attribute, Entity
from baes.spec.rules import Compare, Computed, Immutable
from tests.integration.page_system import PageSystem, generate, serving
from tests.integration.ruled_systems import SHOP
from tests.integration.test_frontend_pages import (
    labelled,
    listed,
    opened,
    pressed,
    problems,
    ran,
    texts,
)
from tests.integration.test_pages_csv import preview, uploaded

SYSTEM = (
    *SHOP,
    AddEntity(
        Entity(
            "Person",
            (
                Attribute("name", "string"),
                Attribute("birth_date", "date"),
                Attribute("age", "integer"),
                Attribute("passport", "string"),
            ),
        )
    ),
    AddRule(Computed("Person", "age", "years_between(birth_date, today())")),
    AddRule(Compare("Person", "age", ">=", 18)),
    AddRule(Immutable("Person", "passport")),
)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PageSystem]:
    system = generate(tmp_path_factory.mktemp("ruled"), SYSTEM)
    settings = {"API_PORT": str(system.api_port)}
    health = f"{system.api_url}/health"
    with serving(["-m", "app"], system.folder, health, **settings):
        yield system


@pytest.fixture
def system(served: PageSystem, monkeypatch: pytest.MonkeyPatch) -> Iterator[PageSystem]:
    for collection in ("items", "orders", "products", "customers", "people"):
        PageSystem(served.folder, (collection,), served.api_port).clear()
    monkeypatch.setenv("API_URL", served.api_url)
    yield served
    folder = str(served.folder / "ui")
    for name, module in list(sys.modules.items()):
        if str(getattr(module, "__file__", None) or "").startswith(folder):
            del sys.modules[name]


def order_with_items(system: PageSystem, limit: str = "100.00") -> int:
    customer = system.add("customers", name="Ana", credit_limit=limit)
    product = system.add("products", name="Tea", price="2.50")
    order = system.add("orders", date="2026-01-02", customer_id=customer)
    for quantity in (2, 3):
        system.add("items", quantity=quantity, order_id=order, product_id=product)
    return order


def labels(page: AppTest) -> set[str]:
    kinds = ("text_input", "number_input", "selectbox", "date_input", "text_area", "checkbox")
    return {widget.label for kind in kinds for widget in getattr(page, kind)}


def test_worked_out_values_are_shown_and_never_asked_for(system: PageSystem) -> None:
    order = order_with_items(system)
    (row,) = listed(system, "order")
    assert row["total"] == "12.50"
    assert "12\\.50" in texts(opened(system, "order", id=str(order)))
    for query in ({"new": "1"}, {"id": str(order), "edit": "1"}):
        asked = labels(opened(system, "order", **query))
        assert not any(label.startswith("Total") for label in asked)
    assert not any(label.startswith("Amount") for label in labels(opened(system, "item", new="1")))


def test_a_state_offers_only_what_it_may_become(system: PageSystem) -> None:
    order = order_with_items(system)
    assert "Status" not in labels(opened(system, "order", new="1"))
    page = opened(system, "order", id=str(order), edit="1")
    assert labelled(page, "selectbox", "Status").options == ["open", "paid", "cancelled"]
    labelled(page, "selectbox", "Status").select("paid")
    pressed(page, "Save")
    assert system.all("orders")[0]["status"] == "paid"
    page = opened(system, "order", id=str(order), edit="1")
    assert labelled(page, "selectbox", "Status").options == ["paid"]


def test_what_never_changes_can_be_read_only_on_edit(system: PageSystem) -> None:
    person = system.add("people", name="Ana", birth_date="1990-01-01", passport="A1")
    assert not labelled(opened(system, "person", new="1"), "text_input", "Passport *").disabled
    page = opened(system, "person", id=str(person), edit="1")
    assert labelled(page, "text_input", "Passport *").disabled


def test_a_copied_value_may_be_left_out(system: PageSystem) -> None:
    order = order_with_items(system)
    page = opened(system, "item", id=str(system.all("items")[0]["id"]), edit="1")
    assert labelled(page, "text_input", "Unit price").value == "2.50"
    assert "Unit price" in labels(opened(system, "item", new="1", order_id=str(order)))


def test_a_broken_rule_is_said_at_its_field(system: PageSystem) -> None:
    person = system.add("people", name="Ana", birth_date="1990-01-01", passport="A1")
    page = opened(system, "person", id=str(person), edit="1")
    labelled(page, "date_input", "Birth date *").set_value(None)
    page = pressed(page, "Save")
    assert problems(page)


def test_a_rule_that_others_break_is_said_with_the_form(system: PageSystem) -> None:
    order = order_with_items(system, limit="12.50")
    page = opened(system, "item", id=str(system.all("items")[0]["id"]), edit="1")
    labelled(page, "number_input", "Quantity *").set_value(99)
    page = pressed(page, "Save")
    assert "credit limit" in texts(page).casefold()
    assert order


def test_what_changes_daily_is_no_way_to_sort_or_find(system: PageSystem) -> None:
    system.add("people", name="Ana", birth_date="1990-01-01", passport="A1")
    page = opened(system, "person", sort="age")
    assert "Age ↑" not in labelled(page, "selectbox", "Sort by").options
    assert not any(label.startswith("Age") for label in labels(page))


def test_an_import_leaves_worked_out_columns_out_and_says_so(system: PageSystem) -> None:
    system.add("customers", name="Ana", credit_limit="10")
    page = uploaded(system, "order", "Date,Total,Customer\n2026-01-02,7.00,Ana\n")
    assert "Worked out by the system, and so left out: Total." in texts(page)
    assert preview(page)[0][1] == "Add"
    ran(page)
