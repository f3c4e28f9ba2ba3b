"""The application that the server serves for good: it passes requests on to the current release.

While a release is exchanged, requests are held and not refused; who waits notices some
milliseconds. Reading goes on during a long migration, for SQLite's readers see the old tables
until the commit; writing would wait for the database and is held first.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Literal

from baes.core.asgi import AsgiApp, Lifespan, Message, Receive, Send

__all__ = ["Hold", "ReleaseSwitch"]

Hold = Literal["nothing", "writes", "all"]

_READING = frozenset({"GET", "HEAD", "OPTIONS"})


class ReleaseSwitch:
    """An ASGI application that forwards to another one, which may change."""

    def __init__(self) -> None:
        self._app: AsgiApp | None = None
        self._lifespan: Lifespan | None = None
        self._hold: Hold = "nothing"
        self._in_flight: Counter[str] = Counter()
        self._changed = asyncio.Condition()

    @property
    def in_flight(self) -> int:
        """Requests that the current release is answering."""
        return self._in_flight.total()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Serve one connection's request, or the life of the server."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        kind = "reads" if scope.get("method") in _READING else "writes"
        if self._holds(kind):
            async with self._changed:
                await self._changed.wait_for(lambda: not self._holds(kind))
        app = self._app
        if app is None:
            raise RuntimeError("no release is loaded")
        self._in_flight[kind] += 1
        try:
            await app(scope, receive, send)
        finally:
            self._in_flight[kind] -= 1
            if self._hold != "nothing":
                async with self._changed:
                    self._changed.notify_all()

    async def hold(self, what: Hold, timeout_s: float) -> None:
        """Hold new requests, and wait until those that were let in are answered.

        Raises:
            TimeoutError: They were not answered in time.
        """
        self._hold = what
        async with self._changed:
            self._changed.notify_all()
            drained = self._changed.wait_for(self._is_drained)
            await asyncio.wait_for(drained, timeout_s)

    async def exchange(self, app: AsgiApp) -> None:
        """Start a release and let it answer from now on; the one before is stopped.

        Raises:
            LifespanFailed: It does not start; the one before goes on.
        """
        lifespan = Lifespan(app)
        await lifespan.start()
        before = self._lifespan
        self._app, self._lifespan = app, lifespan
        if before is not None:
            await before.stop()

    def _holds(self, kind: str) -> bool:
        return self._hold == "all" or self._hold == kind

    def _is_drained(self) -> bool:
        held = {"nothing": 0, "writes": self._in_flight["writes"], "all": self.in_flight}
        return held[self._hold] == 0

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                await send({"type": "lifespan.startup.complete"})
            else:
                if self._lifespan is not None:
                    await self._lifespan.stop()
                await send({"type": "lifespan.shutdown.complete"})
                return
