"""Systems with rules that the integration tests generate."""

from __future__ import annotations

from decimal import Decimal

from baes.spec.changes import AddEntity, AddRelationship, AddRule, Change
from baes.spec.model import Attribute, Entity, Relationship
from baes.spec.rules import (
    Aggregate,
    Compare,
    Computed,
    Copy,
    Immutable,
    NotFuture,
    NotPast,
    RequiredIf,
    Transition,
)

__all__ = ["BOOKINGS", "NEEDY", "SHOP"]

NEEDY: tuple[Change, ...] = (
    AddEntity(Entity("Customer", (Attribute("name", "string"),))),
    AddEntity(Entity("Order", (Attribute("status", "string", choices=("open", "paid")),))),
    AddRelationship(Relationship("Order", "Customer", "many_to_one", "customer")),
    AddRule(Transition("Order", "status", "open", "paid")),
    AddRule(RequiredIf("Order", "customer", (("status", "open"),))),
)
"""A link that no record needs to have, and each new one does."""

SHOP: tuple[Change, ...] = (
    AddEntity(
        Entity(
            "Customer",
            (
                Attribute("name", "string"),
                Attribute("credit_limit", "decimal", scale=2),
                Attribute("balance", "decimal", scale=2),
            ),
        )
    ),
    AddEntity(
        Entity(
            "Order",
            (
                Attribute("date", "date"),
                Attribute("status", "string", choices=("open", "paid", "cancelled")),
                Attribute("total", "decimal", scale=2),
            ),
        )
    ),
    AddEntity(
        Entity("Product", (Attribute("name", "string"), Attribute("price", "decimal", scale=2)))
    ),
    AddEntity(
        Entity(
            "Item",
            (
                Attribute("quantity", "integer", min=1),
                Attribute("unit_price", "decimal", scale=2),
                Attribute("amount", "decimal", scale=2),
            ),
        )
    ),
    AddRelationship(Relationship("Order", "Customer", "many_to_one", "customer", required=True)),
    AddRelationship(Relationship("Item", "Order", "many_to_one", "order", required=True)),
    AddRelationship(Relationship("Item", "Product", "many_to_one", "product", required=True)),
    AddRule(Copy("Item", "unit_price", "Product.price")),
    AddRule(Computed("Item", "amount", "quantity * unit_price")),
    AddRule(Aggregate("Order", "total", "sum", "Item.amount")),
    AddRule(Aggregate("Customer", "balance", "sum", "Order.total", (("status", "paid", False),))),
    AddRule(Compare("Customer", "balance", "<=", "credit_limit")),
    AddRule(Transition("Order", "status", "open", "paid")),
    AddRule(Transition("Order", "status", "open", "cancelled")),
)
"""An item's amount makes an order's total, that a customer's balance, which has a limit."""

BOOKINGS: tuple[Change, ...] = (
    AddEntity(
        Entity(
            "Guest",
            (
                Attribute("first_name", "string"),
                Attribute("last_name", "string", required=False),
                Attribute("full_name", "string"),
                Attribute("birth_date", "date", required=False),
                Attribute("age", "integer"),
                Attribute("passport", "string"),
            ),
        )
    ),
    AddEntity(
        Entity(
            "Room",
            (
                Attribute("number", "integer"),
                Attribute("beds", "integer", min=1, max=8),
                Attribute("rate", "decimal", scale=2),
                Attribute("bookings", "integer"),
                Attribute("guests", "integer"),
                Attribute("mean_nights", "decimal", scale=2),
                Attribute("last_day", "date"),
                Attribute("first_day", "date"),
            ),
        )
    ),
    AddEntity(
        Entity(
            "Booking",
            (
                Attribute("check_in", "date"),
                Attribute("check_out", "date"),
                Attribute("nights", "integer"),
                Attribute("people", "integer", min=1),
                Attribute("is_cancelled", "boolean", default=False),
                Attribute("reason", "string", required=False),
                Attribute("discount", "decimal", scale=2, required=False),
                Attribute("price", "decimal", scale=2),
                Attribute("booked_on", "date", required=False),
                Attribute("remind_on", "date", required=False),
                Attribute("paid_at", "datetime", required=False),
                Attribute("notes", "text", required=False),
            ),
        )
    ),
    AddEntity(
        Entity(
            "Extra",
            (
                Attribute("name", "string"),
                Attribute("fee", "decimal", scale=2),
                Attribute("uses", "integer"),
            ),
        )
    ),
    AddRelationship(Relationship("Booking", "Room", "many_to_one", "room")),
    AddRelationship(Relationship("Booking", "Guest", "many_to_one", "guest", required=True)),
    AddRelationship(Relationship("Booking", "Extra", "many_to_many", "extras")),
    AddRule(Computed("Guest", "full_name", "first_name || ' ' || coalesce(last_name, '-')")),
    AddRule(Computed("Guest", "age", "years_between(birth_date, today())")),
    AddRule(Compare("Guest", "age", ">=", 18)),
    AddRule(Immutable("Guest", "passport")),
    AddRule(Computed("Booking", "nights", "days_between(check_in, check_out)")),
    AddRule(Computed("Booking", "price", "round(people * 10.5 / 3 - coalesce(discount, 0), 2)")),
    AddRule(Compare("Booking", "check_out", ">", "check_in")),
    AddRule(Compare("Booking", "people", "<=", "Room.beds")),
    AddRule(Compare("Booking", "price", "<", Decimal(1000))),
    AddRule(RequiredIf("Booking", "reason", (("is_cancelled", True),))),
    AddRule(RequiredIf("Booking", "room", (("notes", "suite"),))),
    AddRule(NotFuture("Booking", "booked_on")),
    AddRule(NotPast("Booking", "remind_on")),
    AddRule(NotFuture("Booking", "paid_at")),
    AddRule(Immutable("Booking", "guest")),
    AddRule(Aggregate("Room", "bookings", "count", "Booking", (("is_cancelled", False, True),))),
    AddRule(Aggregate("Room", "guests", "sum", "Booking.people")),
    AddRule(Aggregate("Room", "mean_nights", "avg", "Booking.nights")),
    AddRule(Aggregate("Room", "last_day", "max", "Booking.check_out")),
    AddRule(Aggregate("Room", "first_day", "min", "Booking.check_in")),
    AddRule(Aggregate("Extra", "uses", "count", "Booking")),
)
"""Every kind of rule over one record but copies and transitions, and every aggregate."""
