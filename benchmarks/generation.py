"""From text to reviewed artifacts, cold (a new process) and warm."""

from __future__ import annotations

import subprocess
import sys

from benchmarks.figure import Figure, median_seconds
from benchmarks.processes import SENTENCE

__all__ = ["COLD", "figures", "generate"]

COLD = """
import time; start = time.perf_counter()
from benchmarks.generation import generate
generate()
print(time.perf_counter() - start)
"""


def generate(text: str = SENTENCE) -> None:
    """Interpret a text for an empty system, generate and review its artifacts."""
    from pathlib import Path

    from baes.core.code_generation import CodeGenerator
    from baes.core.entity_recognizer import EntityRecognizer
    from baes.core.switches import Switches
    from baes.spec.apply import apply
    from baes.spec.model import SystemSpec
    from baes.spec.pipeline import GenerationContext

    changes = (
        EntityRecognizer.of_project(Path(), cached=False)
        .recognize(text, SystemSpec())
        .all_changes()
    )
    new = apply(SystemSpec(), changes)
    CodeGenerator(Switches()).generate(GenerationContext(SystemSpec(), changes, new))


def figures() -> list[Figure]:
    """Medians for one entity."""
    cold = sorted(
        float(
            subprocess.run(
                [sys.executable, "-c", COLD], check=True, capture_output=True, text=True
            ).stdout
        )
        for _ in range(7)
    )[3]
    generate()
    return [
        Figure("text to reviewed artifacts, cold", cold, "s", 0.2),
        Figure("text to reviewed artifacts, warm", median_seconds(generate, 15), "s", 0.05),
    ]
