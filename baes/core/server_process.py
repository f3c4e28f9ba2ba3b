"""The one process that serves the API, over all releases: ``python -m baes.core.server_process``.

It is started at the beginning of a request and imports what every release needs while the request
is still being understood. Then it does for its command what needs those imports: the gate, the
migration. Last it serves, or ends with the command. Serving, it exchanges releases without
losing a request, and does so by itself when the command that held it has died.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import importlib
import logging
import os
import socket
import sys
import traceback
import warnings
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING

from baes.core.application_code import CodeState, code_state
from baes.core.application_import import forget_application, restore_application
from baes.core.asgi import LifespanFailed
from baes.core.context_store import memory_from_json
from baes.core.control_protocol import (
    LINE_LIMIT_BYTES,
    LOOPBACK,
    TOKEN_VARIABLE,
    Json,
    decode,
    encode,
    error_to_wire,
)
from baes.core.crash_points import crash_point
from baes.core.gate import FAULT_LINES, run_gate
from baes.core.manifest import read_manifest
from baes.core.migration import Migration
from baes.core.project_paths import ProjectPaths
from baes.core.release_probes import Probe
from baes.core.release_switch import ReleaseSwitch
from baes.errors import BaesError, ServerFailed

if TYPE_CHECKING:
    import uvicorn

__all__ = ["ServerProcess", "main"]

NEEDED = ("fastapi", "uvicorn", "uvicorn.lifespan.on", "sqlalchemy.orm", "pydantic_settings")
NEEDED_TO_MIGRATE = ("alembic.command", "alembic.config")
DRAIN_TIMEOUT_S = 20.0
ORPHANED_LOCK_TIMEOUT_S = 120.0
STARTED_POLL_S = 0.005

Handler = Callable[[Json], Awaitable[Json]]
logger = logging.getLogger(__name__)


class ServerProcess:
    """What one process does for the commands of its project.

    Args:
        paths: The project.
        token: What a command must know.
    """

    def __init__(self, paths: ProjectPaths, token: str) -> None:
        self._paths = paths
        self._token = token
        self._switch = ReleaseSwitch()
        self._migration: Migration | None = None
        self._server: uvicorn.Server | None = None
        self._serving: asyncio.Task[None] | None = None
        self._control: asyncio.Server | None = None
        self._release = ("", 0)
        self._code: CodeState = frozenset()
        self._holder: asyncio.StreamWriter | None = None
        self._done = asyncio.Event()
        self._handlers: dict[str, Handler] = {
            "hello": self._status,
            "status": self._status,
            "gate": self._gate,
            "prepare": self._prepare,
            "commit": self._commit,
            "roll_back": self._roll_back,
            "serve": self._serve,
            "hold": self._hold,
            "resume": self._resume,
            "reload": self._reload,
            "stop": self._stop,
        }

    async def run(self, creator: socket.socket) -> None:
        """Serve the command at the other end, then, if it says so, the API.

        Args:
            creator: The connection to the command that started this process.
        """
        creator.setblocking(False)
        streams = await asyncio.open_connection(sock=creator, limit=LINE_LIMIT_BYTES)
        conversation = asyncio.create_task(self._converse(*streams, trusted=True))
        conversation.add_done_callback(self._end_unless_serving)
        await self._done.wait()
        conversation.cancel()
        if self._control is not None:
            self._control.close()
        if self._serving is not None:
            await self._serving

    def _end_unless_serving(self, _: asyncio.Task[None]) -> None:
        if self._server is None:
            self._done.set()

    async def _converse(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, trusted: bool = False
    ) -> None:
        try:
            while line := await reader.readline():
                question = decode(line)
                trusted = trusted or question.get("token") == self._token
                if not trusted:
                    break
                writer.write(encode(await self._answer(question, writer)))
                await writer.drain()
        except (ConnectionError, BaesError):
            logger.warning("a command ended in the middle of a line", exc_info=True)
        finally:
            await self._abandon(writer)
            writer.close()

    async def _answer(self, question: Json, writer: asyncio.StreamWriter) -> Json:
        handler = self._handlers.get(str(question.get("do")))
        try:
            if handler is None:
                raise ServerFailed(f"{question.get('do')!r} is unknown to the server process")
            answer = await handler(question)
        except BaesError as error:
            return {"ok": False, "error": error_to_wire(error)}
        except Exception:  # the command tells its user; this process must go on
            logger.exception("%s failed", question.get("do"))
            failure = ServerFailed.of("core.error.server_failed", cause=_fault())
            return {"ok": False, "error": error_to_wire(failure)}
        if question["do"] in ("hold", "resume", "reload"):
            self._holder = writer if question["do"] == "hold" else None
        return {"ok": True, **answer}

    async def _abandon(self, writer: asyncio.StreamWriter) -> None:
        """A command has gone: end what it left open, as it would have."""
        if self._migration is not None and self._server is None:
            await self._roll_back({})
        if self._holder is writer:
            self._holder = None
            logger.warning("the command that held the requests has died")
            try:
                await asyncio.to_thread(_recover, self._paths)
            except BaesError:
                logger.exception("the project could not be recovered")
            try:
                await self._reload({})
            except ServerFailed:
                logger.exception("the current release can't be loaded; the one before goes on")

    async def _status(self, _: Json) -> Json:
        request_id, version = self._release
        return {
            "pid": os.getpid(),
            "project": str(self._paths.root),
            "request_id": request_id,
            "version": version,
            "in_flight": self._switch.in_flight,
        }

    async def _gate(self, question: Json) -> Json:
        self._refuse_while_serving()
        probes = tuple(
            Probe(p["method"], p["path"], tuple(p["expected"]), p["body"])
            for p in question["probes"]
        )
        memory = memory_from_json(question["memory"])
        fault = await run_gate(Path(question["tree"]), Path(question["database"]), memory, probes)
        return {"fault": fault}

    async def _prepare(self, question: Json) -> Json:
        self._refuse_while_serving()
        memory = memory_from_json(question["memory"])
        crash_point("migrating")
        self._migration = Migration(Path(question["tree"]), self._paths.database, memory)
        crash_point("prepared")
        return {}

    async def _commit(self, _: Json) -> Json:
        if self._migration is None:
            raise ServerFailed("there is no migration to commit")
        self._migration.commit()
        crash_point("committed")
        self._migration = None
        return {}

    async def _roll_back(self, _: Json) -> Json:
        if self._migration is not None:
            self._migration.roll_back()
            self._migration = None
        return {}

    def _refuse_while_serving(self) -> None:
        if self._server is not None:
            raise ServerFailed("a serving process can't try another release")

    async def _serve(self, question: Json) -> Json:
        listening = _bound(os.environ.get("API_HOST", LOOPBACK), int(question["port"]))
        try:
            os.chdir(self._paths.managed_system)
            sys.path.insert(0, str(self._paths.managed_system))
            await self._load()
            self._control = await asyncio.start_server(
                self._converse, LOOPBACK, 0, limit=LINE_LIMIT_BYTES
            )
            await self._start_uvicorn(listening)
        except BaseException:
            listening.close()
            raise
        _log_to(self._paths.logs / "api.log")
        return {**await self._status({}), "control_port": self._control.sockets[0].getsockname()[1]}

    async def _start_uvicorn(self, listening: socket.socket) -> None:
        import uvicorn

        config = uvicorn.Config(
            self._switch,
            lifespan="on",
            ws="none",
            access_log=False,
            log_config=None,
            timeout_graceful_shutdown=5,
        )
        server = uvicorn.Server(config)
        self._serving = asyncio.create_task(server.serve(sockets=[listening]))
        self._serving.add_done_callback(lambda _: self._done.set())
        while not server.started and not self._serving.done():
            await asyncio.sleep(STARTED_POLL_S)  # uvicorn offers no event to wait for
        if not server.started:
            raise ServerFailed.of("core.error.api_not_started")
        self._server = server

    async def _load(self) -> None:
        manifest, code = read_manifest(self._paths), code_state(self._paths)
        before = forget_application()
        try:
            await self._switch.exchange(importlib.import_module("app.main").app)
        except (Exception, SystemExit) as error:  # people's own code may raise anything
            restore_application(before)
            cause = str(error) if isinstance(error, LifespanFailed) else _fault()
            raise ServerFailed.of("core.error.not_loadable", cause=cause) from error
        self._release = (manifest.request_id, manifest.version)
        self._code = code

    async def _hold(self, question: Json) -> Json:
        try:
            await self._switch.hold(question["what"], DRAIN_TIMEOUT_S)
        except TimeoutError as error:
            await self._resume({})
            seconds = f"{DRAIN_TIMEOUT_S:g}"
            raise ServerFailed.of("core.error.not_drained", seconds=seconds) from error
        return {}

    async def _resume(self, _: Json) -> Json:
        await self._switch.hold("nothing", DRAIN_TIMEOUT_S)
        return {}

    async def _reload(self, _: Json) -> Json:
        try:
            is_current = self._release[0] == read_manifest(self._paths).request_id
            if not is_current or self._code != code_state(self._paths):
                await self._hold({"what": "all"})  # nobody is answered by two releases
                await self._load()
        finally:
            await self._resume({})
        return await self._status({})

    async def _stop(self, _: Json) -> Json:
        if self._server is not None:
            self._server.should_exit = True
        return {}


def _recover(paths: ProjectPaths) -> None:
    from baes.core.managed_system_manager import ManagedSystemManager
    from baes.core.project_lock import project_lock

    with project_lock(paths, purpose="the server", timeout_s=ORPHANED_LOCK_TIMEOUT_S):
        ManagedSystemManager(paths).recover()


def _bound(host: str, port: int) -> socket.socket:
    listening = socket.socket()
    try:
        if sys.platform != "win32":
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        cause = error.strerror or str(error)
        raise ServerFailed.of("core.error.api_port", port=port, cause=cause) from error
    return listening


def _fault() -> str:
    return "\n".join(traceback.format_exc().splitlines()[-FAULT_LINES:])


def _log_to(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        for stream in (1, 2):
            os.dup2(file.fileno(), stream)


def _import_needed(paths: ProjectPaths) -> None:
    gc.disable()  # nothing that is imported is garbage, and looking for some takes a sixth
    for name in NEEDED + (NEEDED_TO_MIGRATE if paths.database.exists() else ()):
        importlib.import_module(name)
    gc.freeze()
    gc.enable()


def main(arguments: list[str] | None = None) -> None:
    """Connect to the command that started this process, and do as it says."""
    parser = argparse.ArgumentParser(prog="baes.core.server_process")
    parser.add_argument("--project", type=Path, required=True)
    parser.add_argument("--creator-port", type=int, required=True)
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    token = os.environ.pop(TOKEN_VARIABLE)
    paths = ProjectPaths(options.project)
    # SQLAlchemy remembers the functions of all releases, and says so at each exchange.
    warnings.filterwarnings("ignore", message="The GenericFunction")
    creator = socket.create_connection((LOOPBACK, options.creator_port))
    creator.sendall(encode({"ok": True, "token": token}))
    _import_needed(paths)
    import uvicorn

    loop_factory = uvicorn.Config("", log_config=None).get_loop_factory()
    with asyncio.Runner(loop_factory=loop_factory) as runner:
        runner.run(_run(paths, token, creator))


async def _run(paths: ProjectPaths, token: str, creator: socket.socket) -> None:
    await ServerProcess(paths, token).run(creator)


if __name__ == "__main__":
    main()
