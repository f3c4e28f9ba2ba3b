"""What "valid" asks for: a type's own form, a number with check digits, a shape, or a question."""

from __future__ import annotations

import pytest

from baes.language import interpret
from tests.unit.language.notation import shown
from tests.unit.language.test_changes import system

CUSTOMER = ("Create Customer with name, CPF, slug and phone.",)
CHECKED = ("Create Customer with name, a valid CPF and a valid slug.",)
SLUG = "[a-z0-9]+(-[a-z0-9]+)*"

CREATES = {
    "Create Customer with a valid CPF": "Customer(cpf[format=cpf])",
    "Create Customer with a unique and valid CPF": "Customer(cpf[format=cpf unique])",
    "Create Customer with CPF (valid, unique) and name": "Customer(cpf[format=cpf unique], name)",
    "Create Customer with document (a valid CPF)": "Customer(document[format=cpf])",
    "Create Customer with document in CPF format": "Customer(document[format=cpf])",
    "Create Customer with CPF. The CPF must be valid.": "Customer(cpf[format=cpf])",
    "Create Account with code, which must be a valid IBAN": "Account(code[format=iban])",
    "Create Book with ISBN (with check digits)": "Book(isbn[format=isbn])",
    "Create Item with a valid EAN code": "Item(ean_code[format=ean])",
    "Create Page with a valid slug": f"Page(slug[pattern={SLUG}])",
    "Create Person with valid email and valid phone": "Person(email:email, phone:phone)",
    "Create Person with valid date of birth": "Person(date_of_birth:date)",
    "Crie Cliente com CPF válido e CNPJ válido": "Cliente(cpf[format=cpf], cnpj[format=cnpj])",
    "Crie Cliente com um CPF válido e único": "Cliente(cpf[format=cpf unique])",
    "Crie Cliente com documento no formato CPF": "Cliente(documento[format=cpf])",
    "Crie Cliente com CEP (válido)": r"Cliente(cep[pattern=\d{5}-?\d{3}])",
    "Crie Cliente com e-mail válido": "Cliente(e_mail:email)",
    # said of nothing that has a form, or no such thing at all
    "Create Customer with CPF, IBAN and slug": "Customer(cpf, iban, slug)",
    "Create Voucher with code and valid until": "Voucher(code, valid_until:date)",
    "Create Pass with name and is valid": "Pass(name, is_valid:boolean)",
    "Create Pass with status (valid, expired)": "Pass(status[valid/expired])",
    "Crie Cupom com código e válido até": "Cupom(codigo, valido_ate:date)",
}  # fmt: skip

CHANGES = {
    "it must be": (CUSTOMER, "The CPF must be valid", "Customer.cpf{format=cpf}"),
    "a shape": (
        CUSTOMER,
        "The slug of customers must be valid",
        f"Customer.slug{{pattern={SLUG}}}",
    ),
    "no longer": (CHECKED, "The CPF no longer has to be valid", "Customer.cpf{format=None}"),
    "a shape no longer": (CHECKED, "The slug need not be valid", "Customer.slug{pattern=None}"),
    "add": (CUSTOMER, "Add a valid IBAN to Customer", "+Customer.iban[format=iban]?"),
}

ASKED = [
    "Create Coupon with a valid code",
    "Create Coupon with code (valid)",
    "Crie Cupom com código válido",
]


@pytest.mark.parametrize(("text", "expected"), CREATES.items())
def test_a_valid_one_has_the_form_that_its_name_tells(text: str, expected: str) -> None:
    interpretation = interpret(text)
    assert interpretation.is_certain, (interpretation.unexplained, interpretation.question)
    assert shown(interpretation) == expected


@pytest.mark.parametrize(("context", "text", "expected"), CHANGES.values(), ids=CHANGES.keys())
def test_a_form_comes_and_goes(context: tuple[str, ...], text: str, expected: str) -> None:
    interpretation = interpret(text, system(context))
    assert interpretation.is_certain, (interpretation.unexplained, interpretation.question)
    assert shown(interpretation) == expected


@pytest.mark.parametrize("text", ASKED)
def test_when_something_else_is_valid_is_asked(text: str) -> None:
    interpretation = interpret(text)
    assert not interpretation.is_certain
    assert interpretation.question is not None
    assert "valid" in interpretation.question.text or "válido" in interpretation.question.text


def test_a_phone_that_need_not_be_valid_is_asked_about() -> None:
    assert not interpret("The phone no longer needs to be valid", system(CUSTOMER)).is_certain
