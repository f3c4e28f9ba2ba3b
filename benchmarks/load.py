"""A load generator: keep-alive connections that send one request after the other."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["Load", "put_load"]


@dataclass(frozen=True)
class Load:
    """What a server carried."""

    requests_per_s: float
    p99_ms: float


def put_load(
    port: int, request: Callable[[int], bytes], status: int, connections: int, seconds: float
) -> Load:
    """Send requests for some time; each answer must have the status.

    Args:
        port: Of a server on loopback.
        request: The bytes of the n-th request.
        status: What every answer must say.
        connections: How many clients send at once.
        seconds: For how long.
    """
    with asyncio.Runner(loop_factory=_new_loop) as runner:
        return runner.run(_load(port, request, status, connections, seconds))


def _new_loop() -> asyncio.AbstractEventLoop:
    """The quickest loop there is: the generator shares the machine with what it measures."""
    if sys.platform == "win32":
        return asyncio.new_event_loop()
    import uvloop

    return uvloop.new_event_loop()


async def _load(
    port: int, request: Callable[[int], bytes], status: int, connections: int, seconds: float
) -> Load:
    numbers = iter(range(10**9))
    times: list[float] = []
    start = time.perf_counter()
    end = start + seconds

    async def client() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while (begun := time.perf_counter()) < end:
            writer.write(request(next(numbers)))
            found, is_closed = await _answer(reader)
            if found != status:
                raise RuntimeError(f"the server answered {found} where {status} was due")
            if is_closed:
                writer.close()
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
            times.append(time.perf_counter() - begun)
        writer.close()
        await writer.wait_closed()

    async with asyncio.TaskGroup() as group:
        for _ in range(connections):
            group.create_task(client())
    spent = time.perf_counter() - start
    return Load(len(times) / spent, sorted(times)[int(len(times) * 0.99)] * 1000)


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bool]:
    """Read one answer; its status, and whether the server closes the connection after it."""
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    length = head.partition(b"content-length: ")[2].partition(b"\r\n")[0]
    await reader.readexactly(int(length or 0))
    return int(head[9:12]), b"connection: close" in head
