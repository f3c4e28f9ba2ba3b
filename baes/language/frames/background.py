"""Clauses that carry no change: thanks, techniques in use, what stays as it is, stories."""

from __future__ import annotations

from baes.language.facts import Background, Fact
from baes.language.frames.common import harmless
from baes.language.names import can_name
from baes.language.tokens import LINE
from baes.language.words import Reader, text_of
from baes.spec.names import words_of

__all__ = ["read_background", "read_courtesy"]

_FORBIDDEN = frozenset({"not", "number", "flag", "default", "bound", "many", "except"})
_ASKING = frozenset({"custom", "has", "modal", "change_verb", "request"})
_MAX_STORY_WORDS = 60
_MAX_NAME_WORDS = 4
_MIN_TOLD_WORDS = 3
_MAX_TOLD_WORDS = 14


def read_courtesy(reader: Reader) -> tuple[Fact, ...] | None:
    """A clause that only greets or thanks."""
    while not reader.at_end:
        if not (
            reader.take("courtesy") or reader.mark(",", "!", ".", "?", ":", "-", ")", "(", LINE)
        ):
            return None
    return ()


def read_background(reader: Reader) -> tuple[Fact, ...] | None:
    """A clause about techniques, or about what stays, or a story."""
    for read in (_read_technique, _read_story):
        reader.position = 0
        if read(reader):
            return (Background(text_of(reader.words, reader.text)),)
    return None


def _read_technique(reader: Reader) -> bool:
    """Only words of techniques and fillers; what is known may be named where it stays."""
    preserving = any("preserving" in word.hits for word in reader.words)
    anchored = preserving and any(
        "retain" in w.alone or "preserving" in w.alone for w in reader.words
    )
    while not reader.at_end:
        anchor = reader.take("anchor")
        if anchor is not None:
            anchored = True
            if reader.word.token.kind == "number":
                reader.position += 1
                reader.mark("+")
            continue
        if _FORBIDDEN & reader.word.alone and "filler" not in reader.word.alone:
            return False
        if reader.take("filler") or reader.take("preserving") or reader.mark(",", ".", ":", "-"):
            continue
        if not (preserving and _takes_known(reader)):
            return False
    return anchored


def _takes_known(reader: Reader) -> bool:
    """Read an entity's or attribute's name, where the clause says that it stays."""
    if _takes_attribute(reader):
        return True
    word = reader.word
    if not can_name(word):
        return False
    key = word.token.norm
    if (
        reader.knows(key)
        or reader.knows(reader.lexicon.singular(key))
        or "field_word" in word.alone
    ):
        reader.position += 1
        return True
    return False


def _takes_attribute(reader: Reader) -> bool:
    """Read "email field": an attribute that there is, or that the request speaks of elsewhere."""
    start = reader.position
    while can_name(reader.word) and reader.position - start < _MAX_NAME_WORDS:
        reader.position += 1
        words = [part for word in reader.since(start) for part in words_of(word.token.norm)]
        known = "_".join(words) in reader.scope.attributes or reader.scope.inventory.is_name(words)
        if known and reader.take("field_word"):
            return True
    reader.position = start
    return False


def _told(reader: Reader) -> set[int]:
    """Places of words within a longer verb of telling: "has been", "keep losing"."""
    places: set[int] = set()
    for i, word in enumerate(reader.words):
        hit = word.hits.get("story_verb")
        if hit is not None and hit.length > 1:
            places |= set(range(i, i + hit.length))
    return places


def _tells_of_us(reader: Reader) -> bool:
    """As in "Our band lends equipment": a short sentence about who asks, whatever they do."""
    known = any(reader.knows(word.token.norm) for word in reader.words[1:3])
    listed = sum(word.token.norm == "," for word in reader.words) > 1
    whose = bool({"possessive", "first"} & reader.words[0].alone)
    doing = any({"manage", "create", "edit_verb"} & word.alone for word in reader.words[:4])
    short = _MIN_TOLD_WORDS <= len(reader.words) <= _MAX_TOLD_WORDS
    return whose and short and not (known or listed or doing)


def _read_story(reader: Reader) -> bool:
    """About "we" or "my mother", with a verb of telling, and nothing that could be a statement."""
    if "story_subject" not in reader.word.hits and "courtesy" not in reader.word.hits:
        return False
    if {"there", "there_is"} & set(reader.word.hits):
        return False  # "There is the customer name" says what is known
    if len(reader.words) > _MAX_STORY_WORDS or not harmless(reader.words):
        return False
    told = _told(reader)
    asking = any(_ASKING & set(w.hits) for i, w in enumerate(reader.words) if i not in told)
    if asking or any(word.token.norm in ("(", ":") for word in reader.words):
        return False
    if any(
        "belongs" in w.hits or ("possesses" in w.hits and w.hits["possesses"].value == "third")
        for w in reader.words[1:]
    ):
        return False
    if not (any("story_verb" in word.hits for word in reader.words) or _tells_of_us(reader)):
        return False
    reader.position = len(reader.words)
    return True
