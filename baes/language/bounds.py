"""How large a value may be, and how long a text: "between 1 and 5", "18 or older"."""

from __future__ import annotations

from baes.language.facts import Said, Value
from baes.language.values import read_bound
from baes.language.words import Reader

__all__ = ["read_between", "read_bound_after", "read_one_bound", "read_range"]


def read_between(reader: Reader) -> Said | None:
    """As in "between 1 and 5", "from 1 to 5"."""
    _lead(reader, "with")
    reader.take("article")
    hit = reader.take("between")
    reader.mark(":")
    if hit is not None and reader.word.hits.get("between"):
        reader.take("between")
    return read_range(reader)


def read_range(reader: Reader) -> Said | None:
    """As in "1 to 5", "1-5 kg"."""
    low, unit_low = read_bound(reader)
    if low is None:
        return None
    if reader.take("span") is None:
        if reader.word.token.norm.startswith("-") and reader.word.token.kind == "number":
            high, unit_high = read_bound(reader)  # "1 -5" is written for "1 - 5" now and then
            high = high.lstrip("-") if high else None
        else:
            return None
    else:
        high, unit_high = read_bound(reader)
    if high is None:
        return None
    keys = _limit_keys(reader, low, high, ("min", "max"))
    reader.take("counted")
    return _with_unit(keys, unit_low, unit_high)


def read_one_bound(reader: Reader) -> Said | None:
    """As in "at least 3", "max 50 characters"."""
    _lead(reader, "with")
    reader.take("article") if "bound" not in reader.word.hits else None
    hit = reader.take("bound")
    if hit is None:
        return None
    reader.mark(":", "=")
    reader.take("bound_of")
    value, unit = read_bound(reader)
    if value is None:
        return None
    if hit.value in ("min_length", "max_length"):
        reader.take("letters")
        return ((hit.value, Value(value, value)),)
    if hit.value == "scale":
        return (("scale", Value(value, value)),)
    if hit.value == "exactly":
        letters = reader.take("letters")
        if letters is None or letters.value == "scale":
            return None
        return _of_length(letters.value, value, value)
    if hit.value.startswith("exclusive"):
        return _exclusive(reader, hit.value, value, unit)
    low = value if hit.value == "min" else None
    high = value if hit.value == "max" else None
    reader.take("in_length")
    return _with_unit(_limit_keys(reader, low, high, ("min", "max")), unit)


def _exclusive(reader: Reader, key: str, value: str, unit: str | None) -> Said | None:
    letters = reader.take("letters")
    if letters is None:
        return _with_unit(((key, Value(value, value)),), unit)
    if letters.value not in ("length", "alphabetic") or not value.isdigit():
        return None
    number = int(value) + 1 if key == "exclusive_min" else int(value) - 1
    length = "min_length" if key == "exclusive_min" else "max_length"
    return ((length, Value(str(number), str(number))),)


def read_bound_after(reader: Reader) -> Said | None:
    """As in "18 or older", "50 characters at most", "two decimal places"."""
    _lead(reader, "with")
    value, unit = read_bound(reader)
    if value is None:
        return None
    letters = reader.take("letters")
    if letters is not None and letters.value == "scale":
        return (("scale", Value(value, value)),)
    hit = reader.take("beyond")
    if hit is None:
        if letters is None:
            return None
        if letters.value == "length":  # exactly so long, or at most: only the user knows
            return (("letter_count", Value(value, value)),)
        return _of_length(letters.value, value, value)
    if letters is not None and letters.value == "digits":
        return None  # "5 digits or more": a pattern without an end
    if letters is not None:
        key = "min_length" if hit.value == "min" else "max_length"
        return ((key, Value(value, value)),)
    return _with_unit(((hit.value, Value(value, value)),), unit)


def _limit_keys(reader: Reader, low: str | None, high: str | None, keys: tuple[str, str]) -> Said:
    """Bounds as keys, of the value or, before "characters", of the length."""
    hit = reader.take("letters")
    if hit is not None:
        if hit.value == "scale":
            return (("scale", Value(high or low or "", high or low or "")),)
        if hit.value == "digits" and high is not None:
            return _of_length("digits", low or "1", high)
        keys = ("min_length", "max_length")
    pairs = zip(keys, (low, high), strict=True)
    return tuple((key, Value(value, value)) for key, value in pairs if value is not None)


def _of_length(kind: str, low: str, high: str) -> Said:
    """As in "exactly 3 letters", "5 digits": a length, of digits only where they are said."""
    if kind != "digits":
        return (("min_length", Value(low, low)), ("max_length", Value(high, high)))
    times = low if low == high else f"{low},{high}"
    return (("pattern", Value(f"[0-9]{{{times}}}")),)


def _with_unit(said: Said, *units: str | None) -> Said:
    unit = next((u for u in units if u), None)
    return (*said, ("unit", unit)) if unit else said


def _lead(reader: Reader, *more: str) -> None:
    """Words that only lead to a limit: "which must be", "of", "that is"."""
    while "bound" not in reader.word.hits:
        modal = reader.peek("modal")
        if modal and modal.value != "may" and reader.take("modal"):
            continue
        if "letters" in _measures(reader) and reader.take("has"):
            continue
        if any(reader.take(tag) for tag in ("relative", "be", "of", *more)):
            continue
        return


def _measures(reader: Reader) -> set[str]:
    """Tags of the words behind "has": "code has exactly 3 letters", "… no more than 3 letters"."""
    ahead = (reader.ahead(i) for i in range(1, 7)) if "has" in reader.word.hits else ()
    return {tag for word in ahead for tag in word.hits}
