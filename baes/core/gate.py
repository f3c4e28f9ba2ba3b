"""The gate: a staged release must migrate, import, start and answer before it may replace anything.

It is bounded: a copy of the data, the changed entities and their neighbours, a handful of
requests each. The generated test suite says the rest.
"""

from __future__ import annotations

import importlib
import traceback
from pathlib import Path

from baes.core.application_import import application_folder, environment
from baes.core.asgi import AsgiApp, Lifespan, ask
from baes.core.context_store import Memory
from baes.core.migration import Migration
from baes.core.release_probes import Probe

__all__ = ["FAULT_LINES", "run_gate"]

FAULT_LINES = 12
"""As many lines of a traceback tell where the generated code failed."""


async def run_gate(
    tree: Path, database: Path, memory: Memory, probes: tuple[Probe, ...]
) -> str | None:
    """Try a release; gives what is wrong with it, or ``None``.

    Args:
        tree: The whole application as it will be.
        database: A copy of the data, or where an empty database may be made.
        memory: What the release's row remembers.
        probes: What the application is asked.
    """
    try:
        Migration(tree, database, memory).commit()
        url = f"sqlite:///{database}"
        with application_folder(tree), environment(DATABASE_URL=url, API_KEY=None):
            app: AsgiApp = importlib.import_module("app.main").app
            return await _probe(app, probes)
    except (Exception, SystemExit):  # the code under test may raise anything; all of it is said
        return "\n".join(traceback.format_exc().splitlines()[-FAULT_LINES:])


async def _probe(app: AsgiApp, probes: tuple[Probe, ...]) -> str | None:
    lifespan = Lifespan(app)
    await lifespan.start()
    try:
        for probe in probes:
            answer = await ask(app, probe.method, probe.path, probe.body.encode())
            if answer.status not in probe.expected:
                text = answer.body[:500].decode("utf-8", "replace")
                return f"{probe.method} {probe.path} answered {answer.status}: {text}"
    finally:
        await lifespan.stop()
    return None
