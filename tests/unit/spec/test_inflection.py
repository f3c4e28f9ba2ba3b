"""Singular and plural lead to each other, over the words that people name their records with."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baes.datafiles import load_toml
from baes.spec.inflection import (
    is_plural,
    plural,
    plural_label,
    singular,
    singular_label,
)
from baes.spec.names import fold, is_attribute_name

_DATA = Path(__file__).parent / "data"
_LANGUAGES = ("en", "pt")

ALREADY_SINGULAR = {
    "en": "news series bus address status campus gas lens class business species staff virus bonus "
    "process canvas atlas alias analysis crisis axis gps sms logistics headquarters progress boss",
    "pt": "ônibus lápis gás mês país status campus vírus tênis pires atlas bônus português freguês "
    "simples ônus corpus óculos férias onibus lapis gas mes pais virus tenis bonus portugues",
}


def _pairs(language: str) -> list[tuple[str, str]]:
    lines = (_DATA / f"plurals_{language}.txt").read_text(encoding="utf-8").splitlines()
    words = [word for line in lines if not line.startswith("#") for word in line.split()]
    return [(one, many) for one, _, many in (word.partition("=") for word in words)]


@pytest.mark.parametrize("language", _LANGUAGES)
def test_singular_and_plural_lead_to_each_other(language: str) -> None:
    pairs = _pairs(language)
    assert len(pairs) > 400
    wrong = [
        (one, many, found)
        for one, many in pairs
        if (
            found := (
                plural_label(one, language),
                plural_label(many, language),
                singular_label(many, language),
                singular_label(one, language),
            )
        )
        != (many, many, one, one)
    ]
    assert wrong == []


@pytest.mark.parametrize("language", _LANGUAGES)
def test_words_without_accents_give_words_without_accents(language: str) -> None:
    wrong = [
        (one, many)
        for one, many in ((fold(one), fold(many)) for one, many in _pairs(language))
        if (
            plural(one, language),
            plural(many, language),
            singular(many, language),
            singular(one, language),
        )
        != (many, many, one, one)
    ]
    assert wrong == []


@pytest.mark.parametrize("language", _LANGUAGES)
def test_a_singular_that_ends_in_s_stays(language: str) -> None:
    assert [w for w in ALREADY_SINGULAR[language].split() if is_plural(w, language)] == []


@pytest.mark.parametrize("language", _LANGUAGES)
def test_the_words_of_the_table_lead_to_each_other(language: str) -> None:
    table = load_toml(f"spec/data/inflection_{language}.toml")
    words = table["words"]
    folded = {fold(one) for one in words}
    read = {many: one for one, many in words.items() if many not in folded}
    assert [w for w in words if plural_label(w, language) != words[w]] == []
    assert [w for w in words if singular_label(w, language) != w] == []
    assert [m for m, one in read.items() if singular_label(m, language) != one] == []
    assert [w for w in table["invariant"] if plural_label(w, language) != w] == []
    assert [m for m, one in table["variants"].items() if singular_label(m, language) != one] == []


@pytest.mark.parametrize("language", _LANGUAGES)
@settings(max_examples=200, derandomize=True, deadline=None)
@given(st.from_regex(r"[a-z][a-z0-9]{0,9}(_[a-z0-9]{1,6}){0,2}", fullmatch=True))
def test_whatever_the_name_both_numbers_are_names(language: str, name: str) -> None:
    assert is_attribute_name(plural(name, language))
    assert is_attribute_name(singular(name, language))


@pytest.mark.parametrize(
    ("text", "language", "many"),
    [
        ("Order Item", "en", "Order Items"),
        ("SKU", "en", "SKUs"),
        ("Ação", "pt", "Ações"),
        ("Nota Fiscal", "pt", "Notas Fiscais"),
        ("Avó", "pt", "Avós"),
    ],
)
def test_a_label_keeps_its_letter_case(text: str, language: str, many: str) -> None:
    assert plural_label(text, language) == many
    assert singular_label(many, language) == text


def test_a_country_is_no_parent() -> None:
    assert plural_label("país", "pt") == "países"
    assert plural_label("pai", "pt") == "pais"
    assert plural("pais", "pt") == "paises"
