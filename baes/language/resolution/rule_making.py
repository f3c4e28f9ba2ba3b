"""Rules in the user's words, as rules of the system: one function a kind, found by its type."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from baes.language.facts import Noun, Value
from baes.language.resolution.rule_values import conditions_of, value_of
from baes.language.resolution.rulebook import Rulebook
from baes.language.rule_facts import (
    Compares,
    Copies,
    Freezes,
    Operator,
    Ref,
    Requires,
    RuleFact,
    Times,
    UniqueSet,
)
from baes.spec.expression_types import comparable, type_of_attribute
from baes.spec.model import Attribute, Entity
from baes.spec.rules import (
    Compare,
    Copy,
    Immutable,
    NotFuture,
    NotPast,
    RequiredIf,
    Rule,
    UniqueTogether,
)

__all__ = ["comparison", "make_rule", "unique_set"]

_DATED = ("date", "datetime")
_FLIPPED: dict[str, Operator] = {
    "<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!=",
}  # fmt: skip
_PAIR = 2


def make_rule(fact: RuleFact, book: Rulebook) -> None:
    """Add what a fact says to the rulebook.

    Raises:
        Doubt: It isn't clear what is meant, or it can't hold.
    """
    _MAKERS[type(fact)](fact, book)


# ------------------------------------------------------------------------------ comparing
def _compares(fact: Compares, book: Rulebook) -> None:
    rule = comparison(fact, book)
    _suit_sides(rule, book)
    for old in book.spec.rules:  # a comparison of the same two is said anew
        same = isinstance(old, Compare) and old.entity == rule.entity
        if same and {old.left, old.right} == {rule.left, rule.right} and old != rule:  # type: ignore[union-attr]  # it is one
            if _flipped(old) == rule:
                book.settled = True
                return
            book.remove_rule(old)
    book.add_rule(rule)


def _suit_sides(rule: Compare, book: Rulebook) -> None:
    """What is compared is of one kind, where a name alone told another."""
    entity = book.spec.entity(rule.entity)
    left = entity.find(str(rule.left))
    owner, _, name = str(rule.right).rpartition(".")
    whose = book.spec.find(owner) if owner else entity
    right = whose.find(name) if whose is not None else None
    if left is None or right is None or whose is None:
        return
    if rule.op not in ("==", "!=") and {left.type, right.type} == {"string"}:
        for whose_side, side in ((entity, left), (whose, right)):
            book.suit(whose_side, side, "decimal")  # texts have no order
        return
    if comparable(type_of_attribute(left), type_of_attribute(right)):
        return
    if book.suit(whose, right, left.type) is right:
        book.suit(entity, left, right.type)


def _flipped(rule: Rule) -> Rule | None:
    if not isinstance(rule, Compare):
        return None
    return Compare(rule.entity, rule.right, _FLIPPED[rule.op], rule.left)


def comparison(fact: Compares, book: Rulebook) -> Compare:
    """The comparison that a fact means: of one record's values, or with its parent's."""
    left, right = fact.left, fact.right
    assert left is not None, "what is compared was put in when the rule was read"  # noqa: S101
    if isinstance(right, Value):
        entity = book.owner((left,))
        attribute = book.required_attribute(entity, left)
        return Compare(entity.name, attribute.name, fact.operator, value_of(right, attribute, book))
    if left.owner is None and right.owner is None:
        literal = _literal(left, right, fact, book)
        return literal or _within_one(left, right, fact, book)
    if right.owner is None:
        entity = book.entity(left.owner) if left.owner is not None else book.owner((left,))
        return _between(entity, left, right, fact, book)
    whose = book.entity(right.owner)
    if left.owner is None:
        own = book.attribute(whose, left.noun)
        entity = (
            whose
            if own is not None and not _parents_of(whose, left, book)
            else (_child_with(left, whose, book))
        )
        return _between(entity, left, right, fact, book)
    return _between(book.entity(left.owner), left, right, fact, book)


def _within_one(left: Ref, right: Ref, fact: Compares, book: Rulebook) -> Compare:
    """Both belong to one record, or the second to the only parent that has such a thing."""
    alone = [e for e in book.spec if book.attribute(e, right.noun) is not None]
    owners = [e for e in book.spec if book.attribute(e, left.noun) is not None]
    both = [e for e in owners if e in alone]
    if not both and alone and owners:
        near = [e for e in owners if left.near is not None and book.find(left.near) is e]
        entity = near[0] if near else owners[0]
        if len(owners) == 1 or near:
            return _between(entity, left, right, fact, book)
    entity = book.owner((left, right))
    return _between(entity, left, right, fact, book)


def _between(entity: Entity, left: Ref, right: Ref, fact: Compares, book: Rulebook) -> Compare:
    """The comparison of an entity's attribute with its own, a parent's or, turned, a child's."""
    one = book.attribute(entity, left.noun)
    whose = book.entity(right.owner) if right.owner is not None else None
    if whose is None or whose is entity:
        other = book.attribute(entity, right.noun)
        if other is not None and one is not None:
            return Compare(entity.name, one.name, fact.operator, other.name)
        parents = _parents_with(entity, right.noun, book) if whose is None and one else []
        if len(parents) == 1 and one is not None:
            found = book.attribute(parents[0], right.noun)
            assert found is not None, "the parent was chosen for it"  # noqa: S101
            path = f"{parents[0].name}.{found.name}"
            return Compare(entity.name, one.name, fact.operator, path)
        missing = left if one is None else right
        raise book.nothing_called(missing.noun, entity)
    if one is None:
        raise book.nothing_called(left.noun, entity)
    other = book.required_attribute(whose, right)
    if any(k.target == entity.name for k in book.spec.outgoing(whose.name)):
        path = f"{entity.name}.{one.name}"
        return Compare(whose.name, other.name, _FLIPPED[fact.operator], path)
    return Compare(entity.name, one.name, fact.operator, f"{whose.name}.{other.name}")


def _parents_of(entity: Entity, ref: Ref, book: Rulebook) -> bool:
    """Whether the entity spoken of last has the attribute as well: then that one is meant."""
    near = book.find(ref.near) if ref.near is not None else None
    return near is not None and near is not entity and book.attribute(near, ref.noun) is not None


def _child_with(ref: Ref, parent: Entity, book: Rulebook) -> Entity:
    """The entity with an attribute that has the other one as its parent."""
    children = {k.source for k in book.spec.incoming(parent.name) if k.kind != "many_to_many"}
    found = [e for e in book.spec if e.name in children and book.attribute(e, ref.noun)]
    near = [e for e in found if ref.near is not None and book.find(ref.near) is e]
    if len(found) == 1 or near:
        return near[0] if near else found[0]
    return book.owner((ref,))


def _parents_with(entity: Entity, noun: Noun, book: Rulebook) -> list[Entity]:
    links = [k for k in book.spec.outgoing(entity.name) if k.kind != "many_to_many"]
    parents = [book.spec.entity(k.target) for k in links]
    return [p for p in parents if book.attribute(p, noun) is not None]


def _literal(left: Ref, right: Ref, fact: Compares, book: Rulebook) -> Compare | None:
    """As in "the status must not be equal to closed": a value, where no attribute is called so."""
    if any(book.attribute(e, right.noun) for e in book.spec):
        return None
    owners = [e for e in book.spec if (a := book.attribute(e, left.noun)) and a.choices]
    for entity in owners:
        attribute = book.required_attribute(entity, left)
        for choice in attribute.choices or ():
            if str(choice).lower() == right.text.lower():
                return Compare(entity.name, attribute.name, fact.operator, choice)
    return None


# ------------------------------------------------------------------------------ single ones
def _times(fact: Times, book: Rulebook) -> None:
    assert fact.ref is not None, "its date was put in when the rule was read"  # noqa: S101
    entity = _owner_of_date(fact.ref, book)
    attribute = book.required_attribute(entity, fact.ref, _is_dated)
    if not _is_dated(attribute):
        attribute = book.suit(entity, attribute, "date")
    if fact.strict:
        book.assume(f"today_counts_{fact.kind}", name=attribute.title)
    kind = NotFuture if fact.kind == "not_future" else NotPast
    book.add_rule(kind(entity.name, attribute.name))


def _owner_of_date(ref: Ref, book: Rulebook) -> Entity:
    """Whose date it is; one of the wrong type is asked about by what it is."""
    dated = [e for e in book.spec if book.attribute(e, ref.noun, _is_dated) is not None]
    return book.owner((ref,), _is_dated if dated else None)


def _is_dated(attribute: Attribute) -> bool:
    return attribute.type in _DATED


def _freezes(fact: Freezes, book: Rulebook) -> None:
    assert fact.ref is not None, "its attribute was put in when the rule was read"  # noqa: S101
    entity = book.owner((fact.ref,))
    thing = book.thing(entity, fact.ref.noun)
    if thing is None:
        raise book.nothing_called(fact.ref.noun, entity)
    book.add_rule(Immutable(entity.name, thing.name))


# ------------------------------------------------------------------------------ combinations
def _unique_set(fact: UniqueSet, book: Rulebook) -> None:
    entity, names = unique_set(fact, book)
    if len(names) >= _PAIR:
        book.add_rule(UniqueTogether(entity.name, names))
        return
    attribute = entity.find(names[0])
    if attribute is None:
        raise book.doubt("one_link_alone", (), name=names[0].replace("_", " "))
    if attribute.unique:
        book.settled = True
    else:
        book.change_attribute(entity, attribute, (("unique", True),))


def unique_set(fact: UniqueSet, book: Rulebook) -> tuple[Entity, tuple[str, ...]]:
    """Whose combination it is, and of what."""
    entity = book.entity(fact.entity) if fact.entity is not None else book.owner(fact.refs)
    names = []
    for ref in fact.refs:
        thing = book.thing(entity, ref.noun)
        if thing is None:
            raise book.nothing_called(ref.noun, entity)
        names.append(thing.name)
    return entity, tuple(dict.fromkeys(names))


# ------------------------------------------------------------------------------ conditions
def _requires(fact: Requires, book: Rulebook) -> None:
    told = [c.ref for case in fact.cases for c in case if c.ref is not None]
    named = [ref for ref in told if book.find(ref.noun) is None or _anywhere(ref, book)]
    entity = book.owner((*fact.refs, *named))
    for ref in fact.refs:
        thing = book.thing(entity, ref.noun)
        if thing is None:
            raise book.nothing_called(ref.noun, entity)
        for case in fact.cases:
            for when in conditions_of(case, entity, book):
                book.add_rule(RequiredIf(entity.name, thing.name, when))
        if isinstance(thing, Attribute) and thing.required:
            _make_optional(entity, thing, book)


def _anywhere(ref: Ref, book: Rulebook) -> bool:
    return any(book.attribute(e, ref.noun) is not None for e in book.spec)


def _make_optional(entity: Entity, attribute: Attribute, book: Rulebook) -> None:
    """Required in some cases means: in the others it isn't."""
    if entity.name not in book.new:
        book.assume("optional_otherwise", name=attribute.title)
    book.change_attribute(entity, attribute, (("required", False),))


# ------------------------------------------------------------------------------ copying
def _copies(fact: Copies, book: Rulebook) -> None:
    ref = fact.ref
    assert ref is not None, "its attribute was put in when the rule was read"  # noqa: S101
    source = fact.source or (fact.of.owner if fact.of is not None else None)
    parent = book.entity(source) if source is not None else None
    child = _copying(ref, parent, book)
    if parent is None:
        assert fact.of is not None, "one of both was read"  # noqa: S101
        parents = _parents_with(child, fact.of.noun, book)
        if len(parents) != 1:
            raise book.nothing_called(fact.of.noun)
        parent = parents[0]
    noun = fact.of.noun if fact.of is not None else ref.noun
    value = book.attribute(parent, noun) or (
        _shorter(parent, noun, book) if fact.of is None else None
    )
    if value is None:
        raise book.nothing_called(noun, parent)
    if book.attribute(child, ref.noun) is None:
        plain = dataclasses.replace(value, id="", unique=False)
        child = _after_adding(child, ref.noun, plain, book)
    attribute = book.required_attribute(child, ref)
    if attribute.type != value.type and not book.is_explicit(child, attribute):
        book.change_attribute(child, attribute, (("type", value.type),))
    book.add_rule(Copy(child.name, attribute.name, f"{parent.name}.{value.name}"))


def _after_adding(entity: Entity, noun: Noun, like: Attribute, book: Rulebook) -> Entity:
    book.add_attribute(entity, noun, like)
    return book.spec.entity(entity.name)


def _copying(ref: Ref, parent: Entity | None, book: Rulebook) -> Entity:
    """The entity whose attribute is copied: one that has the other as its parent."""
    if ref.owner is not None:
        return book.entity(ref.owner)
    if parent is None:
        return book.owner((ref,))
    linked = {k.source for k in book.spec.incoming(parent.name) if k.kind != "many_to_many"}
    children = [book.spec.entity(name) for name in dict.fromkeys(sorted(linked))]
    having = [c for c in children if book.attribute(c, ref.noun) is not None]
    near = [c for c in (having or children) if ref.near is not None and book.find(ref.near) is c]
    if len(having) == 1 or near:
        return near[0] if near else having[0]
    if not having and len(children) == 1:
        return children[0]
    return book.owner((ref,))


def _shorter(parent: Entity, noun: Noun, book: Rulebook) -> Attribute | None:
    """As in the product's "price" for the unit price: the only one with a part of its name."""
    words = noun.text.split(" ")
    parts = [words[i:j] for i in range(len(words)) for j in range(i + 1, len(words) + 1)]
    found = {
        a.name: a
        for part in parts
        if (a := book.attribute(parent, dataclasses.replace(noun, text=" ".join(part)))) is not None
    }
    return next(iter(found.values())) if len(found) == 1 else None


_MAKERS: dict[type[Any], Callable[[Any, Rulebook], None]] = {
    Compares: _compares,
    Times: _times,
    Freezes: _freezes,
    UniqueSet: _unique_set,
    Requires: _requires,
    Copies: _copies,
}
