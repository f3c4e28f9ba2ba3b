"""What the grammar does not explain is read by a model; what that invents is refused."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from baes.core.entity_recognizer import EntityRecognizer
from baes.core.switches import Switches
from baes.llm import client as client_module
from baes.llm.client import OpenAiModel
from baes.llm.settings import ModelSettings
from baes.spec.apply import apply
from baes.spec.changes import AddEntity
from baes.spec.codec import interpretation_to_json
from baes.spec.interpretation import Interpretation
from baes.spec.model import Attribute, Entity, SystemSpec
from tests.integration.command import Project
from tests.scripted_model import ScriptedModel, hangs, prose, says, scripted_model, status

TEXT = "Create a Student with name. People jot down a nickname of the student as well."
FRAGMENT = "People jot down a nickname of the student as well"
NICKNAME = {"says": "new_attribute", "words": FRAGMENT, "entity": "Student", "name": "nickname"}


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ScriptedModel]:
    monkeypatch.setattr(client_module, "FIRST_PAUSE_S", 0.01)
    with scripted_model() as model:
        yield model


def read(
    server: ScriptedModel, folder: Path, text: str = TEXT, spec: SystemSpec | None = None
) -> tuple[Interpretation, tuple[str, ...]]:
    settings = ModelSettings.from_environment({**server.environment, "BAES_MODEL_TIMEOUT": "2"})
    assert settings is not None
    model = OpenAiModel(settings)
    recognizer = EntityRecognizer.of_project(folder, cached=True, model=model)
    spec = spec or SystemSpec()
    found = recognizer.recognize(text, spec)
    recognizer.remember(text, spec, found)
    return found, tuple(str(notice.spoken("en")) for notice in recognizer.close())


def items(*said: dict[str, Any]) -> Any:
    return says({"items": list(said)})


def test_without_a_model_it_is_a_question(tmp_path: Path) -> None:
    found = EntityRecognizer.of_project(tmp_path, cached=False).recognize(TEXT, SystemSpec())
    assert found.unexplained == (FRAGMENT,)


def test_the_fragment_is_read_merged_and_remembered(server: ScriptedModel, tmp_path: Path) -> None:
    (tmp_path / "database").mkdir()
    server.script["recognition"] = [items(NICKNAME)]
    found, _ = read(server, tmp_path)
    assert (found.action, found.source, found.unexplained) == ("create", "llm", ())
    assert [a.name for a in found.entities[0].attributes] == ["name", "nickname"]
    assert found.tokens > 0
    sent = server.requests[0]["messages"]
    assert f"Fragment: {FRAGMENT}" in sent[1]["content"]
    again, _ = read(server, tmp_path)
    assert (again.source, again.tokens) == ("persistent_cache", 0)
    assert again.entities == found.entities
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ([{**NICKNAME, "name": "email"}], "an invented attribute"),
        ([{**NICKNAME, "entity": "Person"}], "an invented entity"),
        ([{**NICKNAME, "words": "a nickname of the student"}], "silence about the rest"),
        ([{**NICKNAME, "words": "a pet name of the student"}], "words that are not there"),
        ([NICKNAME, {**NICKNAME, "says": "unclear"}], "it is not sure itself"),
        ([NICKNAME, {**NICKNAME, "says": "new_entity", "entity": "Lecturer Name"}], "a bad name"),
        ([{**NICKNAME, "says": "background"}], "background that names things"),
        ([], "nothing at all"),
    ],
    ids=lambda part: part if isinstance(part, str) else "",
)
def test_what_is_invented_or_left_out_is_refused(
    server: ScriptedModel, tmp_path: Path, said: list[dict[str, Any]], why: str
) -> None:
    server.script["recognition"] = [items(*said)]
    found, _ = read(server, tmp_path)
    assert found.source == "local", why
    assert found.unexplained == (FRAGMENT,)
    assert found.question is not None


@pytest.mark.parametrize(
    "text",
    [
        "Create a Student with name. People jot down at most three nicknames.",
        "Create a Student with name. People never jot down a nickname.",
    ],
)
def test_numbers_and_negations_are_more_than_plain(
    server: ScriptedModel, tmp_path: Path, text: str
) -> None:
    fragment = text.split(". ")[1].rstrip(".")
    server.script["recognition"] = [items({**NICKNAME, "words": fragment})]
    found, _ = read(server, tmp_path, text)
    assert server.requests
    assert found.unexplained


def test_what_wants_something_done_becomes_custom(server: ScriptedModel, tmp_path: Path) -> None:
    text = "Create a Student with name. When somebody enrols, tell the billing people."
    fragment = "When somebody enrols, tell the billing people"
    server.script["recognition"] = [items({"says": "custom", "words": fragment})]
    found, _ = read(server, tmp_path, text)
    assert found.custom == (fragment,)
    assert found.is_certain


def test_a_question_of_its_own_is_not_answered_by_a_model(
    server: ScriptedModel, tmp_path: Path
) -> None:
    spec = apply(
        SystemSpec(),
        [AddEntity(Entity(n, (Attribute("name", "string"),))) for n in ("Student", "Teacher")],
    )
    found, _ = read(server, tmp_path, "Remove the name.", spec)
    assert found.question is not None
    assert not server.requests


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        (hangs(), "did not answer within"),
        (status(500), "refused the question"),
        (status(401), "does not accept the key"),
        (prose("I think it is a nickname."), "no answer that can be used"),
    ],
    ids=["hang", "500", "401", "prose"],
)
def test_a_failing_model_leaves_the_question_and_says_so(
    server: ScriptedModel, tmp_path: Path, reply: Any, told: str
) -> None:
    server.script["recognition"] = [reply]
    found, notices = read(server, tmp_path)
    assert found.unexplained == (FRAGMENT,)
    assert told in notices[0]


def test_the_command_reads_with_the_model_too(server: ScriptedModel, tmp_path: Path) -> None:
    server.script["recognition"] = [items(NICKNAME)]
    environment = {**os.environ, **server.environment}
    ran = Project(tmp_path / "p").run("interpret", TEXT, "--json", env=environment)
    assert ran.json["source"] == "llm"
    assert ran.json["tokens"] > 0
    assert Switches().recognition_cache
    assert json.dumps(interpretation_to_json(read(server, tmp_path)[0]))
