"""A generated system with its API as a real server, for the tests of its pages."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx

from baes.core.formatter import format_artifacts
from baes.core.planner import plan_tasks
from baes.spec.apply import apply
from baes.spec.changes import AddEntity, AddRelationship, Change
from baes.spec.model import Attribute, Entity, Relationship, SystemSpec
from baes.spec.navigation import collection_of
from baes.spec.pipeline import GenerationContext
from baes.swea_agents.backend_swea import BackendSWEA
from baes.swea_agents.base_swea import BaseSWEA
from baes.swea_agents.database_swea import DatabaseSWEA
from baes.swea_agents.frontend_swea import FrontendSWEA
from baes.utils.template_registry import TemplateRegistry
from tests.integration.command import free_port

__all__ = ["LOJA", "SHOP", "PageSystem", "generate", "serving", "wait_for"]

SHOP = (
    AddEntity(Entity("Teacher", (Attribute("name", "string"),))),
    AddEntity(
        Entity(
            "Course",
            (Attribute("title", "string"), Attribute("credits", "integer", min=1, max=12)),
        )
    ),
    AddEntity(
        Entity(
            "Student",
            (
                Attribute("name", "string"),
                Attribute("email", "email", unique=True),
                Attribute("birth_date", "date", required=False),
            ),
        )
    ),
    AddEntity(
        Entity(
            "Thing",
            (
                Attribute("code", "string", max_length=8, label="Code *of* [it]"),
                Attribute("notes", "text", required=False),
                Attribute("count", "integer", required=False, default=3),
                Attribute("weight", "float", required=False, unit="kg"),
                Attribute("price", "decimal", required=False, scale=2, min=Decimal("0.01")),
                Attribute("active", "boolean"),
                Attribute("checked", "boolean", required=False),
                Attribute("made_on", "date", required=False),
                Attribute("opens", "time", required=False),
                Attribute("seen", "datetime", required=False),
                Attribute("site", "url", required=False),
                Attribute("call", "phone", required=False),
                Attribute("token", "uuid", required=False),
                Attribute("size", "string", required=False, choices=("small", "large")),
            ),
        )
    ),
    AddRelationship(Relationship("Course", "Teacher", "many_to_one", "teacher", required=True)),
    AddRelationship(Relationship("Student", "Course", "many_to_many", "courses")),
    AddRelationship(Relationship("Thing", "Thing", "many_to_one", "part_of")),
)
"""Every type of value and every kind of link that a page shows."""

LOJA = (
    AddEntity(
        Entity(
            "Cliente",
            (
                Attribute("nome", "string"),
                Attribute("email", "email", unique=True, label="E-mail"),
                Attribute("nascimento", "date", required=False, label="Data de nascimento"),
                Attribute("ativo", "boolean", default=True),
            ),
        )
    ),
    AddEntity(
        Entity(
            "Pedido",
            (
                Attribute("numero", "integer", unique=True, label="Número"),
                Attribute("valor", "decimal", scale=2, unit="BRL", min=Decimal("0.01")),
                Attribute("peso", "float", required=False, unit="kg"),
                Attribute(
                    "situacao",
                    "string",
                    choices=("aberto", "pago", "enviado"),
                    default="aberto",
                    label="Situação",
                ),
            ),
        )
    ),
    AddEntity(Entity("Produto", (Attribute("nome", "string"),))),
    AddRelationship(Relationship("Pedido", "Cliente", "many_to_one", "cliente", required=True)),
    AddRelationship(Relationship("Pedido", "Produto", "many_to_many", "produtos")),
)
"""A system in Portuguese."""

KEY = {"X-API-Key": "secret"}
"""What a system that wants a key is served with."""


@dataclass
class PageSystem:
    """A generated system on disk, and where its API is."""

    folder: Path
    collections: tuple[str, ...] = ()
    """Those that refer to others first."""
    api_port: int = field(default_factory=free_port)

    @property
    def api_url(self) -> str:
        """Where the API is, once it is served."""
        return f"http://127.0.0.1:{self.api_port}"

    def add(self, collection: str, **values: Any) -> int:
        """Store a record; its id."""
        answer = httpx.post(
            f"{self.api_url}/api/{collection}", json=values, headers=KEY, trust_env=False
        )
        assert answer.status_code == httpx.codes.CREATED, answer.text
        return int(answer.json()["id"])

    def all(self, collection: str) -> list[dict[str, Any]]:
        """The records of a collection, the oldest first."""
        answer = httpx.get(
            f"{self.api_url}/api/{collection}",
            params={"limit": 100},
            headers=KEY,
            trust_env=False,
        )
        records: list[dict[str, Any]] = answer.raise_for_status().json()
        return records

    def clear(self) -> None:
        """Remove all records."""
        for collection in self.collections:
            while records := self.all(collection):
                for record in records:
                    url = f"{self.api_url}/api/{collection}/{record['id']}"
                    httpx.delete(url, headers=KEY, trust_env=False).raise_for_status()


def generate(folder: Path, changes: Sequence[Change] = SHOP, language: str = "en") -> PageSystem:
    """Write a system to a folder."""
    old = SystemSpec(language=language)
    new = apply(old, tuple(changes))
    context = GenerationContext(old, tuple(changes), new)
    registry = TemplateRegistry()
    agents: dict[str, BaseSWEA] = {
        agent.name: agent(registry) for agent in (DatabaseSWEA, BackendSWEA, FrontendSWEA)
    }
    tasks = [task for task in plan_tasks(context).tasks if task.agent in agents]
    artifacts = [a for task in tasks for a in agents[task.agent].produce(task, context)]
    for artifact in format_artifacts(artifacts):
        path = folder / artifact.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(artifact.content, encoding="utf-8")
    referring = sorted(new, key=lambda entity: not new.outgoing(entity.name))
    return PageSystem(folder, tuple(collection_of(entity, language) for entity in referring))


@contextlib.contextmanager
def serving(command: list[str], folder: Path, url: str, **settings: str) -> Iterator[None]:
    """Run a server until the block ends; it has answered when the block begins."""
    log = folder / f"{command[1]}.log"
    with log.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, *command],
            cwd=folder,
            env={**os.environ, **settings},
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        wait_for(url, process, log)
        yield
    finally:
        process.terminate()
        process.wait(timeout=10)


def wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Return when a server answers."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text()
        with contextlib.suppress(httpx.TransportError):
            httpx.get(url, timeout=1, trust_env=False).raise_for_status()
            return
        time.sleep(0.05)
    raise AssertionError(f"no answer from {url}: {log.read_text()}")
