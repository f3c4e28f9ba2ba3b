"""``baes cache stats|cleanup|invalidate|clear|export|import``."""

from __future__ import annotations

import argparse
import dataclasses
import json
from pathlib import Path
from typing import Any

from baes.cli.output import print_json, print_notice, print_text
from baes.cli.parser import Parser
from baes.core.project_paths import ProjectPaths
from baes.core.recognition_cache import RecognitionCache
from baes.core.recognition_store import CACHE_VERSION, MAX_AGE_DAYS, StoredRecognition
from baes.errors import RequestFailed, WrongUsage
from baes.texts import Message

__all__ = ["add_arguments", "run"]


_NEEDED = {"invalidate": "ENTITY", "export": "FILE", "import": "FILE"}
"""Action -> what must be named with it."""


def add_arguments(parser: Parser) -> None:
    """Declare the arguments."""
    actions = ("stats", "cleanup", "invalidate", "clear", "export", "import")
    parser.add_argument("action", choices=actions, metavar="|".join(actions))
    parser.add_argument("target", nargs="?", metavar="ENTITY|FILE")
    parser.add_argument("--days", type=float, default=MAX_AGE_DAYS, metavar="N")


def run(options: argparse.Namespace) -> int:
    """Carry out one action."""
    needed = _NEEDED.get(options.action)
    if bool(options.target) != bool(needed):
        key = "cli.error.cache_needs" if needed else "cli.error.cache_needs_nothing"
        raise WrongUsage.of(key, action=options.action, needed=needed)
    cache = RecognitionCache(ProjectPaths(options.project).recognition_cache)
    body, answer = _done(options, cache)
    cache.close()
    for notice in cache.notices():
        print_notice(notice.spoken(options.language))
    if options.json:
        print_json({"success": True, **body})
    else:
        print_text(answer.spoken(options.language))
    return 0


def _done(options: argparse.Namespace, cache: RecognitionCache) -> tuple[dict[str, Any], Message]:
    match options.action:
        case "stats":
            return _statistics(cache)
        case "export":
            count = _export(cache, Path(options.target))
            return {"exported": count}, _told("exported", count, options.target)
        case "import":
            count = cache.add(_read(Path(options.target)))
            return {"imported": count}, _told("imported", count, options.target)
        case "cleanup":
            deleted = cache.clean_up(options.days)
        case "invalidate":
            deleted = cache.forget([options.target])
        case _:
            deleted = cache.forget_all()
    return {"deleted": deleted}, _told("deleted", deleted)


def _told(what: str, count: int, path: str = "") -> Message:
    return Message.of(f"cli.cache.{what}", count=count, path=path)


def _statistics(cache: RecognitionCache) -> tuple[dict[str, Any], Message]:
    found = cache.statistics()
    body = dataclasses.asdict(found) | {"hit_rate": round(found.hit_rate, 4)}
    lookups = "".join(f"{tier:<12} {n}\n" for tier, n in sorted(found.lookups.items()))
    return body, Message.of(
        "cli.cache.statistics",
        entries=found.disk_entries,
        size=found.disk_bytes,
        wordings=found.wordings,
        lookups=lookups,
        rate=f"{found.hit_rate:.0%}",
    )


def _export(cache: RecognitionCache, path: Path) -> int:
    entries = [dataclasses.asdict(entry) for entry in cache.entries()]
    text = json.dumps({"format": CACHE_VERSION, "answers": entries}, ensure_ascii=False, indent=1)
    try:
        path.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise RequestFailed.of("cli.error.unwritable", path=path, cause=error.strerror) from error
    return len(entries)


def _read(path: Path) -> list[StoredRecognition]:
    """The answers of an exported file.

    Raises:
        WrongUsage: It is no such file; nothing of it was taken over.
    """
    try:
        body = json.loads(path.read_text(encoding="utf-8"))
        if body["format"] != CACHE_VERSION:
            raise WrongUsage.of(
                "cli.error.cache_format", path=path, found=body["format"], known=CACHE_VERSION
            )
        return [_answer(entry) for entry in body["answers"]]
    except OSError as error:
        raise WrongUsage.of("cli.error.unreadable", path=path, cause=error.strerror) from error
    except (ValueError, KeyError, TypeError) as error:
        cause = f"{type(error).__name__}: {error}"
        raise WrongUsage.of("cli.error.no_answers", path=path, cause=cause) from error


def _answer(entry: dict[str, Any]) -> StoredRecognition:
    """One answer, its values of the right types.

    Raises:
        TypeError: A key or value is not one of an answer.
    """
    found = StoredRecognition(**entry | {"entities": tuple(map(str, entry["entities"]))})
    texts = (found.key, found.frame, found.folded, found.action, found.source)
    moments = (found.created_at, found.used_at, found.confidence)
    counts = (found.hit_count, found.cache_version)
    if not (
        all(isinstance(text, str) for text in (*texts, found.interpretation))
        and all(isinstance(moment, float | int) for moment in moments)
        and all(isinstance(count, int) for count in counts)
    ):
        raise TypeError(f"an answer has a value of the wrong kind: {found.key!r}")
    return found
