"""The rules of a request, settled last and in the order in which they need each other.

States come first, since conditions speak of them; then what is worked out, each when all it needs
is there; then what is compared, unique or required; what is taken away comes last.
"""

from __future__ import annotations

import dataclasses
from typing import cast

from baes.language.facts import (
    Adds,
    Alters,
    Declares,
    Describes,
    Fact,
    Item,
    Limits,
    Noun,
    RuleStatement,
    Said,
)
from baes.language.resolution.board import Board
from baes.language.resolution.drafts import Doubt, Resolved
from baes.language.resolution.rule_deriving import make_aggregate, make_computed, make_steps
from baes.language.resolution.rule_lifting import lift
from baes.language.resolution.rule_making import make_rule
from baes.language.resolution.rulebook import Rulebook, rulebook_of
from baes.language.rule_facts import (
    Aggregates,
    Computes,
    Copies,
    Lifts,
    Ref,
    RuleFact,
    Transits,
    with_subject,
)

__all__ = ["RULE", "apart", "with_rules"]

RULE = "rule"
"""Key of what a list says of an attribute that is a rule."""


def apart(facts: tuple[Fact, ...]) -> tuple[tuple[Fact, ...], tuple[RuleFact, ...]]:
    """The facts without rules, and the rules: those said in lists as statements of their own."""
    rest: list[Fact] = []
    rules: list[RuleFact] = []
    for fact in facts:
        match fact:
            case RuleStatement():
                rules.append(cast(RuleFact, fact))
            case Declares(entity=owner) | Describes(entity=owner) | Adds(owner=owner):
                rest.append(dataclasses.replace(fact, items=_items(fact.items, owner, rules)))
            case Limits():
                said = _said(fact.said, Ref(fact.attribute, fact.entity), rules)
                rest += [dataclasses.replace(fact, said=said)] if said else []
            case Alters():
                ref = Ref(fact.target.noun, fact.target.owner, near=fact.target.near)
                said = _said(fact.said, ref, rules)
                rest += [dataclasses.replace(fact, said=said)] if said else []
            case _:
                rest.append(fact)
    return tuple(rest), tuple(rules)


def _items(items: tuple[Item, ...], owner: Noun, rules: list[RuleFact]) -> tuple[Item, ...]:
    """Items without their rules; one that is named again for its rule alone is no second one."""
    kept: list[Item] = []
    for item in items:
        bare = _item(item, owner, rules)
        again = any(other.noun.key == item.noun.key for other in kept)
        if bare is item or bare.said or not again:
            kept.append(bare)
    return tuple(kept)


def _item(item: Item, owner: Noun, rules: list[RuleFact]) -> Item:
    said = _said(item.said, Ref(item.noun, owner), rules)
    return item if said == item.said else dataclasses.replace(item, said=said)


def _said(said: Said, ref: Ref, rules: list[RuleFact]) -> Said:
    for key, value in said:
        if key == RULE:
            rules.append(with_subject(cast(RuleFact, value), ref))
    return tuple(pair for pair in said if pair[0] != RULE)


def with_rules(resolved: Resolved, rules: tuple[RuleFact, ...], board: Board) -> Resolved:
    """What a request comes to, with its rules.

    Raises:
        Doubt: A rule isn't clear, or can't hold.
    """
    if not rules:
        return resolved
    book = rulebook_of(resolved, board)
    for rule in rules:
        if isinstance(rule, Transits):
            make_steps(rule, book)
    _work_out([r for r in rules if isinstance(r, Computes | Aggregates | Copies)], book)
    for rule in rules:
        if not isinstance(rule, Transits | Computes | Aggregates | Copies | Lifts):
            make_rule(rule, book)
    for rule in rules:
        if isinstance(rule, Lifts):
            lift(rule, book)
    return book.result(resolved)


def _work_out(waiting: list[Computes | Aggregates | Copies], book: Rulebook) -> None:
    """Each as soon as what it needs is there; the first that never comes to it is asked about."""
    while waiting:
        doubts: list[tuple[Computes | Aggregates | Copies, Doubt]] = []
        for rule in waiting:
            try:
                _derive(rule, book)
            except Doubt as doubt:
                doubts.append((rule, doubt))
        if len(doubts) == len(waiting):
            raise doubts[0][1]
        waiting = [rule for rule, _ in doubts]


def _derive(rule: Computes | Aggregates | Copies, book: Rulebook) -> None:
    match rule:
        case Computes():
            make_computed(rule, book)
        case Aggregates():
            make_aggregate(rule, book)
        case Copies():
            make_rule(rule, book)
