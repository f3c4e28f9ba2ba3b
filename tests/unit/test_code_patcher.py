"""Single faults are mended in the syntax tree; what is beside them stays as it was."""

from __future__ import annotations

import dataclasses
import textwrap
from pathlib import Path

import pytest

from baes.core.code_repair import CodeRepair, max_retries
from baes.core.file_review import agent_of
from baes.errors import ArtifactRejected, WrongUsage
from baes.spec.pipeline import Artifact, Finding, Verdict
from baes.standards.rule_pages import page_of
from baes.swea_agents.techlead_swea import TechLeadSWEA
from baes.utils.code_patcher import patched
from baes.utils.feedback_log import FeedbackLog
from baes.utils.patchable_rules import PATCHABLE_RULES
from baes.utils.python_patches import PYTHON_PATCHES
from baes.utils.sql_patches import SQL_PATCHES


def artifact(content: str, path: str = "app/custom/student.py") -> Artifact:
    return Artifact(path, textwrap.dedent(content).lstrip("\n"), agent_of(path), "", "", "")


def repair(content: str, path: str = "app/custom/student.py") -> tuple[str, str]:
    """(what was decided, the code afterwards)."""
    (found,) = CodeRepair(TechLeadSWEA()).repaired([artifact(content, path)])
    return found.decision, found.artifact.content


HOOK = '''
    """Hooks."""

    import logging

    logger = logging.getLogger(__name__)


    def after_create(connection: object, record: dict[str, object]) -> None:
        """Announce a record."""
        {body}
'''


def test_the_patches_are_those_that_are_promised() -> None:
    assert frozenset(PYTHON_PATCHES) | frozenset(SQL_PATCHES) == PATCHABLE_RULES


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('print("made")  # tell', 'logger.info("made")  # tell'),
        ('print("made", record)', 'logger.info("%s %s", "made", record)'),
        ("breakpoint()\n        logger.info(record)", "logger.info(record)"),
    ],
)
def test_a_line_is_mended_and_its_comment_stays(body: str, expected: str) -> None:
    decision, code = repair(HOOK.replace("{body}", body))
    assert decision == "patch"
    assert code == textwrap.dedent(HOOK).lstrip("\n").replace("{body}", expected)


def test_a_swallowed_exception_is_written_down_and_passed_on() -> None:
    body = "try:\n            logger.info(record)\n        except Exception:\n            pass"
    decision, code = repair(HOOK.replace("{body}", body))
    assert decision == "patch"
    assert (
        '    except Exception:\n        logger.exception("after create failed")\n        raise\n'
        in code
    )


def test_a_name_that_is_known_is_imported() -> None:
    decision, code = repair(HOOK.replace("{body}", "logger.info(json.dumps(record))"))
    assert decision == "patch"
    assert "import json\nimport logging\n" in code


ROUTE = '''
    """Routes."""

    from fastapi import APIRouter, Response, status

    from app.answers import CONFLICT, NOT_FOUND
    from app.crud import Values, create, fetch, remove
    from app.deps import DatabaseDep
    from app.models.student import Student
    from app.schemas.student import StudentCreate, StudentRead

    router = APIRouter(prefix="/api/students")


    # The first one.
    @router.post(
        "", status_code=status.HTTP_201_CREATED, response_model=StudentRead, responses=CONFLICT
    )
    async def create_student(
        data: StudentCreate, response: Response, database: DatabaseDep
    ) -> Values:
        """Store a student."""
        student = await database.write(create, Student, data)
        response.headers["Location"] = f"{router.prefix}/{student['id']}"
        return student


    @router.get("/{student_id}", response_model=StudentRead, responses=NOT_FOUND)
    async def read_student(student_id: int, database: DatabaseDep) -> Values:
        """Return one student."""
        return await database.read(fetch, Student, student_id)


    @router.delete("/{student_id}", status_code=204, responses=NOT_FOUND | CONFLICT)
    async def delete_student(student_id: int, database: DatabaseDep) -> None:
        """Delete a student."""
        await database.write(remove, Student, student_id)
'''


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("status_code=status.HTTP_201_CREATED, ", ""),
        ("status_code=204", "status_code=200"),
        ("await database.read", "database.read"),
        ("database.write(remove", "database.read(remove"),
        (", response_model=StudentRead, responses=NOT_FOUND", ", responses=NOT_FOUND"),
        ("NOT_FOUND | CONFLICT", "NOT_FOUND"),
        (", responses=CONFLICT\n", "\n"),
        ('        """Return one student."""\n', ""),
        ("    from app.deps import DatabaseDep\n", ""),
        ("    from fastapi import", "    import json\n\n    from fastapi import"),
    ],
)
def test_one_fault_of_a_route_is_mended_to_what_it_was(old: str, new: str) -> None:
    good, faulty = artifact(ROUTE), artifact(ROUTE.replace(old, new, 1))
    assert good.content != faulty.content
    lead = TechLeadSWEA()
    (before,) = CodeRepair(lead).repaired([good])
    (after,) = CodeRepair(lead).repaired([faulty])
    assert before.is_approved or before.decision == "patch"  # the formatter may break lines
    assert after.decision == "patch", after.verdict.findings
    assert after.is_approved
    assert after.tokens_saved > 0
    assert "# The first one." in after.artifact.content


def test_a_missing_index_is_added_to_the_schema() -> None:
    page = page_of("indexes")
    assert page is not None
    decision, code = repair(page.bad, page.path)
    assert decision == "patch"
    assert "CREATE INDEX ix_courses_teacher_id ON courses (teacher_id);" in code


@pytest.mark.parametrize(
    "content",
    [
        "def broken(:\n",
        '"""X."""\n\n\ndef f(x: str) -> object:\n    """Y."""\n    return eval(x)\n',
    ],
)
def test_what_no_patch_is_for_is_written_anew_and_stays_untouched(content: str) -> None:
    assert repair(content) == ("regenerate", content)


def test_many_unrelated_faults_are_a_reason_to_write_anew() -> None:
    body = "print(a)\n    try:\n        pass\n    except:\n        pass\n"
    content = f"import json\ndef f(a, b):\n    {body}"
    assert repair(content)[0] == "regenerate"


def test_a_patch_that_does_not_fit_leaves_the_finding() -> None:
    finding = Finding("awaits", "confident_rejection", "x is a coroutine", 1, 1)
    result = patched("x = 1\n", [finding])
    assert (result.content, result.mended, result.left) == ("x = 1\n", (), (finding,))


def test_without_smart_retry_nothing_is_patched() -> None:
    faulty = artifact(HOOK.replace("{body}", 'print("made")'))
    (found,) = CodeRepair(TechLeadSWEA(), enabled=False).repaired([faulty])
    assert (found.decision, found.artifact) == ("regenerate", faulty)


def test_code_that_is_never_right_is_refused_with_what_was_tried() -> None:
    told: list[tuple[Finding, ...]] = []

    def write(findings: tuple[Finding, ...]) -> Artifact:
        told.append(findings)
        return artifact('"""X."""\n\nKEY = eval("1")\n')

    with pytest.raises(ArtifactRejected) as caught:
        CodeRepair(TechLeadSWEA()).approved(write, retries=2)
    assert [len(findings) for findings in told] == [0, 2, 2]
    for part in ("app/custom/student.py", "line 3", "dangerous_calls", "3 attempts", "regenerate"):
        assert part in caught.value.message


def test_what_the_rules_cannot_tell_is_put_to_whoever_can() -> None:
    unsure = artifact(
        '''
        """Sessions."""

        from app.database.connection import SessionLocal

        session = SessionLocal()
        '''
    )

    def approve(found: Artifact, verdict: Verdict) -> Verdict:
        assert (found, verdict.outcome) == (unsure, "uncertain")
        return dataclasses.replace(
            verdict, outcome="confident_approval", method="llm_semantic_review"
        )

    repairing = CodeRepair(TechLeadSWEA())
    found = repairing.approved(lambda _: unsure, undecided=approve)
    assert found.verdict.method == "llm_semantic_review"
    assert found.decision == "ask"


def test_findings_are_kept_for_analysis(tmp_path: Path) -> None:
    folder = tmp_path / "logs"
    log = FeedbackLog.of_logs(folder)
    repairing = CodeRepair(TechLeadSWEA(), log)
    repairing.repaired([artifact('"""X."""\n\nKEY = eval("1")\n')], attempt=2)
    repairing.repaired([artifact('"""X."""\n')])
    lines = (folder / "feedback.csv").read_text().splitlines()
    assert lines[0] == "agent,artifact,rule,line,outcome,attempt,decision,reason"
    assert lines[1].startswith(
        "BackendSWEA,app/custom/student.py,dangerous_calls,3,confident_rejection,2,regenerate,"
    )
    assert lines[-1] == "BackendSWEA,app/custom/student.py,,0,confident_approval,1,accept,"


@pytest.mark.parametrize(("said", "count"), [("", 3), ("0", 0), ("7", 7)])
def test_how_often_code_is_written_anew_is_a_setting(said: str, count: int) -> None:
    assert max_retries({"BAES_MAX_RETRIES": said}) == count


@pytest.mark.parametrize("said", ["x", "-1", "21", "1.5"])
def test_a_setting_that_makes_no_sense_is_refused(said: str) -> None:
    with pytest.raises(WrongUsage):
        max_retries({"BAES_MAX_RETRIES": said})
