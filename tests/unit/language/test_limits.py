"""Flags, limits, defaults, choices and units, inline and in sentences of their own.

Each line of the table: what is tried, the request, and everything that it must be taken to mean.
"""

from __future__ import annotations

import pytest

from baes.language import interpret

from .notation import shown

CASES = {
    "digits": (
        "Dog: name, chip number (15 digits)",
        "Dog(name, chip_number[pattern=[0-9]{15}])",
    ),
    "letters": (
        "Create Airport with name and code, code has exactly 3 letters.",
        "Airport(name, code[min_length=3 max_length=3])",
    ),
    "a minimum with its name": (
        "Create Patron with name and age, minimum age 18.",
        "Patron(name, age:integer[min=18])",
    ),
    "a verb behind each": (
        "For each project store the name and the budget",
        "Project(name, budget:decimal)",
    ),
    "a list of them": (
        "Make a contact list with name and phone, and a price list with price",
        "Contact(name, phone:phone) | PriceList(price:decimal)",
    ),
    "the own id": (
        "Create items with an auto-incremented id (primary key), code as primary key, name",
        "Item(code[unique], name)",
    ),
    "a day behind a participle": (
        "Create items with name and checked in",
        "Item(name, checked_in:boolean)",
    ),
    "a first state": (
        "Order: date, state (open, shipped). New orders are open by default.",
        "Order(date:date, state[default=open open/shipped])",
    ),
    "flags in brackets": (
        "Invoice: number (string, unique, required), due date (date, optional), paid "
        "(boolean, default false)",
        "Invoice(number[unique], due_date:date?, paid:boolean[default=False])",
    ),
    "flags after names": (
        "Create Visitor with name, email unique, phone optional",
        "Visitor(name, email:email[unique], phone:phone?)",
    ),
    "adjectives": (
        "Create Visitor with name, a unique badge code and an optional company",
        "Visitor(name, badge_code[unique], company?)",
    ),
    "between": (
        "Create Lease with monthly rent between 500 and 5,000 and term from 1 to 36",
        "Lease(monthly_rent:decimal[min=500 max=5000], term:integer[min=1 max=36])",
    ),
    "at least, at most": (
        "Volunteer: age (at least 16), hours (at most 40.5)",
        "Volunteer(age:integer[min=16], hours:decimal[max=40.5])",
    ),
    "signs": (
        "Book: pages > 0, price >= 1.5, weight <= 3",
        "Book(pages:integer[exclusive_min=0], price:decimal[min=1.5], weight:decimal[max=3])",
    ),
    "greater than": (
        "Employee: salary greater than zero, bonus not negative, level positive",
        "Employee(salary:decimal[exclusive_min=0], bonus:decimal[min=0], "
        "level:integer[exclusive_min=0])",
    ),
    "number words": (
        "Course: seats between five and thirty",
        "Course(seats:integer[min=5 max=30])",
    ),
    "range in brackets": (
        "Review: stars (1-5), comment (max 500 characters)",
        "Review(stars:integer[min=1 max=5], comment:text[max_length=500])",
    ),
    "lengths": (
        "User: username (3 to 20 characters), vin (exactly 17 characters), motto of at "
        "most 80 characters",
        "User(username[min_length=3 max_length=20], vin[min_length=17 max_length=17], "
        "motto[max_length=80])",
    ),
    "choices in brackets": (
        "Order: status (draft, sent, paid), size (S, M or L; default M)",
        "Order(status[draft/sent/paid], size[default=M S/M/L])",
    ),
    "choices by slashes": (
        "Ticket: subject, priority low/medium/high",
        "Ticket(subject, priority[low/medium/high])",
    ),
    "choices by one of": (
        "Claim: number, status one of open, approved or rejected",
        "Claim(number, status[open/approved/rejected])",
    ),
    "currency choices": (
        "Account: iban (unique), currency (EUR, USD or GBP)",
        "Account(iban[unique], currency[EUR/USD/GBP])",
    ),
    "decimal places": (
        "Product: price (decimal with 2 decimal places, greater than 0), tax with three "
        "decimals",
        "Product(price:decimal[exclusive_min=0 scale=2], tax:decimal[scale=3])",
    ),
    "units": (
        "Boat: length in metres, weight (kg), speed in knots, fuel in percent",
        "Boat(length:decimal[unit=m], weight:decimal[unit=kg], speed:decimal[unit=kn], "
        "fuel:decimal[unit=%])",
    ),
    "defaults": (
        "Task: done (default no), priority (1 to 5, default 3), created (date, default "
        "today), state defaults to open",
        "Task(done:boolean[default=False], priority:integer[default=3 min=1 max=5], "
        "created:date[default=Call(call='today')], state[default=open])",
    ),
    "said later": (
        "Member: name, email, age. The email must be unique. Age must be at least 16. Name "
        "is at most 60 characters.",
        "Member(name[max_length=60], email:email[unique], age:integer[min=16])",
    ),
    "all but one": (
        "All fields are optional except the asset tag. Pump: asset tag, model, installed on.",
        "Pump(asset_tag, model?, installed_on:date?)",
    ),
    "may have": (
        "A member has a name and may have a phone number.",
        "Member(name, phone_number:phone?)",
    ),
    "several said later": (
        "Create Employee with name, email and phone. Email and phone are optional.",
        "Employee(name, email:email?, phone:phone?)",
    ),
    "yes or no": (
        "Pet: neutered (yes/no), chipped?, vaccinated or not",
        "Pet(neutered:boolean, chipped:boolean, vaccinated:boolean)",
    ),
    "dates as limits": (
        "Voucher: code, expiry date after 2024-01-01",
        "Voucher(code, expiry_date:date[exclusive_min=2024-01-01])",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES.keys())
def test_attribute_gets_exactly_what_is_said_of_it(text: str, expected: str) -> None:
    interpretation = interpret(text)
    assert interpretation.is_certain, (interpretation.unexplained, interpretation.question)
    assert shown(interpretation) == expected
