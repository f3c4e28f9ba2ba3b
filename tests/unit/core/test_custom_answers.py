"""Malicious and broken answers of a language model: each is refused before anything imports it."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from baes.core import custom_trial
from baes.core.custom_answer import CustomAnswer
from baes.core.custom_writer import CustomWriter
from baes.errors import ModelFailed
from baes.llm.model import Call, Prompt
from baes.spec.apply import apply
from baes.spec.changes import AddEntity
from baes.spec.custom import CustomPart
from baes.spec.model import Attribute, Entity, SystemSpec
from baes.swea_agents.custom_code import CustomCode
from baes.utils.template_registry import TemplateRegistry

ANSWERS: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parents[1] / "data" / "model_answers.toml").read_text()
)["answer"]
HEAD = "def notify(system: System, record: Values, before: Values) -> None:\n    "
GOOD = {
    "code": f'{HEAD}system.email("x@y.org", "New", record["title"])\n',
    "tests": """\
def test_it():
    system = FakeSystem({})
    notify(system, {"id": 1, "title": "Maths", "capacity": 3}, {})
    assert system.emails == [("x@y.org", "New", "Maths")]
""",
}


@pytest.fixture(scope="module")
def spec() -> SystemSpec:
    attributes = (Attribute("title", "string"), Attribute("capacity", "integer"))
    return apply(SystemSpec(), [AddEntity(Entity("Course", attributes))])


@pytest.fixture(scope="module")
def files() -> CustomCode:
    return CustomCode(TemplateRegistry())


class Says:
    """A model that says one thing."""

    name = "scripted"
    calls: tuple[Call, ...] = ()

    def __init__(self, answer: CustomAnswer) -> None:
        self.answer = answer
        self.asked: list[Prompt[Any]] = []

    def begin(self, request_id: str) -> None:
        """Nothing to begin."""

    def cancel(self) -> None:
        """Nothing waits."""

    def ask(self, prompts: Any) -> list[Any]:
        self.asked += prompts
        return [self.answer for _ in prompts]


def written(
    files: CustomCode, spec: SystemSpec, **said: str
) -> tuple[tuple[CustomPart, ...], Says]:
    answer = {"can_be_done": True, "entity": "Course", "moments": ["after_create"], **GOOD, **said}
    model = Says(CustomAnswer.model_validate(answer))
    writer = CustomWriter(model, files, retries=0)
    tasks = writer.tasks(["Notify"], spec, touched=["Course"])
    return tuple(writer.written(task, spec) for task in tasks), model


def test_the_good_answer_is_taken(files: CustomCode, spec: SystemSpec) -> None:
    (part,), _ = written(files, spec)
    assert (part.entity, part.what, part.is_open) == ("Course", "notify", False)


def test_prose_and_fences_around_good_code_are_taken_off(
    files: CustomCode, spec: SystemSpec
) -> None:
    (part,), _ = written(files, spec, code=f"Sure:\n```python\n{GOOD['code']}```\nDone!")
    assert "```" not in part.code


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: answer["id"].replace(" ", "-"))
def test_it_is_refused_with_the_reason(
    answer: dict[str, Any],
    files: CustomCode,
    spec: SystemSpec,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(custom_trial, "TIMEOUT_S", answer.get("wait_s", 60.0))
    code = answer.get("code", HEAD + answer.get("body", "")) * answer.get("repeat", 1)
    with pytest.raises(ModelFailed) as refusal:
        written(files, spec, **{answer.get("part", "code"): code})
    assert answer["reason"] in refusal.value.message


def test_there_are_sixty_of_them() -> None:
    assert len({answer["id"] for answer in ANSWERS}) == len(ANSWERS) >= 60
