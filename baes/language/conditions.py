"""Conditions in rules: "status is paid", "that are not paid", "if it is a gift"."""

from __future__ import annotations

from dataclasses import replace

from baes.language.facts import Value
from baes.language.references import name_length, read_ref
from baes.language.rule_facts import Condition, Ref
from baes.language.values import read_value
from baes.language.words import Reader, text_of

__all__ = ["read_cases", "read_condition", "read_condition_value", "read_conditions", "read_when"]

_MAX_VALUE_WORDS = 4
_MAX_CASES = 20


def read_cases(reader: Reader) -> tuple[tuple[Condition, ...], ...]:
    """When a rule applies: conditions joined by "and" make one case, "or" begins another one."""
    first = read_condition(reader)
    if first is None:
        return ()
    cases: list[list[Condition]] = [[first]]
    while len(cases) < _MAX_CASES:
        start = reader.position
        reader.mark(",")
        joint = "or" if reader.take("or") else "and" if reader.take("and") else ""
        more = read_condition(reader) if joint else None
        if more is None and joint == "or":  # "is cancelled or rejected"
            value = read_condition_value(reader)
            more = replace(cases[-1][-1], value=value) if value is not None else None
        if more is None:
            reader.position = start
            break
        if joint == "or":
            cases.append([more])
        else:
            cases[-1].append(more)
    return tuple(tuple(case) for case in cases)


def read_conditions(reader: Reader) -> tuple[Condition, ...]:
    """As in "that are not paid", "whose status is paid and whose kind is gift"."""
    found: list[Condition] = []
    while True:
        start = reader.position
        if found and not reader.take("and"):
            return tuple(found)
        reader.mark(",")
        condition = _relative(reader)
        if condition is None:
            reader.position = start
            return tuple(found)
        found.append(condition)


def _relative(reader: Reader) -> Condition | None:
    hit = reader.peek("rule_that")
    if hit is None or not reader.take("rule_that"):
        return None
    if hit.value == "whose":
        return read_condition(reader, bare=True)
    negated = hit.value == "be_not" or reader.take("rule_not") is not None
    value = read_condition_value(reader)
    return Condition(value, equal=not negated) if value is not None else None


def read_when(reader: Reader) -> tuple[tuple[Condition, ...], ...]:
    """As in "if the status is paid", "unless it is open": the cases; none where nothing is said."""
    negated = reader.take("rule_unless") is not None
    if not negated and reader.take("rule_if") is None:
        return ()
    cases = read_cases(reader)
    if not negated or len(cases) > 1 or any(len(case) > 1 for case in cases):
        return () if negated else cases
    return tuple(tuple(replace(c, equal=not c.equal) for c in case) for case in cases)


def read_condition(reader: Reader, *, bare: bool = False) -> Condition | None:
    """As in "the status is paid", "it is not a gift"; with ``bare`` "status paid" too."""
    start = reader.position
    ref: Ref | None = None
    elliptic = reader.lexicon.syntax.drops_subject and {"rule_be", "rule_not"} & set(
        reader.word.hits
    )
    if elliptic:
        pass
    elif reader.peek("pronoun") is not None and name_length(reader) == 0:
        reader.take("pronoun")
    else:
        ref = read_ref(reader)
        if ref is None:
            return None
    reader.take("rule_adverb")
    negated = reader.take("rule_not") is not None
    told = negated or _takes_being(reader)
    negated = negated or reader.take("rule_not") is not None
    reader.take("rule_be") if negated else None
    different = reader.peek("rule_compare")
    if different is not None and different.value in ("==", "!=") and reader.take("rule_compare"):
        told, negated = True, negated != (different.value == "!=")
    if not (told or bare):
        reader.position = start
        return None
    reader.take("article")
    value = read_condition_value(reader)
    if value is None:
        reader.position = start
        return None
    return Condition(value, not negated, ref)


def _takes_being(reader: Reader) -> bool:
    if reader.take("rule_be") is not None:
        return True
    return reader.mark("=") or reader.mark(":")


_ENDS_VALUE = frozenset({
    "and", "or", "rule_then", "rule_tail", "rule_if", "rule_that", "rule_belongs",
    "rule_belonging", "rule_over",
})  # fmt: skip


def read_condition_value(reader: Reader) -> Value | None:
    """A value in a condition: quoted, a number, true or false, or words up to what goes on."""
    if reader.word.token.kind in ("quoted", "number", "moment") or "truth" in reader.word.hits:
        return read_value(reader, limit=1)
    begin = reader.position
    while reader.position - begin < _MAX_VALUE_WORDS:
        word = reader.word
        if word.token.kind != "word":
            break
        if reader.position > begin and (
            _ENDS_VALUE & set(word.hits)
            or {"article", "rule_required", "rule_mode"} & set(word.hits)
        ):
            break
        reader.position += 1
    words = reader.since(begin)
    return Value(text_of(words, reader.text)) if words else None
