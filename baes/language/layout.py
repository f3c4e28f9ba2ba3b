"""Stage 1: the lines of a request as a tree: headings and what stands under them.

A bullet stands under the nearest line before it that is less deep; plain short lines stand under
a first line that reads like a title. Every node keeps its place in the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from baes.language.syntax import Syntax

__all__ = ["Node", "layout", "sentences"]


@dataclass(frozen=True, slots=True)
class Node:
    """One line (or wrapped paragraph) and the lines under it."""

    start: int
    end: int
    """Offsets of its own text, without marker and emphasis at its ends."""
    bullet: bool
    children: tuple[Node, ...] = ()


@dataclass(slots=True)
class _Line:
    start: int
    end: int
    depth: int
    bullet: bool
    gap: bool
    """Whether an empty line stands before it."""


_MARKER = re.compile(
    r"(?:[-*\u2022\u2013\u2014\u25cf\u25aa\u2023\u00b7o+]|\(?\d{1,2}[.)]|\(?[a-z]\)"
    r"|[A-Z]{1,5}-\d{1,3}[:.)]?|[A-Z]{1,3}\d{1,3}[:.)])[ \t]+"
)
_HEADING = re.compile(r"#{1,6}[ \t]+")
_ENDS_SENTENCE = re.compile(r"[.!?]\W*$")
_TITLE_WORDS = 5
_LEAD_LENGTH = 20
_MAX_DEPTH = 40
_BOUNDARY = re.compile(r"[.!?\u3002]+[\"')\u201d]*(?=\s|$)")


def layout(text: str, syntax: Syntax) -> tuple[Node, ...]:
    """The tree of a request's lines."""
    return _tree(_lines(text, syntax), text)


def sentences(text: str, start: int, end: int, syntax: Syntax) -> tuple[tuple[int, int], ...]:
    """Where the sentences of a part of a text begin and end."""
    found, begin = [], start
    for boundary in _BOUNDARY.finditer(text, start, end):
        last_word = text[max(start, boundary.start() - 8) : boundary.end()].split(" ")[-1].lower()
        if last_word in syntax.abbreviations and text[boundary.end() : end].strip()[:1].islower():
            continue
        found.append((begin, boundary.end()))
        begin = boundary.end()
    if text[begin:end].strip():
        found.append((begin, end))
    return tuple(found)


def _lines(text: str, syntax: Syntax) -> list[_Line]:
    lines: list[_Line] = []
    offset, gap, heading_depth = 0, False, 0
    for raw in text.splitlines(keepends=True):
        line = _line(raw, offset, gap)
        offset += len(raw)
        if line is None:
            gap = True
            continue
        gap = False
        if _HEADING.match(text, line.start):
            heading_depth = text[line.start : line.start + 6].count("#")
            line.start += heading_depth + 1
            line.depth = heading_depth - 1
        else:
            line.depth += heading_depth
        if lines and _continues(lines[-1], line, text, syntax):
            lines[-1].end = line.end
        else:
            lines.append(line)
    return lines


def _line(raw: str, offset: int, gap: bool) -> _Line | None:
    stripped = raw.strip().strip("*").strip()
    if not stripped.strip("-=_*~ \t"):
        return None
    indent = len(raw.expandtabs(4)) - len(raw.expandtabs(4).lstrip())
    start = offset + len(raw) - len(raw.lstrip())
    body = raw.strip()
    marker = _MARKER.match(body)
    if marker:
        start += marker.end()
    end = offset + len(raw.rstrip())
    return _Line(
        start, end, min(indent, _MAX_DEPTH) * 2 + (1 if marker else 0), marker is not None, gap
    )


def _continues(before: _Line, line: _Line, text: str, syntax: Syntax) -> bool:
    """Whether a line only goes on with the one before it, wrapped."""
    if line.gap or line.bullet or line.depth < before.depth - (1 if before.bullet else 0):
        return False
    earlier = text[before.start : before.end].rstrip()
    later = text[line.start : line.start + _LEAD_LENGTH].lower()
    if syntax.goes_on_with and later.startswith(syntax.goes_on_with):
        return not _ENDS_SENTENCE.search(earlier)  # a story over several lines
    wrapped = earlier.endswith((",", *syntax.line_goes_on)) or len(earlier.split("\n")[-1]) > 60
    return (
        wrapped
        and not earlier.endswith((":", ".", ";"))
        and (text[line.start : line.start + 1].islower() or earlier.endswith(","))
    )


def _tree(lines: list[_Line], text: str) -> tuple[Node, ...]:
    parents: list[int] = []
    children: dict[int, list[int]] = {}
    top: list[int] = []
    for i, line in enumerate(lines):
        while parents:
            siblings = [lines[child] for child in children.get(parents[-1], ())]
            listed = len(parents) > 1 and _plain_list(lines[parents[-2]], lines[parents[-1]])
            if not (listed and _plain_list(lines[parents[-1]], line)) and _under(
                lines[parents[-1]], line, text, siblings
            ):
                break
            parents.pop()
        (children.setdefault(parents[-1], []) if parents else top).append(i)
        parents.append(i)
    return tuple(_node(i, lines, children) for i in top)


def _plain_list(above: _Line, line: _Line) -> bool:
    """Whether two lines stand in one list without bullets, whose members hold nothing."""
    return not (above.bullet or line.bullet or line.gap) and above.depth == line.depth


def _under(above: _Line, line: _Line, text: str, siblings: list[_Line]) -> bool:
    if line.depth > above.depth and (line.bullet or not above.bullet or not line.gap):
        return not (line.gap and not line.bullet and above.depth == 0 and line.depth < 2)
    if line.bullet or above.bullet or line.gap or line.depth != above.depth:
        return False
    if any(sibling.bullet for sibling in siblings):
        return False
    return _is_title(text[above.start : above.end], bool(siblings))


def _is_title(text: str, has_children: bool) -> bool:
    """Whether a plain line reads like the title of the plain lines that follow it."""
    if text.endswith(":"):
        return True
    if has_children or not _ENDS_SENTENCE.search(text):
        return len(text.split()) <= _TITLE_WORDS and not any(mark in text for mark in ":,;.(!?-<>")
    return False


def _node(i: int, lines: list[_Line], children: dict[int, list[int]]) -> Node:
    line = lines[i]
    below = tuple(_node(child, lines, children) for child in children.get(i, ()))
    return Node(line.start, line.end, line.bullet, below)
