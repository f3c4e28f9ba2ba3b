"""Forms of texts that have a name: numbers with check digits, and shapes that a pattern tells."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import count
from typing import Any

from baes.datafiles import load_toml

__all__ = ["CHECKED", "CheckedForm", "checked_form", "shape_pattern"]

_DATA = "spec/data/formats.toml"


@dataclass(frozen=True, slots=True)
class CheckedForm:
    """A number with check digits, as python-stdnum knows it."""

    name: str
    title: str
    """What people call it: an abbreviation, the same in all languages."""
    module: str
    """The module of python-stdnum."""
    stored: str
    """Name of the module's function that makes the form in which it is stored."""
    example: str
    """A template with one number in it; some of its texts are valid."""

    def is_valid(self, value: str) -> bool:
        """Whether a text is one, in whichever way it is written."""
        return bool(self._number.is_valid(value))

    def stored_form(self, value: str) -> str:
        """A valid one as it is stored.

        >>> checked_form("cpf").stored_form("52998224725")
        '529.982.247-25'
        """
        return str(getattr(self._number, self.stored)(value))

    def examples(self) -> Iterator[str]:
        """Different valid ones as they are stored, up to the last that the template gives."""
        width = len(self.example.format(0))
        for n in count():
            text = self.example.format(n)
            if len(text) > width:
                return
            if self.is_valid(text):
                yield self.stored_form(text)

    @property
    def _number(self) -> Any:
        return importlib.import_module(self.module)


@cache
def _checked() -> Mapping[str, CheckedForm]:
    entries = load_toml(_DATA)["checked"]
    return {name: CheckedForm(name, **entry) for name, entry in entries.items()}


CHECKED: tuple[str, ...] = tuple(load_toml(_DATA)["checked"])
"""The names of the numbers with check digits: what ``Attribute.format`` may be."""


def checked_form(name: str) -> CheckedForm:
    """The number with check digits of that name.

    Raises:
        KeyError: There is none.
    """
    return _checked()[name]


def shape_pattern(name: str) -> str | None:
    """The pattern of a shape, or ``None`` where no shape is called so."""
    pattern: str | None = load_toml(_DATA)["shape"].get(name)
    return pattern
