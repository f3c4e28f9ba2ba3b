"""Rules said in words hold over HTTP: in one request and in several, in English and Portuguese."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from tests.integration.command import Project

ENGLISH = (
    "Create customers with name and credit limit (money).",
    "Create orders with a date and a status (open, paid or cancelled). "
    "Each order has one customer.",
    "Create items with product, quantity (whole number) and unit price (money). "
    "Each item belongs to one order.",
    "The amount of an item is its quantity times its unit price.",
    "An order's total is the sum of the amounts of its items.",
    "A customer's balance is the sum of the totals of their orders that are not paid.",
    "A customer's balance must not exceed their credit limit.",
    "The status of an order goes from open to paid or cancelled.",
)
PORTUGUESE = (
    "Crie clientes com nome e limite de crédito (dinheiro).",
    "Crie pedidos com data e situação (aberto, pago ou cancelado). Cada pedido tem um cliente.",
    "Crie itens com produto, quantidade (número inteiro) e preço unitário (dinheiro). "
    "Cada item pertence a um pedido.",
    "O valor de um item é a quantidade vezes o preço unitário.",
    "O total de um pedido é a soma dos valores dos seus itens.",
    "O saldo de um cliente é a soma dos totais dos seus pedidos que não estão pagos.",
    "O saldo de um cliente não pode ultrapassar o limite de crédito.",
    "A situação de um pedido vai de aberto para pago ou cancelado.",
)
IN_PORTUGUESE = {
    "customers": "clientes", "orders": "pedidos", "items": "itens",
    "name": "nome", "credit_limit": "limite_de_credito", "balance": "saldo",
    "date": "data", "status": "situacao", "total": "total", "customer_id": "cliente_id",
    "product": "produto", "quantity": "quantidade", "unit_price": "preco_unitario",
    "amount": "valor", "order_id": "pedido_id",
    "open": "aberto", "paid": "pago", "cancelled": "cancelado",
}  # fmt: skip


@dataclass(frozen=True)
class Shop:
    """The system's API, spoken to with the English names."""

    client: httpx.Client
    words: dict[str, str]

    def said(self, word: Any) -> Any:
        """A name or a value in the system's language."""
        return self.words.get(word, word) if isinstance(word, str) else word

    def body(self, values: dict[str, Any]) -> dict[str, Any]:
        return {self.said(name): self.said(value) for name, value in values.items()}

    def new(self, things: str, **values: Any) -> int:
        made = self.client.post(f"/api/{self.said(things)}", json=self.body(values))
        assert made.status_code == 201, made.text
        return int(made.json()["id"])

    def refused(self, method: str, path: str, field: str, **values: Any) -> None:
        """A write that breaks a rule: 422, and nothing is changed."""
        things, _, number = path.partition("/")
        address = f"/api/{self.said(things)}" + (f"/{number}" if number else "")
        before = self.everything()
        answer = self.client.request(method, address, json=self.body(values))
        assert answer.status_code == 422, answer.text
        places = [problem["loc"][-1] for problem in answer.json()["detail"]]
        assert self.said(field) in places or places == ["body"], answer.text
        assert self.everything() == before

    def change(self, path: str, **values: Any) -> None:
        things, _, number = path.partition("/")
        address = f"/api/{self.said(things)}/{number}"
        answer = self.client.patch(address, json=self.body(values))
        assert answer.status_code == 200, answer.text

    def value(self, path: str, name: str) -> Any:
        things, _, number = path.partition("/")
        return self.client.get(f"/api/{self.said(things)}/{number}").json()[self.said(name)]

    def everything(self) -> list[Any]:
        paths = ("customers", "orders", "items")
        return [self.client.get(f"/api/{self.said(path)}").json() for path in paths]


@pytest.fixture(
    scope="module",
    params=[(ENGLISH, False), (ENGLISH, True), (PORTUGUESE, False), (PORTUGUESE, True)],
    ids=["en", "en at once", "pt", "pt at once"],
)
def shop(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Shop]:
    sentences, at_once = request.param
    project = Project(tmp_path_factory.mktemp("shop"))
    *before, last = [" ".join(sentences)] if at_once else sentences
    for text in before:
        carried_out(project, text)
    carried_out(project, last, "--serve")
    with httpx.Client(base_url=project.api, trust_env=False) as client:
        yield Shop(client, IN_PORTUGUESE if sentences is PORTUGUESE else {})
    project.run("stop")


def carried_out(project: Project, text: str, *options: str) -> None:
    ran = project.request(text, *options)
    assert ran.status == 0, ran.out + ran.err
    assert ran.json["metrics"]["total_tokens"] == 0


def test_the_values_follow_every_change_and_the_limit_holds(shop: Shop) -> None:
    ann = shop.new("customers", name="Ann", credit_limit="100.00")
    bo = shop.new("customers", name="Bo", credit_limit="10.00")
    assert shop.value(f"customers/{ann}", "balance") == "0.00"
    order = shop.new("orders", date="2026-01-31", customer_id=ann)
    assert shop.value(f"orders/{order}", "status") == shop.said("open")
    item = shop.new("items", product="Tea", quantity=3, unit_price="19.99", order_id=order)
    assert shop.value(f"items/{item}", "amount") == "59.97"
    assert shop.value(f"orders/{order}", "total") == "59.97"
    assert shop.value(f"customers/{ann}", "balance") == "59.97"

    more = {"product": "Pot", "quantity": 1, "order_id": order}
    shop.refused("POST", "items", "balance", **more, unit_price="40.04")
    pot = shop.new("items", **more, unit_price="40.03")
    assert shop.value(f"customers/{ann}", "balance") == "100.00"
    shop.refused("PATCH", f"items/{item}", "balance", quantity=4)
    shop.refused("PATCH", f"items/{pot}", "balance", unit_price="40.04")
    shop.refused("PATCH", f"customers/{ann}", "credit_limit", credit_limit="99.99")
    shop.refused("PATCH", f"orders/{order}", "customer_id", customer_id=bo)
    shop.refused("PATCH", f"customers/{ann}", "balance", balance="0.00")
    shop.refused("PATCH", f"orders/{order}", "total", total="0.00")
    shop.refused("PATCH", f"items/{item}", "amount", amount="0.00")

    other = shop.new("orders", date="2026-02-01", customer_id=bo)
    shop.refused("PATCH", f"items/{item}", "order_id", order_id=other)
    deleted = shop.client.delete(f"/api/{shop.said('items')}/{item}")
    assert deleted.status_code == 204
    assert shop.value(f"customers/{ann}", "balance") == "40.03"
    shop.change(f"orders/{order}", status="paid")
    assert shop.value(f"customers/{ann}", "balance") == "0.00"
    assert shop.value(f"orders/{order}", "total") == "40.03"
    shop.change(f"customers/{ann}", credit_limit="0.00")
    shop.change(f"items/{pot}", order_id=None)
    assert shop.value(f"orders/{order}", "total") == "0.00"


def test_a_state_goes_only_where_it_was_said(shop: Shop) -> None:
    order = shop.new("orders", date="2026-03-01")
    shop.refused("POST", "orders", "status", date="2026-03-01", status="paid")
    shop.refused("PATCH", f"orders/{order}", "status", status="lost")
    shop.change(f"orders/{order}", status="cancelled")
    for state in ("open", "paid"):
        shop.refused("PATCH", f"orders/{order}", "status", status=state)
