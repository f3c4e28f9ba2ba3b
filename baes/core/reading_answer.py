"""What a language model says of a fragment; apart, for Pydantic takes its time to import."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from baes.spec.attribute_types import AttributeType
from baes.spec.model import RelationshipKind

__all__ = ["ReadItem", "ReadingAnswer"]

Says = Literal["new_entity", "new_attribute", "new_relationship", "custom", "background", "unclear"]


class ReadItem(BaseModel):
    """One thing that a fragment asks for."""

    model_config = ConfigDict(extra="forbid")

    says: Says
    words: str = Field(max_length=400)
    """Of the fragment."""
    entity: str = Field(default="", max_length=80)
    name: str = Field(default="", max_length=80)
    type: AttributeType | Literal[""] = ""
    required: bool = False
    unique: bool = False
    target: str = Field(default="", max_length=80)
    kind: RelationshipKind | Literal[""] = ""


class ReadingAnswer(BaseModel):
    """All that it asks for."""

    model_config = ConfigDict(extra="forbid")

    items: list[ReadItem] = Field(max_length=30)
