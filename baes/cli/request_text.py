"""The text of a request: as an argument, or from standard input for ``-``."""

from __future__ import annotations

import argparse
import sys

from baes.cli.parser import Parser
from baes.errors import WrongUsage

__all__ = ["add_text_argument", "request_text"]

MAX_TEXT_LENGTH = 100_000
"""Characters; longer than any request that a person writes, and bounds the time of reading."""


def add_text_argument(parser: Parser) -> None:
    """Declare TEXT."""
    parser.add_argument("text", nargs="?", metavar="TEXT")


def request_text(options: argparse.Namespace) -> str:
    """The text that was given.

    Raises:
        WrongUsage: None was given, or it can't be a text.
    """
    text: str | None = options.text
    if text == "-":
        text = sys.stdin.buffer.read(4 * MAX_TEXT_LENGTH).decode("utf-8", "replace")
    if text is None:
        raise WrongUsage.of("cli.error.no_request")
    # Bytes of the command line that are no UTF-8 arrive as surrogates.
    return text.encode("utf-8", "replace").decode("utf-8")
