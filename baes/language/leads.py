"""What stands before the name of an attribute: articles, quantifiers, flags, a type."""

from __future__ import annotations

from typing import Literal

from baes.language.facts import Said
from baes.language.modifiers import read_modifier
from baes.language.names import can_name, read_noun
from baes.language.words import Hit, Reader

__all__ = ["read_lead"]

_ADJECTIVES = frozenset({"valid", "flag"})
"""Tags of what stands before a noun and holds for its values."""


def read_lead(reader: Reader) -> tuple[Said, Literal["", "one", "many"], bool]:
    """Articles, quantifiers and flags before a name."""
    said: Said = ()
    many: Literal["", "one", "many"] = ""
    article = False
    while True:
        position = reader.position
        if _takes_which(reader):
            many = "one"
        elif not _longer_quantifier(reader) and (reader.take("article") or reader.take("of_it")):
            article = True
        elif (adverb := reader.take("adverb")) is not None:
            said += _optional_by(adverb)
            reader.mark(",")
        elif (counted := _quantifier(reader)) is not None:
            if many:  # "many one members" says nothing
                reader.position = position
                return said, many, article
            many, of_it = counted
            said += of_it
        elif (more := _flag_or_type(reader)) is not None:
            said += more
        else:
            return said, many, article
        if reader.position == position:
            return said, many, article


def _flag_or_type(reader: Reader) -> Said | None:
    """As in "a unique code", "a valid and unique CPF", "string name"."""
    joined = _joined_adjectives(reader)
    if joined:
        return joined
    if "flag" in reader.word.alone and _can_follow_flag(reader):
        return read_modifier(reader)
    hit = _type_first(reader)
    return (("type", hit.value),) if hit is not None else None


def _joined_adjectives(reader: Reader) -> Said:
    """What "valid" and the flags beside it say of the noun behind them, unlike "valid until"."""
    start = reader.position
    said: Said = ()
    while (more := _adjective(reader)) is not None:
        said += more
        if "and" in reader.word.alone and _ADJECTIVES & reader.ahead(1).alone:
            reader.position += 1
    before, after = reader.ahead(-1), reader.word
    whole = f"{before.token.norm} {after.token.norm}" in reader.lexicon.hints["whole"]
    named = can_name(after) and not whole and not {"prep", "ends_name"} & after.alone
    if ("valid", True) in said and named:
        return said
    reader.position = start
    return ()


def _adjective(reader: Reader) -> Said | None:
    if "valid" in reader.word.alone:
        reader.position += 1
        return (("valid", True),)
    return read_modifier(reader) if "flag" in reader.word.alone else None


def _optional_by(adverb: Hit) -> Said:
    return (("required", False),) if adverb.value == "optional" else ()


def _quantifier(reader: Reader) -> tuple[Literal["one", "many"], Said] | None:
    """How many, and what that says of having none."""
    if hit := reader.take("many"):
        return "many", (("required", True),) if hit.value == "required" else ()
    hit = reader.peek("one")
    if hit is None or reader.ahead(hit.length).token.kind != "word":
        return None
    reader.take("one")
    return "one", (("required", hit.value == "required"),) if hit.value else ()


def _takes_which(reader: Reader) -> bool:
    """Read the "which" of "which client", where that is one of what is known."""
    start = reader.position
    if reader.take("which") is None:
        return False
    begin = reader.position
    noun = read_noun(reader)
    fits = noun is not None and reader.knows(noun.key) and not noun.plural
    reader.position = begin if fits else start
    return fits


def _longer_quantifier(reader: Reader) -> bool:
    """Whether an article is only the beginning of "a single", "um ou mais"."""
    one, many = reader.peek("one"), reader.peek("many")
    return (one is not None and one.length > 1) or (many is not None and many.value == "required")


def _can_follow_flag(reader: Reader) -> bool:
    """Whether a flag stands before its noun, as in "a unique code"."""
    hit = reader.peek("flag")
    if hit is None:
        return False
    after = reader.ahead(hit.length)
    return (can_name(after) or "flag" in after.alone or "and" in after.alone) and not {
        "prep"
    } & after.alone


def _type_first(reader: Reader) -> Hit | None:
    """A type before its name, read, as in "string name"; "boolean flag" is one type."""
    hit = reader.peek("pure_type")
    if hit is None or "type_behind" in reader.word.alone:  # "flag state" is a name
        return None
    return reader.take("pure_type") if can_name(reader.ahead(hit.length)) else None
