"""The corpora are themselves right: well formed, consistent, and the project's own are new."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import Any

import pytest

from baes.spec.attribute_types import ATTRIBUTE_TYPES
from evaluation import match
from evaluation.corpus import CORPORA, Case, Corpus, load_corpora
from evaluation.expectations import best_answer

ALL = load_corpora()
OWN = [case for corpus in ALL if corpus.name.startswith("own-") for case in corpus.cases]
DEVELOPMENT = [case for corpus in ALL if corpus.name.startswith("dev-") for case in corpus.cases]
ACTIONS = {"create", "evolve", "remove", "describe", "unclear"}
ATTRIBUTE_KEYS = {
    "name", "type", "required", "unique", "default", "min", "max", "exclusive_min",
    "exclusive_max", "min_length", "max_length", "pattern", "choices", "scale", "unit",
}  # fmt: skip


def expectations(case: Case) -> list[dict[str, Any]]:
    return [case["expect"], *case["expect"].get("or", [])]


def attributes(case: Case) -> list[dict[str, Any]]:
    return [
        attribute
        for expect in expectations(case)
        for entity in expect.get("entities", [])
        if entity["attributes"] != "any"
        for attribute in entity["attributes"]
    ]


def plain_words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


def test_each_corpus_is_there() -> None:
    names = {"dev-en", "dev-pt", "own-en-changes", "own-en-creates", "own-en-hard"}
    names |= {"own-pt-changes", "own-pt-creates", "own-pt-hard"}
    assert names <= {c.name for c in ALL}


def test_every_line_of_a_corpus_is_a_case_without_blank_lines() -> None:
    for path in CORPORA.glob("*.jsonl"):
        text = path.read_text(encoding="utf-8")
        assert text.endswith("\n"), path
        assert all(isinstance(json.loads(line), dict) for line in text[:-1].split("\n")), path


def test_no_id_is_given_twice() -> None:
    ids = Counter(case["id"] for corpus in ALL for case in corpus.cases)
    assert [name for name, number in ids.items() if number > 1] == []


def test_the_own_corpora_are_large_enough_to_tell_something() -> None:
    sizes = {corpus.name: len(corpus.cases) for corpus in ALL}
    assert sizes["own-en-changes"] >= 250
    assert sizes["own-en-creates"] >= 260
    assert sizes["own-en-hard"] >= 60


@pytest.mark.parametrize("corpus", ALL, ids=lambda corpus: corpus.name)
def test_a_case_has_its_parts(corpus: Corpus) -> None:
    for case in corpus.cases:
        assert set(case) == {"id", "lang", "text", "context", "expect", "tags"}, case["id"]
        assert isinstance(case["text"], str), case["id"]
        assert case["tags"], case["id"]
        for expect in expectations(case):
            assert set(match.as_list(expect["action"])) <= ACTIONS, case["id"]
            assert isinstance(expect["standard"], bool), case["id"]


@pytest.mark.parametrize("corpus", ALL, ids=lambda corpus: corpus.name)
def test_the_answer_that_a_case_asks_for_is_judged_exact(corpus: Corpus) -> None:
    for case in corpus.cases:
        for expect in expectations(case):
            outcomes, reasons = match.judge(expect, best_answer(expect))
            assert reasons == [], case["id"]
            assert "exact" in outcomes, case["id"]


@pytest.mark.parametrize("corpus", ALL, ids=lambda corpus: corpus.name)
def test_a_question_is_exact_only_where_a_question_is_right(corpus: Corpus) -> None:
    for case in corpus.cases:
        outcomes, _ = match.judge(case["expect"], {"action": "unclear"})
        asks = ["unclear" in match.as_list(expect["action"]) for expect in expectations(case)]
        assert ("exact" in outcomes) == any(asks), case["id"]


def test_expected_attributes_use_known_keys_and_types() -> None:
    for case in OWN:
        for attribute in attributes(case):
            assert set(attribute) <= ATTRIBUTE_KEYS, case["id"]
            assert {"name", "type"} <= set(attribute), case["id"]
            assert set(attribute["type"]) <= set(ATTRIBUTE_TYPES), case["id"]
            names = attribute["name"]
            assert all(re.fullmatch(r"[a-z0-9][a-z0-9_]*", name) for name in names), case["id"]


def test_expected_relationships_join_expected_entities() -> None:
    for case in OWN:
        for expect in expectations(case):
            known = {entity["name"][0] for entity in expect.get("entities", [])}
            known |= {word for request in case["context"] for word in re.findall(r"\w+", request)}
            for relationship in expect.get("relationships", []):
                assert {relationship["from"], relationship["to"]} <= known, case["id"]


def test_no_two_expected_attributes_of_an_entity_share_their_best_name() -> None:
    for case in OWN:
        for expect in expectations(case):
            for entity in expect.get("entities", []):
                if entity["attributes"] != "any":
                    names = [attribute["name"][0] for attribute in entity["attributes"]]
                    assert len(names) == len(set(names)), case["id"]


def test_own_requests_are_not_those_of_the_development_corpora() -> None:
    known = {plain_words(case["text"]) for case in DEVELOPMENT}
    assert [case["id"] for case in OWN if plain_words(case["text"]) in known - {""}] == []


def test_no_own_request_is_written_twice() -> None:
    texts = Counter(plain_words(case["text"]) or case["text"] for case in OWN)
    assert [text for text, number in texts.items() if number > 1] == []
