"""The two ports of a managed system, as options."""

from __future__ import annotations

import argparse

__all__ = ["add_port_arguments"]

API_PORT = 8100
UI_PORT = 8600


def add_port_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare ``--api-port`` and ``--ui-port``."""
    parser.add_argument("--api-port", type=_port, default=API_PORT, metavar="N", help="of the API")
    parser.add_argument("--ui-port", type=_port, default=UI_PORT, metavar="N", help="of the pages")


def _port(text: str) -> int:
    port = int(text)
    if not 1 <= port <= 65535:
        raise argparse.ArgumentTypeError(f"{text} is no port; ports go from 1 to 65535")
    return port
