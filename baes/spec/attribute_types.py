"""The value types that an attribute can have."""

from __future__ import annotations

from typing import Literal, get_args

__all__ = [
    "ATTRIBUTE_TYPES",
    "NUMERIC_TYPES",
    "TEMPORAL_TYPES",
    "TEXTUAL_TYPES",
    "AttributeType",
]

AttributeType = Literal[
    "string", "text", "integer", "float", "decimal", "boolean", "date", "time", "datetime",
    "email", "url", "phone", "uuid",
]  # fmt: skip

ATTRIBUTE_TYPES: tuple[AttributeType, ...] = get_args(AttributeType)

NUMERIC_TYPES: frozenset[AttributeType] = frozenset({"integer", "float", "decimal"})
"""Types with ``min``, ``max`` and ``unit`` in numbers."""

TEMPORAL_TYPES: frozenset[AttributeType] = frozenset({"date", "time", "datetime"})
"""Types whose ``min`` and ``max`` are ISO 8601 texts."""

TEXTUAL_TYPES: frozenset[AttributeType] = frozenset({"string", "text", "email", "url", "phone"})
"""Types with lengths and a pattern."""
