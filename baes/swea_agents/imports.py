"""The import lines of a generated module, collected in the views and sorted as ruff sorts them."""

from __future__ import annotations

import sys
from collections.abc import Iterable

__all__ = ["import_lines"]


def import_lines(names: Iterable[str]) -> str:
    """The lines that import dotted names: ``datetime`` as a module, ``typing.Any`` from one.

    >>> print(import_lines(["typing.Any", "datetime", "app.fields.Text", "typing.Annotated"]))
    import datetime
    from typing import Annotated, Any
    <BLANKLINE>
    from app.fields import Text
    """
    modules: dict[str, set[str]] = {}
    for name in names:
        module, _, member = name.rpartition(".")
        modules.setdefault(module or member, set()).update([member] if module else [])
    groups: list[list[str]] = [[], [], []]
    for module in sorted(modules, key=lambda m: (bool(modules[m]), m)):
        members = ", ".join(sorted(modules[module], key=_member_order))
        line = f"from {module} import {members}" if members else f"import {module}"
        groups[_group(module)].append(line)
    return "\n\n".join("\n".join(group) for group in groups if group)


def _group(module: str) -> int:
    root = module.partition(".")[0]
    if root in sys.stdlib_module_names:
        return 0
    return 2 if root in {"app", "tests"} else 1


def _member_order(name: str) -> tuple[int, str]:
    """Constants, then classes, then the rest."""
    if name.isupper() and len(name) > 1:
        return 0, name
    return (1 if name[:1].isupper() else 2), name
