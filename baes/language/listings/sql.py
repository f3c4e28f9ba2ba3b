"""SQL: ``CREATE TABLE`` with columns, keys, defaults and checks of one column."""

from __future__ import annotations

import re
from collections.abc import Mapping

from baes.language.listings.wording import Field, entity_line, is_key, listing_words
from baes.language.vocabulary import Vocabulary

__all__ = ["tell_sql"]

_CREATE = re.compile(
    r"create\s+table\s+(?:if\s+not\s+exists\s+)?[\"`\[]?([^\W\d]\w*)[\"`\]]?\s*\(", re.IGNORECASE
)
_QUOTES = '"`[]'
_CONSTRAINTS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), meaning)
    for pattern, meaning in (
        (r"(?:constraint\s+\w+\s+)?primary\s+key", "key"),
        (r"auto_?increment|generated\s+(?:always|by\s+default)\s+as\s+identity", ""),
        (r"not\s+null", "required"),
        (r"null\b", "optional"),
        (r"unique", "unique"),
        (r"default\s+(?:'([^']{1,60})'|\(?([\w.+-]+)(?:\(\))?\)?)", "default"),
        (r"references\s+[\"`]?(\w+)[\"`]?\s*(?:\(\s*[\"`]?id[\"`]?\s*\))?", "link"),
        (r"check\s*\(\s*\w+\s+in\s*\(([^()]+)\)\s*\)", "choices"),
        (r"check\s*\(\s*\w+\s*(>=|<=|>|<)\s*(-?[\d.]+)\s*\)", "bound"),
    )
)
_FOREIGN = re.compile(
    r"foreign\s+key\s*\(\s*[\"`]?(\w+)[\"`]?\s*\)\s*references\s+[\"`]?(\w+)[\"`]?"
    r"\s*(?:\(\s*[\"`]?id[\"`]?\s*\))?", re.IGNORECASE
)  # fmt: skip
_TABLE_KEY = re.compile(r"primary\s+key\s*\(\s*[\"`]?id[\"`]?\s*\)", re.IGNORECASE)
_TYPE = re.compile(
    r"(double\s+precision|timestamp\s+with(?:out)?\s+time\s+zone|[a-z]\w*)\s*"
    r"(\(\s*\d+\s*(?:,\s*\d+\s*)?\))?", re.IGNORECASE
)  # fmt: skip
_ENUM = re.compile(r"enum\s*\(([^()]+)\)", re.IGNORECASE)
_COMPARISONS = {">=": "min", "<=": "max", ">": "exclusive_min", "<": "exclusive_max"}
_NOW = frozenset({"current_timestamp", "now", "getdate", "sysdate"})
_TODAY = frozenset({"current_date"})
_TYPES = {"serial": "integer", "smallint": "integer", "bigint": "integer", "tinyint": "integer",
          "bigserial": "integer", "timestamptz": "datetime", "double precision": "float",
          "real": "float", "nvarchar": "varchar", "character": "varchar", "clob": "text",
          "money": "decimal"}  # fmt: skip
"""Types of SQL that nobody uses in speech."""


def tell_sql(text: str, lexicon: Vocabulary) -> str:
    """A request in which each ``CREATE TABLE`` is told in words, where all of it can be."""
    begin = 0
    while (found := _CREATE.search(text, begin)) is not None:
        close = _closing(text, found.end())
        line = _told(found[1], text[found.end() : close], lexicon) if close else None
        if line is None:
            begin = found.end()
            continue
        tail = re.match(r"\)\s*;?", text[close:])
        end = close + (tail.end() if tail else 1)
        text = f"{text[: found.start()]}{line}.{text[end:]}"
        begin = found.start() + len(line)
    return text


def _closing(text: str, begin: int) -> int:
    """Where the bracket that was opened before a place is closed; 0: nowhere."""
    depth = 1
    for i in range(begin, len(text)):
        depth += {"(": 1, ")": -1}.get(text[i], 0)
        if not depth:
            return i
    return 0


def _told(table: str, body: str, lexicon: Vocabulary) -> str | None:
    columns = [part.strip() for part in _parts(body)]
    links = {m[1].lower(): m[2] for part in columns if (m := _FOREIGN.fullmatch(part))}
    fields: list[Field] = []
    for column in columns:
        if _FOREIGN.fullmatch(column) or _TABLE_KEY.fullmatch(column):
            continue
        field = _column(column, links, lexicon)
        if field is None:
            return None
        if not is_key(field[0]):
            fields.append(field)
    return entity_line(table, fields) if fields else None


def _parts(body: str) -> list[str]:
    """What stands between the commas that are in no bracket."""
    parts, depth, begin = [], 0, 0
    for i, char in enumerate(body):
        depth += {"(": 1, ")": -1}.get(char, 0)
        if char == "," and not depth:
            parts.append(body[begin:i])
            begin = i + 1
    return [part for part in (*parts, body[begin:]) if part.strip()]


def _column(text: str, links: dict[str, str], lexicon: Vocabulary) -> Field | None:
    """A column as an attribute or a link; ``None`` where a part of it can't be told."""
    name, _, rest = text.partition(" ")
    name = name.strip(_QUOTES)
    rest = " ".join(rest.split())
    enum = _ENUM.match(rest)
    type_ = enum or _TYPE.match(rest)
    constraints = _constraints(rest[type_.end() :].strip()) if type_ is not None else None
    if type_ is None or constraints is None:
        return None
    write = listing_words(lexicon.language).write
    targets = [found[1] for meaning, found in constraints if meaning == "link"]
    target = links.get(name.lower(), targets[0] if targets else "")
    said = [_said(meaning, found, write) for meaning, found in constraints]
    if target:
        kept = [part for part in said if part in (write["required"], write["optional"])]
        return name, (write["link"].format(value=target), *kept)
    first = write["choices"].format(value=_values(enum[1])) if enum else _type(type_)
    return name, (first, *(part for part in said if part))


def _constraints(rest: str) -> list[tuple[str, re.Match[str]]] | None:
    """What follows the type of a column, each with its meaning."""
    found: list[tuple[str, re.Match[str]]] = []
    while rest:
        matches = ((meaning, pattern.match(rest)) for pattern, meaning in _CONSTRAINTS)
        meaning, match = next(((m, one) for m, one in matches if one), ("", None))
        if match is None:
            return None
        found.append((meaning, match))
        rest = rest[match.end() :].strip()
    return found


def _said(meaning: str, found: re.Match[str], write: Mapping[str, str]) -> str:
    match meaning:
        case "bound":
            return write[_COMPARISONS[found[1]]].format(value=found[2])
        case "choices":
            return write["choices"].format(value=_values(found[1]))
        case "default":
            return write["default"].format(value=_default(found[1] or found[2]))
        case "required" | "optional" | "unique":
            return write[meaning]
        case _:
            return ""


def _type(found: re.Match[str]) -> str:
    name = found[1].lower()
    name = "datetime" if name.startswith("timestamp ") else name
    size = found[2] or ""
    if name in ("int", "integer", "tinyint", "smallint", "bigint"):
        size = ""  # the display width of an older SQL
    return _TYPES.get(name, name) + size.replace(" ", "")


def _default(value: str) -> str:
    lowered = value.lower()
    return "now" if lowered in _NOW else "today" if lowered in _TODAY else value


def _values(text: str) -> str:
    return ", ".join(part.strip().strip("'\"") for part in text.split(","))
