"""How commands and the server process speak: a JSON value a line, over the loopback interface.

A question names what to do; its answer has ``ok``, and an ``error`` when that is false. The first
line of a connection carries the token that only the user's own files tell.
"""

from __future__ import annotations

import json
import socket
from typing import Any

from baes.errors import BaesError, ServerFailed

__all__ = [
    "LINE_LIMIT_BYTES",
    "LOOPBACK",
    "TOKEN_VARIABLE",
    "ControlConnection",
    "ControlLost",
    "Json",
    "decode",
    "encode",
    "error_to_wire",
]

LOOPBACK = "127.0.0.1"
TOKEN_VARIABLE = "BAES_CONTROL_TOKEN"  # noqa: S105  the name of a variable
LINE_LIMIT_BYTES = 64 << 20
"""A memory of a hundred entities has some hundred kilobytes."""

Json = dict[str, Any]


class ControlLost(ServerFailed):
    """The other side has ended, does not answer in time, or is somebody else."""


def encode(value: Json) -> bytes:
    """One line."""
    return json.dumps(value).encode() + b"\n"


def decode(line: bytes) -> Json:
    """The value of a line.

    Raises:
        ControlLost: The line is no JSON object, or cut off.
    """
    try:
        value = json.loads(line)
    except ValueError as error:
        raise ControlLost.of("core.error.lost_language", cause=repr(line[:80])) from error
    if not isinstance(value, dict):
        raise ControlLost.of("core.error.lost_language", cause=repr(line[:80]))
    return value


def error_to_wire(error: BaesError) -> Json:
    """An error as JSON, so that the command can tell it in its user's language."""
    slots = {k: v if isinstance(v, int | float) else str(v) for k, v in error.slots.items()}
    return {"key": error.key, "slots": slots, "words": [error.what, error.why, error.next]}


def _error_from_wire(value: Json) -> ServerFailed:
    if value["key"]:
        return ServerFailed.of(value["key"], **value["slots"])
    return ServerFailed(*value["words"])


class ControlConnection:
    """A command's side of a conversation.

    Args:
        connected: The open socket; it is closed with this object.
    """

    def __init__(self, connected: socket.socket) -> None:
        self._socket = connected
        self._lines = connected.makefile("rb")

    @classmethod
    def to(cls, port: int, token: str, *, timeout_s: float = 2.0) -> ControlConnection:
        """Connect to a serving process.

        Raises:
            ControlLost: Nobody listens there, or somebody who does not know the token.
        """
        try:
            connection = cls(socket.create_connection((LOOPBACK, port), timeout_s))
        except OSError as error:
            raise ControlLost.of("core.error.lost", cause=error) from error
        try:
            connection.ask("hello", timeout_s=timeout_s, token=token)
        except ServerFailed:
            connection.close()
            raise
        return connection

    def send(self, do: str, **arguments: Any) -> None:
        """Put a question without waiting for its answer."""
        try:
            self._socket.sendall(encode({"do": do, **arguments}))
        except OSError as error:
            raise ControlLost.of("core.error.lost_ended", cause=error) from error

    def receive(self, *, timeout_s: float) -> Json:
        """The next answer.

        Raises:
            ControlLost: It does not come.
            ServerFailed: It tells an error.
        """
        self._socket.settimeout(timeout_s)
        try:
            line = self._lines.readline()
        except TimeoutError as error:
            raise ControlLost.of("core.error.lost_late", seconds=f"{timeout_s:g}") from error
        except OSError as error:
            raise ControlLost.of("core.error.lost_ended", cause=error) from error
        if not line:
            raise ControlLost.of("core.error.lost_ended", cause="")
        answer = decode(line)
        if not answer.get("ok"):
            raise _error_from_wire(answer["error"])
        return answer

    def ask(self, do: str, *, timeout_s: float, **arguments: Any) -> Json:
        """Put a question and wait for its answer; raises as ``receive``."""
        self.send(do, **arguments)
        return self.receive(timeout_s=timeout_s)

    def close(self) -> None:
        """End the conversation."""
        self._lines.close()
        self._socket.close()
