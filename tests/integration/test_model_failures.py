"""Each failure of a model, for each thing that it is asked for: what the user sees."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from baes.core.consents import Consents
from baes.core.enhanced_runtime_kernel import EnhancedRuntimeKernel, RequestReport
from baes.core.switches import Switches
from baes.errors import ModelFailed, Unclear
from baes.llm import client as client_module
from baes.llm.client import OpenAiModel
from baes.llm.settings import ModelSettings
from tests.integration.command import Project
from tests.scripted_model import (
    Reply,
    ScriptedModel,
    cut,
    hangs,
    prose,
    says,
    scripted_model,
    slow,
    status,
)

TIMEOUT_S = 1.5
READ = "Create a Student with name. People jot down a nickname of the student as well."
WRITE = "Create a Student with name. Send every new student to the payroll webhook."
ANSWER = {"can_be_done": True, "entity": "Student", "moments": ["after_create"]}

FAILURES: dict[str, tuple[Reply, str]] = {
    "429": (status(429, "slow down", retry_after="0.01"), "wants fewer questions"),
    "500": (status(500, "broken"), "refused the question"),
    "401": (status(401, "bad key"), "does not accept the key"),
    "404": (status(404, "what model"), "there is no language model"),
    "hang": (hangs(), "did not answer within"),
    "slow stream": (slow({"items": []}, 0.3), "did not answer within"),
    "cut": (cut({"items": []}), "can't be reached"),
    "garbage": (Reply(body=b"<html>"), "can't be reached"),
    "prose": (prose("As a language model, I would say yes."), "no answer that can be used"),
    "wrong JSON": (says({"colour": "red"}), "no answer that can be used"),
    "half an answer": (prose('{"items": [', finish="length"), "no answer that can be used"),
    "no tokens left": (says({}), "BAES_MAX_TOKENS_PER_REQUEST"),
}


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ScriptedModel]:
    monkeypatch.setattr(client_module, "FIRST_PAUSE_S", 0.01)
    with scripted_model() as model:
        yield model


def carried_out(
    server: ScriptedModel, project: Path, text: str, failure: str, *, without: bool = False
) -> RequestReport:
    limit = "10" if failure == "no tokens left" else "20000"
    environment = {
        **server.environment,
        "BAES_MODEL_TIMEOUT": str(TIMEOUT_S),
        "BAES_MAX_TOKENS_PER_REQUEST": limit,
    }
    settings = ModelSettings.from_environment(environment)
    assert settings is not None
    kernel = EnhancedRuntimeKernel(
        project, switches=Switches(), background_suite=False, model=OpenAiModel(settings)
    )
    return kernel.carry_out(text, consents=Consents(without_custom=without))


@pytest.mark.parametrize("failure", FAILURES)
def test_reading_the_user_is_asked_as_without_a_model(
    server: ScriptedModel, tmp_path: Path, failure: str
) -> None:
    reply, told = FAILURES[failure]
    server.script["any"] = server.script["recognition"] = [reply]
    report = carried_out(server, tmp_path, READ, failure)
    assert isinstance(report.error, Unclear)
    assert "nickname" in report.error.message
    assert any(told in notice for notice in map(str.casefold, report.notices)) or any(
        told in notice for notice in report.notices
    )
    assert not (tmp_path / "managed_system").exists()


@pytest.mark.parametrize("failure", FAILURES)
def test_writing_the_request_fails_as_a_whole(
    server: ScriptedModel, tmp_path: Path, failure: str
) -> None:
    reply, told = FAILURES[failure]
    server.script["any"] = server.script["custom_code"] = [reply]
    began = time.monotonic()
    report = carried_out(server, tmp_path, WRITE, failure)
    assert isinstance(report.error, ModelFailed)
    assert told.casefold() in report.error.message.casefold()
    assert not (tmp_path / "managed_system").exists()
    if failure in ("hang", "slow stream"):
        asked = next(s.seconds for s in report.metrics.stages if s.name == "custom")
        assert asked < TIMEOUT_S + 5.0
        assert time.monotonic() - began > TIMEOUT_S


def test_what_can_not_be_done_is_told_with_the_models_reason(
    server: ScriptedModel, tmp_path: Path
) -> None:
    server.script["custom_code"] = [says({"can_be_done": False, "reason": "there are no users"})]
    report = carried_out(server, tmp_path, WRITE, "")
    assert report.error is not None
    assert "there are no users" in report.error.message
    assert "--without-custom" in report.error.message


def test_bad_code_goes_back_with_the_reason_and_good_code_is_taken(
    server: ScriptedModel, tmp_path: Path
) -> None:
    head = "def send_new_student_payroll_webhook(system, record, before):\n    "
    tests = (
        "def test_it():\n    system = FakeSystem({})\n"
        '    send_new_student_payroll_webhook(system, {"id": 1, "name": "Ada"}, {})\n'
        '    assert system.posts == [("payroll", {"name": "Ada"})]\n'
    )
    bad = {**ANSWER, "code": f"{head}import os", "tests": tests}
    good = {**ANSWER, "code": head + 'system.post("payroll", {"name": record["name"]})'}
    server.script["custom_code"] = [says(bad), says({**good, "tests": tests})]
    report = carried_out(server, tmp_path, WRITE, "")
    assert report.error is None, report.error
    assert "importing os is not allowed" in server.requests[1]["messages"][1]["content"]
    assert report.metrics.llm_calls == 2


@pytest.mark.parametrize(
    ("purpose", "text"),
    [
        ("custom_code", "Send every new student to the payroll webhook. Add an age to Student."),
        (
            "recognition",
            "Add an age to Student. People jot down a nickname of the student as well.",
        ),
    ],
)
def test_ctrl_c_while_a_model_is_asked_leaves_the_old_system(
    server: ScriptedModel, tmp_path: Path, purpose: str, text: str
) -> None:
    project = Project(tmp_path / "p")
    assert project.request("Create a Student with name").status == 0
    before = tree_of(project.folder)
    server.script["any"] = server.script[purpose] = [hangs()]
    command = [sys.executable, "-m", "baes.cli", "request", text, "--project", str(project.folder)]
    env = {**os.environ, **server.environment}
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, env=env, stdout=pipe, stderr=pipe, text=True, preexec_fn=heeding_ctrl_c
    ) as running:
        try:
            deadline = time.monotonic() + 60
            while not server.requests and running.poll() is None and time.monotonic() < deadline:
                time.sleep(0.02)
            assert server.requests, running.communicate()
            running.send_signal(signal.SIGINT)
            _, errors = running.communicate(timeout=30)
        finally:
            running.kill()
    assert running.returncode != 0
    assert "Traceback" not in errors
    assert tree_of(project.folder) == before
    status_now = project.run("status", "--json").json
    assert status_now["version"] == 1


@pytest.mark.parametrize("delay_s", [0.15, 0.3, 0.45, 0.6, 0.8, 1.0])
def test_ctrl_c_at_any_moment_leaves_the_old_system_or_the_new_one(
    tmp_path: Path, delay_s: float
) -> None:
    project = Project(tmp_path / "p")
    assert project.request("Create a Student with name").status == 0
    before = tree_of(project.folder)
    command = [sys.executable, "-m", "baes.cli", "request", "Add an age to Student."]
    command += ["--project", str(project.folder)]
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, stdout=pipe, stderr=pipe, text=True, preexec_fn=heeding_ctrl_c
    ) as running:
        time.sleep(delay_s)
        running.send_signal(signal.SIGINT)
        _, errors = running.communicate(timeout=60)
    assert "Traceback" not in errors
    version = project.run("status", "--json").json["version"]
    assert version in (1, 2)
    assert (tree_of(project.folder) == before) == (version == 1)
    again = project.request("Add a nickname to Student.")
    assert again.status == 0, again.out + again.err


def heeding_ctrl_c() -> None:
    """As a shell starts a command in front; tests may run where the signal is ignored."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def tree_of(folder: Path) -> dict[str, Any]:
    system = folder / "managed_system"
    return {
        str(path.relative_to(system)): path.read_bytes()
        for path in sorted(system.rglob("*.py"))
        if path.is_file()
    }
