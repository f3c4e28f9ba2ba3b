"""The world outside of a managed system, in a test: a mail server and a web hook that remember."""

from __future__ import annotations

import contextlib
import json
import socketserver
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

__all__ = ["Outside", "outside", "soon"]


@dataclass
class Outside:
    """What arrived, and where it arrives."""

    environment: dict[str, str]
    mails: list[str] = field(default_factory=list)
    posts: list[Any] = field(default_factory=list)


@contextlib.contextmanager
def outside() -> Iterator[Outside]:
    """Both servers, on free ports."""

    class Mail(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"220 test\r\n")
            lines: list[str] | None = None
            for raw in self.rfile:
                line = raw.decode().rstrip("\r\n")
                if lines is None:
                    word = line.split()[0].upper() if line else ""
                    lines = [] if word == "DATA" else None
                    answer = {"DATA": b"354 go on\r\n", "QUIT": b"221 bye\r\n"}
                    self.wfile.write(answer.get(word, b"250 ok\r\n"))
                elif line == ".":
                    found.mails.append("\n".join(lines))
                    lines = None
                    self.wfile.write(b"250 ok\r\n")
                else:
                    lines.append(line)

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            found.posts.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    mail = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Mail)
    hook = ThreadingHTTPServer(("127.0.0.1", 0), Hook)
    found = Outside(
        {
            "SMTP_HOST": "127.0.0.1",
            "SMTP_PORT": str(mail.server_address[1]),
            "WEBHOOK_PAYROLL": f"http://127.0.0.1:{hook.server_port}/",
        }
    )
    threads = [
        threading.Thread(target=server.serve_forever, args=(0.02,)) for server in (mail, hook)
    ]
    mail.daemon_threads = hook.daemon_threads = True
    for thread in threads:
        thread.start()
    try:
        yield found
    finally:
        for server in (mail, hook):
            server.shutdown()
            server.server_close()
        for thread in threads:
            thread.join()


def soon(is_so: Callable[[], object], within_s: float = 10.0) -> bool:
    """Whether something becomes true in time."""
    deadline = time.monotonic() + within_s
    while not is_so():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True
