"""What a revision does, in the first line of its file."""

from __future__ import annotations

from baes.spec.changes import (
    AddAttribute,
    AddEntity,
    AddRelationship,
    Change,
    ChangeAttribute,
    ChangeRelationship,
    RemoveAttribute,
    RemoveEntity,
    RemoveRelationship,
    RenameAttribute,
    RenameEntity,
)

__all__ = ["summary_of"]

SUMMARY_LENGTH = 90
"""Characters of a docstring's first line, so that it fits in its own."""


def summary_of(changes: tuple[Change, ...]) -> str:
    """A sentence that fits in its line."""
    ops = dict.fromkeys(_said(change) for change in changes)
    text = "; ".join(ops) or "nothing in the database changes"
    text = f"{text[0].upper()}{text[1:]}."
    return text if len(text) <= SUMMARY_LENGTH else f"{len(changes)} changes."


def _said(change: Change) -> str:
    match change:
        case AddEntity(entity):
            return f"create {entity.name}"
        case RenameEntity(entity, new_name):
            return f"rename {entity} to {new_name}"
        case RemoveEntity(entity):
            return f"remove {entity}"
        case AddAttribute(entity, attribute):
            return f"add {attribute.name} to {entity}"
        case RenameAttribute(entity, name, new_name):
            return f"rename {name} of {entity} to {new_name}"
        case ChangeAttribute(entity, name) | ChangeRelationship(entity, name):
            return f"change {name} of {entity}"
        case RemoveAttribute(entity, name) | RemoveRelationship(entity, name):
            return f"remove {name} from {entity}"
        case AddRelationship(relationship):
            return f"link {relationship.source} to {relationship.target} as {relationship.name}"
        case _:
            return change.op.replace("_", " ")
