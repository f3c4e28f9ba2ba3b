"""Slips of the pen: key words are mended and told of, names stay as they are written."""

from __future__ import annotations

import pytest

from baes.language import interpret

from .notation import shown

MENDED = {
    "a form": ("Crie um cadstro de toneis com rótulo", "Tonel(rotulo)"),
    "a verb between two": (
        "Owner (name), Pet (name). Each pet belogns to an owner.",
        "Owner(name) | Pet(name) | Pet > Owner as owner",
    ),
    "a flag": ("Pet: name, chip (uniqe)", "Pet(name, chip[unique])"),
}

NAMES = {
    "an entity like a verb": ("Crates: label, weight", "Crate(label, weight:decimal)"),
    "an entity with a slip": ("Custmers (name)", "Custmer(name)"),
    "an attribute that a letter makes another": ("Site: frente, nome", "Site(frente, nome)"),
}


@pytest.mark.parametrize(("text", "expected"), MENDED.values(), ids=MENDED.keys())
def test_a_key_word_is_mended(text: str, expected: str) -> None:
    interpretation = interpret(text)
    assert shown(interpretation) == expected
    assert interpretation.is_certain
    assert interpretation.assumptions


@pytest.mark.parametrize(("text", "expected"), NAMES.values(), ids=NAMES.keys())
def test_a_name_is_never_mended(text: str, expected: str) -> None:
    assert shown(interpret(text)) == expected


def test_a_misspelt_name_has_the_type_of_what_is_meant() -> None:
    assert shown(interpret("Van: plate, milage")) == "Van(plate, milage:integer)"
