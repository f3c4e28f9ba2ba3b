"""Forms that have a name: "a valid CPF", "in the format of an IBAN", "a hex colour"."""

from __future__ import annotations

from baes.language.facts import Said, Value
from baes.language.names import is_separator
from baes.language.words import Reader
from baes.spec.formats import shape_pattern

__all__ = ["read_named_form", "read_valid_form", "said_of_form"]


def read_named_form(reader: Reader) -> Said | None:
    """The name of a form at the cursor, with its article: "(an) IBAN", "o CPF"."""
    reader.take("article")
    hit = reader.take("named_form")
    return said_of_form(hit.value) if hit is not None else None


def read_valid_form(reader: Reader) -> Said | None:
    """As in "a valid CPF", "um CPF válido": what something else is to be."""
    start = reader.position
    reader.take("article")
    valid = reader.take("valid")
    said = read_named_form(reader)
    if said and (valid or reader.take("valid")) and is_separator(reader):
        return said
    reader.position = start
    return None


def said_of_form(form: str) -> Said:
    """What a form with a name asks of an attribute: a format, or a pattern."""
    pattern = shape_pattern(form)
    return (("format", form),) if pattern is None else (("pattern", Value(pattern)),)
