"""Stage 5: frames. Each reads one kind of clause, wholly or not at all.

A frame is a function from a cursor to facts. It must read every word of its clause: a clause that
no frame reads to its end is not understood, and that is what makes the ledger honest. A new kind
of request is a new module and a line here; the first frame that fits is taken.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from baes.language.facts import Fact
from baes.language.frames.background import read_background, read_courtesy
from baes.language.frames.create import read_create
from baes.language.frames.custom import read_custom
from baes.language.frames.define import read_define, read_topic
from baes.language.frames.describe import read_describe
from baes.language.frames.limit import read_all_fields, read_limit
from baes.language.frames.notation import read_notation
from baes.language.frames.relate import read_relation
from baes.language.words import Reader

__all__ = ["FRAMES", "Frame"]


@dataclass(frozen=True, slots=True)
class Frame:
    """A kind of clause."""

    name: str
    read: Callable[[Reader], tuple[Fact, ...] | None]
    verbal: bool = True
    """Whether it has a verb of its own, so that a comma may stand before it."""


FRAMES = (
    Frame("courtesy", read_courtesy),
    Frame("all fields", read_all_fields),
    Frame("notation", read_notation),
    Frame("relation", read_relation),
    Frame("description", read_describe),
    Frame("create", read_create),
    Frame("definition", read_define, verbal=False),
    Frame("limit", read_limit),
    Frame("background", read_background),
    Frame("topic", read_topic, verbal=False),
    Frame("custom", read_custom),
)
