"""No word that says something is overheard, wherever it stands in what people write."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from typing import Any

import pytest

from baes.language import interpret
from baes.spec.codec import interpretation_to_json
from baes.spec.interpretation import Interpretation
from evaluation.corpus import load_corpora

SEED = 20
SENTENCES = 50
INSERTIONS = 3
INSERTED = {
    "en": ("not", "3", "no", "unless", "except", "never", "without", "several"),
    "pt": ("não", "3", "nunca", "exceto", "sem", "salvo", "vários"),
}
DELETED = {
    "en": re.compile(r"\b(not|never|no|without|optional|unique|at least|at most|\d+)\b"),
    "pt": re.compile(r"\b(não|nunca|sem|opcional|pelo menos|no máximo|\d+)\b"),
}
"""Words that nothing else in a sentence repeats; a type may follow from the name as well."""
LINKS_ARE = ("optional", "opcional")
"""What a link is anyway, unless more is said."""


def sentences(language: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Creates of the corpora that are read at once, in an order by chance, with their outcome."""
    chance = random.Random(SEED)  # noqa: S311  for chance, not for secrets
    cases = [case for corpus in load_corpora() for case in corpus.cases]
    texts = [
        case["text"]
        for case in cases
        if case["lang"] == language
        and not case["context"]
        and case["expect"].get("action") == "create"
        and len(case["text"]) < 260
        and "  " not in case["text"]  # rows of an example say nothing of what is kept
    ]
    found = 0
    for text in chance.sample(texts, len(texts)):
        read = interpret(text)
        if read.is_certain and found < SENTENCES:
            found += 1
            yield text, outcome(read)


def outcome(interpretation: Interpretation) -> dict[str, Any]:
    told = interpretation_to_json(interpretation)
    return {
        key: told[key]
        for key in ("action", "entities", "relationships", "rules", "changes", "custom")
    }


@pytest.mark.parametrize("language", ["en", "pt"])
def test_a_word_more_changes_the_outcome_or_is_asked_about(language: str) -> None:
    chance = random.Random(SEED)  # noqa: S311  for chance, not for secrets
    overheard = []
    for text, before in sentences(language):
        words = text.split(" ")
        for word in chance.sample(INSERTED[language], INSERTIONS):
            place = chance.randrange(1, len(words))
            changed = " ".join([*words[:place], word, *words[place:]])
            read = interpret(changed)
            if read.is_certain and outcome(read) == before:
                overheard.append(changed)
    assert overheard == []


@pytest.mark.parametrize("language", ["en", "pt"])
def test_a_word_less_changes_the_outcome_or_is_asked_about(language: str) -> None:
    overheard = []
    for text, before in sentences(language):
        for match in DELETED[language].finditer(text):
            changed = text[: match.start()] + text[match.end() :]
            read = interpret(changed)
            if match[0] in LINKS_ARE and before["relationships"]:
                continue
            if read.is_certain and json.dumps(outcome(read)) == json.dumps(before):
                overheard.append((match[0], text))
    assert overheard == []


@pytest.mark.parametrize(
    "noun",
    [
        "plan", "record", "report", "log", "store", "track", "design", "list", "schedule", "set",
        "use", "order", "request", "need", "book", "support", "make", "model", "want", "build",
        "start", "change", "name", "note", "show", "test",
    ],
)  # fmt: skip
def test_an_attribute_that_is_a_verb_as_well_is_never_overheard(noun: str) -> None:
    text = f"Create cars with plate and {noun}, people with name; each car has one person"
    read = interpret(text)
    kept = [a.name for entity in read.entities for a in entity.attributes]
    assert not read.is_certain or read.custom or noun in kept, outcome(read)
