"""How each server wants to be asked, found out once and remembered.

Not every server knows JSON schemas, some want other names for a parameter, some refuse one. What a
server refused is kept by its address and model, so that it costs one call a project and not one a
question.
"""

from __future__ import annotations

import contextlib
import json
import logging
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal

from baes.datafiles import write_cache_file

__all__ = ["ServerWay", "ServerWays"]

logger = logging.getLogger(__name__)

Form = Literal["json_schema", "json_object", "text"]
_FORMS: tuple[Form, ...] = ("json_schema", "json_object", "text")


@dataclass(frozen=True, slots=True)
class ServerWay:
    """What a server takes."""

    form: Form = "json_schema"
    """How the form of the answer is said: strictly, as JSON of any kind, or only in words."""
    limit: Literal["max_tokens", "max_completion_tokens"] = "max_tokens"
    temperature: bool = True
    """Whether it may be set; some models have one of their own."""

    def without(self, refused: str) -> ServerWay | None:
        """The way that avoids what a refusal speaks of; ``None``: it is about something else."""
        said = refused.casefold()
        if "max_completion_tokens" in said and self.limit == "max_tokens":
            return replace(self, limit="max_completion_tokens")
        if "temperature" in said and self.temperature:
            return replace(self, temperature=False)
        words = ("response_format", "json_schema", "json_object", "schema", "grammar", "format")
        if any(word in said for word in words):
            return self.looser()
        return None

    def looser(self) -> ServerWay | None:
        """The next way to say the form of an answer, if there is one."""
        place = _FORMS.index(self.form) + 1
        return replace(self, form=_FORMS[place]) if place < len(_FORMS) else None


class ServerWays:
    """The ways of all servers that a project has asked.

    Args:
        path: Where they are kept; ``None``: in memory alone.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._ways: dict[str, ServerWay] = {}
        if path is not None:
            with contextlib.suppress(OSError, ValueError, TypeError, AttributeError):
                body: dict[str, Any] = json.loads(path.read_bytes())
                self._ways = {key: _checked(ServerWay(**way)) for key, way in body.items()}

    def of(self, server: str) -> ServerWay:
        """How a server is asked; strictly, where nothing is known."""
        return self._ways.get(server, ServerWay())

    def remember(self, server: str, way: ServerWay) -> None:
        """Note what a server takes; where it can't be kept, it is found out again."""
        if self._ways.get(server, ServerWay()) == way:
            return
        self._ways[server] = way
        if self._path is not None:
            content = json.dumps({key: asdict(known) for key, known in self._ways.items()})
            try:
                write_cache_file(self._path, content.encode())
            except OSError as error:
                logger.warning("how the server is asked could not be kept: %s", error)


def _checked(way: ServerWay) -> ServerWay:
    if way.form not in _FORMS:
        raise ValueError(way.form)
    return way
