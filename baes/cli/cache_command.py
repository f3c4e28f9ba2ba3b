"""``baes cache stats|cleanup|invalidate|clear|export|import``."""

from __future__ import annotations

import argparse
import dataclasses
import json
from pathlib import Path
from typing import Any

from baes.cli.output import print_json, print_notice, print_text
from baes.core.project_paths import ProjectPaths
from baes.core.recognition_cache import RecognitionCache
from baes.core.recognition_store import CACHE_VERSION, MAX_AGE_DAYS, StoredRecognition
from baes.errors import RequestFailed, WrongUsage

__all__ = ["add_arguments", "run"]


_NEEDED = {"invalidate": "ENTITY", "export": "FILE", "import": "FILE"}
"""Action -> what must be named with it."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    actions = ("stats", "cleanup", "invalidate", "clear", "export", "import")
    parser.add_argument("action", choices=actions, metavar="|".join(actions))
    parser.add_argument(
        "target",
        nargs="?",
        metavar="ENTITY|FILE",
        help="whose answers to invalidate; the JSON file to export to or import from",
    )
    parser.add_argument(
        "--days",
        type=float,
        default=MAX_AGE_DAYS,
        help=f"cleanup: delete what was not used for so many days (default {MAX_AGE_DAYS})",
    )


def run(options: argparse.Namespace) -> int:
    """Carry out one action."""
    needed = _NEEDED.get(options.action)
    if bool(options.target) != bool(needed):
        raise WrongUsage(
            f"baes cache {options.action} needs {needed or 'nothing more'}",
            "",
            f"try: baes cache {' '.join(filter(None, (options.action, needed)))}",
        )
    cache = RecognitionCache(ProjectPaths(options.project).recognition_cache)
    body, sentence = _done(options, cache)
    cache.close()
    for notice in cache.notices():
        print_notice(notice)
    if options.json:
        print_json({"success": True, **body})
    else:
        print_text(sentence)
    return 0


def _done(options: argparse.Namespace, cache: RecognitionCache) -> tuple[dict[str, Any], str]:
    match options.action:
        case "stats":
            return _statistics(cache)
        case "export":
            count = _export(cache, Path(options.target))
            return {"exported": count}, f"{count} answers written to {options.target}."
        case "import":
            count = cache.add(_read(Path(options.target)))
            return {"imported": count}, f"{count} answers taken over from {options.target}."
        case "cleanup":
            deleted = cache.clean_up(options.days)
        case "invalidate":
            deleted = cache.forget([options.target])
        case _:
            deleted = cache.forget_all()
    return {"deleted": deleted}, f"{deleted} answers deleted."


def _statistics(cache: RecognitionCache) -> tuple[dict[str, Any], str]:
    found = cache.statistics()
    body = dataclasses.asdict(found) | {"hit_rate": round(found.hit_rate, 4)}
    lines = [
        f"answers     {found.disk_entries} on disk ({found.disk_bytes:,} bytes),"
        f" {found.wordings} of them truly different wordings",
        *(f"{tier:<11} {count}" for tier, count in sorted(found.lookups.items())),
        f"hit rate    {found.hit_rate:.0%}",
    ]
    return body, "\n".join(lines)


def _export(cache: RecognitionCache, path: Path) -> int:
    entries = [dataclasses.asdict(entry) for entry in cache.entries()]
    text = json.dumps({"format": CACHE_VERSION, "answers": entries}, ensure_ascii=False, indent=1)
    try:
        path.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise RequestFailed(f"{path} can't be written", str(error.strerror)) from error
    return len(entries)


def _read(path: Path) -> list[StoredRecognition]:
    """The answers of an exported file.

    Raises:
        WrongUsage: It is no such file; nothing of it was taken over.
    """
    try:
        body = json.loads(path.read_text(encoding="utf-8"))
        if body["format"] != CACHE_VERSION:
            raise WrongUsage(
                f"{path} has format {body['format']!r}", f"this program reads {CACHE_VERSION}"
            )
        return [_answer(entry) for entry in body["answers"]]
    except OSError as error:
        raise WrongUsage(f"{path} can't be read", str(error.strerror)) from error
    except (ValueError, KeyError, TypeError) as error:
        raise WrongUsage(
            f"{path} holds no exported answers", f"{type(error).__name__}: {error}",
            "name a file that was made by: baes cache export",
        ) from error  # fmt: skip


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
