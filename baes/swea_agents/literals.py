"""Values of attributes as Python source, and what it needs to be imported."""

from __future__ import annotations

import datetime
from decimal import Decimal

from baes.spec.model import Attribute, Call, Default, Scalar
from baes.spec.scales import scale_of

__all__ = ["default_factory", "literal"]

_CALLS = {
    ("today", "date"): "today",
    ("now", "date"): "today",
    ("today", "datetime"): "now",
    ("now", "datetime"): "now",
    ("today", "time"): "time_now",
    ("now", "time"): "time_now",
}
"""(call, attribute's type) -> function of ``app/fields.py``."""


def default_factory(attribute: Attribute) -> str | None:
    """The function of ``app/fields.py`` that makes the default, where it is a call."""
    default = attribute.default
    return _CALLS[default.call, attribute.type] if isinstance(default, Call) else None


def literal(attribute: Attribute, value: Default) -> tuple[str, tuple[str, ...]]:
    """(source, imports) of a value that the attribute can have.

    >>> literal(Attribute("price", "decimal", scale=2), Decimal("1.5"))
    ("Decimal('1.50')", ('decimal.Decimal',))
    """
    if isinstance(value, Call):
        raise TypeError("a call has no literal")
    match attribute.type:
        case "decimal":
            return _decimal(attribute, value)
        case "float":
            return repr(float(value)), ()
        case "date":
            moment = datetime.date.fromisoformat(str(value))
            return f"datetime.date({moment.year}, {moment.month}, {moment.day})", ("datetime",)
        case "time":
            return f"datetime.time.fromisoformat({str(value)!r})", ("datetime",)
        case "datetime":
            return f"datetime.datetime.fromisoformat({_utc(str(value))!r})", ("datetime",)
        case "uuid":
            return f"uuid.UUID({str(value)!r})", ("uuid",)
        case _:
            return repr(value), ()


def _decimal(attribute: Attribute, value: Scalar) -> tuple[str, tuple[str, ...]]:
    """With the attribute's digits, where the value has no more than those."""
    number = Decimal(value)
    exact = number.quantize(Decimal(1).scaleb(-(scale_of(attribute) or 0)))
    return f"Decimal({str(exact if exact == number else number)!r})", ("decimal.Decimal",)


def _utc(value: str) -> str:
    moment = datetime.datetime.fromisoformat(value)
    aware = moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)
    return aware.astimezone(datetime.UTC).isoformat()
