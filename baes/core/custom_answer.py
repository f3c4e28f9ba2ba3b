"""What a language model says to a fragment; apart, for Pydantic takes its time to import."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from baes.spec.custom import Moment

__all__ = ["CustomAnswer"]


class CustomAnswer(BaseModel):
    """What the model says to a fragment."""

    model_config = ConfigDict(extra="forbid")

    can_be_done: bool
    reason: str = Field(default="", max_length=500)
    entity: str = Field(default="", max_length=100)
    moments: list[Moment] = Field(default_factory=list, max_length=6)
    code: str = Field(default="", max_length=20_000)
    tests: str = Field(default="", max_length=20_000)
