"""The last layer: whether the generated tests of the system stop what nobody stopped before."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from baes.spec.pipeline import Artifact
from baes.swea_agents.identifiers import module_name
from evaluation.review.mutants import Base, Mutant

__all__ = ["passes", "stopped_by_tests"]

TIMEOUT_S = 900


def stopped_by_tests(mutant: Mutant) -> bool:
    """Whether the tests of a system with the mutant in it fail."""
    return not passes(mutant.base, mutant.artifact)


def passes(base: Base, changed: Artifact | None = None) -> bool:
    """Whether the generated tests of a system pass.

    Args:
        base: The system.
        changed: A file that is put in the place of the good one; only the tests of its entity and
            of the system as a whole are run then.
    """
    with tempfile.TemporaryDirectory(prefix="baes-mutant-") as name:
        folder = Path(name)
        _write(folder, (*base.earlier, *base.artifacts, *([changed] if changed else [])))
        command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider"]
        if changed is not None and changed.entity:
            command += [f"tests/test_{module_name(changed.entity)}.py", "tests/system"]
        result = subprocess.run(
            command, cwd=folder, capture_output=True, check=False, timeout=TIMEOUT_S
        )
        return result.returncode == 0


def _write(folder: Path, artifacts: Iterable[Artifact]) -> None:
    for artifact in artifacts:
        path = folder / artifact.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(artifact.content, encoding="utf-8")
