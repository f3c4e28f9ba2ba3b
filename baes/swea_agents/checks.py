"""An attribute's limits as SQL conditions, in a form that SQLite and PostgreSQL share."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterator
from decimal import Decimal

from baes.spec.model import Attribute, Scalar
from baes.spec.scales import scale_of
from baes.swea_agents.identifiers import sql_name

__all__ = ["conditions_of", "sql_text", "stored_literal"]

_COMPARISONS = {"min": ">=", "max": "<=", "exclusive_min": ">", "exclusive_max": "<"}


def conditions_of(attribute: Attribute) -> Iterator[tuple[str, str]]:
    """(limit's name, condition) for each limit that the database can hold.

    A pattern isn't among them: databases disagree on patterns. Nor are limits that older records
    break.
    """
    if attribute.older_may_break:
        return
    column = sql_name(attribute.name)
    for limit, operator in _COMPARISONS.items():
        if (bound := getattr(attribute, limit)) is not None:
            yield limit, f"{column} {operator} {stored_literal(attribute, bound)}"
    if attribute.min_length is not None:
        yield "min_length", f"length({column}) >= {attribute.min_length}"
    if attribute.max_length is not None:
        yield "max_length", f"length({column}) <= {attribute.max_length}"
    if attribute.choices is not None and attribute.type != "boolean":
        choices = ", ".join(stored_literal(attribute, choice) for choice in attribute.choices)
        yield "choices", f"{column} IN ({choices})"


def sql_text(text: str) -> str:
    """A text as SQL writes it.

    >>> print(sql_text("it's"))
    'it''s'
    """
    quoted = text.replace("'", "''")
    return f"'{quoted}'"


def stored_literal(attribute: Attribute, value: Scalar) -> str:
    """A value as the column keeps it: decimals scaled, moments in UTC."""
    match attribute.type:
        case "boolean":
            return str(value).lower()
        case "uuid":
            return sql_text(uuid.UUID(str(value)).hex)
        case "integer" | "float":
            return f"{Decimal(value):f}"
        case "decimal":
            return f"{Decimal(value).scaleb(scale_of(attribute) or 0).normalize():f}"
        case "datetime":
            return sql_text(f"{_in_utc(str(value)):%Y-%m-%d %H:%M:%S.%f}")
        case "time":
            return sql_text(f"{datetime.time.fromisoformat(str(value)):%H:%M:%S.%f}")
        case _:
            return sql_text(str(value))


def _in_utc(value: str) -> datetime.datetime:
    moment = datetime.datetime.fromisoformat(value)
    return moment.astimezone(datetime.UTC) if moment.tzinfo else moment
