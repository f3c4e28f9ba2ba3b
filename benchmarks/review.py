"""Reviewing: the rules on each file of the sample systems, the linter, the whole, a patch."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from functools import partial

from baes.core.code_repair import CodeRepair
from baes.core.formatter import format_artifacts, lint_artifacts
from baes.spec.pipeline import Artifact
from baes.standards.artifact_code import code_of
from baes.swea_agents.system_checks import disagreements
from baes.swea_agents.techlead_swea import TechLeadSWEA
from baes.swea_agents.template_samples import sample_artifacts, sample_contexts
from baes.utils.template_registry import TemplateRegistry
from benchmarks.figure import Figure, median_seconds

__all__ = ["figures"]

RUNS = 5
SYSTEM = "relationships"
"""The largest sample: seven entities."""
FAULTY = '''"""Hooks."""


def after_create(connection: object, record: object) -> None:
    """Tell."""
    print(record)
'''


def figures() -> list[Figure]:
    """In a warm process; nothing of a text is remembered from one run to the next.

    What waits for nothing is measured in processor time, so that others don't count.
    """
    artifacts = format_artifacts(sample_artifacts(TemplateRegistry()))
    lead = TechLeadSWEA()
    best = [min(_review_ms(lead, artifact) for _ in range(RUNS)) for artifact in artifacts]
    system = [a for a in artifacts if a.path.startswith(f"{SYSTEM}/")]
    spec = sample_contexts()[SYSTEM].new
    by_path = {a.path.partition("/")[2]: a for a in system}

    def checked() -> None:
        code_of.cache_clear()
        list(disagreements(spec, by_path))

    hook = Artifact("app/custom/student.py", FAULTY, "BackendSWEA", "", "", "")
    repair = partial(CodeRepair(lead).repaired, [hook])
    repair()
    return [
        Figure(f"review by the rules, median of {len(artifacts)} files", _middle(best), "ms", 10),
        Figure("review by the rules, the slowest file", max(best), "ms", 100),
        Figure(
            f"the linter's one call for a system of {len(system)} files",
            median_seconds(partial(lint_artifacts, system), RUNS) * 1000,
            "ms",
        ),
        Figure(
            f"whole-system checks of {len(spec.entities)} entities",
            min(_cpu_ms(checked) for _ in range(RUNS)),
            "ms",
        ),
        Figure(
            "review, patch, format and review again, one file",
            median_seconds(repair, RUNS) * 1000,
            "ms",
        ),
    ]


def _review_ms(lead: TechLeadSWEA, artifact: Artifact) -> float:
    code_of.cache_clear()
    return _cpu_ms(partial(lead.review, artifact))


def _cpu_ms(action: Callable[[], object]) -> float:
    start = time.process_time()
    action()
    return (time.process_time() - start) * 1000


def _middle(values: list[float]) -> float:
    return statistics.median(values)
