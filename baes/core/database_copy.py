"""A copy of the data to try a migration on: all of it, or a sample of a large database."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

from baes.errors import ProjectDamaged

__all__ = ["copy_database"]

WHOLE_UP_TO_BYTES = 32 << 20
"""A copy of that size takes a tenth of a second."""
SAMPLE_ROWS = 1000


def copy_database(source: Path, target: Path, *, whole_up_to: int = WHOLE_UP_TO_BYTES) -> None:
    """Copy a database that may be in use.

    Args:
        source: The live database.
        target: Where the copy goes; must not exist.
        whole_up_to: From a larger one only the tables and some rows of each are taken, so that
            the gate stays bounded; references between the sampled rows may then be broken.

    Raises:
        ProjectDamaged: The database can't be read.
    """
    try:
        with (
            contextlib.closing(sqlite3.connect(source)) as live,
            contextlib.closing(sqlite3.connect(target, isolation_level=None)) as copy,
        ):
            if source.stat().st_size <= whole_up_to:
                live.backup(copy)
            else:
                _copy_sample(live, source, copy)
    except sqlite3.Error as error:
        raise ProjectDamaged.of("core.error.database", database=source, cause=error) from error


def _copy_sample(live: sqlite3.Connection, source: Path, copy: sqlite3.Connection) -> None:
    things = live.execute(
        "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE "
        "'sqlite!_%' ESCAPE '!' ORDER BY type <> 'table'"
    ).fetchall()
    copy.execute("ATTACH ? AS live", (str(source),))
    copy.execute("BEGIN")
    for kind, name, sql in things:
        copy.execute(sql)
        if kind == "table":
            table = '"' + name.replace('"', '""') + '"'
            copy.execute(
                f"INSERT INTO main.{table} SELECT * FROM live.{table} LIMIT ?",  # noqa: S608
                (SAMPLE_ROWS,),
            )
    copy.execute("COMMIT")
    copy.execute("DETACH live")
