"""Stage 0: what is written as a table, JSON or SQL, told in the words of the grammar.

People paste what they have: a spreadsheet's header, the rows of a specification, a piece of SQL.
Each such listing becomes one line like "Parcel (code (string, unique), weight (float))", which the
grammar then reads like any other. A listing is told only where all of it can be; else it stays as
it is, and is left over.
"""

from __future__ import annotations

from dataclasses import dataclass

from baes.language.listings.nested import tell_json
from baes.language.listings.sql import tell_sql
from baes.language.listings.tables import tell_tables
from baes.language.vocabulary import Vocabulary

__all__ = ["Told", "told"]


@dataclass(frozen=True, slots=True)
class Told:
    """A request without listings."""

    text: str
    rows: int = 0
    """Rows of data that stood under headers: examples, which nobody asked to store."""


def told(text: str, lexicon: Vocabulary) -> Told:
    """A request in which listings are told in words; itself, where it has none."""
    text = tell_sql(text, lexicon)
    text = tell_json(text, lexicon)
    text, rows = tell_tables(text, lexicon)
    return Told(text, rows)
