"""Undo where something was entered meanwhile: it is said what meets what, and newer rows stay."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from baes.core.preview import Preview, preview
from baes.core.undo import changes_back
from baes.spec.apply import apply
from baes.spec.changes import (
    AddAttribute,
    AddEntity,
    AddRelationship,
    AddRule,
    Change,
    ChangeAttribute,
    ChangeRelationship,
    RemoveAttribute,
    RemoveEntity,
    RemoveRelationship,
    RemoveRule,
    RenameAttribute,
    RenameEntity,
)
from baes.spec.model import Attribute, Entity, Relationship
from baes.spec.rules import Aggregate, Compare, Computed, RequiredIf, Transition, UniqueTogether
from tests.integration.migrating import LiveSystem

pytestmark = pytest.mark.filterwarnings("ignore:The GenericFunction")

BOOK = Entity(
    "Book",
    (
        Attribute("title", "string"),
        Attribute("code", "string", required=False, unique=True),
        Attribute("pages", "integer", required=False, max=500),
        Attribute("price", "decimal", required=False, scale=2),
    ),
)
SHELF = Entity("Shelf", (Attribute("place", "string"),))
TAG = Entity("Tag", (Attribute("word", "string"),))
SHELF_OF = Relationship("Book", "Shelf", "many_to_one", "shelf", required=True)
TAGS_OF = Relationship("Book", "Tag", "many_to_many", "tags")
LAMP_OF = Relationship("Shelf", "Tag", "one_to_one", "lamp")
LONG = Compare("Book", "pages", ">=", 50)
DOUBLE = Computed("Book", "pages", "round(price * 2)")
TRIPLE = Computed("Book", "pages", "round(price * 3)")
HELD = AddAttribute("Shelf", Attribute("held", "integer", required=False))
HOLDS = Aggregate("Shelf", "held", "count", "Book")
BEGIN = (
    "INSERT INTO shelves (place) VALUES ('left'), ('right')",
    "INSERT INTO tags (word) VALUES ('red'), ('blue')",
    "INSERT INTO books (title, code, pages, price, shelf_id) "
    "VALUES ('Emma', '007', 100, 1250, 1), ('Ulysses', 'x', 400, NULL, 2)",
    "INSERT INTO books_tags VALUES (1, 1), (2, 1), (2, 2)",
    "UPDATE shelves SET lamp_id = id",
)


@dataclass(frozen=True)
class Case:
    """Requests, what people enter afterwards, and what undoing all of it meets."""

    requests: tuple[tuple[Change, ...], ...]
    since: tuple[str, ...]
    found: list[tuple[str, str, int]]
    rows: dict[str, list[tuple[Any, ...]]] = field(default_factory=dict)
    """Query -> what it gives after the undo."""
    begun_with: tuple[Change, ...] = ()
    """What was changed before, and stays."""


def to(name: str, **fields: object) -> tuple[Change, ...]:
    return (ChangeAttribute("Book", name, tuple(fields.items())),)


def kind(link: Relationship, kind: str, name: str) -> tuple[Change, ...]:
    new = Relationship(link.source, link.target, kind, name)  # type: ignore[arg-type]  # a kind
    return (ChangeRelationship(link.source, link.name, new),)


CASES = {
    "a removed attribute, and newer rows": Case(
        ((RemoveAttribute("Book", "title"),),),
        ("INSERT INTO books (shelf_id) VALUES (1)", "DELETE FROM books WHERE id = 2"),
        [("values_come_back", "tells", 1), ("newer_lack", "tells", 1)],
        {"SELECT id, title FROM books ORDER BY id": [(1, "Emma"), (3, None)]},
    ),
    "a removed attribute, and another of its name and of another type": Case(
        (
            (RemoveAttribute("Book", "title"),),
            (AddAttribute("Book", Attribute("title", "integer", required=False)),),
        ),
        ("UPDATE books SET title = 5 WHERE id = 1",
         "INSERT INTO books (title, shelf_id) VALUES (7, 1)"),
        [
            ("attribute_removed", "loses", 2),
            ("values_come_back", "tells", 2),
            ("newer_lack", "tells", 1),
        ],
        {"SELECT id, title FROM books ORDER BY id": [(1, "Emma"), (2, "Ulysses"), (3, None)]},
    ),
    "a removed unique attribute": Case(
        ((RemoveAttribute("Book", "code"),),),
        ("INSERT INTO books (title, shelf_id) VALUES ('Emma', 1)",),
        [("values_come_back", "tells", 2)],
        {"SELECT code FROM books ORDER BY id": [("007",), ("x",), (None,)]},
    ),
    "an attribute that came, and its values": Case(
        ((AddAttribute("Book", Attribute("note", "string", required=False)),),),
        ("UPDATE books SET note = 'n' WHERE id = 2",),
        [("attribute_removed", "loses", 1)],
    ),
    "a renamed attribute, and another under its former name": Case(
        (
            (RenameAttribute("Book", "title", "name"),),
            (AddAttribute("Book", Attribute("title", "integer", required=False)),),
        ),
        ("INSERT INTO books (name, title, shelf_id) VALUES ('Persuasion', 3, 1)",),
        [("attribute_removed", "loses", 1)],
        {"SELECT title FROM books ORDER BY id": [("Emma",), ("Ulysses",), ("Persuasion",)]},
    ),
    "unique no more, and duplicates": Case(
        (to("code", unique=False),),
        ("INSERT INTO books (title, code, shelf_id) VALUES ('New', 'x', 1)",),
        [("duplicated", "blocks", 1)],
    ),
    "optional, and rows without": Case(
        (to("title", required=False),),
        ("INSERT INTO books (shelf_id) VALUES (1)",),
        [("missing", "loses", 1)],
        {"SELECT title FROM books ORDER BY id": [("Emma",), ("Ulysses",), (None,)]},
    ),
    "another type, and values that don't convert back": Case(
        (to("pages", type="string", max=None),),
        ("INSERT INTO books (title, pages, shelf_id) VALUES ('A', 'many', 1), ('B', '7', 1)",
         "UPDATE books SET pages = '1e3' WHERE id = 1"),
        [("cleared", "loses", 1), ("rewritten", "loses", 1), ("converted", "tells", 2),
         ("beyond", "loses", 1)],
        {"SELECT pages FROM books ORDER BY id": [(1000,), (400,), (None,), (7,)]},
    ),
    "a required one of another type, and values that don't convert back": Case(
        (to("price", type="string", scale=None, required=True),),
        ("INSERT INTO books (title, price, shelf_id) VALUES ('A', 'dear', 1)",),
        [("cleared", "loses", 1), ("converted", "tells", 1)],
        {"SELECT price FROM books ORDER BY id": [(1250,), (None,), (None,)]},
    ),
    "more digits, and values that have them": Case(
        (to("price", scale=3),),
        ("UPDATE books SET price = 12505 WHERE id = 1",),
        [("rounded", "loses", 1)],
    ),
    "no limit, and values beyond it": Case(
        (to("pages", max=None),),
        ("UPDATE books SET pages = 900 WHERE id = 2",),
        [("beyond", "loses", 1)],
        {"SELECT pages FROM books ORDER BY id": [(100,), (900,)]},
    ),
    "a removed required relationship, and newer rows": Case(
        ((RemoveRelationship("Book", "shelf"),),),
        ("INSERT INTO books (title) VALUES ('New')", "DELETE FROM shelves WHERE id = 2"),
        [
            ("links_come_back", "tells", 1),
            ("links_gone", "tells", 1),
            ("newer_lack_link", "tells", 2),
        ],
        {"SELECT shelf_id FROM books ORDER BY id": [(1,), (None,), (None,)]},
    ),
    "removed links, and records of both sides that are gone": Case(
        ((RemoveRelationship("Book", "tags"),),),
        ("DELETE FROM tags WHERE id = 2", "DELETE FROM books WHERE id = 1"),
        [
            ("links_come_back", "tells", 1),
            ("links_gone", "tells", 1),
            ("links_gone", "tells", 1),
        ],
        {"SELECT * FROM books_tags ORDER BY 1, 2": [(2, 1)]},
    ),
    "a relationship that came, and its links": Case(
        ((AddRelationship(Relationship("Tag", "Shelf", "many_to_one", "home")),),),
        ("UPDATE tags SET home_id = 1 WHERE id = 1",),
        [("links_removed", "loses", 1)],
    ),
    "several instead of one, and several links": Case(
        (kind(SHELF_OF, "many_to_many", "shelves"),),
        ("INSERT INTO books_shelves VALUES (1, 2)", "DELETE FROM books_shelves WHERE book_id = 2"),
        [("links_without_room", "loses", 1), ("newer_lack_link", "tells", 2)],
        {"SELECT shelf_id FROM books ORDER BY id": [(None,), (None,)]},
    ),
    "one instead of several, and another link": Case(
        (kind(TAGS_OF, "many_to_one", "tag"),),
        ("UPDATE books SET tag_id = 2 WHERE id = 1", "UPDATE books SET tag_id = 1 WHERE id = 2"),
        [("links_stay", "tells", 1)],
        {
            "SELECT * FROM books_tags ORDER BY 1, 2": [(1, 2), (2, 1)],
            "SELECT row_count FROM baes_archive_contents": [(1,)],
        },
    ),
    "shared instead of one's own, and shared records": Case(
        (kind(LAMP_OF, "many_to_one", "lamp"),),
        ("UPDATE shelves SET lamp_id = 1",),
        [("link_shared", "blocks", 1)],
    ),
    "an optional link, and rows without": Case(
        (kind(SHELF_OF, "many_to_one", "shelf"),),
        ("UPDATE books SET shelf_id = NULL WHERE id = 2",),
        [("link_missing", "loses", 1)],
        {"SELECT shelf_id FROM books ORDER BY id": [(1,), (None,)]},
    ),
    "a removed entity that others need": Case(
        ((RemoveEntity("Shelf"),),),
        ("INSERT INTO books (title) VALUES ('New')",),
        [
            ("records_come_back", "tells", 2),
            ("links_come_back", "tells", 2),
            ("newer_lack_link", "tells", 1),
            ("links_come_back", "tells", 2),
        ],
        {"SELECT shelf_id FROM books ORDER BY id": [(1,), (2,), (None,)]},
    ),
    "a removed entity, and what it needed is gone": Case(
        ((RemoveEntity("Book"),),),
        ("DELETE FROM shelves WHERE id = 2", "DELETE FROM tags WHERE id = 2"),
        [
            ("records_come_back", "tells", 2),
            ("links_come_back", "tells", 1),
            ("links_gone", "tells", 1),
            ("newer_lack_link", "tells", 1),
            ("links_come_back", "tells", 2),
            ("links_gone", "tells", 1),
        ],
        {
            "SELECT id, shelf_id FROM books ORDER BY id": [(1, 1), (2, None)],
            "SELECT * FROM books_tags ORDER BY 1, 2": [(1, 1), (2, 1)],
        },
    ),
    "a removed entity, and another of its name": Case(
        (
            (RemoveEntity("Tag"),),
            (AddEntity(Entity("Tag", (Attribute("weight", "integer"),))),),
        ),
        ("INSERT INTO tags (weight) VALUES (1), (2), (3)",),
        [
            ("entity_removed", "loses", 3),
            ("records_come_back", "tells", 2),
            ("links_come_back", "tells", 2),
            ("links_come_back", "tells", 2),
        ],
        {
            "SELECT word FROM tags ORDER BY id": [("red",), ("blue",)],
            "SELECT * FROM books_tags ORDER BY 1, 2": [(1, 1), (2, 1), (2, 2)],
        },
    ),
    "an entity that came, and its records": Case(
        ((AddEntity(Entity("Note", (Attribute("text", "string"),))),),),
        ("INSERT INTO notes (text) VALUES ('n')",),
        [("entity_removed", "loses", 1)],
    ),
    "a renamed entity, and another under its former name": Case(
        (
            (RenameEntity("Tag", "Mark"),),
            (AddEntity(Entity("Tag", (Attribute("weight", "integer"),))),),
        ),
        ("INSERT INTO marks (word) VALUES ('green')", "INSERT INTO tags (weight) VALUES (1)"),
        [("entity_removed", "loses", 1)],
        {"SELECT word FROM tags ORDER BY id": [("red",), ("blue",), ("green",)]},
    ),
    "a rule that came, and records that keep it": Case(
        ((AddRule(LONG),),),
        ("INSERT INTO books (title, pages, shelf_id) VALUES ('New', 60, 1)",),
        [],
    ),
    "a removed rule, and records that break it": Case(
        ((RemoveRule(LONG),),),
        ("INSERT INTO books (title, pages, shelf_id) VALUES ('New', 3, 1)",),
        [("rule_broken", "loses", 1)],
        {"SELECT pages FROM books ORDER BY id": [(100,), (400,), (3,)]},
        (AddRule(LONG),),
    ),
    "another rule, and records that break the first": Case(
        ((RemoveRule(LONG), AddRule(Compare("Book", "pages", ">=", 1))),),
        ("UPDATE books SET pages = 3 WHERE id = 1",),
        [("rule_broken", "loses", 1)],
        {"SELECT pages FROM books ORDER BY id": [(3,), (400,)]},
        (AddRule(LONG),),
    ),
    "a removed duty, and records without": Case(
        ((RemoveRule(RequiredIf("Book", "code", (("title", "Emma"),))),),),
        ("UPDATE books SET code = NULL WHERE id = 1",),
        [("rule_broken", "loses", 1)],
        {"SELECT code FROM books ORDER BY id": [(None,), ("x",)]},
        (AddRule(RequiredIf("Book", "code", (("title", "Emma"),))),),
    ),
    "together unique no more, and duplicates": Case(
        ((RemoveRule(UniqueTogether("Book", ("title", "pages"))),),),
        ("INSERT INTO books (title, pages, shelf_id) VALUES ('Emma', 100, 1)",),
        [("duplicated_together", "blocks", 1)],
        {},
        (AddRule(UniqueTogether("Book", ("title", "pages"))),),
    ),
    "removed states, and records in others": Case(
        ((RemoveRule(Transition("Tag", "word", "red", "blue")),),),
        ("INSERT INTO tags (word) VALUES ('green')",),
        [("rule_broken", "loses", 1)],
        {"SELECT word FROM tags ORDER BY id": [("red",), ("blue",), ("green",)]},
        (AddRule(Transition("Tag", "word", "red", "blue")),),
    ),
    "a rule that gives what was entered, and newer rows": Case(
        ((AddRule(DOUBLE),),),
        ("INSERT INTO books (title, price, pages, shelf_id) VALUES ('New', 300, 6, 1)",
         "DELETE FROM books WHERE id = 2"),
        [("values_come_back", "tells", 1)],
        {"SELECT id, pages FROM books ORDER BY id": [(1, 100), (3, 6)]},
    ),
    "a rule that gives what was entered, and another one instead": Case(
        ((AddRule(DOUBLE),), (RemoveRule(DOUBLE), AddRule(TRIPLE))),
        (),
        [("values_come_back", "tells", 2)],
        {"SELECT pages FROM books ORDER BY id": [(100,), (400,)]},
    ),
    "a rule that gave values, and values entered since": Case(
        ((RemoveRule(DOUBLE),),),
        ("UPDATE books SET pages = 7 WHERE id = 1",),
        [("entered_replaced", "loses", 1), ("worked_out", "tells", 2)],
        {"SELECT pages FROM books ORDER BY id": [(25,), (None,)]},
        (AddRule(DOUBLE),),
    ),
    "another formula": Case(
        ((RemoveRule(DOUBLE), AddRule(TRIPLE)),),
        ("UPDATE books SET price = 300, pages = 9 WHERE id = 2",),
        [("worked_out", "tells", 2)],
        {"SELECT pages FROM books ORDER BY id": [(25,), (6,)]},
        (AddRule(DOUBLE),),
    ),
    "a number of children that came": Case(
        ((HELD, AddRule(HOLDS)),),
        ("INSERT INTO books (title, shelf_id) VALUES ('New', 1)",),
        [],
    ),
    "a removed number of children, and another child": Case(
        ((RemoveRule(HOLDS), RemoveAttribute("Shelf", "held")),),
        ("INSERT INTO books (title, shelf_id) VALUES ('New', 1)",),
        [("worked_out", "tells", 2)],
        {"SELECT held FROM shelves ORDER BY id": [(2,), (1,)]},
        (HELD, AddRule(HOLDS)),
    ),
    "a rule that gave what was entered, and went with what it read": Case(
        ((AddRule(DOUBLE),), (RemoveAttribute("Book", "price"),)),
        ("UPDATE books SET pages = 7 WHERE id = 2",),
        [("values_come_back", "tells", 1), ("values_come_back", "tells", 2),
         ("entered_since", "loses", 2)],
        {"SELECT pages, price FROM books ORDER BY id": [(100, 1250), (400, None)]},
    ),
    "a rule that gave what was entered, and went with its entity": Case(
        ((AddRule(DOUBLE),), (RemoveEntity("Book"),)),
        (),
        [
            ("records_come_back", "tells", 2),
            ("links_come_back", "tells", 2),
            ("links_come_back", "tells", 2),
        ],
        {"SELECT pages FROM books ORDER BY id": [(100,), (400,)]},
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> LiveSystem:
    system = LiveSystem(tmp_path_factory.mktemp("library"))
    links = map(AddRelationship, (SHELF_OF, TAGS_OF, LAMP_OF))
    system.change(*map(AddEntity, (BOOK, SHELF, TAG)), *links)
    for statement in BEGIN:
        system.execute(statement)
    return system


def look(system: LiveSystem, changes: tuple[Change, ...]) -> Preview:
    return preview(system.path, system.spec, changes, apply(system.spec, changes))


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_what_an_undo_meets_is_said_and_newer_rows_stay(
    begun: LiveSystem, case: Case, tmp_path: Path
) -> None:
    system = begun.copied(tmp_path / "library")
    if case.begun_with:
        system.change(*case.begun_with)
    first, earlier = system.spec, len(system.done)
    for changes in case.requests:
        system.change(*look(system, changes).changes)
    for statement in case.since:
        system.execute(statement)
    found = look(system, changes_back(system.spec, first, system.done[: earlier - 1 : -1]))
    assert [(e.topic, e.effect, e.count) for e in found.entries] == case.found
    if found.of("blocks"):
        return
    system.change(*found.changes)
    system.check()
    assert {query: system.rows(query) for query in case.rows} == case.rows
