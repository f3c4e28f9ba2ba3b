"""Facts about what is there, as changes: each thing found by its words, each change once.

Users speak of the system as it is, so all names are looked up in it; where a request renames
something, what comes after the renaming follows it.
"""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Callable
from dataclasses import dataclass, field

from baes.errors import InvalidSpec
from baes.language.facts import (
    Adds,
    Alters,
    Describes,
    Fact,
    Noun,
    Relinks,
    Removes,
    Renames,
    Said,
    Target,
    Topic,
    Unlinks,
)
from baes.language.inventory import Inventory, Place
from baes.language.resolution.altering import altered
from baes.language.resolution.drafts import AttributeDraft, Doubt
from baes.language.resolution.relinking import Relinked, relinked
from baes.language.vocabulary import Vocabulary
from baes.spec.changes import (
    AddAttribute,
    Change,
    ChangeAttribute,
    ChangeRelationship,
    RemoveAttribute,
    RemoveEntity,
    RemoveRelationship,
    RenameAttribute,
    RenameEntity,
)
from baes.spec.interpretation import Question
from baes.spec.model import Attribute, Entity, Relationship
from baes.spec.names import AttributeName, EntityName, snake_case, words_of

__all__ = ["Evolution", "mentioned"]

Builder = Callable[[AttributeDraft, Entity], Attribute]
"""Makes an attribute of a draft."""
_MAX_CHOICES = 6
"""Names that a question offers at most."""


@dataclass(slots=True)
class _Altered:
    """An attribute and all that is said of it in the request."""

    entity: Entity
    attribute: Attribute
    said: Said


@dataclass(frozen=True, slots=True)
class _Added:
    """An attribute in the making."""

    entity: Entity
    draft: AttributeDraft


def mentioned(facts: tuple[Fact, ...], inventory: Inventory) -> set[str]:
    """Names of the entities that facts name as the owner of something."""
    nouns: list[Noun | None] = []
    for fact in facts:
        match fact:
            case Adds(owner=owner):
                nouns.append(owner)
            case Topic(entity=entity) | Describes(entity=entity):
                nouns.append(entity)
            case Removes(targets=targets):
                nouns += [target.owner for target in targets]
            case Renames(target=target) | Alters(target=target):
                nouns.append(target.owner)
            case _:
                pass
    found = (inventory.entity(noun.key) for noun in nouns if noun is not None)
    return {entity.name for entity in found if entity is not None}


@dataclass(slots=True)
class Evolution:
    """The changes of one request to what is there, gathered in the order in which they are said."""

    inventory: Inventory
    lexicon: Vocabulary
    steps: list[Change | _Altered | _Added] = field(default_factory=list)
    mentioned: set[str] = field(default_factory=set)
    """Names of the entities that the request names as owners: they settle whose a name is."""
    settled: list[str] = field(default_factory=list)
    """Assumptions: what is so already."""
    renamed: dict[str, Place | Entity] = field(default_factory=dict)
    """New name -> what has it from here on: "rename X to Y and make Y optional"."""

    # ----------------------------------------------------------------------------- looking up
    def entity(self, noun: Noun) -> Entity:
        """The entity that a noun means.

        Raises:
            Doubt: There is none; the question offers the nearest names.
        """
        found = self.inventory.entity(noun.key) or self.renamed.get(noun.key)
        if isinstance(found, Entity):
            return found
        known = {e.label or e.name: e for e in self.inventory.spec}
        near = difflib.get_close_matches(noun.text.capitalize(), known, n=_MAX_CHOICES, cutoff=0.6)
        names = near or list(known)[:_MAX_CHOICES]
        raise self._doubt("no_such_entity", names, name=noun.text)

    def locate(self, target: Target) -> Place | Entity:
        """What a target means.

        Raises:
            Doubt: It is nothing that is there, or may be several things.
        """
        if target.owner is not None:
            return self._owned(target, self.entity(target.owner))
        if target.kind == "entity":
            return self.entity(target.noun)
        words = words_of(target.noun.text)
        places = [p for p in self.inventory.places(words) if _is_kind(p, target)]
        near = [p for p in places if not p.far]
        entity = self.inventory.entity(target.noun.key) if not target.kind else None
        if entity is not None and (not near or _rather_entity(target.noun, entity, near)):
            return entity
        place = self._narrowed(near, target)
        if place is not None and entity is None:
            return place
        if near:
            owners = [p.entity.label or p.entity.name for p in near]
            owners += [entity.label or entity.name] if entity is not None else []
            raise self._doubt("whose", sorted(set(owners)), name=target.noun.text)
        renamed = self.renamed.get(snake_case(target.noun.text))
        if renamed is None:
            raise self._unknown(target.noun)
        return renamed

    def _owned(self, target: Target, entity: Entity) -> Place:
        places = self.inventory.places(words_of(target.noun.text), entity)
        found = [p for p in places if _is_kind(p, target)]
        found = [p for p in found if not p.far] or found
        things = {id(p.thing) for p in found}
        if len(things) == 1:
            return found[0]
        names = [a.title for a in entity.attributes]
        names += [r.title for r in self.inventory.spec.outgoing(entity.name)]
        label = entity.label or entity.name
        raise self._doubt(
            "no_such_attribute", names[:_MAX_CHOICES], name=target.noun.text, entity=label
        )

    def _narrowed(self, places: list[Place], target: Target) -> Place | None:
        """The place of the entity spoken of last, or of the only one that the request names."""
        if len(places) == 1:
            return places[0]
        if target.near is not None:
            last = self.inventory.entity(target.near.key)
            own = [p for p in places if p.entity is last]
            if len(own) == 1:
                return own[0]
        named = [p for p in places if p.entity.name in self.mentioned]
        return named[0] if len(named) == 1 else None

    def _unknown(self, noun: Noun) -> Doubt:
        known = {a.title: a for e in self.inventory.spec for a in e.attributes}
        known |= {(e.label or e.name): e for e in self.inventory.spec}  # type: ignore[misc]  # names only
        words = set(words_of(noun.text))
        names = difflib.get_close_matches(noun.text.capitalize(), known, n=3, cutoff=0.6)
        names = names or [title for title in known if words <= set(words_of(title))][:3]
        key = "nothing_like" if names else "nothing_called"
        return self._doubt(key, names, name=noun.text)

    # ------------------------------------------------------------------------------- changing
    def add(self, entity: Entity, draft: AttributeDraft) -> None:
        """A further attribute; what else is said of it may come later."""
        self.steps.append(_Added(entity, draft))

    def remove(self, fact: Removes) -> None:
        """Attributes, links and entities that go."""
        for target in fact.targets:
            found = self.locate(target)
            if isinstance(found, Entity):
                self._once(RemoveEntity(found.name))
            elif isinstance(found.thing, Attribute):
                self._once(RemoveAttribute(found.entity.name, found.thing.name))
            else:
                self._unlink(found.thing)

    def unlink(self, fact: Unlinks) -> None:
        """The link between two entities goes."""
        self._unlink(self._between(fact.left, fact.right))

    def _unlink(self, link: Relationship) -> None:
        self._once(RemoveRelationship(link.source, link.name, link.target))

    def _between(self, left: Noun, right: Noun) -> Relationship:
        ends = [self.entity(left).name, self.entity(right).name]
        links = [r for r in self.inventory.spec.relationships if {r.source, r.target} == set(ends)]
        if len(links) == 1:
            return links[0]
        names = [r.title for r in links]
        key = "which_link" if links else "no_link"
        raise self._doubt(key, names, left=ends[0], right=ends[1])

    def _once(self, change: Change) -> None:
        if change not in self.steps:
            self.steps.append(change)

    def rename(self, fact: Renames) -> None:
        """An attribute, link or entity gets another name."""
        found = self.locate(fact.target)
        try:
            self._once(self._renamed(found, fact.new))
            named = fact.new.key if isinstance(found, Entity) else snake_case(fact.new.text)
            self.renamed[named] = found
        except InvalidSpec as refusal:
            raise self._doubt("bad_name", (), name=fact.new.text[:60]) from refusal

    def _renamed(self, found: Place | Entity, new: Noun) -> Change:
        if isinstance(found, Entity):
            name = EntityName.from_text(self._in_singular(new.text))
            return RenameEntity(found.name, name.name, name.label)
        said = AttributeName.from_text(new.text)
        if isinstance(found.thing, Attribute):
            return RenameAttribute(found.entity.name, found.thing.name, said.name, said.label)
        link = found.thing
        to = dataclasses.replace(link, name=said.name, label=said.label)
        return ChangeRelationship(link.source, link.name, to, ("name",))

    def _in_singular(self, text: str) -> str:
        head, _, last = text.replace("_", " ").rpartition(" ")
        one = self.lexicon.singular(last.lower())
        if one != last.lower():
            last = one[:1].upper() + one[1:] if last[:1].isupper() else one
        return f"{head} {last}".strip()

    def alter(self, fact: Alters) -> None:
        """More is said of an attribute or link."""
        found = self.locate(fact.target)
        if isinstance(found, Entity):
            raise self._unknown(fact.target.noun)
        self.alter_place(found, fact.said)

    def alter_place(self, found: Place, said: Said) -> None:
        """The same, of a thing that is found already."""
        if isinstance(found.thing, Relationship):
            self._relink(found.thing, said, found.far)
            return
        for step in self.steps:
            if isinstance(step, _Altered) and step.attribute is found.thing:
                step.said = (*step.said, *said)
                return
        self.steps.append(_Altered(found.entity, found.thing, said))

    def relink(self, fact: Relinks) -> None:
        """The link between two entities becomes another one."""
        link = self._between(fact.left, fact.right)
        said = dict(fact.said)
        stated = str(said.get("kind", ""))
        if stated in ("many_to_one", "one_to_many") and link.source != self.entity(fact.left).name:
            stated = "many_to_one" if stated == "one_to_many" else "one_to_many"
        required = said.get("required")
        self._changed_link(link, Relinked(stated=stated, required=_truth(required)))

    def _relink(self, link: Relationship, said: Said, far: bool) -> None:
        keys = dict(said)
        if set(keys) != {"required"} or far:
            raise self._doubt("link_has_no", (), name=link.title)
        self._changed_link(link, Relinked(required=_truth(keys["required"])))

    def _changed_link(self, link: Relationship, said: Relinked) -> None:
        change = relinked(link, said, self.lexicon)
        if change is None:
            self.settled.append(self.lexicon.assumption("as_it_is", name=link.title))
        else:
            self._once(change)

    # --------------------------------------------------------------------------------- result
    def changes(self, build: Builder) -> tuple[Change, ...]:
        """All changes, in order, each under the names that hold by then.

        Raises:
            Doubt: Two of them contradict each other, or one can't be.
        """
        self._refuse_contradictions()
        entities: dict[str, str] = {}
        attributes: dict[tuple[str, str], str] = {}
        found: list[Change] = []
        for step in self.steps:
            change = self._finished(step, build)
            if change is None:
                continue
            if isinstance(change, RenameEntity):
                entities[change.entity] = change.new_name
                found.append(change)
                continue
            owner = str(getattr(change, "entity", ""))
            if isinstance(change, ChangeAttribute):
                name = attributes.get((owner, change.name), change.name)
                change = dataclasses.replace(change, name=name)
            if isinstance(change, RenameAttribute):
                attributes[owner, change.name] = change.new_name
            found.append(following(change, entities))
        return tuple(found)

    def _finished(self, step: Change | _Altered | _Added, build: Builder) -> Change | None:
        if isinstance(step, _Added):
            return AddAttribute(step.entity.name, build(step.draft, step.entity))
        if not isinstance(step, _Altered):
            return step
        label = step.entity.label or step.entity.name
        to = altered(step.attribute, step.said, label, self.lexicon)
        if not to:
            self.settled.append(self.lexicon.assumption("as_it_is", name=step.attribute.title))
            return None
        return ChangeAttribute(step.entity.name, step.attribute.name, to)

    def _refuse_contradictions(self) -> None:
        seen: dict[tuple[str, str], str] = {}
        removed = {s.entity for s in self.steps if isinstance(s, RemoveEntity)}
        for step in self.steps:
            entity, name, kind = _touched(step)
            before = seen.get((entity, name))
            together = {before, kind} == {"rename", "alter"}
            if (before is not None and not together) or (entity in removed and name):
                what = name or entity
                raise self._doubt("two_changes", (), name=what.replace("_", " "))
            seen[entity, name] = kind

    def _doubt(self, key: str, names: list[str] | tuple[()], /, **slots: object) -> Doubt:
        text = self.lexicon.question(key, names=", ".join(names), **slots)
        return Doubt(Question(text, tuple(names)))


def following(change: Change, entities: dict[str, str]) -> Change:
    """A change under the names that its entities have by then."""
    if isinstance(change, ChangeRelationship):
        source = entities.get(change.to.source, change.to.source)
        target = entities.get(change.to.target, change.to.target)
        to = dataclasses.replace(change.to, source=source, target=target)
        return dataclasses.replace(change, entity=entities.get(change.entity, change.entity), to=to)
    match change:
        case (
            AddAttribute(entity=owner)
            | RenameAttribute(entity=owner)
            | ChangeAttribute(entity=owner)
            | RemoveAttribute(entity=owner)
            | RemoveRelationship(entity=owner)
        ):
            return dataclasses.replace(change, entity=entities.get(owner, owner))
        case _:
            return change


def _touched(step: Change | _Altered | _Added) -> tuple[str, str, str]:
    """Entity, attribute or link, and what is done with it."""
    match step:
        case _Altered():
            return step.entity.name, step.attribute.name, "alter"
        case _Added():
            return step.entity.name, step.draft.name, "add"
        case RenameAttribute():
            return step.entity, step.name, "rename"
        case RenameEntity():
            return step.entity, "", "rename"
        case RemoveEntity():
            return step.entity, "", "remove"
        case RemoveAttribute() | RemoveRelationship():
            return step.entity, step.name, "remove"
        case ChangeRelationship():
            return step.entity, step.name, "relink"
    raise AssertionError(step)


def _is_kind(place: Place, target: Target) -> bool:
    if target.kind == "attribute":
        return isinstance(place.thing, Attribute)
    return target.kind != "link" or isinstance(place.thing, Relationship)


def _rather_entity(noun: Noun, entity: Entity, places: list[Place]) -> bool:
    """Whether a name is rather an entity's than that of what is called like it elsewhere.

    Nobody says whose it is, so the entity is meant where the name is the entity's ("Rename Tag to
    Marker", with tags of a book), and where links that lead to one record are spoken of in the
    plural. An attribute that is called just so may be meant as well.
    """
    links = all(isinstance(place.thing, Relationship) for place in places)
    if noun.text.lower() == (entity.label or entity.name).lower():
        return links or all(place.thing.title.lower() != noun.text.lower() for place in places)
    single = all(
        isinstance(place.thing, Relationship) and place.thing.kind != "many_to_many"
        for place in places
    )
    return links and single and noun.plural


def _truth(value: object) -> bool | None:
    return value if isinstance(value, bool) else None
