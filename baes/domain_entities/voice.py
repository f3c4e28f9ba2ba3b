"""What the domain agents say to users."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from baes.errors import BaesError
from baes.spec.formats import checked_form
from baes.spec.interpretation import Question
from baes.spec.model import Attribute, Entity, Relationship
from baes.texts import catalogue, listed, said, text

__all__ = ["LIMITS", "Voice", "called", "entity_title", "inside"]

Slot = str | tuple[str, ...]

LIMITS = (
    "min", "max", "exclusive_min", "exclusive_max", "min_length", "max_length", "pattern", "format",
    "choices", "scale", "unit",
)  # fmt: skip
_SIGNS = {"min": "≥", "max": "≤", "exclusive_min": ">", "exclusive_max": "<"}


class Voice:
    """Speaks one language; English where the wanted one is not written yet."""

    def __init__(self, language: str) -> None:
        self._language = language

    def assumption(self, key: str, **slots: Slot) -> str:
        """A sentence on what was decided without being said."""
        return self._said(f"assumption.{key}", slots)

    def question(self, key: str, **slots: Slot) -> Question:
        """A question and its answers; one slot of several words is as many answers."""
        templates = catalogue("domain_entities", self._language)["question"][key]["alternatives"]
        answers = (a for template in templates for a in self._answers(template, slots))
        words = self._said(f"question.{key}.text", slots)
        return Question(words[:1].upper() + words[1:], tuple(dict.fromkeys(answers)))

    def part(self, question: str, key: str, **slots: Slot) -> str:
        """A part of a question's text that is said once for each of several things."""
        return self._said(f"question.{question}.{key}", slots)

    def cause(self, error: BaesError) -> str:
        """Why something can't be done, as a part of a sentence."""
        spoken = error.spoken(self._language)
        return ": ".join(filter(None, (spoken.what, spoken.why)))

    def type_name(self, type_: str) -> str:
        """A type in plain words."""
        return text(self._language, f"common.types.{type_}")

    def limit_name(self, key: str) -> str:
        """A limit in plain words."""
        return text(self._language, f"domain_entities.limits.{key}")

    def attributes(self, attributes: Iterable[Attribute]) -> str:
        """The attributes in a sentence."""
        return listed(self._language, (inside(attribute.title) for attribute in attributes))

    def limits(self, fields: dict[str, Any]) -> str:
        """Limits, as short as they can be said."""
        given = ((key, fields[key]) for key in LIMITS if fields.get(key) is not None)
        return ", ".join(self._limit(key, value) for key, value in given) or "-"

    def _limit(self, key: str, value: object) -> str:
        if key in _SIGNS:
            return f"{_SIGNS[key]} {said(value, self._language)}"
        shown = " | ".join(map(str, value)) if isinstance(value, tuple) else value
        shown = checked_form(str(value)).title if key == "format" else shown
        return text(self._language, f"common.flags.{key}", value=shown)

    def _answers(self, template: str, slots: dict[str, Slot]) -> Iterator[str]:
        whole = slots.get(template[1:-1]) if template.startswith("{") else None
        if isinstance(whole, tuple):
            yield from whole
        else:
            yield template.format_map({k: said(v, self._language) for k, v in slots.items()})

    def _said(self, key: str, slots: dict[str, Slot]) -> str:
        return text(self._language, f"domain_entities.{key}", **slots)


def inside(label: str) -> str:
    """A label within a sentence: small unless it is an abbreviation.

    >>> inside("Birth date"), inside("ISBN"), inside("E-mail")
    ('birth date', 'ISBN', 'e-mail')
    """
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def called(thing: Attribute | Relationship) -> str:
    """What an attribute or relationship is called in a sentence."""
    return inside(thing.title)


def entity_title(entity: Entity | None, name: str) -> str:
    """What an entity is called: as the user wrote it, where that is known."""
    return entity.label if entity is not None and entity.label else name
