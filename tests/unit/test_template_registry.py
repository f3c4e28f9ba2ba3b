"""The catalogue of templates and their rendering."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from baes.errors import ArtifactRejected, InvalidSpec
from baes.spec.pipeline import Artifact, Diagnostic
from baes.utils.template_registry import (
    TEMPLATES,
    TemplateInfo,
    TemplateRegistry,
    compile_all,
    python_type,
)

GREETING = TemplateInfo("greeting.j2", "greeting", "BackendSWEA", "1.0.0", "Greets")


@dataclass(frozen=True)
class View:
    name: str = "O'Brien"


@pytest.fixture
def registry() -> TemplateRegistry:
    return TemplateRegistry()


def test_every_packaged_template_is_catalogued_and_every_entry_exists(
    registry: TemplateRegistry,
) -> None:
    files = {path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.j2")}
    assert {info.name for info in registry.list()} == files


@pytest.mark.parametrize(
    "name",
    [
        "backend/model.py.j2",
        "backend/routes.py.j2",
        "database/schema.sql.j2",
        "tests/integration.py.j2",
    ],
)
def test_the_templates_of_the_plan_exist(registry: TemplateRegistry, name: str) -> None:
    assert name in {info.name for info in registry.list()}


def test_each_entry_has_a_version_an_agent_and_a_description(registry: TemplateRegistry) -> None:
    for info in registry.list():
        assert info.version.count(".") == 2
        assert info.agent.endswith("SWEA")
        assert info.description


def test_each_template_begins_with_a_comment_that_names_its_context(
    registry: TemplateRegistry,
) -> None:
    for info in registry.list():
        assert (TEMPLATES / info.name).read_text(encoding="utf-8").startswith("{#"), info.name


def test_a_type_selects_its_template(registry: TemplateRegistry) -> None:
    info = registry.select("routes")
    assert info is not None
    assert info.name == "backend/routes.py.j2"


def test_what_no_template_covers_is_counted(registry: TemplateRegistry) -> None:
    assert registry.select("poem") is None
    output = registry.render("poem.j2", View())
    assert output.fallback_used
    assert output.content == ""
    assert registry.use.uncovered == (("poem", 1), ("poem.j2", 1))


def test_a_rendering_tells_its_template_and_version_and_is_counted(
    registry: TemplateRegistry,
) -> None:
    registry.register(GREETING, "Hello {{ name | py }}")
    output = registry.render("greeting.j2", View())
    assert output.content == 'Hello "O\'Brien"'
    assert (output.template, output.version, output.fallback_used) == (
        "greeting.j2",
        "1.0.0",
        False,
    )
    assert registry.use.rendered == (("greeting.j2", 1),)


def test_a_registered_template_replaces_the_one_of_its_name(registry: TemplateRegistry) -> None:
    registry.register(GREETING, "old")
    assert registry.render("greeting.j2", View()).content == "old"
    registry.register(GREETING, "new")
    assert registry.render("greeting.j2", View()).content == "new"


def test_the_latest_template_of_a_type_is_selected(registry: TemplateRegistry) -> None:
    later = TemplateInfo("mine.j2", "routes", "BackendSWEA", "2.0.0", "Mine")
    registry.register(later, "mine")
    assert registry.select("routes") == later


def test_a_broken_template_is_refused_with_its_line(registry: TemplateRegistry) -> None:
    with pytest.raises(InvalidSpec, match="Line 2"):
        registry.register(GREETING, "fine\n{% for %}")


def test_a_name_that_the_view_does_not_have_is_an_error(registry: TemplateRegistry) -> None:
    registry.register(GREETING, "{{ nickname }}")
    with pytest.raises(ArtifactRejected, match="nickname"):
        registry.render("greeting.j2", View())


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("{{ 'Order item' | snake_case }}", "order_item"),
        ("{{ 'order_item' | pascal_case }}", "OrderItem"),
        ("{{ 'decimal' | python_type }}", "Decimal"),
        ('{{ "}} {% print(1) %}" | py }}', "'}} {% print(1) %}'"),
        ("{% if true %}\n  kept\n{% endif %}\n", "  kept\n"),
    ],
)
def test_filters_and_white_space(registry: TemplateRegistry, source: str, text: str) -> None:
    registry.register(GREETING, source)
    assert registry.render("greeting.j2", View()).content == text


def test_every_attribute_type_has_a_python_type() -> None:
    from baes.spec.attribute_types import ATTRIBUTE_TYPES

    assert all(python_type(name) for name in ATTRIBUTE_TYPES)


def test_compiled_templates_are_kept_beside_their_sources() -> None:
    assert compile_all() == len(TemplateRegistry().list())
    assert list((TEMPLATES / "__pycache__").glob("template-*.jbc"))


def test_compiled_templates_go_to_the_users_cache_where_the_folder_is_read_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "templates"
    folder.mkdir()
    (folder / "catalogue.toml").write_text(
        '[[template]]\nname = "a.j2"\ntype = "a"\nagent = "BackendSWEA"\n'
        'version = "1.0.0"\ndescription = "A"\n'
    )
    (folder / "a.j2").write_text("{{ name }}")
    (folder / "__pycache__").write_text("a file where the folder would be")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert TemplateRegistry(folder).render("a.j2", View("x")).content == "x"
    kept = list((tmp_path / "cache" / "baes").glob("template-*.jbc"))
    assert len(kept) == 1
    assert TemplateRegistry(folder).render("a.j2", View("y")).content == "y"


def test_faults_in_what_templates_make_are_found(registry: TemplateRegistry) -> None:
    def artifact(path: str, content: str) -> Artifact:
        return Artifact(path, content, "BackendSWEA", "routes", "backend/routes.py.j2", "1.0.0")

    def lint(_: object) -> list[Diagnostic]:
        return [Diagnostic("style.py", 3, "E501", "Line too long")]

    samples = [
        artifact("broken.py", "def:"),
        artifact("broken.sql", "CREATE TABLE;"),
        artifact("style.py", "x = 1\n"),
    ]
    problems = registry.validate(samples, lint)
    faults = {p.path: p.reason for p in problems if p.template == "backend/routes.py.j2"}
    assert faults.keys() == {"broken.py", "broken.sql", "style.py"}
    assert "line 3" in faults["style.py"]
    assert any(p.reason == "no sample system uses it" for p in problems)
