"""The members of an attribute list: plain values, links, or entities of their own."""

from __future__ import annotations

from baes.language.facts import Adds, Describes, Item, Links, Noun, Said
from baes.language.hints import hinted_type
from baes.language.resolution.altering import altered
from baes.language.resolution.board import Board
from baes.language.resolution.drafts import AttributeDraft, EntityDraft, LinkDraft
from baes.spec.model import Attribute
from baes.spec.names import snake_case, words_of

__all__ = ["add", "describe", "fill"]

_CLOSE = 60
"""Characters: two mentions as near as this stand in one list."""
_ATTRIBUTE_ONLY = frozenset(
    {"type", "choices", "default", "min", "max", "min_length", "max_length", "unit", "scale",
     "unique", "exclusive_min", "exclusive_max", "pattern",
     "generated", "valid", "format"}
)  # fmt: skip
"""What is said of plain values only: an item with one of these is no link."""
_OWN_ID = "id"
_OF_OWN_ID = frozenset(
    {("type", "integer"), ("unique", True), ("required", True), ("generated", True)}
)
"""What holds of the id that every record gets: who says it asks for nothing more."""


def fill(board: Board, draft: EntityDraft, items: tuple[Item, ...], listed: bool) -> None:
    """Give an entity what an attribute list (or a sentence) says that it has."""
    if items and listed:
        _refuse_only_records(board, draft, items)
    for item in items:
        if not (draft.exists and _known_attribute(board, draft, item, listed)):
            _fill_item(board, draft, item, listed)


def _refuse_only_records(board: Board, draft: EntityDraft, items: tuple[Item, ...]) -> None:
    """Ask about what has several of things and nothing else: "a library with books"."""
    for item in items:
        plain = item.said or item.article or item.noun.key in board.drafts or "_" in item.noun.key
        hinted = hinted_type(item.noun.text, board.lexicon) not in (None, "integer")
        one = board.lexicon.singular(item.noun.text.lower())
        if plain or hinted or one in board.lexicon.hints["before"] or not item.noun.plural:
            return
    name = items[0].noun.text
    raise board.doubt("plain_or_entity", name=name, entity=board.label_text(draft))


def describe(board: Board, fact: Describes) -> None:
    """Give an entity what a sentence says that it has; what is said of all holds for each."""
    items = tuple(
        Item(i.noun, (*_unless_said(fact.said, i.said), *i.said), i.many, i.article)
        for i in fact.items
    )
    fill(board, board.draft(fact.entity), items, listed=False)


def _unless_said(said: Said, more: Said) -> Said:
    """What is said of all, without what is said of one otherwise: "needs a phone (optional)"."""
    keys = dict(more)
    return tuple(pair for pair in said if pair[0] not in keys)


def add(board: Board, fact: Adds) -> None:
    """Give something that is there further attributes or links."""
    draft = board.find(fact.owner.key)
    if draft is None:  # asks, with the nearest names
        draft = board.drafts[snake_case(board.evolution.entity(fact.owner).name)]
    for item in fact.items:
        target = _target_of(board, item)
        if fact.as_links or (target is not None and item.noun.plural and item.many != "one"):
            _add_link(board, draft, item, fact.as_links)
        elif draft.exists and target is None and _is_there(board, draft, item):
            _attribute(board, draft, item)  # the domain agents say what is there
        else:
            _fill_item(board, draft, item, listed=False)


def _fill_item(board: Board, draft: EntityDraft, item: Item, listed: bool) -> None:
    target = _target_of(board, item)
    if target is not None:
        _item_link(board, draft, item, target, listed)
    elif item.many == "many" and not listed:
        board.new(item.noun, weak=False)
        board.assume("entity_of_its_own", name=item.noun.text)
        _item_link(board, draft, item, item.noun.key, listed)
    elif item.many == "many" or (
        item.many and hinted_type(item.noun.text, board.lexicon) is None
    ):  # several phones are no one phone
        raise board.doubt("plain_or_entity", name=item.noun.text, entity=board.label_text(draft))
    else:
        board.refuse_doubtful(item.noun)
        _refuse_plural(board, draft, item)
        _attribute(board, draft, item)


def _target_of(board: Board, item: Item) -> str | None:
    """The entity that an item links to; ``None``: it is a plain value."""
    said = dict(item.said)
    link = said.get("link")
    if isinstance(link, Noun):
        found = board.find(link.key)
        if found is None:
            raise board.doubt("unknown_entity", name=link.text)
        return found.key
    key = item.noun.key
    if "choices" in said and key in board.drafts:  # "Room: number, price" in a list of entities
        raise board.doubt("plain_or_entity", name=item.noun.text, entity=board.plain(key))
    if _ATTRIBUTE_ONLY & set(said):
        return None
    if key in board.drafts:
        return key
    words = key.split("_")
    if len(words) == 1 or _is_value_of(board, words):
        return None
    head = board.find(board.lexicon.head_of(key))
    return board.role_target(key) or (head.key if head is not None else None)


def _is_value_of(board: Board, words: list[str]) -> bool:
    """Whether a name like "name of customer" tells a plain value of the other thing."""
    if board.lexicon.syntax.head_first:  # the chief word tells: "aeroporto de origem"
        return hinted_type(" ".join(words), board.lexicon) is not None
    return any(board.lexicon.value("value_of", word) is not None for word in words)


def _item_link(board: Board, draft: EntityDraft, item: Item, target: str, listed: bool) -> None:
    said = dict(item.said)
    many = item.many == "many" or (item.noun.plural and item.many != "one")
    if many and listed and "link" not in said:
        slots = {"entity": board.label_text(draft), "other": board.plain(target)}
        raise board.doubt("join_or_link", name=item.noun.text, **slots)
    role = _role_of(board, item, target)
    if target == draft.key and not role:
        raise board.doubt("plain_or_entity", name=item.noun.text, entity=board.label_text(draft))
    fact = Links(
        draft.noun, item.noun, "many" if many else "one", "one" if many else "many", role=role
    )
    required = said.get("required")
    if many and target == draft.key:
        fact = Links(draft.noun, item.noun, "many", "many", role=role)
    board.links.append(
        LinkDraft(draft.key, target, fact, required if isinstance(required, bool) else None)
    )


def _role_of(board: Board, item: Item, target: str) -> str:
    """What an item calls its target, where that is more than the target's own name."""
    own = item.noun.key.removesuffix("_id")
    return "" if own in (target, board.lexicon.head_of(target)) else item.noun.text


def _add_link(board: Board, draft: EntityDraft, item: Item, owned: bool) -> None:
    """A link of which is said that it is wanted, and not how many there may be."""
    target = _target_of(board, item)
    if target is None:
        raise board.doubt("unknown_entity", name=item.noun.text)
    role = _role_of(board, item, target)
    fact = Links(
        draft.noun, item.noun, "many" if item.noun.plural else "one",
        "many" if owned else "", role=role, bare=True, open=owned,
    )  # fmt: skip
    required = dict(item.said).get("required")
    board.links.append(
        LinkDraft(draft.key, target, fact, required if isinstance(required, bool) else None)
    )


def _is_there(board: Board, draft: EntityDraft, item: Item) -> bool:
    entity = board.evolution.inventory.entities[draft.key]
    return entity.find(snake_case(item.noun.text)) is not None


def _known_attribute(board: Board, draft: EntityDraft, item: Item, listed: bool) -> bool:
    """Whether an entity has the attribute already; what is new about it is a change."""
    entity = board.evolution.inventory.entities[draft.key]
    words = words_of(item.noun.text)
    places = [p for p in board.evolution.inventory.places(words, entity) if not p.far]
    if len(places) != 1 or not isinstance(places[0].thing, Attribute):
        return False
    own = places[0].thing
    if item.many == "many":
        raise board.doubt("plain_or_entity", name=item.noun.text, entity=board.label_text(draft))
    new = altered(own, item.said, entity.label or entity.name, board.lexicon)
    if any(key == "type" for key, _ in new) or (listed and new):
        raise board.doubt("exists_otherwise", entity=board.label_text(draft), name=own.title)
    if new:
        board.evolution.alter_place(places[0], item.said)
    else:
        board.assume("as_it_is", name=own.title)
    return True


def _refuse_plural(board: Board, draft: EntityDraft, item: Item) -> None:
    """Ask about several of something that nobody called a field: "add tags to Post"."""
    plain = item.said or item.article or hinted_type(item.noun.text, board.lexicon) is not None
    if draft.exists and item.noun.plural and not plain:
        raise board.doubt("plain_or_entity", name=item.noun.text, entity=board.label_text(draft))


def _attribute(board: Board, draft: EntityDraft, item: Item) -> None:
    name = snake_case(item.noun.text)
    if name == _OWN_ID:
        if draft.exists or not set(item.said) <= _OF_OWN_ID:
            raise board.doubt("own_id", entity=board.label_text(draft))
        return
    found = draft.find(name)
    if found is None:
        attribute = AttributeDraft(item.noun, name, item.said)
        draft.attributes.append(attribute)
        if draft.exists:
            board.evolution.add(board.evolution.inventory.entities[draft.key], attribute)
    elif draft.exists and found.noun.text.lower() == item.noun.text.lower():
        found.said = tuple(dict.fromkeys((*found.said, *item.said)))
    elif found.noun != item.noun and not _says_more(found, item):
        raise board.doubt("twins", entity=board.label_text(draft), name=name)


def _says_more(found: AttributeDraft, item: Item) -> bool:
    """Whether an attribute named again is the same one, and not a slip: take what is said."""
    if found.noun.text.lower() != item.noun.text.lower():
        return False
    apart = not 0 <= item.noun.start - found.noun.end < _CLOSE
    if not apart and (found.said or not item.said):
        return False
    if not set(found.said) <= set(item.said) and not set(item.said) <= set(found.said):
        return False
    found.said = tuple(dict.fromkeys((*found.said, *item.said)))
    return True
