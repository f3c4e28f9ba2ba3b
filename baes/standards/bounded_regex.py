"""Regular expressions that can't hang: what could take exponential time is refused when made.

Python's engine goes back over every way in which nested repeats can share a text. A repeat
that is neither fixed nor possessive may therefore hold no other one and no choice, and an
expression has few of them; applied to a line, or to windows of a very long one, the rest is fast.
"""

from __future__ import annotations

import re
import re._constants as kinds  # type: ignore[import-not-found]  # the standard library's own parser
import re._parser as parser  # type: ignore[import-not-found]  # has no stubs
from collections.abc import Iterable, Iterator
from typing import Any

from baes.standards.artifact_code import Match

__all__ = ["WINDOW", "compiled", "places_in"]

WINDOW = 400
"""Characters of a line that are looked at together."""
MAX_REPEATS = 4
"""Unbounded repeats in one expression; each multiplies the time by the length of the line."""


def compiled(regex: str) -> re.Pattern[str]:
    """The expression, ready to use.

    Raises:
        ValueError: It is broken, or could take for ever.
    """
    try:
        tree = parser.parse(regex, re.MULTILINE)
        found = re.compile(regex, re.MULTILINE)
    except (re.error, RecursionError, OverflowError) as exc:
        raise ValueError(f"the regular expression is broken: {exc}") from exc
    if _repeats(tree, inside=False) > MAX_REPEATS:
        raise ValueError(f"it could take for ever: more than {MAX_REPEATS} unbounded repeats")
    return found


def places_in(lines: Iterable[str], regex: re.Pattern[str]) -> Iterator[Match]:
    """Where an expression fits, line by line; what spans two lines or half a window isn't found."""
    for number, line in enumerate(lines, 1):
        if len(line) <= WINDOW:
            for found in regex.finditer(line):
                yield Match(number, found.group().strip(), column=found.start() + 1)
            continue
        last = -1
        for start in range(0, len(line), WINDOW // 2):
            for found in regex.finditer(line, start, start + WINDOW):
                if found.start() > last:
                    last = found.start()
                    yield Match(number, found.group().strip(), column=last + 1)


def _repeats(tree: Any, *, inside: bool) -> int:
    """How many unbounded repeats an expression has.

    Raises:
        ValueError: One holds another one, or a choice.
    """
    count = 0
    for kind, value in tree:
        if kind in (kinds.MAX_REPEAT, kinds.MIN_REPEAT):
            low, high, part = value
            if inside and low != high:
                raise ValueError("it could take for ever: a repeat within a repeat")
            unbounded = high is kinds.MAXREPEAT or high > WINDOW
            count += unbounded + _repeats(part, inside=inside or high > 1)
        elif kind is kinds.BRANCH:
            if inside:
                raise ValueError("it could take for ever: a choice within a repeat")
            count += sum(_repeats(part, inside=inside) for part in value[1])
        elif kind in (kinds.POSSESSIVE_REPEAT, kinds.ATOMIC_GROUP):
            continue
        else:
            count += sum(_repeats(part, inside=inside) for part in _parts(value))
    return count


def _parts(value: Any) -> Iterator[Any]:
    """The expressions within a group, a look-ahead or a condition."""
    if isinstance(value, parser.SubPattern):
        yield value
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _parts(item)
