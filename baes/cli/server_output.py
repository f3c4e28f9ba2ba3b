"""How the commands about servers say what they found."""

from __future__ import annotations

from typing import Any

from baes.cli.output import print_json, print_text, say
from baes.core.context_store import Memory
from baes.core.server_supervisor import ServersState, ServerState
from baes.core.suite import SuiteNote
from baes.swea_agents.custom_code import custom_path
from baes.texts import text

__all__ = ["print_server", "print_servers"]


def print_servers(
    servers: ServersState,
    language: str,
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
        _print_system(memory, language)
    urls = dict(servers.urls)
    for name in ("api", "docs", "ui"):
        state = servers.ui if name == "ui" else servers.api
        word = text(language, f"cli.servers.state.{state.state}")
        note = f" ({word})" if state.state == "starting" else ""
        print_server(language, name, f"{urls.get(name, word)}{note}")
    if tests is not None:
        _print_tests(tests, language)
    if "dead" in (servers.api.state, servers.ui.state):
        say(language, "cli.servers.ended")


def print_server(language: str, name: str, found: str) -> None:
    """One address, or what is there instead."""
    title = text(language, f"cli.servers.title.{name}")
    print_text(f"  {title:<6} {found}")


def _print_system(memory: Memory, language: str) -> None:
    if not memory.spec.entities:
        say(language, "cli.servers.none")
        return
    names = tuple(entity.title for entity in memory.spec)
    say(language, "cli.servers.version", version=memory.spec.version, names=names)
    for part in memory.custom:
        if part.is_open:
            say(language, "cli.servers.open", fragment=part.fragment)
        else:
            say(language, "cli.servers.custom", fragment=part.fragment, path=custom_path(part))


def _print_tests(tests: SuiteNote, language: str) -> None:
    counts = {"passed": tests.passed, "failed": tests.failed, "seconds": tests.seconds}
    print_server(language, "tests", text(language, f"cli.tests.{tests.state}", **counts))
    for name in tests.failures:
        print_text(f"         {name}")
    if tests.state == "failed":
        say(language, "cli.servers.tests_failed")


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
            "custom": [
                {
                    "fragment": part.fragment,
                    "state": "open" if part.is_open else "written",
                    "path": None if part.is_open else custom_path(part),
                }
                for part in memory.custom
            ],
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
