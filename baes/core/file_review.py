"""Reviews files where they lie, whoever wrote them: one linter call, then the rules.

A file's place in its managed system says whose standards it is held to; a system is recognised by
its ``app/main.py``. What can't be read is a finding and never passed over.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from baes.core.formatter import lint_artifacts
from baes.errors import RequestFailed, WrongUsage
from baes.spec.pipeline import AgentName, Artifact, Finding, Verdict
from baes.standards.artifact_code import swea_type_of
from baes.standards.validation_rules import MAX_SIZE, SYNTAX
from baes.swea_agents.techlead_swea import TechLeadSWEA

__all__ = ["FileReview", "agent_of", "artifact_of", "review_files"]

_SUFFIXES = frozenset({".py", ".pyi", ".sql"})
_PASSED_OVER = frozenset({"__pycache__", "node_modules", "build", "dist", "site-packages"})
_AGENTS: dict[str, AgentName] = {
    "backend": "BackendSWEA",
    "database": "DatabaseSWEA",
    "frontend": "FrontendSWEA",
    "test": "TestSWEA",
}
_MYPY_LINE = re.compile(r"^(?P<path>.+?):(?P<line>\d+):(?P<column>\d+): error: (?P<text>.+)$")
_MYPY_TIMEOUT_S = 300


@dataclass(frozen=True, slots=True)
class FileReview:
    """What was found in one file."""

    path: Path
    """As it was asked for."""
    verdict: Verdict

    @property
    def findings(self) -> tuple[Finding, ...]:
        """By line."""
        return tuple(sorted(self.verdict.findings, key=lambda f: (f.line, f.column, f.rule)))


def agent_of(path: str) -> AgentName:
    """Whose work a file of a managed system would be, by its place."""
    return _AGENTS[swea_type_of(path)]


def review_files(paths: Iterable[Path], *, deep: bool = False) -> tuple[FileReview, ...]:
    """Review files, and the Python and SQL files of folders.

    Args:
        paths: Files and folders.
        deep: Whether the type checker is asked as well, which takes seconds.

    Raises:
        WrongUsage: A path isn't there, or there is nothing to review.
        RequestFailed: The linter, or the type checker, can't be run.
    """
    files = tuple(dict.fromkeys(_files(paths)))
    if not files:
        raise WrongUsage.of("core.error.nothing_to_review")
    grouped: defaultdict[Path, list[Path]] = defaultdict(list)
    for file in files:
        grouped[_root_of(file)].append(file)
    found: dict[Path, FileReview] = {}
    for root, members in grouped.items():
        found |= {review.path: review for review in _review(root, members, deep)}
    return tuple(found[file] for file in files)


def artifact_of(file: Path) -> Artifact | Verdict:
    """A file as a part of the system that it lies in; a verdict where it can't be read.

    Raises:
        RequestFailed: The system doesn't let it be read.
    """
    return _artifact(_root_of(file), file)


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(_in_folder(path))
        elif path.exists():
            yield path
        else:
            raise WrongUsage.of("core.error.no_such_file", path=path)


def _in_folder(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        inside = path.relative_to(folder).parts
        hidden = any(part.startswith(".") or part in _PASSED_OVER for part in inside)
        if path.suffix in _SUFFIXES and not hidden and path.is_file():
            yield path


def _root_of(file: Path) -> Path:
    """The managed system that a file belongs to; without one, its own folder."""
    folder = file.absolute().parent
    for outer in (folder, *folder.parents):
        if (outer / "app" / "main.py").is_file():
            return outer
    return folder


def _review(root: Path, files: list[Path], deep: bool) -> Iterator[FileReview]:
    lead = TechLeadSWEA()
    artifacts = {file: _artifact(root, file) for file in files}
    unreadable = {file: a for file, a in artifacts.items() if isinstance(a, Verdict)}
    readable = {file: a for file, a in artifacts.items() if isinstance(a, Artifact)}
    diagnostics = lint_artifacts(a for a in readable.values() if len(a.content) <= MAX_SIZE)
    types = _type_faults(root, readable.values()) if deep else {}
    for file, verdict in unreadable.items():
        yield FileReview(file, verdict)
    for file, artifact in readable.items():
        verdict = lead.review(artifact, diagnostics)
        yield FileReview(file, _joined(verdict, types.get(artifact.path, [])))


def _artifact(root: Path, file: Path) -> Artifact | Verdict:
    place = file.absolute().relative_to(root).as_posix()
    try:
        text = file.read_bytes().decode("utf-8")
    except UnicodeDecodeError as exc:
        line = exc.object.count(b"\n", 0, exc.start) + 1
        why = Finding(SYNTAX, "confident_rejection", "no UTF-8", line)
        return Verdict(place, "confident_rejection", "confident_regex_rejection", (why,))
    except OSError as exc:
        raise RequestFailed.of("core.error.unreadable_file", path=file, cause=exc) from exc
    return Artifact(place, text, agent_of(place), "", "", "")


def _joined(verdict: Verdict, more: list[Finding]) -> Verdict:
    if not more:
        return verdict
    findings = (*verdict.findings, *more)
    return Verdict(
        verdict.path,
        "confident_rejection",
        "confident_regex_rejection",
        findings,
        verdict.seconds,
    )


def _type_faults(root: Path, artifacts: Iterable[Artifact]) -> dict[str, list[Finding]]:
    """Path -> what the type checker says; pages import each other by their bare names."""
    python = [a.path for a in artifacts if a.path.endswith(".py")]
    pages = [path for path in python if path.startswith("ui/")]
    others = [path for path in python if not path.startswith("ui/")]
    found: defaultdict[str, list[Finding]] = defaultdict(list)
    for folder, names in ((root, others), (root / "ui", [p.removeprefix("ui/") for p in pages])):
        if names:
            prefix = "ui/" if folder != root else ""
            for path, finding in _mypy(folder, names):
                found[f"{prefix}{path}"].append(finding)
    return found


def _mypy(folder: Path, names: list[str]) -> Iterator[tuple[str, Finding]]:
    options = ["--strict", "--show-column-numbers", "--no-error-summary", "--no-pretty"]
    command = [sys.executable, "-m", "mypy", *options, *names]
    environment = {**os.environ, "MYPYPATH": str(folder)}
    try:
        result = subprocess.run(
            command,
            capture_output=True,
            text=True,
            check=False,
            cwd=folder,
            env=environment,
            timeout=_MYPY_TIMEOUT_S,
        )
    except subprocess.TimeoutExpired as exc:
        raise RequestFailed.of("core.error.type_checker", cause=exc) from exc
    if result.returncode not in (0, 1):
        cause = (result.stderr or result.stdout).strip()
        raise RequestFailed.of("core.error.type_checker", cause=cause)
    for line in result.stdout.splitlines():
        found = _MYPY_LINE.match(line)
        if found:
            place = (int(found["line"]), int(found["column"]))
            yield found["path"], Finding("types", "confident_rejection", found["text"], *place)
