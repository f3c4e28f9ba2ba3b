"""The conversation: requests, answers in place, commands, leaving and coming back."""

from __future__ import annotations

import json
import os
import pty
import select
import subprocess
import sys
import termios
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
    screen = _Screen(ours)
    try:
        screen.until(">")
        _until_keys_are_read(ours)
        os.write(ours, b"desc\t")
        screen.until("describe")
        os.write(ours, b"\r")
        screen.until("Author")
        screen.until(">")
        _until_keys_are_read(ours)
        os.write(ours, b"\x04")
        assert process.wait(timeout=120) == 0
    finally:
        process.kill()
        process.wait()
        os.close(ours)
    assert "Book" in screen.shown
    assert "describe" in (project.folder / ".baes" / "chat_history").read_text(encoding="utf-8")


def _until_keys_are_read(terminal: int, timeout_s: float = 120) -> None:
    """A key that is typed before is taken by the terminal itself, or lost."""
    end = time.monotonic() + timeout_s
    while termios.tcgetattr(terminal)[3] & termios.ICANON:
        assert time.monotonic() < end, "no prompt reads the terminal"
        time.sleep(0.02)


class _Screen:
    """What is shown on a terminal; each part of it is looked at once."""

    def __init__(self, terminal: int) -> None:
        self.terminal = terminal
        self.shown = ""
        self.seen = 0

    def until(self, wanted: str, timeout_s: float = 120) -> None:
        """Read until something is shown, after what was waited for before."""
        end = time.monotonic() + timeout_s
        while (found := self.shown.find(wanted, self.seen)) < 0:
            ready, _, _ = select.select([self.terminal], [], [], max(0.0, end - time.monotonic()))
            assert ready, f"{wanted!r} was never shown, but {self.shown[self.seen :]!r}"
            self.shown += os.read(self.terminal, 4096).decode(errors="replace")
        self.seen = found + len(wanted)
