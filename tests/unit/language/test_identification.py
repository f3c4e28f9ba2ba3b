"""A request is read in the language that it is written in; others are asked about."""

from __future__ import annotations

import pytest

from baes.language import interpret
from baes.language.identification import LANGUAGES, MIXED, OTHER, identified_language
from baes.spec.model import Entity, SystemSpec
from evaluation.corpus import load_corpora

OTHERS = [
    "Crea un sistema para gestionar clientes con nombre y teléfono",
    "Necesito registrar los pedidos de mi tienda",
    "Erstelle ein System für Kunden mit Name und Adresse",
    "Je voudrais gérer mes clients avec leur nom et leur adresse",
    "Vorrei gestire i libri della biblioteca con titolo e autore",
]


def test_every_case_of_the_corpora_that_means_something_is_read_in_its_language() -> None:
    wrong = [
        case["id"]
        for corpus in load_corpora()
        for case in corpus.cases
        if case["expect"]["standard"] and identified_language(case["text"]) != case["lang"]
    ]
    assert wrong == []


@pytest.mark.parametrize("text", OTHERS)
def test_other_languages_are_no_language_that_is_read(text: str) -> None:
    assert identified_language(text) == OTHER


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Aluno: nome, matrícula", "pt"),
        ("alunos (nome, idade)", "pt"),
        ("Student: name, age", "en"),
        ("Crie Student com name e email", "pt"),
        ("Sistema de pets usando FastAPI", "pt"),
    ],
)
def test_a_short_request_tells_its_language_too(text: str, language: str) -> None:
    assert identified_language(text) == language


def test_a_mixed_request_is_asked_about() -> None:
    text = "Create a customer entity com nome e telefone please"
    assert identified_language(text) == MIXED
    assert interpret(text).question is not None


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_request_without_evidence_is_read_in_the_systems_language(language: str) -> None:
    spec = SystemSpec(entities=(Entity("Zebra"),), language=language)
    assert interpret("Zebra?", spec).language == language


def test_quoted_names_are_no_evidence() -> None:
    assert identified_language('Create "Nota Fiscal" with "preço" and "data"') == "en"
