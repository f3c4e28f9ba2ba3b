"""What a request would do to the data, looked up before anything is done.

The plan asks (``preview_plan``), the database answers, the message files say it.
"""

from __future__ import annotations

import contextlib
import re
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from baes.core.archive import archive_contents
from baes.core.preview_check import Check, Effect
from baes.core.preview_plan import plan_preview
from baes.core.preview_rules import with_needed
from baes.core.rule_functions import register_rule_functions
from baes.core.wording import Wording
from baes.errors import NeedsConsent, ProjectDamaged, RequestFailed
from baes.spec.apply import settled
from baes.spec.changes import AddRule, Change
from baes.spec.formats import CHECKED, checked_form
from baes.spec.model import SystemSpec
from baes.spec.pipeline import GenerationContext
from baes.templates.database.conversions import converted
from baes.texts import Message, text

__all__ = ["Preview", "PreviewEntry", "Sentences", "consent_question", "preview", "refusal"]

_TOLD_APART = ("former values", "relationship")
"""Kinds of the archive of which a thing may have several: by the types, by the ends."""

SAMPLES = 3
SHOWN_LENGTH = 40
"""Characters of a value that a sample shows."""

_FORMS = {
    "email": re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+"),
    "url": re.compile(r"https?://\S+", re.IGNORECASE),
    "phone": re.compile(r"\+?[0-9 ().\-/]{3,30}", re.ASCII),
}
"""What every value of these types has, be it not all that the API asks of new ones."""


@dataclass(frozen=True, slots=True)
class PreviewEntry:
    """One thing that a request would do to the data; it is said in any language."""

    check: Check
    old: SystemSpec
    new: SystemSpec
    count: int = 0
    """Records concerned."""
    samples: tuple[str, ...] = ()

    @property
    def topic(self) -> str:
        """What it is about: the key of its sentence."""
        return self.check.topic

    @property
    def effect(self) -> Effect:
        """Whether data are lost, something stands in the way, or it is only told."""
        return self.check.effect

    def spoken(self, language: str) -> str:
        """The sentence, with examples."""
        slots: dict[str, object] = {**self.check.slots, "count": self.count}
        for key in {"former", "wanted"} & slots.keys():
            slots[key] = Message.of(f"common.types.{slots[key]}")
        if self.check.rule is not None:
            slots["rule"] = Wording(language, self.new, self.old).rule(self.check.rule)
        sentence = text(language, f"core.preview.{self.topic}", **slots)
        if not self.samples:
            return sentence
        left = self.count - len(self.samples)
        more = text(language, "core.preview.more", count=left) if left else ""
        return f"{sentence} ({'; '.join(self.samples)}{more})"


@dataclass(frozen=True, slots=True)
class Sentences:
    """Several entries, said one after the other."""

    entries: tuple[PreviewEntry, ...]

    def spoken(self, language: str) -> str:
        """All sentences."""
        return " ".join(entry.spoken(language) for entry in self.entries)


@dataclass(frozen=True, slots=True)
class Preview:
    """All that a request would do to the data."""

    entries: tuple[PreviewEntry, ...]
    requested: tuple[Change, ...]
    changes: tuple[Change, ...]
    """The requested ones, with what the data need besides."""

    def of(self, *effects: Effect) -> tuple[PreviewEntry, ...]:
        """The entries of some effects."""
        return tuple(entry for entry in self.entries if entry.effect in effects)


def preview(
    database: Path,
    old: SystemSpec,
    changes: tuple[Change, ...],
    new: SystemSpec,
) -> Preview:
    """What the changes would do to the data that is there.

    Args:
        database: The managed system's; it is only read, and need not be there.
        old: The system as it is.
        changes: As they were requested.
        new: The system after them.

    Raises:
        ProjectDamaged: The database can't be read.
    """
    changes = settled(old, changes)
    if not database.exists() or not old.entities:
        return Preview((), changes, changes)
    context = GenerationContext(old, changes, new)
    entries: list[PreviewEntry] = []
    needed: list[Change] = []
    try:
        with contextlib.closing(_opened(database)) as connection:
            stacks: dict[tuple[str, str], tuple[str, ...]] = {}
            for thing in archive_contents(connection):
                kind = f"{thing.kind} {thing.detail}" if thing.kind in _TOLD_APART else thing.kind
                key = (kind, thing.thing)
                stacks[key] = (*stacks.get(key, ()), thing.table)
            for check in plan_preview(context, stacks):
                entry = PreviewEntry(check, old, new, *_answer(connection, check))
                is_so = entry.count > 0 or not check.rows
                entries += [entry] if is_so else []
                needed += check.remedy if is_so else check.otherwise
    except sqlite3.Error as error:
        raise ProjectDamaged.of("core.error.database", database=database, cause=error) from error
    others = [change for change in needed if not isinstance(change, AddRule)]
    marks = [change for change in needed if isinstance(change, AddRule)]
    return Preview(tuple(entries), changes, with_needed(changes, [*settled(new, others), *marks]))


def consent_question(found: Preview) -> NeedsConsent:
    """Asks whether data may be lost or changed, or a rule hold for some records only."""
    lost = found.of("loses")
    if all(entry.topic == "rule_broken" for entry in lost):
        return NeedsConsent.of("core.error.would_break", effects=Sentences(lost))
    return NeedsConsent.of("core.error.would_lose", effects=Sentences(found.of("loses")))


def refusal(found: Preview) -> RequestFailed:
    """Says what stands in the way."""
    return RequestFailed.of("core.error.in_the_way", effects=Sentences(found.of("blocks")))


def _answer(connection: sqlite3.Connection, check: Check) -> tuple[int, tuple[str, ...]]:
    """(how many records a check concerns, some of them)."""
    if not check.rows:
        return 0, ()
    (count,) = connection.execute(f"SELECT count(*) FROM ({check.rows})").fetchone()  # noqa: S608  ours
    rows = connection.execute(f"{check.rows} LIMIT ?", (SAMPLES if count else 0,)).fetchall()
    return count, tuple(_sample(*row) for row in rows)


def _sample(id_: int, label: Any, before: Any, after: Any) -> str:
    """A record in a few characters: what it had and gets, or what it is called."""
    values = [_short(v) for v in dict.fromkeys((before, after)) if v is not None]
    if not values and label is not None:
        values = [_short(label)]
    return f"{' → '.join(values)} #{id_}" if values else f"#{id_}"


def _short(value: object) -> str:
    text = " ".join(str(value).split())
    return f"“{text if len(text) <= SHOWN_LENGTH else text[: SHOWN_LENGTH - 1] + '…'}”"


def _opened(database: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)
    connection.create_function("converted", 3, converted, deterministic=True)
    connection.create_function("is_formed", 2, _is_formed, deterministic=True)
    connection.create_function("is_matched", 2, _is_matched, deterministic=True)
    register_rule_functions(connection)
    return connection


def _is_formed(value: str | None, form: str) -> bool | None:
    """Whether a value is one of a type, or a number with check digits."""
    if value is None:
        return None
    if form in CHECKED:
        return checked_form(form).is_valid(value)
    return _FORMS[form].fullmatch(value) is not None


def _is_matched(value: str | None, pattern: str) -> bool | None:
    return None if value is None else re.fullmatch(pattern, value) is not None
