"""Whatever is typed: an answer, soon, with names that are names."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baes.language import explain, interpret
from baes.spec.names import is_attribute_name, is_entity_name

WORDS = (
    "Create", "a", "an", "each", "has", "have", "with", "and", "or", ",", ":", ";", ".", "(", ")",
    "must", "be", "not", "unique", "optional", "between", "1", "5", "at least", "one", "many",
    "belongs to", "student", "Course", "courses", "name", "email", "is", "of", "the", "/", "-",
    "default", "one of", "in", "kg", "\n", "\n- ", "<->", "N:M", "?", "which", "all", "except",
)  # fmt: skip


def _check(text: str) -> None:
    interpretation = interpret(text)
    for entity in interpretation.entities:
        assert is_entity_name(entity.name)
        assert all(is_attribute_name(attribute.name) for attribute in entity.attributes)
    assert all(is_attribute_name(link.name) for link in interpretation.relationships)
    if interpretation.action == "unclear":
        assert interpretation.question is not None or interpretation.custom
    assert interpretation.is_certain == (interpretation.confidence == 1.0) or interpretation.custom


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_answered(text: str) -> None:
    _check(text)


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=40))
def test_any_mixture_of_grammatical_words_is_answered(words: list[str]) -> None:
    _check(" ".join(words))


LONG = {
    "one word": "x" * 100_000,
    "items": "Create X with " + "name, " * 16_000,
    "sentences": "Create a, b and c. " * 5_000,
    "lines": "- a\n" * 25_000,
    "levels": " - a\n  - b\n" * 9_000,
    "brackets": "(" * 100_000,
    "conjunctions": "and " * 25_000,
    "more than is read": "a book. " * 20_000,
}


@pytest.mark.parametrize("text", LONG.values(), ids=LONG.keys())
def test_a_long_text_is_answered_in_bounded_time(text: str) -> None:
    begun = time.process_time()  # its own work, however busy the machine is
    interpretation = interpret(text)
    assert time.process_time() - begun < 10
    assert not interpretation.is_certain


def test_interpretation_is_the_same_each_time() -> None:
    text = "Doctor (name), Patient (name). A doctor treats many patients."
    assert interpret(text) == interpret(text)


def test_the_explanation_shows_every_stage_and_word() -> None:
    shown = explain("Create Pump with model. Fnord.").render()
    for part in ("layout", "create: Create Pump with model", "model", "not understood: Fnord"):
        assert part in shown
