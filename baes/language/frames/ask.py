"""Questions about the system: "what do we keep about customers?", "which entities are there?"."""

from __future__ import annotations

from baes.language.facts import Asks, Fact, Noun
from baes.language.targets import read_known
from baes.language.words import Reader

__all__ = ["read_ask"]

_MAX_WORDS = 30


def read_ask(reader: Reader) -> tuple[Fact, ...] | None:
    """The entities that a question is about; every word must belong to such a question."""
    while reader.take("courtesy") or (
        "asking" not in reader.word.hits and reader.take("opening")
    ) or reader.mark(",", "!"):  # fmt: skip
        pass
    hit = reader.peek("asking")
    asked = reader.words[-1].token.norm == "?" if reader.words else False
    if hit is None or len(reader.words) > _MAX_WORDS or (hit.value == "yes_no" and not asked):
        return None
    if reader.scope.inventory.is_empty and not asked:
        return None
    begin = reader.position
    reader.take("asking")
    if hit.value == "what" and _names_records(reader):
        return None
    about: list[Noun] = []
    topics = 0
    while not reader.at_end:
        if reader.take("ask_topic"):
            topics += 1
        elif (known := read_known(reader)) is not None:
            about += known
        elif not (reader.take("ask_word") or reader.take("asking") or reader.mark("?", ",", ".")):
            return None
    if hit.value == "show" and not topics and not _tells(reader, begin):
        return None  # "show all customers" asks for records
    return (Asks(tuple(about)),) if topics or about else None


def _names_records(reader: Reader) -> bool:
    """Whether the question asks for records: "which customers …"."""
    start = reader.position
    known = read_known(reader, entities=True)
    reader.position = start
    return bool(known)


def _tells(reader: Reader, begin: int) -> bool:
    """Whether another word of asking stands in the clause: "show me what we keep about …"."""
    return any(
        "asking" in w.hits and w.hits["asking"].value in ("what", "how", "tell")
        for w in reader.words[begin + 1 :]
    )
