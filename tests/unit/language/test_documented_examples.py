"""What ``docs/languages.md`` says to do is done to a copy of the program, and works."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from baes.datafiles import PACKAGE

PAGE = (PACKAGE.parent / "docs" / "languages.md").read_text(encoding="utf-8")
RUSTLED = "Rustle up a system for boats with name and draught in fathoms"
SPANISH = "Crea un sistema para gestionar alumnos con nombre y fecha de nacimiento"
SPANISH_ENTITIES = "Crea profesores (nombre) y cursos (nombre)"
SPANISH_LINK = "Cada curso tiene un profesor."
RUN = "import sys; from baes.cli.main import main; sys.exit(main(sys.argv[1:]))"


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the program in which all commands of the page were carried out."""
    folder = tmp_path_factory.mktemp("checkout")
    shutil.copytree(PACKAGE, folder / "baes", ignore=shutil.ignore_patterns("__pycache__"))
    for commands in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL):
        subprocess.run(["/bin/sh", "-e", "-c", commands], cwd=folder, check=True)
    return folder


def interpreted(folder: Path, text: str) -> dict[str, Any]:
    command = [sys.executable, "-c", RUN, "interpret", text, "--json"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def test_the_sentences_of_the_page_are_those_tried_here() -> None:
    for sentence in (RUSTLED, SPANISH, SPANISH_ENTITIES, SPANISH_LINK):
        assert sentence in PAGE


def test_without_the_page_its_sentences_are_not_understood() -> None:
    for sentence in (RUSTLED, SPANISH):
        assert interpreted(PACKAGE.parent, sentence)["action"] == "unclear"


def test_a_new_word_and_a_new_unit_are_read(checkout: Path) -> None:
    found = interpreted(checkout, RUSTLED)
    assert found["action"] == "create"
    (boat,) = found["entities"]
    assert [(a["name"], a.get("unit")) for a in boat["attributes"]] == [
        ("name", None),
        ("draught", "fathom"),
    ]


def test_a_new_language_is_read(checkout: Path) -> None:
    found = interpreted(checkout, SPANISH)
    assert found["language"] == "es"
    (student,) = found["entities"]
    assert student["name"] == "Alumno"
    assert [(a["name"], a["type"]) for a in student["attributes"]] == [
        ("nombre", "string"),
        ("fecha_de_nacimiento", "date"),
    ]


def test_a_new_language_relates(checkout: Path) -> None:
    found = interpreted(checkout, f"{SPANISH_ENTITIES}. {SPANISH_LINK}")
    (link,) = found["relationships"]
    assert (link["from"], link["to"], link["kind"]) == ("Curso", "Profesor", "many_to_one")
