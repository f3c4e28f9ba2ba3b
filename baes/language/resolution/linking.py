"""Sentences that link two entities, and the entity that such a link may be."""

from __future__ import annotations

from baes.language.facts import Links, Noun
from baes.language.resolution.board import Board
from baes.language.resolution.drafts import LinkDraft
from baes.spec.inflection import plural_label

__all__ = ["declare_ends", "join_entities", "link"]


def declare_ends(board: Board, fact: Links) -> None:
    """Hold that a sentence links entities that are known.

    Raises:
        Doubt: It names another.
    """
    for noun in (fact.subject, fact.target, fact.via):
        if noun is None or board.find(noun.key) or board.role_target(noun.key):
            continue
        raise board.doubt("unknown_entity", name=noun.text)


def link(board: Board, fact: Links) -> None:
    """Note a sentence about two entities."""
    if fact.via is not None:
        via = board.draft(fact.via)
        for end in (fact.subject, fact.target):
            board.add_plain_link(via.key, board.draft(end).key)
        return
    source = _end(board, fact.subject)
    target = _end(board, fact.target)
    role = fact.role
    if fact.target.key not in board.drafts and board.find(fact.target.key) is None:
        role = fact.target.text
    if source == target and not role:
        one = board.plain(source)
        several = plural_label(one, board.lexicon.language)
        raise board.doubt("how_many", left=one, right=one, lefts=several, rights=several)
    draft = LinkDraft(source, target, fact, fact.required)
    if role != fact.role:
        draft.fact = Links(
            fact.subject, fact.target, fact.many, fact.back, fact.required, role, fact.stated,
            fact.verb, None, fact.bare,
        )  # fmt: skip
    board.links.append(draft)


def _end(board: Board, noun: Noun) -> str:
    found = board.find(noun.key)
    return found.key if found is not None else board.role_target(noun.key)


def join_entities(board: Board) -> None:
    """As in "Students enroll in courses. Each enrollment has …": the link is an entity."""
    for link in list(board.links):
        if link.fact.many != "many" or not link.fact.verb:
            continue
        joint = _joint(board, link) or _linked_by(board, link)
        if joint is not None:
            board.links.remove(link)
            board.add_plain_link(joint, link.source)
            board.add_plain_link(joint, link.target)


def _linked_by(board: Board, link: LinkDraft) -> str | None:
    """The entity that belongs to both ends of a link said in passing ("members borrow")."""
    if not link.fact.bare:
        return None
    ends = {link.source, link.target}
    for key in board.drafts.keys() - ends:
        if ends <= {other.target for other in board.links if other.source == key}:
            return key
    return None


def _joint(board: Board, link: LinkDraft) -> str | None:
    stems = [w.rstrip("s") for w in link.fact.verb.lower().split() if len(w) > 3]
    for key in board.drafts:
        if key in (link.source, link.target):
            continue
        if any(key.startswith(stem[: max(4, len(stem) - 2)]) for stem in stems):
            return key
    return None
