"""Under what a request is remembered: variants meet, requests that mean different things never do.

The usual normalisation (lower case, lemmas, no stop words, sorted) merges "at least" and "at most
18", "with" and "without e-mail". So the text stays exact and ordered; only a closed list of
foldings that can't change a meaning is applied, and a key holds everything else that the answer
depends on. ``loose_form`` is the usual normalisation, for counting what is alike; no answer is
looked up by it.
"""

from __future__ import annotations

import functools
import hashlib
import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from baes.datafiles import load_toml
from baes.spec.changes import AddAttribute, AddEntity, ChangeAttribute
from baes.spec.codec import interpretation_to_json, spec_to_json
from baes.spec.inflection import singular
from baes.spec.interpretation import Interpretation
from baes.spec.model import Attribute, SystemSpec

__all__ = [
    "KEY_FORMAT",
    "KeyContext",
    "folded",
    "frame_key",
    "literals_of",
    "loose_form",
    "spec_hash",
    "text_key",
]

KEY_FORMAT = 1
"""Version of the folding; another one makes all older entries unreachable."""

_SPACES = re.compile(r"[^\S\n]+")
_LINE_ENDS = re.compile(r" ?\n[\s]*")
_QUOTES = (
    "\"'\N{LEFT DOUBLE QUOTATION MARK}\N{RIGHT DOUBLE QUOTATION MARK}"
    "\N{LEFT SINGLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}«»"
)
_QUOTED_OR_WORD = re.compile(rf"[{_QUOTES}][^{_QUOTES}\n]*[{_QUOTES}]|\w+")
_WORD = re.compile(r"\w+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class KeyContext:
    """All that an answer depends on besides the text."""

    spec_hash: str
    """Of the system that the request is about; see ``spec_hash``."""
    knowledge: str
    """Digest of grammar, vocabularies and domain packs."""
    language: str = ""
    """The language that is assumed where a text does not tell."""
    question: str = ""
    """The open question that the text may answer."""


@functools.lru_cache(maxsize=256)
def folded(text: str) -> str:
    """The text with harmless differences removed.

    Unicode composition, white space, letter case (outside of quoted text and of words with several
    capitals), full stops and exclamation marks at the end, and courtesies at the edges.

    >>> folded("Please  create Students with a name!")
    'create students with a name'
    >>> folded("Hello, add an SKU to Product.  Thanks!")
    'add an SKU to product'
    """
    text = unicodedata.normalize("NFC", text).strip()
    text = _LINE_ENDS.sub("\n", _SPACES.sub(" ", text.replace("\r\n", "\n")))
    text = _QUOTED_OR_WORD.sub(_lowered, text)
    opening, closing = _courtesies()
    before = None
    while text != before:
        before = text
        text = closing.sub("", opening.sub("", text)).rstrip(" \n.!")
    return text


@functools.lru_cache(maxsize=256)
def text_key(text: str, context: KeyContext) -> str:
    """The key of a request; equal for variants of one wording, in one context."""
    return _digest([KEY_FORMAT, folded(text), *_parts(context)])


def frame_key(interpretation: Interpretation, context: KeyContext) -> str:
    """The key of what was understood, whatever the wording.

    What only tells how it was read (assumptions, background) is left out.
    """
    said = interpretation_to_json(interpretation)
    for key in ("source", "tokens", "confidence", "assumptions", "background"):
        del said[key]
    return _digest([KEY_FORMAT, "frame", said, *_parts(context)])


def spec_hash(spec: SystemSpec) -> str:
    """A digest of what a system is; its version does not count, so that undo brings it back."""
    said = spec_to_json(spec)
    for key in ("version", "retired_ids"):
        del said[key]
    return _digest(said)


def literals_of(interpretation: Interpretation) -> Iterator[str]:
    """Texts that a request gives as data and that an answer repeats letter by letter."""
    for attribute in _attributes(interpretation):
        yield from (c for c in attribute.choices or () if isinstance(c, str))
        if attribute.pattern:
            yield attribute.pattern
        if isinstance(attribute.default, str):
            yield attribute.default
    for change in interpretation.changes:
        if isinstance(change, ChangeAttribute):
            for _, value in change.to:
                values = value if isinstance(value, tuple) else (value,)
                yield from (v for v in values if isinstance(v, str))


def loose_form(text: str) -> str:
    """Lower case, singular words, no articles, sorted: what is roughly alike.

    It merges opposites, so nothing is answered by it; it counts how many wordings a project sees.

    >>> loose_form("Create the Students") == loose_form("student create")
    True
    """
    stop_words = load_toml("core/data/courtesies.toml")["stop_words"]
    words = (w for w in _WORD.findall(folded(text).casefold()) if w not in stop_words)
    return " ".join(sorted(singular(word) for word in words))


def _attributes(interpretation: Interpretation) -> Iterator[Attribute]:
    for entity in interpretation.entities:
        yield from entity.attributes
    for change in interpretation.changes:
        if isinstance(change, AddAttribute):
            yield change.attribute
        elif isinstance(change, AddEntity):
            yield from change.entity.attributes


def _lowered(match: re.Match[str]) -> str:
    word = match.group()
    if not (word[0].isalnum() or word[0] == "_"):
        return word
    has_own_case = sum(char.isupper() for char in word) > 1  # "SKU", "iPhoneX"
    return word if has_own_case else word.casefold()


@functools.cache
def _courtesies() -> tuple[re.Pattern[str], re.Pattern[str]]:
    words = load_toml("core/data/courtesies.toml")
    opening, closing, anywhere = (
        "|".join(map(re.escape, sorted(words[kind], key=len, reverse=True)))
        for kind in ("opening", "closing", "anywhere")
    )
    return (
        re.compile(rf"^(?:(?:{opening})\s*[,!.]\s*|(?:{anywhere})\b[\s,:]+)"),
        re.compile(rf"(?:(?<=[.!?\n])\s*(?:{closing})|[\s,]+(?:{anywhere}))[\s.!]*$"),
    )


def _parts(context: KeyContext) -> tuple[str, ...]:
    return (context.spec_hash, context.knowledge, context.language, context.question)


def _digest(value: Any) -> str:
    body = json.dumps(value, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.blake2b(body.encode(), digest_size=20).hexdigest()
