"""What a language model wrote is mended where that costs nothing, and never believed for it."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from baes.core.code_repair import Repaired
from baes.core.custom_answer import CustomAnswer
from baes.core.custom_writer import CustomWriter
from baes.errors import ModelFailed
from baes.spec.apply import apply
from baes.spec.changes import AddEntity
from baes.spec.custom import CustomPart
from baes.spec.model import Attribute, Entity, SystemSpec
from baes.spec.pipeline import Artifact, Finding
from baes.standards.compressed_standards import compressed_standards, full_standards
from baes.swea_agents.custom_code import CustomCode
from baes.utils.feedback_log import FeedbackLog
from baes.utils.template_registry import TemplateRegistry
from tests.unit.core.test_custom_answers import GOOD, HEAD, Says

SPEC = apply(SystemSpec(), [AddEntity(Entity("Course", (Attribute("title", "string"),)))])
NAIVE = HEAD + (
    "# Of which year it is told.\n"
    "    year = datetime.datetime.now().year\n"
    '    system.email("x@y.org", "New", record["title"] + str(year)[:0])\n'
)
"""A moment without a time zone: one local fault."""
SENDS_ELSEWHERE = HEAD + (
    "year = datetime.datetime.now().year\n"
    '    system.email("a@b.org", "New", record["title"] + str(year)[:0])\n'
)


def written(
    code: str, *, smart_retry: bool = True, retries: int = 0, log: FeedbackLog | None = None
) -> tuple[CustomPart, list[Repaired], int]:
    """The part, what became of what was reviewed, and how often the model was asked."""
    answer = {"can_be_done": True, "entity": "Course", "moments": ["after_create"], **GOOD}
    model = Says(CustomAnswer.model_validate({**answer, "code": code}))
    files = CustomCode(TemplateRegistry())
    writer = CustomWriter(model, files, smart_retry=smart_retry, retries=retries, feedback=log)
    (task,) = writer.tasks(["Notify"], SPEC, touched=["Course"])
    try:
        part = writer.written(task, SPEC)
    except ModelFailed as error:
        error.add_note(f"asked {len(model.asked)} times")
        raise
    return part, writer.repairs, len(model.asked)


def test_a_local_fault_is_mended_without_asking_again(tmp_path: Path) -> None:
    part, repairs, asked = written(NAIVE, log=FeedbackLog(tmp_path / "feedback.csv"))
    assert asked == 1
    assert "datetime.now(datetime.UTC)" in part.code
    assert "# Of which year it is told." in part.code
    assert [one.decision for one in repairs] == ["patch", "accept"]
    assert repairs[0].tokens_saved > 50
    rows = list(csv.DictReader((tmp_path / "feedback.csv").read_text().splitlines()))
    assert [(row["rule"], row["decision"], row["attempt"]) for row in rows] == [
        ("datetimes", "patch", "1"), ("", "accept", "1"),
    ]  # fmt: skip


def test_with_the_switch_off_the_model_is_asked_again() -> None:
    with pytest.raises(ModelFailed) as refusal:
        written(NAIVE, smart_retry=False, retries=2)
    assert "refused 3 times" in str(refusal.value)
    assert "datetimes" in str(refusal.value)
    assert refusal.value.__notes__ == ["asked 3 times"]


def test_what_was_mended_is_tried_like_all_else() -> None:
    with pytest.raises(ModelFailed, match="test_it"):
        written(SENDS_ELSEWHERE)


def test_what_may_not_be_done_is_not_mended() -> None:
    with pytest.raises(ModelFailed, match="not allowed"):
        written(NAIVE + "    open(record['title'])\n")


def test_after_many_refusals_the_model_is_told_the_full_standards(tmp_path: Path) -> None:
    log = FeedbackLog(tmp_path / "feedback.csv")
    files = CustomCode(TemplateRegistry())
    model = Says(CustomAnswer.model_validate({"can_be_done": False}))

    def told() -> str:
        writer = CustomWriter(model, files, feedback=log)
        (task,) = writer.tasks(["Notify"], SPEC, touched=["Course"])
        return task.prompt.system

    assert log.approval_rate("BackendSWEA") is None
    assert compressed_standards("BackendSWEA").text in told()
    artifact = Artifact("app/custom/model/course_notify.py", "x", "BackendSWEA", "", "", "")
    fault = Finding("datetimes", "confident_rejection", "no zone", 3)
    for attempt in range(1, 6):
        log.add(artifact, [fault, fault], "regenerate", attempt)
    log.add(artifact, [], "accept", 6)
    assert log.approval_rate("BackendSWEA") == 1 / 6
    assert full_standards("BackendSWEA").text in told()
    for attempt in range(7, 40):
        log.add(artifact, [], "accept", attempt)
    assert log.approval_rate("BackendSWEA") == 1.0
    assert compressed_standards("BackendSWEA").text in told()
