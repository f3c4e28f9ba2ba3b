"""Tables: with pipes, with columns of blanks, with commas; specifications and spreadsheets.

Where the headings are words about attributes ("name | type | required") each row is an attribute;
where they are attributes themselves the rows below them are examples.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from baes.language.hints import hinted_type
from baes.language.listings.wording import (
    Field,
    entity_line,
    field_of,
    is_key,
    is_name,
    listing_words,
    meaning_of,
    said_of,
)
from baes.language.vocabulary import Vocabulary

__all__ = ["tell_tables"]

_Row = list[str]
_MIN_COLUMNS = 2
_MIN_LONE_COLUMNS = 3
"""A header alone, with no rows, has three at least."""
_RULE = re.compile(r"[\s|:+=-]*-[\s|:+=-]*")
_BLANKS = re.compile(r"\t+|[ ]{2,}")
_INTEGER = re.compile(r"-?(?:0|[1-9]\d{0,8})")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?")
_DECIMAL = re.compile(r"-?\d{1,9}\.\d+")
_ENDS = (".", "?", "!", ";")


def tell_tables(text: str, lexicon: Vocabulary) -> tuple[str, int]:
    """A request with its tables told in words, and how many rows were examples."""
    lines = text.split("\n")
    told: list[str] = []
    rows = i = 0
    while i < len(lines):
        longest = 1
        for cut in (_piped, _spaced, _comma_separated):
            span = _span(lines, i, cut)
            block = _block(span, lone=cut is not _spaced)
            line, examples = _told(block, cut is _piped, told, lexicon) if block else ("", 0)
            if line:
                rows += examples
                told.append(line)
                i += len(span)
                break
            longest = max(longest, len(span))
        else:
            told += lines[i : i + longest]
            i += longest
    return "\n".join(told), rows


# ------------------------------------------------------------------------- where tables are
def _piped(line: str) -> _Row | None:
    bare = line.strip()
    if "|" not in bare:
        return None
    if _RULE.fullmatch(bare):
        return []
    cells = [cell.strip(" *`_") for cell in bare.strip("|").split("|")]
    return cells if len(cells) >= _MIN_COLUMNS else None


def _spaced(line: str) -> _Row | None:
    bare = line.strip()
    if _RULE.fullmatch(bare):
        return []
    cells = _BLANKS.split(bare)
    return cells if len(cells) >= _MIN_COLUMNS and not bare.endswith(_ENDS) else None


def _comma_separated(line: str) -> _Row | None:
    """Cells with no blank behind the comma, so that it is no sentence."""
    bare = line.strip()
    mark = "," if "," in bare else ";"
    cells = bare.split(mark)
    plain = not bare.endswith((*_ENDS, mark)) and not re.search(rf"{mark}\s", bare)
    return [c.strip("\"' ") for c in cells] if plain and len(cells) >= _MIN_COLUMNS else None


def _span(lines: list[str], start: int, cut: Callable[[str], _Row | None]) -> list[_Row]:
    """The rows of one table from a line on, rules included as empty ones."""
    rows: list[_Row] = []
    width = 0
    for line in lines[start:]:
        cells = cut(line) if line.strip() else None
        if cells is None or (cells and width and len(cells) != width):
            break
        width = width or len(cells)
        rows.append(cells)
    return rows


def _block(span: list[_Row], lone: bool) -> list[_Row]:
    """The rows without rules; none where they are too few for a table."""
    rows = [row for row in span if row]
    if len(rows) == 1 and not (lone and len(rows[0]) >= _MIN_LONE_COLUMNS):
        return []
    return rows


# ------------------------------------------------------------------------- what they say
def _told(block: list[_Row], lone: bool, before: list[str], lexicon: Vocabulary) -> tuple[str, int]:
    """The line for a table, ``("", 0)`` where it can't be told; the heading before it goes on."""
    head, rows = block[0], block[1:]
    lone = lone and not rows
    meanings = [meaning_of(cell, lexicon) for cell in head]
    entity = ""
    if meanings[0] == "name" and rows and all(meanings):
        fields = _described(meanings, rows, lexicon)
        examples = 0
    elif rows and is_name(head[0]) and not any(head[1:]):
        entity = head[0]
        fields = _described(["name", *["said"] * (len(head) - 1)], rows, lexicon)
        examples = 0
    elif all(is_name(cell) for cell in head):
        if lone and not _ends_heading(before):
            entity, head = head[0], head[1:]
        fields = [(name, _type_of(name, column, lexicon)) for name, column in _columns(head, rows)]
        examples = len(rows)
    else:
        return "", 0
    kept = [field for field in fields or [] if not is_key(field[0])]
    if not kept:
        return "", 0
    if entity:
        return entity_line(entity, kept), examples
    return _behind(before, ", ".join(field_of(field) for field in kept)), examples


def _behind(before: list[str], fields: str) -> str:
    """The attributes as the rest of the line before them, where that leads to them."""
    gap = len(before)
    while gap and not before[gap - 1].strip():
        gap -= 1
    if not gap:
        return re.sub(r" \([^()]*\)", "", fields)  # nobody said of what: no list of entities
    lead = before[gap - 1].rstrip()
    if lead.endswith((".", "!", "?")):
        return fields
    del before[gap - 1 :]
    lead = lead.rstrip(":").rstrip().lstrip("# ")
    return f"{lead}: {fields}"


def _ends_heading(before: list[str]) -> bool:
    """Whether the last line before leads to a list."""
    filled = [line for line in before if line.strip()]
    return bool(filled) and not filled[-1].rstrip().endswith((".", "!", "?"))


def _described(meanings: list[str], rows: list[_Row], lexicon: Vocabulary) -> list[Field] | None:
    """A row an attribute, its cells what is said of it."""
    fields: list[Field] = []
    for row in rows:
        parts: list[str] = []
        for meaning, cell in zip(meanings[1:], row[1:], strict=True):
            said = cell if meaning == "said" else said_of(meaning, cell, lexicon)
            if said is None:
                return None
            parts.append("" if not said.strip("- ") else said)
        if not is_name(row[0]):
            return None
        fields.append((row[0], tuple(parts)))
    return fields


def _columns(head: _Row, rows: list[_Row]) -> list[tuple[str, list[str]]]:
    return [(name, [row[i] for row in rows]) for i, name in enumerate(head)]


def _type_of(name: str, column: list[str], lexicon: Vocabulary) -> tuple[str, ...]:
    """The type that all examples have, where the name tells none."""
    values = [value for value in column if value]
    if not values or hinted_type(name, lexicon) is not None:
        return ()
    truths = {listing_words(lexicon.language).truth.get(value.lower()) for value in values}
    if None not in truths and not all(value.isdigit() for value in values):
        return ("boolean",)
    for pattern, type_ in (
        (_DATE, "date"), (_MOMENT, "datetime"), (_INTEGER, "integer"), (_DECIMAL, "decimal")
    ):  # fmt: skip
        if all(pattern.fullmatch(value) for value in values):
            return (type_,)
    return ()
