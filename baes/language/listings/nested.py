"""JSON: entities as objects, in the shapes that people give them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from baes.language.listings.wording import (
    Field,
    entity_line,
    is_key,
    is_name,
    meaning_of,
    said_of,
)
from baes.language.vocabulary import Vocabulary

__all__ = ["tell_json"]

_MAX_DEPTH = 6
_MAX_ATTEMPTS = 40


class _Untellable(Exception):
    """A part that has no place in an entity; the whole stays as it is."""


def tell_json(text: str, lexicon: Vocabulary) -> str:
    """A request in which each JSON value that defines entities is told in words."""
    begin = 0
    decoder = json.JSONDecoder()
    for _ in range(_MAX_ATTEMPTS):
        starts = [i for i in (text.find("{", begin), text.find("[{", begin)) if i >= 0]
        if not starts:
            return text
        start = min(starts)
        try:
            value, end = decoder.raw_decode(text, start)
            lines = _entities(value, lexicon, 0)
        except (ValueError, RecursionError, _Untellable):
            begin = start + 1
            continue
        told = ". ".join(lines)
        text = f"{text[:start]}{told}.{text[end:]}"
        begin = start + len(told)
    return text


def _entities(value: Any, lexicon: Vocabulary, depth: int) -> list[str]:
    if depth > _MAX_DEPTH:
        raise _Untellable
    if isinstance(value, list):
        return [line for part in value for line in _entities(part, lexicon, depth + 1)]
    if not isinstance(value, dict) or not value:
        raise _Untellable
    meanings = {meaning_of(key, lexicon): key for key in value}
    if "fields" in meanings and len(value) > 1:
        return [_named(value, meanings, lexicon)]
    if set(meanings) == {"entities"}:
        return _entities(value[meanings["entities"]], lexicon, depth + 1)
    if not all(isinstance(part, dict | list) and is_name(key) for key, part in value.items()):
        raise _Untellable
    return [_told(key, part, lexicon) for key, part in value.items()]


def _named(value: dict[str, Any], meanings: Mapping[str, str], lexicon: Vocabulary) -> str:
    """As in {"entity": "Parcel", "fields": […]}."""
    name = value.get(meanings.get("entity", "")) or value.get(meanings.get("name", ""))
    if len(value) != len({"fields", "entity"}) or not isinstance(name, str):
        raise _Untellable
    return _told(name, value[meanings["fields"]], lexicon)


def _told(name: str, fields: Any, lexicon: Vocabulary) -> str:
    if isinstance(fields, dict):
        inner = {meaning_of(key, lexicon): key for key in fields}
        if set(inner) == {"fields"}:
            return _told(name, fields[inner["fields"]], lexicon)
        found = [_field(key, part, lexicon) for key, part in fields.items()]
    elif isinstance(fields, list):
        found = [_member(part, lexicon) for part in fields]
    else:
        raise _Untellable
    kept = [field for field in found if not is_key(field[0])]
    if not kept or not is_name(name):
        raise _Untellable
    return entity_line(name, kept)


def _member(part: Any, lexicon: Vocabulary) -> Field:
    """A field of a list: its name alone, or an object with a name."""
    if isinstance(part, str) and is_name(part):
        return part, ()
    if not isinstance(part, dict):
        raise _Untellable
    keys = {meaning_of(key, lexicon): key for key in part}
    name = part.get(keys.get("name", ""))
    if not isinstance(name, str):
        raise _Untellable
    rest = {key: value for key, value in part.items() if key != keys["name"]}
    return _field(name, rest, lexicon)


def _field(name: str, said: Any, lexicon: Vocabulary) -> Field:
    if not is_name(name):
        raise _Untellable
    if isinstance(said, str):
        return name, (said,)
    if not isinstance(said, dict):
        raise _Untellable
    parts: list[str] = []
    for key, value in said.items():
        part = said_of(meaning_of(key, lexicon), value, lexicon)
        if part is None:
            raise _Untellable
        parts.append(part)
    return name, tuple(parts)
