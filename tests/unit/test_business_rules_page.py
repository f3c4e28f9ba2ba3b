"""The examples of the page on business rules are understood as they say, and can hold."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from baes.language import interpret
from baes.spec.apply import apply
from baes.spec.changes import AddRule
from baes.spec.codec import change_from_json
from baes.spec.model import SystemSpec
from baes.spec.rules import RULE_KINDS

PAGE = (Path(__file__).parents[2] / "docs" / "business-rules.md").read_text(encoding="utf-8")
(REQUEST,) = re.findall(r"```request\n(.*?)\n```", PAGE, re.DOTALL)
CHANGES = re.findall(r"```change\n(.*?)\n(\{.*?\})\n```", PAGE, re.DOTALL)
EXAMPLES = re.findall(r"```rule\n(.*?)\n(\{.*?\})\n```", PAGE, re.DOTALL)


def system() -> SystemSpec:
    return apply(SystemSpec(), interpret(REQUEST).all_changes())


@pytest.mark.parametrize(("sentence", "rule"), EXAMPLES, ids=[rule for _, rule in EXAMPLES])
def test_an_example_is_understood_as_it_says(sentence: str, rule: str) -> None:
    data = json.loads(rule)
    wanted = change_from_json({"op": "add_rule", "entity": data["entity"], "rule": data})
    spec = system()
    found = interpret(sentence, spec)
    assert not found.unexplained
    assert [c for c in found.all_changes() if isinstance(c, AddRule)] == [wanted]
    assert isinstance(wanted, AddRule)
    assert wanted.rule in apply(spec, found.all_changes()).rules


@pytest.mark.parametrize(("sentence", "change"), CHANGES, ids=[change for _, change in CHANGES])
def test_an_example_of_a_limit_is_understood_as_it_says(sentence: str, change: str) -> None:
    spec = system()
    found = interpret(sentence, spec)
    assert found.is_certain
    assert found.all_changes() == (change_from_json(json.loads(change)),)
    apply(spec, found.all_changes())


def test_every_kind_of_rule_has_an_example() -> None:
    assert {json.loads(rule)["kind"] for _, rule in EXAMPLES} == set(RULE_KINDS)
