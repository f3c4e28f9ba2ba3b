"""Two entities defined where they are linked: "Labels (name) have several artists (name)"."""

from __future__ import annotations

from baes.language.facts import Declares, Fact, Links
from baes.language.frames.common import read_trailing
from baes.language.phrases import read_entity
from baes.language.words import Reader, text_of

__all__ = ["read_linked"]

_BACK = {"has": "one", "possesses": "one", "belongs": "many", "joins": "many"}
"""Tag of a verb -> how many subjects one object has, where nothing else is said."""


def read_linked(reader: Reader) -> tuple[Fact, ...] | None:
    """Both entities and the link, where one at least has attributes."""
    left = read_entity(reader)
    if left is None:
        return None
    reader.take("modal")
    start = reader.position
    tag = _read_verb(reader)
    verb = text_of(reader.since(start), reader.text)
    if not tag:
        return None
    many = reader.take("many")
    one = None if many else (reader.take("one") or reader.take("article"))
    right = read_entity(reader)
    if right is None or not (
        left.items or (right.items and tag == "belongs" and reader.knows(left.noun.key))
    ):
        return None
    if not (right.items or reader.knows(right.noun.key)):
        return None
    several = many is not None or (one is None and right.noun.plural)
    bare = one is None and many is None
    unsaid = bare and several and tag == "belongs"  # one each, or several? Nobody says.
    trailing = read_trailing(reader)
    if trailing is None:
        return None
    link = Links(
        left.noun, right.noun, "many" if several else "one",
        "" if unsaid else "many" if not several else "one" if _BACK[tag] == "one" else "many",
        verb=verb, bare=bare,
    )  # fmt: skip
    declared = [Declares(p.noun, p.items) for p in (left, right) if p.items]
    return (*declared, link, *trailing)


def _read_verb(reader: Reader) -> str:
    start = reader.position
    for tag in _BACK:
        if reader.take(tag) is not None:
            return tag
    if reader.take("be") is not None:
        hit = reader.take("linked")
        if hit is not None:
            return hit.value
        reader.position = start
    return ""
