"""``make bench``: every figure, its goal, and how it was measured, in one table.

Medians of several runs; whole processes are timed from outside, with the wall clock. Machines are
noisy, so compare figures of one run with each other rather than with those of another day.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable

from benchmarks import (
    api_throughput,
    generation,
    growth,
    neighbour,
    pages,
    parallel,
    processes,
    prompts,
    recognition,
    review,
    rules,
    six_steps,
)
from benchmarks.figure import Figure, table

GROUPS: dict[str, Callable[[], list[Figure] | str]] = {
    "processes": processes.figures,
    "generation": generation.figures,
    "six-steps": six_steps.report,
    "growth": growth.figures,
    "recognition": recognition.figures,
    "prompts": prompts.figures,
    "review": review.figures,
    "parallel": parallel.figures,
    "api": api_throughput.figures,
    "rules": rules.figures,
    "pages": pages.figures,
    "neighbour": neighbour.report,
}


def main() -> int:
    """Measure the groups that are named, or all."""
    parser = argparse.ArgumentParser(description="Measure BAES.")
    parser.add_argument("groups", nargs="*", metavar="GROUP", help=f"of {', '.join(GROUPS)}")
    chosen = parser.parse_args().groups or list(GROUPS)
    unknown = sorted(set(chosen) - set(GROUPS))
    if unknown:
        parser.error(f"there is no group {unknown[0]}")
    for group in chosen:
        measured = GROUPS[group]()
        print(measured if isinstance(measured, str) else table(group, measured), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
