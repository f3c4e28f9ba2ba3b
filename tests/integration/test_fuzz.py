"""An OpenAPI-driven fuzz finds no 5xx, and no answer that the document doesn't have.

By default it is a short run; ``make fuzz`` asks 5,000 times.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from baes.spec.changes import Change
from baes.spec.model import SystemSpec
from tests.integration.managed_system import write_system
from tests.integration.ruled_systems import BOOKINGS, SHOP
from tests.integration.systems import ESCOLA, EVERYTHING, SCHOOL

EXAMPLES = os.environ.get("BAES_FUZZ_EXAMPLES", "100")
SEED = "20261125"
SYSTEMS = {
    "school": ("en", SCHOOL),
    "escola": ("pt", ESCOLA),
    "everything": ("en", EVERYTHING),
    "shop with rules": ("en", SHOP),
    "bookings with rules": ("en", BOOKINGS),
}


@pytest.mark.parametrize(("language", "changes"), SYSTEMS.values(), ids=SYSTEMS)
def test_whatever_the_document_allows_is_answered_as_it_says(
    tmp_path: Path, language: str, changes: tuple[Change, ...]
) -> None:
    write_system(tmp_path, changes, SystemSpec(language=language))
    command = ["-m", "tests.integration.fuzzing", str(tmp_path), EXAMPLES, SEED]
    result = subprocess.run([sys.executable, *command], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout[-2000:] + result.stderr[-6000:]
    assert "201" in result.stdout
    assert "404" in result.stdout
