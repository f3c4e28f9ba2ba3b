"""Texts by chance: out of a grammar, and out of the corpora, cut, mixed and sprinkled.

`make test` reads some hundreds, ``make soak`` 10,000 (``BAES_SOAK_TEXTS``).
"""

from __future__ import annotations

import os
import random
import time
import tomllib
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import pytest

from baes.core.entity_recognizer import EntityRecognizer
from baes.errors import BaesError
from baes.spec.apply import apply
from baes.spec.changes import (
    AddAttribute,
    AddEntity,
    AddRelationship,
    RenameAttribute,
    RenameEntity,
)
from baes.spec.interpretation import Interpretation
from baes.spec.model import SystemSpec
from baes.spec.names import is_attribute_name, is_entity_name
from evaluation.corpus import load_corpora

SEED = 7
TEXTS = int(os.environ.get("BAES_SOAK_TEXTS", "600"))
LONGEST = 2.0
"""Seconds of the processor that one text of a few hundred characters may take."""
RECOGNIZER = EntityRecognizer.in_memory(remembers=False)

GRAMMAR: dict[str, dict[str, list[str]]] = tomllib.loads(
    (Path(__file__).parents[1] / "data" / "fuzzed_texts.toml").read_text(encoding="utf-8")
)
SPRINKLED = (
    "not", "não", "3", "...", "\n", "\t", "  ", "(", ")", ":", "-", "“", "\u200b", "\u00a0",
    "é", "日本", "🙂", "\x00", "&amp;", "%s", "{name}", "`rm`", "\\", "NULL", "and/or", "e/ou",
)  # fmt: skip


def _written(language: str, chance: random.Random) -> str:
    """A text of the grammar; upper case is replaced until nothing of it is a production."""

    def expanded(symbol: str) -> str:
        production = chance.choice(GRAMMAR[language][symbol])
        for name in sorted(GRAMMAR[language], key=len, reverse=True):
            while name in production:
                production = production.replace(name, expanded(name), 1)
        return production

    return expanded("TEXT")


def _mixed(texts: Sequence[str], chance: random.Random) -> str:
    """One of the corpora's texts, cut, doubled, joined with another, sprinkled."""
    words = chance.choice(texts).split(" ")
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(len(words) + 1)
        match chance.randrange(5):
            case 0:
                words = words[:place] or words
            case 1:
                words.insert(place, chance.choice(SPRINKLED))
            case 2:
                other = chance.choice(texts).split(" ")
                words[place:] = other[chance.randrange(len(other)) :]
            case 3:
                chance.shuffle(words) if len(words) < 9 else words.reverse()
            case _:
                words[place:place] = words[max(0, place - 3) : place]
    return " ".join(words)


@cache
def _corpus() -> tuple[tuple[str, ...], tuple[SystemSpec, ...]]:
    """The texts of the corpora, and the systems that they are said to."""
    cases = [case for corpus in load_corpora() for case in corpus.cases]
    contexts = sorted({tuple(case["context"]) for case in cases if case["context"]})
    systems = [SystemSpec()]
    for context in random.Random(SEED).sample(contexts, 40):  # noqa: S311  not for secrets
        spec = SystemSpec()
        for text in context:
            spec = apply(spec, RECOGNIZER.recognize(text, spec).all_changes())
        systems.append(spec)
    return tuple(case["text"] for case in cases), tuple(systems)


def _names(read: Interpretation) -> tuple[list[str], list[str]]:
    """Names of entities, and of attributes and links, that would come to be."""
    entities: list[str] = []
    members: list[str] = []

    for change in read.all_changes():
        match change:
            case AddEntity(entity):
                entities.append(entity.name)
                members.extend(attribute.name for attribute in entity.attributes)
            case AddAttribute(_, attribute):
                members.append(attribute.name)
            case AddRelationship(relationship):
                members.append(relationship.name)
            case RenameEntity():
                entities.append(change.new_name)
            case RenameAttribute():
                members.append(change.new_name)
            case _:
                pass
    return entities, members


def _fault(text: str, spec: SystemSpec) -> str | None:
    """What is wrong with how a text is answered; ``None``: nothing."""
    begun = time.process_time()
    try:
        read = RECOGNIZER.recognize(text, spec)
    except Exception as error:  # whatever comes out is the finding
        return f"raised {error!r}"
    if (took := time.process_time() - begun) > LONGEST:
        return f"took {took:.1f} s"
    entities, members = _names(read)
    if bad := [name for name in entities if not is_entity_name(name)]:
        return f"entities {bad}"
    if bad := [name for name in members if not is_attribute_name(name)]:
        return f"attributes {bad}"
    if read.action == "unclear" and not (read.question or read.custom):
        return "unclear without a question"
    if read.is_certain:
        try:
            apply(spec, read.all_changes())
        except BaesError as error:
            return f"certain, and can't be applied: {error}"
    return None


def _by_grammar(chance: random.Random) -> str:
    return _written(chance.choice(("en", "pt")), chance)


def _by_mixing(chance: random.Random) -> str:
    return _mixed(_corpus()[0], chance)


@pytest.mark.parametrize("maker", [_by_grammar, _by_mixing])
def test_whatever_is_written_is_answered(maker: Callable[[random.Random], str]) -> None:
    chance = random.Random(SEED)  # noqa: S311  for chance, not for secrets
    faults = {}
    for _ in range(TEXTS // 2):
        text, spec = maker(chance), chance.choice(_corpus()[1])
        if fault := _fault(text, spec):
            faults[text] = fault
    assert faults == {}
