"""Numbers with check digits and shapes with a name, said in words, hold over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.integration.command import Project

REQUEST = (
    "Create customers with name, a valid and unique CPF and an optional CNPJ (valid). "
    "Create accounts with a valid IBAN, a valid currency code and a valid slug. "
    "Create books with title, ISBN (with check digits) and a valid email."
)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    made = Project(tmp_path_factory.mktemp("formats"))
    ran = made.request(REQUEST, "--serve")
    assert ran.status == 0, ran.out + ran.err
    yield made
    made.run("stop")


@pytest.fixture(scope="module")
def api(project: Project) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=project.api, trust_env=False) as client:
        yield client


def customer(**values: Any) -> dict[str, Any]:
    return {"name": "Ana", "cpf": "529.982.247-25"} | values


ACCOUNT = {"iban": "GB82WEST12345698765432", "currency_code": "EUR", "slug": "main-account"}
BOOK = {"title": "T", "isbn": "9780471117094", "email": "a@example.com"}

REFUSED = [
    ("customers", customer(cpf="529.982.247-26"), "cpf", "check_digits"),
    ("customers", customer(cpf="529.982.247-2"), "cpf", "check_digits"),
    (
        "customers",
        customer(cpf="111.444.777-35", cnpj="11.222.333/0001-82"),
        "cnpj",
        "check_digits",
    ),
    ("accounts", ACCOUNT | {"iban": "GB82WEST12345698765433"}, "iban", "check_digits"),
    ("accounts", ACCOUNT | {"currency_code": "EURO"}, "currency_code", "pattern"),
    ("accounts", ACCOUNT | {"currency_code": "eur"}, "currency_code", "pattern"),
    ("accounts", ACCOUNT | {"slug": "Main account"}, "slug", "pattern"),
    ("books", BOOK | {"isbn": "9780471117095"}, "isbn", "check_digits"),
    ("books", BOOK | {"email": "nobody"}, "email", "email"),
]


@pytest.mark.parametrize(("things", "body", "field", "kind"), REFUSED)
def test_what_is_not_valid_is_refused_at_its_field(
    api: httpx.Client, things: str, body: dict[str, Any], field: str, kind: str
) -> None:
    answer = api.post(f"/api/{things}", json=body)
    assert answer.status_code == 422, answer.text
    (problem,) = answer.json()["detail"]
    assert (problem["loc"], problem["type"]) == (["body", field], kind)


def test_a_number_is_stored_in_one_form_however_it_is_written(api: httpx.Client) -> None:
    made = api.post("/api/customers", json=customer(cpf="52998224725", cnpj="11222333000181"))
    assert made.status_code == 201, made.text
    assert made.json()["cpf"] == "529.982.247-25"
    assert made.json()["cnpj"] == "11.222.333/0001-81"
    again = api.post("/api/customers", json=customer(cpf="529 982 247 25"))
    assert again.status_code == 409, again.text
    account = api.post("/api/accounts", json=ACCOUNT | {"iban": "GB82 WEST 1234 5698 7654 32"})
    assert account.json()["iban"] == "GB82WEST12345698765432"
    book = api.post("/api/books", json=BOOK | {"isbn": "978-0-471-11709-4"})
    assert book.json()["isbn"] == "9780471117094"


def test_the_document_of_the_api_names_the_format(api: httpx.Client) -> None:
    schemas = api.get("/openapi.json").json()["components"]["schemas"]
    assert schemas["CustomerCreate"]["properties"]["cpf"]["format"] == "cpf"


def test_it_is_described_in_words(project: Project) -> None:
    said = project.run("describe", "customers").out
    assert "a valid CPF" in said
    assert "a valid CNPJ" in said


def test_a_format_comes_and_goes_with_what_is_stored_before_it(tmp_path: Any) -> None:
    project = Project(tmp_path)
    assert project.request("Crie clientes com nome e CPF", "--serve").status == 0
    with httpx.Client(base_url=project.api, trust_env=False) as api:
        for cpf in ("529.982.247-25", "12345678901", "52998224725"):
            assert api.post("/api/clientes", json={"nome": "Ana", "cpf": cpf}).status_code == 201
        asked = project.request("O CPF do cliente deve ser válido")
        assert asked.status == 3
        assert "12345678901" in asked.out
        assert project.request("O CPF do cliente deve ser válido", "--yes").status == 0
        stored = [row["cpf"] for row in api.get("/api/clientes").json()]
        assert stored == ["529.982.247-25", "12345678901", "52998224725"]
        wrong = {"nome": "Bia", "cpf": "12345678901"}
        assert api.post("/api/clientes", json=wrong).status_code == 422
        assert (project.folder / "managed_system" / "app" / "numbers.py").exists()
        assert project.request("O CPF não precisa mais ser válido").status == 0
        assert api.post("/api/clientes", json=wrong).status_code == 201
        assert not (project.folder / "managed_system" / "app" / "numbers.py").exists()
        assert project.run("undo", "--yes", "--json").status == 0
        assert api.post("/api/clientes", json=wrong).status_code == 422
    project.run("stop")
