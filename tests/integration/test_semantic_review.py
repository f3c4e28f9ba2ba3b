"""What no rule can decide about a model's code goes to the model, and nothing else does."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from baes.core.custom_writer import CustomWriter
from baes.errors import ModelFailed
from baes.llm.client import OpenAiModel
from baes.llm.settings import ModelSettings
from baes.spec.custom import CustomPart
from baes.standards.rule_catalogue import RuleCatalogue
from baes.standards.validation_rules import Pattern, ValidationRule
from baes.swea_agents.custom_code import CustomCode
from baes.swea_agents.techlead_swea import TechLeadSWEA
from baes.utils.feedback_log import FeedbackLog
from baes.utils.template_registry import TemplateRegistry
from tests.integration.test_model_failures import FAILURES
from tests.scripted_model import Reply, ScriptedModel, says, scripted_model
from tests.unit.core.test_custom_answers import GOOD, HEAD
from tests.unit.core.test_custom_repair import SPEC

TONE = ValidationRule(
    "tone",
    "Mails are polite",
    "general",
    frozenset({"backend"}),
    uncertainty=(Pattern("the subject may be impolite", regex=r'"New"'),),
)
"""A standard of a house that only somebody who reads can judge."""
ANSWER = {"can_be_done": True, "entity": "Course", "moments": ["after_create"], **GOOD}
UNSAFE = {**ANSWER, "code": HEAD + 'open("New")\n'}


@pytest.fixture
def server() -> Iterator[ScriptedModel]:
    with scripted_model() as model:
        yield model


def writer(server: ScriptedModel, log: Path, *rules: ValidationRule) -> CustomWriter:
    settings = ModelSettings.from_environment({**server.environment, "BAES_MODEL_TIMEOUT": "2"})
    assert settings is not None
    catalogue = RuleCatalogue()
    for rule in rules:
        catalogue.add_rule(rule)
    return CustomWriter(
        OpenAiModel(settings),
        CustomCode(TemplateRegistry()),
        retries=1,
        feedback=FeedbackLog.of_logs(log),
        _tech_lead=TechLeadSWEA(catalogue),
    )


def written(writer: CustomWriter) -> CustomPart:
    (task,) = writer.tasks(["Notify"], SPEC, touched=["Course"])
    return writer.written(task, SPEC)


def test_what_the_rules_decide_is_not_asked_about(server: ScriptedModel, tmp_path: Path) -> None:
    server.script["custom_code"] = [says(ANSWER)]
    assert written(writer(server, tmp_path)).code
    assert server.of("semantic_review") == []


def test_what_they_leave_open_is_taken_if_the_model_accepts_it(
    server: ScriptedModel, tmp_path: Path
) -> None:
    server.script["custom_code"] = [says(ANSWER)]
    server.script["semantic_review"] = [says({"acceptable": True, "reason": "it is usual"})]
    by = writer(server, tmp_path, TONE)
    assert written(by).code
    (request,) = server.of("semantic_review")
    question = request["messages"][1]["content"]
    assert "tone: the subject may be impolite" in question
    assert "def notify" in question
    assert "import" not in question  # the section, and not the file
    assert [one.verdict.method for one in by.repairs][-1] == "llm_semantic_review"
    with (tmp_path / "feedback.csv").open() as file:
        assert "llm_semantic_review" in {row["decision"] for row in csv.DictReader(file)}


def test_what_the_model_does_not_accept_goes_back_with_its_reason(
    server: ScriptedModel, tmp_path: Path
) -> None:
    polite = {key: str(value).replace('"New"', '"A course"') for key, value in GOOD.items()}
    server.script["custom_code"] = [says(ANSWER), says({**ANSWER, **polite})]
    server.script["semantic_review"] = [says({"acceptable": False, "reason": "say what is new"})]
    part = written(writer(server, tmp_path, TONE))
    assert '"A course"' in part.code
    assert len(server.of("semantic_review")) == 1
    assert "say what is new" in server.of("custom_code")[1]["messages"][1]["content"]


def test_what_is_proved_wrong_is_not_asked_about(server: ScriptedModel, tmp_path: Path) -> None:
    server.script["custom_code"] = [says(UNSAFE)]
    server.script["semantic_review"] = [says({"acceptable": True})]
    with pytest.raises(ModelFailed, match="not allowed"):
        written(writer(server, tmp_path, TONE))
    assert server.of("semantic_review") == []


@pytest.mark.parametrize("failure", ["500", "hang", "prose", "wrong JSON"])
def test_code_whose_review_fails_is_not_taken(
    server: ScriptedModel, tmp_path: Path, failure: str
) -> None:
    reply: Reply = FAILURES[failure][0]
    server.script["custom_code"] = [says(ANSWER)]
    server.script["semantic_review"] = [reply]
    with pytest.raises(ModelFailed):
        written(writer(server, tmp_path, TONE))
