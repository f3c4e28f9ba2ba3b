"""An OpenAI-compatible server on loopback that writes custom functions after a script.

It shows what waiting for a model costs: each answer takes as long as it is told to. Calls, what
overlapped, and the size of prompts and answers are counted here, where they arrive; a token count
is converted from the size, and called so.
"""

from __future__ import annotations

import contextlib
import json
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from baes.datafiles import load_toml

__all__ = ["CHARACTERS_A_TOKEN", "SCRIPTED_MODEL", "ScriptedServer", "scripted_server"]

CHARACTERS_A_TOKEN = 4
"""An assumption, for a count of tokens from a count of characters."""
SCRIPTED_MODEL = "scripted"
_ASKED = re.compile(
    r"^Function: def (?P<name>\w+)\(.*?"
    r"^Wanted: (?P<fragment>Send every new (?P<entity>\w+) to the (?P<to>\w+) webhook)",
    re.MULTILINE | re.DOTALL,
)

Json = dict[str, Any]


@dataclass
class ScriptedServer:
    """What the server was asked so far."""

    url: str
    latency_s: float
    refuses: str = ""
    """Of fragments that hold this it says that they can't be done."""
    calls: int = 0
    most_at_once: int = 0
    """Calls that waited for their answers at the same time."""
    prompt_characters: int = 0
    answer_characters: int = 0
    ended: threading.Event = field(default_factory=threading.Event)
    """No answer is waited for any longer."""
    _waiting: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def environment(self) -> dict[str, str]:
        """What makes BAES ask this server."""
        return {
            "OPENAI_BASE_URL": self.url,
            "OPENAI_API_KEY": "none",
            "OPENAI_MODEL": SCRIPTED_MODEL,
        }

    def answered(self, request: Json) -> Json:
        """A completion, after its time; counts the call."""
        prompt = "".join(message["content"] for message in request["messages"])
        with self._lock:
            self.calls += 1
            self.prompt_characters += len(prompt)
            self._waiting += 1
            self.most_at_once = max(self.most_at_once, self._waiting)
        self.ended.wait(self.latency_s)
        answer = _answer(prompt, self.refuses)
        with self._lock:
            self._waiting -= 1
            self.answer_characters += len(answer)
        return _completion(request, answer, len(prompt))


@contextlib.contextmanager
def scripted_server(latency_s: float, *, refuses: str = "") -> Iterator[ScriptedServer]:
    """A server on a free port of the loopback address.

    Args:
        latency_s: What each answer takes.
        refuses: Words of fragments of which it says that they can't be done.
    """

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            body = json.dumps(server.answered(request)).encode()
            with contextlib.suppress(OSError):  # who asked may have given up
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    http.daemon_threads = True
    server = ScriptedServer(f"http://127.0.0.1:{http.server_port}/v1", latency_s, refuses)
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.ended.set()
        http.shutdown()
        thread.join()
        http.server_close()


def _answer(prompt: str, refuses: str) -> str:
    found = _ASKED.search(prompt)
    script = load_toml("bench/data/scripted_answers.toml")
    if found is None or (refuses and refuses in found["fragment"]):
        return json.dumps(script["refusal"])
    values = found.groupdict() | {"entity": found["entity"].capitalize()}
    said = {key: _filled(value, values) for key, value in script["function"].items()}
    return json.dumps(said)


def _filled(value: object, values: dict[str, str]) -> object:
    """A text with its slots filled; other values as they are."""
    if not isinstance(value, str):
        return value
    for name, word in values.items():
        value = value.replace(f"<{name}>", word)
    return value


def _completion(request: Json, answer: str, prompt_characters: int) -> Json:
    """The body of an answer, as OpenAI has it."""
    asked, said = (n // CHARACTERS_A_TOKEN for n in (prompt_characters, len(answer)))
    message = {"role": "assistant", "content": answer}
    return {
        "id": "chatcmpl-scripted",
        "object": "chat.completion",
        "created": 1,
        "model": request["model"],
        "choices": [{"index": 0, "finish_reason": "stop", "message": message}],
        "usage": {"prompt_tokens": asked, "completion_tokens": said, "total_tokens": asked + said},
    }
