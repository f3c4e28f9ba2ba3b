"""What Portuguese requests mean: order of words, numbers, contractions, texts without accents."""

from __future__ import annotations

from decimal import Decimal

import pytest

from baes.language import interpret
from baes.spec.interpretation import Interpretation
from baes.spec.model import Attribute, Entity


def entity(text: str) -> Entity:
    interpretation = interpret(text)
    assert interpretation.is_certain, interpretation.question or interpretation.unexplained
    assert interpretation.language == "pt"
    return interpretation.entities[0]


def attribute(text: str) -> Attribute:
    """The last attribute of what a request creates."""
    return entity(text).attributes[-1]


def links(interpretation: Interpretation) -> set[tuple[str, str, str]]:
    assert interpretation.is_certain, interpretation.question or interpretation.unexplained
    return {(r.source, r.kind, r.target) for r in interpretation.relationships}


@pytest.mark.parametrize(
    ("text", "name", "label"),
    [
        ("Cadastro de avós: nome, apelido", "Avo", "Avó"),
        ("Crie notas fiscais com número e data", "NotaFiscal", "Nota fiscal"),
        ("Itens do pedido (quantidade, preço)", "ItemDoPedido", "Item do pedido"),
        ("Cadastro dos livros da biblioteca: título, autor", "Livro", "Livro"),
        (
            "Preciso controlar ordens de serviço: número, prazo",
            "OrdemDeServico",
            "Ordem de serviço",
        ),
    ],
)
def test_an_entity_keeps_the_users_word_in_the_singular(text: str, name: str, label: str) -> None:
    made = entity(text)
    assert (made.name, made.label) == (name, label)


@pytest.mark.parametrize(
    ("name", "type_"),
    [
        ("data de nascimento", "date"),
        ("preço unitário", "decimal"),
        ("nota final", "decimal"),
        ("ativo", "boolean"),
        ("quantidade em estoque", "integer"),
        ("CPF", "string"),
        ("CEP", "string"),
        ("telefone celular", "phone"),
        ("e-mail", "email"),
        ("número de páginas", "integer"),
        ("número de série", "string"),
        ("data e hora da coleta", "datetime"),
        ("hora de início", "time"),
        ("observações", "text"),
        ("aceita cartão", "boolean"),
        ("confirmado", "boolean"),
        ("estado", "string"),
        ("área de atuação", "string"),
        ("garantia até", "date"),
    ],
)
def test_a_name_suggests_its_type(name: str, type_: str) -> None:
    assert attribute(f"Crie Ficha com código e {name}").type == type_


@pytest.mark.parametrize(
    ("said", "keys"),
    [
        ("nota entre 0 e 10", {"min": 0, "max": 10}),
        ("nota de 1 a 5", {"min": 1, "max": 5}),
        ("preço de no máximo R$ 1.500,50", {"max": Decimal("1500.50")}),
        ("peso maior que 0,5", {"exclusive_min": Decimal("0.5")}),
        ("saldo não negativo", {"min": 0}),
        ("título de até 120 caracteres", {"max_length": 120}),
        ("código único", {"unique": True}),
        ("apelido opcional", {"required": False}),
        ("peso em kg", {"unit": "kg"}),
        ("cor (azul, verde ou preta)", {"choices": ("azul", "verde", "preta")}),
        ("ativo (padrão sim)", {"default": True}),
        ("entrada a partir de 31/12/2030", {"min": "2030-12-31"}),
        ("vagas (no máximo trezentas)", {"max": 300}),
        (
            "CPF único no formato 000.000.000-00",
            {"pattern": r"[0-9]{3}\.[0-9]{3}\.[0-9]{3}-[0-9]{2}"},
        ),
        ("celular no formato (00) 00000-0000", {"pattern": r"\([0-9]{2}\) [0-9]{5}-[0-9]{4}"}),
        ("placa (formato AAA-0000)", {"pattern": "[A-Z]{3}-[0-9]{4}"}),
    ],
)
def test_limits_and_flags(said: str, keys: dict[str, object]) -> None:
    made = attribute(f"Crie Ficha com código e {said}")
    assert {key: getattr(made, key) for key in keys} == keys


def test_a_number_that_may_be_a_thousand_or_a_fraction_is_asked_about() -> None:
    interpretation = interpret("Crie Terreno com área de no máximo 1.500")
    assert interpretation.question is not None
    assert "1500" in interpretation.question.text
    assert "1,500" in interpretation.question.text


def test_what_is_shared_stands_before_what_differs() -> None:
    made = entity("Crie Passagem com data de ida e volta e preço")
    assert [a.name for a in made.attributes] == ["data_de_ida", "data_de_volta", "preco"]


TWO = "Crie Aluno (nome), Curso (título) e Professor (nome). "


@pytest.mark.parametrize(
    ("sentence", "link"),
    [
        ("Cada curso tem um professor.", ("Curso", "many_to_one", "Professor")),
        ("Um curso pertence a um professor.", ("Curso", "many_to_one", "Professor")),
        ("O curso é ministrado por um professor.", ("Curso", "many_to_one", "Professor")),
        ("Um professor leciona vários cursos.", ("Curso", "many_to_one", "Professor")),
        (
            "Um aluno pode se matricular em vários cursos e um curso tem vários alunos.",
            ("Aluno", "many_to_many", "Curso"),
        ),
        ("Relação muitos para muitos entre aluno e curso.", ("Aluno", "many_to_many", "Curso")),
        (
            "Cada curso tem um único professor e cada professor tem um único curso.",
            ("Curso", "one_to_one", "Professor"),
        ),
    ],
)
def test_sentences_link_entities(sentence: str, link: tuple[str, str, str]) -> None:
    assert links(interpret(TWO + sentence)) == {link}


def test_a_role_stands_behind_the_entity() -> None:
    interpretation = interpret(
        "Aeroportos têm código. "
        "Um voo tem número, um aeroporto de origem e um aeroporto de destino."
    )
    assert links(interpretation) == {("Voo", "many_to_one", "Aeroporto")}
    names = {r.name for r in interpretation.relationships}
    assert names == {"aeroporto_de_origem", "aeroporto_de_destino"}


@pytest.mark.parametrize(
    ("text", "link"),
    [
        (
            "Departamentos (nome, sigla) possuem vários funcionários (nome, cargo).",
            ("Funcionario", "many_to_one", "Departamento"),
        ),
        (
            "Alunos com nome estão matriculados em várias disciplinas com código.",
            ("Aluno", "many_to_many", "Disciplina"),
        ),
    ],
)
def test_entities_may_be_defined_where_they_are_linked(
    text: str, link: tuple[str, str, str]
) -> None:
    assert links(interpret(text)) == {link}


def test_another_of_the_same_kind_is_a_link_of_its_own() -> None:
    (link,) = interpret("Setores (nome). Um setor pode pertencer a outro setor.").relationships
    assert (link.source, link.target, link.required) == ("Setor", "Setor", False)


def test_a_duty_within_the_verb_makes_a_link_required() -> None:
    text = "Sítios (nome) e peças (material). Uma peça pertence obrigatoriamente a um sítio."
    (link,) = interpret(text).relationships
    assert link.required


def test_texts_without_accents_are_read_alike() -> None:
    accented = interpret("Cadastro de imóveis: endereço, número, descrição e área em m²")
    plain = interpret("Cadastro de imoveis: endereco, numero, descricao e area em m2")
    assert [(a.name, a.type, a.unit) for a in plain.entities[0].attributes] == [
        (a.name, a.type, a.unit) for a in accented.entities[0].attributes
    ]


def test_questions_and_assumptions_are_in_portuguese() -> None:
    assumed = interpret(TWO + "Cada curso tem um professor.").assumptions
    assert any("pode se repetir" in text for text in assumed)
    question = interpret("Quero um sistema").question
    assert question is not None
    assert "sistema" in question.text


@pytest.mark.parametrize(
    "text",
    [
        "Moradores com nome. Os moradores fazem login com a conta do Google.",
        "Inclua os campos CPF e telefone no cadastro de clientes",
        "Crie hóspede com nome telefone email",
        "Não crie nada.",
    ],
)
def test_what_is_not_understood_is_not_carried_out(text: str) -> None:
    interpretation = interpret(text)
    assert not interpretation.is_certain or interpretation.custom


@pytest.mark.parametrize(
    "text",
    [
        "Crie as entidades:\n- Hotel: nome, estrelas (1 a 5)\n- Quarto: número, preço por noite",
        "Entidades\n- Hotel: nome, estrelas (1 a 5)\n- Quarto: número, preço por noite",
        "Create the following entities:\n1. Hotel - name, stars\n2. Quarto - number, price",
    ],
)
def test_a_list_of_entities_is_no_list_of_attributes(text: str) -> None:
    interpretation = interpret(text)
    assert interpretation.is_certain
    assert [(e.name, len(e.attributes)) for e in interpretation.entities] == [
        ("Hotel", 2),
        ("Quarto", 2),
    ]


def test_a_name_with_attributes_behind_is_not_read_as_one_with_choices() -> None:
    text = (
        "Crie Hotel com:\n- nome\n- Quarto: número, preço por noite\nUm hotel tem vários quartos."
    )
    assert not interpret(text).is_certain


@pytest.mark.parametrize(
    "text",
    [
        "Sistema de locadora. Filmes: título, ano. Clientes: nome, CPF.",
        "Preciso de um sistema de estoque: produtos têm SKU e preço; fornecedores têm nome.",
        "Loja virtual:\n\nCliente\n- nome\n\nPedido\n- data",
    ],
)
def test_the_domain_may_stand_in_front(text: str) -> None:
    interpretation = interpret(text)
    assert interpretation.is_certain
    assert len(interpretation.entities) == 2
    assert interpretation.background


def test_the_domain_alone_is_asked_about() -> None:
    assert not interpret("Quero um sistema de estoque").is_certain


def test_links_are_labelled_as_they_are_spelled() -> None:
    text = "Médicos (nome) e consultas (data). Cada consulta tem um médico."
    (link,) = interpret(text).relationships
    assert (link.name, link.label) == ("medico", "Médico")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Preciso de um cadastro simples de inquilinos: nome, CPF", "Inquilino"),
        ("criar sistema de ordem de serviço com cliente e valor", "OrdemDeServico"),
        ("Monte uma agenda de compromissos com título e data", "Compromisso"),
        ("Crie um modelo para Funcionário (nome, cargo)", "Funcionario"),
    ],
)
def test_the_word_for_the_list_is_no_part_of_the_record(text: str, name: str) -> None:
    assert entity(text).name == name


def test_what_is_counted_by_a_limit_says_nothing_more() -> None:
    made = attribute("Crie Sala com nome e capacidade de 2 a 20 pessoas")
    assert (made.name, made.min, made.max) == ("capacidade", 2, 20)


@pytest.mark.parametrize(
    ("said", "name", "kind"),
    [
        ("limite de crédito em dinheiro", "limite_de_credito", "decimal"),
        ("espera em número inteiro", "espera", "integer"),
        ("espera como texto", "espera", "text"),
    ],
)
def test_a_type_follows_its_preposition(said: str, name: str, kind: str) -> None:
    found = attribute(f"Crie clientes (apelido, {said})")
    assert (found.name, found.type) == (name, kind)
