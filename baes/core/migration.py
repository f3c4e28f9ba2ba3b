"""The transaction that makes a release true: the migration, and the release's row.

Two steps, so that the command keeps the decision: when it dies before it says ``commit``, the
transaction is rolled back; and as the write lock is held by then, whoever recovers waits for the
end of a commit that was already on its way.
"""

from __future__ import annotations

import importlib
import sqlite3
from pathlib import Path

from sqlalchemy import create_engine
from sqlalchemy.engine import Connection
from sqlalchemy.pool import StaticPool

from baes.core.application_import import application_folder, environment
from baes.core.context_store import Memory
from baes.core.release_table import BUSY_TIMEOUT_S, insert_release

__all__ = ["Migration"]


class Migration:
    """A migration that is prepared and not yet committed.

    Args:
        tree: The application of the new release.
        database: The file to migrate; made when missing.
        memory: What the release's row remembers.
    """

    def __init__(self, tree: Path, database: Path, memory: Memory) -> None:
        database.parent.mkdir(parents=True, exist_ok=True)
        self._driver = _open(database)
        engine = create_engine("sqlite://", creator=lambda: self._driver, poolclass=StaticPool)
        self._connection: Connection = engine.connect()
        try:
            self._connection.exec_driver_sql("BEGIN IMMEDIATE")
            with application_folder(tree), environment(DATABASE_URL=f"sqlite:///{database}"):
                importlib.import_module("app.database.upgrade").migrate(self._connection)
            insert_release(self._driver, memory)
        except BaseException:
            self.roll_back()
            raise

    def commit(self) -> None:
        """Make the release true."""
        self._driver.execute("COMMIT")
        self._close()

    def roll_back(self) -> None:
        """Leave everything as it was."""
        if self._driver.in_transaction:
            self._driver.execute("ROLLBACK")
        self._close()

    def _close(self) -> None:
        self._connection.detach()
        self._connection.close()
        self._driver.close()


def _open(database: Path) -> sqlite3.Connection:
    driver = sqlite3.connect(database, timeout=BUSY_TIMEOUT_S, isolation_level=None)
    driver.create_function("casefold", 1, _casefold, deterministic=True)
    # References can't be left unchecked inside a transaction; the migration checks them itself.
    driver.execute("PRAGMA foreign_keys = OFF")
    driver.execute("PRAGMA journal_mode = WAL")
    driver.execute("PRAGMA synchronous = FULL")
    return driver


def _casefold(text: str | None) -> str | None:
    return None if text is None else text.casefold()
