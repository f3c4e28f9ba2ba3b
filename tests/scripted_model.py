"""An OpenAI-compatible server that says what a test tells it to: real HTTP, scripted answers.

It does what a small real model can't: good code, bad code, half an answer, refusals, silence.
"""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

__all__ = [
    "Reply",
    "ScriptedModel",
    "cut",
    "hangs",
    "prose",
    "says",
    "scripted_model",
    "slow",
    "status",
]

Json = dict[str, Any]
LONGEST_HANG_S = 60.0


@dataclass(frozen=True)
class Reply:
    """How one question is answered."""

    content: str = ""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    """In place of a completion."""
    finish: str = "stop"
    hangs: bool = False
    cuts: bool = False
    """The connection ends within the body."""
    pause_s: float = 0.0
    """Between pieces of the body."""
    has_usage: bool = True


def says(answer: object, **options: Any) -> Reply:
    """A well-formed answer."""
    return Reply(json.dumps(answer), **options)


def prose(text: str, **options: Any) -> Reply:
    """Whatever text."""
    return Reply(text, **options)


def status(code: int, message: str = "no", **headers: str) -> Reply:
    """A refusal."""
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(
        status=code, headers=names, body=json.dumps({"error": {"message": message}}).encode()
    )


def hangs() -> Reply:
    """No answer at all."""
    return Reply(hangs=True)


def cut(answer: object) -> Reply:
    """The connection ends half-way."""
    return Reply(json.dumps(answer), cuts=True)


def slow(answer: object, pause_s: float = 0.05) -> Reply:
    """An answer that drips."""
    return Reply(json.dumps(answer), pause_s=pause_s)


class ScriptedModel:
    """The server's side: what it will say, and what it was asked.

    ``script`` maps a purpose (the name of the answer's schema) to its replies in order; the last
    one is repeated. A reply may be a function of the request.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.script: dict[str, list[Reply | Callable[[Json], Reply]]] = {}
        self.requests: list[Json] = []
        self.keys: list[str] = []
        self.closing = threading.Event()
        self._lock = threading.Lock()

    def of(self, purpose: str) -> list[Json]:
        """The requests of a purpose."""
        return [request for request in self.requests if purpose_of(request) == purpose]

    @property
    def environment(self) -> dict[str, str]:
        """What makes BAES ask this server."""
        return {
            "OPENAI_BASE_URL": self.url,
            "OPENAI_API_KEY": "sk-scripted-0123456789abcdef",
            "OPENAI_MODEL": "scripted",
        }

    def reply(self, request: Json, key: str) -> Reply:
        """What is said to a request."""
        with self._lock:
            self.requests.append(request)
            self.keys.append(key)
            replies = self.script.get(purpose_of(request)) or self.script.get("any", [])
            if not replies:
                return status(400, f"the script has nothing for {purpose_of(request)}")
            reply = replies.pop(0) if len(replies) > 1 else replies[0]
        return reply if isinstance(reply, Reply) else reply(request)


def purpose_of(request: Json) -> str:
    """The name of the schema that the answer must have; empty where there is none."""
    form = request.get("response_format") or {}
    return str(form.get("json_schema", {}).get("name", ""))


def tokens_of(request: Json) -> int:
    """A count of its own, as servers have: words and signs."""
    return len(json.dumps(request["messages"])) // 4


@contextlib.contextmanager
def scripted_model() -> Iterator[ScriptedModel]:
    """A server on a free port of the loopback address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            request = json.loads(self.rfile.read(length))
            reply = model.reply(request, self.headers.get("Authorization", ""))
            if reply.hangs:
                model.closing.wait(LONGEST_HANG_S)
                self.close_connection = True
                return
            body = reply.body if reply.body is not None else completion(request, reply)
            with contextlib.suppress(OSError):  # the client may have gone
                self._send(reply, body)

        def _send(self, reply: Reply, body: bytes) -> None:
            self.send_response(reply.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.end_headers()
            if reply.cuts:
                self.wfile.write(body[: len(body) // 2])
                self.close_connection = True
                return
            pieces = [body[i : i + 8] for i in range(0, len(body), 8)] if reply.pause_s else [body]
            for piece in pieces:
                self.wfile.write(piece)
                self.wfile.flush()
                if reply.pause_s:
                    model.closing.wait(reply.pause_s)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    model = ScriptedModel(f"http://127.0.0.1:{server.server_port}/v1")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield model
    finally:
        model.closing.set()
        server.shutdown()
        thread.join()
        server.server_close()


def completion(request: Json, reply: Reply) -> bytes:
    """The body of an answer, as OpenAI has it."""
    used = tokens_of(request)
    said = len(reply.content) // 4
    usage = {"prompt_tokens": used, "completion_tokens": said, "total_tokens": used + said}
    message = {"role": "assistant", "content": reply.content}
    choice = {"index": 0, "finish_reason": reply.finish, "message": message}
    body: Json = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": request["model"],
        "choices": [choice],
    }
    if reply.has_usage:
        body["usage"] = usage
    return json.dumps(body).encode()
