"""Systems and changes in sentences of either language."""

from __future__ import annotations

from decimal import Decimal

import pytest

from baes.core.change_texts import change_texts, describe_entity
from baes.core.diagrams import mermaid, svg
from baes.core.wording import Wording
from baes.spec import rules
from baes.spec.apply import apply
from baes.spec.changes import (
    AddAttribute,
    AddEntity,
    AddRelationship,
    Change,
    ChangeAttribute,
    RemoveAttribute,
    RemoveEntity,
    RemoveRelationship,
    RenameAttribute,
    RenameEntity,
)
from baes.spec.model import Attribute, Call, Entity, Relationship, SystemSpec
from baes.utils.rule_wording import RuleWording

COURSE = Entity(
    "Curso",
    (
        Attribute("titulo", "string", label="Título"),
        Attribute("creditos", "integer", min=1, max=12, label="Créditos"),
        Attribute("preco", "decimal", min=Decimal("0.5"), required=False, label="Preço"),
        Attribute("inicio", "date", default=Call("today"), label="Início"),
        Attribute("fim", "date", label="Fim"),
    ),
)
TEACHER = Entity("Professor", (Attribute("nome", "string", unique=True, label="Nome"),))
STUDENT = Entity("Aluno", (Attribute("isbn", "string", label="ISBN"),))
LINKS = (
    Relationship("Curso", "Professor", "many_to_one", "professor", required=True),
    Relationship("Aluno", "Curso", "many_to_many", "cursos"),
    Relationship("Aluno", "Professor", "one_to_one", "tutor"),
)


def system(language: str) -> SystemSpec:
    changes: list[Change] = [AddEntity(e) for e in (COURSE, TEACHER, STUDENT)]
    changes += [AddRelationship(link) for link in LINKS]
    return apply(SystemSpec(language=language), changes)


PORTUGUESE: list[tuple[Change, str]] = [
    (AddEntity(Entity("Sala")), "Agora existe Sala, com nada além de um número de identificação."),
    (
        AddAttribute("Curso", Attribute("vagas", "integer", min=0)),
        "Curso passa a ter vagas (número inteiro, no mínimo 0).",
    ),
    (RenameEntity("Curso", "Disciplina", "Disciplina"), "Curso passa a se chamar Disciplina."),
    (
        RenameAttribute("Curso", "titulo", "nome", "Nome"),
        "Em Curso, título passa a se chamar Nome.",
    ),
    (RemoveAttribute("Curso", "creditos"), "Curso deixa de ter créditos."),
    (RemoveEntity("Aluno"), "Aluno deixa de existir."),
    (RemoveRelationship("Curso", "professor"), "Curso deixa de ter professor."),
    (
        ChangeAttribute("Curso", "creditos", (("min", 2), ("max", None), ("required", False))),
        "Em Curso, muda créditos: no mínimo 2, sem limite superior, agora opcional.",
    ),
    (
        ChangeAttribute("Curso", "titulo", (("type", "text"), ("unique", True))),
        "Em Curso, muda título: agora do tipo texto longo, agora sem repetição.",
    ),
]


@pytest.mark.parametrize(("change", "sentence"), PORTUGUESE, ids=[s for _, s in PORTUGUESE])
def test_a_change_is_told_in_portuguese(change: Change, sentence: str) -> None:
    spec = system("pt")
    assert change_texts(spec, spec, [change], "pt") == (sentence,)


def test_an_entity_is_described_with_its_links_from_both_sides() -> None:
    spec = system("pt")
    assert describe_entity(spec, spec.entity("Curso"), "pt") == (
        "Curso tem título (texto), créditos (número inteiro, de 1 a 12), "
        "preço (número decimal, opcional, no mínimo 0,5), início (data, valor padrão hoje) e "
        "fim (data). Cada Curso tem no máximo 1 professor, que pode se repetir. O preenchimento é "
        "obrigatório."
    )
    teacher = describe_entity(spec, spec.entity("Professor"), "pt")
    assert "Cada Professor tem qualquer número de cursos." in teacher
    assert "Cada Professor tem no máximo 1 aluno." in teacher
    student = describe_entity(spec, spec.entity("Aluno"), "en")
    assert "Aluno has ISBN (text)." in student
    assert "each Curso any number of alunos." in student
    assert "Each Aluno has one tutor (of Professor), and nobody shares it." in student


RULES: list[tuple[rules.Rule, str, str]] = [
    (
        rules.Compare("Curso", "inicio", "<=", "fim"),
        "Início of Curso must be on or before fim.",
        "Início de Curso deve ser igual ou anterior a fim.",
    ),
    (
        rules.Compare("Curso", "preco", ">", "creditos"),
        "Preço of Curso must be more than créditos.",
        "Preço de Curso deve ser maior que créditos.",
    ),
    (
        rules.NotFuture("Curso", "inicio"),
        "Início of Curso can't be in the future.",
        "Início de Curso não pode ficar no futuro.",
    ),
    (
        rules.UniqueTogether("Curso", ("titulo", "inicio")),
        "No two records of Curso can have the same título and início.",
        "Dois registros de Curso não podem ter a mesma combinação de título e início.",
    ),
    (
        rules.Computed("Curso", "preco", "creditos * 2.5"),
        "Preço of Curso is computed: créditos \N{MULTIPLICATION SIGN} 2.5.",
        "Preço de Curso vem deste cálculo: créditos \N{MULTIPLICATION SIGN} 2,5.",
    ),
    (
        rules.Computed("Curso", "preco", "(creditos + 1) * years_between(inicio, today())"),
        "Preço of Curso is computed: "
        "(créditos + 1) \N{MULTIPLICATION SIGN} the full years from início to today.",
        "Preço de Curso vem deste cálculo: "
        "(créditos + 1) \N{MULTIPLICATION SIGN} os anos completos de início até hoje.",
    ),
    (
        rules.Aggregate("Professor", "nome", "count", "Curso", (("creditos", 4, False),)),
        "Nome of Professor is the number of cursos, where créditos is not 4.",
        "Nome de Professor é o número de cursos, onde créditos não é 4.",
    ),
    (
        rules.Aggregate("Professor", "nome", "max", "Curso.inicio"),
        "Nome of Professor is the latest início of Curso.",
        "Nome de Professor é o mais recente de início de Curso.",
    ),
    (
        rules.Copy("Curso", "titulo", "Professor.nome"),
        "Título of Curso is copied from nome of Professor when the record is made.",
        "Título de Curso é copiado de nome de Professor quando o registro é criado.",
    ),
    (
        rules.Transition("Curso", "titulo", "aberto", "fechado"),
        "Título of Curso may go from aberto to fechado.",
        "Título de Curso pode passar de aberto a fechado.",
    ),
    (
        rules.RequiredIf("Curso", "preco", (("creditos", 3), ("titulo", "X"))),
        "Preço of Curso is required when créditos is 3 and título is X.",
        "Preço de Curso é obrigatório quando créditos é 3 e título é X.",
    ),
]


@pytest.mark.parametrize(
    ("rule", "english", "portuguese"), RULES, ids=[english for _, english, _ in RULES]
)
def test_a_rule_is_a_sentence(rule: rules.Rule, english: str, portuguese: str) -> None:
    spec = system("pt")
    assert Wording("en", spec).rule(rule) == english
    assert Wording("pt", spec).rule(rule) == portuguese


def test_a_rule_beside_its_field_does_not_say_whose_it_is() -> None:
    rule = rules.Compare("Curso", "inicio", "<", "fim")
    assert RuleWording("en", system("pt")).statement(rule) == "início must be before fim"


def test_all_steps_of_one_state_are_one_sentence() -> None:
    steps = [
        rules.Transition("Curso", "titulo", *pair)
        for pair in (("aberto", "pago"), ("aberto", "cancelado"), ("pago", "enviado"))
    ]
    assert Wording("en", system("pt")).rules(steps) == (
        "Título of Curso only goes from aberto to pago or cancelado and from pago to enviado.",
    )
    assert Wording("pt", system("pt")).rules(steps) == (
        "Título de Curso só passa de aberto a pago ou cancelado e de pago a enviado.",
    )


def test_mermaid_tells_kinds_and_requirements_apart() -> None:
    lines = [line.strip() for line in mermaid(system("pt")).splitlines()]
    assert lines[0] == "erDiagram"
    assert "string nome UK" in lines
    assert "Curso }o--|| Professor : professor" in lines
    assert "Aluno }o--o{ Curso : cursos" in lines
    assert "Aluno |o--o| Professor : tutor" in lines


def test_the_drawing_is_well_formed_and_names_everything() -> None:
    import xml.etree.ElementTree as ElementTree

    spec = apply(
        system("pt"), [AddRelationship(Relationship("Aluno", "Aluno", "many_to_one", "amigo"))]
    )
    drawn = svg(spec, "pt")
    words = " ".join(ElementTree.fromstring(drawn).itertext())  # noqa: S314  our own drawing
    for word in ("Créditos: número inteiro", "Professor", "tutor 1:1", "amigo n:1", "cursos n:n"):
        assert word in words
