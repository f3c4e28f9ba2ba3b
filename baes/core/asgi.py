"""Speaking ASGI to an application in this process: its lifespan, and single requests.

The gate and the server both run releases of the managed system without a server of their own;
forty lines of the protocol cost less at start than a client library.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any

__all__ = ["Answer", "AsgiApp", "Lifespan", "LifespanFailed", "ask"]

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
AsgiApp = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]

_VERSION = {"version": "3.0", "spec_version": "2.3"}


class LifespanFailed(Exception):
    """An application refused to start, or to stop; internal to the room."""


class Lifespan:
    """An application's life, from its start-up to its shutdown."""

    def __init__(self, app: AsgiApp) -> None:
        self._app = app
        self._inbox: asyncio.Queue[Message] = asyncio.Queue()
        self._outbox: asyncio.Queue[Message] = asyncio.Queue()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Run the start-up.

        Raises:
            LifespanFailed: The application reports or raises an error.
        """
        scope = {"type": "lifespan", "asgi": _VERSION, "state": {}}
        self._task = asyncio.create_task(self._run(scope))
        await self._advance("startup")

    async def stop(self) -> None:
        """Run the shutdown, if the application is running.

        Raises:
            LifespanFailed: The application reports or raises an error.
        """
        if self._task is not None and not self._task.done():
            await self._advance("shutdown")
            await self._task

    async def _run(self, scope: dict[str, Any]) -> None:
        try:
            await self._app(scope, self._inbox.get, self._outbox.put)
        except Exception as error:  # what it raises is its answer
            await self._outbox.put({"type": "lifespan.failed", "message": repr(error)})

    async def _advance(self, phase: str) -> None:
        await self._inbox.put({"type": f"lifespan.{phase}"})
        answer = await self._outbox.get()
        if answer["type"] != f"lifespan.{phase}.complete":
            raise LifespanFailed(answer.get("message") or f"{phase} failed")


@dataclass(frozen=True, slots=True)
class Answer:
    """What an application answered."""

    status: int
    body: bytes


async def ask(app: AsgiApp, method: str, path: str, body: bytes = b"") -> Answer:
    """Put one request to an application; whatever it raises goes through."""
    scope: dict[str, Any] = {
        "type": "http",
        "asgi": _VERSION,
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(b"host", b"gate"), (b"content-type", b"application/json")],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }
    requests: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]
    status = 0
    parts: list[bytes] = []

    async def receive() -> Message:
        return requests.pop(0) if requests else {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        nonlocal status
        if message["type"] == "http.response.start":
            status = message["status"]
        elif message["type"] == "http.response.body":
            parts.append(message.get("body", b""))

    await app(scope, receive, send)
    return Answer(status, b"".join(parts))
