"""The generated pages in a real browser: what only a browser shows (clicks, files, addresses)."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from baes.spec.changes import Change
from tests.integration.command import free_port
from tests.integration.page_system import LOJA, SHOP, PageSystem, generate, serving

pytestmark = pytest.mark.browser

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
ROW_HEIGHT = 35


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no Chromium here: install the package chromium, or set CHROMIUM to its path")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()


@contextlib.contextmanager
def served(
    folder: Path, changes: Sequence[Change], language: str
) -> Iterator[tuple[PageSystem, str]]:
    """(a system with its API, the address of its pages), both served."""
    made = generate(folder, changes, language)
    url = f"http://127.0.0.1:{(port := free_port())}"
    pages = ["-m", "streamlit", "run", "ui/app.py", "--server.port", str(port)]
    api = {"API_PORT": str(made.api_port), "API_KEY": "secret"}
    with (
        serving(["-m", "app"], folder, f"{made.api_url}/health", **api),
        serving(pages, folder, f"{url}/_stcore/health", API_URL=made.api_url, API_KEY="secret"),
    ):
        yield made, url


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[PageSystem, str]]:
    with served(tmp_path_factory.mktemp("shop"), SHOP, "en") as found:
        yield found


def opened(browser: Browser, url: str, locale: str, width: int = 1280) -> Page:
    page = browser.new_page(viewport={"width": width, "height": 900}, locale=locale)
    page.set_default_timeout(15_000)
    page.goto(url)
    return page


def cell(page: Page, text: str) -> None:
    """See that the table has a text in one cell."""
    found = page.locator("[data-testid=stDataFrame] td", has_text=re.compile(f"^{text}$"))
    expect(found).to_have_count(1)


def click_row(page: Page, number: int) -> None:
    """Click the first cell of a row of the table; 0 is its head."""
    table = page.get_by_test_id("stDataFrame").locator(".dvn-scroller").first
    expect(table).to_be_visible()
    table.click(position={"x": 40, "y": ROW_HEIGHT * number + ROW_HEIGHT // 2})


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def choose(page: Page, label: str, option: str) -> None:
    page.get_by_role("combobox", name=label, exact=True).click()
    page.get_by_role("option", name=option, exact=True).click()


def test_an_address_opens_its_page_at_once_and_shows_the_same_to_all(
    browser: Browser, shop: tuple[PageSystem, str]
) -> None:
    system, url = shop
    for number in range(22):
        system.add("students", name=f"S{number:02}", email=f"s{number}@example.org")
    page = opened(browser, f"{url}/students?sort=-name&page=2", "en-US")
    expect(page.get_by_text("21 to 22 of 22")).to_be_visible()
    cell(page, "S00")
    expect(page.get_by_role("dialog")).to_have_count(0)
    for menu in ("stMainMenu", "stAppDeployButton"):
        expect(page.get_by_test_id(menu)).to_have_count(0)
    click_row(page, 0)
    expect(page).to_have_url(re.compile(r"/students\?sort=name$"))
    expect(page.get_by_text("1 to 20 of 22")).to_be_visible()
    cell(page, "S00")
    page.get_by_role("button", name="Next page").click()
    cell(page, "S21")
    page.get_by_placeholder("Search").fill("s1")
    expect(page.get_by_text("11 records")).to_be_visible()
    page.go_back()
    expect(page.get_by_text("21 to 22 of 22")).to_be_visible()
    expect(page.get_by_placeholder("Search")).to_have_value("")
    page.close()
    system.clear()


def test_a_visitor_works_with_records_from_beginning_to_end(
    browser: Browser, shop: tuple[PageSystem, str], tmp_path: Path
) -> None:
    system, url = shop
    for number in range(22):
        system.add("teachers", name=f"Teacher {number:02}")
    page = opened(browser, url, "en-US")
    expect(page.get_by_role("heading", name="Overview")).to_be_visible()
    expect(
        page.locator("[data-testid=stGraphVizChart] svg text", has_text="Student")
    ).to_be_visible()
    page.get_by_role("link", name="Courses").first.click()
    press(page, "New record")
    page.get_by_label("Title *", exact=True).fill("Logic")
    page.get_by_label("Credits *", exact=True).fill("50")
    page.get_by_label("Search: Teachers").fill("r 21")
    choose(page, "Teacher *", "Teacher 21")
    press(page, "Save")
    expect(page.get_by_text("Not saved yet.")).to_be_visible()
    expect(page.get_by_label("Title *", exact=True)).to_have_value("Logic")
    expect(page.locator(".stMarkdown", has_text="12").first).to_be_visible()
    assert system.all("courses") == []
    page.get_by_label("Credits *", exact=True).fill("5")
    press(page, "Save")
    expect(page.get_by_text("Logic was added.")).to_be_visible()

    page.get_by_role("link", name="Teacher 21").click()
    expect(page.get_by_role("heading", name="Courses (1)")).to_be_visible()
    click_row(page, 1)
    expect(page.get_by_role("heading", name="Logic")).to_be_visible()
    press(page, "Edit")
    page.get_by_label("Title *", exact=True).fill("Modal logic")
    press(page, "Save")
    expect(page.get_by_role("heading", name="Modal logic")).to_be_visible()

    press(page, "Courses")
    press(page, "Filter")
    page.get_by_label("Credits", exact=True).fill("4")
    page.get_by_label("Credits", exact=True).press("Enter")
    expect(page.get_by_text("Nothing found.")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/courses\?credits=4$"))
    press(page, "Credits: 4")
    cell(page, "Modal logic")

    press(page, "More")
    with page.expect_download() as download:
        press(page, "Export CSV")
    exported = Path(download.value.path()).read_text(encoding="utf-8-sig")
    assert exported.splitlines()[1].split(",")[1:] == ["Modal logic", "5", "22", "Teacher 21"]
    press(page, "Import CSV")
    changed = tmp_path / "courses.csv"
    changed.write_text(f"{exported}\n,Optics,3,,Teacher 00\n,Bad,99,1,\n".replace(",5,", ",6,"))
    page.set_input_files("input[type=file]", changed)
    expect(page.get_by_text("2 rows with errors · 1 to update")).to_be_visible()
    choose(page, "teacher_id", "Leave out")
    choose(page, "Teacher", "Teacher (by name)")
    expect(page.get_by_text("1 row with errors · 1 to add · 1 to update")).to_be_visible()
    press(page, "Import 2 rows")
    expect(
        page.get_by_text("1 record added. 1 record updated. 1 row not imported.")
    ).to_be_visible()
    assert [(c["title"], c["credits"]) for c in system.all("courses")] == [
        ("Modal logic", 6),
        ("Optics", 3),
    ]

    press(page, "Show the records")
    cell(page, "Optics")
    expect(page.get_by_role("heading", name="Courses", exact=True)).to_be_visible()
    click_row(page, 1)
    press(page, "Delete")
    page.get_by_role("dialog").get_by_role("button", name="Yes, delete").click()
    expect(page.get_by_text("Modal logic was deleted.")).to_be_visible()
    cell(page, "Optics")
    assert len(system.all("courses")) == 1
    page.close()
    system.clear()


def test_a_portuguese_system_speaks_portuguese_on_a_phone(browser: Browser, tmp_path: Path) -> None:
    with served(tmp_path, LOJA, "pt") as (system, url):
        ana = system.add("clientes", nome="Ana", email="ana@exemplo.com.br")
        page = opened(browser, f"{url}/pedidos?new=1&cliente_id={ana}", "pt-BR", width=390)
        expect(page.get_by_role("heading", name="Novo registro: Pedido")).to_be_visible()
        page.get_by_label("Número *").fill("1")
        page.get_by_label("Valor (R$) *").fill("1.234")
        press(page, "Salvar")
        expect(page.get_by_text("Ainda não foi salvo.")).to_be_visible()
        page.get_by_label("Valor (R$) *").fill("1.234,50")
        page.get_by_label("Peso (kg)").fill("0,5")
        press(page, "Salvar")
        expect(page.get_by_text("R$ 1.234,50")).to_be_visible()
        expect(page.get_by_text("Registro criado: Pedido 1.")).to_be_visible()
        press(page, "Pedidos")
        cell(page, re.escape("R$ 1.234,50"))
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        press(page, "Mais")
        with page.expect_download() as download:
            press(page, "Exportar CSV")
        exported = Path(download.value.path()).read_text(encoding="utf-8-sig")
        assert exported.splitlines()[1] == "1;1;1234,50;0,5;aberto;1;Ana;;"
        english = re.compile(r"\b(Save|Search|Upload|Delete|record|Choose|files?|rows?)\b")
        for address in (
            "",
            "/pedidos",
            "/pedidos?id=1",
            "/pedidos?id=1&edit=1",
            "/pedidos?import=1",
        ):
            page.goto(f"{url}{address}")
            expect(page.get_by_role("heading").first).to_be_visible()
            page.wait_for_function("!document.querySelector('[data-testid=stStatusWidget]')")
            said = page.get_by_test_id("stMain").inner_text()
            assert english.findall(said.replace("Upload", "")) == [], (address, said)
        page.close()
