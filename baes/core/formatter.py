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
from baes.standards.artifact_code import language_of
from baes.standards.rule_catalogue import linter_settings
from baes.standards.validation_rules import is_readable

__all__ = ["fix_artifacts", "format_artifacts", "lint_artifacts"]

LINE_LENGTH = 100


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


def lint_artifacts(
    artifacts: Iterable[Artifact], *, trust_comments: bool = True
) -> tuple[Diagnostic, ...]:
    """What the linter finds in the artifacts' Python code, in one call for all.

    What is no code at all may kill the linter; then the rest is linted without it.

    Args:
        artifacts: Files of one system; those in other languages are passed over.
        trust_comments: Whether a comment may switch a check off (``noqa``).

    Raises:
        RequestFailed: The linter can't be run.
    """
    artifacts = tuple(artifacts)
    found = _linted(artifacts, trust_comments)
    if isinstance(found, str):
        readable = tuple(a for a in artifacts if is_readable(a.content, language_of(a.path)))
        found = _linted(readable, trust_comments) if len(readable) < len(artifacts) else found
    if isinstance(found, str):
        raise RequestFailed.of("core.error.linter", cause=found)
    return found


def _linted(artifacts: tuple[Artifact, ...], trust_comments: bool) -> tuple[Diagnostic, ...] | str:
    """The diagnostics, or why there are none."""
    with tempfile.TemporaryDirectory(prefix="baes-lint-") as name:
        folder = Path(name)
        if not _write(folder, artifacts):
            return ()
        result = _checked(folder, *([] if trust_comments else ["--ignore-noqa"]))
        if result.returncode not in (0, 1):
            return result.stderr.strip() or f"its status was {result.returncode}"
        return tuple(_diagnostic(item, folder) for item in json.loads(result.stdout or "[]"))


def fix_artifacts(artifacts: Iterable[Artifact]) -> tuple[Artifact, ...]:
    """The artifacts with what the linter mends itself, where nothing else changes by it."""
    artifacts = tuple(artifacts)
    with tempfile.TemporaryDirectory(prefix="baes-fix-") as name:
        folder = Path(name)
        python = _write(folder, artifacts)
        if not python or _checked(folder, "--fix").returncode not in (0, 1):
            return artifacts
        return tuple(
            dataclasses.replace(a, content=(folder / a.path).read_text(encoding="utf-8"))
            if a.path in python
            else a
            for a in artifacts
        )


def _checked(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """The linter's answer about a folder."""
    settings = linter_settings()
    in_tests = list(settings.ignore_in_tests)
    return _ruff(
        "check",
        "--isolated",
        "--no-cache",
        "--quiet",
        "--output-format=json",
        f"--line-length={LINE_LENGTH}",
        "--target-version=py311",
        f"--select={','.join(settings.select)}",
        f"--ignore={','.join(settings.ignore)}",
        f"--config=lint.per-file-ignores={{'**/tests/**'={in_tests}}}",
        "--config=lint.isort.known-first-party=['app','tests','ui']",
        "--config=lint.pydocstyle.convention='google'",
        *options,
        str(folder),
        cwd=folder,  # patterns of paths are relative to it
    )


def _diagnostic(item: dict[str, Any], folder: Path) -> Diagnostic:
    path = Path(item["filename"]).resolve().relative_to(folder.resolve()).as_posix()
    place = item["location"]
    code = item["code"] or "syntax"
    return Diagnostic(path, place["row"], code, item["message"], place["column"])


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
