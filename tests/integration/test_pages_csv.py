"""Importing and exporting CSV files on the generated pages, against the generated API."""

from __future__ import annotations

import csv
import io
import runpy
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.integration.page_system import LOJA, SHOP, PageSystem, generate, serving
from tests.integration.test_frontend_pages import labelled, opened, pressed, ran, rows, texts


@pytest.fixture(scope="module", params=["en", "pt"])
def served(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[PageSystem]:
    changes = {"en": SHOP, "pt": LOJA}[request.param]
    system = generate(tmp_path_factory.mktemp("csv"), changes, request.param)
    command = ["-m", "app"]
    settings = {"API_PORT": str(system.api_port)}
    with serving(command, system.folder, f"{system.api_url}/health", **settings):
        yield system


@pytest.fixture
def system(served: PageSystem, monkeypatch: pytest.MonkeyPatch) -> Iterator[PageSystem]:
    served.clear()
    monkeypatch.setenv("API_URL", served.api_url)
    yield served
    folder = str(served.folder / "ui")
    for name, module in list(sys.modules.items()):
        if str(getattr(module, "__file__", None) or "").startswith(folder):
            del sys.modules[name]


english = pytest.mark.parametrize("served", ["en"], indirect=True)
portuguese = pytest.mark.parametrize("served", ["pt"], indirect=True)


def uploaded(system: PageSystem, entity: str, data: str | bytes) -> AppTest:
    """The page with the preview of a file."""
    page = opened(system, entity, **{"import": "1"})
    content = data.encode() if isinstance(data, str) else data
    page.file_uploader[0].set_value(("file.csv", content, "text/csv"))
    return ran(page)


def preview(page: AppTest) -> list[tuple[object, ...]]:
    """(line, what happens, problem) of each row."""
    return [tuple(row.values())[:3] for row in rows(page)]


@english
def test_rows_are_looked_at_before_anything_is_written(system: PageSystem) -> None:
    page = uploaded(
        system,
        "student",
        "Name,Email,Birth date\n"
        "Ada,ada@example.org,1815-12-10\n"
        ",bob@example.org,\n"
        "Eve,eve@example.org,10/12/1815\n"
        "Twin,ada@example.org,\n"
        "Short\n",
    )
    assert preview(page) == [
        (2, "Error", "Email: The value is in the file more than once"),
        (3, "Error", "Name: Please fill this in"),
        (4, "Error", "Birth date: Enter a date, such as 2026-12-31"),
        (5, "Error", "Email: The value is in the file more than once"),
        (6, "Error", "The row has 1 cells, the titles are 3"),
    ]
    assert labelled(page, "button", "Import 0 rows").disabled
    assert system.all("students") == []


@english
def test_good_rows_are_added_and_bad_ones_handed_back(system: PageSystem) -> None:
    page = uploaded(
        system,
        "course",
        "Title,Credits,Teacher\nLogic,3,Ada\nMusic,99,Ada\nOptics,4,Nobody\n",
    )
    assert [row[:2] for row in preview(page)] == [(2, "Error"), (3, "Error"), (4, "Error")]
    system.add("teachers", name="Ada")
    page = uploaded(
        system,
        "course",
        "Title,Credits,Teacher\nLogic,3,Ada\nMusic,99,Ada\nOptics,4,Nobody\n",
    )
    assert preview(page) == [
        (3, "Error", "Credits: at most 12"),
        (4, "Error", "Teacher: There is no record called Nobody"),
        (2, "Add", ""),
    ]
    page = pressed(page, "Import 1 row")
    assert "1 record added." in texts(page)
    assert "2 rows not imported." in texts(page)
    assert [course["title"] for course in system.all("courses")] == ["Logic"]


@english
def test_a_name_that_several_records_have_is_no_guess(system: PageSystem) -> None:
    for _ in range(2):
        system.add("teachers", name="Ada")
    page = uploaded(system, "course", "Title,Credits,Teacher\nLogic,3,Ada\n")
    assert preview(page)[0][2] == "Teacher: Several records are called Ada. Use the id"


@english
def test_rows_that_are_there_are_updated_by_a_key(system: PageSystem) -> None:
    system.add("students", name="Ada", email="ada@example.org", birth_date="1815-12-10")
    system.add("students", name="Bob", email="bob@example.org")
    page = uploaded(
        system,
        "student",
        "email,name,birth_date\n"
        "ADA@example.org,Ada Lovelace,\n"
        "bob@example.org,Bob,\n"
        "eve@example.org,Eve,2000-01-01\n",
    )
    assert "This value is taken already" in str(preview(page)[0][2])  # as long as all rows are new
    key = labelled(page, "selectbox", "Rows that are there already")
    key.set_value(next(option for option in key.options if "Email" in option))
    page = ran(page)
    assert [row[:2] for row in preview(page)] == [(4, "Add"), (2, "Update"), (3, "No change")]
    page = pressed(page, "Import 2 rows")
    assert "1 record added." in texts(page)
    assert "1 record updated." in texts(page)
    students = [(s["name"], s["birth_date"]) for s in system.all("students")]
    assert students == [("Ada Lovelace", "1815-12-10"), ("Bob", None), ("Eve", "2000-01-01")]


@english
def test_empty_cells_clear_values_only_where_the_visitor_says_so(system: PageSystem) -> None:
    ada = system.add("students", name="Ada", email="ada@example.org", birth_date="1815-12-10")
    page = uploaded(system, "student", f"id,birth_date\n{ada},\n")
    assert preview(page)[0][1] == "No change"
    labelled(page, "checkbox", "Empty cells make existing values empty").check()
    page = pressed(ran(page), "Import 1 row")
    assert system.all("students")[0]["birth_date"] is None


@english
def test_what_the_api_refuses_is_said_with_its_row(system: PageSystem) -> None:
    page = uploaded(system, "student", "Name,Email\nAda,no address\nBob,bob@example.org\n")
    page = pressed(page, "Import 2 rows")
    assert "1 record added." in texts(page)
    assert preview(page)[0][0] == 2
    assert "mail" in str(preview(page)[0][2])


@english
def test_what_was_exported_is_imported_without_a_change(system: PageSystem) -> None:
    teacher = system.add("teachers", name="=Ada")
    courses = [
        system.add("courses", title=title, credits=3, teacher_id=teacher)
        for title in ("Logic, first; second", "'=1")
    ]
    system.add("students", name="+Zoe", email="z@example.org", course_ids=courses)
    for entity in ("student", "course", "teacher"):
        data = exported(system, entity)
        assert data.startswith(b"\xef\xbb\xbf")
        page = uploaded(system, entity, data)
        assert {row[1] for row in preview(page)} == {"No change"}, entity


@english
def test_an_export_holds_what_the_list_finds_on_all_its_pages(system: PageSystem) -> None:
    for number in range(130):
        system.add("teachers", name=f"T{number:03}")
    table = list(csv.reader(io.StringIO(exported(system, "teacher").decode("utf-8-sig"))))
    assert table[0] == ["id", "Name"]
    assert [name for _, name in table[1:]] == [f"T{number:03}" for number in range(130)]
    found = exported(system, "teacher", search="t01", sort="-name").decode("utf-8-sig")
    assert [line.split(",")[1] for line in found.split()[1:]] == [
        f"T{number:03}" for number in range(19, 9, -1)
    ]


def exported(system: PageSystem, entity: str, **view: str) -> bytes:
    """The file that the button of a list gives; AppTest can't press it."""
    opened(system, entity)
    said: dict[str, Any] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            sys.modules["entity_page"], "entity_page", lambda *a, **k: said.update(k, a=a)
        )
        runpy.run_path(str(system.folder / "ui" / "pages" / f"{entity}_page.py"))
    asked = sys.modules["views"].View(**view)
    data = sys.modules["csv_export"].csv_file(said["a"][0], said["attributes"], asked)
    assert isinstance(data, bytes)
    return data


@portuguese
def test_numbers_dates_and_words_are_read_in_the_systems_language(system: PageSystem) -> None:
    system.add("clientes", nome="Ana", email="ana@exemplo.com.br")
    page = uploaded(
        system,
        "pedido",
        "Número;Valor (R$);Peso (kg);Situação;Cliente\n"
        "1;1.234,50;0,5;Pago;Ana\n"
        "2;R$ 10;1.500;aberto;Ana\n"
        "3;0,001;;aberto;Ana\n",
    )
    assert [row[1] for row in preview(page)] == ["Erro", "Erro", "Criar"]
    page = pressed(page, "Importar 1 linha")
    pedido = system.all("pedidos")[0]
    assert (pedido["valor"], pedido["peso"], pedido["situacao"]) == ("1234.50", 0.5, "pago")

    page = uploaded(
        system,
        "cliente",
        "Nome;E-mail;Data de nascimento;Ativo\nÍris;iris@exemplo.com.br;31/12/1990;não\n".encode(
            "cp1252"
        ),
    )
    pressed(page, "Importar 1 linha")
    iris = system.all("clientes")[1]
    assert (iris["nome"], iris["nascimento"], iris["ativo"]) == ("Íris", "1990-12-31", False)
