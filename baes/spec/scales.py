"""How many digits after the point a decimal has where nobody said so.

Decimals are stored as whole numbers of their scale's unit, so the scale decides what a stored value
means. It is taken from a table once, when an attribute becomes a decimal, and kept in the
specification: neither a rename, nor another unit, nor another table of a later version changes it.
"""

from __future__ import annotations

import dataclasses

from baes.datafiles import load_toml
from baes.spec.model import Attribute

__all__ = ["scale_of", "with_settled_scale", "with_settled_scale_of_format_1"]

_SCALES = "spec/data/scales.toml"
_SCALES_OF_FORMAT_1 = "spec/data/scales_format_1.toml"


def scale_of(attribute: Attribute) -> int | None:
    """How many digits a decimal has after the point; ``None`` for other types."""
    if attribute.scale is not None:
        return attribute.scale
    return with_settled_scale(attribute).default_scale


def with_settled_scale(attribute: Attribute) -> Attribute:
    """The attribute with the scale that it keeps from now on, where it is a decimal.

    >>> with_settled_scale(Attribute("unit_price", "decimal")).default_scale
    2
    >>> with_settled_scale(Attribute("weight", "decimal")).default_scale
    6
    """
    return _settled(attribute, attribute.name, _SCALES)


def with_settled_scale_of_format_1(attribute: Attribute) -> Attribute:
    """An attribute as the versions understood it that kept no scale: the first name decides."""
    return _settled(attribute, attribute.id or attribute.name, _SCALES_OF_FORMAT_1)


def _settled(attribute: Attribute, name: str, table: str) -> Attribute:
    if attribute.type != "decimal":
        needed = None
    elif attribute.scale is not None or attribute.default_scale is not None:
        needed = attribute.default_scale
    else:
        rules = load_toml(table)
        is_money = attribute.unit in rules["units"] or not set(name.split("_")).isdisjoint(
            rules["words"]
        )
        needed = rules["money" if is_money else "other"]
    if needed == attribute.default_scale:
        return attribute
    return dataclasses.replace(attribute, default_scale=needed)
