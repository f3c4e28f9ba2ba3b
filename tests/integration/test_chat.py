"""The conversation: requests, answers in place, commands, leaving and coming back."""

from __future__ import annotations

import json
import os
import pty
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.integration.command import Project

CREATE = "Create books with title and author"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path / "library")


def talk(project: Project, *lines: str) -> str:
    ran = project.run("chat", stdin="".join(f"{line}\n" for line in lines))
    assert ran.status == 0, ran.err
    return ran.out + ran.err


def test_a_conversation_creates_describes_and_takes_back(project: Project) -> None:
    said = talk(project, CREATE, "describe", "undo", "yes", "history")
    assert "Book is new" in said
    assert "Title" in said
    assert "undo of 1" in said


def test_a_question_is_answered_by_the_next_line(project: Project) -> None:
    said = talk(project, CREATE, "undo", "no", "status")
    assert "Nothing was changed" in said
    assert "Version 1 with Book" in said


def test_a_question_can_be_left_open_for_another_request(project: Project) -> None:
    said = talk(project, CREATE, "undo", "cancel", "Create readers with a name")
    assert "Reader is new" in said


def test_what_was_made_is_there_when_the_user_comes_back(project: Project) -> None:
    talk(project, CREATE)
    assert "Book" in talk(project, "quit")


def test_a_mistake_does_not_end_the_conversation(project: Project) -> None:
    said = talk(project, "make it nicer", "cancel", CREATE)
    assert "Book is new" in said
    assert "Traceback" not in said


def test_commands_are_understood_in_portuguese_too(project: Project) -> None:
    said = talk(project, CREATE, "histórico", "sair", "this line is never read")
    assert CREATE in said
    assert "never read" not in said


def test_the_conversation_speaks_json(project: Project) -> None:
    ran = project.run("chat", "--json", stdin=f"{CREATE}\nundo\nyes\n")
    created, question, undone = (json.loads(line) for line in ran.out.splitlines())
    assert (created["success"], question["error"], undone["success"]) == (
        True, "NEEDS_CONSENT", True,
    )  # fmt: skip


def test_names_are_completed_and_lines_remembered_on_a_terminal(project: Project) -> None:
    project.run("request", CREATE)
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "baes.cli", "chat", "--project", str(project.folder)],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={**os.environ, "TERM": "xterm", "PROMPT_TOOLKIT_NO_CPR": "1"},
    )
    os.close(theirs)
    try:
        shown = _until(ours, ">")
        os.write(ours, b"desc\t")
        shown += _until(ours, "describe")
        os.write(ours, b"\r")
        shown += _until(ours, "Author")
        shown += _until(ours, ">")
        os.write(ours, b"\x04")
        assert process.wait(timeout=30) == 0
    finally:
        process.kill()
        os.close(ours)
    assert "Book" in shown
    assert "describe" in (project.folder / ".baes" / "chat_history").read_text(encoding="utf-8")


def _until(terminal: int, wanted: str, timeout_s: float = 30) -> str:
    shown, end = "", time.monotonic() + timeout_s
    while wanted not in shown:
        ready, _, _ = select.select([terminal], [], [], max(0.0, end - time.monotonic()))
        assert ready, f"{wanted!r} was never shown, but {shown!r}"
        shown += os.read(terminal, 4096).decode(errors="replace")
    return shown
