"""People name things as they like: the user's word outside, a safe one inside.

The words are in ``data/awkward_names.toml``. Each is an entity of a working system, and each of the
attributes stands in several entities with different types.
"""

from __future__ import annotations

import itertools
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from streamlit.testing.v1 import AppTest

from baes.core.code_generation import CodeGenerator
from baes.core.switches import Switches
from baes.spec.apply import apply
from baes.spec.attribute_types import AttributeType
from baes.spec.changes import AddEntity, AddRelationship, Change
from baes.spec.inflection import plural_label
from baes.spec.model import Attribute, Entity, Relationship, RelationshipKind, SystemSpec
from baes.spec.names import AttributeName, EntityName, snake_case
from baes.spec.navigation import id_field
from baes.spec.pipeline import GenerationContext
from baes.swea_agents.identifiers import module_name
from baes.swea_agents.samples import samples
from tests.integration.command import Project
from tests.integration.managed_system import serving

WORDS = tomllib.loads(
    (Path(__file__).parent / "data" / "awkward_names.toml").read_text(encoding="utf-8")
)
SYSTEMS = ("en0", "en1", "pt")
ATTRIBUTES_EACH = 4
TYPES: tuple[AttributeType, ...] = (
    "string", "integer", "date", "boolean", "decimal", "datetime", "text", "float", "time", "email",
    "uuid",
)  # fmt: skip
ASKED_WITH_SUFFIX = ("limit", "skip", "sort")
"""Attributes that are filtered by ``limit__eq``: the list has parameters of those names."""


@dataclass(frozen=True)
class Served:
    """A system of awkward names, and a client of its API."""

    spec: SystemSpec
    folder: Path
    api: httpx.Client


def _part(of: str) -> tuple[str, list[str], list[str]]:
    """(language, words of the entities, words of the attributes) of one system."""
    language = of[:2]
    entities: list[str] = WORDS[language]["entities"]
    start, step = (int(of[2:]), 2) if of[2:] else (0, 1)
    return language, entities[start::step], WORDS[language]["attributes"]


def _system(of: str) -> tuple[SystemSpec, list[Change]]:
    language, words, attributes = _part(of)
    names = itertools.cycle(attributes)
    types = itertools.cycle(TYPES)
    entities = []
    for word in words:
        chosen = [AttributeName.from_text(w) for w in itertools.islice(names, ATTRIBUTES_EACH)]
        entity = EntityName.from_text(word)
        own = tuple(Attribute(a.name, next(types), label=a.label) for a in chosen)
        entities.append(Entity(entity.name, own, entity.label))
        next(types)  # so that an attribute has another type where it comes again
    changes: list[Change] = [AddEntity(entity) for entity in entities]
    changes += [
        AddRelationship(link)
        for i, entity in enumerate(entities)
        if (link := _link(entity, entities[i - 1], "many_to_many" if i % 3 else "many_to_one"))
    ]
    return SystemSpec(language=language), changes


def _link(source: Entity, target: Entity, kind: RelationshipKind) -> Relationship | None:
    name = snake_case(target.name)
    link = Relationship(source.name, target.name, kind, name)
    return None if source.find(name) or source.find(id_field(link)) else link


@pytest.fixture(scope="module", params=SYSTEMS)
def served(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp(request.param)
    old, changes = _system(request.param)
    spec = _written(folder, old, changes)
    with serving(folder) as api:
        api.timeout = httpx.Timeout(60)  # the description of so many entities takes its time
        yield Served(spec, folder, api)


def _written(folder: Path, old: SystemSpec, changes: list[Change]) -> SystemSpec:
    """Generate a system, each file approved by the tech lead."""
    context = GenerationContext(old, tuple(changes), apply(old, changes))
    for artifact in CodeGenerator(Switches()).generate(context).artifacts:
        target = folder / artifact.path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(artifact.content, encoding="utf-8")
    return context.new


def test_there_are_enough_names() -> None:
    assert sum(len(_part(of)[1]) for of in SYSTEMS) >= 120
    assert len({word for of in SYSTEMS for word in _part(of)[2]}) >= 120


def test_records_of_any_name_are_kept_under_the_users_words(served: Served) -> None:
    faults = [
        f"{entity.name}: {fault}"
        for entity in served.spec
        for fault in _faults(served.api, entity, _references(served.spec, entity))
    ]
    assert faults == []


def _references(spec: SystemSpec, entity: Entity) -> set[str]:
    return {id_field(link, spec.language) for link in spec.outgoing(entity.name)}


def _faults(api: httpx.Client, entity: Entity, references: set[str]) -> Iterator[str]:
    """What goes wrong in the life of one record."""
    path = f"/api/{entity.plural}"
    first, second = ({a.name: samples(a)[i] for a in entity.attributes} for i in (0, -1))
    made = api.post(path, json=first)
    if made.status_code != httpx.codes.CREATED:
        yield f"create: {made.status_code} {made.text[:200]}"
        return
    stored, at = made.json(), made.headers["Location"]
    if stored.keys() != {"id", *first, *references} or not first.items() <= stored.items():
        yield f"stored: {stored}"
    asked = {f"{k}__eq" if k in ASKED_WITH_SUFFIX else k: _as_text(first[k]) for k in first}
    sort = list(first)[len(entity.name) % len(first)]
    found = api.get(path, params=asked | {"sort": f"-{sort}"})
    if found.json() != [stored]:
        yield f"{asked} by {sort}: {found.text[:200]}"
    if not second.items() <= api.put(at, json=second).json().items():
        yield f"replace: {api.get(at).text[:200]}"
    if api.patch(at, json=first).json() != stored:
        yield f"change: {api.get(at).text[:200]}"
    gone = (api.delete(at).status_code, api.get(at).status_code)
    if gone != (httpx.codes.NO_CONTENT, httpx.codes.NOT_FOUND):
        yield f"delete: {gone}"


def _as_text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def test_the_api_describes_itself_in_the_users_words(served: Served) -> None:
    described = served.api.get("/openapi.json").json()
    schemas: dict[str, Any] = described["components"]["schemas"]
    for entity in served.spec:
        assert f"/api/{entity.plural}" in described["paths"]
        names = {a.name for a in entity.attributes} | _references(served.spec, entity)
        suffix = "Model" if entity.name in ("List", "Search") else ""
        assert schemas[f"{entity.name}{suffix}Create"]["properties"].keys() == names
        assert schemas[f"{entity.name}{suffix}Read"]["properties"].keys() == names | {"id"}


PAGES = ("Class", "Fish", "Session", "Media", "News", "Self", "Avo", "NotaFiscal", "Hifen")


def test_the_pages_show_any_name(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("API_URL", str(served.api.base_url))
    shown = [entity for entity in served.spec if entity.name in PAGES]
    assert shown
    page = AppTest.from_file(str(served.folder / "ui" / "app.py"), default_timeout=15)
    page.run()
    for entity in shown:
        page.switch_page(f"pages/{module_name(entity.name)}_page.py").run()
        assert not page.exception, [e.value for e in page.exception]
        titles = [title.value for title in page.title]
        assert plural_label(entity.label, served.spec.language) in titles, entity.name
    _forget(served.folder / "ui")


def _forget(folder: Path) -> None:
    """Take the pages' modules away, as those of the next system are called the same."""
    for name, module in list(sys.modules.items()):
        if str(getattr(module, "__file__", None) or "").startswith(str(folder)):
            del sys.modules[name]


def test_the_generated_tests_of_awkward_names_pass(tmp_path: Path) -> None:
    words = ("Test", "List")
    attributes = ("metadata", "self", "limit", "json", "date", "from", "copy", "q")
    entities = [
        Entity(word, tuple(Attribute(a, TYPES[i % 3]) for i, a in enumerate(attributes)))
        for word in words
    ]
    changes: list[Change] = [AddEntity(entity) for entity in entities]
    changes += [
        AddRelationship(Relationship("Test", "List", "many_to_one", "class", required=True)),
        AddRelationship(Relationship("Test", "List", "many_to_many", "sessions")),
    ]
    _written(tmp_path, SystemSpec(), changes)
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:]


def test_requests_may_name_things_by_awkward_words(tmp_path: Path) -> None:
    project = Project(tmp_path / "project")
    named = {
        "News": "news", "Order": "orders", "Package": "packages", "Series": "series",
        "Class": "classes", "Staff": "staff", "Fish": "fish", "Session": "sessions",
        "Event": "events", "Case": "cases", "Match": "matches", "Import": "imports",
    }  # fmt: skip
    fields = "title (string), metadata (string), json (string) and date (date)"
    text = " ".join(f"Create {name} with {fields}." for name in named)
    try:
        answer = project.request(text, "--serve")
        assert answer.status == 0, answer.out
        values = {"title": "a", "metadata": "b", "json": "c", "date": "2026-01-31"}
        with httpx.Client(base_url=project.api) as api:
            paths = {e["name"]: e["path"] for e in api.get("/").json()["entities"]}
            assert paths == {name: f"/api/{plural}" for name, plural in named.items()}
            for path in paths.values():
                stored = api.post(path, json=values).json()
                assert api.get(path, params={"metadata": "b"}).json() == [stored]
    finally:
        project.run("stop")
