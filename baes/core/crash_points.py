"""Named moments at which a test may have the process killed, as a power cut would.

The order of the steps of a deploy is what makes it safe, and only a real ``kill -9`` between two of
them shows that it does. Nothing happens unless the environment names the moment.
"""

from __future__ import annotations

import os
import signal

__all__ = ["CRASH_VARIABLE", "crash_point"]

CRASH_VARIABLE = "BAES_CRASH_AT"


def crash_point(name: str) -> None:
    """Die here without any clean-up when the environment asks for it."""
    if os.environ.get(CRASH_VARIABLE) == name:
        os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
