"""Values that an attribute takes and values that it refuses, for the generated tests.

All are JSON values in the form in which the API answers them: what is sent comes back equal.
"""

from __future__ import annotations

import datetime
import functools
import re
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice

from baes.errors import InvalidSpec
from baes.spec.attribute_types import NUMERIC_TYPES, TEXTUAL_TYPES
from baes.spec.formats import checked_form
from baes.spec.limits import fits
from baes.spec.model import Attribute
from baes.spec.scales import scale_of
from baes.swea_agents.column_types import max_length_of
from baes.swea_agents.pattern_samples import texts_matching

__all__ = ["Case", "Json", "accepted", "json_value", "refused", "samples"]

Json = str | int | float | bool | None
_COUNT = 20

_WRONG: dict[str, tuple[str, ...]] = {
    "string": ("5", "True", "['x']", r"'\ud800'"),
    "text": ("5", "True", "['x']", r"'\ud800'"),
    "integer": ("'5'", "True", "1.5", "2**63", "float('inf')"),
    "float": ("'1.5'", "True", "float('nan')", "float('inf')"),
    "decimal": ("'abc'", "'NaN'", "True", "float('nan')", "10**18"),
    "boolean": ("'true'", "1"),
    "date": ("'2024-02-30'", "'2024-1-1'", "'2024-01-01T00:00:00'", "0"),
    "time": ("'25:00:00'", "'8:30'", "0"),
    "datetime": ("'2024-02-30T00:00:00Z'", "'yesterday'", "0"),
    "email": ("'nobody'", "'a@b'", "5"),
    "url": ("'nowhere'", "'javascript:alert(1)'", "5"),
    "phone": ("'nobody'", "'12'", "5"),
    "uuid": ("'1234'", "5"),
}
"""Attribute type -> values, as Python source, that are none of its."""


@dataclass(frozen=True, slots=True)
class Case:
    """A value for a field, as Python source, and what is special about it."""

    field: str
    value: str
    about: str

    @property
    def id(self) -> str:
        """What the test's case is called."""
        return f"{self.field} {self.about}"


@functools.lru_cache(maxsize=2000)
def samples(attribute: Attribute) -> tuple[Json, ...]:
    """Up to twenty different values that the attribute takes, at least one.

    Raises:
        InvalidSpec: None was found, so that no record could be tried.
    """
    if attribute.choices is not None:
        found = tuple(json_value(attribute, choice) for choice in attribute.choices)
    else:
        candidates = islice(_MAKERS[attribute.type](attribute), 3 * _COUNT)
        found = tuple(dict.fromkeys(v for v in candidates if _takes(attribute, v)))[:_COUNT]
    if not found:
        raise InvalidSpec.of("swea_agents.error.no_example", attribute=attribute.name)
    return found


def accepted(attribute: Attribute) -> Iterator[Case]:
    """Values at the very limits."""
    if attribute.choices or attribute.pattern is not None or attribute.format is not None:
        return
    for limit in ("min", "max"):
        bound = getattr(attribute, limit)
        value = None if bound is None else json_value(attribute, bound)
        if value is not None and _takes(attribute, value):
            yield Case(attribute.name, repr(value), f"at {limit}")
    if attribute.type in ("string", "text"):
        yield Case(attribute.name, f'"x" * {max_length_of(attribute)}', "longest")
        if attribute.min_length:
            yield Case(attribute.name, f'"x" * {attribute.min_length}', "shortest")


def refused(attribute: Attribute) -> Iterator[Case]:
    """Values of another type, and those just outside the limits."""
    name = attribute.name
    for value in _WRONG[attribute.type]:
        yield Case(name, value, f"no {attribute.type}: {value}")
    if attribute.required:
        yield Case(name, "None", "null")
    if attribute.required and attribute.type in ("string", "text"):
        yield Case(name, '" "', "blank")
    if attribute.choices is not None:
        yield from _not_chosen(attribute)
        return
    if attribute.type in ("string", "text"):
        yield Case(name, f'"x" * {(max_length_of(attribute) or 0) + 1}', "too long")
        if attribute.min_length is not None and attribute.min_length > 1:
            yield Case(name, f'"x" * {attribute.min_length - 1}', "too short")
    yield from _of_no_such_form(attribute)
    if attribute.type == "decimal":
        yield Case(name, repr(f"0.{'1' * ((scale_of(attribute) or 0) + 1)}"), "too many digits")
    if attribute.type in NUMERIC_TYPES:
        yield from _outside(attribute)


def _not_chosen(attribute: Attribute) -> Iterator[Case]:
    if attribute.type in TEXTUAL_TYPES:
        yield Case(attribute.name, repr("none of the choices"), "no choice")
    elif attribute.type in NUMERIC_TYPES and attribute.choices:
        largest = max(Decimal(choice) for choice in attribute.choices)
        yield Case(attribute.name, repr(json_value(attribute, largest + 1)), "no choice")


def _of_no_such_form(attribute: Attribute) -> Iterator[Case]:
    """A number with another last digit, and a text that the pattern fits in part only."""
    if attribute.format is not None:
        form, sample = checked_form(attribute.format), str(samples(attribute)[0])
        others = (sample[:-1] + digit for digit in "0123456789")
        mistyped = next(text for text in others if not form.is_valid(text))
        yield Case(attribute.name, repr(mistyped), "wrong check digit")
    if attribute.pattern is not None:
        longest, sample = max_length_of(attribute), str(samples(attribute)[0])
        for value in (f"{sample}~", f"{sample}0", f"~{sample}"):
            short_enough = longest is None or len(value) <= longest
            if short_enough and not re.fullmatch(attribute.pattern, value):
                yield Case(attribute.name, repr(value), "more than the pattern")
                return


def _outside(attribute: Attribute) -> Iterator[Case]:
    step = _step(attribute)
    for limit, offset in (
        ("min", -step),
        ("max", step),
        ("exclusive_min", 0),
        ("exclusive_max", 0),
    ):
        bound = getattr(attribute, limit)
        if bound is not None:
            value = json_value(attribute, Decimal(bound) + offset)
            yield Case(attribute.name, repr(value), f"outside {limit.replace('_', ' ')}")


def _step(attribute: Attribute) -> Decimal:
    """The least difference between two values."""
    if attribute.type == "integer":
        return Decimal(1)
    return (
        Decimal(1).scaleb(-(scale_of(attribute) or 0))
        if attribute.type == "decimal"
        else Decimal(1)
    )


def _takes(attribute: Attribute, value: Json) -> bool:
    """Whether the value keeps all limits."""
    if isinstance(value, str):
        longest = max_length_of(attribute)
        if longest is not None and len(value) > longest:
            return False
        if attribute.pattern is not None and not re.fullmatch(attribute.pattern, value):
            return False
    plain = Decimal(str(value)) if attribute.type in ("decimal", "float") else value
    return fits(plain, attribute)


def json_value(attribute: Attribute, value: object) -> Json:
    """A value of the specification as the API answers it."""
    match attribute.type:
        case "integer":
            return int(str(value).partition(".")[0])
        case "float":
            return float(str(value))
        case "decimal":
            exact = Decimal(str(value)).quantize(_step(attribute))
            return str(exact) if exact == Decimal(str(value)) else None
        case "time":
            return datetime.time.fromisoformat(str(value)).isoformat()
        case "datetime":
            moment = datetime.datetime.fromisoformat(str(value))
            aware = moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)
            return aware.astimezone(datetime.UTC).isoformat().replace("+00:00", "Z")
        case "boolean":
            return bool(value)
        case _:
            return str(value)


def _numbers(attribute: Attribute) -> Iterator[Json]:
    """Evenly spaced between the bounds, whichever of them there are."""
    step = _step(attribute)
    low = attribute.min if attribute.min is not None else attribute.exclusive_min
    high = attribute.max if attribute.max is not None else attribute.exclusive_max
    if low is None:
        low = 0 if high is None or Decimal(high) > 3 * _COUNT else Decimal(high) - 3 * _COUNT * step
    stride = step
    if attribute.type == "float" and high is not None:
        stride = (Decimal(high) - Decimal(low)) / (3 * _COUNT)
    start = (Decimal(low) / step).to_integral_value() * step
    for n in range(1, 3 * _COUNT):
        yield json_value(attribute, start + n * stride)
    yield json_value(attribute, start)


def _dates(attribute: Attribute) -> Iterator[Json]:
    first = datetime.date.fromisoformat(str(_start(attribute, "2024-01-15"))[:10])
    if attribute.max is not None or attribute.exclusive_max is not None:
        days = (datetime.timedelta(days=n) for n in range(3 * _COUNT))
        yield from ((first - day).isoformat() for day in days if first - day > datetime.date.min)
    yield from ((first + datetime.timedelta(days=n)).isoformat() for n in range(3 * _COUNT))


def _datetimes(attribute: Attribute) -> Iterator[Json]:
    first = datetime.datetime.fromisoformat(str(_start(attribute, "2024-01-15T10:30:00")))
    moments = (first + datetime.timedelta(minutes=n) for n in range(3 * _COUNT))
    return (json_value(attribute, moment.isoformat()) for moment in moments)


def _times(attribute: Attribute) -> Iterator[Json]:
    first = datetime.time.fromisoformat(str(_start(attribute, "10:30:00")))
    anchor = datetime.datetime.combine(datetime.date(2024, 1, 1), first)
    moments = (anchor + datetime.timedelta(minutes=n) for n in range(3 * _COUNT))
    return (moment.time().isoformat() for moment in moments)


def _start(attribute: Attribute, usual: str) -> object:
    """Where to begin counting up: the lower bound, else well below the upper one."""
    low = attribute.min or attribute.exclusive_min
    if low is not None:
        return low
    high = attribute.max or attribute.exclusive_max
    return usual if high is None or str(high) > usual else high


def _texts(attribute: Attribute) -> Iterator[Json]:
    if attribute.format is not None:
        yield from islice(checked_form(attribute.format).examples(), _COUNT)
        return
    if attribute.pattern is not None:
        yield from texts_matching(attribute.pattern, _COUNT)
        return
    shortest, longest = attribute.min_length or 1, max_length_of(attribute) or 255
    for n in range(1, 3 * _COUNT):
        for text in (f"{attribute.title} {n}", f"{n}", chr(96 + n) if n < 27 else "z"):
            if len(text) <= longest:
                yield text.ljust(shortest, "x")
                break


def _numbered(form: str) -> Callable[[Attribute], Iterator[Json]]:
    def texts(attribute: Attribute) -> Iterator[Json]:
        if attribute.pattern is not None:
            yield from texts_matching(attribute.pattern, _COUNT)
        yield from (form.format(n) for n in range(1, _COUNT + 1))

    return texts


_MAKERS: dict[str, Callable[[Attribute], Iterator[Json]]] = {
    "string": _texts,
    "text": _texts,
    "integer": _numbers,
    "float": _numbers,
    "decimal": _numbers,
    "boolean": lambda _: iter((True, False)),
    "date": _dates,
    "time": _times,
    "datetime": _datetimes,
    "email": _numbered("person{}@example.com"),
    "url": _numbered("https://example.com/{}"),
    "phone": _numbered("+1 555 010 {:04}"),
    "uuid": lambda _: (str(uuid.UUID(int=n)) for n in range(1, _COUNT + 1)),
}
