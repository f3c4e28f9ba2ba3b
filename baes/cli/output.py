"""Writing results: text or JSON to standard output, progress and complaints to standard error."""

from __future__ import annotations

import sys
from typing import Any

from baes.errors import BaesError, NeedsAnswer
from baes.texts import Message, text

__all__ = [
    "Progress",
    "error_json",
    "print_error",
    "print_json",
    "print_notice",
    "print_text",
    "say",
]

WAITING = "core.progress.waiting"


def print_json(value: object) -> None:
    """One JSON value on one line of standard output."""
    import json  # help and text need none

    print_text(json.dumps(value, ensure_ascii=False))


def say(language: str, key: str, /, **slots: object) -> None:
    """A text of the catalogue to standard output."""
    print_text(text(language, key, **slots))


def print_text(content: str) -> None:
    """Text to standard output; what the terminal can't show is escaped rather than fatal."""
    encoding = sys.stdout.encoding or "utf-8"
    safe = content.encode(encoding, "backslashreplace").decode(encoding)
    sys.stdout.write(safe + "\n")


def print_error(error: BaesError, language: str, *, as_json: bool) -> None:
    """An error where it belongs: the JSON object, or sentences on standard error."""
    error = error.spoken(language)
    if as_json:
        print_json(error_json(error))
        return
    print_notice("\n".join(_lines(error)))


def print_notice(sentence: str) -> None:
    """What a user should know besides, on standard error."""
    encoding = sys.stderr.encoding or "utf-8"
    sys.stderr.write(sentence.encode(encoding, "backslashreplace").decode(encoding) + "\n")


def error_json(error: BaesError) -> dict[str, Any]:
    """An error, in the language that it speaks, as the JSON object of a failed command."""
    body: dict[str, Any] = {"success": False, "error": error.code, "message": error.message}
    if isinstance(error, NeedsAnswer):
        body |= {"question": error.question, "alternatives": list(error.alternatives)}
    return body


def _lines(error: BaesError) -> list[str]:
    if not isinstance(error, NeedsAnswer):
        return [error.message]
    lines = [error.message] if error.question not in (error.what, "") else []
    lines.append(error.question if lines else error.message)
    lines += [f"  - {alternative}" for alternative in error.alternatives]
    return lines


class Progress:
    """One line on a terminal that says what is being done.

    Elsewhere it is silent, but for a wait: whoever looks at a log wants to know why nothing
    happens.

    Args:
        language: What it says it in.
    """

    def __init__(self, language: str) -> None:
        self._language = language
        self._shown = sys.stderr.isatty()

    def __call__(self, step: Message) -> None:
        """Show a step."""
        if self._shown:
            self._write(f"{step.spoken(self._language)} …")
        elif step.key == WAITING:
            sys.stderr.write(f"{step.spoken(self._language)} …\n")
            sys.stderr.flush()

    def clear(self) -> None:
        """Take the line away."""
        if self._shown:
            self._write("")

    @staticmethod
    def _write(line: str) -> None:
        sys.stderr.write(f"\r\x1b[K{line}")
        sys.stderr.flush()
