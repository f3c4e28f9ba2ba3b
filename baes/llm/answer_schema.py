"""From a Pydantic model to the schema that servers take, and back from whatever they answer.

Strict servers want every property required, nothing further allowed, and know none of the limits;
other servers ignore the schema. So the schema is reduced to what all know, and the answer is
validated by the whole model, always.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

__all__ = ["NoAnswer", "read_answer", "strict_schema"]

Form = TypeVar("Form", bound=BaseModel)

_KNOWN = {"type", "properties", "items", "enum", "anyOf", "$ref", "$defs", "description", "const"}
_FENCED = re.compile(r"```(?:json)?\s*\n(.*?)\n\s*```", re.DOTALL)
FAULTS_TOLD = 5


class NoAnswer(Exception):
    """What the server said is not what it was asked for; the text says why, to the model."""


def strict_schema(form: type[BaseModel]) -> dict[str, Any]:
    """The JSON schema of an answer, reduced to what strict servers take."""
    reduced = _reduced(form.model_json_schema())
    assert isinstance(reduced, dict)  # noqa: S101  an object stays one
    return reduced


def read_answer(text: str, form: type[Form]) -> Form:
    """The answer in a text: the text itself, a fenced block of it, or the first object in it.

    Raises:
        NoAnswer: None of them is JSON of the right form.
    """
    faults = []
    for candidate in _candidates(text):
        try:
            return form.model_validate_json(candidate)
        except ValidationError as error:
            faults.append(_told(error))
    raise NoAnswer(faults[0] if faults else "there is no JSON object in the answer")


def _candidates(text: str) -> Iterator[str]:
    stripped = text.strip()
    if stripped.startswith("{"):
        yield stripped
    yield from _FENCED.findall(text)
    start = text.find("{")
    if start > 0 or (start == 0 and not stripped.endswith("}")):
        try:
            _, end = json.JSONDecoder().raw_decode(text[start:])
        except ValueError:
            return
        yield text[start : start + end]


def _told(error: ValidationError) -> str:
    faults = error.errors(include_url=False, include_input=False, include_context=False)
    told = (f"{'.'.join(map(str, fault['loc'])) or 'JSON'}: {fault['msg']}" for fault in faults)
    return "; ".join(list(told)[:FAULTS_TOLD])


def _reduced(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_reduced(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    if "oneOf" in schema:
        schema = {**schema, "anyOf": schema["oneOf"]}
    kept: dict[str, Any] = {}
    for key, value in schema.items():
        if key in ("properties", "$defs"):
            kept[key] = {name: _reduced(part) for name, part in value.items()}
        elif key == "const":
            kept["enum"] = [value]
        elif key in _KNOWN:
            kept[key] = value if key == "enum" else _reduced(value)
    if kept.get("type") == "object":
        kept["required"] = list(kept.get("properties", {}))
        kept["additionalProperties"] = False
    return kept
