"""The archive of a generated system: what is set aside comes back, row by row."""

from __future__ import annotations

import importlib.util
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine, event

from baes.core.archive import archive_contents, drop_archived

GENERATED = Path(__file__).parent / "golden/school/managed_system/app/database/archive.py"


@pytest.fixture(scope="module")
def archiving() -> Any:
    spec = importlib.util.spec_from_file_location("generated_archive", GENERATED)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def connection() -> Iterator[Connection]:
    engine = create_engine("sqlite://")
    event.listen(engine, "connect", lambda driver, _: setattr(driver, "isolation_level", None))
    with engine.connect() as opened:
        for statement in (
            "CREATE TABLE teachers (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT)",
            'CREATE TABLE courses (id INTEGER PRIMARY KEY AUTOINCREMENT, "order" BIGINT, t BIGINT)',
            "CREATE TABLE pairs (a BIGINT, b BIGINT, PRIMARY KEY (a, b))",
            "INSERT INTO teachers (name) VALUES ('Ana'), ('Bia'), ('Caio'), ('gone')",
            "DELETE FROM teachers WHERE id = 4",
            "INSERT INTO courses VALUES (1, 10, 1), (2, NULL, 1), (3, 30, NULL)",
            "INSERT INTO pairs VALUES (1, 1), (1, 2), (2, 2), (3, 3)",
        ):
            opened.exec_driver_sql(statement)
        yield opened
    engine.dispose()


def contents(connection: Connection) -> list[tuple[str, str, str, int]]:
    driver: Any = connection.connection.driver_connection
    return [(t.kind, t.thing, t.revision, t.rows) for t in archive_contents(driver)]


def rows(connection: Connection, query: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in connection.exec_driver_sql(query)]


def test_values_of_an_attribute_come_back_to_the_rows_that_are_left(
    archiving: Any, connection: Connection
) -> None:
    archive = archiving.Archive(connection, "0002")
    archive.put_attribute("course.order", "integer", "courses", "order")
    assert contents(connection) == [("attribute", "course.order", "0002", 2)]
    connection.exec_driver_sql("DELETE FROM courses WHERE id = 3")
    connection.exec_driver_sql("INSERT INTO courses VALUES (4, NULL, NULL)")
    connection.exec_driver_sql('UPDATE courses SET "order" = NULL')
    archive.take_attribute("course.order", "courses", "order")
    assert rows(connection, 'SELECT id, "order" FROM courses') == [(1, 10), (2, None), (4, None)]
    assert contents(connection) == []


def test_nothing_is_kept_of_nothing(archiving: Any, connection: Connection) -> None:
    connection.exec_driver_sql("UPDATE courses SET t = NULL")
    archiving.Archive(connection, "0002").put_attribute("course.t", "integer", "courses", "t")
    assert contents(connection) == []


def test_nothing_comes_back_where_there_is_no_archive(
    archiving: Any, connection: Connection
) -> None:
    archive = archiving.Archive(connection, "0003")
    archive.take_attribute("course.order", "courses", "order")
    archive.take_entity("teacher", "teachers", {})
    archive.take_relationship("x", "c to t", "courses", "id", "t", "courses", "teachers")
    assert rows(connection, "SELECT count(*) FROM teachers") == [(3,)]


def test_rows_of_an_entity_come_back_with_their_ids_and_no_id_is_given_twice(
    archiving: Any, connection: Connection
) -> None:
    archive = archiving.Archive(connection, "0002")
    archive.put_entity("teacher", "teachers", {"full_name": ("name", "string")})
    connection.exec_driver_sql("DROP TABLE teachers")
    connection.exec_driver_sql("CREATE TABLE teachers (id INTEGER PRIMARY KEY AUTOINCREMENT, n)")
    archive.take_entity("teacher", "teachers", {"full_name": "n"})
    connection.exec_driver_sql("INSERT INTO teachers (n) VALUES ('new')")
    assert rows(connection, "SELECT * FROM teachers") == [
        (1, "Ana"), (2, "Bia"), (3, "Caio"), (5, "new"),
    ]  # fmt: skip


def test_links_come_back_where_both_rows_are_there(archiving: Any, connection: Connection) -> None:
    archive = archiving.Archive(connection, "0002")
    archive.put_relationship("link", "c to t", "pairs", "a", "b")
    connection.exec_driver_sql("DELETE FROM pairs")
    connection.exec_driver_sql("DELETE FROM teachers WHERE id = 2")
    archive.take_relationship("link", "c to t", "pairs", "a", "b", "courses", "teachers")
    assert rows(connection, "SELECT * FROM pairs") == [(1, 1), (3, 3)]
    assert contents(connection) == []


def test_links_without_room_in_a_reference_stay_in_the_archive(
    archiving: Any, connection: Connection
) -> None:
    connection.exec_driver_sql("UPDATE courses SET t = NULL")
    archive = archiving.Archive(connection, "0002")
    archive.put_relationship("link", "c to t", "pairs", "a", "b")
    archive.take_relationship("link", "c to t", "courses", "id", "t", "courses", "teachers")
    assert rows(connection, "SELECT id, t FROM courses") == [(1, None), (2, 2), (3, 3)]
    assert contents(connection) == [("relationship", "link", "0002", 2)]


def test_exclusive_references_take_no_shared_row(archiving: Any, connection: Connection) -> None:
    connection.exec_driver_sql("UPDATE courses SET t = NULL")
    connection.exec_driver_sql("DELETE FROM pairs WHERE (a, b) = (1, 1)")
    archive = archiving.Archive(connection, "0002")
    archive.put_relationship("link", "c to t", "pairs", "a", "b")
    archive.take_relationship(
        "link", "c to t", "courses", "id", "t", "courses", "teachers", exclusive=True
    )
    assert rows(connection, "SELECT id, t FROM courses") == [(1, None), (2, None), (3, 3)]


def test_the_archive_is_emptied_for_good(archiving: Any, connection: Connection) -> None:
    archive = archiving.Archive(connection, "0002")
    archive.put_attribute("course.order", "integer", "courses", "order")
    archive.put_relationship("link", "c to t", "pairs", "a", "b")
    driver: sqlite3.Connection = connection.connection.driver_connection  # type: ignore[assignment]  # of sqlite
    kept, dropped = archive_contents(driver)
    drop_archived(driver, [dropped])
    assert archive_contents(driver) == (kept,)
