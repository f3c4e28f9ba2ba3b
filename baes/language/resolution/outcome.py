"""All drafts of a request, finished: entities, relationships and changes that fit together."""

from __future__ import annotations

import functools

from baes.errors import InvalidSpec
from baes.language.resolution.attributes import build_attribute
from baes.language.resolution.board import Board
from baes.language.resolution.drafts import AttributeDraft, EntityDraft, Resolved
from baes.language.resolution.relationships import build_relationships
from baes.spec.changes import AddRelationship, Change
from baes.spec.model import Attribute, Entity
from baes.spec.names import EntityName, pascal_case

__all__ = ["resolved"]


def resolved(board: Board) -> Resolved:
    """What the drafts of a board come to.

    Raises:
        Doubt: They do not fit together.
    """
    relationships, relinked, assumed = build_relationships(
        board.links, board.lexicon, board.spec, board.labels()
    )
    new = [draft for draft in board.drafts.values() if not draft.exists]
    entities = tuple(_entity(board, draft) for draft in new)
    _refuse_clashes(board, entities)
    described = any(entity.attributes for entity in entities)
    linked = {r.source for r in relationships} | {r.target for r in relationships}
    for entity in entities:
        if not entity.attributes and entity.name not in linked and described:
            _refuse_unknown_aside(board, entity)
    for relationship in relationships:
        own = next((e for e in entities if e.name == relationship.source), None)
        if own is not None and own.find(relationship.name) is not None:
            raise board.doubt("twins", entity=own.label, name=relationship.name)
    evolved = board.evolution.changes(functools.partial(_added_attribute, board))
    changes: tuple[Change, ...] = (*evolved, *relinked)
    if not entities:
        changes += tuple(AddRelationship(r) for r in relationships)
        relationships = ()
    _refuse_repeated(board, bool(entities or changes))
    assumptions = (*board.assumptions, *board.evolution.settled, *assumed)
    return Resolved(
        entities, relationships, changes=changes, assumptions=tuple(dict.fromkeys(assumptions)),
        about=board.about,
        settled=bool(board.evolution.settled or (board.spec.entities and assumed)),
    )  # fmt: skip


def _refuse_repeated(board: Board, changes: bool) -> None:
    """Ask about the creation of what is there just like that; else say that it is there."""
    if board.repeated is None:
        return
    if not changes:
        raise board.doubt("exists", entity=board.label_text(board.repeated))
    board.assume("merged", entity=board.label_text(board.repeated))


def _added_attribute(board: Board, draft: AttributeDraft, entity: Entity) -> Attribute:
    """A new attribute of what is there: its records have no value yet."""
    known = board.knowledge.of(entity.name, board.lexicon.language)
    said = draft.said
    if "required" not in dict(said):
        said = (*said, ("required", False))
    return build_attribute(AttributeDraft(draft.noun, draft.name, said), board.lexicon, known)


def _refuse_unknown_aside(board: Board, entity: Entity) -> None:
    """Ask about a name of which nothing is said while others are described: a title, perhaps.

    What a domain pack knows is no mere title.
    """
    if board.knowledge.of(entity.label, board.lexicon.language) is None:
        raise board.doubt("unknown_entity", name=entity.label)


def _entity(board: Board, draft: EntityDraft) -> Entity:
    label = EntityName.from_text(board.label_text(draft)).label
    known = board.knowledge.of(draft.key, board.lexicon.language)
    attributes = tuple(build_attribute(a, board.lexicon, known) for a in draft.attributes)
    try:
        return Entity(pascal_case(draft.key), attributes, label=label)
    except InvalidSpec as refusal:
        raise board.doubt("bad_name", name=draft.noun.text[:60]) from refusal


def _refuse_clashes(board: Board, entities: tuple[Entity, ...]) -> None:
    names = [e.name.lower() for e in entities]
    for name in names:
        if names.count(name) > 1:
            raise board.doubt("twin_entities", entity=name)
