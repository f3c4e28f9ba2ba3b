"""``baes history``: what was done, request by request."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Any

from baes.cli.output import print_json, print_text, say
from baes.cli.parser import Parser
from baes.core.history import Entry, History, read_history
from baes.core.managed_system_manager import ManagedSystemManager
from baes.core.project_paths import ProjectPaths
from baes.texts import Message, text

__all__ = ["add_arguments", "run"]


def add_arguments(parser: Parser) -> None:
    """Declare the arguments: there are only the common ones."""


def run(options: argparse.Namespace) -> int:
    """Print each request that changed the system, the oldest first."""
    paths = ProjectPaths(options.project)
    history = read_history(paths, ManagedSystemManager(paths).current())
    if options.json:
        print_json(_json(history))
    else:
        _print(history, options.language)
    return 0


def _print(history: History, language: str) -> None:
    if not history.entries:
        say(language, "cli.history.empty")
    for entry in history.entries:
        print_text(f"{entry.number:>4}  {_when(entry)}  {_title(entry, language)}")
        for sentence in entry.memory.summary:
            print_text(f"      {sentence}")
    for notice in _notices(history):
        say(language, "cli.request.note", text=notice)


def _title(entry: Entry, language: str) -> str:
    title = "".join(entry.memory.text.strip().splitlines()[:1])
    if entry.undoes:
        numbers = ", ".join(map(str, sorted(entry.undoes)))
        title = text(language, "cli.history.undo_of", numbers=numbers)
    return title if entry.stands else f"{title}  {text(language, 'cli.history.undone')}"


def _when(entry: Entry) -> str:
    return entry.memory.created_at[:16].replace("T", " ")


def _notices(history: History) -> Iterator[Message]:
    for line in history.damaged_lines:
        yield Message.of("cli.history.damaged", line=line, file="database/history.jsonl")
    if history.missing:
        numbers = ", ".join(map(str, history.missing))
        yield Message.of("cli.history.missing", numbers=numbers)


def _json(history: History) -> dict[str, Any]:
    return {
        "success": True,
        "requests": [_entry_json(entry) for entry in history.entries],
        "damaged_lines": list(history.damaged_lines),
        "missing": list(history.missing),
    }


def _entry_json(entry: Entry) -> dict[str, Any]:
    memory = entry.memory
    return {
        "number": entry.number,
        "request_id": memory.request_id,
        "created_at": memory.created_at,
        "text": memory.text,
        "changes": list(memory.summary),
        "ops": [dict(change) for change in memory.changes],
        "undone": not entry.stands,
        "undoes": list(entry.undoes),
    }
