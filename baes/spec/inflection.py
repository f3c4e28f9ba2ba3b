"""Singular and plural, by tables a language.

The tables (``data/inflection_*.toml``) hold uncountable and irregular words and ordered suffix
rules; only the last word of a name is inflected. One tested table is better here than a general
library: the words that people name their records with are few, and a wrong one is seen at once.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from baes.datafiles import load_toml

__all__ = ["is_plural", "plural", "singular"]

_LAST_WORD = re.compile(r"[^\W_]+$")


@dataclass(frozen=True, slots=True)
class _Table:
    uncountable: frozenset[str]
    to_plural: dict[str, str]
    to_singular: dict[str, str]
    plural_rules: tuple[tuple[re.Pattern[str], str], ...]
    singular_rules: tuple[tuple[re.Pattern[str], str], ...]


@functools.cache
def _table(language: str) -> _Table:
    data = load_toml(f"spec/data/inflection_{language}.toml")
    irregular: dict[str, str] = data["irregular"]
    return _Table(
        uncountable=frozenset(data["uncountable"]),
        to_plural=irregular,
        to_singular={many: one for one, many in irregular.items()},
        plural_rules=tuple((re.compile(p + "$"), r) for p, r in data["plural_rules"]),
        singular_rules=tuple((re.compile(p + "$"), r) for p, r in data["singular_rules"]),
    )


def plural(name: str, language: str = "en") -> str:
    """The plural of a lower-case name in either number, whose last word alone changes.

    >>> plural("student"), plural("order_item"), plural("category"), plural("news")
    ('students', 'order_items', 'categories', 'news')
    """
    table = _table(language)
    one = singular(name, language)
    return _inflect(one, table, table.to_plural, table.to_singular, table.plural_rules)


def singular(name: str, language: str = "en") -> str:
    """The singular of a lower-case name, whose last word alone changes.

    >>> singular("students"), singular("people"), singular("address"), singular("series")
    ('student', 'person', 'address', 'series')
    """
    table = _table(language)
    return _inflect(name, table, table.to_singular, table.to_plural, table.singular_rules)


def is_plural(name: str, language: str = "en") -> bool:
    """Whether a name differs from its singular: it is a plural and can be nothing else."""
    return singular(name, language) != name


def _inflect(
    name: str,
    table: _Table,
    irregular: dict[str, str],
    already: dict[str, str],
    rules: tuple[tuple[re.Pattern[str], str], ...],
) -> str:
    match = _LAST_WORD.search(name)
    if match is None:
        return name
    word = match.group()
    if word in table.uncountable or word in already:
        return name
    if word in irregular:
        return name[: match.start()] + irregular[word]
    for pattern, replacement in rules:
        if pattern.search(word):
            return name[: match.start()] + pattern.sub(replacement, word)
    return name
