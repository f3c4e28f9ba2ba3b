"""Relationships: what sentences say of each direction, put together.

"A book has many authors" and "an author writes many books" are two halves of one many-to-many;
where one half only is said, the verb's usual other half is taken, and said as an assumption.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from baes.language.resolution.drafts import Doubt, LinkDraft
from baes.language.resolution.relinking import Relinked, link_between, relinked
from baes.language.vocabulary import Vocabulary
from baes.spec.changes import ChangeRelationship
from baes.spec.inflection import plural_label
from baes.spec.interpretation import Question
from baes.spec.model import Relationship, RelationshipKind, SystemSpec
from baes.spec.names import label_of, pascal_case, snake_case

__all__ = ["build_relationships"]

_TURNED = {"many_to_one": "one_to_many", "one_to_many": "many_to_one"}


@dataclass(slots=True)
class Pair:
    """All statements about two entities (and one role)."""

    source: str
    target: str
    role: str
    forth: str = ""
    """How many targets one source has, as said."""
    back: str = ""
    """How many sources one target has, as said."""
    usual_back: str = ""
    usual_forth: str = ""
    stated: str = ""
    required: bool | None = None
    back_required: bool | None = None
    doubtful: bool = False
    verb: str = ""
    owned: bool = False
    """Whether the source was said to be the one that has the link."""


@dataclass(frozen=True, slots=True)
class _Speech:
    """The words for entities, by their keys, as their users write them."""

    lexicon: Vocabulary
    labels: Mapping[str, str]

    def one(self, key: str) -> str:
        """What one is called."""
        return self.labels.get(key) or key.replace("_", " ")

    def many(self, key: str) -> str:
        """What several are called."""
        return plural_label(self.one(key), self.lexicon.language)


def build_relationships(
    links: list[LinkDraft], lexicon: Vocabulary, spec: SystemSpec, labels: Mapping[str, str]
) -> tuple[tuple[Relationship, ...], tuple[ChangeRelationship, ...], tuple[str, ...]]:  # fmt: skip
    """New relationships, changes of those that the system has, and what both rest on.

    Raises:
        Doubt: How many of each there may be can't be told.
    """
    speech = _Speech(lexicon, labels)
    pairs: list[Pair] = []
    for link in links:
        if not _is_told_by_roles(link, links):
            _add(pairs, link, lexicon)
    found: list[Relationship] = []
    changes: list[ChangeRelationship] = []
    assumptions: list[str] = []
    for pair in pairs:
        old = link_between(pair.source, pair.target, pair.role, spec)
        if old is not None:
            change = _changed(pair, old, lexicon)
            changes += change
            if not change:
                assumptions.append(lexicon.assumption("as_it_is", name=old.title))
            continue
        relationship, assumption = _relationship(pair, speech)
        if not any((r.source, r.name) == (relationship.source, relationship.name) for r in found):
            found.append(relationship)
            assumptions += [assumption] if assumption else []
    return tuple(found), tuple(changes), tuple(assumptions)


def _is_told_by_roles(link: LinkDraft, links: list[LinkDraft]) -> bool:
    """Whether "teams play matches" is what a match's home team and away team say exactly."""
    if not (link.fact.bare and link.fact.verb) or link.fact.role:
        return False
    roles = {
        other.fact.role
        for other in links
        if other.fact.role and (other.source, other.target) == (link.target, link.source)
    }
    return len(roles) > 1


def _changed(pair: Pair, old: Relationship, lexicon: Vocabulary) -> tuple[ChangeRelationship, ...]:
    """What sentences about two linked entities change of their link."""
    turned = pascal_case(pair.source) != old.source
    forth, back = (pair.back, pair.forth) if turned else (pair.forth, pair.back)
    required = pair.back_required if turned else pair.required
    if turned and pair.required:
        slots = {"source": old.target, "target": old.source}
        raise Doubt(Question(lexicon.question("least_one", **slots)))
    stated = pair.stated
    if turned and stated in _TURNED:
        stated = _TURNED[stated]
    change = relinked(old, Relinked(forth, back, required, stated), lexicon)
    other_verb = pair.verb and not any(
        lexicon.value("generic_verb", word) is not None for word in pair.verb.lower().split()
    )
    if change is not None and "kind" in change.changed and other_verb:
        slots = {"source": old.source, "target": old.target, "verb": pair.verb}
        raise Doubt(Question(lexicon.question("other_link", **slots)))
    return (change,) if change is not None else ()


def _add(pairs: list[Pair], link: LinkDraft, lexicon: Vocabulary) -> None:
    fact = link.fact
    for pair in pairs:
        same = (pair.source, pair.target) == (link.source, link.target) and pair.role == fact.role
        turned = (pair.source, pair.target) == (link.target, link.source)
        turned = turned and not (pair.role and fact.role) and not _of_its_own(pair, link, lexicon)
        if link.source != link.target and turned and not same:
            if fact.open:
                return
            pair.back = pair.back or fact.many
            pair.usual_forth = pair.usual_forth or fact.back
            pair.back_required = link.required if pair.back_required is None else pair.back_required
            pair.stated = pair.stated or fact.stated
            pair.role = pair.role or ""
            return
        if same:
            pair.owned = pair.owned or (fact.open and fact.back == "many")
            if fact.open:
                return
            pair.usual_back = pair.usual_back or fact.back
            pair.forth = pair.forth if pair.forth == "many" and fact.many == "many" else fact.many
            pair.stated = pair.stated or fact.stated
            pair.required = link.required if pair.required is None else pair.required
            return
    pairs.append(
        Pair(
            link.source, link.target, fact.role, "" if fact.stated or fact.open else fact.many,
            usual_back="" if fact.open else fact.back, stated=fact.stated, required=link.required,
            owned=fact.open and fact.back == "many",
            doubtful=fact.bare and fact.many == "many" and not fact.back, verb=fact.verb,
        )
    )  # fmt: skip


def _of_its_own(pair: Pair, link: LinkDraft, lexicon: Vocabulary) -> bool:
    """Whether two sentences speak of different links: who works there, and who leads it."""
    if pair.forth != "one" or link.fact.many != "one" or not (pair.verb and link.fact.verb):
        return False
    verbs = [verb.lower().split() for verb in (pair.verb, link.fact.verb)]
    if any(lexicon.value("generic_verb", word) is not None for verb in verbs for word in verb):
        return False
    return not any(a[:4] == b[:4] for a in verbs[0] for b in verbs[1] if len(a) > 3 and len(b) > 3)


def _relationship(pair: Pair, speech: _Speech) -> tuple[Relationship, str]:
    if pair.owned and pair.forth and not pair.back:
        pair.usual_back = "many"  # a link of its own with many others is written from its side
    kind = pair.stated or _kind(pair, speech)
    said_both = bool(pair.stated or pair.back)
    if kind == "one_to_many":
        made = _made(pair.target, pair.source, "many_to_one", "", pair.back_required, speech)
        slots = {
            "target": speech.one(pair.source),
            "sources": speech.many(pair.target),
            "source": speech.one(pair.target),
        }
        unchecked = speech.lexicon.assumption("least_one", **slots) if pair.required else ""
        return made, unchecked or (
            "" if said_both else speech.lexicon.assumption("one_owner", **slots)
        )
    made = _made(pair.source, pair.target, kind, pair.role, pair.required, speech)
    if said_both or kind == "one_to_one":
        return made, ""
    slots = {
        "source": speech.one(pair.source),
        "target": pair.role or speech.one(pair.target),
        "sources": speech.many(pair.source),
    }
    if kind == "many_to_many":
        ends = [speech.many(key) for key in (pair.source, pair.target)]
        text = f"{ends[0]} {pair.verb} {ends[1]}"
        return made, speech.lexicon.assumption("both_many", text=" ".join(text.split()))
    return made, speech.lexicon.assumption("many_share", **slots)


def _kind(pair: Pair, speech: _Speech) -> str:
    back = pair.back or pair.usual_back
    forth = pair.forth or pair.usual_forth
    if (pair.doubtful and not pair.back) or not (back and forth):
        slots = {
            "left": speech.one(pair.source),
            "lefts": speech.many(pair.source),
            "right": speech.one(pair.target),
            "rights": speech.many(pair.target),
        }
        raise Doubt(Question(speech.lexicon.question("how_many", **slots)))
    kinds = {
        ("one", "many"): "many_to_one", ("one", "one"): "one_to_one",
        ("many", "many"): "many_to_many", ("many", "one"): "one_to_many",
    }  # fmt: skip
    return kinds[forth, back]


def _made(
    source: str, target: str, kind: str, role: str, required: bool | None, speech: _Speech
) -> Relationship:
    several = kind == "many_to_many"
    name = snake_case(role) or (speech.lexicon.plural(target) if several else target)
    label = role or (speech.many(target) if several else speech.one(target))
    return Relationship(
        source=pascal_case(source), target=pascal_case(target), kind=_kind_of(kind),
        name=name, required=bool(required), label=label_of(label),
    )  # fmt: skip


def _kind_of(kind: str) -> RelationshipKind:
    match kind:
        case "many_to_one" | "one_to_one" | "many_to_many":
            return kind
    raise AssertionError(kind)
