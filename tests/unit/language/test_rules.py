"""Business rules in plain words: what a sentence says holds, and what it takes away."""

from __future__ import annotations

import pytest

from baes.language import interpret
from baes.spec.apply import apply
from baes.spec.changes import AddAttribute, AddRule, ChangeAttribute, RemoveRule
from baes.spec.interpretation import Interpretation
from baes.spec.model import SystemSpec
from baes.spec.rules import (
    Aggregate,
    Compare,
    Computed,
    Copy,
    Immutable,
    NotFuture,
    NotPast,
    RequiredIf,
    Rule,
    Transition,
    UniqueTogether,
)

SHOP = (
    "Create customers (name, balance, credit limit), orders (number, date, due date,"
    " status (open, paid, cancelled), reason (optional), total), items (quantity, unit price,"
    " amount) and products (name, price). An order belongs to a customer, an item belongs to an"
    " order and to a product.",
)
LOJA = (
    "Crie clientes (nome, saldo, limite de crédito), pedidos (número, data, vencimento,"
    " status (aberto, pago, cancelado), motivo (opcional), total), itens (quantidade,"
    " preço unitário, valor) e produtos (nome, preço). Um pedido pertence a um cliente, um item "
    "pertence a um pedido e a um produto.",
)

UNPAID = (("status", "paid", False),)
NAO_PAGO = (("status", "pago", False),)
STEPS: list[Rule] = [
    Transition("Order", "status", "open", state) for state in ("paid", "cancelled")
]
PASSOS: list[Rule] = [
    Transition("Pedido", "status", "aberto", estado) for estado in ("pago", "cancelado")
]

ADDED: dict[str, tuple[tuple[str, ...], str, list[Rule]]] = {
    "must be after": (
        SHOP,
        "The due date must be after the date",
        [Compare("Order", "due_date", ">", "date")],
    ),
    "must not be before": (
        SHOP,
        "The due date must not be before the date",
        [Compare("Order", "due_date", ">=", "date")],
    ),
    "must be before": (
        SHOP,
        "The date must be before the due date",
        [Compare("Order", "date", "<", "due_date")],
    ),
    "must not exceed": (
        SHOP,
        "the balance must not exceed the credit limit",
        [Compare("Customer", "balance", "<=", "credit_limit")],
    ),
    "must exceed": (
        SHOP,
        "the balance must exceed the credit limit",
        [Compare("Customer", "balance", ">", "credit_limit")],
    ),
    "at least": (
        SHOP,
        "The balance must be at least the credit limit",
        [Compare("Customer", "balance", ">=", "credit_limit")],
    ),
    "at most": (
        SHOP,
        "The balance must be at most the credit limit",
        [Compare("Customer", "balance", "<=", "credit_limit")],
    ),
    "a parent's": (
        SHOP,
        "The unit price must not be less than the product's price",
        [Compare("Item", "unit_price", ">=", "Product.price")],
    ),
    "never in the future": (
        SHOP,
        "An order's date can't be in the future",
        [NotFuture("Order", "date")],
    ),
    "never in the past": (
        SHOP,
        "The due date can't be in the past",
        [NotPast("Order", "due_date")],
    ),
    "a calculation": (
        SHOP,
        "an item's amount is quantity times unit price",
        [Computed("Item", "amount", "quantity * unit_price")],
    ),
    "a division": (
        SHOP,
        "amount = quantity / unit price",
        [Computed("Item", "amount", "quantity / unit_price")],
    ),
    "a sum": (
        SHOP,
        "an order's total is the sum of its items' amounts",
        [Aggregate("Order", "total", "sum", "Item.amount")],
    ),
    "a sum of some": (
        SHOP,
        "a customer's balance is the sum of totals of their orders that are not paid",
        [Aggregate("Customer", "balance", "sum", "Order.total", UNPAID)],
    ),
    "a copy": (
        SHOP,
        "the unit price is copied from the product",
        [Copy("Item", "unit_price", "Product.price")],
    ),
    "steps": (SHOP, "status goes from open to paid or cancelled", [*STEPS]),
    "never changes": (SHOP, "The number of an order never changes", [Immutable("Order", "number")]),
    "required in a case": (
        SHOP,
        "a reason is required when status is cancelled",
        [RequiredIf("Order", "reason", (("status", "cancelled"),))],
    ),
    "two together": (
        SHOP,
        "no two orders may have the same customer and date",
        [UniqueTogether("Order", ("customer", "date"))],
    ),
    "twice": (
        SHOP,
        "a customer can't be invoiced twice for the same date",
        [UniqueTogether("Order", ("customer", "date"))],
    ),
    "deve ser posterior": (
        LOJA,
        "O vencimento deve ser posterior à data",
        [Compare("Pedido", "vencimento", ">", "data")],
    ),
    "não pode ser anterior": (
        LOJA,
        "O vencimento não pode ser anterior à data",
        [Compare("Pedido", "vencimento", ">=", "data")],
    ),
    "não pode ultrapassar": (
        LOJA,
        "o saldo não pode ultrapassar o limite de crédito",
        [Compare("Cliente", "saldo", "<=", "limite_de_credito")],
    ),
    "no futuro": (LOJA, "A data do pedido não pode ficar no futuro", [NotFuture("Pedido", "data")]),
    "um cálculo": (
        LOJA,
        "o valor do item é quantidade vezes preço unitário",
        [Computed("Item", "valor", "quantidade * preco_unitario")],
    ),
    "uma soma": (
        LOJA,
        "o total do pedido é a soma dos valores dos seus itens",
        [Aggregate("Pedido", "total", "sum", "Item.valor")],
    ),
    "uma soma de alguns": (
        LOJA,
        "o saldo do cliente é a soma dos totais dos seus pedidos não pagos",
        [Aggregate("Cliente", "saldo", "sum", "Pedido.total", NAO_PAGO)],
    ),
    "uma cópia": (
        LOJA,
        "o preço unitário é copiado do produto",
        [Copy("Item", "preco_unitario", "Produto.preco")],
    ),
    "passos": (LOJA, "o status vai de aberto para pago ou cancelado", [*PASSOS]),
    "nunca muda": (LOJA, "O número do pedido nunca muda", [Immutable("Pedido", "numero")]),
    "obrigatório num caso": (
        LOJA,
        "o motivo é obrigatório quando o status é cancelado",
        [RequiredIf("Pedido", "motivo", (("status", "cancelado"),))],
    ),
    "dois juntos": (
        LOJA,
        "dois pedidos não podem ter o mesmo cliente e a mesma data",
        [UniqueTogether("Pedido", ("cliente", "data"))],
    ),
}

AFTER = Compare("Order", "due_date", ">", "date")
REMOVED: dict[str, tuple[str, str, list[Rule]]] = {
    "no longer": (
        "The due date must be after the date",
        "The due date no longer has to be after the date",
        [AFTER],
    ),
    "may now": (
        "The due date must be after the date",
        "The due date may now be before the date",
        [AFTER],
    ),
    "the rule that": (
        "The due date must be after the date",
        "Remove the rule that the due date must be after the date",
        [AFTER],
    ),
    "no longer applies": (
        "The due date must be after the date",
        "The rule that the due date must be after the date no longer applies",
        [AFTER],
    ),
    "all rules": ("The due date must be after the date", "Remove all rules of orders", [AFTER]),
    "can change": (
        "The number of an order never changes",
        "The number of an order can be changed now",
        [Immutable("Order", "number")],
    ),
    "one step": (
        "status goes from open to paid or cancelled",
        "An order can no longer go from open to paid",
        [STEPS[0]],
    ),
    "not computed": (
        "amount = quantity * unit price",
        "The amount is no longer computed",
        [Computed("Item", "amount", "quantity * unit_price")],
    ),
}

ASKED = {
    "a date and a price": (SHOP, "The total is date plus price", "not attributes of one"),
    "types apart": (SHOP, "An order's total is date plus total", "no number but a date"),
    "a text and a number": (
        SHOP,
        "The balance must be less than the customer's name",
        "can't be compared",
    ),
    "an unknown name": (SHOP, "The due date must be after the delivery day", "delivery day"),
    "an unknown state": (SHOP, "status goes from open to shipped", "open, paid, cancelled"),
    "several owners": (
        ("Create Loan with start date. Create Lease with start date.",),
        "The start date can't be in the future",
        "Loan, Lease",
    ),
    "no such rule": (SHOP, "The due date no longer has to be after the date", "no such rule"),
    "a circle": ((*SHOP, "total = credit * 2"), "amount = amount * 2", "made of itself"),
    "records without a value": (SHOP, "A customer's balance is the sum of their items", "Item"),
}


def system(requests: tuple[str, ...]) -> SystemSpec:
    """The system that requests make one after the other; what is asked about changes nothing."""
    spec = SystemSpec()
    for request in requests:
        read = interpret(request, spec)
        if read.is_certain:
            start = spec if spec.entities else SystemSpec(language=read.language)
            spec = apply(start, read.all_changes())
    return spec


def certain(text: str, spec: SystemSpec) -> Interpretation:
    read = interpret(text, spec)
    assert read.is_certain, (text, read.unexplained, read.question)
    return read


@pytest.mark.parametrize(("context", "text", "rules"), ADDED.values(), ids=ADDED.keys())
def test_a_sentence_says_exactly_these_rules(
    context: tuple[str, ...], text: str, rules: list[Rule]
) -> None:
    changes = certain(text, system(context)).changes
    assert [c.rule for c in changes if isinstance(c, AddRule)] == rules
    assert not [c for c in changes if not isinstance(c, AddRule)]


@pytest.mark.parametrize(("before", "text", "rules"), REMOVED.values(), ids=REMOVED.keys())
def test_a_sentence_takes_exactly_these_rules_away(
    before: str, text: str, rules: list[Rule]
) -> None:
    changes = certain(text, system((*SHOP, before))).changes
    assert list(changes) == [RemoveRule(rule) for rule in rules]


@pytest.mark.parametrize(("context", "text", "told"), ASKED.values(), ids=ASKED.keys())
def test_a_rule_that_is_not_clear_is_a_question(
    context: tuple[str, ...], text: str, told: str
) -> None:
    read = interpret(text, system(context))
    assert not read.is_certain
    assert read.question is not None
    assert told in read.question.text


def test_what_is_worked_out_is_an_attribute_as_well() -> None:
    changes = certain("An item's weight is quantity times 2", system(SHOP)).changes
    added = [c.attribute for c in changes if isinstance(c, AddAttribute)]
    assert [(a.name, a.type, a.required) for a in added] == [("weight", "decimal", False)]


def test_states_become_the_choices_of_what_has_none() -> None:
    spec = system(("Create Job with title and status",))
    changes = certain("The status goes from planned to running to finished", spec).changes
    assert changes[0] == ChangeAttribute(
        "Job", "status", (("choices", ("planned", "running", "finished")),)
    )


def test_a_comparison_said_anew_takes_the_place_of_the_old_one() -> None:
    spec = system((*SHOP, "The due date must be after the date"))
    changes = certain("The due date must be on or after the date", spec).changes
    assert changes == (
        RemoveRule(AFTER),
        AddRule(Compare("Order", "due_date", ">=", "date")),
    )


def test_a_rule_that_holds_already_changes_nothing() -> None:
    spec = system((*SHOP, "The due date must be after the date"))
    assert not certain("The date must be before the due date", spec).changes


ACCEPTANCE = {
    "en": (
        "Create customers (name, credit limit), orders (date, status), items (quantity,"
        " unit price, product) and products (name, price). An order belongs to a customer and "
        "an item belongs to an order.",
        "an item's amount is quantity times unit price",
        "an order's total is the sum of its items' amounts",
        "a customer's balance is the sum of totals of their orders that are not paid",
        "the balance must not exceed the credit limit",
        "status goes from open to paid or cancelled",
    ),
    "pt": (
        "Crie clientes (nome, limite de crédito), pedidos (data, status), itens (quantidade,"
        " preço unitário, produto) e produtos (nome, preço). Um pedido pertence a um cliente e "
        "um item pertence a um pedido.",
        "o valor do item é quantidade vezes preço unitário",
        "o total do pedido é a soma dos valores dos seus itens",
        "o saldo do cliente é a soma dos totais dos seus pedidos que não estão pagos",
        "o saldo não pode ultrapassar o limite de crédito",
        "o status vai de aberto para pago ou cancelado",
    ),
}


@pytest.mark.parametrize("language", ACCEPTANCE)
def test_all_rules_of_a_shop_in_one_request_and_in_several_are_the_same(language: str) -> None:
    create, *rules = ACCEPTANCE[language]
    whole = certain(f"{create} {'; '.join(rules)}.", SystemSpec())
    assert len(whole.rules) == 6
    one = apply(SystemSpec(language=language), whole.all_changes())
    states_first = (create, rules[4], *rules[:4])
    several = system(states_first)
    assert set(one.rules) == set(several.rules)
    assert [e.name for e in one] == [e.name for e in several]
    for entity in one:
        names = {(a.name, a.type, a.choices) for a in entity.attributes}
        assert names == {
            (a.name, a.type, a.choices) for a in several.entity(entity.name).attributes
        }
