"""Functions over other records: "the sum of its lines' amounts", "the number of unpaid orders"."""

from __future__ import annotations

from dataclasses import dataclass

from baes.language.conditions import read_condition_value, read_conditions
from baes.language.facts import Noun, Value
from baes.language.names import can_name
from baes.language.references import (
    determiners,
    entity_length,
    name_length,
    read_entity_name,
    read_ref,
)
from baes.language.rule_facts import AggregateFunction, Aggregates, Condition, Ref
from baes.language.words import Reader, text_of

__all__ = ["read_aggregate", "read_some"]

_FUNCTIONS: dict[str, AggregateFunction] = {
    "sum": "sum", "total": "total", "count": "count", "avg": "avg", "min": "min", "max": "max",
}  # fmt: skip


@dataclass(slots=True)
class _Target:
    """What is gone through: other records, or an attribute of theirs."""

    of: Ref | None
    child: Noun | None
    conditions: tuple[Condition, ...] = ()


def read_aggregate(reader: Reader, ref: Ref | None) -> Aggregates | None:
    """A function and what it is over; the cursor is left behind all that belongs to it."""
    start = reader.position
    reader.take("article")
    hit = reader.peek("rule_function")
    if hit is not None and reader.take("rule_function"):
        reader.take("of") if hit.value in ("min", "max", "avg") else None
        target = _read_target(reader)
        if target is not None:
            return _finished(reader, ref, _FUNCTIONS[hit.value], target)
    reader.position = start
    return _extreme_behind(reader, ref)


def _extreme_behind(reader: Reader, ref: Ref | None) -> Aggregates | None:
    """As in "a data mais recente das visitas": the function stands behind the noun."""
    start = reader.position
    reader.take("article")
    begin = reader.position
    length = 1
    while reader.ahead(length).token.kind == "word" and "rule_extreme_behind" not in (
        reader.ahead(length).hits
    ):
        if not (can_name(reader.ahead(length)) or "owned_by" in reader.ahead(length).alone):
            return None
        length += 1
    hit = reader.ahead(length).hits.get("rule_extreme_behind")
    if hit is None or not can_name(reader.word):
        reader.position = start
        return None
    words = reader.words[begin : begin + length]
    noun = Noun(
        text_of(words, reader.text), words[0].token.start, words[-1].token.end,
        reader.lexicon.language,
    )  # fmt: skip
    reader.position = begin + length + hit.length
    if reader.take("owned_by") is None:
        reader.position = start
        return None
    target = _read_target(reader)
    if target is None or target.of is not None:
        reader.position = start
        return None
    whole = _Target(Ref(noun, target.child), target.child, target.conditions)
    return _finished(reader, ref, _FUNCTIONS[hit.value], whole)


def _finished(
    reader: Reader, ref: Ref | None, function: AggregateFunction, target: _Target
) -> Aggregates | None:
    """With the conditions and the parent behind it."""
    conditions = list(target.conditions)
    parent: Noun | None = None
    while True:
        start = reader.position
        if (more := read_conditions(reader)) and not conditions:
            conditions += more
            continue
        reader.position = start
        if reader.take("rule_belonging"):
            continue
        if parent is None and reader.take("rule_belongs"):
            parent = read_entity_name(reader)
            if parent is not None:
                continue
        reader.position = start
        break
    return Aggregates(ref, function, target.of, target.child, tuple(conditions), parent)


def read_some(reader: Reader) -> tuple[Noun, tuple[Condition, ...]] | None:
    """Records of one kind that are told apart by a state: "cancelled orders", "pedidos pagos"."""
    start = reader.position
    records = _records(reader)
    if records is None or records.child is None:
        reader.position = start
        return None
    conditions = records.conditions or read_conditions(reader)
    if not conditions:
        reader.position = start
        return None
    return records.child, conditions


def _read_target(reader: Reader) -> _Target | None:
    """As in "its lines' amounts", "the amounts of its unpaid orders", "all enrollments"."""
    start = reader.position
    records = _records(reader)
    if records is not None and not _name_follows(reader):
        return records
    reader.position = start
    ref = read_ref(reader)
    if ref is None:
        return None
    if ref.owner is not None:
        behind = _adjective_behind(reader) if reader.lexicon.syntax.head_first else None
        return _Target(ref, ref.owner, (behind,) if behind is not None else ())
    before = reader.position
    if reader.take("owned_by") or reader.take("rule_belongs"):
        records = _records(reader)
        if records is not None:
            return _Target(Ref(ref.noun, records.child), records.child, records.conditions)
    reader.position = before
    return _Target(ref, None)


def _name_follows(reader: Reader) -> bool:
    """Whether the records' name goes on with an attribute's: "line amounts", "items' amounts"."""
    before = reader.ahead(-1).token.text.lower()
    if before.endswith(("'s", "\N{RIGHT SINGLE QUOTATION MARK}s")):
        return True
    if reader.at_mark("'", "\N{RIGHT SINGLE QUOTATION MARK}") or name_length(reader):
        return True
    return (
        not reader.lexicon.syntax.head_first
        and can_name(reader.word)
        and not (
            {"prep", "rule_that", "rule_tail", "rule_belonging", "rule_copy_time"}
            & set(reader.word.hits)
        )
    )


def _records(reader: Reader) -> _Target | None:
    """Other records, with what is said of them beside their name."""
    start = reader.position
    determiners(reader)
    if _attribute_is_longer(reader):
        reader.position = start
        return None
    conditions: tuple[Condition, ...] = ()
    if not entity_length(reader):
        adjective = _adjective_before(reader)
        if adjective is None:
            reader.position = start
            return None
        conditions = (adjective,)
    length = entity_length(reader)
    begin = reader.position
    reader.position += length
    words = reader.since(begin)
    noun = Noun(
        text_of(words, reader.text), words[0].token.start, words[-1].token.end,
        reader.lexicon.language,
    )  # fmt: skip
    if reader.lexicon.syntax.head_first and not conditions:
        behind = _adjective_behind(reader)
        conditions = (behind,) if behind is not None else ()
    return _Target(None, noun, conditions)


def _attribute_is_longer(reader: Reader) -> bool:
    return name_length(reader) > entity_length(reader)


def _adjective_before(reader: Reader) -> Condition | None:
    """The unpaid of "unpaid orders", the not cancelled of "not cancelled orders"."""
    if reader.lexicon.syntax.head_first:
        return None
    start = reader.position
    negated = reader.take("rule_not") is not None
    begin = reader.position
    for length in (1, 2):
        reader.position = begin
        words = [reader.ahead(i) for i in range(length)]
        if not all(w.token.kind in ("word", "quoted") and "prep" not in w.alone for w in words):
            break
        reader.position += length
        if entity_length(reader):
            text = " ".join(
                w.token.norm if w.token.kind == "quoted" else w.token.text for w in words
            )
            return Condition(Value(text), equal=not negated)
    reader.position = start
    return None


def _adjective_behind(reader: Reader) -> Condition | None:
    """The não pagos of "pedidos não pagos", the em aberto of "faturas em aberto"."""
    start = reader.position
    negated = reader.take("rule_not") is not None
    if {"rule_that", "rule_belongs", "rule_belonging", "rule_tail", "and"} & set(reader.word.hits):
        within = reader.word.token.norm == "em" and can_name(reader.ahead(1))
        if not within or _entity_ahead(reader):
            reader.position = start
            return None
    value = read_condition_value(reader)
    if value is None:
        reader.position = start
        return None
    return Condition(value, equal=not negated)


def _entity_ahead(reader: Reader) -> bool:
    """Whether an entity is named behind the word at the cursor."""
    position = reader.position
    reader.position += 1
    determiners(reader)
    found = entity_length(reader) > 0
    reader.position = position
    return found
