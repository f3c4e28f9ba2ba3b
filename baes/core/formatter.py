"""Formatting and linting generated Python: one ruff process each for all files of a request."""

from __future__ import annotations

import dataclasses
import json
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from baes.errors import ArtifactRejected, RequestFailed
from baes.spec.pipeline import Artifact, Diagnostic

__all__ = ["format_artifacts", "lint_artifacts"]

LINE_LENGTH = 100
LINT_RULES = ("E", "F", "W", "I", "B", "UP", "N", "D", "RET", "SIM", "PTH", "S102", "S307")
LINT_IGNORED = ("D105", "D107", "D203", "D213", "E501")
"""A line that the formatter leaves too long has a name in it that a user may give."""
LINT_IGNORED_IN_TESTS = ("D103", "D100", "D101", "D102")


def format_artifacts(artifacts: Iterable[Artifact]) -> tuple[Artifact, ...]:
    """The artifacts with their Python code formatted, in the same order.

    Raises:
        ArtifactRejected: The formatter can't parse one of them.
    """
    artifacts = tuple(artifacts)
    with tempfile.TemporaryDirectory(prefix="baes-format-") as name:
        folder = Path(name)
        python = _write(folder, artifacts)
        if not python:
            return artifacts
        options = ["--line-length", str(LINE_LENGTH), "--target-version", "py311", "--no-cache"]
        result = _ruff("format", "--isolated", "--quiet", *options, str(folder))
        if result.returncode != 0:
            cause = result.stderr.strip().replace(f"{folder}/", "")
            raise ArtifactRejected.of("core.error.unparsable", cause=cause)
        return tuple(
            dataclasses.replace(a, content=(folder / a.path).read_text(encoding="utf-8"))
            if a.path in python
            else a
            for a in artifacts
        )


def lint_artifacts(artifacts: Iterable[Artifact]) -> tuple[Diagnostic, ...]:
    """What the linter finds in the artifacts' Python code."""
    with tempfile.TemporaryDirectory(prefix="baes-lint-") as name:
        folder = Path(name)
        if not _write(folder, artifacts):
            return ()
        result = _ruff(
            "check",
            "--isolated",
            "--no-cache",
            "--quiet",
            "--output-format=json",
            f"--line-length={LINE_LENGTH}",
            "--target-version=py311",
            f"--select={','.join(LINT_RULES)}",
            f"--ignore={','.join(LINT_IGNORED)}",
            f"--config=lint.per-file-ignores={{'**/tests/**'={list(LINT_IGNORED_IN_TESTS)}}}",
            "--config=lint.isort.known-first-party=['app','tests','ui']",
            "--config=lint.pydocstyle.convention='google'",
            str(folder),
            cwd=folder,  # patterns of paths are relative to it
        )
        if result.returncode not in (0, 1):
            raise RequestFailed.of("core.error.linter", cause=result.stderr.strip())
        return tuple(_diagnostic(item, folder) for item in json.loads(result.stdout or "[]"))


def _diagnostic(item: dict[str, Any], folder: Path) -> Diagnostic:
    path = Path(item["filename"]).resolve().relative_to(folder.resolve()).as_posix()
    return Diagnostic(path, item["location"]["row"], item["code"] or "syntax", item["message"])


def _write(folder: Path, artifacts: Iterable[Artifact]) -> frozenset[str]:
    """Write the Python files under a folder; gives their paths."""
    python = [a for a in artifacts if a.path.endswith(".py")]
    for artifact in python:
        target = folder / artifact.path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(artifact.content, encoding="utf-8")
    return frozenset(a.path for a in python)


def _ruff(*arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [_ruff_binary(), *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        cwd=cwd,
    )


def _ruff_binary() -> str:
    beside = Path(sysconfig.get_path("scripts")) / (
        "ruff.exe" if sys.platform == "win32" else "ruff"
    )
    found = str(beside) if beside.exists() else shutil.which("ruff")
    if found is None:
        raise RequestFailed.of("core.error.no_ruff")
    return found
