"""What becomes of the custom parts of a system when it changes.

A function that a language model wrote follows a rename, where it can be told what that means. One
whose entity or field is gone can't go on: it is taken out, told, and listed as open.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from baes.spec.apply import steps
from baes.spec.changes import (
    Change,
    ChangeRelationship,
    RemoveAttribute,
    RemoveEntity,
    RemoveRelationship,
    RenameAttribute,
    RenameEntity,
)
from baes.spec.custom import CustomPart
from baes.spec.model import SystemSpec
from baes.swea_agents.custom_code import fields_of
from baes.swea_agents.custom_fields import field_uses, with_renamed_entity, with_renamed_field
from baes.swea_agents.identifiers import class_name
from baes.texts import Message

__all__ = ["PartsAfter", "opened", "parts_after", "retried", "with_fragments", "without_written"]

Parts = tuple[CustomPart, ...]
_LOSING = (RemoveAttribute, RemoveRelationship, ChangeRelationship, RemoveEntity)


@dataclass(frozen=True, slots=True)
class PartsAfter:
    """The parts after some changes, and what the user should know of it."""

    parts: Parts
    notices: tuple[Message, ...] = ()


def parts_after(parts: Parts, old: SystemSpec, changes: Iterable[Change]) -> PartsAfter:
    """The parts as the changes leave them."""
    notices: list[Message] = []
    for change, after in steps(old, changes):
        kept: list[CustomPart] = []
        for part in parts:
            following = _after(part, old, change, after)
            if following is not None and following.is_open and not part.is_open:
                notices.append(Message.of("core.notice.custom_lost", fragment=part.fragment))
            kept += [following] if following is not None else []
        parts, old = tuple(kept), after
    return PartsAfter(parts, tuple(notices))


def opened(part: CustomPart, why: str = "") -> CustomPart:
    """The part with nothing that does what it asks for."""
    return CustomPart(part.fragment, why_open=why)


def without_written(fragments: Iterable[str], parts: Parts) -> tuple[str, ...]:
    """The fragments that nothing does yet."""
    done = {_folded(part.fragment) for part in parts if not part.is_open}
    return tuple(fragment for fragment in fragments if _folded(fragment) not in done)


def with_fragments(parts: Parts, news: Parts) -> Parts:
    """The parts and new ones, which take the places of open ones of the same words."""
    said = {_folded(part.fragment) for part in news}
    return (*(p for p in parts if not p.is_open or _folded(p.fragment) not in said), *news)


def retried(parts: Parts, before: Parts, is_right: Callable[[CustomPart], bool]) -> PartsAfter:
    """The parts, those whose code changed being tried again; what is wrong now is opened."""
    known = {part.code for part in before}
    kept: list[CustomPart] = []
    notices: list[Message] = []
    for part in parts:
        if part.is_open or part.code in known or is_right(part):
            kept.append(part)
        else:
            kept.append(opened(part, "changed"))
            notices.append(Message.of("core.notice.custom_lost", fragment=part.fragment))
    return PartsAfter(tuple(kept), tuple(notices))


def _after(
    part: CustomPart, old: SystemSpec, change: Change, after: SystemSpec
) -> CustomPart | None:
    if part.is_open:
        return part
    match change:
        case RemoveEntity(entity) if entity == part.entity:
            return opened(part, "removed")
        case RenameEntity(entity, new_name):
            return with_renamed_entity(part, entity, new_name)
        case RenameAttribute(entity, name, new_name):
            return with_renamed_field(part, entity, name, new_name) or opened(part, "renamed")
    if isinstance(change, _LOSING) and not _has_all(part, old, after):
        return opened(part, "removed")
    return part


def _has_all(part: CustomPart, old: SystemSpec, after: SystemSpec) -> bool:
    """Whether everything that the function used is still there."""
    before = {class_name(entity.name): fields_of(old, entity) for entity in old}
    now = {class_name(entity.name): fields_of(after, entity) for entity in after}
    everywhere = frozenset[str]().union(*before.values())
    left = frozenset[str]().union(*now.values()) if now else frozenset[str]()
    for use in field_uses(part):
        had = before.get(use.entity, everywhere)
        has = now.get(use.entity, left if not use.entity else frozenset[str]())
        if use.field in had and use.field not in has:
            return False
    return True


def _folded(fragment: str) -> str:
    return " ".join(fragment.casefold().split()).rstrip(".!")
