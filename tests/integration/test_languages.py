"""What the commands say follows the request's language, the system's, or the locale's."""

from __future__ import annotations

import argparse
import ast
import inspect
import os
import re
from pathlib import Path

import pytest

from baes.cli.commands import COMMANDS
from baes.datafiles import load_toml
from tests.integration.command import Project

PORTUGUESE = {"LANG": "pt_BR.UTF-8"}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


def in_portuguese() -> dict[str, str]:
    return {k: v for k, v in os.environ.items() if k != "BAES_LANGUAGE"} | PORTUGUESE


@pytest.mark.parametrize("command", COMMANDS)
def test_help_is_in_the_language_of_the_locale(project: Project, command: str) -> None:
    english = project.run(command, "--help").out
    portuguese = project.run(command, "--help", env=in_portuguese()).out
    assert portuguese.startswith("uso: baes")
    assert "opções:" in portuguese
    same = set(english.splitlines()) & set(portuguese.splitlines())
    assert not {line for line in same if re.search(r"^\s*\w+ \w+", line)}


def test_a_wrong_option_is_refused_in_the_language_of_the_locale(project: Project) -> None:
    ran = project.run("serve", "--api-port", "99999", env=in_portuguese())
    assert ran.status == 2
    assert "erro: argumento --api-port: 99999 não é uma porta" in ran.err
    ran = project.run("serve", "--frob", env=in_portuguese())
    assert "argumentos desconhecidos: --frob" in ran.err


def test_argparse_still_has_the_words_that_are_translated() -> None:
    spoken = {
        node.value
        for node in ast.walk(ast.parse(inspect.getsource(argparse)))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    # Newer versions of Python word a few of them otherwise; both wordings stay in the file.
    missing = set(load_toml("cli/argparse_words/pt.toml")) - spoken
    assert len(missing) <= 3, missing


def test_an_error_without_a_system_is_told_in_the_language_of_the_locale(project: Project) -> None:
    ran = project.run("serve", "--json", env=in_portuguese())
    assert ran.json["error"] == "SERVER_FAILED"
    assert ran.json["message"].startswith("Não há nada para servir.")


def test_a_request_is_answered_in_its_own_language_whatever_the_locale(project: Project) -> None:
    ran = project.run("request", "Create a Student with name", env=in_portuguese())
    assert ran.out.startswith("Student is new, with name (text).")
    assert "Done: " in ran.out


def test_a_system_is_spoken_of_in_its_own_language(project: Project) -> None:
    assert project.request("Create a Student with name").status == 0
    assert "Version 1 with Student" in project.run("status", env=in_portuguese()).out


def test_a_missing_system_is_spoken_of_in_the_language_of_the_locale(project: Project) -> None:
    assert "Ainda não há sistema" in project.run("status", env=in_portuguese()).out
