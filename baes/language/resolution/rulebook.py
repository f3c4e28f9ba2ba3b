"""Where the words of rules lead: the system as it will be with all else that a request says.

Rules are settled last, against entities, attributes and links that are finished; so a rule may
come before what it is about. What rules themselves bring (a total that nobody listed, the states of
a status) is added here, and turned into parts of the result at the end.
"""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from baes.errors import InvalidSpec
from baes.language.facts import Noun
from baes.language.references import normal_name
from baes.language.resolution.board import Board
from baes.language.resolution.drafts import Doubt, Resolved
from baes.language.rule_facts import Ref
from baes.language.vocabulary import Vocabulary
from baes.spec.apply import apply
from baes.spec.attribute_types import AttributeType
from baes.spec.changes import (
    AddAttribute,
    AddEntity,
    AddRelationship,
    AddRule,
    Change,
    ChangeAttribute,
    RemoveRule,
)
from baes.spec.interpretation import Question
from baes.spec.model import Attribute, Entity, Relationship, SystemSpec
from baes.spec.names import AttributeName, snake_case, words_of
from baes.spec.rule_checks import rule_fault
from baes.spec.rules import Rule
from baes.texts import text

__all__ = ["Rulebook", "rulebook_of"]

Thing = Attribute | Relationship
Fits = Callable[[Attribute], bool]
_MAX_NAMES = 6


@dataclass(slots=True)
class Rulebook:
    """The system in the making, and the rules of a request so far."""

    board: Board
    spec: SystemSpec
    new: frozenset[str]
    """Names of the entities that the request creates."""
    changes: list[Change] = field(default_factory=list)
    """What rules bring to what is there already, in order."""
    rules: list[Rule] = field(default_factory=list)
    assumptions: list[str] = field(default_factory=list)
    settled: bool = False
    """Whether something was said that is so already."""

    @property
    def lexicon(self) -> Vocabulary:
        """The words of the request's language."""
        return self.board.lexicon

    # --------------------------------------------------------------------------- looking up
    def entity(self, noun: Noun) -> Entity:
        """The entity that a noun means.

        Raises:
            Doubt: There is none; the question offers the nearest names.
        """
        found = self.find(noun)
        if found is not None:
            return found
        known = {e.title: e for e in self.spec}
        near = difflib.get_close_matches(noun.text.capitalize(), known, n=_MAX_NAMES, cutoff=0.6)
        names = near or list(known)[:_MAX_NAMES]
        raise self.doubt("no_such_entity", names, name=noun.text)

    def find(self, noun: Noun) -> Entity | None:
        """The same, ``None`` where there is none."""
        keys = {snake_case(e.name): e for e in self.spec}
        if noun.key in keys:
            return keys[noun.key]
        headed = [e for key, e in keys.items() if self.lexicon.is_headed(key, noun.key)]
        return headed[0] if len(headed) == 1 else None

    def attribute(self, entity: Entity, noun: Noun, fits: Fits | None = None) -> Attribute | None:
        """The attribute of an entity that a noun means: by its name, or the only one like it."""
        attributes = [a for a in entity.attributes if fits is None or fits(a)]
        return self._exact(attributes, entity, noun) or self._alike(attributes, entity, noun)

    def _exact(self, attributes: list[Attribute], entity: Entity, noun: Noun) -> Attribute | None:
        for wanted in self._readings(noun, entity):
            for attribute in attributes:
                if wanted in self._names(attribute):
                    return attribute
        return None

    def _alike(self, attributes: list[Attribute], entity: Entity, noun: Noun) -> Attribute | None:
        """As in "check-out" for the check-out date, "birth date" for the date of birth."""
        for wanted in self._readings(noun, entity):
            bags = [a for a in attributes if any(_bag(n) == _bag(wanted) for n in self._names(a))]
            if len(bags) == 1:
                return bags[0]
            partly = [a for a in attributes if any(_begins(n, wanted) for n in self._names(a))]
            if len(partly) == 1:
                return partly[0]
        return None

    def _names(self, attribute: Attribute) -> list[tuple[str, ...]]:
        words = [attribute.name.split("_"), words_of(attribute.label)]
        return [normal_name(w, self.lexicon) for w in words if w]

    def _readings(self, noun: Noun, entity: Entity) -> list[tuple[str, ...]]:
        """The words of a noun, and without the entity's own name in front: "invoice total"."""
        whole = normal_name(words_of(noun.text), self.lexicon)
        readings = [whole]
        own = normal_name(words_of(entity.name), self.lexicon)
        head = own[:1] if self.lexicon.syntax.head_first else own[-1:]
        shorter = (
            whole[len(name) :]
            for name in (own, head)
            if len(whole) > len(name) and whole[: len(name)] == name
        )
        return [*readings, *shorter]

    def link(self, entity: Entity, noun: Noun) -> Relationship | None:
        """The link of an entity that a noun means: by its name or by where it leads."""
        wanted = normal_name(words_of(noun.text), self.lexicon)
        links = self.spec.outgoing(entity.name)
        named = [k for k in links if normal_name(k.name.split("_"), self.lexicon) == wanted]
        if named:
            return named[0]
        target = self.find(noun)
        led = [k for k in links if target is not None and k.target == target.name]
        return led[0] if len(led) == 1 else None

    def thing(self, entity: Entity, noun: Noun) -> Thing | None:
        """The attribute or link of an entity that a noun means."""
        exact = self._exact(list(entity.attributes), entity, noun)
        return exact or self.link(entity, noun) or self.attribute(entity, noun)

    # --------------------------------------------------------------------------- whose it is
    def owner(self, refs: Iterable[Ref], fits: Fits | None = None) -> Entity:
        """The one entity that has all of some attributes.

        Raises:
            Doubt: None has, or several have and nothing says which is meant.
        """
        told = tuple(refs)
        for ref in told:
            if ref.owner is not None:
                return self.entity(ref.owner)
        for finds in (self._has_exactly, self._has):
            owners = [e for e in self.spec if all(finds(e, ref, fits) for ref in told)]
            near = [e for e in owners if self._is_near(e, told)]
            if len(owners) == 1 or near:
                return near[0] if near else owners[0]
            if owners:
                raise self.doubt("whose", [e.title for e in owners], name=told[0].text)
        raise self._unknown(told)

    def _has_exactly(self, entity: Entity, ref: Ref, fits: Fits | None) -> bool:
        attributes = [a for a in entity.attributes if fits is None or fits(a)]
        if self._exact(attributes, entity, ref.noun) is not None:
            return True
        return fits is None and self.link(entity, ref.noun) is not None

    def _has(self, entity: Entity, ref: Ref, fits: Fits | None) -> bool:
        if self.attribute(entity, ref.noun, fits) is not None:
            return True
        return fits is None and self.thing(entity, ref.noun) is not None

    def _is_near(self, entity: Entity, refs: tuple[Ref, ...]) -> bool:
        near = refs[0].near if refs else None
        return near is not None and self.find(near) is entity

    def _unknown(self, refs: tuple[Ref, ...]) -> Doubt:
        """The question about names that no entity has all of: about the first that is nowhere."""
        for ref in refs:
            if not any(self._has(e, ref, None) for e in self.spec):
                return self.nothing_called(ref.noun)
        return self.doubt("not_together", (), names_of=", ".join(ref.text for ref in refs))

    def nothing_called(self, noun: Noun, entity: Entity | None = None) -> Doubt:
        """The question about a name that isn't there, with the names that are."""
        if entity is not None:
            names = [a.title for a in entity.attributes]
            names += [k.title for k in self.spec.outgoing(entity.name)]
            return self.doubt(
                "no_such_attribute", names[:_MAX_NAMES], name=noun.text, entity=entity.title
            )
        known = list({a.title: a for e in self.spec for a in e.attributes})
        near = difflib.get_close_matches(noun.text.capitalize(), known, n=3, cutoff=0.6)
        return self.doubt("nothing_like" if near else "nothing_called", near, name=noun.text)

    def required_attribute(self, entity: Entity, ref: Ref, fits: Fits | None = None) -> Attribute:
        """The attribute of an entity that a reference means.

        Raises:
            Doubt: It has none; the question offers those that it has.
        """
        found = self.attribute(entity, ref.noun, fits) or self.attribute(entity, ref.noun)
        if found is None:
            raise self.nothing_called(ref.noun, entity)
        return found

    # --------------------------------------------------------------------------- building
    def add_attribute(self, entity: Entity, noun: Noun, like: Attribute) -> Attribute:
        """A new attribute that a rule brings along, of the type of another value."""
        name = AttributeName.from_text(noun.text)
        attribute = dataclasses.replace(
            like, name=snake_case(noun.text), label=name.label, required=entity.name in self.new
        )
        self._apply(AddAttribute(entity.name, attribute))
        return attribute

    def change_attribute(
        self, entity: Entity, attribute: Attribute, to: tuple[tuple[str, object], ...]
    ) -> None:
        """Something of an attribute that rules change: its states, its type."""
        self._apply(ChangeAttribute(entity.name, attribute.name, to))

    def add_link(self, link: Relationship) -> None:
        """A link that a rule cannot do without."""
        self._apply(AddRelationship(link))

    def _apply(self, change: Change) -> None:
        try:
            self.spec = apply(self.spec, (change,))
        except InvalidSpec as refusal:
            raise self.impossible(refusal) from refusal
        self.changes.append(change)

    def add_rule(self, rule: Rule) -> None:
        """A rule that holds from now on; nothing where it does already.

        Raises:
            Doubt: It can't hold: a date is added to a price, a circle is closed.
        """
        if rule in self.spec.rules:
            self.settled = True
            return
        fault = rule_fault(self.spec, rule)
        if fault is not None:
            raise self.impossible(fault)
        self.spec = dataclasses.replace(self.spec, rules=(*self.spec.rules, rule))
        self.rules.append(rule)

    def remove_rule(self, rule: Rule) -> None:
        """A rule that no longer holds."""
        rest = tuple(r for r in self.spec.rules if r != rule)
        self.spec = dataclasses.replace(self.spec, rules=rest)
        if rule in self.rules:
            self.rules.remove(rule)
        elif (change := RemoveRule(rule)) not in self.changes:
            self.changes.append(change)

    def is_explicit(self, entity: Entity, attribute: Attribute) -> bool:
        """Whether the request or the system says the attribute's type, and not only its name."""
        draft = self.board.drafts.get(snake_case(entity.name))
        found = draft.find(attribute.name) if draft is not None else None
        return found is None or bool({"type", "choices", "pattern"} & set(dict(found.said)))

    def suit(self, entity: Entity, attribute: Attribute, type_: AttributeType) -> Attribute:
        """The attribute, of a type that a rule needs where nothing but its name told the type."""
        untold = not self.is_explicit(entity, attribute) and entity.name in self.new
        if attribute.type == type_ or not untold or attribute.choices is not None:
            return attribute
        self.change_attribute(entity, attribute, (("type", type_),))
        self.assume("typed_by_rule", name=attribute.title, type=self.type_name(type_))
        found = self.spec.entity(entity.name).find(attribute.name)
        assert found is not None, "it was just there"  # noqa: S101
        return found

    def type_name(self, type_: AttributeType) -> str:
        """A type in plain words."""
        return text(self.lexicon.language, f"common.types.{type_}")

    # --------------------------------------------------------------------------- telling
    def assume(self, key: str, /, **slots: object) -> None:
        """Say what was decided without being said."""
        said = self.lexicon.assumption(key, **slots)
        if said not in self.assumptions:
            self.assumptions.append(said)

    def doubt(self, key: str, names: Iterable[str] = (), /, **slots: object) -> Doubt:
        """A question, with the answers that would do."""
        offered = tuple(dict.fromkeys(names))
        question = self.lexicon.question(key, names=", ".join(offered), **slots)
        return Doubt(Question(question, offered))

    def impossible(self, fault: InvalidSpec) -> Doubt:
        """The question about a rule that can't hold, with the reason."""
        spoken = fault.spoken(self.lexicon.language)
        why = ": ".join(part for part in (spoken.what, spoken.why) if part)
        answers = self.lexicon.question("rule_instead"), self.lexicon.question("rule_left_out")
        return Doubt(Question(self.lexicon.question("rule_impossible", why=why), answers))

    # --------------------------------------------------------------------------- result
    def result(self, resolved: Resolved) -> Resolved:
        """What the request comes to, with its rules."""
        entities, changes = resolved.entities, list(resolved.changes)
        links = list(resolved.relationships)
        for change in self.changes:
            owner = getattr(change, "entity", "")
            if isinstance(change, AddRelationship) and entities:
                links.append(change.relationship)
            elif owner in self.new:
                entities = tuple(
                    _with_attributes_of(e, self.spec) if e.name == owner else e for e in entities
                )
            elif not _merged(change, changes):
                changes.append(change)
        rules: tuple[Rule, ...] = ()
        if entities and not changes:
            rules = tuple(self.rules)
        else:
            changes += [AddRule(rule) for rule in self.rules]
        return dataclasses.replace(
            resolved,
            entities=entities,
            relationships=tuple(links),
            rules=rules,
            changes=tuple(changes),
            assumptions=tuple(dict.fromkeys((*resolved.assumptions, *self.assumptions))),
            settled=resolved.settled or self.settled,
        )


def rulebook_of(resolved: Resolved, board: Board) -> Rulebook:
    """The system with all that a request says beside its rules.

    Raises:
        Doubt: What it says can't be; the question tells why.
    """
    language = board.lexicon.language
    spec = board.spec if board.spec.entities else SystemSpec(language=language)
    parts: list[Change] = [AddEntity(entity) for entity in resolved.entities]
    parts += [AddRelationship(link) for link in resolved.relationships]
    new = frozenset(entity.name for entity in resolved.entities)
    book = Rulebook(board, spec, new)
    try:
        book.spec = apply(spec, (*parts, *resolved.changes))
    except InvalidSpec as refusal:
        raise book.impossible(refusal) from refusal
    return book


def _with_attributes_of(entity: Entity, spec: SystemSpec) -> Entity:
    """An entity as it is in a system by now, without the ids that it gets there."""
    attributes = tuple(
        dataclasses.replace(a, id="", older_may_lack=False, older_may_break=False)
        for a in spec.entity(entity.name).attributes
    )
    return dataclasses.replace(entity, attributes=attributes)


def _merged(change: Change, changes: list[Change]) -> bool:
    """Join what changes of an attribute into the change that adds or alters it already."""
    if not isinstance(change, ChangeAttribute):
        return False
    for i, other in enumerate(changes):
        if isinstance(other, AddAttribute) and (other.entity, other.attribute.name) == (
            change.entity, change.name,
        ):  # fmt: skip
            attribute = dataclasses.replace(other.attribute, **dict(change.to))  # type: ignore[arg-type]  # fields of an attribute
            changes[i] = AddAttribute(other.entity, attribute)
            return True
        if isinstance(other, ChangeAttribute) and (other.entity, other.name) == (
            change.entity, change.name,
        ):  # fmt: skip
            to = {**dict(other.to), **dict(change.to)}
            changes[i] = ChangeAttribute(other.entity, other.name, tuple(to.items()))
            return True
    return False


def _bag(name: tuple[str, ...]) -> frozenset[str]:
    return frozenset(name) - {"of"}


def _begins(name: tuple[str, ...], part: tuple[str, ...]) -> bool:
    """Whether a name begins or ends with another one: the "check-out" of a check-out date."""
    length = len(part)
    return len(name) > length > 0 and part in (name[:length], name[-length:])
