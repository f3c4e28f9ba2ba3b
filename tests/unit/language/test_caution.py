"""Texts that look readable and are not: asked about, never guessed."""

from __future__ import annotations

import pytest

from baes.language import interpret

FOREIGN = [
    "Erstelle ein System für Kunden mit Name und Adresse",
    "Créez un système pour gérer des clients avec nom et téléphone",
    "Voglio gestire i clienti con nome, indirizzo e telefono",
    "Crea un sistema para gestionar los libros con título y autor",
]

RUN_TOGETHER = [
    "Create Tenant with name phone and notes",
    "films: title year description pages",
    "store my members name email and age",
]

OF_NOBODY = [
    "keep their name and their phone",
    "We sell to customers: keep their name and phone.",
    "Store its title and its price.",
    "Save name and phone",
    "Guarde nome e telefone",
    "Guarde o nome e o telefone deles",
]

CUT_OFF = [
    "Create houses with name, height in",
    "Create workouts with title, date of",
    "Crie produtos com nome, peso em",
    "Crie traduções com título, idioma de",
]

SENTENCES = [
    "Students take lessons with instructors.",
    "Customers buy products with coupons.",
    "Create Grade Create Grade with student name",
    "Record first name, email and phone.",
    "Registre primeiro nome, e-mail e telefone",
]

KINDS = [
    "Create orders (number, status (open, paid)). A paid order must have a receipt.",
    "Create members (name, email). Premium members have a card and a pin.",
    "Crie pedidos (número). Um pedido pago deve ter um recibo.",
]

PLACES = [
    "Create orders with items",
    "Create crates with cars (plate, color) and spots (number, level)",
    "Create Library with books and members",
    "Crie uma escola com alunos e professores",
]

SAID_AGAIN = ["Create order order with name", "Festas festas (data, tema)"]

OTHER_LETTERS = [
    "Create runs with distance and duration in 日本 minutes",
    "Crie corridas com duração 日本",
    "Create 顧客 cards with name",
]

MORE_THAN_THE_OWN_ID = [
    "Create items with name and id between 1 and 5",
    "items (id: text, name)",
    "Create items with name and an optional id",
    "Crie clientes com nome e id até 5 caracteres",
    "Create invoices with number (auto-generated) and date",
]

ROWS_OF_NOBODY = ["grade,id,status\n1,a,2026-01-01", "name;age;since\nAna;30;2020-01-01"]

VAGUE = ["Create something useful", "Make the usual things", "Set up whatever we need"]


@pytest.mark.parametrize("text", FOREIGN)
def test_a_text_in_another_language_is_not_read(text: str) -> None:
    interpretation = interpret(text)
    assert interpretation.action == "unclear"
    assert interpretation.question is not None
    assert "English" in interpretation.question.text or "inglês" in interpretation.question.text


def test_one_foreign_word_makes_no_foreign_text() -> None:
    assert interpret("Create Chef with name, nickname and chef de cuisine").is_certain


@pytest.mark.parametrize("text", [*RUN_TOGETHER, *VAGUE])
def test_a_list_without_commas_and_a_vague_word_are_asked_about(text: str) -> None:
    assert not interpret(text).is_certain


@pytest.mark.parametrize(
    "text",
    [
        *CUT_OFF,
        *SENTENCES,
        *KINDS,
        *PLACES,
        *SAID_AGAIN,
        *OTHER_LETTERS,
        *MORE_THAN_THE_OWN_ID,
        *ROWS_OF_NOBODY,
    ],
)
def test_what_no_name_or_id_can_be_is_asked_about(text: str) -> None:
    interpretation = interpret(text)
    assert not interpretation.is_certain
    assert interpretation.question is not None


@pytest.mark.parametrize("text", OF_NOBODY)
def test_values_of_nobody_make_no_entity(text: str) -> None:
    assert not interpret(text).is_certain


@pytest.mark.parametrize(
    "name", ["author email", "email address", "book title", "phone number", "home phone"]
)
def test_a_compound_name_is_one_name(name: str) -> None:
    (entity,) = interpret(f"Create Contact with {name} and city").entities
    assert [a.name for a in entity.attributes] == [name.replace(" ", "_"), "city"]


@pytest.mark.parametrize(
    ("said", "name", "unit"),
    [
        ("depth cm", "depth", "cm"),
        ("net weight kg", "net_weight", "kg"),
        ("reach km", "reach", "km"),
    ],
)
def test_a_units_symbol_behind_a_name_is_its_unit(said: str, name: str, unit: str) -> None:
    (entity,) = interpret(f"Create Shelf with label and {said}").entities
    measured = entity.find(name)
    assert measured is not None
    assert (measured.unit, measured.type) == (unit, "decimal")
