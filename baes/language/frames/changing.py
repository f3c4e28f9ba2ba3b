"""What the frames of changes share: how a change begins and ends."""

from __future__ import annotations

from baes.language.facts import Background, Noun
from baes.language.frames.common import read_role, read_trailing
from baes.language.targets import read_entity_noun
from baes.language.tokens import LINE
from baes.language.words import Reader, text_of

__all__ = ["read_end", "read_front", "read_lead"]


_CHANGING = frozenset({
    "add_verb", "alter_verb", "call_verb", "default_of", "extend_verb", "give_verb", "limit_verb",
    "link_verb", "make_verb", "need_no_longer", "raise_verb", "remove_verb", "rename_verb",
    "require_not", "unlink_verb",
})  # fmt: skip
"""Tags of the verbs of changes."""


def read_lead(reader: Reader) -> tuple[Background, ...]:
    """What leads to a verb of changing: courtesies, the speaker, "from now on"."""
    scenes: list[Background] = []
    while True:
        start = reader.position
        if read_role(reader):
            scenes.append(Background(text_of(reader.since(start), reader.text)))
        elif _CHANGING & set(reader.word.hits) or not (
            reader.mark(",", "!", "-")
            or any(reader.take(tag) for tag in ("opening", "courtesy", "now"))
        ):
            return tuple(scenes)


def read_front(reader: Reader) -> Noun | None:
    """Whose change it is, in front: "Vessel: rename …", "For customers, drop …"."""
    start = reader.position
    reader.take("owner_prep")
    noun = read_entity_noun(reader)
    if noun is not None and reader.scope.inventory.entity(noun.key) is not None:
        fronted = reader.position > start + 1 and reader.mark(",")
        if reader.mark(":", "-", "\N{EN DASH}", "\N{EM DASH}") or fronted:
            while reader.mark(LINE):
                pass
            return noun
    reader.position = start
    return None


def read_end(reader: Reader) -> tuple[Background, ...] | None:
    """What may stand behind a change; ``None`` where something is left over."""
    while True:
        start = reader.position
        if reader.take("now") or reader.mark(",", ".", "!", "?", LINE):
            continue
        found = read_trailing(reader)
        if found is not None:
            return found
        if reader.position == start:
            return None
