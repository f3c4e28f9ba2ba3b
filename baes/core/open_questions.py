"""Questions that were put and not yet answered: a file each, so that any later command can answer.

A question is about the system as it was when it was put. Once that has changed, an answer could
mean something else than what was asked, so the question is closed then.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from baes.core.consents import Consents
from baes.core.durable_files import write_atomically
from baes.core.project_paths import ProjectPaths
from baes.errors import ConsentName, RequestFailed

__all__ = ["OpenQuestion", "OpenQuestions"]

FORMAT = 1
KEPT = 20
"""Older questions are forgotten."""

_REQUEST_ID = re.compile(r"[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """What was asked, and the command that it stopped."""

    request_id: str
    command: Literal["request", "undo", "purge"]
    question: str
    alternatives: tuple[str, ...] = ()
    consent: ConsentName | None = None
    """What a yes agrees to; ``None`` where words are wanted instead."""
    text: str = ""
    """The request in the user's words."""
    number: int | None = None
    """The number that the command was given."""
    consents: Consents = field(default_factory=Consents)
    """What the user had agreed to by then."""
    release: str = ""
    """The request that had made the system as it was."""


class OpenQuestions:
    """The open questions of one project.

    Args:
        paths: The project.
    """

    def __init__(self, paths: ProjectPaths) -> None:
        self._folder = paths.questions

    def put(self, question: OpenQuestion) -> None:
        """Remember a question, in place of an earlier one of the same request.

        Raises:
            OSError: The folder can't be written.
        """
        body = {"format": FORMAT, **asdict(question)}
        content = json.dumps(body, ensure_ascii=False, indent=1).encode()
        write_atomically(self._folder / f"{question.request_id}.json", content, private=True)
        known = sorted(self._folder.glob("*.json"), key=lambda path: path.stat().st_mtime_ns)
        for path in known[:-KEPT]:
            path.unlink(missing_ok=True)

    def find(self, request_id: str) -> OpenQuestion:
        """The open question of a request.

        Raises:
            RequestFailed: There is none, or it can't be read.
        """
        try:
            if not _REQUEST_ID.fullmatch(request_id):
                raise FileNotFoundError
            return _read(json.loads((self._folder / f"{request_id}.json").read_bytes()))
        except FileNotFoundError as error:
            raise RequestFailed.of("core.error.no_question", request=request_id) from error
        except (ValueError, KeyError, TypeError) as error:
            raise RequestFailed.of(
                "core.error.question_damaged", request=request_id, cause=error
            ) from error

    def close(self, request_id: str) -> None:
        """Forget a question, if it was put."""
        (self._folder / f"{request_id}.json").unlink(missing_ok=True)


def _read(body: dict[str, Any]) -> OpenQuestion:
    if body.pop("format") != FORMAT:
        raise ValueError("its format is not known")
    body["alternatives"] = tuple(body["alternatives"])
    body["consents"] = Consents(**body["consents"])
    return OpenQuestion(**body)
