"""Where the lines of a conversation come from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol, TextIO

__all__ = ["Lines", "PipedLines"]


class Lines(Protocol):
    """Somebody who types, or a file that speaks for them."""

    def read(self, prompt: str) -> str | None:
        """The next line, without its end; ``None`` when there is no more."""


class PipedLines:
    """Lines of a stream; nothing is prompted for.

    Args:
        stream: Read line by line.
    """

    def __init__(self, stream: TextIO) -> None:
        self._lines: Iterator[str] = iter(stream)

    def read(self, prompt: str) -> str | None:  # noqa: ARG002  nobody is there to be prompted
        """The next line of the stream."""
        line = next(self._lines, None)
        return None if line is None else line.rstrip("\r\n")
