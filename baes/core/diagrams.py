"""The entity diagram of a system: as Mermaid, which many tools draw, and as a drawing (SVG).

Both are made by hand: a layout engine would be a dependency that costs more to start than the whole
command, for pictures of some ten boxes.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from math import ceil, sqrt

from baes.core.wording import Wording
from baes.spec.model import Entity, Relationship, SystemSpec
from baes.texts import text

__all__ = ["mermaid", "svg"]

_ENDS = {
    ("many_to_one", False): "}o--o|",
    ("many_to_one", True): "}o--||",
    ("one_to_one", False): "|o--o|",
    ("one_to_one", True): "|o--||",
    ("many_to_many", False): "}o--o{",
    ("many_to_many", True): "}o--|{",
}
"""(kind, required) -> how Mermaid writes the line from the ``from`` side to the other."""

_COUNTS = {"many_to_one": ("n", "1"), "one_to_one": ("1", "1"), "many_to_many": ("n", "n")}

_LINE_HEIGHT = 18
_CHARACTER_WIDTH = 7.5
_PADDING = 12
_GAP = 90
"""Pixels; between the boxes, so that the lines and their words have room."""


def mermaid(spec: SystemSpec) -> str:
    """The system as Mermaid's ``erDiagram``."""
    lines = ["erDiagram"]
    for entity in spec:
        lines.append(f"    {entity.name} {{")
        lines += [
            f"        {attribute.type} {attribute.name}{' UK' if attribute.unique else ''}"
            for attribute in entity.attributes
        ]
        lines.append("    }")
    lines += [
        f"    {link.source} {_ENDS[link.kind, link.required]} {link.target} : {link.name}"
        for link in spec.relationships
    ]
    return "\n".join(lines) + "\n"


@dataclass(frozen=True, slots=True)
class _Box:
    """An entity's place in the drawing."""

    title: str
    lines: tuple[str, ...]
    x: float = 0
    y: float = 0

    @property
    def width(self) -> float:
        longest = max(map(len, (self.title, *self.lines)))
        return longest * _CHARACTER_WIDTH + 2 * _PADDING

    @property
    def height(self) -> float:
        return (len(self.lines) + 1) * _LINE_HEIGHT + 2 * _PADDING

    @property
    def middle(self) -> tuple[float, float]:
        return self.x + self.width / 2, self.y + self.height / 2


def svg(spec: SystemSpec, language: str) -> str:
    """The system as a drawing: a box an entity, a line a relationship."""
    boxes = _placed([_box(entity, language) for entity in spec])
    by_name = dict(zip((entity.name for entity in spec), boxes, strict=True))
    width = max((box.x + box.width for box in boxes), default=0) + _GAP
    height = max((box.y + box.height for box in boxes), default=0) + _GAP
    words = Wording(language, spec)
    drawn = [
        *(
            _line(by_name[link.source], by_name[link.target], link, words)
            for link in spec.relationships
        ),
        *map(_rectangle, boxes),
    ]
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}"'
        f' width="{width:g}" height="{height:g}" font-family="sans-serif" font-size="13">'
    )
    return "\n".join([head, '<rect width="100%" height="100%" fill="white"/>', *drawn, "</svg>\n"])


def _box(entity: Entity, language: str) -> _Box:
    lines = (f"{a.title}: {text(language, f'common.types.{a.type}')}" for a in entity.attributes)
    return _Box(entity.title, tuple(lines))


def _placed(boxes: list[_Box]) -> list[_Box]:
    """The boxes in rows, each column as wide as its widest and each row as high as its highest."""
    columns = max(1, ceil(sqrt(len(boxes))))
    placed: list[_Box] = []
    y = float(_GAP)
    for start in range(0, len(boxes), columns):
        row = boxes[start : start + columns]
        x = float(_GAP)
        for index, box in enumerate(row):
            placed.append(_Box(box.title, box.lines, x, y))
            x += max(other.width for other in boxes[index::columns]) + _GAP
        y += max(box.height for box in row) + _GAP
    return placed


def _rectangle(box: _Box) -> str:
    top = box.y + _PADDING + _LINE_HEIGHT - 5
    rows = "".join(
        f'<text x="{box.x + _PADDING:g}" y="{top + number * _LINE_HEIGHT:g}">{escape(line)}</text>'
        for number, line in enumerate(box.lines, start=1)
    )
    return (
        f'<rect x="{box.x:g}" y="{box.y:g}" width="{box.width:g}" height="{box.height:g}" rx="6"'
        f' fill="#f7f9fc" stroke="#44546a"/>'
        f'<text x="{box.x + _PADDING:g}" y="{top:g}" font-weight="bold">{escape(box.title)}</text>'
        f"{rows}"
    )


def _line(source: _Box, target: _Box, link: Relationship, words: Wording) -> str:
    name = escape(words.attribute(link.source, link.name))
    many, one = _COUNTS[link.kind]
    if source is target:
        x, y = source.x + source.width, source.y
        path = f"M {x - 30:g} {y:g} C {x - 30:g} {y - 50:g} {x + 50:g} {y + 10:g} {x:g} {y + 30:g}"
        return (
            f'<path d="{path}" fill="none" stroke="#44546a"/>'
            f'<text x="{x + 10:g}" y="{y - 14:g}" fill="#44546a">{name} {many}:{one}</text>'
        )
    (x1, y1), (x2, y2) = _edge(source, target), _edge(target, source)
    return (
        f'<line x1="{x1:g}" y1="{y1:g}" x2="{x2:g}" y2="{y2:g}" stroke="#44546a"/>'
        f'<text x="{(x1 + x2) / 2:g}" y="{(y1 + y2) / 2 - 4:g}" text-anchor="middle"'
        f' fill="#44546a">{name} {many}:{one}</text>'
    )


def _edge(box: _Box, other: _Box) -> tuple[float, float]:
    """Where the line from the middle of a box to another one's leaves the box."""
    (x, y), (to_x, to_y) = box.middle, other.middle
    across, down = to_x - x, to_y - y
    share = min(
        box.width / 2 / abs(across) if across else 1,
        box.height / 2 / abs(down) if down else 1,
        1,
    )
    return x + across * share, y + down * share
