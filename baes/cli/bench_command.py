"""``baes bench``: the six-step benchmark with every optimisation on, and with each one off."""

from __future__ import annotations

import argparse
import csv
import io
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from baes.bench.custom_measured import CustomMeasured, custom_measured
from baes.bench.custom_request import FRAGMENTS
from baes.bench.six_steps import STEPS
from baes.bench.variants import ALL_ON, Measured, measured, variants
from baes.cli.output import print_json, print_notice, print_text, say
from baes.cli.parser import Parser
from baes.cli.svg_bars import Bar, bars_svg
from baes.errors import RequestFailed
from baes.texts import text
from baes.utils.published_baselines import Baseline, published_baselines

__all__ = ["add_arguments", "run"]

_COLUMNS = ("variant", "verified", "seconds", "against", "tokens", "calls")
_CUSTOM_COLUMNS = (
    "custom", "seconds", "against", "calls", "at_once", "prompts", "answers", "assumed",
)  # fmt: skip
LATENCY_S = 2.0
"""What each answer of the scripted model takes."""
_CSV_COLUMNS = (
    "variant", "name", "seconds", "tokens", "llm_calls", "most_at_once", "prompt_characters",
    "answer_characters", "assumed_tokens",
)  # fmt: skip
_BAR = 30


def add_arguments(parser: Parser) -> None:
    """Declare the arguments."""
    parser.add_argument("--only", choices=variants(), action="append", metavar="VARIANT")
    parser.add_argument("--latency", type=float, default=LATENCY_S, metavar="SECONDS")
    parser.add_argument("--csv", type=Path, metavar="FILE")
    parser.add_argument("--plot", type=Path, metavar="FILE")


def run(options: argparse.Namespace) -> int:
    """Measure, and print the table; gives 1 where all on does not carry out all steps.

    Raises:
        RequestFailed: A step was carried out wrongly, or the file can't be written.
    """
    found: list[Measured] = []
    custom: list[CustomMeasured] = []
    for variant in options.only or variants():
        name = text(options.language, f"bench.variant.{variant}")
        print_notice(text(options.language, "cli.bench.measuring", variant=name))
        found.append(measured(variant))
        custom.append(custom_measured(variant, options.latency))
    if options.csv:
        _write_csv(options.csv, found, custom)
    if options.plot:
        _write(options.plot, _plot(found, custom, options.language))
    if options.json:
        print_json(_as_json(found, custom, options.latency))
    else:
        _print(found, options.language)
        print_text("")
        _print_custom(custom, options.latency, options.language)
    everything: list[Measured | CustomMeasured] = [*found, *custom]
    return 1 if any(m.stopped for m in everything if m.variant == ALL_ON) else 0


def _print(found: Sequence[Measured], language: str) -> None:
    whole = next((m for m in found if m.variant == ALL_ON and not m.stopped), None)
    longest = max((m.seconds for m in found), default=0.0) or 1.0
    rows = [[*(text(language, f"cli.bench.column.{name}") for name in _COLUMNS), ""]]
    rows += [[*_row(m, whole, language), "#" * round(_BAR * m.seconds / longest)] for m in found]
    rows += [_published(baseline, language) for baseline in published_baselines()]
    _print_table(rows)
    _print_stopped(found, language)


def _print_custom(found: Sequence[CustomMeasured], latency_s: float, language: str) -> None:
    """The request that wants a model: calls and sizes are counted, tokens converted from them."""
    count = len(FRAGMENTS)
    say(language, "cli.bench.about_custom", count=count, seconds=latency_s)
    whole = next((m for m in found if m.variant == ALL_ON and not m.stopped), None)
    longest = max((m.seconds for m in found), default=0.0) or 1.0
    rows = [[*(text(language, f"cli.bench.column.{name}") for name in _CUSTOM_COLUMNS), ""]]
    for one in found:
        is_other = whole is not None and one is not whole and not one.stopped
        figures = [
            text(language, f"bench.variant.{one.variant}"),
            f"{one.seconds:.2f}",
            f"{one.seconds - whole.seconds:+.2f}" if whole and is_other else "-",
            str(one.calls),
            str(one.most_at_once),
            f"{one.prompt_characters:,}",
            f"{one.answer_characters:,}",
            f"{one.assumed_tokens:,}",
        ]
        rows.append([*figures, "#" * round(_BAR * one.seconds / longest)])
    _print_table(rows)
    _print_stopped(found, language)


def _print_table(rows: Sequence[Sequence[str]]) -> None:
    """Rows of a first column, figures, and a bar."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for first, *figures, bar in rows:
        cells = [f"{figure:>{width}}" for figure, width in zip(figures, widths[1:], strict=False)]
        print_text("  ".join([f"{first:<{widths[0]}}", *cells, bar]).rstrip())


def _print_stopped(found: Sequence[Measured | CustomMeasured], language: str) -> None:
    for one in found:
        if one.stopped:
            name = text(language, f"bench.variant.{one.variant}")
            say(language, "cli.bench.stopped", variant=name, why=one.stopped)


def _plot(found: Sequence[Measured], custom: Sequence[CustomMeasured], language: str) -> str:
    """Seconds of all settings, under them the published medians, in one scale."""
    title = text(language, "cli.bench.column.variant")
    with_model = text(language, "cli.bench.column.custom")
    bars = [
        Bar(f"{heading}: {name}", 0.0, one.seconds, f"{one.seconds:.2f} s")
        for heading, settings in ((title, found), (with_model, custom))
        for one in settings
        if not one.stopped
        for name in (text(language, f"bench.variant.{one.variant}"),)
    ]
    bars += [
        Bar(
            text(language, "cli.bench.published", name=other.name),
            0.0,
            float(other.seconds),
            f"{other.seconds:,} s",
            is_faint=True,
        )
        for other in published_baselines()
    ]
    return bars_svg(title, bars)


def _row(one: Measured, whole: Measured | None, language: str) -> list[str]:
    is_other = whole is not None and one is not whole and not one.stopped
    return [
        text(language, f"bench.variant.{one.variant}"),
        f"{len(one.steps)}/{len(STEPS)}",
        f"{one.seconds:.2f}",
        f"{one.seconds - whole.seconds:+.2f}" if whole and is_other else "-",
        f"{one.tokens:,}",
        str(one.llm_calls),
    ]


def _published(other: Baseline, language: str) -> list[str]:
    name = text(language, "cli.bench.published", name=other.name)
    return [name, "-", f"{other.seconds:,}", "-", f"{other.tokens:,}", str(other.calls), ""]


def _as_json(
    found: Sequence[Measured], custom: Sequence[CustomMeasured], latency_s: float
) -> dict[str, Any]:
    return {
        "success": True,
        "variants": [
            {
                "seconds": round(m.seconds, 3),
                "tokens": m.tokens,
                "llm_calls": m.llm_calls,
                **asdict(m),
            }
            for m in found
        ],
        "custom": {
            "latency_seconds": latency_s,
            "fragments": len(FRAGMENTS),
            "variants": [asdict(one) | {"assumed_tokens": one.assumed_tokens} for one in custom],
        },
        "published": [asdict(baseline) for baseline in published_baselines()],
    }


def _write_csv(path: Path, found: Sequence[Measured], custom: Sequence[CustomMeasured]) -> None:
    """A line a step, then a line a setting of the request that wants a model.

    ``tokens`` is what BAES counted, ``assumed_tokens`` is converted from characters.
    """
    lines = io.StringIO(newline="")
    writer = csv.DictWriter(lines, _CSV_COLUMNS, restval="")
    writer.writeheader()
    for one in found:
        for step in one.steps:
            writer.writerow(asdict(step) | {"variant": one.variant, "name": step.name})
    for request in custom:
        if not request.stopped:
            counted = asdict(request) | {"name": "custom", "llm_calls": request.calls}
            del counted["calls"], counted["stopped"]
            writer.writerow(counted | {"assumed_tokens": request.assumed_tokens})
    _write(path, lines.getvalue())


def _write(path: Path, content: str) -> None:
    try:
        path.write_text(content, encoding="utf-8", newline="")
    except OSError as error:
        cause = error.strerror or type(error).__name__
        raise RequestFailed.of("cli.error.unwritable", path=path, cause=cause) from error
