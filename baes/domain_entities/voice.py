"""What the domain agents say to users: texts are data, one file a language."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from baes.datafiles import PACKAGE, load_toml
from baes.spec.interpretation import Question
from baes.spec.model import Attribute, Entity, Relationship

__all__ = ["Voice"]

Slot = str | tuple[str, ...]

_LIMITS = (
    "min", "max", "exclusive_min", "exclusive_max", "min_length", "max_length", "pattern",
    "choices", "scale", "unit",
)  # fmt: skip
_SIGNS = {"min": "≥", "max": "≤", "exclusive_min": ">", "exclusive_max": "<"}


class Voice:
    """Speaks one language; English where the wanted one is not written yet."""

    def __init__(self, language: str) -> None:
        self._texts = _texts(language)

    def assumption(self, key: str, **slots: Slot) -> str:
        """A sentence on what was decided without being said."""
        return self._filled(self._texts["assumption"][key], slots)

    def question(self, key: str, **slots: Slot) -> Question:
        """A question and its answers; one slot of several words is as many answers."""
        entry = self._texts["question"][key]
        answers = (a for t in entry["alternatives"] for a in self._answers(t, slots))
        text = self._filled(entry["text"], slots)
        return Question(text[:1].upper() + text[1:], tuple(dict.fromkeys(answers)))

    def part(self, question: str, key: str, **slots: Slot) -> str:
        """A part of a question's text that is said once for each of several things."""
        return self._filled(self._texts["question"][question][key], slots)

    def type_name(self, type_: str) -> str:
        """A type in plain words."""
        return str(self._texts["types"][type_])

    def limit_name(self, key: str) -> str:
        """A limit in plain words."""
        return str(self._texts["limits"][key])

    def listed(self, words: Iterable[str]) -> str:
        """Words in a sentence: ``a, b and c``."""
        *others, last = words
        if not others:
            return last
        first = str(self._texts["list"]["separator"]).join(others)
        return str(self._texts["list"]["and"]).format(first=first, last=last)

    def attributes(self, attributes: Iterable[Attribute]) -> str:
        """The attributes in a sentence."""
        return self.listed(inside(attribute.title) for attribute in attributes)

    def limits(self, fields: dict[str, Any]) -> str:
        """Limits, as short as they can be said."""
        said = (_limit(key, fields[key]) for key in _LIMITS if fields.get(key) is not None)
        return ", ".join(said) or "-"

    def _answers(self, template: str, slots: dict[str, Slot]) -> Iterator[str]:
        whole = slots.get(template[1:-1]) if template.startswith("{") else None
        if isinstance(whole, tuple):
            yield from whole
        else:
            yield self._filled(template, slots)

    def _filled(self, template: str, slots: dict[str, Slot]) -> str:
        said = {k: v if isinstance(v, str) else self.listed(v or ("-",)) for k, v in slots.items()}
        return template.format(**said)


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


@functools.cache
def _texts(language: str) -> dict[str, Any]:
    known = (PACKAGE / "domain_entities" / "messages" / f"{language}.toml").exists()
    return load_toml(f"domain_entities/messages/{language if known else 'en'}.toml")


def _limit(key: str, value: object) -> str:
    if isinstance(value, tuple):
        return " | ".join(map(str, value))
    if key in _SIGNS:
        return f"{_SIGNS[key]} {_number(value)}"
    return f"{key} {_number(value)}"


def _number(value: object) -> str:
    return format(value.normalize(), "f") if isinstance(value, Decimal) else str(value)
