"""The eight principles, as far as a program can check them.

Style, types and the order of the layers are held by the linters of ``make check``; here is what
they don't see.
"""

from __future__ import annotations

import ast
import functools
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import get_args

import pytest

from baes.cli.commands import COMMANDS
from baes.core.custom_answer import CustomAnswer
from baes.core.enhanced_runtime_kernel import STAGES
from baes.core.reading_answer import ReadingAnswer
from baes.datafiles import PACKAGE
from baes.llm.answer_schema import NoAnswer, read_answer
from baes.llm.model import Purpose

ROOT = PACKAGE.parent
STATEMENTS = 6
"""From this many on two equal bodies are no coincidence."""
OUTERMOST = {"cli/main.py", "core/server_process.py", "llm/client.py"}
"""Where any exception has to become an answer, a log line or a sentence."""
FOREIGN_CODE = {
    "core/asgi.py",
    "core/custom_trial_process.py",
    "core/gate.py",
    "standards/validation_rules.py",
}
"""What code under test raises is its result, and said; none of it approves anything."""


@functools.cache
def modules() -> Mapping[str, ast.Module]:
    """Path within the package -> its syntax tree."""
    paths = sorted(p for p in PACKAGE.rglob("*.py") if "templates" not in p.parts)
    return {p.relative_to(PACKAGE).as_posix(): ast.parse(p.read_text("utf-8")) for p in paths}


def imported(room: str) -> Iterator[tuple[str, str]]:
    """(path, module that it imports), for all modules of a room."""
    for path, tree in modules().items():
        if not path.startswith(room):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom):
                yield path, node.module or ""
            elif isinstance(node, ast.Import):
                yield from ((path, name.name) for name in node.names)


def test_1_meaning_belongs_to_the_baes_and_technique_to_the_sweas() -> None:
    rooms = {
        "swea_agents/": ("baes.language", "baes.domain_entities"),
        "domain_entities/": ("baes.swea_agents", "baes.templates", "baes.utils.template_registry"),
    }
    crossed = [
        (path, name)
        for room, others in rooms.items()
        for path, name in imported(room)
        if name.startswith(others)
    ]
    assert crossed == []


def test_2_style_types_and_docstrings_are_demanded_of_all_that_is_made_here() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]
    assert settings["mypy"]["strict"] is True
    assert settings["ruff"]["line-length"] == 100
    assert {"E", "W", "N", "D"} <= set(settings["ruff"]["lint"]["select"])
    exempt = settings["ruff"]["lint"]["per-file-ignores"]
    assert not [pattern for pattern in exempt if pattern.startswith("baes")]


def test_3_no_function_of_some_length_is_written_twice() -> None:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for path, tree in modules().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and len(node.body) >= STATEMENTS:
                body = node.body[1:] if ast.get_docstring(node) else node.body
                found["\n".join(map(ast.dump, body))].append(f"{path}:{node.name}")
    assert [places for places in found.values() if len(places) > 1] == []


@pytest.mark.parametrize("command", COMMANDS)
def test_4_each_command_is_run_by_an_integration_test(command: str) -> None:
    tests = (ROOT / "tests" / "integration").glob("test_*.py")
    assert any(f'"{command}"' in path.read_text("utf-8") for path in tests)


def test_5_a_model_is_asked_in_one_place_and_every_question_has_a_stage_that_pays() -> None:
    asking = {p for p, name in imported("") if name.split(".")[0] in ("openai", "anthropic")}
    assert asking == {"llm/client.py", "llm/reachability.py"}
    assert set(STAGES) == set(get_args(Purpose))


def test_6_no_error_is_swallowed() -> None:
    """What catches everything raises it again, but for where nobody is left to hear of it."""
    swallowed = [
        f"{path}:{node.lineno}"
        for path, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler) and _catches_all(node)
        if path not in OUTERMOST | FOREIGN_CODE and not _raises(node)
    ]
    assert swallowed == []


def _catches_all(handler: ast.ExceptHandler) -> bool:
    names = (
        {n.id for n in ast.walk(handler.type) if isinstance(n, ast.Name)} if handler.type else {""}
    )
    return bool(names & {"", "Exception", "BaseException", "BaseExceptionGroup"})


def _raises(handler: ast.ExceptHandler) -> bool:
    return any(isinstance(node, ast.Raise) for node in ast.walk(handler))


@pytest.mark.parametrize("form", [CustomAnswer, ReadingAnswer], ids=lambda form: form.__name__)
@pytest.mark.parametrize("answer", ["", "sure!", "[]", '{"invented": 1}'])
def test_7_what_a_model_says_is_held_against_its_form(
    form: type[CustomAnswer] | type[ReadingAnswer], answer: str
) -> None:
    assert form.model_config["extra"] == "forbid"
    with pytest.raises(NoAnswer):
        read_answer(answer, form)


def test_8_generated_files_are_never_mended_by_hand() -> None:
    assert not (ROOT / "managed_system").exists()
    mending = ("baes.core.code_repair", "baes.utils.code_patcher")
    generating = ("core/code_generation.py", "swea_agents/", "templates/")
    mended = [(p, n) for room in generating for p, n in imported(room) if n.startswith(mending)]
    assert mended == [], "a template's fault is mended in the template"


def test_8_what_the_templates_make_names_its_template() -> None:
    made = ROOT / "baes" / "swea_agents"
    direct = [
        f"{path.name}:{node.lineno}"
        for path in made.glob("*_swea.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "Artifact"
        and path.name != "base_swea.py"
    ]
    assert direct == [], "files come from the registry's templates, by way of BaseSWEA"
