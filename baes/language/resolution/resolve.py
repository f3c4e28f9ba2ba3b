"""Facts to drafts, drafts to a specification's parts: names, links, limits said later."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from baes.errors import InvalidSpec
from baes.language.facts import (
    Adds,
    AllFields,
    Alters,
    Asks,
    Declares,
    Describes,
    Fact,
    Item,
    Limits,
    Links,
    Noun,
    Relinks,
    Removes,
    Renames,
    Said,
    Target,
    Unlinks,
)
from baes.language.hints import hinted_type, is_run_together
from baes.language.inventory import Inventory, Place
from baes.language.resolution.altering import altered
from baes.language.resolution.attributes import build_attribute
from baes.language.resolution.drafts import (
    AttributeDraft,
    Doubt,
    EntityDraft,
    LinkDraft,
    Resolved,
)
from baes.language.resolution.evolution import Evolution, mentioned
from baes.language.resolution.relationships import build_relationships
from baes.language.vocabulary import Vocabulary
from baes.spec.changes import AddRelationship, Change
from baes.spec.inflection import singular_label
from baes.spec.interpretation import Question
from baes.spec.knowledge import Knowledge
from baes.spec.model import Attribute, Entity
from baes.spec.names import EntityName, in_sentence, pascal_case, snake_case, spaced, words_of

__all__ = ["resolve"]

_CLOSE = 60
"""Characters: two mentions as near as this stand in one list."""
_ATTRIBUTE_ONLY = frozenset(
    {"type", "choices", "default", "min", "max", "min_length", "max_length", "unit", "scale",
     "unique", "exclusive_min", "exclusive_max", "pattern"}
)  # fmt: skip
"""What is said of plain values only: an item with one of these is no link."""


def resolve(
    facts: tuple[Fact, ...], inventory: Inventory, knowledge: Knowledge, lexicon: Vocabulary
) -> Resolved:
    """What the facts come to, or the first question that they leave open."""
    resolver = _Resolver(inventory, knowledge, lexicon)
    try:
        return resolver.resolve(facts)
    except Doubt as doubt:
        return Resolved(question=doubt.question, assumptions=tuple(resolver.assumptions))


F = TypeVar("F", bound=Fact)


def _of(facts: tuple[Fact, ...], kind: type[F]) -> list[F]:
    return [fact for fact in facts if isinstance(fact, kind)]


def _unless_said(said: Said, more: Said) -> Said:
    """What is said of all, without what is said of one otherwise: "needs a phone (optional)"."""
    keys = dict(more)
    return tuple(pair for pair in said if pair[0] not in keys)


class _Resolver:
    """One resolution; the drafts that it builds up."""

    def __init__(self, inventory: Inventory, knowledge: Knowledge, lexicon: Vocabulary) -> None:
        spec = inventory.spec
        self.spec = spec
        self.evolution = Evolution(inventory, lexicon)
        self.repeated: EntityDraft | None = None
        """An entity that is to be created and is there already."""
        self.knowledge = knowledge
        self.lexicon = lexicon
        self.drafts: dict[str, EntityDraft] = {
            snake_case(e.name): EntityDraft(
                snake_case(e.name), Noun(e.name, 0, 0, spec.language), False, True
            )
            for e in spec
        }
        self.links: list[LinkDraft] = []
        self.assumptions: list[str] = []
        self.unexplained: list[str] = []
        self.about: tuple[str, ...] = ()

    def resolve(self, facts: tuple[Fact, ...]) -> Resolved:
        """All facts, the declarations first: a sentence may speak of what is defined after it."""
        facts = self._without_containers(facts)
        self.evolution.mentioned = mentioned(facts, self.evolution.inventory)
        for declares in _of(facts, Declares):
            self._declare(declares)
        for describes in _of(facts, Describes):
            self._draft(describes.entity)
        for links in _of(facts, Links):
            self._declare_ends(links)
        for fact in facts:
            if isinstance(fact, Declares):
                self._fill(self._draft(fact.entity), fact.items, listed=True)
            elif isinstance(fact, Describes):
                self._describe(fact)
            else:
                self._evolve(fact)
        for links in _of(facts, Links):
            self._link(links)
        self.links.sort(key=lambda link: max(link.fact.subject.start, link.fact.target.start))
        self._join_entities()
        for everything in _of(facts, AllFields):
            self._limit_all(everything)
        for limits in _of(facts, Limits):
            self._limit(limits)
        self._ask(facts)
        return self._resolved()

    def _ask(self, facts: tuple[Fact, ...]) -> None:
        nouns = [noun for asks in _of(facts, Asks) for noun in asks.about]
        names = [self.evolution.entity(noun).name for noun in nouns]
        self.about = tuple(dict.fromkeys(names))

    def _without_containers(self, facts: tuple[Fact, ...]) -> tuple[Fact, ...]:
        """Leave out what only holds the rest: "a blog with posts and comments", topics."""
        owners = {
            f.entity.key for f in facts
            if isinstance(f, Declares | Describes) and f.items and not getattr(f, "topic", False)
        }  # fmt: skip
        kept: list[Fact] = []
        for fact in facts:
            if isinstance(fact, Declares | Describes) and self._is_place(fact, facts, owners):
                continue
            if isinstance(fact, Declares):
                others = owners - {fact.entity.key}
                if fact.topic and others:
                    continue
                inside = {
                    item.noun.key for item in fact.items if item.noun.plural and not item.said
                }
                if fact.items and len(inside) == len(fact.items) and inside <= others:
                    continue
            kept.append(fact)
        return tuple(kept)

    def _is_place(
        self, fact: Declares | Describes, facts: tuple[Fact, ...], owners: set[str]
    ) -> bool:
        """Whether a "library" or "gym" only holds the entities that are described elsewhere."""
        key = fact.entity.key
        others = owners - {key}
        if key not in self.lexicon.hints["place"] or fact.entity.plural or not others:
            return False
        return all(
            item.noun.key in others
            for other in facts
            if isinstance(other, Declares | Describes) and other.entity.key == key
            for item in other.items
        )

    # ------------------------------------------------------------------------- entities
    def _find(self, key: str) -> EntityDraft | None:
        """The entity that a word means: itself, or the only one that ends with it."""
        if key in self.drafts:
            return self.drafts[key]
        ending = [d for name, d in self.drafts.items() if self.lexicon.is_headed(name, key)]
        return ending[0] if len(ending) == 1 else None

    def _draft(self, noun: Noun) -> EntityDraft:
        return self._find(noun.key) or self._new(noun, weak=False)

    def _new(self, noun: Noun, weak: bool) -> EntityDraft:
        self._refuse_run_together(noun)
        try:
            EntityName.from_text(pascal_case(noun.key))
        except InvalidSpec as refusal:
            text = self.lexicon.question("bad_name", name=noun.text[:60])
            raise Doubt(Question(text)) from refusal
        draft = EntityDraft(noun.key, noun, weak)
        self.drafts[noun.key] = draft
        return draft

    def _declare(self, fact: Declares) -> None:
        found = self._find(fact.entity.key)
        if found is None:
            self._new(fact.entity, fact.weak)
        elif found.exists:
            self.repeated = found if not fact.weak or fact.items else self.repeated
        else:
            found.weak = found.weak and fact.weak

    def _declare_ends(self, fact: Links) -> None:
        for noun in (fact.subject, fact.target, fact.via):
            if noun is None or self._find(noun.key) or self._role_target(noun.key):
                continue
            raise self._doubt("unknown_entity", name=noun.text)

    def _role_target(self, key: str) -> str:
        """The entity that "origin airport" ends with, if there is exactly one."""
        ends = [name for name in self.drafts if self.lexicon.is_headed(key, name)]
        return max(ends, key=len) if ends else ""

    # ------------------------------------------------------------- attributes and links
    def _describe(self, fact: Describes) -> None:
        draft = self._draft(fact.entity)
        items = tuple(
            Item(i.noun, (*_unless_said(fact.said, i.said), *i.said), i.many, i.article)
            for i in fact.items
        )
        self._fill(draft, items, listed=False)

    # -------------------------------------------------------------------- what is there already
    def _evolve(self, fact: Fact) -> None:
        """A change of what is there already."""
        match fact:
            case Adds():
                self._add(fact)
            case Removes():
                self.evolution.remove(fact)
            case Renames():
                self.evolution.rename(fact)
            case Alters():
                self._alter(fact)
            case Unlinks():
                self.evolution.unlink(fact)
            case Relinks():
                self.evolution.relink(fact)
            case _:
                pass

    def _add(self, fact: Adds) -> None:
        draft = self._find(fact.owner.key)
        if draft is None:
            self.evolution.entity(fact.owner)  # asks, with the nearest names
            return
        for item in fact.items:
            target = self._target(item)
            if fact.as_links or (target is not None and item.noun.plural and item.many != "one"):
                self._add_link(draft, item, fact.as_links)
            elif draft.exists and target is None and self._is_there(draft, item):
                self._attribute(draft, item)  # the domain agents say what is there
            else:
                self._fill_item(draft, item, listed=False)

    def _is_there(self, draft: EntityDraft, item: Item) -> bool:
        entity = self.evolution.inventory.entities[draft.key]
        return entity.find(snake_case(item.noun.text)) is not None

    def _add_link(self, draft: EntityDraft, item: Item, owned: bool) -> None:
        """A link of which is said that it is wanted, and not how many there may be."""
        target = self._target(item)
        if target is None:
            raise self._doubt("unknown_entity", name=item.noun.text)
        role = self._role(item, target)
        fact = Links(
            draft.noun, item.noun, "many" if item.noun.plural else "one",
            "many" if owned else "", role=role, bare=True, open=owned,
        )  # fmt: skip
        required = dict(item.said).get("required")
        self.links.append(
            LinkDraft(draft.key, target, fact, required if isinstance(required, bool) else None)
        )

    def _alter(self, fact: Alters) -> None:
        """What is said of something that is there, or of what the request has just added."""
        target = fact.target
        owners = [d for d in self.drafts.values() if d.attributes]
        if target.owner is not None:
            owners = [d for d in owners if d is self._find(target.owner.key)]
        added = [(d, a) for d in owners if (a := self._match(d, target.noun)) is not None]
        if len(added) == 1:
            attribute = added[0][1]
            attribute.said = (*attribute.said, *fact.said)
            return
        self.evolution.alter(fact)

    def _known_attribute(self, draft: EntityDraft, item: Item, listed: bool) -> bool:
        """Whether an entity has the attribute already; what is new about it is a change."""
        entity = self.evolution.inventory.entities[draft.key]
        words = words_of(item.noun.text)
        places = [p for p in self.evolution.inventory.places(words, entity) if not p.far]
        if len(places) != 1 or not isinstance(places[0].thing, Attribute):
            return False
        own = places[0].thing
        if item.many == "many":
            raise self._doubt("plain_or_entity", name=item.noun.text, entity=self._said(draft))
        new = altered(own, item.said, entity.label or entity.name, self.lexicon)
        if any(key == "type" for key, _ in new) or (listed and new):
            raise self._doubt("exists_otherwise", entity=self._said(draft), name=own.title)
        if new:
            self.evolution.alter_place(places[0], item.said)
        else:
            self._assume("as_it_is", name=own.title)
        return True

    def _fill(self, draft: EntityDraft, items: tuple[Item, ...], listed: bool) -> None:
        for item in items:
            if not (draft.exists and self._known_attribute(draft, item, listed)):
                self._fill_item(draft, item, listed)

    def _fill_item(self, draft: EntityDraft, item: Item, listed: bool) -> None:
        target = self._target(item)
        if target is not None:
            self._item_link(draft, item, target, listed)
        elif item.many == "many" and not listed:
            self._new(item.noun, weak=False)
            self._assume("entity_of_its_own", name=item.noun.text)
            self._item_link(draft, item, item.noun.key, listed)
        elif item.many and hinted_type(item.noun.text, self.lexicon) is None:
            raise self._doubt("plain_or_entity", name=item.noun.text, entity=self._said(draft))
        else:
            self._refuse_run_together(item.noun)
            self._refuse_plural(draft, item)
            self._attribute(draft, item)

    def _refuse_plural(self, draft: EntityDraft, item: Item) -> None:
        """Ask about several of something that nobody called a field: "add tags to Post"."""
        plain = item.said or item.article or hinted_type(item.noun.text, self.lexicon) is not None
        if draft.exists and item.noun.plural and not plain:
            raise self._doubt("plain_or_entity", name=item.noun.text, entity=self._said(draft))

    def _refuse_run_together(self, noun: Noun) -> None:
        if is_run_together(noun.text, self.lexicon):
            raise self._doubt("run_together", name=noun.text)

    def _target(self, item: Item) -> str | None:
        """The entity that an item links to; ``None``: it is a plain value."""
        said = dict(item.said)
        link = said.get("link")
        if isinstance(link, Noun):
            found = self._find(link.key)
            if found is None:
                raise self._doubt("unknown_entity", name=link.text)
            return found.key
        key = item.noun.key
        if "choices" in said and key in self.drafts:  # "Room: number, price" in a list of entities
            raise self._doubt("plain_or_entity", name=item.noun.text, entity=self._plain(key))
        if _ATTRIBUTE_ONLY & set(said):
            return None
        if key in self.drafts:
            return key
        words = key.split("_")
        if len(words) == 1 or self._is_value_of(words):
            return None
        head = self._find(self.lexicon.head_of(key))
        return self._role_target(key) or (head.key if head is not None else None)

    def _is_value_of(self, words: list[str]) -> bool:
        """Whether a name like "name of customer" tells a plain value of the other thing."""
        if self.lexicon.syntax.head_first:  # the chief word tells: "aeroporto de origem"
            return hinted_type(" ".join(words), self.lexicon) is not None
        return any(self.lexicon.value("value_of", word) is not None for word in words)

    def _item_link(self, draft: EntityDraft, item: Item, target: str, listed: bool) -> None:
        said = dict(item.said)
        many = item.many == "many" or (item.noun.plural and item.many != "one")
        if many and listed and "link" not in said:
            slots = {"entity": self._said(draft), "other": self._plain(target)}
            raise self._doubt("join_or_link", name=item.noun.text, **slots)
        role = self._role(item, target)
        if target == draft.key and not role:
            raise self._doubt("plain_or_entity", name=item.noun.text, entity=self._said(draft))
        fact = Links(
            draft.noun, item.noun, "many" if many else "one", "one" if many else "many", role=role
        )
        required = said.get("required")
        if many and target == draft.key:
            fact = Links(draft.noun, item.noun, "many", "many", role=role)
        self.links.append(
            LinkDraft(draft.key, target, fact, required if isinstance(required, bool) else None)
        )

    def _role(self, item: Item, target: str) -> str:
        """What an item calls its target, where that is more than the target's own name."""
        own = item.noun.key.removesuffix("_id")
        return "" if own in (target, self.lexicon.head_of(target)) else item.noun.text

    def _attribute(self, draft: EntityDraft, item: Item) -> None:
        name = snake_case(item.noun.text)
        if name == "id":
            return
        found = draft.find(name)
        if found is None:
            attribute = AttributeDraft(item.noun, name, item.said)
            draft.attributes.append(attribute)
            if draft.exists:
                self.evolution.add(self.evolution.inventory.entities[draft.key], attribute)
        elif draft.exists and found.noun.text.lower() == item.noun.text.lower():
            found.said = tuple(dict.fromkeys((*found.said, *item.said)))
        elif found.noun != item.noun and not self._says_more(found, item):
            raise self._doubt("twins", entity=self._said(draft), name=name)

    def _says_more(self, found: AttributeDraft, item: Item) -> bool:
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

    def _link(self, fact: Links) -> None:
        if fact.via is not None:
            via = self._draft(fact.via)
            for end in (fact.subject, fact.target):
                self._plain_link(via.key, self._draft(end).key)
            return
        source = self._end(fact.subject)
        target = self._end(fact.target)
        role = fact.role
        if fact.target.key not in self.drafts and self._find(fact.target.key) is None:
            role = fact.target.text
        if source == target and not role:
            ends = {"left": self._plain(source), "right": self._plain(target)}
            raise self._doubt("how_many", **ends, right_one=ends["right"])
        draft = LinkDraft(source, target, fact, fact.required)
        if role != fact.role:
            draft.fact = Links(
                fact.subject, fact.target, fact.many, fact.back, fact.required, role, fact.stated,
                fact.verb, None, fact.bare,
            )  # fmt: skip
        self.links.append(draft)

    def _end(self, noun: Noun) -> str:
        found = self._find(noun.key)
        return found.key if found is not None else self._role_target(noun.key)

    def _plain_link(self, source: str, target: str) -> None:
        if any((link.source, link.target) == (source, target) for link in self.links):
            return
        nouns = self.drafts[source].noun, self.drafts[target].noun
        self.links.append(LinkDraft(source, target, Links(*nouns, "one", "many")))

    def _join_entities(self) -> None:
        """As in "Students enroll in courses. Each enrollment has …": the link is an entity."""
        for link in list(self.links):
            if link.fact.many != "many" or not link.fact.verb:
                continue
            joint = self._joint(link) or self._linked_by(link)
            if joint is not None:
                self.links.remove(link)
                self._plain_link(joint, link.source)
                self._plain_link(joint, link.target)

    def _linked_by(self, link: LinkDraft) -> str | None:
        """The entity that belongs to both ends of a link said in passing ("members borrow")."""
        if not link.fact.bare:
            return None
        ends = {link.source, link.target}
        for key in self.drafts.keys() - ends:
            if ends <= {other.target for other in self.links if other.source == key}:
                return key
        return None

    def _joint(self, link: LinkDraft) -> str | None:
        stems = [w.rstrip("s") for w in link.fact.verb.lower().split() if len(w) > 3]
        for key in self.drafts:
            if key in (link.source, link.target):
                continue
            if any(key.startswith(stem[: max(4, len(stem) - 2)]) for stem in stems):
                return key
        return None

    # --------------------------------------------------------------------- limits later
    def _limit_all(self, fact: AllFields) -> None:
        if self._limit_all_of_old(fact):
            return
        drafts = [d for d in self.drafts.values() if not d.exists]
        if fact.entity is not None:
            drafts = [d for d in drafts if d is self._find(fact.entity.key)]
        if len(drafts) != 1 and fact.exceptions:
            raise self._doubt("which_entity", name=fact.exceptions[0].text, names=self._names())
        for draft in drafts:
            excepted = [self._match(draft, noun) for noun in fact.exceptions]
            if None in excepted:
                raise self._doubt("unknown_attribute", name=fact.exceptions[0].text)
            for attribute in draft.attributes:
                if attribute not in excepted and "required" not in dict(attribute.said):
                    attribute.said = (*attribute.said, ("required", fact.required))

    def _limit_all_of_old(self, fact: AllFields) -> bool:
        """The same, of an entity that is there already; whether it is one."""
        old = [d for d in self.drafts.values() if d.exists]
        if fact.entity is not None:
            old = [d for d in old if d is self._find(fact.entity.key)]
        if not old or (fact.entity is None and len(old) != len(self.drafts)):
            return False
        if len(old) > 1:
            name = fact.exceptions[0].text if fact.exceptions else ""
            raise self._doubt("which_entity", name=name, names=self._names())
        entity = self.evolution.inventory.entities[old[0].key]
        excepted = [
            self.evolution.locate(Target(noun, fact.entity or old[0].noun, "attribute"))
            for noun in fact.exceptions
        ]
        spared = [place.thing for place in excepted if isinstance(place, Place)]
        for attribute in entity.attributes:
            if attribute not in spared:
                said = (("required", fact.required),)
                self.evolution.alter_place(Place(entity, attribute), said)
        return True

    def _limit(self, fact: Limits) -> None:
        drafts = [d for d in self.drafts.values() if not d.exists]
        noun = fact.attribute
        if fact.entity is not None:
            drafts = [d for d in drafts if d is self._find(fact.entity.key)]
        hits = [(d, a) for d in drafts if (a := self._match(d, noun)) is not None]
        if not hits:
            hits = [
                (d, a) for d in drafts if (rest := self._without_owner(noun, d))
                and (a := self._match(d, rest)) is not None
            ]  # fmt: skip
        if not hits:
            if self._limit_link(fact):
                return
            if self.spec.entities:
                self._alter(Alters(Target(noun, fact.entity), fact.said))
                return
            raise self._doubt("unknown_attribute", name=noun.text)
        if len(hits) > 1:
            names = ", ".join(self._said(d) for d, _ in hits)
            raise self._doubt("which_entity", name=noun.text, names=names)
        attribute = hits[0][1]
        said = tuple(pair for pair in fact.said if pair not in attribute.said)
        attribute.said = (*attribute.said, *said)

    def _limit_link(self, fact: Limits) -> bool:
        """As in "The teacher is optional", of a link."""
        said = dict(fact.said)
        hits = [
            link for link in self.links
            if fact.attribute.key in (snake_case(link.fact.role), link.target)
            and link.fact.many == "one"
        ]  # fmt: skip
        if len(hits) == 1 and set(said) == {"required"}:
            hits[0].required = bool(said["required"])
            return True
        return False

    def _match(self, draft: EntityDraft, noun: Noun) -> AttributeDraft | None:
        """The attribute that a noun means: by its name, or as the only one that fits its words."""
        name = snake_case(noun.text)
        exact = draft.find(name) or draft.find(self.lexicon.singular(name))
        if exact is not None:
            return exact
        fits = [
            a for a in draft.attributes
            if self.lexicon.singular(a.name) == self.lexicon.singular(name)
            or a.name.startswith(name + "_") or name.startswith(a.name + "_")
            or a.name.endswith("_" + name)
        ]  # fmt: skip
        return fits[0] if len(fits) == 1 else None

    def _without_owner(self, noun: Noun, draft: EntityDraft) -> Noun | None:
        words = noun.text.split(" ")
        owner = draft.key.split("_")
        for length in (len(owner), 1):
            front = replace(noun, text=" ".join(words[:length]))
            if len(words) > length and front.key in (draft.key, owner[-1]):
                return replace(noun, text=" ".join(words[length:]))
        return None

    # --------------------------------------------------------------------------- result
    def _resolved(self) -> Resolved:
        relationships, relinked, assumed = build_relationships(
            self.links, self.lexicon, self.spec, self._labels()
        )
        new = [draft for draft in self.drafts.values() if not draft.exists]
        entities = tuple(self._entity(draft) for draft in new)
        self._refuse_clashes(entities)
        described = any(entity.attributes for entity in entities)
        linked = {r.source for r in relationships} | {r.target for r in relationships}
        for entity in entities:
            if not entity.attributes and entity.name not in linked and described:
                self._refuse_unknown_aside(entity)
        for relationship in relationships:
            own = next((e for e in entities if e.name == relationship.source), None)
            if own is not None and own.find(relationship.name) is not None:
                raise self._doubt("twins", entity=own.label, name=relationship.name)
        evolved = self.evolution.changes(self._added_attribute)
        changes: tuple[Change, ...] = (*evolved, *relinked)
        if not entities:
            changes += tuple(AddRelationship(r) for r in relationships)
            relationships = ()
        self._refuse_repeated(bool(entities or changes))
        assumptions = (*self.assumptions, *self.evolution.settled, *assumed)
        return Resolved(
            entities, relationships, changes, tuple(dict.fromkeys(assumptions)),
            tuple(self.unexplained), about=self.about,
            settled=bool(self.evolution.settled or (self.spec.entities and assumed)),
        )  # fmt: skip

    def _refuse_repeated(self, changes: bool) -> None:
        """Ask about the creation of what is there just like that; else say that it is there."""
        if self.repeated is None:
            return
        if not changes:
            raise self._doubt("exists", entity=self._said(self.repeated))
        self._assume("merged", entity=self._said(self.repeated))

    def _added_attribute(self, draft: AttributeDraft, entity: Entity) -> Attribute:
        """A new attribute of what is there: its records have no value yet."""
        known = self.knowledge.of(entity.name, self.lexicon.language)
        said = draft.said
        if "required" not in dict(said):
            said = (*said, ("required", False))
        return build_attribute(AttributeDraft(draft.noun, draft.name, said), self.lexicon, known)

    def _refuse_unknown_aside(self, entity: Entity) -> None:
        """Ask about a name of which nothing is said while others are described: a title, perhaps.

        What a domain pack knows is no mere title.
        """
        if self.knowledge.of(entity.label, self.lexicon.language) is None:
            raise self._doubt("unknown_entity", name=entity.label)

    def _entity(self, draft: EntityDraft) -> Entity:
        label = EntityName.from_text(self._label_text(draft)).label
        known = self.knowledge.of(draft.key, self.lexicon.language)
        attributes = tuple(build_attribute(a, self.lexicon, known) for a in draft.attributes)
        try:
            return Entity(pascal_case(draft.key), attributes, label=label)
        except InvalidSpec as refusal:
            raise self._doubt("bad_name", name=draft.noun.text[:60]) from refusal

    def _label_text(self, draft: EntityDraft) -> str:
        """The user's words in the singular."""
        return singular_label(spaced(draft.noun.text), self.lexicon.language)

    def _refuse_clashes(self, entities: tuple[Entity, ...]) -> None:
        names = [e.name.lower() for e in entities]
        for name in names:
            if names.count(name) > 1:
                raise self._doubt("twin_entities", entity=name)

    def _names(self) -> str:
        return ", ".join(self._said(d) for d in self.drafts.values())

    def _said(self, draft: EntityDraft) -> str:
        return self._label_text(draft)

    def _labels(self) -> dict[str, str]:
        """The users' words for all entities within a sentence, by their keys."""
        entities = self.evolution.inventory.entities
        return {
            key: in_sentence(entities[key].label if key in entities else self._label_text(draft))
            for key, draft in self.drafts.items()
        }

    def _plain(self, key: str) -> str:
        return self._labels().get(key) or key.replace("_", " ")

    def _assume(self, key: str, /, **slots: object) -> None:
        self.assumptions.append(self.lexicon.assumption(key, **slots))

    def _doubt(self, key: str, /, **slots: object) -> Doubt:
        return Doubt(Question(self.lexicon.question(key, **slots)))
