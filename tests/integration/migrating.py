"""A database that goes through the revisions of one system, in process."""

from __future__ import annotations

import contextlib
import copy
import io
import shutil
import sqlite3
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy.pool import StaticPool

from baes.core.application_import import application_folder, environment
from baes.core.context_store import Memory
from baes.core.formatter import format_artifacts, lint_artifacts
from baes.core.migration import Migration
from baes.spec.apply import apply, settled
from baes.spec.changes import Change
from baes.spec.inverse import inverse
from baes.spec.model import SystemSpec
from baes.spec.pipeline import Artifact, GenerationContext, Task
from baes.swea_agents.backend_swea import BackendSWEA
from baes.swea_agents.base_swea import StaticView
from baes.swea_agents.database_swea import DatabaseSWEA
from baes.utils.template_registry import TemplateRegistry

__all__ = ["LiveSystem"]

_REGISTRY = TemplateRegistry()


class LiveSystem:
    """The database's part of a managed system, changed release by release.

    Args:
        folder: An empty folder for it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / "app" / "database" / "baes_system.db"
        self.spec = SystemSpec()
        self.done: list[tuple[SystemSpec, tuple[Change, ...]]] = []
        context = GenerationContext(self.spec, (), self.spec)
        backend = BackendSWEA(_REGISTRY)
        wanted = ("app/config.py", "app/fields.py", "app/__init__.py")
        made = backend.produce(Task("BackendSWEA:", "BackendSWEA", ""), context)
        self._write(artifact for artifact in made if artifact.path in wanted)
        values = _REGISTRY.render("rules/values.py.j2", StaticView()).content
        (folder / "app/rule_values.py").write_text(values, encoding="utf-8")

    def copied(self, folder: Path) -> LiveSystem:
        """The same system at another place."""
        shutil.copytree(self.folder, folder)
        other = copy.copy(self)
        other.folder, other.path = folder, folder / self.path.relative_to(self.folder)
        other.done = [*self.done]
        return other

    def change(self, *changes: Change) -> str:
        """Generate and run a revision, whose text has to please the linter; that text."""
        old, done = self.spec, settled(self.spec, changes)
        self.spec = apply(old, done)
        self.done.append((old, done))
        made = tuple(_database_artifacts(GenerationContext(old, done, self.spec)))
        self._write(made)
        (revision,) = (a for a in made if a.kind == "migration")
        assert lint_artifacts(format_artifacts(made)) == ()
        self.migrate()
        return revision.content

    def undo(self) -> str:
        """Take the last change back, by a revision of its own."""
        old, changes = self.done.pop()
        text = self.change(*inverse(old, changes))
        self.done.pop()
        return text

    def migrate(self) -> None:
        """Bring the database to the release of the folder, as a deploy does."""
        memory = Memory(spec=self.spec, request_id=f"r{self.spec.version}")
        Migration(self.folder, self.path, memory).commit()

    def check(self) -> None:
        """``alembic check``: the models and the database say the same."""
        from alembic import command
        from alembic.config import Config
        from sqlalchemy import create_engine

        url = f"sqlite:///{self.path}"
        engine = create_engine(url, poolclass=StaticPool)
        config = Config(attributes={"connection": None}, stdout=io.StringIO())
        config.set_main_option("script_location", str(self.folder / "app/database/migrations"))
        with (
            application_folder(self.folder),
            environment(DATABASE_URL=url),
            engine.connect() as connection,
            warnings.catch_warnings(),
        ):
            warnings.filterwarnings("ignore", ".*expression-based index")
            warnings.filterwarnings(
                "ignore", "Cannot correctly sort tables"
            )  # they need each other
            config.attributes["connection"] = connection
            command.check(config)
        engine.dispose()

    def execute(self, statement: str, *values: Any, checked: bool = True) -> int:
        """Write; the id of the row that was inserted.

        Args:
            statement: In SQL.
            values: Of its places.
            checked: Whether references are followed.
        """
        with self._opened() as database:
            database.execute(f"PRAGMA foreign_keys = {'ON' if checked else 'OFF'}")
            return database.execute(statement, values).lastrowid or 0

    def delete_what_refers_to_nothing(self) -> None:
        """Mend what was inserted without following references."""
        with self._opened() as database:
            while broken := database.execute("PRAGMA foreign_key_check").fetchall():
                for table, rowid, *_ in broken:
                    database.execute(f'DELETE FROM "{table}" WHERE rowid = ?', (rowid,))  # noqa: S608

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Read."""
        with self._opened() as database:
            return database.execute(query).fetchall()

    @contextlib.contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        with contextlib.closing(sqlite3.connect(self.path, isolation_level=None)) as database:
            yield database

    def _write(self, artifacts: Any) -> None:
        for artifact in artifacts:
            target = self.folder / artifact.path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(artifact.content, encoding="utf-8")


def _database_artifacts(context: GenerationContext) -> Iterator[Artifact]:
    agent = DatabaseSWEA(_REGISTRY)
    for entity in (*(e.name for e in context.new), ""):
        yield from agent.produce(Task(f"DatabaseSWEA:{entity}", "DatabaseSWEA", entity), context)
