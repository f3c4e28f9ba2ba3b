"""The model of the environment: nothing of it is imported before the first question.

Most requests ask nothing, and the SDK and what belongs to it take half a second to import.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from baes.llm.settings import ModelSettings

if TYPE_CHECKING:
    from pydantic import BaseModel

    from baes.llm.client import OpenAiModel
    from baes.llm.model import Call, Prompt

__all__ = ["ConfiguredModel"]

Form = TypeVar("Form", bound="BaseModel")


class ConfiguredModel:
    """A model behind an OpenAI-compatible server, reached when it is asked.

    Args:
        settings: Which, where, and within what limits.
        log_folder: Where calls are logged; ``None``: nowhere.
        ways_file: Where it is kept how servers want to be asked; ``None``: nowhere.
    """

    def __init__(
        self,
        settings: ModelSettings,
        *,
        log_folder: Path | None = None,
        ways_file: Path | None = None,
    ) -> None:
        self._settings = settings
        self._log_folder = log_folder
        self._ways_file = ways_file
        self._request_id = ""
        self._client: OpenAiModel | None = None
        self._is_cancelled = False
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """What the model is called."""
        return self._settings.model

    @property
    def calls(self) -> Sequence[Call]:
        """What was asked since the request began."""
        return self._client.calls if self._client else ()

    def begin(self, request_id: str) -> None:
        """Begin a request: its limits are whole again, its calls are none."""
        self._request_id, self._client, self._is_cancelled = request_id, None, False

    def cancel(self) -> None:
        """End the request's questions: those that wait and those to come raise ``ModelFailed``."""
        with self._lock:
            self._is_cancelled = True
            if self._client is not None:
                self._client.cancel()

    def ask(self, prompts: Sequence[Prompt[Form]]) -> list[Form]:
        """The answers to some questions, which are put at the same time.

        Raises:
            ModelFailed: One of them has no answer, for whatever reason.
        """
        return self._reached().ask(prompts)

    def _reached(self) -> OpenAiModel:
        from baes.llm.client import OpenAiModel

        with self._lock:
            if self._client is None:
                self._client = OpenAiModel(
                    self._settings, log_folder=self._log_folder, ways_file=self._ways_file
                )
                self._client.begin(self._request_id)
                if self._is_cancelled:
                    self._client.cancel()
            return self._client
