"""The generated pages in a real browser: what only a browser shows (clicks, focus, addresses)."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from tests.integration.command import free_port
from tests.integration.page_system import PageSystem, generate, serving

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
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PageSystem]:
    """The system with its API and its pages served; the pages' address is in ``ui_url``."""
    if CHROMIUM is None:
        pytest.skip("no Chromium here: install the package chromium, or set CHROMIUM to its path")
    made = generate(tmp_path_factory.mktemp("browser"))
    with serving(["-m", "app"], made.folder, f"{made.api_url}/health", API_PORT=str(made.api_port)):
        yield made


@pytest.fixture(scope="module")
def ui_url(system: PageSystem) -> Iterator[str]:
    url = f"http://127.0.0.1:{(port := free_port())}"
    command = ["-m", "streamlit", "run", "ui/app.py", "--server.port", str(port)]
    with serving(command, system.folder, f"{url}/_stcore/health", API_URL=system.api_url):
        yield url


@pytest.fixture
def page(ui_url: str) -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.set_default_timeout(10_000)
        page.goto(ui_url)
        expect(page.get_by_role("heading", name="Overview")).to_be_visible(timeout=20_000)
        yield page
        browser.close()


def row(page: Page, number: int) -> None:
    """Click the first cell of a row of the table; 0 is its head."""
    table = page.get_by_test_id("stDataFrame").locator(".dvn-scroller").first
    expect(table).to_be_visible()
    table.click(position={"x": 40, "y": ROW_HEIGHT * number + ROW_HEIGHT // 2})


def test_a_visitor_creates_edits_and_deletes_a_record(page: Page, system: PageSystem) -> None:
    page.get_by_role("link", name="Add course").click()
    page.get_by_label("Title *", exact=True).fill("Logic")
    page.get_by_label("Credits *", exact=True).fill("50")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Not saved yet.")).to_be_visible()
    expect(page.get_by_label("Title *", exact=True)).to_have_value("Logic")
    expect(page.get_by_text("less than or equal to 12")).to_be_visible()
    assert system.all("courses") == []

    system.add("teachers", name="Ada")
    page.get_by_label("Credits *", exact=True).fill("5")
    picker = page.get_by_test_id("stSelectbox")
    picker.click()
    page.get_by_role("option", name="Ada").click()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Logic was added.")).to_be_visible()
    expect(page.locator("[data-testid=stDataFrame] td", has_text="Ada")).to_have_count(1)

    row(page, 1)
    expect(page).to_have_url(re.compile(r"/courses\?id=\d+$"))
    expect(page.get_by_role("heading", name="Logic")).to_be_visible()
    page.get_by_label("Title *", exact=True).fill("Modal logic")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Modal logic was saved.")).to_be_visible()
    expect(page.locator("[data-testid=stDataFrame] td", has_text="Modal logic")).to_have_count(1)

    row(page, 1)
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("Delete Modal logic? This can't be undone.")).to_be_visible()
    page.get_by_role("button", name="Yes, delete").click()
    expect(page.get_by_text("There are no courses yet.")).to_be_visible()
    assert system.all("courses") == []


def test_a_click_on_a_columns_title_sorts_by_it(page: Page, system: PageSystem) -> None:
    for number in range(22):
        system.add("students", name=f"S{number:02}", email=f"s{number}@example.org")
    page.get_by_role("link", name="Students").first.click()
    expect(page.get_by_text("1 to 20 of 22")).to_be_visible()
    row(page, 0)
    expect(page.get_by_text("Name ↑")).to_have_count(1)
    row(page, 0)
    expect(page.get_by_text("Name ↓")).to_have_count(1)
    expect(page.locator("[data-testid=stDataFrame] tbody td").first).to_have_text("S21")
    page.get_by_role("button", name="Next page").click()
    expect(page.get_by_text("21 to 22 of 22")).to_be_visible()
    last_row = page.locator("[data-testid=stDataFrame] tbody tr").last
    expect(last_row.locator("td").first).to_have_text("S00")
