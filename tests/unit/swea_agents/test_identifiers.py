"""Names inside the generated code, and the data that say which words are taken."""

from __future__ import annotations

import doctest
import keyword
import re

import pytest
from pydantic import BaseModel
from sqlalchemy.orm import DeclarativeBase

from baes.core.formatter import LINE_LENGTH, format_artifacts
from baes.datafiles import load_toml
from baes.swea_agents import checks, identifiers, imports, literals, pattern_samples
from baes.swea_agents.template_samples import sample_artifacts
from baes.utils.template_registry import TemplateRegistry

RESERVED = load_toml("swea_agents/data/identifiers.toml")


class Base(DeclarativeBase):
    """Shows what SQLAlchemy keeps for itself."""


@pytest.mark.parametrize("module", [checks, identifiers, imports, literals, pattern_samples])
def test_examples_in_docstrings_hold(module: object) -> None:
    assert doctest.testmod(module).failed == 0  # type: ignore[arg-type]  # a module


def test_every_name_that_the_libraries_keep_is_reserved() -> None:
    kept = {name for owner in (BaseModel, Base) for name in dir(owner) if name[0] != "_"}
    assert kept <= set(RESERVED["fields"])


@pytest.mark.parametrize("word", [*keyword.kwlist, "metadata", "json", "model_dump", "limit", "id"])
def test_a_reserved_word_becomes_a_usable_name(word: str) -> None:
    name = identifiers.field_name(word)
    assert name.isidentifier()
    assert not keyword.iskeyword(name)
    assert name not in RESERVED["fields"]


def test_every_class_that_generated_entity_modules_import_is_reserved() -> None:
    folders = ("app/models/", "app/schemas/", "app/routes/")
    libraries = "fastapi|sqlalchemy|sqlalchemy.orm|pydantic|typing|collections.abc"
    own = "app.bodies|app.fields|app.deps|app.errors|app.crud|app.database.base|app.database.types"
    pattern = re.compile(rf"^from (?:{libraries}|{own}) import \(?([\w,\s]+?)\)?$", re.MULTILINE)
    imported = {
        name
        for artifact in sample_artifacts(TemplateRegistry())
        if artifact.entity and any(folder in artifact.path for folder in folders)
        for line in pattern.findall(artifact.content)
        for name in re.findall(r"\w+", line)
        if name[0].isupper() and not name.isupper()
    }
    assert imported <= set(RESERVED["classes"])


def test_no_line_is_too_long_for_another_reason_than_a_long_name() -> None:
    written = format_artifacts(sample_artifacts(TemplateRegistry()))
    python = [artifact for artifact in written if artifact.path.endswith(".py")]
    lines = ((a.path, line) for a in python for line in a.content.splitlines())
    assert [found for found in lines if len(found[1]) > LINE_LENGTH] == []


def test_constraint_names_fit_every_database_and_stay_apart() -> None:
    names = {identifiers.constraint_name("uq", "e" * 63, f"{n}" * 60) for n in range(10)}
    assert len(names) == 10
    assert all(len(name) <= 63 for name in names)
