"""What the model was asked and said, kept for 30 days, with every secret taken out."""

from __future__ import annotations

import contextlib
import datetime
import json
import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from baes.datafiles import load_toml

__all__ = ["KEPT_DAYS", "RequestLog", "redacted"]

KEPT_DAYS = 30
GONE = "[redacted]"
SECRET_LENGTH = 6
"""A shorter key (``none``, ``x``) is no secret, and stands in many words."""


class RequestLog:
    """The JSON lines of a project's calls, a file a day (UTC), readable by their owner alone.

    Args:
        folder: ``logs/llm_requests`` of the project; made with the first line.
        secrets: Texts that are never written.
    """

    def __init__(self, folder: Path, secrets: Iterable[str] = ()) -> None:
        self._folder = folder
        self._secrets = tuple(s for s in secrets if len(s) >= SECRET_LENGTH)

    def append(self, entry: dict[str, Any], now: datetime.datetime) -> None:
        """Write one call, and take away the files that are older than 30 days.

        Raises:
            OSError: The line can't be written.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / f"{now.date().isoformat()}.jsonl"
        line = redacted(
            json.dumps({"at": now.isoformat(), **entry}, ensure_ascii=False), self._secrets
        )
        handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(handle, f"{line}\n".encode())
        finally:
            os.close(handle)
        self._drop_old(now.date() - datetime.timedelta(days=KEPT_DAYS))

    def _drop_old(self, first_kept: datetime.date) -> None:
        for path in self._folder.glob("*.jsonl"):
            with contextlib.suppress(ValueError):  # somebody else's file
                if datetime.date.fromisoformat(path.stem) < first_kept:
                    path.unlink(missing_ok=True)


def redacted(text: str, secrets: Iterable[str] = ()) -> str:
    """The text without the secrets, and without whatever looks like one.

    >>> redacted('{"a": "Bearer abcdefgh12345678", "b": "sk-abcdefghijklmnop1234"}')
    '{"a": "Bearer [redacted]", "b": "[redacted]"}'
    """
    for secret in secrets:
        text = text.replace(secret, GONE).replace(json.dumps(secret)[1:-1], GONE)
    for pattern in load_toml("llm/data/secrets.toml")["secrets"]:
        text = re.sub(pattern, lambda found: (found.groupdict().get("keep") or "") + GONE, text)
    return text
