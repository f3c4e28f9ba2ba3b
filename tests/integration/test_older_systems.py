"""Systems that earlier versions made and people filled evolve under this one."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from baes.core.enhanced_runtime_kernel import Consents, EnhancedRuntimeKernel
from baes.core.generator_version import generator_version
from baes.core.switches import Switches
from tests.integration.managed_system import serving

POPULATED = Path(__file__).parent / "populated"
CONSENT = Consents(data_loss=True)


@pytest.fixture(params=sorted(POPULATED.glob("school_*")), ids=lambda folder: folder.name)
def project(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    folder: Path = request.param
    return shutil.copytree(folder, tmp_path / folder.name)


@pytest.fixture
def parcels(tmp_path: Path) -> Path:
    """Made before the scale of a decimal was kept; ``mass`` was called ``amount`` at first."""
    folder: Path = shutil.copytree(POPULATED / "parcels_format_1", tmp_path / "parcels")
    return folder


def kernel(project: Path) -> EnhancedRuntimeKernel:
    return EnhancedRuntimeKernel(project, switches=Switches(), background_suite=False)


def rows(project: Path, query: str) -> list[tuple[Any, ...]]:
    database = project / "managed_system" / "app" / "database" / "baes_system.db"
    with closing(sqlite3.connect(database)) as connection:
        return connection.execute(query).fetchall()


def test_an_older_system_evolves_with_its_rows_and_is_taken_back(project: Path) -> None:
    students = rows(project, "SELECT name, email, birth_date FROM students ORDER BY id")
    links = rows(project, "SELECT * FROM students_courses ORDER BY 1, 2")
    for text in (
        "Add an optional phone to Teacher.",
        "Rename email of Student to contact.",
        "Remove credits from Course.",
    ):
        report = kernel(project).carry_out(text, consents=CONSENT)
        assert report.error is None, report.error
    assert rows(project, "SELECT name, contact, birth_date FROM students ORDER BY id") == students
    with serving(project / "managed_system") as api:
        assert api.get("/api/students/1").json()["contact"] == students[0][1]
        assert api.get("/api/teachers/1").json()["phone"] is None
        assert "credits" not in api.get("/api/courses/1").json()
    report = kernel(project).undo(3, consents=CONSENT)
    assert report.error is None, report.error
    assert rows(project, "SELECT name, email, birth_date FROM students ORDER BY id") == students
    assert rows(project, "SELECT * FROM students_courses ORDER BY 1, 2") == links
    assert rows(project, "SELECT credits FROM courses") == [(4,), (12,), (1,), (2,)]


def test_an_older_system_is_written_anew_as_a_whole(project: Path) -> None:
    outdated = project / "managed_system" / "app" / "outdated.py"
    manifest = project / ".baes" / "manifest.json"
    data = json.loads(manifest.read_text())
    outdated.write_text("")
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    data["files"]["app/outdated.py"] = empty
    manifest.write_text(json.dumps(data))
    report = kernel(project).carry_out("Add an optional phone to Teacher.", consents=Consents())
    assert report.error is None, report.error
    assert json.loads(manifest.read_text())["generator"] == generator_version()
    assert not outdated.exists()
    revisions = project / "managed_system" / "app" / "database" / "migrations" / "versions"
    assert len(list(revisions.glob("0*.py"))) == 2
    result = subprocess.run(
        [sys.executable, "-m", "pytest"],
        cwd=project / "managed_system",
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert result.returncode == 0, result.stdout[-4000:] + result.stderr


def test_decimals_of_an_older_system_mean_what_they_meant(parcels: Path) -> None:
    first = {"mass": "12.34", "weight": "0.000001", "volume": "1.125", "duty": "3.50"}
    second = {"mass": "-7.00", "weight": "250.750000", "volume": "0.001", "duty": "0.00"}
    stored = rows(parcels, "SELECT mass, weight, volume, duty FROM parcels ORDER BY id")
    report = kernel(parcels).carry_out("Rename weight of Parcel to price.", consents=Consents())
    assert report.error is None, report.error
    assert rows(parcels, "SELECT mass, price, volume, duty FROM parcels ORDER BY id") == stored
    with serving(parcels / "managed_system") as api:
        for expected in (first, second):
            expected["price"] = expected.pop("weight")
        records = api.get("/api/parcels").json()
        assert [{key: r[key] for key in first} for r in records] == [first, second]
        tare = {"mass": "1", "price": "0.000002", "volume": "1", "duty": "1"}
        made = api.post("/api/parcels", json={"number": "A3", "pieces": 1, **tare})
        assert made.json()["price"] == "0.000002"
        assert api.post("/api/parcels", json={**tare, "mass": "1.001"}).status_code == 422
    report = kernel(parcels).undo(3, consents=CONSENT)
    assert report.error is None, report.error
    with serving(parcels / "managed_system") as api:
        back = [
            (r["amount"], r["weight"], r["insured_value"]) for r in api.get("/api/parcels").json()
        ]
    assert back[:2] == [("12.34", "0.000001", "100.10"), ("-7.00", "250.750000", "9999999.99")]
    assert back[2] == ("1.00", "0.000002", None)


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    """Rules over three tables, linked tags, and an attribute in the archive."""
    folder: Path = shutil.copytree(POPULATED / "orders_format_2", tmp_path / "orders")
    return folder


def test_rules_of_an_older_system_stay_in_force_while_it_evolves(orders: Path) -> None:
    items = rows(orders, "SELECT id, quantity, unit_price, order_id FROM items ORDER BY id")
    for text in (
        "Rename unit price of Item to price.",
        "Rename Customer to Client.",
        "Remove Tag.",
    ):
        report = kernel(orders).carry_out(text, consents=CONSENT)
        assert report.error is None, report.error
    with serving(orders / "managed_system") as api:
        assert api.get("/api/clients/1").json()["balance"] == "460.07"
        over = api.patch("/api/items/1", json={"price": "300.00"})
        assert (over.status_code, "credit limit" in over.text) == (422, True)
        assert api.patch("/api/items/1", json={"price": "20.00"}).json()["amount"] == "60.00"
        assert api.get("/api/clients/1").json()["balance"] == "460.10"
        assert api.patch("/api/orders/2", json={"status": "open"}).status_code == 422
        assert api.patch("/api/items/1", json={"price": "19.99"}).status_code == 200
    report = kernel(orders).undo(4, consents=CONSENT)
    assert report.error is None, report.error
    stored = "SELECT id, quantity, unit_price, order_id FROM items ORDER BY id"
    assert rows(orders, stored) == items
    assert rows(orders, "SELECT phone FROM customers") == [("+351 912 345 678",), (None,)]
    with serving(orders / "managed_system") as api:
        tags = api.get("/api/items/1/tags").json()
        assert sorted(tag["word"] for tag in tags) == ["fragile", "gift"]
        assert api.patch("/api/items/1", json={"unit_price": "300.00"}).status_code == 422
