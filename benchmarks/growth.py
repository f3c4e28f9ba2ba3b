"""What one more entity costs in a project that has many."""

from __future__ import annotations

import functools
import shutil
import statistics
import subprocess
import tempfile

from benchmarks.figure import Figure, median_seconds
from benchmarks.processes import BAES

__all__ = ["figures"]

ENTITIES = 100


def figures() -> list[Figure]:
    """Requests for one entity each, one after the other: the last ten against the first ten."""
    folder = tempfile.mkdtemp(prefix="baes-growth-")
    try:
        adding = (functools.partial(_add, folder, number) for number in range(ENTITIES))
        seconds = [median_seconds(add, 1) for add in adding]
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    first, last = statistics.median(seconds[:10]), statistics.median(seconds[-10:])
    return [
        Figure("an entity, the first ten of a hundred", first, "s"),
        Figure("an entity, the last ten of a hundred", last, "s"),
        Figure("last ten against first ten", last / first, "times", 2.0),
    ]


def _add(folder: str, number: int) -> None:
    text = f"Create Gadget{_letters(number)} with name, price and purchase date"
    subprocess.run(
        [str(BAES), "request", text, "--json", "--project", folder], check=True, capture_output=True
    )


def _letters(number: int) -> str:
    """A number in letters, so that no name ends in digits.

    >>> _letters(0), _letters(27)
    ('aa', 'bb')
    """
    return chr(ord("a") + number // 26) + chr(ord("a") + number % 26)
