"""What a request costs that wants a language model, under each setting of the switches.

The model is the scripted server: its calls and the sizes of prompts and answers are counted, its
time is what it was told to take.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass

from baes.bench.custom_request import CUSTOM_REQUEST
from baes.bench.scripted_server import CHARACTERS_A_TOKEN, scripted_server
from baes.bench.variants import environment_of

__all__ = ["CustomMeasured", "custom_measured"]


@dataclass(frozen=True, slots=True)
class CustomMeasured:
    """One request with three fragments that the model writes."""

    variant: str
    """``all``, or the switch that was off."""
    seconds: float
    """Of the whole command."""
    calls: int
    most_at_once: int
    """Calls that waited at the same time."""
    prompt_characters: int
    answer_characters: int
    stopped: str = ""
    """Why it was not carried out; empty if it was."""

    @property
    def assumed_tokens(self) -> int:
        """Converted from the characters, not counted."""
        return (self.prompt_characters + self.answer_characters) // CHARACTERS_A_TOKEN


def custom_measured(variant: str, latency_s: float) -> CustomMeasured:
    """Carry the request out in a project of its own, without servers.

    Args:
        variant: ``all``, or the switch that is off.
        latency_s: What each answer of the model takes.
    """
    with (
        tempfile.TemporaryDirectory(prefix="baes-bench-") as folder,
        scripted_server(latency_s) as server,
    ):
        command = [sys.executable, "-m", "baes.cli", "request", CUSTOM_REQUEST]
        began = time.perf_counter()
        done = subprocess.run(
            [*command, "--json", "--project", folder],
            env={**os.environ, **environment_of(variant), **server.environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            check=False,
        )
        seconds = time.perf_counter() - began
    answer = json.loads(done.stdout)
    return CustomMeasured(
        variant,
        seconds,
        server.calls,
        server.most_at_once,
        server.prompt_characters,
        server.answer_characters,
        "" if answer["success"] else answer["message"],
    )
