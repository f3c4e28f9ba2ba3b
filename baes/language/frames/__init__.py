"""Stage 5: frames. Each reads one kind of clause, wholly or not at all.

A frame is a function from a cursor to facts. It must read every word of its clause: a clause that
no frame reads to its end is not understood, and that is what makes the ledger honest. A new kind
of request is a new module and a line here; the first frame that fits is taken.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from baes.language.facts import Fact
from baes.language.frames.add import read_add, read_topic_of_changes
from baes.language.frames.alter import read_alter
from baes.language.frames.ask import read_ask
from baes.language.frames.background import read_background, read_courtesy
from baes.language.frames.create import read_create, read_front_system
from baes.language.frames.custom import read_custom
from baes.language.frames.define import read_define, read_fields, read_topic
from baes.language.frames.define_linked import read_linked
from baes.language.frames.describe import read_describe
from baes.language.frames.joint import read_joint
from baes.language.frames.limit import read_all_fields, read_limit
from baes.language.frames.notation import read_notation
from baes.language.frames.possess import read_possessed
from baes.language.frames.relate import read_relation
from baes.language.frames.remove import read_remove
from baes.language.frames.rename import read_rename
from baes.language.frames.rules import read_removed_rule, read_rule
from baes.language.frames.starts import read_starts
from baes.language.words import Reader

__all__ = ["FRAMES", "FRONT", "Frame"]

FRONT = "front line"
"""Name of the frame of what only stands in front: it holds where entities are defined behind."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A kind of clause."""

    name: str
    read: Callable[[Reader], tuple[Fact, ...] | None]
    verbal: bool = True
    """Whether it has a verb of its own, so that a comma may stand before it."""
    whole: bool = False
    """Whether it reads its clause with all words: "in the future" is no mere "from now on"."""


FRAMES = (
    Frame("courtesy", read_courtesy),
    Frame("question", read_ask),
    Frame("rule taken away", read_removed_rule, whole=True),
    Frame("rule", read_rule, whole=True),
    Frame("removal", read_remove),
    Frame("renaming", read_rename),
    Frame("alteration", read_alter),
    Frame("addition", read_add),
    Frame("all fields", read_all_fields),
    Frame("notation", read_notation),
    Frame("first state", read_starts),
    Frame("joint entity", read_joint),
    Frame("relation", read_relation),
    Frame("definition", read_linked, verbal=False),
    Frame("description", read_describe),
    Frame("create", read_create),
    Frame("possession", read_possessed),
    Frame("definition", read_define, verbal=False),
    Frame("fields", read_fields, verbal=False),
    Frame("limit", read_limit),
    Frame("background", read_background),
    Frame("heading of changes", read_topic_of_changes, verbal=False),
    Frame("topic", read_topic, verbal=False),
    Frame(FRONT, read_front_system, verbal=False),
    Frame("custom", read_custom),
)
