"""What is said later of attributes and links named before."""

from __future__ import annotations

from dataclasses import replace

from baes.language.facts import AllFields, Alters, Limits, Noun, Starts, Target, Value
from baes.language.inventory import Place
from baes.language.resolution.board import Board
from baes.language.resolution.drafts import AttributeDraft, EntityDraft
from baes.spec.names import snake_case

__all__ = ["alter", "limit", "limit_all", "start"]


def limit(board: Board, fact: Limits) -> None:
    """Say more of one attribute, of the request or of the system."""
    drafts = [d for d in board.drafts.values() if not d.exists]
    noun = fact.attribute
    if fact.entity is not None:
        drafts = [d for d in drafts if d is board.find(fact.entity.key)]
    hits = [(d, a) for d in drafts if (a := board.match(d, noun)) is not None]
    if not hits:
        hits = [
            (d, a) for d in drafts if (rest := _without_owner(noun, d))
            and (a := board.match(d, rest)) is not None
        ]  # fmt: skip
    if not hits:
        if _limit_link(board, fact):
            return
        if board.spec.entities:
            alter(board, Alters(Target(noun, fact.entity), fact.said))
            return
        raise board.doubt("unknown_attribute", name=noun.text)
    if len(hits) > 1:
        names = ", ".join(board.label_text(d) for d, _ in hits)
        raise board.doubt("which_entity", name=noun.text, names=names)
    attribute = hits[0][1]
    said = tuple(pair for pair in fact.said if pair not in attribute.said)
    attribute.said = (*attribute.said, *said)


def _limit_link(board: Board, fact: Limits) -> bool:
    """As in "The teacher is optional", of a link."""
    said = dict(fact.said)
    hits = [
        link for link in board.links
        if fact.attribute.key in (snake_case(link.fact.role), link.target)
        and link.fact.many == "one"
    ]  # fmt: skip
    if len(hits) == 1 and set(said) == {"required"}:
        hits[0].required = bool(said["required"])
        return True
    return False


def _without_owner(noun: Noun, draft: EntityDraft) -> Noun | None:
    words = noun.text.split(" ")
    owner = draft.key.split("_")
    for length in (len(owner), 1):
        front = replace(noun, text=" ".join(words[:length]))
        if len(words) > length and front.key in (draft.key, owner[-1]):
            return replace(noun, text=" ".join(words[length:]))
    return None


def limit_all(board: Board, fact: AllFields) -> None:
    """Make all attributes optional or required, but for some."""
    if _limit_all_of_old(board, fact):
        return
    drafts = [d for d in board.drafts.values() if not d.exists]
    if fact.entity is not None:
        drafts = [d for d in drafts if d is board.find(fact.entity.key)]
    if len(drafts) != 1 and fact.exceptions:
        raise board.doubt("which_entity", name=fact.exceptions[0].text, names=board.names())
    for draft in drafts:
        excepted = [board.match(draft, noun) for noun in fact.exceptions]
        if None in excepted:
            raise board.doubt("unknown_attribute", name=fact.exceptions[0].text)
        for attribute in draft.attributes:
            if attribute not in excepted and "required" not in dict(attribute.said):
                attribute.said = (*attribute.said, ("required", fact.required))


def _limit_all_of_old(board: Board, fact: AllFields) -> bool:
    """The same, of an entity that is there already; whether it is one."""
    old = [d for d in board.drafts.values() if d.exists]
    if fact.entity is not None:
        old = [d for d in old if d is board.find(fact.entity.key)]
    if not old or (fact.entity is None and len(old) != len(board.drafts)):
        return False
    if len(old) > 1:
        name = fact.exceptions[0].text if fact.exceptions else ""
        raise board.doubt("which_entity", name=name, names=board.names())
    entity = board.evolution.inventory.entities[old[0].key]
    excepted = [
        board.evolution.locate(Target(noun, fact.entity or old[0].noun, "attribute"))
        for noun in fact.exceptions
    ]
    spared = [place.thing for place in excepted if isinstance(place, Place)]
    for attribute in entity.attributes:
        if attribute not in spared:
            said = (("required", fact.required),)
            board.evolution.alter_place(Place(entity, attribute), said)
    return True


def start(board: Board, fact: Starts) -> None:
    """Give the only attribute that can have a value that value as its default."""
    draft = board.draft(fact.entity)
    able = [a for a in draft.attributes if _chosen(a, fact.value, board) is not None]
    if len(able) != 1:
        raise board.doubt("which_default", value=fact.value.text, entity=board.label_text(draft))
    value = _chosen(able[0], fact.value, board)
    said = ("default", value)
    if value is not None and said not in able[0].said:
        able[0].said = (*able[0].said, said)


def _chosen(attribute: AttributeDraft, value: Value, board: Board) -> Value | None:
    """A value as one of an attribute's choices; plurals and genders aside ("abertos")."""
    choices = dict(attribute.said).get("choices")
    if not isinstance(choices, tuple):
        return None
    wanted = board.lexicon.singular(value.text.lower())
    return next((c for c in choices if c.text.lower() in (wanted, value.text.lower())), None)


def alter(board: Board, fact: Alters) -> None:
    """What is said of something that is there, or of what the request has just added."""
    target = fact.target
    owners = [d for d in board.drafts.values() if d.attributes]
    if target.owner is not None:
        owners = [d for d in owners if d is board.find(target.owner.key)]
    added = [(d, a) for d in owners if (a := board.match(d, target.noun)) is not None]
    if len(added) == 1:
        attribute = added[0][1]
        attribute.said = (*attribute.said, *fact.said)
        return
    board.evolution.alter(fact)
