"""How well requests are understood, over every corpus: ``python -m evaluation.run``.

It asks the real command, ``baes interpret --batch``, in an empty project, so that what is measured
is what a user gets, and prints for each corpus and each tag how many answers are exact, confidently
wrong (the worst), deferred to a question or a language model, or missing.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evaluation import match
from evaluation.corpus import CORPORA, Corpus, load_corpora

__all__ = ["Verdict", "judge_corpus", "main"]

_WORST_FIRST = ("confident_wrong", "missing", "deferred", "rightly_deferred")


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one case was answered."""

    id: str
    text: str
    tags: tuple[str, ...]
    outcomes: tuple[str, ...]
    """The columns of the table that this case adds to."""
    reasons: tuple[str, ...]
    """Why the answer isn't exact."""

    @property
    def is_exact(self) -> bool:
        """Whether nothing is left to wish for."""
        return "exact" in self.outcomes


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the tables; 1 where a threshold is missed."""
    options = _parser().parse_args(arguments)
    every: list[Verdict] = []
    for corpus in _chosen(options):
        verdicts = judge_corpus(corpus, _answers(corpus))
        every += verdicts
        print(f"\n{corpus.name}\n{_table(verdicts, by_tag=not options.brief)}")
        print(_failures(verdicts, options.failures), end="")
    print(f"\nall corpora\n{_table(every, by_tag=False)}")
    return _status(every, options)


def judge_corpus(corpus: Corpus, answers: dict[str, dict[str, Any]]) -> list[Verdict]:
    """One verdict a case; a case without an answer is ``missing``."""
    verdicts = []
    for case in corpus.cases:
        outcomes, reasons = match.judge(case["expect"], answers.get(case["id"]))
        tags = tuple(tag for tag in case["tags"] if not tag.startswith("d:"))
        verdicts.append(Verdict(case["id"], case["text"], tags, tuple(outcomes), tuple(reasons)))
    return verdicts


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m evaluation.run", description=__doc__)
    parser.add_argument("--corpus", metavar="NAME", action="append", help="this corpus alone")
    parser.add_argument("--only", metavar="TAG", help="the cases with this tag alone")
    parser.add_argument(
        "--failures", type=int, default=0, metavar="N", help="show N cases, worst first"
    )
    parser.add_argument("--brief", action="store_true", help="no lines for single tags")
    parser.add_argument("--min-exact", type=float, metavar="PERCENT", help="exit 1 below this")
    parser.add_argument("--max-wrong", type=float, metavar="PERCENT", help="exit 1 above this")
    return parser


def _chosen(options: argparse.Namespace) -> Iterable[Corpus]:
    corpora = {corpus.name: corpus for corpus in load_corpora(CORPORA)}
    for name in options.corpus or corpora:
        if name not in corpora:
            sys.exit(f"there is no corpus {name}; there are {', '.join(corpora)}")
        yield corpora[name].only(options.only) if options.only else corpora[name]


def _answers(corpus: Corpus) -> dict[str, dict[str, Any]]:
    """What ``baes interpret --batch`` prints, by the case's id."""
    command = Path(sys.executable).with_name("baes")
    with tempfile.TemporaryDirectory() as folder:
        batch = Path(folder, "cases.jsonl")
        batch.write_text("".join(_asked(case) for case in corpus.cases), encoding="utf-8")
        project = Path(folder, "project")
        done = subprocess.run(
            [command, "interpret", "--batch", batch, "--project", project],
            capture_output=True,
            check=False,
            encoding="utf-8",
        )
    if done.returncode != 0:
        print(f"baes interpret --batch exited {done.returncode}\n{done.stderr}", file=sys.stderr)
    answers = (json.loads(line) for line in done.stdout.split("\n") if line.startswith("{"))
    return {str(answer.get("id")): answer for answer in answers}


def _asked(case: dict[str, Any]) -> str:
    """A case as the command gets it: without what is expected."""
    return json.dumps({key: case[key] for key in ("id", "text", "context")}) + "\n"


def _table(verdicts: list[Verdict], *, by_tag: bool) -> str:
    counts: dict[str, Counter[str]] = {"overall": Counter()}
    for verdict in verdicts:
        for line in ("overall", *(verdict.tags if by_tag else ())):
            counts.setdefault(line, Counter()).update(["n", *verdict.outcomes])
    widths = [max(len(column), 5) for column in match.COLUMNS]
    tags = sorted(counts, key=lambda tag: (tag != "overall", -counts[tag]["n"], tag))
    rows = [_row(tag, [counts[tag][column] for column in match.COLUMNS], widths) for tag in tags]
    return "\n".join([_row("", match.COLUMNS, widths), *rows, _shares(counts["overall"])])


def _row(head: str, cells: Iterable[object], widths: list[int]) -> str:
    return f"{head:<18}" + "".join(
        f"  {cell!s:>{width}}" for cell, width in zip(cells, widths, strict=True)
    )


def _shares(counts: Counter[str]) -> str:
    total = max(counts["n"], 1)
    shown = ("exact", "confident_wrong", "deferred", "missing")
    return ", ".join(f"{column} {100 * counts[column] / total:.1f} %" for column in shown)


def _failures(verdicts: list[Verdict], number: int) -> str:
    failed = [verdict for verdict in verdicts if not verdict.is_exact]
    failed.sort(key=lambda verdict: _WORST_FIRST.index(verdict.outcomes[-1]))
    return "".join(
        f"\n{verdict.id} {verdict.outcomes[-1]}: {verdict.text[:300]!r}\n"
        + "".join(f"  - {reason}\n" for reason in verdict.reasons)
        for verdict in failed[:number]
    )


def _status(verdicts: list[Verdict], options: argparse.Namespace) -> int:
    total = max(len(verdicts), 1)
    exact = 100 * sum(verdict.is_exact for verdict in verdicts) / total
    wrong = 100 * sum("confident_wrong" in verdict.outcomes for verdict in verdicts) / total
    too_few = options.min_exact is not None and exact < options.min_exact
    too_many = options.max_wrong is not None and wrong > options.max_wrong
    return int(too_few or too_many)


if __name__ == "__main__":
    sys.exit(main())
