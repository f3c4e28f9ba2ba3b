"""What only holds the rest: "a blog with posts and comments", the topic of a document."""

from __future__ import annotations

from baes.language.facts import Declares, Describes, Fact
from baes.language.vocabulary import Vocabulary

__all__ = ["without_containers"]


def without_containers(facts: tuple[Fact, ...], lexicon: Vocabulary) -> tuple[Fact, ...]:
    """Leave out what only holds the rest: "a blog with posts and comments", topics."""
    owners = {
        f.entity.key for f in facts
        if isinstance(f, Declares | Describes) and f.items and not getattr(f, "topic", False)
    }  # fmt: skip
    kept: list[Fact] = []
    for fact in facts:
        if isinstance(fact, Declares | Describes) and _is_place(fact, facts, owners, lexicon):
            continue
        if isinstance(fact, Declares):
            others = owners - {fact.entity.key}
            if fact.topic and others:
                continue
            if _is_named_otherwise(fact, others, lexicon):
                continue
            inside = {item.noun.key for item in fact.items if item.noun.plural and not item.said}
            if fact.items and len(inside) == len(fact.items) and inside <= others:
                continue
        kept.append(fact)
    return tuple(kept)


def _is_named_otherwise(fact: Declares, others: set[str], lexicon: Vocabulary) -> bool:
    """As in "Ghost tours! Tour (title, price)": where its chief word is defined itself."""
    bare = fact.weak and not fact.items
    return bare and any(lexicon.is_headed(fact.entity.key, other) for other in others)


def _is_place(
    fact: Declares | Describes, facts: tuple[Fact, ...], owners: set[str], lexicon: Vocabulary
) -> bool:
    """Whether a "library" or "gym" only holds the entities that are described elsewhere."""
    key = fact.entity.key
    others = owners - {key}
    if key not in lexicon.hints["place"] or fact.entity.plural or not others:
        return False
    return all(
        item.noun.key in others
        for other in facts
        if isinstance(other, Declares | Describes) and other.entity.key == key
        for item in other.items
    )
