"""Trying a language model's function: its tests, in a child process with limits."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from baes.spec.custom import CustomPart
from baes.spec.model import SystemSpec
from baes.spec.pipeline import Artifact
from baes.swea_agents.identifiers import class_name, module_name

__all__ = ["TrialResult", "tried"]

TIMEOUT_S = 10.0
PROCESS = Path(__file__).with_name("custom_trial_process.py")
SYSTEM = "app.custom.model.system"
FAKE_SYSTEM = "tests.fake_system"
SHOWN = 5


@dataclass(frozen=True, slots=True)
class TrialResult:
    """What became of the tests; it is right when nothing is wrong."""

    faults: tuple[str, ...] = ()


def tried(
    part: CustomPart, function: Artifact, tests: Artifact, fake_system: str, spec: SystemSpec
) -> TrialResult:
    """Run the tests of a part; code that was not found harmless before must not come here.

    Args:
        part: The part.
        function: The module of its function.
        tests: The module of its tests.
        fake_system: The source of what stands in for the system.
        spec: The system that it is for.
    """
    module = function.path.removesuffix(".py").replace("/", ".")
    task: Mapping[str, Any] = {
        "packages": ["app", "app.models", "app.custom", "app.custom.model", "tests"],
        "models": {f"app.models.{module_name(e.name)}": class_name(e.name) for e in spec},
        "system": SYSTEM,
        "modules": {FAKE_SYSTEM: fake_system, module: function.content},
        "module": module,
        "function": part.what,
        "tests": tests.content,
    }
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-S", "-B", str(PROCESS)],
            input=json.dumps(task),
            capture_output=True,
            text=True,
            timeout=TIMEOUT_S,
            check=False,
            env={},
        )
    except subprocess.TimeoutExpired:
        return TrialResult((f"the tests ran for more than {TIMEOUT_S:.0f} seconds",))
    try:
        result = json.loads(done.stdout)
    except ValueError:
        last = done.stderr.strip().splitlines()[-1:]
        why = last[0] if last else f"the process ended with {done.returncode}"
        return TrialResult((f"the tests could not be run: {why}",))
    return TrialResult(tuple(_faults(result)))


def _faults(result: Mapping[str, Any]) -> list[str]:
    failures = [f"{name}: {reason}" for name, reason in result["failures"]][:SHOWN]
    if failures:
        return failures
    if not result["passed"]:
        return ["there are no tests"]
    return [] if result["proves"] else ["the tests pass even when the function does nothing"]
