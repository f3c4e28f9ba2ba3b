"""Patches of a schema in SQL; each gives the whole text, or ``None`` where it doesn't fit."""

from __future__ import annotations

import re
from collections.abc import Callable

from baes.spec.pipeline import Finding

__all__ = ["SQL_PATCHES"]


def _index(content: str, finding: Finding) -> str | None:
    found = re.match(r"(\w+)\.(\w+) refers", finding.reason)
    if found is None:
        return None
    table, column = found.groups()
    body = re.search(rf"CREATE TABLE {table} \((.*?)\n\);", content, re.DOTALL)
    line = rf"^\s*{column} .*?CONSTRAINT fk_(\w+)"  # an index is called as what it serves
    named = re.search(line, body.group(1), re.MULTILINE) if body is not None else None
    name = named.group(1) if named is not None else f"{table}_{column}"
    return f"{content.rstrip()}\n\nCREATE INDEX ix_{name} ON {table} ({column});\n"


def _not_null(content: str, finding: Finding) -> str | None:
    if "may be null" not in finding.reason or "part of a key" not in finding.reason:
        return None
    return _in_line(content, finding.line, r"^(\s*\S+\s+\w+(?:\(\d+\))?)", r"\1 NOT NULL")


def _on_delete(content: str, finding: Finding) -> str | None:
    if "what a deletion does" not in finding.reason:
        return None
    line = content.splitlines()[finding.line - 1]
    action = "RESTRICT" if "NOT NULL" in line.upper() else "SET NULL"
    pattern = r"(REFERENCES\s+\S+?(?:\s*\([^)]*\))?)(?=\s*(?:,|\)?\s*;?\s*$))"
    return _in_line(content, finding.line, pattern, rf"\1 ON DELETE {action}")


def _in_line(content: str, number: int, pattern: str, replacement: str) -> str | None:
    lines = content.splitlines(keepends=True)
    if not 0 < number <= len(lines):
        return None
    changed = re.sub(pattern, replacement, lines[number - 1], count=1, flags=re.IGNORECASE)
    if changed == lines[number - 1]:
        return None
    lines[number - 1] = changed
    return "".join(lines)


SQL_PATCHES: dict[str, tuple[Callable[[str, Finding], str | None], ...]] = {
    "indexes": (_index,),
    "primary_key": (_not_null,),
    "constraints": (_on_delete,),
}
"""Rule -> its patches."""
