"""A process that reads and writes without a pause: ``python -m tests.soak.load PORT``.

It stops when its standard input ends, and prints one JSON object: what was asked, what failed, and
every record that the API has confirmed, so that each can be looked for afterwards.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from dataclasses import dataclass, field
from typing import Any

__all__ = ["main"]

CONNECTIONS = 8
PAUSE_S = 0.002
"""Between two requests of one connection, so that the commands get some of the two cores too."""


@dataclass
class Tally:
    """What the clients met."""

    requests: int = 0
    failures: list[str] = field(default_factory=list)
    stored: dict[int, str] = field(default_factory=dict)
    """Id -> name of each record that was confirmed."""
    longest_s: float = 0.0


async def client(number: int, port: int, tally: Tally, ended: asyncio.Event) -> None:
    """One connection that is kept alive: writes a record, changes it, reads it, lists."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    turn = 0
    while not ended.is_set():
        turn += 1
        name = f"student {number} {turn}"
        try:
            stored = await _ask(reader, writer, tally, "POST", "/api/students", {"name": name})
            tally.stored[stored["id"]] = name
            path = f"/api/students/{stored['id']}"
            changed = await _ask(reader, writer, tally, "PATCH", path, {"name": f"{name}!"})
            tally.stored[stored["id"]] = changed["name"]
            found = await _ask(reader, writer, tally, "GET", path)
            if found["name"] != f"{name}!":
                tally.failures.append(f"{path} is called {found['name']}")
            await _ask(reader, writer, tally, "GET", "/api/students?limit=5&sort=-id")
        except (OSError, asyncio.IncompleteReadError, KeyError, TypeError, ValueError) as error:
            tally.failures.append(f"{type(error).__name__}: {error}")
            writer.close()
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.sleep(PAUSE_S)
    writer.close()
    await writer.wait_closed()


async def _ask(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    tally: Tally,
    method: str,
    path: str,
    body: object = None,
) -> Any:
    content = b"" if body is None else json.dumps(body).encode()
    head = f"{method} {path} HTTP/1.1\r\nHost: load\r\nContent-Length: {len(content)}\r\n"
    begun = time.perf_counter()
    writer.write(f"{head}Content-Type: application/json\r\n\r\n".encode() + content)
    answered = (await reader.readuntil(b"\r\n\r\n")).lower()
    length = answered.partition(b"content-length: ")[2].partition(b"\r\n")[0]
    answer = await reader.readexactly(int(length or 0))
    tally.requests += 1
    tally.longest_s = max(tally.longest_s, time.perf_counter() - begun)
    if answered[9:10] != b"2":
        raise ValueError(f"{method} {path} answered {answered[9:12].decode()}: {answer[:200]!r}")
    return json.loads(answer)


async def _load(port: int) -> Tally:
    tally, ended = Tally(), asyncio.Event()
    async with asyncio.TaskGroup() as group:
        for number in range(CONNECTIONS):
            group.create_task(client(number, port, tally, ended))
        await asyncio.to_thread(sys.stdin.read)
        ended.set()
    return tally


def main(port: str) -> None:
    """Put load on the API of a port until told to stop."""
    tally = asyncio.run(_load(int(port)))
    found = {
        "requests": tally.requests,
        "failures": tally.failures[:20],
        "failed": len(tally.failures),
        "longest_s": round(tally.longest_s, 3),
        "stored": tally.stored,
    }
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
