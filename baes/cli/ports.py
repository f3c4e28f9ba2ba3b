"""The two ports of a managed system, as options."""

from __future__ import annotations

import argparse

from baes.cli.parser import Parser
from baes.texts import text

__all__ = ["add_port_arguments"]


def add_port_arguments(parser: Parser) -> None:
    """Declare ``--api-port`` and ``--ui-port``; who gives none leaves running servers in place."""

    def port(given: str) -> int:
        number = int(given)
        if not 1 <= number <= 65535:
            raise argparse.ArgumentTypeError(text(parser.language, "cli.port.wrong", text=given))
        return number

    parser.add_argument("--api-port", type=port, metavar="N")
    parser.add_argument("--ui-port", type=port, metavar="N")
