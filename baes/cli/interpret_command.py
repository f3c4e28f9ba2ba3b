"""``baes interpret``: the understanding alone; nothing is changed."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from baes.cli.output import print_json, print_notice, print_text
from baes.cli.parser import Parser
from baes.cli.project_model import project_model
from baes.cli.request_text import add_text_argument, request_text
from baes.core.context_store import ContextStore
from baes.core.entity_recognizer import EntityRecognizer
from baes.core.project_paths import ProjectPaths
from baes.core.switches import Switches
from baes.errors import WrongUsage
from baes.spec.codec import interpretation_to_json
from baes.spec.model import SystemSpec

__all__ = ["add_arguments", "run"]


def add_arguments(parser: Parser) -> None:
    """Declare the arguments."""
    add_text_argument(parser)
    parser.add_argument("--batch", type=Path, metavar="FILE")
    parser.add_argument("--explain", action="store_true")


def run(options: argparse.Namespace) -> int:
    """Print one interpretation, or one a line of the batch."""
    if options.batch:
        _interpret_batch(options.batch)
        return 0
    text = request_text(options)
    switches = Switches.from_environment(os.environ)
    recognizer = EntityRecognizer.of_project(
        options.project,
        cached=switches.recognition_cache,
        model=project_model(options.project),
    )
    memory = ContextStore(ProjectPaths(options.project)).load()
    spec = memory.spec if memory else SystemSpec()
    if options.explain:
        print_text(recognizer.explain(text, spec))
        return 0
    interpretation = recognizer.recognize(text, spec)
    recognizer.remember(text, spec, interpretation)
    for notice in recognizer.close():
        print_notice(str(notice.spoken(options.language)))
    body = interpretation_to_json(interpretation)
    indented = sys.stdout.isatty() and not options.json
    print_text(json.dumps(body, ensure_ascii=False, indent=2 if indented else None))
    return 0


def _interpret_batch(path: Path) -> None:
    remembers = Switches.from_environment(os.environ).recognition_cache
    recognizer = EntityRecognizer.in_memory(remembers=remembers)
    for number, case in _cases(path):
        text, context = case.get("text"), case.get("context") or []
        if not isinstance(text, str) or not isinstance(context, list):
            raise WrongUsage.of("cli.error.batch_case", number=number, path=path)
        interpretation = recognizer.recognize_after(context, text)
        print_json({"id": case.get("id"), **interpretation_to_json(interpretation)})


def _cases(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as exc:
        raise WrongUsage.of("cli.error.batch_file", path=path, cause=exc) from exc
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            case = json.loads(line)
        except ValueError as exc:
            raise WrongUsage.of(
                "cli.error.batch_json", number=number, path=path, cause=exc
            ) from exc
        if not isinstance(case, dict):
            raise WrongUsage.of("cli.error.batch_json", number=number, path=path, cause="")
        yield number, case
