"""What all tests share: a scrubbed environment, and skips that count as failures in CI."""

from __future__ import annotations

import os
from collections.abc import Generator

import pytest

_SCRUBBED_PREFIXES = ("OPENAI_", "BAES_", "API_", "UI_", "DATABASE_URL", "CORS_ORIGINS")

_QUIET = ("BAES_BACKGROUND_TESTS", "off")
"""No deploy of a test starts the suite of what it made."""
os.environ.update([_QUIET])


@pytest.fixture(autouse=True)
def scrubbed_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test sees the settings, keys, switches or language of whoever runs it."""
    for name in list(os.environ):
        if name.startswith(_SCRUBBED_PREFIXES):
            monkeypatch.delenv(name)
    monkeypatch.setenv(*_QUIET)
    monkeypatch.setenv("BAES_LANGUAGE", "en")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A machine that builds has everything: what is skipped there was not tested."""
    report = yield
    if os.environ.get("CI") == "true" and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped in CI: {report.longrepr}"
    return report


def pytest_xdist_auto_num_workers() -> int:
    """Three workers for two processors: a third of the tests' time is waiting for servers."""
    return max(2, (os.cpu_count() or 1) * 3 // 2)
