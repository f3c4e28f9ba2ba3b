"""Values that people's own code stores, past the checks of the API."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from baes.spec.changes import AddEntity
from baes.spec.model import Attribute, Entity
from tests.integration.managed_system import write_system

SCRIPT = """
from decimal import Decimal

from sqlalchemy.exc import StatementError
from sqlalchemy.orm import Session

from app.database.connection import Database
from app.models.book import Book

database = Database("sqlite://")
database.prepare()
with Session(bind=database._writer) as session:
    for value in (3, Decimal("2.50"), Decimal("7")):
        session.add(Book(price=value))
    session.flush()
    session.expire_all()
    print([str(book.price) for book in session.query(Book).order_by(Book.price)])
    session.add(Book(price=Decimal("1.005")))
    try:
        session.flush()
    except StatementError as error:
        print(error.orig)
"""


def test_own_code_stores_decimals_exactly_or_not_at_all(tmp_path: Path) -> None:
    write_system(tmp_path, [AddEntity(Entity("Book", (Attribute("price", "decimal", scale=2),)))])
    result = subprocess.run(
        [sys.executable, "-c", SCRIPT], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert result.stdout.splitlines() == [
        "['2.50', '3.00', '7.00']",
        "1.005 has more than 2 digits after the point",
    ]
