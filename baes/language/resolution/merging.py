"""What is said of one attribute in several places, taken together."""

from __future__ import annotations

from typing import Any

from baes.language.facts import Said, Value
from baes.language.resolution.drafts import Doubt
from baes.language.vocabulary import Vocabulary
from baes.spec.interpretation import Question

__all__ = ["merged"]

_LENGTHS = ("min_length", "max_length")


def merged(said: Said, name: str, lexicon: Vocabulary) -> dict[str, Any]:
    """What is said of an attribute, by key.

    Raises:
        Doubt: The same key has two values, or what is said is nothing that one can be.
    """
    found: dict[str, Any] = {}
    for key, value in said:
        if key == "generated":
            raise Doubt(Question(lexicon.question("generated", name=name)))
        if key in found and found[key] != value:
            slots = {"key": key, "first": _spoken(found[key]), "second": _spoken(value)}
            raise Doubt(Question(lexicon.question("said_twice", name=name, **slots)))
        found[key] = value
    count = found.pop("letter_count", None)
    if count is not None and not set(_LENGTHS) & set(found):
        raise _which_length(name, count.text, lexicon)
    return found


def _which_length(name: str, count: str, lexicon: Vocabulary) -> Doubt:
    """Whether "(7 characters)" is an exact length, as a plate has, or a name's longest one."""
    answers = tuple(
        lexicon.question(key, name=name, count=count)
        for key in ("exactly_so_long", "at_most_so_long")
    )
    return Doubt(Question(lexicon.question("which_length", name=name, count=count), answers))


def _spoken(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(_spoken(v) for v in value)
    return value.text if isinstance(value, Value) else str(value)
