"""``baes history``: what was done, request by request."""

from __future__ import annotations

import argparse
from typing import Any

from baes.cli.output import print_json, print_text
from baes.core.history import Entry, History, read_history
from baes.core.managed_system_manager import ManagedSystemManager
from baes.core.project_paths import ProjectPaths

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments: there are only the common ones."""


def run(options: argparse.Namespace) -> int:
    """Print each request that changed the system, the oldest first."""
    paths = ProjectPaths(options.project)
    history = read_history(paths, ManagedSystemManager(paths).current())
    if options.json:
        print_json(_json(history))
    else:
        _print(history)
    return 0


def _print(history: History) -> None:
    if not history.entries:
        print_text('Nothing was done yet. Begin with baes request "…"')
    for entry in history.entries:
        print_text(f"{entry.number:>4}  {_when(entry)}  {_title(entry)}")
        for sentence in entry.memory.summary:
            print_text(f"      {sentence}")
    for notice in _notices(history):
        print_text(f"Note: {notice}")


def _title(entry: Entry) -> str:
    first = entry.memory.text.strip().splitlines()[:1]
    undoes = f"undo of {', '.join(map(str, sorted(entry.undoes)))}" if entry.undoes else ""
    return "  ".join(filter(None, (undoes or "".join(first), "" if entry.stands else "(undone)")))


def _when(entry: Entry) -> str:
    return entry.memory.created_at[:16].replace("T", " ")


def _notices(history: History) -> list[str]:
    file = "database/history.jsonl"
    notices = [f"Line {line} of {file} is damaged." for line in history.damaged_lines]
    if history.missing:
        numbers = ", ".join(map(str, history.missing))
        notices.append(f"Of {numbers} no other copy was found; it can't be shown or undone.")
    return notices


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
