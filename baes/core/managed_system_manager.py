"""Turning a release into the managed system, wholly or not at all.

Code, data and memory are three stores that no transaction spans. So one of them decides: the row
that the migration's own transaction writes into the database. Before it, everything is prepared
and announced in a journal; after it, prepared files are moved into place. Whoever finds a journal
asks for the row and moves on, or clears away.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from baes.core.context_store import (
    ContextStore,
    Memory,
    MemoryDamaged,
    memory_to_json,
    seal,
)
from baes.core.control_protocol import ControlLost
from baes.core.crash_points import crash_point
from baes.core.database_copy import copy_database
from baes.core.durable_files import file_errors_explained, sync_folder, write_synced
from baes.core.generator_version import generator_version
from baes.core.manifest import Manifest, manifest_to_bytes, read_manifest
from baes.core.project_paths import ProjectPaths
from baes.core.release import Release, StagedRelease
from baes.core.release_journal import (
    STAGED_MANIFEST,
    STAGED_MEMORY,
    Journal,
    clear_journal,
    read_journal,
    roll_forward,
    write_journal,
)
from baes.core.release_probes import plan_probes
from baes.core.release_table import is_without_tables, latest_release, release_is_committed
from baes.core.staging import build_tree, discard_staging, stage_release
from baes.core.warm_process import WarmProcess
from baes.errors import GateFailed, ProjectDamaged, RequestFailed, ServerFailed
from baes.texts import Message, Speakable

__all__ = ["Deployed", "LiveServer", "ManagedSystemManager", "Recovery", "Release"]

GATE_TIMEOUT_S = 30.0
MIGRATION_TIMEOUT_S = 600.0


class LiveServer(Protocol):
    """A server that runs the current release and can be given another one."""

    def hold_writes(self) -> None:
        """Let no request change data until the exchange."""

    def hold_all(self) -> None:
        """Let no request in until the exchange."""

    def reload(self) -> None:
        """Serve what is in the folder now, let requests in, and end the conversation."""

    def resume(self) -> None:
        """Let requests in again, as nothing has changed, and end the conversation."""

    def close(self) -> None:
        """End the conversation; a server that was held goes on by itself."""


@dataclass(frozen=True, slots=True)
class Recovery:
    """What was found of an earlier command."""

    outcome: Literal["clean", "rolled_forward", "rolled_back"]
    notices: tuple[Speakable, ...] = ()
    """What the user should know, in sentences."""


@dataclass(frozen=True, slots=True)
class Deployed:
    """A release that is the current one now."""

    written: tuple[str, ...]
    removed: tuple[str, ...]
    notices: tuple[Speakable, ...] = ()


class ManagedSystemManager:
    """Stages, checks, deploys and recovers; every method but ``current`` wants the project's lock.

    Args:
        paths: The project.
        warm: The process that tries and migrates releases; one of its own if left out.
    """

    def __init__(self, paths: ProjectPaths, warm: WarmProcess | None = None) -> None:
        self._paths = paths
        self._warm = warm or WarmProcess(paths)
        self._store = ContextStore(paths)

    def recover(self) -> Recovery:
        """Bring what an earlier command left half done to an end, one way or the other.

        Raises:
            ProjectDamaged: The project's files contradict each other beyond repair.
            RequestFailed: The folder can't be written.
        """
        with file_errors_explained(Message.of("core.file.recovery", path=self._paths.root)):
            outcome = self._finish_deploy()
            discard_staging(self._paths)
            return Recovery(outcome, tuple(self._mend_memory()))

    def current(self) -> Memory:
        """What the system is now, and since which request.

        Raises:
            ProjectDamaged: There is a system, and no good copy of its specification.
        """
        return self._remembered()[0]

    def prewarm(self) -> None:
        """Start the process that gate and migration need, without waiting for it."""
        self._warm.start()

    def stage(
        self,
        release: Release,
        *,
        overwrite_edits: bool = False,
        originals: Callable[[], Mapping[str, str]] = dict,
    ) -> StagedRelease:
        """Write the files that change, beside the current ones.

        Args:
            release: What a request makes of the system.
            overwrite_edits: Files that a person edited may be replaced.
            originals: Gives path -> generated content of the present release, to show edits with.

        Raises:
            NeedsOverwrite: A file that would change was edited by hand.
            RequestFailed: The folder can't be written.
        """
        try:
            return stage_release(
                self._paths,
                release,
                self.current().spec,
                overwrite_edits=overwrite_edits,
                originals=originals,
            )
        except BaseException:
            discard_staging(self._paths)
            raise

    def gate(self, staged: StagedRelease) -> None:
        """Try a staged release on a copy of the data; a failing one is thrown away.

        Raises:
            GateFailed: It does not migrate, start or answer as it should, or not in time.
        """
        try:
            fault = self._try(staged)
        except ControlLost as error:
            self.discard(staged)
            raise GateFailed.of("core.error.gate_lost", cause=error) from error
        except BaseException:
            self.discard(staged)
            raise
        if fault:
            self.discard(staged)
            raise GateFailed.of("core.error.gate", fault=fault)

    def deploy(self, staged: StagedRelease, server: LiveServer | None = None) -> Deployed:
        """Make a staged release the current one.

        Args:
            staged: A release that passed the gate.
            server: The running server, which is held meanwhile and then serves the release.

        Raises:
            RequestFailed: The migration failed, or the folder can't be written; nothing changed.
        """
        journal = self._announce(staged)
        try:
            self._commit(staged, server)
        except BaseException as error:
            # An error after the decision (a lost answer) must not take back what is true.
            if not self._is_committed(journal):
                self._undo(journal)
                if server is not None:
                    server.resume()
                if isinstance(error, ServerFailed):
                    raise GateFailed.of("core.error.migration", cause=error) from error
                raise
        return self._finish(staged, journal, server)

    def discard(self, staged: StagedRelease) -> None:
        """Throw a staged release away."""
        if staged.folder.exists():
            discard_staging(self._paths)

    def close(self) -> None:
        """End the process that was started for the gate, unless it serves now."""
        self._warm.close()

    def _try(self, staged: StagedRelease) -> str | None:
        build_tree(self._paths, staged)
        copy = staged.folder / "gate.db"
        if self._paths.database.exists():
            copy_database(self._paths.database, copy)
        answer = self._warm.ask(
            "gate",
            timeout_s=GATE_TIMEOUT_S,
            tree=str(staged.tree),
            database=str(copy),
            memory=memory_to_json(staged.release.memory),
            probes=[dataclasses.asdict(p) for p in plan_probes(staged.old, staged.release.spec)],
        )
        return None if answer["fault"] is None else str(answer["fault"])

    def _announce(self, staged: StagedRelease) -> Journal:
        release = staged.release
        journal = Journal(
            request_id=release.request_id,
            fresh_database=not self._paths.database.exists(),
            written=staged.written,
            removed=staged.removed,
        )
        manifest = Manifest(release.request_id, release.version, staged.owned, generator_version())
        try:
            with file_errors_explained(Message.of("core.file.deploy")):
                write_synced(staged.folder / STAGED_MANIFEST, manifest_to_bytes(manifest))
                write_synced(staged.folder / STAGED_MEMORY, seal(release.memory))
                sync_folder(staged.folder)
                write_journal(self._paths, journal)
        except BaseException:
            self._undo(journal)
            raise
        crash_point("journalled")
        return journal

    def _commit(self, staged: StagedRelease, server: LiveServer | None) -> None:
        if server is not None:
            server.hold_writes()
        self._warm.ask(
            "prepare",
            timeout_s=MIGRATION_TIMEOUT_S,
            tree=str(staged.tree),
            memory=memory_to_json(staged.release.memory),
        )
        if server is not None:
            server.hold_all()
        crash_point("deciding")
        self._warm.ask("commit", timeout_s=MIGRATION_TIMEOUT_S)
        crash_point("decided")

    def _finish(
        self, staged: StagedRelease, journal: Journal, server: LiveServer | None
    ) -> Deployed:
        try:
            with file_errors_explained(Message.of("core.file.finish")):
                roll_forward(self._paths, journal)
                discard_staging(self._paths)
        except RequestFailed as error:
            raise ProjectDamaged.of("core.error.half_deployed", cause=error) from error
        notices: tuple[Speakable, ...] = ()
        if server is not None:
            try:
                server.reload()
            except ServerFailed as error:
                notices = (error,)
        return Deployed(staged.written, staged.removed, notices)

    def _is_committed(self, journal: Journal) -> bool:
        return release_is_committed(self._paths.database, journal.request_id)

    def _finish_deploy(self) -> Literal["clean", "rolled_forward", "rolled_back"]:
        journal = read_journal(self._paths)
        if journal is None:
            return "clean"
        if self._is_committed(journal):
            roll_forward(self._paths, journal)
            return "rolled_forward"
        self._undo(journal)
        return "rolled_back"

    def _undo(self, journal: Journal) -> None:
        self._warm.close()  # with it ends a transaction that was not committed
        database = self._paths.database
        if journal.fresh_database and database.exists() and is_without_tables(database):
            for suffix in ("", "-wal", "-shm"):
                database.with_name(database.name + suffix).unlink(missing_ok=True)
            _remove_empty(database.parent, self._paths.root)
        clear_journal(self._paths)
        discard_staging(self._paths)

    def _mend_memory(self) -> Iterator[Speakable]:
        memory, notice = self._remembered()
        if notice is not None:
            self._store.save(memory)
            yield notice

    def _remembered(self) -> tuple[Memory, Message | None]:
        deployed = read_manifest(self._paths).request_id
        stored, damage = self._load()
        if stored is not None and deployed in ("", stored.request_id):
            return stored, None
        spare = self._spare(deployed)
        if spare is not None:
            why = damage or Message.of("core.notice.memory_missing")
            version = spare.spec.version
            return spare, Message.of("core.notice.older_memory", damage=why, version=version)
        if deployed or damage:
            raise ProjectDamaged.of(
                "core.error.memory_lost",
                project=self._paths.root,
                cause=damage or Message.of("core.error.no_copy.what", request=deployed),
                path=self._paths.context_store,
            )
        return Memory(), None

    def _load(self) -> tuple[Memory | None, MemoryDamaged | None]:
        try:
            return self._store.load(), None
        except MemoryDamaged as error:
            return None, error

    def _spare(self, request_id: str) -> Memory | None:
        spares = [latest_release(self._paths.database), *reversed(self._store.history())]
        good = (spare for spare in spares if spare is not None)
        return next((s for s in good if request_id in ("", s.request_id)), None)


def _remove_empty(folder: Path, top: Path) -> None:
    while folder != top and folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent
