"""The answer that an expectation asks for, taken literally.

Every expectation can be turned into the interpretation that meets it best: of each list of
acceptable values the first one. Judged against its own expectation that answer must be exact; where
it isn't, the expectation contradicts itself, whatever the interpreter may do.
"""

from __future__ import annotations

from typing import Any

__all__ = ["best_answer"]

_ONE_OF_SEVERAL = frozenset(
    {"action", "kind", "required", "default", "name", "new_name", "type", "unit", "left", "op",
     "right", "of", "function", "expression", "attribute", "min", "max", "min_length",
     "max_length", "scale", "unique"}
)  # fmt: skip
"""Keys whose list holds acceptable values; a list under any other key is itself the value."""


def best_answer(expect: dict[str, Any]) -> dict[str, Any]:
    """The interpretation that prints what the expectation lists first.

    >>> best_answer({"action": ["evolve", "remove"], "standard": True})
    {'action': 'evolve'}
    """
    answer: dict[str, Any] = {
        key: _first(key, value)
        for key, value in expect.items()
        if key not in ("standard", "or", "custom")
    }
    if expect.get("custom"):
        answer["custom"] = ["a fragment"]
    for entity in answer.get("entities", []):
        if entity["attributes"] == "any":
            entity["attributes"] = []
        for attribute in entity["attributes"]:
            attribute.setdefault("required", True)
    return answer


def _first(key: str, value: Any) -> Any:
    if isinstance(value, list):
        if key in _ONE_OF_SEVERAL:
            return _first(key, value[0])
        return [_first("", item) for item in value]
    if isinstance(value, dict):
        if set(value) == {"accept", "reject"}:
            return "|".join(_literal(text) for text in value["accept"])
        return {name: _first(name, item) for name, item in value.items()}
    return value


def _literal(text: str) -> str:
    """A regular expression that takes this text alone."""
    return "".join(f"[{letter}]" if letter.isalnum() else rf"\{letter}" for letter in text)
