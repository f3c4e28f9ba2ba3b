"""BAES: plain-language requests become, and evolve, a running information system."""

import logging

__version__ = "0.1.0"

logging.getLogger(__name__).addHandler(logging.NullHandler())
