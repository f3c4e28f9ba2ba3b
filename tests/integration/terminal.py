"""Running the real command on a terminal of its own."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from collections.abc import Sequence

from tests.integration.command import Project, Ran

__all__ = ["run_on_terminal"]


def run_on_terminal(project: Project, *arguments: str, typed: Sequence[str]) -> Ran:
    """Run ``baes`` with a terminal as its standard input, on which lines are typed."""
    ours, theirs = pty.openpty()
    try:
        process = subprocess.Popen(
            [sys.executable, "-m", "baes.cli", *arguments, "--project", str(project.folder)],
            stdin=theirs,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        os.write(ours, "".join(f"{line}\n" for line in typed).encode())
        out, err = process.communicate(timeout=120)
    finally:
        os.close(theirs)
        os.close(ours)
    return Ran(process.returncode, out, err)
