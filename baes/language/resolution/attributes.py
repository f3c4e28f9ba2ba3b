"""Attributes: their type by words, name, knowledge or limits, and everything said as values."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, cast

from baes.errors import InvalidSpec
from baes.language.facts import Value
from baes.language.hints import hinted_type, meant_word
from baes.language.resolution.drafts import AttributeDraft, Doubt
from baes.language.resolution.merging import merged
from baes.language.resolution.validity import settle_validity
from baes.language.vocabulary import Vocabulary
from baes.spec.attribute_types import NUMERIC_TYPES, TEMPORAL_TYPES, TEXTUAL_TYPES, AttributeType
from baes.spec.interpretation import Question
from baes.spec.knowledge import EntityKnowledge
from baes.spec.model import Attribute, Call, Default
from baes.spec.names import AttributeName

__all__ = ["bound_of", "build_attribute", "default_of", "literal_of"]

_BOUNDS = ("min", "max", "exclusive_min", "exclusive_max")
_LENGTHS = ("min_length", "max_length", "scale")
_WHOLE_UNITS = frozenset({"min", "d", "wk", "mo", "yr", "s", "px", "cents", "rpm"})


def build_attribute(
    draft: AttributeDraft, lexicon: Vocabulary, knowledge: EntityKnowledge | None
) -> Attribute:
    """The attribute that a draft comes to.

    Raises:
        Doubt: What is said of it contradicts itself, or no name can be made of its words.
    """
    said = merged(draft.said, draft.noun.text, lexicon)
    try:
        label = AttributeName.from_text(draft.noun.text).label
        keys = _typed(said, draft, lexicon, knowledge)
        return Attribute(name=draft.name, label=label, **keys)
    except InvalidSpec as refusal:
        spoken = refusal.spoken(lexicon.language)
        text = lexicon.question(
            "contradiction", name=draft.noun.text, why=spoken.why or spoken.what
        )
        raise Doubt(Question(text)) from refusal


def _typed(
    said: dict[str, Any],
    draft: AttributeDraft,
    lexicon: Vocabulary,
    knowledge: EntityKnowledge | None,
) -> dict[str, Any]:
    known = knowledge.attributes.get(draft.name) if knowledge is not None else None
    guess = known.type if known is not None else _hinted(draft.noun.text, lexicon)
    type_ = _type(said, guess, lexicon)
    if type_ in ("string", "text") and "type" in said:
        _bounds_as_lengths(said)
    settle_validity(said, draft.noun.text, type_, lexicon)
    keys: dict[str, Any] = {"type": type_}
    for key in ("required", "unique", "unit", "pattern", "format"):
        if key in said:
            keys[key] = said[key].text if key == "pattern" else said[key]
    for key in _BOUNDS:
        if key in said:
            keys[key] = bound_of(said[key], type_)
    for key in _LENGTHS:
        if key in said:
            keys[key] = _whole(said[key])
    if "choices" in said and type_ != "boolean":
        keys["choices"] = tuple(literal_of(v, type_) for v in said["choices"])
    if "default" in said:
        keys["default"] = default_of(said["default"], type_, keys.get("choices"))
    return keys


def _hinted(name: str, lexicon: Vocabulary) -> AttributeType | None:
    """The type of a name, also where it is misspelt; the name itself stays as it was written."""
    found = hinted_type(name, lexicon)
    return found or hinted_type(meant_word(name, lexicon), lexicon)


def _type(said: dict[str, Any], guess: AttributeType | None, lexicon: Vocabulary) -> AttributeType:
    """The type said, else the one that the rest of what is said needs, else the name's."""
    stated = cast("AttributeType | None", said.get("type"))
    if "choices" in said:
        return _type_of_choices(said["choices"], stated, lexicon)
    if stated is not None:
        return (
            "integer"
            if stated == "decimal" and guess == "integer" and not {"scale", "exact"} & set(said)
            else stated
        )
    if "scale" in said:
        return "decimal"
    numbers = [said[key] for key in _BOUNDS if key in said]
    if numbers:
        return _type_of_numbers(numbers, guess, said.get("unit"))
    if {"min_length", "max_length", "pattern"} & set(said):
        return guess if guess in TEXTUAL_TYPES else "string"
    if "unit" in said and guess not in NUMERIC_TYPES:
        return "integer" if said["unit"] in _WHOLE_UNITS else "decimal"
    if "default" in said and guess is None:
        return _type_of_default(said["default"], lexicon)
    return guess or "string"


def _type_of_choices(
    choices: tuple[Value, ...], stated: AttributeType | None, lexicon: Vocabulary
) -> AttributeType:
    if {lexicon.value("yes_or_no", choice.text.lower()) for choice in choices} == {"yes", "no"}:
        return "boolean"
    if all(choice.number for choice in choices) and stated in (None, "integer", "decimal", "float"):
        whole = all(_is_whole(choice.number) for choice in choices)
        return stated or ("integer" if whole else "decimal")
    return stated if stated in TEXTUAL_TYPES and stated is not None else "string"


def _type_of_numbers(
    values: list[Value], guess: AttributeType | None, unit: str | None
) -> AttributeType:
    if any(":" in v.text or "-" in v.text[1:] for v in values):  # dates and times
        return guess if guess in TEMPORAL_TYPES and guess is not None else "date"
    whole = all(_is_whole(v.number) for v in values)
    if guess in NUMERIC_TYPES and guess is not None:
        return "decimal" if guess == "integer" and not whole else guess
    if unit is not None:
        return "integer" if unit in _WHOLE_UNITS and whole else "decimal"
    return "integer" if whole else "decimal"


def _type_of_default(value: Value, lexicon: Vocabulary) -> AttributeType:
    if value.number:
        return "integer" if _is_whole(value.number) else "decimal"
    if value.call:
        return "date" if value.call == "today" else "datetime"
    logical = lexicon.value("logical", value.text.lower()) is not None
    return "boolean" if value.truth and logical else "string"


def _bounds_as_lengths(said: dict[str, Any]) -> None:
    """As in "title (string, max 100)" limits the length: a text has no other size."""
    for key in ("min", "max"):
        if key in said:
            said[f"{key}_length"] = said.pop(key)


def _is_whole(number: str) -> bool:
    return (
        bool(number)
        and Decimal(number) == Decimal(number).to_integral_value()
        and "." not in number
    )


def bound_of(value: Value, type_: AttributeType) -> int | Decimal | str:
    """A limit as a value of the type."""
    if type_ in TEMPORAL_TYPES:
        return value.text
    return _number(value)


def _whole(value: Value) -> int:
    if not _is_whole(value.number):
        raise InvalidSpec.of("language.error.no_whole_number", value=value.text)
    return int(value.number)


def _number(value: Value) -> int | Decimal | str:
    if not value.number or any(c not in "-.0123456789" for c in value.number):
        return value.text
    return int(value.number) if _is_whole(value.number) else Decimal(value.number)


def literal_of(value: Value, type_: AttributeType) -> str | int | Decimal:
    """A choice as a value of the type."""
    return _number(value) if type_ in NUMERIC_TYPES else value.text


def default_of(value: Value, type_: AttributeType, choices: tuple[object, ...] | None) -> Default:
    """A default as a value of the type; one of the choices as it is written there."""
    if value.call and type_ in TEMPORAL_TYPES:
        return Call("today" if type_ == "date" else "now")
    if type_ == "boolean" and value.truth:
        return value.truth == "true"
    if type_ in NUMERIC_TYPES:
        return cast(Default, _number(value))
    for choice in choices or ():
        if isinstance(choice, str) and choice.lower() == value.text.lower():
            return choice
    return value.text
