"""BAES: plain-language requests become, and evolve, a running information system."""

__version__ = "0.1.0"
