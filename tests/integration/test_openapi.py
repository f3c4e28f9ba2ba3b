"""The OpenAPI document of a generated system: of any number of entities, in its language."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from baes.spec.changes import AddEntity, AddRelationship, Change
from baes.spec.model import Attribute, Entity, Relationship, SystemSpec
from tests.integration.managed_system import serving, write_system

SHOP: tuple[Change, ...] = (
    AddEntity(Entity("Cliente", (Attribute("nome", "string"),))),
    AddEntity(Entity("Promocao", (Attribute("nome", "string"),), label="Promoção")),
    AddRelationship(Relationship("Promocao", "Cliente", "many_to_one", "cliente")),
    AddRelationship(
        Relationship("Cliente", "Promocao", "many_to_many", "favoritas", label="Favoritas")
    ),
)
MANY = 150
"""More query models than FastAPI remembers."""

SCRIPT = """
import json
from typing import Annotated

from fastapi import FastAPI, Query
from pydantic import BaseModel, create_model

from app.main import create_app

app = create_app()
small = app.openapi()
own = FastAPI.openapi(create_app())


def listing(model: type[BaseModel]):
    async def listed(query: Annotated[model, Query()]) -> list[model]:
        return [query]

    return listed


for number in range({many}):
    model = create_model(f"Query{{number}}", name=(str, ""), size=(int, 0))
    app.add_api_route(f"/things{{number}}", listing(model))
app.openapi_schema = None
print(json.dumps([small, own, app.openapi()]))
"""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shop")
    write_system(folder, SHOP, SystemSpec(language="pt"))
    return folder


@pytest.fixture(scope="module")
def document(shop: Path) -> dict[str, Any]:
    with serving(shop) as api:
        found: dict[str, Any] = api.get("/openapi.json").json()
    return found


def test_a_document_of_many_query_models_is_whole(shop: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-c", SCRIPT.format(many=MANY)],
        cwd=shop,
        env={**os.environ, "DATABASE_URL": "sqlite://"},
        capture_output=True,
        text=True,
        check=True,
    )
    small, own, many = json.loads(result.stdout)
    assert small == own
    assert set(many["paths"]) == {*small["paths"], *(f"/things{n}" for n in range(MANY))}
    assert set(many["components"]["schemas"]) > set(small["components"]["schemas"])
    for path, operations in small["paths"].items():
        assert many["paths"][path] == operations
    for number in range(MANY):
        parameters = many["paths"][f"/things{number}"]["get"]["parameters"]
        assert [p["name"] for p in parameters] == ["name", "size"]


def test_routes_are_named_in_the_language_of_the_system(document: dict[str, Any]) -> None:
    assert document["info"]["title"] == "Sistema de informação"
    summaries = {
        (path, method): operation["summary"]
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
    }
    assert summaries[("/", "get")] == "O que o sistema administra"
    assert summaries[("/api/promocoes", "get")] == "Listar promoções"
    assert summaries[("/api/promocoes/{promocao_id}", "put")] == "Substituir promoção"
    assert summaries[("/api/promocoes/{promocao_id}/cliente", "get")] == "Ler cliente de promoção"
    favourites = "/api/clientes/{cliente_id}/favoritas"
    assert summaries[(favourites, "get")] == "Listar favoritas de cliente"
    assert summaries[(f"{favourites}/{{favorita_id}}", "put")] == "Vincular favorita a cliente"
    tags = {
        tag
        for operations in document["paths"].values()
        for operation in operations.values()
        for tag in operation["tags"]
    }
    assert tags == {"Sistema", "Clientes", "Promoções"}
    created = document["paths"]["/api/clientes"]["post"]["responses"]
    assert created["201"]["description"] == "O registro gravado"
    assert created["409"]["description"].startswith("Um valor já está em uso")


def test_the_readme_is_in_the_language_of_the_system(shop: Path) -> None:
    readme = (shop / "README.md").read_text(encoding="utf-8")
    assert "- Promoção: `/api/promocoes`\n" in readme
    assert "## Como iniciar" in readme
    assert "{" not in readme
