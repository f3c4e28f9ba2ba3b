"""The line editor of a conversation: history over sessions, completion, pasted blocks."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.history import FileHistory

__all__ = ["TerminalLines"]

MIN_LETTERS = 2
"""Shorter beginnings are not completed: they fit nearly everything."""


class TerminalLines:
    """Lines typed on a terminal.

    Args:
        history: File that remembers what was typed; made with its folder.
        completions: Gives what can be completed to, each time anew.
    """

    def __init__(self, history: Path, completions: Callable[[], Iterable[str]]) -> None:
        history.parent.mkdir(parents=True, exist_ok=True)
        self._session: PromptSession[str] = PromptSession(
            history=FileHistory(str(history)),
            completer=_Names(completions),
            complete_while_typing=False,
            enable_history_search=True,
        )

    def read(self, prompt: str) -> str | None:
        """What was typed or pasted; ``None`` when the user leaves with control and D or C."""
        try:
            return self._session.prompt(prompt)
        except (EOFError, KeyboardInterrupt):
            return None


class _Names(Completer):
    """Completes commands at the beginning, and the system's names anywhere."""

    def __init__(self, completions: Callable[[], Iterable[str]]) -> None:
        self._completions = completions

    def get_completions(
        self,
        document: Document,
        complete_event: CompleteEvent,  # noqa: ARG002  the interface of the library
    ) -> Iterable[Completion]:
        """What the word before the cursor may become."""
        begun = document.get_word_before_cursor()
        if len(begun) < MIN_LETTERS:
            return
        for name in self._completions():
            if name.casefold().startswith(begun.casefold()):
                yield Completion(name, start_position=-len(begun))
