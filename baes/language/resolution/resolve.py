"""Facts to drafts, drafts to a specification's parts: which facts come first, and who takes them.

Every kind of fact has its module: attribute lists are filled in, sentences about two entities
linked, limits said later found their attribute; `outcome` finishes what has come together.
"""

from __future__ import annotations

from typing import TypeVar

from baes.language.facts import (
    Adds,
    AllFields,
    Alters,
    Asks,
    Declares,
    Describes,
    Fact,
    Limits,
    Links,
    Relinks,
    Removes,
    Renames,
    Starts,
    Unlinks,
)
from baes.language.inventory import Inventory
from baes.language.resolution.board import Board
from baes.language.resolution.containers import without_containers
from baes.language.resolution.drafts import Doubt, Resolved
from baes.language.resolution.evolution import mentioned
from baes.language.resolution.filling import add, describe, fill
from baes.language.resolution.limiting import alter, limit, limit_all, start
from baes.language.resolution.linking import declare_ends, join_entities, link
from baes.language.resolution.outcome import resolved
from baes.language.resolution.rules import apart, with_rules
from baes.language.vocabulary import Vocabulary
from baes.spec.knowledge import Knowledge

__all__ = ["resolve"]

F = TypeVar("F", bound=Fact)


def resolve(
    facts: tuple[Fact, ...], inventory: Inventory, knowledge: Knowledge, lexicon: Vocabulary
) -> Resolved:
    """What the facts come to, or the first question that they leave open."""
    board = Board(inventory, knowledge, lexicon)
    try:
        plain, rules = apart(without_containers(facts, lexicon))
        _carry_out(plain, board)
        return with_rules(resolved(board), rules, board)
    except Doubt as doubt:
        return Resolved(question=doubt.question, assumptions=tuple(board.assumptions))


def _carry_out(facts: tuple[Fact, ...], board: Board) -> None:
    """All facts, the declarations first: a sentence may speak of what is defined after it."""
    board.evolution.mentioned = mentioned(facts, board.evolution.inventory)
    for declares in _of(facts, Declares):
        _declare(board, declares)
    for describes in _of(facts, Describes):
        board.refuse_kind_of(describes.entity)
        board.draft(describes.entity)
    for links in _of(facts, Links):
        declare_ends(board, links)
    for fact in facts:
        _build(board, fact)
    for links in _of(facts, Links):
        link(board, links)
    board.links.sort(key=lambda draft: max(draft.fact.subject.start, draft.fact.target.start))
    join_entities(board)
    for everything in _of(facts, AllFields):
        limit_all(board, everything)
    for limits in _of(facts, Limits):
        limit(board, limits)
    for starts in _of(facts, Starts):
        start(board, starts)
    _ask(board, facts)


def _of(facts: tuple[Fact, ...], kind: type[F]) -> list[F]:
    return [fact for fact in facts if isinstance(fact, kind)]


def _declare(board: Board, fact: Declares) -> None:
    found = board.find(fact.entity.key)
    if found is None:
        board.new(fact.entity, fact.weak)
    elif found.exists:
        board.repeated = found if not fact.weak or fact.items else board.repeated
    else:
        found.weak = found.weak and fact.weak


def _build(board: Board, fact: Fact) -> None:
    """Carry out a fact of its own, in the order of the text."""
    match fact:
        case Declares():
            fill(board, board.draft(fact.entity), fact.items, listed=True)
        case Describes():
            describe(board, fact)
        case Adds():
            add(board, fact)
        case Removes():
            board.evolution.remove(fact)
        case Renames():
            board.evolution.rename(fact)
        case Alters():
            alter(board, fact)
        case Unlinks():
            board.evolution.unlink(fact)
        case Relinks():
            board.evolution.relink(fact)
        case _:
            pass


def _ask(board: Board, facts: tuple[Fact, ...]) -> None:
    nouns = [noun for asks in _of(facts, Asks) for noun in asks.about]
    names = [board.evolution.entity(noun).name for noun in nouns]
    board.about = tuple(dict.fromkeys(names))
