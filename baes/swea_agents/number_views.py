"""What the template of numbers with check digits shows."""

from __future__ import annotations

from dataclasses import dataclass

from baes.spec.formats import CheckedForm, checked_form
from baes.spec.model import SystemSpec
from baes.swea_agents.imports import import_lines

__all__ = ["NUMBERS", "NumberView", "NumbersView", "constant_of", "formats_of", "numbers_view"]

NUMBERS = "app/numbers.py"
"""Where a system that has such numbers looks at them."""
_IMPORTS = (
    "collections.abc.Callable", "typing.Any", "pydantic.GetCoreSchemaHandler",
    "pydantic_core.CoreSchema", "pydantic_core.PydanticCustomError", "pydantic_core.core_schema",
    "app.fields.Documented",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class NumberView:
    """One kind of number."""

    constant: str
    module: str
    """Name under which python-stdnum's module is imported."""
    title: str
    stored: str


@dataclass(frozen=True, slots=True)
class NumbersView:
    """What ``backend/numbers.py.j2`` shows."""

    imports: str
    numbers: tuple[NumberView, ...]


def formats_of(spec: SystemSpec) -> tuple[str, ...]:
    """The formats that attributes of a system have, in the order of their names."""
    return tuple(sorted({a.format for e in spec for a in e.attributes if a.format is not None}))


def constant_of(format_: str) -> str:
    """What generated code calls a number: ``IsCpf``."""
    return f"Is{format_.capitalize()}"


def numbers_view(spec: SystemSpec) -> NumbersView:
    """The numbers of a system."""
    forms = [checked_form(name) for name in formats_of(spec)]
    imports = import_lines((*_IMPORTS, *(form.module for form in forms)))
    return NumbersView(imports, tuple(map(_view, forms)))


def _view(form: CheckedForm) -> NumberView:
    module = form.module.rpartition(".")[2]
    return NumberView(constant_of(form.name), module, form.title, form.stored)
