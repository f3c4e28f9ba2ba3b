"""What rules cost: the same records written with five chained rules, and with none.

An item's unit price is copied from its product, its amount computed, the order's total and the
customer's balance summed up, and the balance held to the credit limit. The systems take turns over
16 connections, on one worker each; the ratio is what counts.
"""

from __future__ import annotations

import json
import sys
import tempfile
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from baes.core.formatter import format_artifacts
from baes.spec.apply import apply
from baes.spec.changes import AddEntity, AddRelationship, AddRule, Change
from baes.spec.model import Attribute, Entity, Relationship, SystemSpec
from baes.spec.pipeline import GenerationContext, Task
from baes.spec.rules import Aggregate, Compare, Computed, Copy
from baes.swea_agents.backend_swea import BackendSWEA
from baes.swea_agents.database_swea import DatabaseSWEA
from baes.utils.template_registry import TemplateRegistry
from benchmarks.api_throughput import served
from benchmarks.figure import Figure, table
from benchmarks.load import put_load

__all__ = ["figures"]

CONNECTIONS = 16
SECONDS = 0.8
ROUNDS = 10
PARENTS = 100
RATIO = 0.5


def _decimal(name: str) -> Attribute:
    return Attribute(name, "decimal", scale=2, required=False)


SHOP: tuple[Change, ...] = (
    AddEntity(Entity("Customer", (_decimal("credit_limit"), _decimal("balance")))),
    AddEntity(Entity("Order", (_decimal("total"),))),
    AddEntity(Entity("Product", (_decimal("price"),))),
    AddEntity(
        Entity(
            "Item", (Attribute("quantity", "integer"), _decimal("unit_price"), _decimal("amount"))
        )
    ),
    AddRelationship(Relationship("Order", "Customer", "many_to_one", "customer", required=True)),
    AddRelationship(Relationship("Item", "Order", "many_to_one", "order", required=True)),
    AddRelationship(Relationship("Item", "Product", "many_to_one", "product", required=True)),
)
CHAIN: tuple[Change, ...] = (
    AddRule(Copy("Item", "unit_price", "Product.price")),
    AddRule(Computed("Item", "amount", "quantity * unit_price")),
    AddRule(Aggregate("Order", "total", "sum", "Item.amount")),
    AddRule(Aggregate("Customer", "balance", "sum", "Order.total")),
    AddRule(Compare("Customer", "balance", "<=", "credit_limit")),
)


def figures() -> list[Figure]:
    """Items made a second with and without rules, and how much of it rules leave."""
    serve = [sys.executable, "-m", "uvicorn", "app.main:app"]
    with tempfile.TemporaryDirectory(prefix="baes-rules-") as name:
        ruled, plain = Path(name) / "ruled", Path(name) / "plain"
        _generate(ruled, (*SHOP, *CHAIN))
        _generate(plain, SHOP)
        with served(serve, ruled) as port, served(serve, plain) as other_port:
            for each in (port, other_port):
                _fill(each)
            with_rules, without = [], []
            for _ in range(ROUNDS):
                with_rules.append(_items_a_second(port))
                without.append(_items_a_second(other_port))
    best, usual = max(with_rules), max(without)
    return [
        Figure("create with five chained rules", best, "1/s"),
        Figure("create without rules", usual, "1/s"),
        Figure("create, ratio", best / usual, "times", RATIO, at_least=True),
    ]


def _items_a_second(port: int) -> float:
    return put_load(port, _item, 201, CONNECTIONS, SECONDS).requests_per_s


def _item(number: int) -> bytes:
    parent = number % PARENTS + 1
    body = json.dumps({"quantity": 2, "order_id": parent, "product_id": 1}).encode()
    head = "POST /api/items HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


def _fill(port: int) -> None:
    _post(port, "products", price="1.25")
    for number in range(1, PARENTS + 1):
        _post(port, "customers", credit_limit="9999999999999.99")
        _post(port, "orders", customer_id=number)


def _post(port: int, path: str, **values: Any) -> None:
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/api/{path}",
        json.dumps(values).encode(),
        {"Content-Type": "application/json"},
    )
    urllib.request.urlopen(request).close()  # noqa: S310


def _generate(folder: Path, changes: Sequence[Change]) -> None:
    empty = SystemSpec()
    context = GenerationContext(empty, tuple(changes), apply(empty, changes))
    registry = TemplateRegistry()
    artifacts = [
        artifact
        for agent in (DatabaseSWEA(registry), BackendSWEA(registry))
        for entity in (*(each.name for each in context.new), "")
        for artifact in agent.produce(Task(agent.name, agent.name, entity), context)
    ]
    for artifact in format_artifacts(artifacts):
        target = folder / artifact.path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(artifact.content, encoding="utf-8")


if __name__ == "__main__":
    print(table("rules", figures()))
