"""Links that are there: which one sentences mean, and what they make of it."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from baes.language.resolution.drafts import Doubt
from baes.language.vocabulary import Vocabulary
from baes.spec.changes import ChangeRelationship
from baes.spec.interpretation import Question
from baes.spec.model import Relationship, RelationshipKind, SystemSpec
from baes.spec.names import label_of, pascal_case, snake_case

__all__ = ["Relinked", "link_between", "relinked"]

_HALVES: dict[RelationshipKind, tuple[str, str]] = {
    "many_to_one": ("one", "many"),
    "one_to_one": ("one", "one"),
    "many_to_many": ("many", "many"),
}
"""Kind -> how many targets one source has, how many sources one target has."""
_KINDS: dict[tuple[str, str], RelationshipKind] = {h: kind for kind, h in _HALVES.items()}


@dataclass(frozen=True, slots=True)
class Relinked:
    """What is said of a link, seen from its source; empty: that stays."""

    forth: str = ""
    back: str = ""
    required: bool | None = None
    stated: str = ""


def link_between(source: str, target: str, role: str, spec: SystemSpec) -> Relationship | None:
    """The link of two entities (keys) that a sentence means; ``None`` where it is a new one."""
    ends = {pascal_case(source), pascal_case(target)}
    links = [r for r in spec.relationships if {r.source, r.target} == ends]
    if role:
        return next((r for r in links if r.name == snake_case(role)), None)
    plain = [r for r in links if r.name.startswith(snake_case(r.target)[:-1])]
    return plain[0] if len(plain) == 1 else None


def relinked(old: Relationship, said: Relinked, lexicon: Vocabulary) -> ChangeRelationship | None:
    """The change that is said, ``None`` where the link is like that already.

    Raises:
        Doubt: The link would have to be kept at its other end.
    """
    forth, back = _HALVES[old.kind]
    halves = (said.forth or forth, said.back or back)
    kind = _KINDS.get(halves)
    if said.stated:
        kind = next((k for k in _HALVES if k == said.stated), None)
    if kind is None:
        slots = {"source": old.source, "target": old.target}
        raise Doubt(Question(lexicon.question("turned_link", **slots)))
    required = old.required if said.required is None else said.required
    changed = [
        key
        for key, value, before in (
            ("kind", kind, old.kind), ("required", required, old.required)
        )
        if value != before
    ]  # fmt: skip
    if not changed:
        return None
    name = _name(old, kind, lexicon)
    to = dataclasses.replace(old, kind=kind, required=required, name=name)
    if name != old.name:
        to = dataclasses.replace(to, label=label_of(name.replace("_", " ")))
    return ChangeRelationship(old.source, old.name, to, tuple(changed))


def _name(old: Relationship, kind: RelationshipKind, lexicon: Vocabulary) -> str:
    """Several are named in the plural, one in the singular, as far as the name is the target's."""
    if (kind == "many_to_many") == (old.kind == "many_to_many"):
        return old.name
    return lexicon.plural(old.name) if kind == "many_to_many" else lexicon.singular(old.name)
