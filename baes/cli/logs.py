"""Structured logs: one JSON object a line in ``logs/baes.jsonl`` of the project."""

from __future__ import annotations

import json
import logging
import time
from pathlib import Path

__all__ = ["log_to_project"]

_STANDARD = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "taskName"}


class _JsonLines(logging.Formatter):
    """A record as one JSON object; what was given as ``extra`` stands beside the message."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its end."""
        moment = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        body = {
            "time": f"{moment}.{int(record.msecs):03d}Z",
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        body |= {k: v for k, v in record.__dict__.items() if k not in _STANDARD}
        if record.exc_info:
            body["traceback"] = self.formatException(record.exc_info)
        return json.dumps(body, ensure_ascii=False, default=str)


class _LogFile(logging.FileHandler):
    """Makes the folder and the file with the first record.

    A log that can't be written (a full or read-only disk) must not end a request: the record is
    dropped, and the request itself tells that the disk can't be written.
    """

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record."""
        try:
            Path(self.baseFilename).parent.mkdir(parents=True, exist_ok=True)
            super().emit(record)
        except OSError:
            self.handleError(record)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  the base's name
        """Drop the record."""


def log_to_project(project: Path) -> logging.Logger:
    """Have everything that BAES logs from INFO on kept in the project's ``logs/`` folder.

    Gives the logger that all of BAES logs under.
    """
    path = project / "logs" / "baes.jsonl"
    handler = _LogFile(path, encoding="utf-8", delay=True)
    handler.setFormatter(_JsonLines())
    root = logging.getLogger("baes")
    root.handlers = [handler]
    root.setLevel(logging.INFO)
    return root
