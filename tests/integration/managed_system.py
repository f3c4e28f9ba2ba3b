"""Managed systems for tests: generated from changes, served as real processes."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import httpx

from baes.core.formatter import format_artifacts
from baes.spec.apply import apply
from baes.spec.changes import Change
from baes.spec.model import SystemSpec
from baes.spec.pipeline import Artifact, GenerationContext, Task
from baes.swea_agents.backend_swea import BackendSWEA
from baes.swea_agents.base_swea import BaseSWEA
from baes.swea_agents.database_swea import DatabaseSWEA
from baes.swea_agents.test_swea import TestSWEA
from baes.utils.template_registry import TemplateRegistry
from tests.integration.command import free_port

__all__ = ["artifacts_of", "serving", "write_system"]

WRITERS: tuple[type[BaseSWEA], ...] = (DatabaseSWEA, BackendSWEA, TestSWEA)
START_LIMIT_S = 30


def artifacts_of(
    changes: Sequence[Change], old: SystemSpec | None = None
) -> tuple[SystemSpec, tuple[Artifact, ...]]:
    """(the system after the changes, all its files but the pages)."""
    before = old or SystemSpec()
    context = GenerationContext(before, tuple(changes), apply(before, changes))
    registry = TemplateRegistry()
    found: list[Artifact] = []
    for writer in WRITERS:
        agent = writer(registry)
        for entity in (*(e.name for e in context.new), ""):
            found += agent.produce(Task(f"{agent.name}:{entity}", agent.name, entity), context)
    return context.new, format_artifacts(found)


def write_system(
    folder: Path, changes: Sequence[Change], old: SystemSpec | None = None
) -> SystemSpec:
    """Write a system's files over those that are there; the specification after the changes."""
    spec, artifacts = artifacts_of(changes, old)
    for artifact in artifacts:
        target = folder / artifact.path
        if artifact.keep_existing and target.exists():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(artifact.content, encoding="utf-8")
    return spec


@contextlib.contextmanager
def serving(folder: Path, **environment: str) -> Iterator[httpx.Client]:
    """Serve a system with ``python -m app`` on a free port; a client of it."""
    port = free_port()
    with (folder / "server.log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "app"],
            cwd=folder,
            env={**os.environ, "API_PORT": str(port), **environment},
            stdout=subprocess.DEVNULL,
            stderr=log,
        )
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
            _wait(client, process, folder)
            yield client
    finally:
        process.terminate()
        process.wait(timeout=START_LIMIT_S)


def _wait(client: httpx.Client, process: subprocess.Popen[bytes], folder: Path) -> None:
    end = time.monotonic() + START_LIMIT_S
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(httpx.TransportError):
            if client.get("/health").status_code == httpx.codes.OK:
                return
        time.sleep(0.02)
    raise AssertionError((folder / "server.log").read_text())
