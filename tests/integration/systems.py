"""Specifications that the integration tests generate."""

from __future__ import annotations

from decimal import Decimal

from baes.spec.changes import AddEntity, AddRelationship, Change
from baes.spec.model import Attribute, Call, Entity, Relationship

__all__ = ["AWKWARD", "ESCOLA", "EVERYTHING", "SCHOOL"]

SCHOOL: tuple[Change, ...] = (
    AddEntity(
        Entity(
            "Student",
            (
                Attribute("name", "string"),
                Attribute("email", "email", unique=True),
                Attribute("birth_date", "date"),
            ),
        )
    ),
    AddEntity(
        Entity(
            "Course",
            (Attribute("title", "string"), Attribute("credits", "integer", min=1, max=12)),
        )
    ),
    AddEntity(Entity("Teacher", (Attribute("name", "string"),))),
    AddRelationship(Relationship("Course", "Teacher", "many_to_one", "teacher")),
    AddRelationship(Relationship("Student", "Course", "many_to_many", "courses")),
)

ESCOLA: tuple[Change, ...] = (
    AddEntity(
        Entity(
            "Aluno",
            (
                Attribute("nome", "string"),
                Attribute("email", "email", unique=True),
                Attribute("data_de_nascimento", "date"),
                Attribute("situacao", "string", choices=("matriculado", "formado")),
            ),
        )
    ),
    AddEntity(
        Entity(
            "Disciplina",
            (
                Attribute("titulo", "string", label="título"),
                Attribute("creditos", "integer", min=1, max=12, label="créditos"),
                Attribute("preco", "decimal", exclusive_min=0, unit="BRL", label="preço"),
            ),
        )
    ),
    AddEntity(Entity("Mae", (Attribute("nome", "string"),), label="Mãe")),
    AddRelationship(Relationship("Disciplina", "Mae", "many_to_one", "responsavel")),
    AddRelationship(Relationship("Aluno", "Disciplina", "many_to_many", "disciplinas")),
    AddRelationship(Relationship("Aluno", "Mae", "many_to_one", "mae", required=True)),
)

_EVERY_TYPE = Entity(
    "Product",
    (
        Attribute("title", "text"),
        Attribute("class", "string", choices=("a:b", "it's", "c"), default="c"),
        Attribute("metadata", "string", required=False),
        Attribute("limit", "integer", min=0, max=10, default=5),
        Attribute("sort", "string", required=False),
        Attribute("price", "decimal", exclusive_min=0, max=Decimal("999.5"), default=1),
        Attribute("weight", "decimal", scale=3, required=False),
        Attribute("balance", "decimal", required=False),
        Attribute("ratio", "float", required=False),
        Attribute("is_active", "boolean", default=True),
        Attribute("made_on", "date", default=Call("today"), min="2000-01-01"),
        Attribute("opens", "time", required=False, min="08:00"),
        Attribute("seen_at", "datetime", required=False),
        Attribute("site", "url", required=False),
        Attribute("phone", "phone", required=False),
        Attribute("key", "uuid", required=False, unique=True),
        Attribute("code", "string", required=False, pattern="[A-Z]{3}-[0-9]+", unique=True),
        Attribute("nickname", "string", required=False, min_length=2, max_length=5),
        Attribute("json", "string", required=False),
        Attribute("datetime", "datetime", default=Call("now")),
        Attribute("from", "date", required=False),
        Attribute("order", "integer", required=False),
    ),
)

EVERYTHING: tuple[Change, ...] = (
    AddEntity(_EVERY_TYPE),
    AddEntity(Entity("Person", (Attribute("name", "string"),))),
    AddEntity(Entity("OrderItem", (Attribute("quantity", "integer"),))),
    AddEntity(Entity("Match", (Attribute("day", "date"),))),
    AddEntity(Entity("Team", (Attribute("name", "string", unique=True),))),
    AddEntity(Entity("Profile", (Attribute("bio", "text", required=False),))),
    AddEntity(Entity("Event", (Attribute("name", "string"),))),
    AddRelationship(Relationship("Match", "Team", "many_to_one", "home_team", required=True)),
    AddRelationship(Relationship("Match", "Team", "many_to_one", "away_team")),
    AddRelationship(Relationship("OrderItem", "Product", "many_to_one", "product", required=True)),
    AddRelationship(Relationship("Profile", "Person", "one_to_one", "person")),
    AddRelationship(Relationship("Person", "Person", "many_to_one", "manager")),
    AddRelationship(Relationship("Event", "Person", "many_to_many", "attendees")),
    AddRelationship(Relationship("Team", "Event", "many_to_many", "events", required=True)),
)


def _texts(*names: str) -> tuple[Attribute, ...]:
    return tuple(Attribute(name, "string") for name in names)


AWKWARD: tuple[Change, ...] = (
    AddEntity(Entity("Client", _texts("client", "number", "values", "field", "self", "path", "q"))),
    AddEntity(Entity("Test", _texts("test", "answer"))),
    AddEntity(Entity("Any", _texts("any", "typing"))),
    AddEntity(Entity("Pytest", _texts("pytest", "ids_of"))),
    AddEntity(Entity("News", _texts("count", "json"))),
    AddEntity(Entity("Slot", (Attribute("code", "integer", unique=True, min=1, max=2),))),
    AddEntity(
        Entity(
            "Seat",
            (
                Attribute("row", "string", unique=True, choices=("a", "b", "c")),
                Attribute("is_window", "boolean", unique=True),
            ),
        )
    ),
    AddEntity(
        Entity(
            "Tile",
            (
                Attribute("code", "integer", min=1, max=1),
                Attribute("letter", "string", min_length=1, max_length=1),
                Attribute("color", "string", max_length=7),
                Attribute("weight", "decimal", scale=0, min=1, max=2),
                Attribute("key", "uuid", unique=True),
                Attribute("owner", "email", max_length=20),
            ),
        )
    ),
    AddRelationship(Relationship("Test", "Client", "many_to_one", "client")),
    AddRelationship(Relationship("Client", "Test", "many_to_one", "favourite")),
    AddRelationship(Relationship("Any", "Test", "many_to_many", "tests")),
    AddRelationship(Relationship("Pytest", "News", "one_to_one", "news", required=True)),
    AddRelationship(Relationship("Tile", "Slot", "many_to_many", "slots")),
)
"""Names that the tests themselves use, few or short values, tables that refer in a circle."""
