"""How a language is written: order of words, numbers, dates, accents, contractions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from baes.spec.names import fold

__all__ = ["Syntax", "syntax_of"]


@dataclass(frozen=True, slots=True)
class Syntax:
    """What the readers need to know of a language beside its words; see ``data/*/syntax.toml``."""

    head_first: bool = False
    decimal_comma: bool = False
    day_first: bool = False
    drops_subject: bool = False
    possessive: str = ""
    infinitives: tuple[str, ...] = ()
    line_goes_on: tuple[str, ...] = ()
    goes_on_with: tuple[str, ...] = ()
    abbreviations: tuple[str, ...] = ()
    accents_matter: frozenset[str] = frozenset()
    contractions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    slots: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def plain(self, word: str) -> str:
        """A lower-case word as the lexicon knows it: without accents, but where they matter."""
        return word if word.isascii() or word in self.accents_matter else fold(word)

    def forms(self, phrase: str) -> Iterator[str]:
        """What a phrase of the data files stands for.

        A slot is filled with each of its endings, and a preposition at the end of several words
        also stands there joined with an article.

        >>> ends = Syntax(contractions={"a": ("ao",)}, slots={"{o}": ("o", "a")})
        >>> list(ends.forms("ligad{o} a"))
        ['ligado a', 'ligada a', 'ligado ao', 'ligada ao']
        """
        head, _, last = phrase.rpartition(" ")
        joined = self.contractions.get(last, ()) if head else ()
        for form in (phrase, *(f"{head} {form}" for form in joined)):
            yield from self._filled(form)

    def _filled(self, phrase: str) -> tuple[str, ...]:
        if "{" not in phrase:
            return (phrase,)
        slot = phrase[phrase.index("{") : phrase.index("}") + 1]
        filled = tuple(phrase.replace(slot, ending) for ending in self.slots[slot])
        if "{" not in filled[0]:
            return filled
        return tuple(form for part in filled for form in self._filled(part))


def syntax_of(data: Mapping[str, Any]) -> Syntax:
    """The syntax that a data file tells."""
    tables = {
        key: {name: tuple(forms) for name, forms in data.get(key, {}).items()}
        for key in ("contractions", "slots")
    }
    keys = ("line_goes_on", "goes_on_with", "abbreviations", "infinitives")
    lists = {key: tuple(data[key]) for key in keys}
    matter = frozenset(data.get("accents_matter", ()))
    return Syntax(**{**data, **lists, **tables, "accents_matter": matter})
