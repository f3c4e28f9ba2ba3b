"""Values in rules: states, choices, yes and no, as the attribute that they are of has them."""

from __future__ import annotations

import itertools
from decimal import Decimal

from baes.language.facts import Value
from baes.language.resolution.rulebook import Rulebook
from baes.language.rule_facts import Condition
from baes.spec.attribute_types import NUMERIC_TYPES
from baes.spec.model import Attribute, Entity
from baes.spec.names import fold

__all__ = ["attribute_with", "choice_of", "conditions_of", "value_of"]

Literal_ = str | int | Decimal | bool
When = tuple[tuple[str, Literal_], ...]
_ENDINGS = ("as", "os", "a", "o", "es", "e", "s")
"""What gender and number change in a word; "paga" and "pagos" are one state."""
_SHORTEST_STEM = 3


def choice_of(text: str, attribute: Attribute) -> str | None:
    """The choice of an attribute that a word means, whatever its gender and number."""
    choices = [str(choice) for choice in attribute.choices or () if isinstance(choice, str)]
    wanted = fold(text.lower())
    for compare in (str, _stem):
        found = [c for c in choices if compare(fold(c.lower())) == compare(wanted)]
        if len(found) == 1:
            return found[0]
    return None


def _stem(text: str) -> str:
    return " ".join(
        _stem_of_word(word) for word in text.replace("_", " ").replace("-", " ").split()
    )


def _stem_of_word(word: str) -> str:
    for ending in _ENDINGS:
        stem = word.removesuffix(ending)
        if stem != word and len(stem) >= _SHORTEST_STEM:
            return stem
    return word


def value_of(value: Value, attribute: Attribute, book: Rulebook) -> Literal_:
    """A literal as a value of an attribute.

    Raises:
        Doubt: It can't be one; the question offers the choices.
    """
    if attribute.type == "boolean":
        if value.truth:
            return value.truth == "true"
        if _names(value.text, attribute):
            return True
        raise book.doubt("no_truth", (), name=attribute.title, value=value.text)
    if attribute.type in NUMERIC_TYPES:
        if not value.number:
            raise book.doubt("no_number", (), name=attribute.title, value=value.text)
        number = Decimal(value.number)
        return int(number) if number == number.to_integral_value() else number
    if attribute.choices is None:
        return value.text
    found = choice_of(value.text, attribute)
    if found is None:
        choices = tuple(str(choice) for choice in attribute.choices)
        raise book.doubt("rule_no_choice", choices, name=attribute.title, value=value.text)
    return found


def attribute_with(entity: Entity, text: str) -> tuple[Attribute, bool] | None:
    """The attribute that can be what a word says, and whether it says the opposite.

    As "paid" is a choice of the status, or a yes or no of its own; "unpaid" is its opposite.
    """
    for word, opposite in ((text, False), *((rest, True) for rest in _opposites(text))):
        found = [
            a
            for a in entity.attributes
            if choice_of(word, a) is not None or (a.type == "boolean" and _names(word, a))
        ]
        if len(found) == 1:
            return found[0], opposite
    return None


def _opposites(text: str) -> list[str]:
    lowered = text.lower()
    return [
        text[len(prefix) :].lstrip("-")
        for prefix in ("un", "non", "in", "im", "não ", "nao ")
        if lowered.startswith(prefix) and len(text) - len(prefix) >= _SHORTEST_STEM
    ]


def _names(text: str, attribute: Attribute) -> bool:
    """Whether a word is the name of a yes or no: "gift" of "is_gift", "pagos" of "pago"."""
    wanted = _stem(fold(text.lower()))
    own = fold(attribute.name.replace("_", " "))
    names = (own, own.removeprefix("is "), own.removeprefix("has "), own.removeprefix("foi "))
    return wanted in {_stem(name) for name in names}


def conditions_of(case: tuple[Condition, ...], entity: Entity, book: Rulebook) -> list[When]:
    """The values of one case; a negated choice is every other one of them.

    Raises:
        Doubt: Nothing of the entity can be like that.
    """
    told = [_alternatives(condition, entity, book) for condition in case]
    return [tuple(combined) for combined in itertools.product(*told)]


def _alternatives(
    condition: Condition, entity: Entity, book: Rulebook
) -> list[tuple[str, Literal_]]:
    attribute, value, equal = resolved_condition(condition, entity, book)
    if equal:
        return [(attribute.name, value)]
    if isinstance(value, bool):
        return [(attribute.name, not value)]
    others = [c for c in attribute.choices or () if c != value]
    if not others:
        raise book.doubt("rule_not_condition", (), name=attribute.title)
    return [(attribute.name, other) for other in others]


def resolved_condition(
    condition: Condition, entity: Entity, book: Rulebook
) -> tuple[Attribute, Literal_, bool]:
    """The attribute that a condition is about, its value, and whether it must be equal to it."""
    ref, text = condition.ref, condition.value.text
    own = book.attribute(entity, ref.noun) if ref is not None else None
    if own is not None:
        return own, value_of(condition.value, own, book), condition.equal
    if ref is not None and book.find(ref.noun) is not entity and ref.noun.key != "":
        raise book.nothing_called(ref.noun, entity)
    found = attribute_with(entity, text)
    if found is None:
        raise book.doubt("rule_no_state", (), entity=entity.title, value=text)
    attribute, opposite = found
    value: Literal_ = True
    if attribute.type != "boolean":
        stem = (
            text
            if not opposite
            else next((rest for rest in _opposites(text) if choice_of(rest, attribute)), text)
        )
        value = choice_of(stem, attribute) or stem
    return attribute, value, condition.equal != opposite
