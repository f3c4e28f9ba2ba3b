"""What the rest of BAES knows of a language model: a question with a form for its answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Literal, Protocol, TypeVar

if TYPE_CHECKING:
    from pydantic import BaseModel

__all__ = ["Call", "LanguageModel", "Prompt", "Purpose"]

Purpose = Literal["recognition", "custom_code", "semantic_review", "artifact", "check"]
Form = TypeVar("Form", bound="BaseModel")


@dataclass(frozen=True, slots=True)
class Prompt(Generic[Form]):
    """One question.

    The part that is the same in every question stands in ``system``: servers keep it.
    """

    purpose: Purpose
    system: str
    user: str
    form: type[Form]
    """What the answer must be."""
    max_answer_tokens: int = 1_500

    def corrected(self, answer: str, fault: str) -> Prompt[Form]:
        """The same question, with what was wrong with the last answer."""
        refused = (
            f"Your last answer was:\n{answer}\n\nIt was refused: {fault}\nAnswer again, mended."
        )
        user = f"{self.user}\n\n{refused}"
        return Prompt(self.purpose, self.system, user, self.form, self.max_answer_tokens)


@dataclass(frozen=True, slots=True)
class Call:
    """One call that was made, whatever came of it."""

    purpose: Purpose
    tokens: int
    seconds: float
    prompt_tokens: int = 0
    answer_tokens: int = 0
    ended_at: float = 0.0
    """Seconds since the epoch."""


class LanguageModel(Protocol):
    """A model that can be asked within the limits of one request of a user."""

    @property
    def name(self) -> str:
        """What the model is called."""

    def begin(self, request_id: str) -> None:
        """Begin a request: its limits are whole again, its calls are none."""

    def cancel(self) -> None:
        """End the request's questions: those that wait and those to come raise ``ModelFailed``.

        May be called from any thread.
        """

    @property
    def calls(self) -> Sequence[Call]:
        """What was asked since the request began."""

    def ask(self, prompts: Sequence[Prompt[Form]]) -> list[Form]:
        """The answers to some questions, which are put at the same time; from any thread.

        Raises:
            ModelFailed: One of them has no answer, for whatever reason.
        """
