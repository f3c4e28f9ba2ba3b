"""The two ports of a managed system, as options."""

from __future__ import annotations

import argparse

from baes.cli.parser import Parser
from baes.texts import text

__all__ = ["add_port_arguments"]

API_PORT = 8100
UI_PORT = 8600


def add_port_arguments(parser: Parser) -> None:
    """Declare ``--api-port`` and ``--ui-port``."""

    def port(given: str) -> int:
        number = int(given)
        if not 1 <= number <= 65535:
            raise argparse.ArgumentTypeError(text(parser.language, "cli.port.wrong", text=given))
        return number

    parser.add_argument("--api-port", type=port, default=API_PORT, metavar="N")
    parser.add_argument("--ui-port", type=port, default=UI_PORT, metavar="N")
