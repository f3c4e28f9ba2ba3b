"""How the commands about servers say what they found."""

from __future__ import annotations

from typing import Any

from baes.cli.output import print_json, print_text
from baes.core.context_store import Memory
from baes.core.server_supervisor import ServersState, ServerState
from baes.core.suite import SuiteNote

__all__ = ["URL_TITLES", "print_servers"]

URL_TITLES = {"api": "API", "docs": "Docs", "ui": "Pages"}


def print_servers(
    servers: ServersState,
    memory: Memory | None = None,
    tests: SuiteNote | None = None,
    *,
    as_json: bool,
) -> None:
    """The servers, and where they are given the system that they serve and its tests."""
    if as_json:
        print_json(_json(servers, memory, tests))
        return
    if memory is not None:
        _print_system(memory)
    urls = dict(servers.urls)
    for name, title in URL_TITLES.items():
        state = servers.ui if name == "ui" else servers.api
        text = urls.get(name, state.state)
        note = " (starting)" if state.state == "starting" else ""
        print_text(f"  {title:<6} {text}{note}")
    if tests is not None:
        _print_tests(tests)
    if "dead" in (servers.api.state, servers.ui.state):
        print_text("A server has ended by itself: see logs/, and start it with baes serve.")


def _print_system(memory: Memory) -> None:
    if not memory.spec.entities:
        print_text('No system yet. Make one: baes request "Create a system to manage students"')
        return
    names = ", ".join(entity.name for entity in memory.spec)
    print_text(f"Version {memory.spec.version} with {names}")


def _print_tests(tests: SuiteNote) -> None:
    counts = f"{tests.passed} passed, {tests.failed} failed, {tests.seconds:g} s"
    known = tests.state in ("passed", "failed")
    print_text(f"  {'Tests':<6} {tests.state}{f' ({counts})' if known else ''}")
    for name in tests.failures:
        print_text(f"         {name}")
    if tests.state == "failed":
        print_text("baes test shows why; baes undo takes the last change back.")


def _json(servers: ServersState, memory: Memory | None, tests: SuiteNote | None) -> dict[str, Any]:
    body: dict[str, Any] = {
        "success": True,
        "urls": dict(servers.urls),
        "servers": {"api": _server(servers.api), "ui": _server(servers.ui)},
    }
    if memory is not None:
        body |= {
            "version": memory.spec.version,
            "entities": [entity.name for entity in memory.spec],
            "request_id": memory.request_id or None,
            "changed_at": memory.created_at or None,
            "tests": _tests(tests),
        }
    return body


def _tests(tests: SuiteNote | None) -> dict[str, Any] | None:
    if tests is None:
        return None
    keys = ("state", "passed", "failed", "failures", "seconds")
    body = {key: getattr(tests, key) for key in keys}
    return body | ({"next": "baes undo"} if tests.state == "failed" else {})


def _server(state: ServerState) -> dict[str, Any]:
    return {"state": state.state, "port": state.port or None, "pid": state.pid or None}
