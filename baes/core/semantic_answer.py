"""What a language model says of a section of code; apart, for Pydantic takes its time to import."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["SemanticAnswer"]


class SemanticAnswer(BaseModel):
    """Whether what the rules doubt is acceptable."""

    model_config = ConfigDict(extra="forbid")

    acceptable: bool
    reason: str = Field(default="", max_length=500)
