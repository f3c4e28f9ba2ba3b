"""Where Python text names a thing: what surely stands for it, and what may.

Python's own tokens tell a name from a comment or a part of a word, and what is within an f-string
from its text. A quoted word is surely a field's name where it is a key or names an attribute;
elsewhere it may be anything, as may a word in the text of a statement for the database.
"""

from __future__ import annotations

import io
import keyword
import re
import tokenize
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

__all__ = ["NameUse", "Words", "identifiers", "name_uses"]

_FSTRING_MIDDLE: int = getattr(tokenize, "FSTRING_MIDDLE", -1)
"""Text between the expressions of an f-string: from Python 3.12 on they are tokens themselves."""
_PASSED_OVER = {tokenize.NL, tokenize.COMMENT, tokenize.INDENT, tokenize.DEDENT}
_OF_A_MAPPING = {"get", "pop", "setdefault"}
_OF_ATTRIBUTES = {"getattr", "setattr", "hasattr", "delattr"}
_SQL = re.compile(
    r"\bselect\b.*\bfrom\b|\binsert\s+into\b|\bupdate\b.*\bset\b|\bdelete\s+from\b|\bwhere\b"
    r"|\border\s+by\b",
    re.IGNORECASE | re.DOTALL,
)
_QUOTES = re.compile(r"(?P<prefix>[A-Za-z]*)(?P<quote>'''|\"\"\"|'|\")")


@dataclass(frozen=True, slots=True)
class Words:
    """What one rename replaces."""

    names: Mapping[str, str] = field(default_factory=dict)
    """Python names, wherever they stand."""
    fields: Mapping[str, str] = field(default_factory=dict)
    """Names of fields: Python names after a point or of an argument, and quoted keys."""
    paths: Mapping[str, str] = field(default_factory=dict)
    """Quoted texts, whole or up to a ``/``."""
    suspected: tuple[str, ...] = ()
    """Words that may be about it where they stand alone in quotes, or in SQL."""


@dataclass(frozen=True, slots=True)
class NameUse:
    """A place in a text that is, or may be, about what is renamed."""

    start: int
    end: int
    new: str | None
    """What shall stand there; ``None`` where it only may be about it."""


def name_uses(content: str, words: Words) -> tuple[NameUse, ...]:
    """The places, in the order of the text.

    Args:
        content: Python code; what can't be read any more is left out.
        words: What is looked for.
    """
    return tuple(sorted(_uses(content, 0, words), key=lambda use: use.start))


def identifiers(content: str) -> frozenset[str]:
    """All Python names in a text, those within f-strings aside."""
    return frozenset(t.string for _, t in _tokens(content) if t.type == tokenize.NAME)


def _uses(content: str, offset: int, words: Words) -> Iterator[NameUse]:
    found = list(_tokens(content))
    tokens = [token for _, token in found]
    for place, (start, token) in enumerate(found):
        begin = start + offset
        if token.type == tokenize.NAME:
            new = words.names.get(token.string)
            if _is_field(tokens, place):
                new = words.fields.get(token.string, new)
            if new is not None:
                yield NameUse(begin, begin + len(token.string), new)
        elif token.type == tokenize.STRING:
            yield from _uses_in_text(tokens, place, begin, words)
        elif token.type == _FSTRING_MIDDLE:
            yield from _uses_between(token.string, begin, words)


def _is_field(tokens: Sequence[tokenize.TokenInfo], place: int) -> bool:
    before, after = _string(tokens, place - 1), _string(tokens, place + 1)
    return before == "." or (before in ("(", ",") and after == "=")


def _uses_in_text(
    tokens: Sequence[tokenize.TokenInfo], place: int, begin: int, words: Words
) -> Iterator[NameUse]:
    literal = tokens[place].string
    opening = _QUOTES.match(literal)
    if opening is None:
        return
    inner, end = opening.end(), len(literal) - len(opening["quote"])
    body = literal[inner:end]
    fields: list[tuple[int, int]] = []
    if "f" in opening["prefix"].lower():
        fields = list(_replacement_fields(literal, inner, end))
        for first, last in fields:
            # In brackets an expression may go over lines; its first name is no argument's there.
            yield from _uses(f"[{literal[first:last]}]", begin + first - 1, words)
    for old, new in words.paths.items():
        if body == old or body.startswith(f"{old}/"):
            yield NameUse(begin + inner, begin + inner + len(old), new)
            return
    if body in words.fields and not fields and _is_key(tokens, place):
        yield NameUse(begin + inner, begin + end, words.fields[body])
    elif not _is_docstring(tokens, place) and _may_name(body, words.suspected):
        yield NameUse(begin, begin + len(literal), None)


def _uses_between(text: str, begin: int, words: Words) -> Iterator[NameUse]:
    for old, new in words.paths.items():
        if text.startswith(f"{old}/"):
            yield NameUse(begin, begin + len(old), new)
    if _may_name(text, words.suspected):
        yield NameUse(begin, begin + len(text), None)


def _may_name(body: str, suspected: Iterable[str]) -> bool:
    is_sql = _SQL.search(body) is not None
    return any(
        body == word or (is_sql and re.search(rf"\b{re.escape(word)}\b", body))
        for word in suspected
    )


def _is_key(tokens: Sequence[tokenize.TokenInfo], place: int) -> bool:
    """Whether a quoted text is the key of a mapping, or the name of an attribute."""
    before, after = _string(tokens, place - 1), _string(tokens, place + 1)
    if before == "[" and after == "]":
        return _is_value(tokens, place - 2)
    if before == "(":
        return _string(tokens, place - 2) in _OF_A_MAPPING and _string(tokens, place - 3) == "."
    if before == "," and _called(tokens, place - 1) in _OF_ATTRIBUTES:
        return True
    return after == "in" or (after == ":" and before in ("{", ","))


def _is_value(tokens: Sequence[tokenize.TokenInfo], place: int) -> bool:
    """Whether something stands there that can be looked into: what follows is no list."""
    if place < 0:
        return False
    token = tokens[place]
    named = token.type == tokenize.NAME and not keyword.iskeyword(token.string)
    return named or token.string in (")", "]")


def _called(tokens: Sequence[tokenize.TokenInfo], comma: int) -> str:
    """The function whose second argument begins behind a comma."""
    depth = 0
    for place in range(comma - 1, 0, -1):
        text = tokens[place].string
        depth += (text in (")", "]", "}")) - (text in ("(", "[", "{"))
        if depth < 0:
            return _string(tokens, place - 1)
        if depth == 0 and text == ",":
            break
    return ""


def _is_docstring(tokens: Sequence[tokenize.TokenInfo], place: int) -> bool:
    starts = place == 0 or tokens[place - 1].type == tokenize.NEWLINE
    return starts and place + 1 < len(tokens) and tokens[place + 1].type == tokenize.NEWLINE


def _string(tokens: Sequence[tokenize.TokenInfo], place: int) -> str:
    return tokens[place].string if 0 <= place < len(tokens) else ""


def _replacement_fields(literal: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The expressions within an f-string: (first character, the one behind the last).

    Those of a format that is itself given by an expression come as well.
    """
    at = start
    while at < end:
        if literal.startswith("{{", at):
            at += 2
        elif literal[at] == "{":
            last = _expression_end(literal, at + 1, end)
            yield at + 1, last
            at = last
        else:
            at += 1


def _expression_end(literal: str, start: int, end: int) -> int:
    depth, at = 0, start
    while at < end:
        character = literal[at]
        if character in "([{":
            depth += 1
        elif character in ")]}":
            if depth == 0:
                return at
            depth -= 1
        elif character in "'\"":
            closing = literal.find(character, at + 1, end)
            at = closing if closing > 0 else end
        elif depth == 0 and (
            character == ":" or (character == "!" and literal[at + 1 : at + 2] != "=")
        ):
            return at
        at += 1
    return end


def _tokens(content: str) -> Iterator[tuple[int, tokenize.TokenInfo]]:
    """(offset, token) of what has a meaning, up to where people left it half written."""
    starts = [0]
    for line in content.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    try:
        for token in tokenize.generate_tokens(io.StringIO(content, newline="\n").readline):
            if token.type not in _PASSED_OVER:
                yield starts[token.start[0] - 1] + token.start[1], token
    except (tokenize.TokenError, SyntaxError):
        return
