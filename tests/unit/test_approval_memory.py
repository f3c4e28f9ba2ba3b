"""What was formatted and approved before is not read again, and nothing else is taken for it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from baes.core.approval_memory import ApprovalMemory
from baes.spec.pipeline import Artifact

RAW = Artifact("app/main.py", "x=1\n", "BackendSWEA", "main", "project/main.py.j2", "1.0.0")
APPROVED = replace(RAW, content="x = 1\n")


@pytest.fixture
def tool(tmp_path: Path) -> Path:
    path = tmp_path / "rules.toml"
    path.write_text("strict = true\n")
    return path


def memory(tool: Path) -> ApprovalMemory:
    return ApprovalMemory([tool], (tool.parent / "cache",))


def test_an_approved_text_is_known_to_the_next_process(tool: Path) -> None:
    first = memory(tool)
    assert first.formatted(RAW) is None
    first.remember(RAW, APPROVED)
    first.save()
    later = memory(tool)
    assert later.formatted(RAW) == APPROVED
    assert later.is_approved(APPROVED)


@pytest.mark.parametrize(
    "other",
    [
        replace(APPROVED, content="x = 2\n"),
        replace(APPROVED, path="app/other.py"),
        replace(APPROVED, agent="TestSWEA"),
        RAW,
    ],
    ids=["text", "path", "agent", "not formatted"],
)
def test_nothing_but_the_same_file_is_approved(tool: Path, other: Artifact) -> None:
    known = memory(tool)
    known.remember(RAW, APPROVED)
    assert not known.is_approved(other)


def test_changed_rules_make_everything_uncertain_again(tool: Path) -> None:
    first = memory(tool)
    first.remember(RAW, APPROVED)
    first.save()
    tool.write_text("strict = false, and more\n")
    assert memory(tool).formatted(RAW) is None
    assert not memory(tool).is_approved(APPROVED)


def test_files_of_an_entity_are_reviewed_every_time(tool: Path) -> None:
    known = memory(tool)
    known.remember(replace(RAW, entity="Student"), replace(APPROVED, entity="Student"))
    assert known.formatted(replace(RAW, entity="Student")) is None


@pytest.mark.parametrize("content", [b"", b"nonsense", b"\xe9\x01\x00\x00\x00"])
def test_a_damaged_memory_is_an_empty_one(tool: Path, content: bytes) -> None:
    first = memory(tool)
    first.remember(RAW, APPROVED)
    first.save()
    (file,) = (tool.parent / "cache").iterdir()
    file.write_bytes(content)
    assert memory(tool).formatted(RAW) is None
