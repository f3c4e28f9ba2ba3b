"""Writing results: text or JSON to standard output, progress and complaints to standard error."""

from __future__ import annotations

import json
import sys
from typing import Any

from baes.errors import BaesError, NeedsAnswer

__all__ = ["Progress", "error_json", "print_error", "print_json", "print_notice", "print_text"]


def print_json(value: object) -> None:
    """One JSON value on one line of standard output."""
    print_text(json.dumps(value, ensure_ascii=False))


def print_text(text: str) -> None:
    """Text to standard output; what the terminal can't show is escaped rather than fatal."""
    encoding = sys.stdout.encoding or "utf-8"
    safe = text.encode(encoding, "backslashreplace").decode(encoding)
    sys.stdout.write(safe + "\n")


def print_error(error: BaesError, *, as_json: bool) -> None:
    """An error where it belongs: the JSON object, or sentences on standard error."""
    if as_json:
        print_json(error_json(error))
        return
    print_notice("\n".join(_lines(error)))


def print_notice(sentence: str) -> None:
    """What a user should know besides, on standard error."""
    encoding = sys.stderr.encoding or "utf-8"
    sys.stderr.write(sentence.encode(encoding, "backslashreplace").decode(encoding) + "\n")


def error_json(error: BaesError) -> dict[str, Any]:
    """An error as the JSON object that a failed command prints."""
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
    """One line on a terminal that says what is being done; silent elsewhere."""

    def __init__(self) -> None:
        self._shown = sys.stderr.isatty()

    def __call__(self, text: str) -> None:
        """Show a step; an empty text clears the line."""
        if self._shown:
            sys.stderr.write(f"\r\x1b[K{text + ' …' if text else ''}")
            sys.stderr.flush()
