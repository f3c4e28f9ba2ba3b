"""Rules that no longer hold: which rules of the system a sentence takes away.

"May be before" takes a rule that forbids it away, or loosens it; where there is none it is so
already. "No longer has to be" without such a rule is a question.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from baes.language.facts import Value
from baes.language.resolution.rule_deriving import state_attribute
from baes.language.resolution.rule_making import comparison, unique_set
from baes.language.resolution.rule_values import choice_of, conditions_of
from baes.language.resolution.rulebook import Rulebook
from baes.language.rule_facts import (
    Aggregates,
    Compares,
    Computes,
    Copies,
    Freezes,
    Lifts,
    Operator,
    Ref,
    Requires,
    Times,
    Transits,
    UniqueSet,
)
from baes.language.steps import ANY
from baes.spec.model import Entity
from baes.spec.rule_references import rule_concerns
from baes.spec.rules import (
    Aggregate,
    Compare,
    Computed,
    Copy,
    Immutable,
    RequiredIf,
    Rule,
    Transition,
    UniqueTogether,
)
from baes.utils.rule_wording import RuleWording

__all__ = ["lift"]

_NEGATED: dict[str, Operator] = {
    ">": "<=", ">=": "<", "<": ">=", "<=": ">", "==": "!=", "!=": "==",
}  # fmt: skip
_LOOSER: dict[str, Operator] = {">": ">=", "<": "<="}
_FLIPPED: dict[str, Operator] = {
    "<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!=",
}  # fmt: skip


def lift(fact: Lifts, book: Rulebook) -> None:
    """Take away what a fact says no longer holds.

    Raises:
        Doubt: There is no such rule; the question offers those that there are.
    """
    if fact.rule is None:
        _lift_about(fact, book)
        return
    found, entity = _FINDERS[type(fact.rule)](fact.rule, book)
    if isinstance(fact.rule, Compares) and fact.permitted and found:
        _permit(fact.rule, found, book)
        return
    if not found and not fact.permitted:
        raise _no_such_rule(book, entity)
    if not found:
        book.settled = True
    for rule in found:
        book.remove_rule(rule)


def _lift_about(fact: Lifts, book: Rulebook) -> None:
    """As in "remove all rules of orders", "remove the rule about the end date"."""
    ref = fact.about
    assert ref is not None, "without a rule there is what it is about"  # noqa: S101
    entity = book.find(ref.noun) if ref.owner is None else None
    if entity is not None:
        found = [r for r in book.spec.rules if r.entity == entity.name]
    else:
        entity = book.owner((ref,))
        thing = book.thing(entity, ref.noun)
        if thing is None:
            raise book.nothing_called(ref.noun, entity)
        found = [r for r in book.spec.rules if rule_concerns(r, entity.name, thing.name)]
    if not found:
        raise _no_such_rule(book, entity)
    steps = {(r.entity, r.attribute) for r in found if isinstance(r, Transition)}
    several = len(found) > 1 and not (len(steps) == 1 and len(found) == sum(
        isinstance(r, Transition) for r in found
    ))  # fmt: skip
    if several and not fact.every:
        raise book.doubt("which_rule", _told(found, book))
    for rule in found:
        book.remove_rule(rule)


def _no_such_rule(book: Rulebook, entity: Entity | None) -> Exception:
    rules = [r for r in book.spec.rules if entity is None or r.entity == entity.name]
    return book.doubt("no_such_rule", _told(rules or list(book.spec.rules), book))


def _told(rules: list[Rule], book: Rulebook) -> tuple[str, ...]:
    return RuleWording(book.lexicon.language, book.spec).sentences(rules)


def _permit(fact: Compares, found: list[Rule], book: Rulebook) -> None:
    """What may be is no longer forbidden: the rule goes, or stays for all but equal values."""
    for rule in found:
        assert isinstance(rule, Compare), "only comparisons were looked for"  # noqa: S101
        wanted = comparison(fact, book)
        permitted = _NEGATED[wanted.op]
        if rule.left != wanted.left:
            permitted = _FLIPPED[permitted]
        if permitted == "==" and rule.op in _LOOSER:
            book.remove_rule(rule)
            book.add_rule(dataclasses.replace(rule, op=_LOOSER[rule.op]))
        elif _allows(rule.op, permitted):
            book.settled = True
        else:
            book.remove_rule(rule)


def _allows(operator: str, permitted: str) -> bool:
    """Whether a comparison lets values stand like that already."""
    return permitted in {
        ">": (">",), ">=": (">", ">=", "=="), "<": ("<",), "<=": ("<", "<=", "=="),
        "==": ("==",), "!=": ("<", ">", "!="),
    }[operator]  # fmt: skip


Found = tuple[list[Rule], Entity | None]


def _compared(fact: Compares, book: Rulebook) -> Found:
    wanted = comparison(fact, book)
    entity = book.spec.entity(wanted.entity)
    both = {wanted.left, wanted.right}
    return [
        r for r in book.spec.rules
        if isinstance(r, Compare) and r.entity == wanted.entity and {r.left, r.right} == both
    ], entity  # fmt: skip


def _timed(fact: Times, book: Rulebook) -> Found:
    entity, name = _place(fact.ref, book)
    return [
        r for r in book.spec.rules
        if r.kind == fact.kind and _is_of(r, entity, name)
    ], entity  # fmt: skip


def _combined(fact: UniqueSet, book: Rulebook) -> Found:
    entity, names = unique_set(fact, book)
    return [
        r for r in book.spec.rules
        if isinstance(r, UniqueTogether) and r.entity == entity.name
        and set(r.attributes) == set(names)
    ], entity  # fmt: skip


def _given(fact: Computes | Aggregates | Copies, book: Rulebook) -> Found:
    kinds = (Copy,) if isinstance(fact, Copies) else (Computed, Aggregate)
    entity, name = _place(fact.ref, book)
    return [r for r in book.spec.rules if isinstance(r, kinds) and _is_of(r, entity, name)], entity


def _frozen(fact: Freezes, book: Rulebook) -> Found:
    entity, name = _place(fact.ref, book)
    return [
        r for r in book.spec.rules if isinstance(r, Immutable) and _is_of(r, entity, name)
    ], entity  # fmt: skip


def _required(fact: Requires, book: Rulebook) -> Found:
    found: list[Rule] = []
    entity: Entity | None = None
    for ref in fact.refs:
        entity, name = _place(ref, book)
        whens = [when for case in fact.cases for when in conditions_of(case, entity, book)]
        found += [
            r for r in book.spec.rules
            if isinstance(r, RequiredIf) and _is_of(r, entity, name)
            and any(dict(r.when) == dict(when) for when in whens)
        ]  # fmt: skip
    return found, entity


def _stepped(fact: Transits, book: Rulebook) -> Found:
    entity, attribute = state_attribute(fact, book)

    def fits(value: Value, state: str) -> bool:
        return value is ANY or choice_of(value.text, attribute) == state

    return [
        r for r in book.spec.rules
        if isinstance(r, Transition) and _is_of(r, entity, attribute.name)
        and any(fits(a, r.source) and fits(b, r.target) for a, b in fact.pairs)
    ], entity  # fmt: skip


def _place(ref: Ref | None, book: Rulebook) -> tuple[Entity, str]:
    assert ref is not None, "its attribute was put in when the rule was read"  # noqa: S101
    entity = book.owner((ref,))
    thing = book.thing(entity, ref.noun)
    if thing is None:
        raise book.nothing_called(ref.noun, entity)
    return entity, thing.name


def _is_of(rule: Rule, entity: Entity, name: str) -> bool:
    return rule.entity == entity.name and getattr(rule, "attribute", None) == name


_FINDERS: dict[type[Any], Callable[[Any, Rulebook], Found]] = {
    Compares: _compared,
    Times: _timed,
    UniqueSet: _combined,
    Computes: _given,
    Aggregates: _given,
    Copies: _given,
    Freezes: _frozen,
    Requires: _required,
    Transits: _stepped,
}
