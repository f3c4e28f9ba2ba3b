"""Singular and plural, by one table a language.

A table (``data/inflection_*.toml``) holds the words that no rule tells, ordered rules that replace
a suffix, and how compounds are inflected: English changes the last word of ``order item`` and the
first one of ``bill of lading``, Portuguese every word before a preposition (``notas fiscais de
serviço``). A tested table is better here than a general library: the words that people name their
records with are few, a wrong one is seen at once, and no library knows Portuguese.

Names are written without accents, texts with them. Both are read: a word without accents gives one
without (``animais``, ``papel`` gives ``papeis``), except for the functions of labels, which
write a word as it is spelled.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from baes.datafiles import load_toml
from baes.spec.names import fold

__all__ = ["is_plural", "plural", "plural_label", "singular", "singular_label"]

_WORD = re.compile(r"[^\W_]+")
_LONGEST_ABBREVIATION = 4

_Rules = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class _Direction:
    """What is needed to go to one of the numbers."""

    words: dict[str, str]
    """Word -> its form in the wanted number."""
    settled: frozenset[str]
    """Words that are in the wanted number already."""
    rules: _Rules


@dataclass(frozen=True, slots=True)
class _Table:
    to_plural: _Direction
    to_singular: _Direction
    particles: frozenset[str]
    """What ends the part of a name that is inflected: ``of``, ``de``."""
    modifiers: frozenset[str]
    """Names that are one word where another one follows: ``point of sale`` terminal."""
    agreement: bool
    """Whether all words of that part are inflected, and not its last one alone."""
    first: frozenset[str]
    """Words that stay where another one follows: ``ex``, ``mini``."""
    last: frozenset[str]
    """Words that stay where another one went before: palavras ``chave``."""


def plural(name: str, language: str = "en") -> str:
    """The plural of a name in either number; one without accents stays without.

    >>> plural("student"), plural("order_item"), plural("bill_of_lading"), plural("news")
    ('students', 'order_items', 'bills_of_lading', 'news')
    >>> plural("nota_fiscal", "pt"), plural("ordem_de_servico", "pt"), plural("papel", "pt")
    ('notas_fiscais', 'ordens_de_servico', 'papeis')
    """
    return _as_plain_as(name, plural_label(name, language))


def singular(name: str, language: str = "en") -> str:
    """The singular of a name in either number; one without accents stays without.

    >>> singular("students"), singular("people"), singular("address"), singular("series")
    ('student', 'person', 'address', 'series')
    >>> singular("animais", "pt"), singular("maes", "pt"), singular("meses", "pt")
    ('animal', 'mae', 'mes')
    """
    return _as_plain_as(name, singular_label(name, language))


@functools.lru_cache(4096)
def plural_label(text: str, language: str = "en") -> str:
    """The plural as it is spelled, in the letter case of the text.

    >>> plural_label("Order Item"), plural_label("Nota fiscal", "pt"), plural_label("Papel", "pt")
    ('Order Items', 'Notas fiscais', 'Papéis')
    """
    table = _table(language)
    return _inflected(singular_label(text, language), table, table.to_plural)


@functools.lru_cache(4096)
def singular_label(text: str, language: str = "en") -> str:
    """The singular as it is spelled, in the letter case of the text.

    >>> singular_label("Order Items"), singular_label("meses", "pt"), singular_label("Avós", "pt")
    ('Order Item', 'mês', 'Avó')
    """
    table = _table(language)
    return _inflected(text, table, table.to_singular)


def is_plural(name: str, language: str = "en") -> bool:
    """Whether a name differs from its singular: it is a plural and can be nothing else."""
    return singular(name, language) != name


def _as_plain_as(name: str, inflected: str) -> str:
    return fold(inflected) if name.isascii() else inflected


def _inflected(text: str, table: _Table, direction: _Direction) -> str:
    matches = list(_WORD.finditer(text))
    words = [match.group().lower() for match in matches]
    whole = " ".join(words)
    if len(words) > 1 and whole in direction.words:
        forms = dict(enumerate(direction.words[whole].split(" ")))
    elif len(words) > 1 and whole in direction.settled:
        forms = {}
    else:
        forms = {i: _word(words[i], direction) for i in _heads(words, table)}
    for i, form in sorted(forms.items(), reverse=True):
        match = matches[i]
        text = text[: match.start()] + _in_case_of(match.group(), form) + text[match.end() :]
    return text


def _heads(words: list[str], table: _Table) -> Iterator[int]:
    """The places of the words that are inflected."""
    end = _end_of_head(words, table)
    if not table.agreement:
        yield from range(max(end - 1, 0), end)
        return
    for i in range(end):
        word = words[i]
        stays = (i < end - 1 and word in table.first) or (i > 0 and word in table.last)
        if not stays and len(word) > 1:
            yield i


def _end_of_head(words: list[str], table: _Table) -> int:
    for i in range(1, len(words) - 1):
        if words[i] in table.particles or " ".join(words[i : i + 2]) in table.particles:
            named = (" ".join(words[:j]) for j in range(i + 2, len(words)))
            return len(words) if any(n in table.modifiers for n in named) else i
    return len(words)


def _word(word: str, direction: _Direction) -> str:
    if word in direction.settled:
        return word
    if word in direction.words:
        return direction.words[word]
    for suffix, replacement in direction.rules:
        if word.endswith(suffix):
            return word[: len(word) - len(suffix)] + replacement or word
    return word


def _in_case_of(written: str, form: str) -> str:
    if len(written) > 2 and written[:-1].isupper() and written[-1] == "s":  # SKUs
        return written[:-1] if form == written[:-1].lower() else written
    if len(written) > 1 and written.isupper():
        added = form == f"{written.lower()}s" and len(written) <= _LONGEST_ABBREVIATION
        return f"{written}s" if added else form.upper()
    return form[:1].upper() + form[1:] if written[:1].isupper() else form


@functools.cache
def _table(language: str) -> _Table:
    data = load_toml(f"spec/data/inflection_{language}.toml")
    ones = _with_folded({one: many for one, many in data["words"].items() if one != many})
    manys = _with_folded({many: one for one, many in data["words"].items()} | data["variants"])
    invariant = frozenset(_with_folded(dict.fromkeys(data["invariant"], "")))
    return _Table(
        to_plural=_Direction(ones, invariant | (manys.keys() - ones), _rules(data["plural_rules"])),
        to_singular=_Direction(manys, invariant | ones.keys(), _rules(data["singular_rules"])),
        particles=frozenset(data["particles"]),
        modifiers=frozenset(data["modifiers"]),
        agreement=data["agreement"],
        first=frozenset(data["first"]),
        last=frozenset(data["last"]),
    )


def _with_folded(words: dict[str, str]) -> dict[str, str]:
    """The words, found without their accents as well."""
    return {fold(word): form for word, form in words.items()} | words


def _rules(pairs: list[list[Any]]) -> _Rules:
    return tuple((suffix, replacement) for suffix, replacement in pairs)
