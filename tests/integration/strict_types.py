"""Strict type checks of generated code, by mypy."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

__all__ = ["type_faults"]

_ROOT = Path(__file__).parents[2]


def type_faults(folder: Path, *code: str) -> str:
    """What mypy complains about in files and packages of a folder; empty: nothing.

    The types of the libraries take long to read. They are remembered where ``make check``, which
    comes first, remembers them; the options must be its options for that.
    """
    result = subprocess.run(
        [
            *(sys.executable, "-m", "mypy", *code),
            *("--config-file", str(_ROOT / "pyproject.toml"), "--strict"),
            *("--cache-dir", str(_ROOT / ".mypy_cache")),
        ],
        cwd=folder,
        env={**os.environ, "MYPYPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    return "" if result.returncode == 0 else result.stdout + result.stderr
