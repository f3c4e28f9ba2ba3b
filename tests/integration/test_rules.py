"""The rules of a generated system, from outside: every way to keep and to break them."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from itertools import count
from typing import Any

import httpx
import pytest

from tests.integration.managed_system import serving, write_system
from tests.integration.ruled_systems import BOOKINGS, SHOP

Json = dict[str, Any]
NUMBERS = count(1)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    folder = tmp_path_factory.mktemp("shop")
    write_system(folder, SHOP)
    with serving(folder) as api:
        yield api


@pytest.fixture(scope="module")
def hotel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    folder = tmp_path_factory.mktemp("hotel")
    write_system(folder, BOOKINGS)
    with serving(folder) as api:
        yield api


def new(api: httpx.Client, path: str, **values: object) -> Json:
    answer = api.post(f"/api/{path}", json=values)
    assert answer.status_code == 201, answer.text
    stored: Json = answer.json()
    assert api.get(f"/api/{path}/{stored['id']}").json() == stored
    return stored


def found(api: httpx.Client, path: str, record: Json) -> Json:
    return dict(api.get(f"/api/{path}/{record['id']}").json())


def refused(answer: httpx.Response, field: str | None, words: str, status: int = 422) -> None:
    assert answer.status_code == status, answer.text
    (problem,) = answer.json()["detail"]
    assert problem["loc"] == (["body"] if field is None else ["body", field])
    assert words in problem["msg"], problem


def customer(api: httpx.Client, limit: str = "100") -> Json:
    return new(api, "customers", name="Ann", credit_limit=limit)


def order(api: httpx.Client, owner: Json) -> Json:
    return new(api, "orders", date="2026-01-01", customer_id=owner["id"])


def item(api: httpx.Client, of: Json, price: str = "10", quantity: int = 1) -> Json:
    product = new(api, "products", name="Pen", price=price)
    return new(api, "items", quantity=quantity, order_id=of["id"], product_id=product["id"])


def test_a_price_is_copied_when_an_item_is_made_and_then_its_own(shop: httpx.Client) -> None:
    line = item(shop, order(shop, customer(shop)), "2.50", 3)
    assert (line["unit_price"], line["amount"]) == ("2.50", "7.50")
    product = f"/api/products/{line['product_id']}"
    assert shop.patch(product, json={"price": "9"}).status_code == 200
    assert found(shop, "items", line)["unit_price"] == "2.50"
    address = f"/api/items/{line['id']}"
    assert shop.patch(address, json={"unit_price": "3"}).json()["amount"] == "9.00"
    own = {"quantity": 2, "order_id": line["order_id"], "product_id": line["product_id"]}
    kept = shop.put(address, json=own).json()
    assert (kept["unit_price"], kept["amount"]) == ("3.00", "6.00")
    given = new(shop, "items", **own, unit_price="1.11")
    assert given["amount"] == "2.22"
    refused(shop.post("/api/items", json=own | {"unit_price": None}), "unit_price", "decimal")


@pytest.mark.parametrize(
    ("path", "field"), [("items", "amount"), ("orders", "total"), ("customers", "balance")]
)
def test_what_follows_from_other_values_can_not_be_sent(
    shop: httpx.Client, path: str, field: str
) -> None:
    owner = customer(shop)
    of = order(shop, owner)
    line = item(shop, of)
    record = {"items": line, "orders": of, "customers": owner}[path]
    address = f"/api/{path}/{record['id']}"
    body = {k: v for k, v in found(shop, path, record).items() if k != "id"}
    for method, where in (("POST", f"/api/{path}"), ("PUT", address), ("PATCH", address)):
        answer = shop.request(method, where, json=body)
        fields = [problem["loc"] for problem in answer.json()["detail"]]
        assert answer.status_code == 422
        assert ["body", field] in fields


def test_totals_follow_whichever_way_items_change(shop: httpx.Client) -> None:
    owner = customer(shop)
    first, second = order(shop, owner), order(shop, owner)

    def amounts() -> tuple[str, str, str]:
        totals = (found(shop, "orders", each)["total"] for each in (first, second))
        return (*totals, found(shop, "customers", owner)["balance"])

    assert amounts() == ("0.00", "0.00", "0.00")
    line = item(shop, first, "10.10", 2)
    item(shop, first, "0.01")
    assert amounts() == ("20.21", "0.00", "20.21")
    address = f"/api/items/{line['id']}"
    shop.patch(address, json={"quantity": 3})
    assert amounts() == ("30.31", "0.00", "30.31")
    shop.patch(address, json={"order_id": second["id"]})
    assert amounts() == ("0.01", "30.30", "30.31")
    shop.patch(f"/api/orders/{second['id']}", json={"status": "paid"})
    assert amounts() == ("0.01", "30.30", "0.01")
    assert shop.delete(address).status_code == 204
    assert amounts() == ("0.01", "0.00", "0.01")
    other = customer(shop)
    shop.patch(f"/api/orders/{first['id']}", json={"customer_id": other["id"]})
    assert amounts() == ("0.01", "0.00", "0.00")
    assert found(shop, "customers", other)["balance"] == "0.01"


def test_a_limit_over_a_chain_of_totals_refuses_whatever_would_break_it(shop: httpx.Client) -> None:
    owner = customer(shop, "50.00")
    of = order(shop, owner)
    line = item(shop, of, "25.00", 2)
    words = "Balance must be at most credit limit"
    body = {"quantity": 1, "order_id": of["id"], "product_id": line["product_id"]}
    refused(shop.post("/api/items", json=body | {"unit_price": "0.01"}), None, words)
    refused(shop.patch(f"/api/items/{line['id']}", json={"quantity": 3}), None, words)
    address = f"/api/customers/{owner['id']}"
    refused(shop.patch(address, json={"credit_limit": "49.99"}), "credit_limit", words)
    refused(shop.put(address, json={"name": "A", "credit_limit": "1"}), "credit_limit", words)
    rich = customer(shop, "1000")
    theirs = order(shop, rich)
    big = item(shop, theirs, "600")
    refused(shop.patch(f"/api/items/{big['id']}", json={"order_id": of["id"]}), None, words)
    move = {"customer_id": owner["id"]}
    refused(shop.patch(f"/api/orders/{theirs['id']}", json=move), None, words)
    assert found(shop, "customers", owner)["balance"] == "50.00"
    assert found(shop, "orders", of)["total"] == "50.00"
    shop.patch(f"/api/orders/{of['id']}", json={"status": "paid"})
    assert found(shop, "customers", owner)["balance"] == "0.00"
    assert shop.post("/api/items", json=body).status_code == 201


def test_a_status_goes_along_the_named_ways_only(shop: httpx.Client) -> None:
    owner = customer(shop)
    words = "Status only goes from open to paid or cancelled"
    body = {"date": "2026-01-01", "customer_id": owner["id"]}
    refused(shop.post("/api/orders", json=body | {"status": "paid"}), "status", words)
    assert new(shop, "orders", **body, status="open")["status"] == "open"
    of = order(shop, owner)
    assert of["status"] == "open"
    address = f"/api/orders/{of['id']}"
    assert shop.patch(address, json={"status": "open"}).status_code == 200
    assert shop.put(address, json=body).json()["status"] == "open"
    assert shop.patch(address, json={"status": "paid"}).json()["status"] == "paid"
    assert shop.put(address, json=body).json()["status"] == "paid"
    for status in ("open", "cancelled"):
        refused(shop.patch(address, json={"status": status}), "status", words)
    refused(shop.put(address, json=body | {"status": "open"}), "status", words)
    refused(shop.patch(address, json={"status": "lost"}), "status", "none of")


def test_sums_and_products_are_exact(shop: httpx.Client) -> None:
    owner = customer(shop, "9999999999999999.99")
    of = order(shop, owner)
    prices = [Decimal("90071992547409.93"), Decimal("0.01"), Decimal("0.02")]
    for price in prices:
        item(shop, of, str(price), 3)
    assert found(shop, "orders", of)["total"] == str(sum(prices) * 3)
    line = {"quantity": 2**60, "order_id": of["id"], "unit_price": "9999999999999999.99"}
    product = new(shop, "products", name="Moon", price="1")
    refused(shop.post("/api/items", json=line | {"product_id": product["id"]}), "amount", "large")


def test_totals_are_right_under_fifty_concurrent_writers(shop: httpx.Client) -> None:
    owner = customer(shop, "100000")
    of = order(shop, owner)
    product = new(shop, "products", name="Pen", price="1")
    body = {"order_id": of["id"], "product_id": product["id"]}
    address = f"/api/orders/{of['id']}"

    def write(number: int) -> None:
        line = api.post("/api/items", json=body | {"quantity": number}).json()
        changed = api.patch(f"/api/items/{line['id']}", json={"quantity": number + 1})
        assert changed.status_code == 200
        lines = api.get(f"{address}/items", params={"limit": 1}).headers["X-Total-Count"]
        total = Decimal(api.get(address).json()["total"])
        assert int(lines) <= total
        if number % 5 == 0:
            assert api.delete(f"/api/items/{line['id']}").status_code == 204

    patient = httpx.Client(base_url=shop.base_url, timeout=60, trust_env=False)
    with patient as api, ThreadPoolExecutor(50) as writers:
        list(writers.map(write, range(1, 51)))
    expected = sum(number + 1 for number in range(1, 51) if number % 5)
    assert shop.get(address).json()["total"] == f"{expected}.00"
    assert found(shop, "customers", owner)["balance"] == f"{expected}.00"


def guest(api: httpx.Client, **values: object) -> Json:
    own: Json = {"first_name": f"Ann {next(NUMBERS)}", "last_name": "Lee", "passport": "X1"}
    return new(api, "guests", **own | values)


def room(api: httpx.Client, beds: int = 4) -> Json:
    return new(api, "rooms", number=1, beds=beds, rate="10")


def booking_values(api: httpx.Client, **values: object) -> Json:
    own = {"check_in": "2026-01-01", "check_out": "2026-01-03", "people": 2}
    return own | {"guest_id": guest(api)["id"]} | values


def booking(api: httpx.Client, **values: object) -> Json:
    return new(api, "bookings", **booking_values(api, **values))


def test_texts_are_joined_and_what_is_missing_is_replaced(hotel: httpx.Client) -> None:
    stored = guest(hotel, first_name="Bob", last_name=None)
    assert stored["full_name"] == "Bob -"
    address = f"/api/guests/{stored['id']}"
    assert hotel.patch(address, json={"last_name": "Poe"}).json()["full_name"] == "Bob Poe"
    assert [g["id"] for g in hotel.get("/api/guests", params={"full_name": "Bob Poe"}).json()] == [
        stored["id"]
    ]
    long = {"first_name": "x" * 255, "passport": "1"}
    refused(hotel.post("/api/guests", json=long), "full_name", "large")


def test_an_age_is_worked_out_on_reading(hotel: httpx.Client) -> None:
    today = datetime.datetime.now().astimezone().date()
    birth = today.replace(year=today.year - 18, day=min(today.day, 28))
    stored = guest(hotel, birth_date=birth.isoformat())
    assert stored["age"] == 18
    assert guest(hotel)["age"] is None
    words = "Age must be at least 18"
    later = birth.replace(year=birth.year + 1).isoformat()
    refused(
        hotel.patch(f"/api/guests/{stored['id']}", json={"birth_date": later}), "birth_date", words
    )
    listed = hotel.get("/api/guests", params={"id": stored["id"]}).json()
    assert listed == [stored]


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"check_out": "2026-01-01"}, "check_out", "Check out must be after check in"),
        ({"check_in": "2026-01-03"}, "check_in", "Check out must be after check in"),
        ({"people": 5}, "people", "People must be at most beds of Room"),
        ({"people": 1000, "room_id": None}, "price", "Price must be less than 1000"),
        ({"is_cancelled": True}, "is_cancelled", "Reason is required when"),
        ({"is_cancelled": True, "reason": "  "}, "reason", "Reason is required when"),
        ({"booked_on": "9999-01-01"}, "booked_on", "can't be in the future"),
        ({"paid_at": "9999-01-01T00:00:00Z"}, "paid_at", "can't be in the future"),
        ({"remind_on": "2020-01-01"}, "remind_on", "can't be in the past"),
    ],
    ids=str,
)
def test_a_value_that_breaks_a_rule_is_refused_at_its_field(
    hotel: httpx.Client, change: Json, field: str, words: str
) -> None:
    place = room(hotel)
    values = booking_values(hotel, room_id=place["id"])
    stored = new(hotel, "bookings", **values)
    address = f"/api/bookings/{stored['id']}"
    created = hotel.post("/api/bookings", json=values | change)
    assert created.status_code == 422
    assert words in created.json()["detail"][0]["msg"]
    refused(hotel.patch(address, json=change), field, words)
    refused(hotel.put(address, json=values | change), field, words)
    assert found(hotel, "bookings", stored) == stored


def test_values_at_their_limits_are_taken(hotel: httpx.Client) -> None:
    place = room(hotel)
    today = datetime.datetime.now().astimezone().date().isoformat()
    stored = booking(
        hotel,
        room_id=place["id"],
        check_out="2026-01-02",
        people=4,
        booked_on=today,
        remind_on=today,
        paid_at="2026-01-01T00:00:00Z",
        is_cancelled=True,
        reason="ill",
    )
    assert (stored["nights"], stored["price"]) == (1, "14.00")


def test_a_rule_is_looked_at_when_one_of_its_values_changes(hotel: httpx.Client) -> None:
    place = room(hotel)
    stored = booking(hotel, room_id=place["id"], people=4)
    narrow = hotel.patch(f"/api/rooms/{place['id']}", json={"beds": 3})
    refused(narrow, "beds", "People must be at most beds of Room")
    assert hotel.patch(f"/api/rooms/{place['id']}", json={"beds": 4}).status_code == 200
    small = room(hotel, beds=2)
    moved = hotel.patch(f"/api/bookings/{stored['id']}", json={"room_id": small["id"]})
    refused(moved, "room_id", "People must be at most beds of Room")
    changed = hotel.patch(f"/api/bookings/{stored['id']}", json={"notes": "late"})
    assert changed.status_code == 200


def test_a_record_that_a_rule_needs_is_not_deleted(hotel: httpx.Client) -> None:
    words = "Room is required when notes is suite"
    without = hotel.post("/api/bookings", json=booking_values(hotel, notes="suite"))
    refused(without, "room_id", words)
    suite = room(hotel)
    plain = booking(hotel, room_id=suite["id"])
    needing = booking(hotel, room_id=suite["id"], notes="suite")
    answer = hotel.delete(f"/api/rooms/{suite['id']}")
    assert answer.status_code == 409
    (problem,) = answer.json()["detail"]
    assert problem["msg"] == f"the room is needed by 1 booking: {words}"
    (needed_by,) = problem["ctx"]["needed_by"]
    assert (needed_by["entity"], needed_by["count"]) == ("Booking", 1)
    assert found(hotel, "bookings", needing)["room_id"] == suite["id"]
    hotel.patch(f"/api/bookings/{needing['id']}", json={"notes": "single"})
    assert hotel.delete(f"/api/rooms/{suite['id']}").status_code == 204
    assert found(hotel, "bookings", plain)["room_id"] is None


def test_what_can_not_be_changed_stays(hotel: httpx.Client) -> None:
    stored = guest(hotel)
    address = f"/api/guests/{stored['id']}"
    words = "Passport can't be changed once it is set"
    refused(hotel.patch(address, json={"passport": "Y2"}), "passport", words)
    assert hotel.patch(address, json={"passport": "X1"}).status_code == 200
    renamed = hotel.put(address, json={"first_name": f"Zoe {next(NUMBERS)}"}).json()
    assert renamed["passport"] == "X1"
    assert hotel.post("/api/guests", json={"first_name": "No"}).status_code == 422
    trip = booking(hotel)
    other = guest(hotel)
    moved = hotel.patch(f"/api/bookings/{trip['id']}", json={"guest_id": other["id"]})
    refused(moved, "guest_id", "Guest can't be changed")


def test_every_aggregate_follows_its_children(hotel: httpx.Client) -> None:
    place, other = room(hotel), room(hotel)

    def values(of: Json) -> tuple[object, ...]:
        stored = found(hotel, "rooms", of)
        names = ("bookings", "guests", "mean_nights", "first_day", "last_day")
        return tuple(stored[name] for name in names)

    nothing = (0, 0, None, None, None)
    assert values(place) == nothing
    one = booking(hotel, room_id=place["id"])
    two = booking(hotel, room_id=place["id"], check_in="2025-12-31", check_out="2026-01-05")
    three = booking(hotel, room_id=place["id"], check_out="2026-01-02", people=1)
    assert values(place) == (3, 5, "2.67", "2025-12-31", "2026-01-05")
    address = f"/api/bookings/{two['id']}"
    hotel.patch(address, json={"is_cancelled": True, "reason": "ill"})
    assert values(place) == (2, 5, "2.67", "2025-12-31", "2026-01-05")
    hotel.patch(address, json={"room_id": other["id"]})
    assert values(place) == (2, 3, "1.50", "2026-01-01", "2026-01-03")
    assert values(other) == (0, 2, "5.00", "2025-12-31", "2026-01-05")
    hotel.patch(address, json={"room_id": None})
    assert values(other) == nothing
    hotel.delete(f"/api/bookings/{one['id']}")
    assert values(place) == (1, 1, "1.00", "2026-01-01", "2026-01-02")
    assert hotel.delete(f"/api/rooms/{place['id']}").status_code == 204
    assert found(hotel, "bookings", three)["room_id"] is None


def test_a_count_of_links_follows_them(hotel: httpx.Client) -> None:
    sauna, bikes = (new(hotel, "extras", name=name, fee="5") for name in ("Sauna", "Bikes"))

    def uses() -> tuple[int, int]:
        return (found(hotel, "extras", sauna)["uses"], found(hotel, "extras", bikes)["uses"])

    one = booking(hotel, extra_ids=[sauna["id"]])
    two = booking(hotel, extra_ids=[sauna["id"], bikes["id"]])
    assert uses() == (2, 1)
    hotel.patch(f"/api/bookings/{one['id']}", json={"extra_ids": [bikes["id"]]})
    assert uses() == (1, 2)
    link = f"/api/bookings/{one['id']}/extras/{sauna['id']}"
    assert hotel.put(link).status_code == 204
    assert uses() == (2, 2)
    assert hotel.put(link).status_code == 204
    assert uses() == (2, 2)
    assert hotel.delete(link).status_code == 204
    assert uses() == (1, 2)
    assert hotel.delete(f"/api/bookings/{two['id']}").status_code == 204
    assert uses() == (0, 1)
