"""The generated pages with many records: how long a visitor waits for a list and for a search.

``python -m benchmarks.pages``: a real Chromium against the API and the pages of one system. The
first paint is from the request of the address to the rows on the screen, everything loaded anew.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from baes.spec.changes import AddEntity, Change
from baes.spec.model import Attribute, Entity
from benchmarks.figure import Figure, table
from tests.integration.command import free_port
from tests.integration.page_system import PageSystem, generate, serving

__all__ = ["figures"]

RECORDS = 100_000
ROUNDS = 5
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]

STUDENT: tuple[Change, ...] = (
    AddEntity(
        Entity(
            "Student",
            (
                Attribute("name", "string"),
                Attribute("email", "email", unique=True),
                Attribute("birth_date", "date"),
            ),
        )
    ),
)


def figures() -> list[Figure]:
    """Seconds to the first rows, and from the last letter typed to the rows that it finds."""
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if chromium is None:
        print("no Chromium here: the pages are not measured")
        return []
    with (
        tempfile.TemporaryDirectory(prefix="baes-pages-") as name,
        _served(Path(name)) as url,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        _first_paint(browser, url)  # the server imports what it needs
        paints = [_first_paint(browser, url) for _ in range(ROUNDS)]
        searches = _searches(browser, url)
        browser.close()
    return [
        Figure("first paint of a list", statistics.median(paints), "s", 2.0),
        Figure("search in a list", statistics.median(searches), "s", 1.0),
        Figure("slowest search in a list", max(searches), "s", 1.0),
    ]


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    """The address of the pages of a system with many records."""
    made = generate(folder, STUDENT)
    api = {"API_PORT": str(made.api_port)}
    with serving(["-m", "app"], folder, f"{made.api_url}/health", **api):
        _fill(made)
        url = f"http://127.0.0.1:{(port := free_port())}"
        pages = ["-m", "streamlit", "run", "ui/app.py", "--server.port", str(port)]
        with serving(pages, folder, f"{url}/_stcore/health", API_URL=made.api_url):
            yield url


def _fill(system: PageSystem) -> None:
    """Store the records behind the API's back, which would take minutes."""
    rows = (
        (f"Student {n}", f"student{n}@example.org", f"{1980 + n % 40}-01-{n % 28 + 1:02}")
        for n in range(RECORDS)
    )
    file = next(system.folder.rglob("*.db"))
    with closing(sqlite3.connect(file, timeout=30)) as connection, connection:
        sql = "INSERT INTO students (name, email, birth_date) VALUES (?, ?, ?)"
        connection.executemany(sql, rows)


def _first_paint(browser: Browser, url: str) -> float:
    context = browser.new_context()
    page = context.new_page()
    start = time.perf_counter()
    page.goto(f"{url}/students", wait_until="commit")
    page.get_by_text("1 to 20 of 100,000").wait_for(timeout=60_000)
    page.locator("[data-testid=stDataFrame] canvas").first.wait_for()
    seconds = time.perf_counter() - start
    context.close()
    return seconds


def _searches(browser: Browser, url: str) -> list[float]:
    """Searches that find many, few, one and none; the box waits 0.2 s for the next letter."""
    page = browser.new_page()
    page.goto(f"{url}/students")
    page.get_by_text("1 to 20 of 100,000").wait_for(timeout=60_000)
    wanted = [
        ("student 99", "1 to 20 of 1111"),
        ("STUDENT 9999", "11 records"),
        ("nobody", "Nothing found."),
        ("student77777@", "1 record"),
        ("example.org", "1 to 20 of 100,000"),
    ]
    return [_search(page, words, found) for words, found in wanted]


def _search(page: Page, words: str, found: str) -> float:
    start = time.perf_counter()
    page.get_by_placeholder("Search").fill(words)
    page.get_by_text(found, exact=found[0] == "1").wait_for(timeout=60_000)
    return time.perf_counter() - start


if __name__ == "__main__":
    print(table("pages", figures()))
