"""The catalogues say the same things in every language, and nothing that nobody says."""

from __future__ import annotations

import ast
import functools
import re
import string
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from baes.datafiles import PACKAGE, load_toml
from baes.errors import InvalidSpec, Unclear
from baes.texts import LANGUAGES, Message, has_text, known_language, locale_language, text

ROOMS = {
    "common" if folder.parent == PACKAGE else folder.parent.name: folder
    for folder in sorted(PACKAGE.rglob("messages"))
}
KEY = re.compile(rf"(?:{'|'.join(ROOMS)})(?:\.\w+)+\.?")


def leaves(data: dict[str, Any], place: str) -> Iterator[tuple[str, Any]]:
    for name, value in data.items():
        if isinstance(value, dict):
            yield from leaves(value, f"{place}.{name}")
        else:
            yield f"{place}.{name}", value


def texts_of(room: str, language: str) -> dict[str, Any]:
    relative = (ROOMS[room] / f"{language}.toml").relative_to(PACKAGE)
    return dict(leaves(load_toml(str(relative)), room))


def slots_of(template: str) -> set[str]:
    fields = (field for _, field, _, _ in string.Formatter().parse(template) if field is not None)
    return {field.split(".")[0] for field in fields}


@functools.cache
def words_of_the_code() -> tuple[frozenset[str], frozenset[str]]:
    """Every key, and every beginning of one, that stands in the code as a text."""
    whole, beginnings = set(), set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
                beginnings.add(str(node.values[0].value))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                whole.add(node.value)
    return frozenset(whole), frozenset(b for b in beginnings if KEY.fullmatch(b))


@pytest.mark.parametrize("room", ROOMS)
def test_every_language_says_all_there_is_to_say_with_the_same_slots(room: str) -> None:
    english = texts_of(room, "en")
    for language in LANGUAGES[1:]:
        other = texts_of(room, language)
        assert set(other) == set(english)
        for key, template in english.items():
            if isinstance(template, list):
                assert len(other[key]) == len(template), key
                continue
            if not key.startswith("cli.help."):  # these are argparse's, whose slots are %(…)s
                assert slots_of(other[key]) == slots_of(template), key
            if len(template) > 1:
                assert other[key].endswith(".") == template.endswith("."), key


@pytest.mark.parametrize("room", ROOMS)
def test_no_text_is_written_for_nobody(room: str) -> None:
    whole, beginnings = words_of_the_code()
    for key in texts_of(room, "en"):
        if key.startswith(("domain_entities.question", "domain_entities.assumption")):
            assert key.split(".")[2] in whole, f"nobody asks {key}"
            continue
        places = [key[: match.start()] for match in re.finditer(r"\.|$", key)]
        used = any(place in whole for place in places)
        started = any(place.startswith(b) for b in beginnings for place in places[1:])
        assert used or started, f"nobody says {key}"


def test_every_text_that_the_code_names_exists() -> None:
    whole, _ = words_of_the_code()
    named = {word.rstrip(".") for word in whole if KEY.fullmatch(word)}
    assert not {key for key in named if not has_text(key)}


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LANG": "pt_BR.UTF-8"}, "pt"),
        ({"LANG": "pt_PT"}, "pt"),
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({}, "en"),
        ({"LC_ALL": "", "LANG": "pt_BR.UTF-8"}, "pt"),
        ({"LC_ALL": "C", "LANG": "pt_BR.UTF-8"}, "en"),
        ({"LC_MESSAGES": "pt_BR", "LANG": "en_US"}, "pt"),
        ({"BAES_LANGUAGE": "pt", "LC_ALL": "en_US.UTF-8"}, "pt"),
    ],
)
def test_the_locale_tells_the_language(environment: dict[str, str], language: str) -> None:
    assert locale_language(environment) == language


def test_a_value_is_written_as_the_language_writes_it() -> None:
    assert text("pt", "common.flags.min", value=Decimal("1.50")) == "no mínimo 1,5"
    assert text("en", "common.flags.min", value=Decimal("1.50")) == "at least 1.5"
    assert text("pt", "common.flags.default", value=True) == "valor padrão sim"


def test_an_error_is_told_in_the_language_of_the_one_who_hears_it() -> None:
    why = Message.of("core.error.no_copy.what", request="a1")
    error = InvalidSpec.of("core.error.memory_lost", project="school", cause=why, path="x")
    assert error.message.startswith("The memory of the project school is lost.")
    spoken = error.spoken("pt")
    assert spoken.message.startswith("A memória do projeto school está perdida.")
    assert "não foi achada nenhuma cópia" in spoken.message.lower()
    assert type(spoken) is InvalidSpec


def test_a_question_keeps_its_answers_in_any_language() -> None:
    error = Unclear.of("core.error.unclear", question="Qual?", answers=("a", "b"))
    assert error.spoken("pt").alternatives == ("a", "b")
    assert error.spoken("pt").question == "Qual?"


def test_an_unknown_language_is_spoken_to_in_english() -> None:
    assert known_language("fr") == "en"
    assert text("fr", "common.yes") == "yes"


def test_the_paths_of_catalogues_are_found() -> None:
    assert all(isinstance(folder, Path) and folder.is_dir() for folder in ROOMS.values())
    assert "core" in ROOMS
    assert "cli" in ROOMS
