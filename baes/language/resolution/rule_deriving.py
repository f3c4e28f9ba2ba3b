"""Values that rules work out: calculations, functions over other records, the steps of a state."""

from __future__ import annotations

import dataclasses
from decimal import Decimal

from baes.errors import InvalidSpec
from baes.language.facts import Noun
from baes.language.hints import hinted_type
from baes.language.resolution.rule_values import choice_of, resolved_condition
from baes.language.resolution.rulebook import Rulebook
from baes.language.rule_facts import Aggregates, Computes, Formula, Ref, Transits
from baes.language.steps import ANY
from baes.spec.attribute_types import NUMERIC_TYPES, TEMPORAL_TYPES, TEXTUAL_TYPES, AttributeType
from baes.spec.expression_types import ValueType, can_hold, type_of, type_of_attribute
from baes.spec.expressions import (
    Call,
    Expression,
    Name,
    Operation,
    Text,
    expression_text,
    renamed,
    walk,
)
from baes.spec.model import Attribute, Entity, Relationship
from baes.spec.names import snake_case, words_of
from baes.spec.rules import Aggregate, Computed, Rule, Transition

__all__ = ["make_aggregate", "make_computed", "make_steps", "state_attribute"]

_DATED = ("date", "datetime")


# ------------------------------------------------------------------------------ calculations
def make_computed(fact: Computes, book: Rulebook) -> None:
    """An attribute that is the result of a calculation; a new one where nobody listed it.

    Raises:
        Doubt: Names are not there, or the calculation has no meaning.
    """
    ref = fact.ref
    assert ref is not None, "its attribute was put in when the rule was read"  # noqa: S101
    entity = _computing(ref, fact.formula, book)
    tree = _with_names(fact.formula, entity, book)
    if fact.formula.ages:
        tree = _age(ref, tree, entity, book)
    entity = _suited(tree, entity, book)
    types = {a.name: type_of_attribute(a) for a in entity.attributes}
    tree = _fitting(tree, types)
    if fact.formula.joined or _joins(tree):
        tree = _spaced(tree, book)
    _refuse_percent(tree, entity, book)
    try:
        value = type_of(tree, types)
    except InvalidSpec as fault:
        raise book.impossible(fault) from fault
    attribute = _target(ref, entity, value, book)
    rule = Computed(entity.name, attribute.name, expression_text(tree))
    _replace_giver(rule, book)
    book.add_rule(rule)


def _computing(ref: Ref, formula: Formula, book: Rulebook) -> Entity:
    """The entity of a calculation: the one that has what it needs."""
    if ref.owner is not None:
        return book.entity(ref.owner)
    refs = formula.refs
    listed = [e for e in book.spec if book.attribute(e, ref.noun) is not None]
    fitting = [e for e in listed if all(book.attribute(e, r.noun) for r in refs)]
    if len(fitting) == 1:
        return fitting[0]
    if refs:
        return book.owner((ref, *refs) if fitting else refs)
    return book.owner((ref,))


def _with_names(formula: Formula, entity: Entity, book: Rulebook) -> Expression:
    names: dict[str, str] = {}
    for place, ref in enumerate(formula.refs):
        whose = book.entity(ref.owner) if ref.owner is not None else entity
        if whose is not entity and whose.name != entity.name:
            raise book.doubt(
                "other_record", (), name=ref.text, other=whose.title, entity=entity.title
            )
        attribute = book.attribute(entity, ref.noun)
        if attribute is None:
            raise book.nothing_called(ref.noun, entity)
        names[f"r{place}"] = attribute.name
    return renamed(formula.tree, lambda name: names[name])


def _suited(tree: Expression, entity: Entity, book: Rulebook) -> Entity:
    """The entity, with numbers where only a name told that they are texts: in a multiplication."""
    for node in walk(tree):
        if not isinstance(node, Operation) or node.operator not in ("*", "/"):
            continue
        for side in (node.left, node.right):
            found = entity.find(side.name) if isinstance(side, Name) else None
            if found is not None and found.type not in NUMERIC_TYPES:
                book.suit(entity, found, "decimal")
    return book.spec.entity(entity.name)


def _age(ref: Ref, tree: Expression, entity: Entity, book: Rulebook) -> Expression:
    """As in "the age is computed from the birth date": the years until today."""
    words = [word.lower() for word in words_of(ref.noun.text)]
    is_age = any(book.lexicon.value("rule_age", word) is not None for word in words)
    source = entity.find(tree.name) if isinstance(tree, Name) else None
    if not is_age or source is None or source.type not in _DATED:
        raise book.doubt("how_computed", (), name=ref.text)
    return Call("years_between", (tree, Call("today")))


def _fitting(tree: Expression, types: dict[str, ValueType]) -> Expression:
    """Between two dates minus gives days; between texts plus joins them."""
    match tree:
        case Operation(operator, left, right):
            left, right = _fitting(left, types), _fitting(right, types)
            kinds = {_kind(left, types), _kind(right, types)}
            if operator == "-" and kinds <= set(_DATED):
                return Call("days_between", (right, left))
            if operator == "+" and kinds == {"string"}:
                return Operation("||", left, right)
            return Operation(operator, left, right)
        case Call(function, arguments):
            return Call(function, tuple(_fitting(each, types) for each in arguments))
        case _:
            return tree


def _kind(tree: Expression, types: dict[str, ValueType]) -> str:
    try:
        return type_of(tree, types).kind
    except InvalidSpec:
        return ""  # what is wrong with it is told of the whole


def _joins(tree: Expression) -> bool:
    return isinstance(tree, Operation) and tree.operator == "||"


def _spaced(tree: Expression, book: Rulebook) -> Expression:
    """Names put together have a space between them, unless something else was said."""
    parts = _parts(tree)
    if not _joins(tree) or any(isinstance(part, Text) for part in parts):
        return tree
    book.assume("space_between")
    joined = parts[0]
    for part in parts[1:]:
        joined = Operation("||", Operation("||", joined, Text(" ")), part)
    return joined


def _parts(tree: Expression) -> list[Expression]:
    if isinstance(tree, Operation) and tree.operator == "||":
        return [*_parts(tree.left), *_parts(tree.right)]
    return [tree]


def _refuse_percent(tree: Expression, entity: Entity, book: Rulebook) -> None:
    """Ask about an amount plus or minus an attribute in percent: is it a share of the amount?"""
    match tree:
        case Operation(operator, left, right):
            sides = [_is_percent(side, entity) for side in (left, right)]
            if operator in ("+", "-") and sides[0] != sides[1]:
                share = left if sides[0] else right
                assert isinstance(share, Name), "only names have a unit"  # noqa: S101
                attribute = entity.find(share.name)
                name = attribute.title if attribute is not None else share.name
                raise book.doubt("percent_of_what", (), name=name)
            _refuse_percent(left, entity, book)
            _refuse_percent(right, entity, book)
        case _:
            pass


def _is_percent(tree: Expression, entity: Entity) -> bool:
    attribute = entity.find(tree.name) if isinstance(tree, Name) else None
    return attribute is not None and attribute.unit == "%"


def _target(ref: Ref, entity: Entity, value: ValueType, book: Rulebook) -> Attribute:
    """The attribute that holds a result; its type is what the request says, or what fits."""
    found = book.attribute(entity, ref.noun)
    if found is None:
        type_ = _type_for(ref.noun, value, book)
        return book.add_attribute(entity, _bare(ref.noun, entity, book), Attribute("x", type_))
    if not can_hold(type_of_attribute(found), value) and not book.is_explicit(entity, found):
        book.change_attribute(entity, found, (("type", _plain_type(value)),))
    return found


def _bare(noun: Noun, entity: Entity, book: Rulebook) -> Noun:
    """The name of what a rule brings along, without its owner's in front: "order total"."""
    words = words_of(noun.text)
    own = [word.lower() for word in words_of(entity.name)]
    lowered = [word.lower() for word in words]
    if not book.lexicon.syntax.head_first and len(words) > len(own) and lowered[: len(own)] == own:
        return dataclasses.replace(noun, text=" ".join(words[len(own) :]))
    return noun


def _type_for(noun: Noun, value: ValueType, book: Rulebook) -> AttributeType:
    """The type that a name suggests, where it can hold the value; else the value's."""
    hinted = hinted_type(noun.text, book.lexicon)
    if hinted is not None and can_hold(ValueType(_textual(hinted)), value):
        return hinted
    return _plain_type(value)


def _textual(type_: AttributeType) -> AttributeType:
    return "string" if type_ in TEXTUAL_TYPES else type_


def _plain_type(value: ValueType) -> AttributeType:
    return value.kind


def _replace_giver(rule: Computed | Aggregate, book: Rulebook) -> None:
    """A value that was worked out in another way is worked out in the new one from now on."""
    for old in book.spec.rules:
        same = isinstance(old, Computed | Aggregate) and old != rule
        if same and (old.entity, old.attribute) == (rule.entity, rule.attribute):  # type: ignore[union-attr]  # both have one
            if old in book.rules:
                raise book.doubt("computed_twice", (), name=rule.attribute.replace("_", " "))
            book.remove_rule(old)


# ------------------------------------------------------------------------------ other records
def make_aggregate(fact: Aggregates, book: Rulebook) -> None:
    """An attribute that is a function over other records; a new one where nobody listed it.

    Raises:
        Doubt: Names are not there, records are not linked, or the values can't be summed.
    """
    ref = fact.ref
    assert ref is not None, "its attribute was put in when the rule was read"  # noqa: S101
    child = _child(fact, book)
    parent = _parent(ref, fact, child, book)
    if child is None:
        child = _only_child(fact, parent, book)
    _link(child, parent, book)
    child, parent = book.spec.entity(child.name), book.spec.entity(parent.name)
    over = _over(fact, child, book)
    if over is not None and fact.function in ("sum", "avg", "total"):
        over = over if over.type in NUMERIC_TYPES else book.suit(child, over, "decimal")
    function = fact.function
    if function == "total":
        function = "count" if over is None else "sum"
    where = _where(fact, child, book)
    of = child.name if over is None else f"{child.name}.{over.name}"
    value = _value_type(function, over)
    attribute = _target(ref, parent, value, book)
    rule = Aggregate(parent.name, attribute.name, function, of, where)
    _replace_giver(rule, book)
    book.add_rule(rule)


def _child(fact: Aggregates, book: Rulebook) -> Entity | None:
    """Whose records are gone through, where that is said."""
    if fact.child is not None:
        return book.entity(fact.child)
    if fact.of is None:
        return None
    found = book.find(fact.of.noun)
    owners = [e for e in book.spec if book.attribute(e, fact.of.noun) is not None]
    return found if found is not None and not owners else None


def _parent(ref: Ref, fact: Aggregates, child: Entity | None, book: Rulebook) -> Entity:
    """Whose attribute it is: as said, the one that has it, or the only one with such records."""
    if ref.owner is not None:
        return book.entity(ref.owner)
    if fact.parent is not None:
        return book.entity(fact.parent)
    having = [e for e in book.spec if book.attribute(e, ref.noun) is not None]
    linked = [e for e in book.spec if child is not None and _links(child, e, book)]
    both = [e for e in having if child is None or e in linked]
    near = book.find(ref.near) if ref.near is not None else None
    for candidates in (both, linked if not having else []):
        if len(candidates) == 1:
            return candidates[0]
        if near is not None and near in candidates:
            return near
    if near is not None and not having and near is not child:
        return near
    return book.owner((ref,))


def _links(child: Entity, parent: Entity, book: Rulebook) -> list[Relationship]:
    return [
        r
        for r in book.spec.relationships
        if (r.source, r.target) == (child.name, parent.name)
        or (r.kind == "many_to_many" and (r.source, r.target) == (parent.name, child.name))
    ]


def _only_child(fact: Aggregates, parent: Entity, book: Rulebook) -> Entity:
    """The only records of the parent that have what is summed."""
    of = fact.of
    assert of is not None, "records without a name have an attribute"  # noqa: S101
    children = [e for e in book.spec if _links(e, parent, book) and e is not parent]
    found = [e for e in children if book.attribute(e, of.noun) is not None]
    if len(found) == 1:
        return found[0]
    if found:
        raise book.doubt("whose", [e.title for e in found], name=of.text)
    raise book.nothing_called(of.noun)


def _link(child: Entity, parent: Entity, book: Rulebook) -> None:
    """What is added up for a record belongs to it: "its lines" of a new system say so."""
    if _links(child, parent, book) or child is parent:
        return
    if child.name not in book.new or any(
        r.target == child.name for r in book.spec.outgoing(parent.name)
    ):
        return  # the check of the rule tells what is missing
    link = Relationship(child.name, parent.name, "many_to_one", snake_case(parent.name))
    book.assume("belongs_by_rule", child=child.title, parent=parent.title)
    book.add_link(link)


def _over(fact: Aggregates, child: Entity, book: Rulebook) -> Attribute | None:
    """What is summed; for a plain "sum of orders" their only number."""
    if fact.of is not None and (fact.child is not None or book.find(fact.of.noun) is not child):
        found = book.attribute(child, fact.of.noun)
        if found is None:
            raise book.nothing_called(fact.of.noun, child)
        return found
    if fact.function == "count" or (fact.function == "total" and _counts(fact, book)):
        return None
    wanted = NUMERIC_TYPES
    if fact.function in ("min", "max") and any(a.type in _DATED for a in child.attributes):
        wanted = wanted | TEMPORAL_TYPES
    numbers = [a for a in child.attributes if a.type in wanted]
    if len(numbers) != 1:
        names = [a.title for a in numbers]
        raise book.doubt("sum_of_what", names, entity=child.title)
    book.assume("summed", name=numbers[0].title, entity=child.title)
    return numbers[0]


def _counts(fact: Aggregates, book: Rulebook) -> bool:
    """Whether a "total of students" is their number: no amount of money is, by its name."""
    hinted = hinted_type(fact.ref.noun.text, book.lexicon) if fact.ref is not None else None
    return book.lexicon.syntax.head_first and hinted == "integer"


def _where(
    fact: Aggregates, child: Entity, book: Rulebook
) -> tuple[tuple[str, str | int | Decimal | bool, bool], ...]:
    found = []
    for condition in fact.conditions:
        attribute, value, equal = resolved_condition(condition, child, book)
        found.append((attribute.name, value, equal))
    return tuple(found)


def _value_type(function: str, over: Attribute | None) -> ValueType:
    if over is None or function == "count":
        return ValueType("integer")
    if function == "avg" and over.type != "float":
        return ValueType("decimal", None)
    return type_of_attribute(over)


# ------------------------------------------------------------------------------ states
def make_steps(fact: Transits, book: Rulebook) -> None:
    """The steps of a state; its choices are the states, where it has none yet.

    Raises:
        Doubt: It isn't clear whose state is meant, or it can't be like that.
    """
    entity, attribute = state_attribute(fact, book)
    states = dict.fromkeys(value.text for pair in fact.pairs for value in pair if value is not ANY)
    if fact.initial is not None:
        states.setdefault(fact.initial.text)
    if attribute.choices is None:
        book.change_attribute(entity, attribute, (("choices", tuple(states)),))
        attribute = _again(entity, attribute, book)
    known = {text: _state(text, attribute, book) for text in states}
    steps: list[Rule] = []
    for source, target in fact.pairs:
        every = [str(choice) for choice in attribute.choices or ()]
        sources = every if source is ANY else [known[source.text]]
        targets = (
            [str(c) for c in attribute.choices or ()] if target is ANY else [known[target.text]]
        )
        steps += [
            Transition(entity.name, attribute.name, a, b)
            for a in sources
            for b in targets
            if a != b
        ]
    if fact.only:
        for old in book.spec.rules:
            own = isinstance(old, Transition) and old.entity == entity.name
            if own and old.attribute == attribute.name and old not in steps:  # type: ignore[union-attr]  # it is one
                book.remove_rule(old)
    for step in dict.fromkeys(steps):
        book.add_rule(step)
    if fact.initial is not None:
        initial = _state(fact.initial.text, attribute, book)
        book.change_attribute(entity, attribute, (("default", initial),))


def _again(entity: Entity, attribute: Attribute, book: Rulebook) -> Attribute:
    found = book.spec.entity(entity.name).find(attribute.name)
    assert found is not None, "it was just there"  # noqa: S101
    return found


def _state(text: str, attribute: Attribute, book: Rulebook) -> str:
    found = choice_of(text, attribute)
    if found is None:
        choices = tuple(str(choice) for choice in attribute.choices or ())
        raise book.doubt("rule_no_choice", choices, name=attribute.title, value=text)
    return found


def state_attribute(fact: Transits, book: Rulebook) -> tuple[Entity, Attribute]:
    """The attribute that goes the steps.

    Raises:
        Doubt: None can be meant, or several.
    """
    if fact.ref is not None:
        whole = book.find(fact.ref.noun)
        listed = any(book.attribute(e, fact.ref.noun) for e in book.spec)
        if whole is None or listed:
            entity = _owner_of_state(fact.ref, book)
            found = book.attribute(entity, fact.ref.noun)
            if found is None:
                noun = _bare(fact.ref.noun, entity, book)
                found = book.add_attribute(entity, noun, Attribute("x", "string"))
            return book.spec.entity(entity.name), _again(entity, found, book)
        entities = [whole]
    elif fact.entity is not None:
        entities = [book.entity(fact.entity)]
    else:
        entities = list(book.spec)
    places = [(e, a) for e in entities for a in e.attributes if _can_be(a, fact, book)]
    if len(places) == 1:
        return places[0]
    titles = [a.title for _, a in places]
    raise book.doubt("which_state", titles)


def _owner_of_state(ref: Ref, book: Rulebook) -> Entity:
    """Whose state it is; one that nobody listed belongs to the entity that is named."""
    if ref.owner is not None:
        return book.entity(ref.owner)
    if any(book.attribute(e, ref.noun) is not None for e in book.spec):
        return book.owner((ref,))
    words = ref.noun.text.split(" ")
    for length in range(len(words) - 1, 0, -1):
        front = book.find(dataclasses.replace(ref.noun, text=" ".join(words[:length])))
        if front is not None and not book.lexicon.syntax.head_first:
            return front
    near = book.find(ref.near) if ref.near is not None else None
    if near is not None and near.name in book.new:
        return near
    return book.owner((ref,))


def _can_be(attribute: Attribute, fact: Transits, book: Rulebook) -> bool:
    """Whether an attribute can be in all states of some steps."""
    if attribute.choices is None:
        return attribute.type == "string" and _is_state_name(attribute, book)
    texts = {v.text for pair in fact.pairs for v in pair if v is not ANY}
    return all(choice_of(text, attribute) is not None for text in texts)


def _is_state_name(attribute: Attribute, book: Rulebook) -> bool:
    words = attribute.name.split("_")
    return any(book.lexicon.value("rule_state", word) is not None for word in words)
