"""The six steps with every optimisation on, and with each one off."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

import httpx

from baes.bench.six_steps import STEPS, Rows, Step
from baes.core.switches import Switches

__all__ = ["ALL_ON", "Measured", "StepMeasured", "environment_of", "measured", "variants"]

ALL_ON = "all"


@dataclass(frozen=True, slots=True)
class StepMeasured:
    """One request with its deployment and its proof."""

    name: str
    seconds: float
    tokens: int
    llm_calls: int


@dataclass(frozen=True, slots=True)
class Measured:
    """The six steps under one setting of the switches."""

    variant: str
    """``all``, or the switch that was off."""
    steps: tuple[StepMeasured, ...]
    """Those that were carried out and verified."""
    stopped: str = ""
    """Why the steps after them were not, in the words of the command; empty if all were."""

    @property
    def seconds(self) -> float:
        """Of all steps together."""
        return sum(step.seconds for step in self.steps)

    @property
    def tokens(self) -> int:
        """Of all steps together."""
        return sum(step.tokens for step in self.steps)

    @property
    def llm_calls(self) -> int:
        """Of all steps together."""
        return sum(step.llm_calls for step in self.steps)


def variants() -> tuple[str, ...]:
    """``all``, and each switch by its name."""
    return (ALL_ON, *(field.name for field in fields(Switches)))


def environment_of(variant: str) -> dict[str, str]:
    """What makes a command work under a setting, and speak English."""
    switch = {} if variant == ALL_ON else {f"BAES_ENABLE_{variant.upper()}": "false"}
    return {"BAES_LANGUAGE": "en", **switch}


def measured(variant: str) -> Measured:
    """Carry the six steps out in a project of their own, served, and verify each over HTTP.

    Raises:
        RequestFailed: A step was carried out, and the system does something else.
    """
    environment = {**os.environ, **environment_of(variant)}
    with tempfile.TemporaryDirectory(prefix="baes-bench-") as folder:
        run = _Run(folder, environment, _free_port(), _free_port())
        with _stopping(run), httpx.Client(base_url=run.api, trust_env=False) as client:
            return _all_steps(variant, run, Rows(client))


def _all_steps(variant: str, run: _Run, rows: Rows) -> Measured:
    done: list[StepMeasured] = []
    for step in STEPS:
        begun = time.perf_counter()
        answer = run.request(step)
        if not answer["success"]:
            return Measured(variant, tuple(done), answer["message"])
        step.verify(rows)
        rows.check()
        seconds = time.perf_counter() - begun
        cost = answer["metrics"]
        done.append(StepMeasured(step.name, seconds, cost["total_tokens"], cost["llm_calls"]))
    return Measured(variant, tuple(done))


@dataclass(frozen=True, slots=True)
class _Run:
    """A project folder, the environment of its commands, and its ports."""

    folder: str
    environment: Mapping[str, str]
    api_port: int
    ui_port: int

    @property
    def api(self) -> str:
        return f"http://127.0.0.1:{self.api_port}"

    def request(self, step: Step) -> dict[str, Any]:
        """What ``baes request`` answers."""
        ports = ("--api-port", str(self.api_port), "--ui-port", str(self.ui_port))
        answer: dict[str, Any] = json.loads(self.run("request", step.text, "--serve", *ports))
        return answer

    def run(self, *arguments: str) -> str:
        """Standard output of a command, which says in JSON itself whether it failed."""
        command = [sys.executable, "-m", "baes.cli", *arguments]
        return subprocess.run(
            [*command, "--json", "--project", self.folder],
            env=dict(self.environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            check=False,
        ).stdout


@contextlib.contextmanager
def _stopping(run: _Run) -> Iterator[None]:
    """End the servers, also when a step failed."""
    try:
        yield
    finally:
        run.run("stop")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
