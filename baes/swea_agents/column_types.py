"""How an attribute type is kept and carried: ``data/types.toml``, filled in for one attribute."""

from __future__ import annotations

from dataclasses import dataclass

from baes.datafiles import load_toml
from baes.spec.model import Attribute
from baes.spec.scales import scale_of
from baes.utils.template_registry import python_type

__all__ = ["ColumnType", "column_type", "max_length_of", "storage_type"]

_TYPES = "swea_agents/data/types.toml"


@dataclass(frozen=True, slots=True)
class ColumnType:
    """The pieces of code that an attribute's type gives; see the head of the data file."""

    annotation: str
    sql: str
    migration: str
    model: str
    model_imports: tuple[str, ...]
    field: str
    field_imports: tuple[str, ...]
    filter: str
    filter_imports: tuple[str, ...]
    check: str = ""
    read: str = ""
    read_imports: tuple[str, ...] = ()


def column_type(attribute: Attribute) -> ColumnType:
    """The code for an attribute's values."""
    entry = load_toml(_TYPES)[attribute.type]
    read = entry.get("read")
    sizes = {"length": max_length_of(attribute), "scale": scale_of(attribute)}
    field, filter_ = entry["field"].format(**sizes), entry["filter"].format(**sizes)
    return ColumnType(
        annotation=python_type(attribute.type),
        sql=entry["sql"].format(**sizes),
        migration=entry["migration"].format(**sizes),
        model=entry["model"].format(**sizes),
        model_imports=tuple(entry["model_imports"]),
        field=field,
        field_imports=tuple(entry.get("field_imports", [f"app.fields.{field}"])),
        filter=filter_,
        filter_imports=tuple(entry.get("filter_imports", [f"app.fields.{filter_}"])),
        check=entry.get("check", "").format(**sizes),
        read=read or python_type(attribute.type),
        read_imports=(f"app.fields.{read}",) if read else (),
    )


def max_length_of(attribute: Attribute) -> int | None:
    """How many characters a text may have; ``None`` where the type has no length."""
    longest: int | None = load_toml(_TYPES)[attribute.type].get("length")
    return attribute.max_length or longest


def storage_type(attribute: Attribute) -> str:
    """The type with all that decides how a value is kept.

    >>> storage_type(Attribute("price", "decimal")), storage_type(Attribute("age", "integer"))
    ('decimal(2)', 'integer')
    """
    scale = scale_of(attribute)
    return attribute.type if scale is None else f"{attribute.type}({scale})"
