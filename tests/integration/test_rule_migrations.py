"""Rules that come and go on a database with rows: what the tables hold of them, and what not."""

from __future__ import annotations

import sqlite3
from decimal import Decimal
from pathlib import Path

import pytest

from baes.spec.changes import (
    AddAttribute,
    AddEntity,
    AddRelationship,
    AddRule,
    Change,
    ChangeAttribute,
    RemoveAttribute,
    RemoveEntity,
    RemoveRelationship,
    RemoveRule,
    RenameAttribute,
    RenameEntity,
)
from baes.spec.diff import diff
from baes.spec.model import Attribute, Entity, Relationship
from baes.spec.rules import Compare, RequiredIf, Rule, Transition, UniqueTogether
from tests.integration.migrating import LiveSystem

pytestmark = pytest.mark.filterwarnings("ignore:The GenericFunction")

STAY = Entity(
    "Stay",
    (
        Attribute("since", "date"),
        Attribute("until", "date", required=False),
        Attribute("price", "decimal", required=False),
        Attribute("deposit", "decimal", required=False, scale=3),
        Attribute("nights", "integer"),
        Attribute("status", "string", default="open"),
        Attribute("reason", "string", required=False),
        Attribute("guest_mail", "email", required=False),
    ),
)
ROOM = Entity("Room", (Attribute("name", "string"),))
IN = Relationship("Stay", "Room", "many_to_one", "room", required=True)
NEXT = Relationship("Stay", "Room", "many_to_one", "next_room")

ENDS = Compare("Stay", "until", ">", "since")
CHEAP = Compare("Stay", "deposit", "<=", "price")
SOME = Compare("Stay", "nights", ">=", 1)
NAMED = Compare("Stay", "status", "!=", "it's: no")
WHY = RequiredIf("Stay", "reason", (("status", "cancelled"), ("nights", 3)))
ONCE = UniqueTogether("Stay", ("room", "since"))
ONE_MAIL = UniqueTogether("Stay", ("guest_mail", "status"))
GOES = (Transition("Stay", "status", "open", "paid"), Transition("Stay", "status", "open", "done"))
RULES: tuple[Rule, ...] = (ENDS, CHEAP, SOME, NAMED, WHY, ONCE, ONE_MAIL)


@pytest.fixture(scope="module")
def hotel(tmp_path_factory: pytest.TempPathFactory) -> LiveSystem:
    system = LiveSystem(tmp_path_factory.mktemp("hotel"))
    system.change(AddEntity(STAY), AddEntity(ROOM), AddRelationship(IN), AddRelationship(NEXT))
    for room in ("a", "b"):
        system.execute("INSERT INTO rooms (name) VALUES (?)", room)
    for day, mail in ((1, "a@x.org"), (2, "b@x.org"), (3, None)):
        insert(system, since=f"2020-01-0{day}", guest_mail=mail)
    return system


@pytest.fixture
def stays(hotel: LiveSystem, tmp_path: Path) -> LiveSystem:
    return hotel.copied(tmp_path / "hotel")


def insert(system: LiveSystem, **values: object) -> int:
    row = {
        "since": "2020-03-01", "until": "2020-03-09", "price": 1000, "deposit": 10000, "nights": 2,
        "status": "open", "room_id": 1, "next_room_id": 2,
    } | values  # fmt: skip
    names, places = ", ".join(row), ", ".join("?" * len(row))
    return system.execute(f"INSERT INTO stays ({names}) VALUES ({places})", *row.values())  # noqa: S608


def everything(system: LiveSystem, *tables: str) -> list[object]:
    """The names of all that there is, and the rows with their columns in the order of names."""
    found: list[object] = []
    for table in tables or ("stays", "rooms"):
        names = sorted(row[1] for row in system.rows(f"PRAGMA table_info({table})"))
        columns = ", ".join(f'"{name}"' for name in names)
        found.append([*names, *system.rows(f"SELECT {columns} FROM {table}")])  # noqa: S608
        indexes = system.rows(f"PRAGMA index_list({table})")
        found.append(sorted(row[1:4] for row in indexes))
    return found


BROKEN: dict[str, tuple[Rule, dict[str, object], dict[str, object]]] = {
    "dates": (ENDS, {"until": "2020-03-01"}, {"until": "2020-03-02"}),
    "no date": (ENDS, {"until": "2020-02-01"}, {"until": None}),
    "digits of different numbers": (CHEAP, {"deposit": 10001}, {"deposit": 10000}),
    "numbers that outgrow the database": (
        CHEAP, {"price": -(10**18) + 1, "deposit": 0}, {"price": 10**18 - 1, "deposit": 10**18 - 1},
    ),
    "a number": (SOME, {"nights": 0}, {"nights": 1}),
    "a text": (NAMED, {"status": "it's: no"}, {"status": "its no"}),
    "what is required then": (
        WHY, {"status": "cancelled", "nights": 3}, {"status": "cancelled", "nights": 2},
    ),
    "what is required then, and is there": (
        WHY,
        {"status": "cancelled", "nights": 3},
        {"status": "cancelled", "nights": 3, "reason": "ill"},
    ),
    "together": (ONCE, {"since": "2020-01-01"}, {"since": "2020-01-01", "room_id": 2,
                                                 "next_room_id": 1}),
    "together in whatever letters": (
        ONE_MAIL, {"guest_mail": "A@X.org"}, {"guest_mail": "A@X.org", "status": "paid"},
    ),
    "states": (GOES[0], {"status": "gone"}, {"status": "done"}),
}  # fmt: skip


@pytest.mark.parametrize(("rule", "broken", "kept"), BROKEN.values(), ids=BROKEN)
def test_the_tables_hold_a_rule(
    stays: LiveSystem, rule: Rule, broken: dict[str, object], kept: dict[str, object]
) -> None:
    before, first = everything(stays), stays.spec
    stays.change(*(AddRule(r) for r in (GOES if rule in GOES else (rule,))))
    stays.check()
    with pytest.raises(sqlite3.IntegrityError):
        insert(stays, **broken)
    stays.execute("DELETE FROM stays WHERE id = ?", insert(stays, **kept))
    stays.undo()
    stays.check()
    assert everything(stays) == before
    assert diff(first, stays.spec) == ()


@pytest.fixture(scope="module")
def ruled(hotel: LiveSystem, tmp_path_factory: pytest.TempPathFactory) -> LiveSystem:
    system = hotel.copied(tmp_path_factory.mktemp("ruled") / "hotel")
    system.change(*map(AddRule, RULES))
    return system


CHANGES: dict[str, tuple[Change, ...]] = {
    "a column that rules name has another name": (
        RenameAttribute("Stay", "until", "order"), RenameAttribute("Stay", "status", "until"),
    ),
    "names change places": (
        RenameAttribute("Stay", "until", "spare"),
        RenameAttribute("Stay", "since", "until"),
        RenameAttribute("Stay", "spare", "since"),
    ),
    "the entity has another name": (RenameEntity("Stay", "Order"), RenameEntity("Room", "Stay")),
    "a column that rules name goes": (RemoveAttribute("Stay", "status"),),
    "a reference that rules name goes": (RemoveRelationship("Stay", "room"),),
    "a column gets another type": (ChangeAttribute("Stay", "price", (("type", "integer"),)),),
    "a column that rules compare gets another type": (
        ChangeAttribute("Stay", "until", (("type", "datetime"),)),
    ),
    "a column gets another limit": (ChangeAttribute("Stay", "nights", (("max", 90),)),),
    "a column without rules goes": (RemoveAttribute("Room", "name"),),
    "a column comes": (AddAttribute("Stay", Attribute("note", "string", required=False)),),
    "the entity goes": (RemoveEntity("Stay"),),
    "what it refers to goes": (RemoveEntity("Room"),),
    "a rule goes": (RemoveRule(CHEAP),),
    "a rule's index goes": (RemoveRule(ONCE), RemoveRule(ONE_MAIL)),
    "rules change with what they are about": (
        RemoveRule(ENDS),
        ChangeAttribute("Stay", "nights", (("type", "decimal"), ("scale", 1))),
        AddRule(Compare("Stay", "nights", "<", Decimal("60.5"))),
    ),
}  # fmt: skip


@pytest.mark.parametrize("changes", CHANGES.values(), ids=CHANGES)
def test_a_change_under_rules_gives_the_schema_and_is_taken_back(
    ruled: LiveSystem, tmp_path: Path, changes: tuple[Change, ...]
) -> None:
    system = ruled.copied(tmp_path / "hotel")
    before, first = everything(system), system.spec
    system.change(*changes)  # compares the tables with schema.sql, and follows all references
    system.check()
    system.undo()
    system.check()
    assert everything(system) == before
    assert diff(first, system.spec) == ()


def test_a_renamed_column_keeps_its_rule(ruled: LiveSystem, tmp_path: Path) -> None:
    system = ruled.copied(tmp_path / "hotel")
    text = system.change(RenameAttribute("Stay", "until", "order"))
    assert "rebuild_table" not in text
    with pytest.raises(sqlite3.IntegrityError, match="ck_stay__until__gt__since"):
        system.execute("UPDATE stays SET \"order\" = '2019-01-01'")


def test_a_rule_that_older_rows_may_break_is_no_condition(stays: LiveSystem) -> None:
    stays.execute("UPDATE stays SET nights = 0 WHERE id = 1")
    stays.change(AddRule(Compare("Stay", "nights", ">=", 1, older_may_break=True)))
    assert "CHECK" not in (stays.folder / "app/database/schema.sql").read_text()
    stays.execute("UPDATE stays SET reason = 'old' WHERE id = 1")
    stays.change(RemoveRule(SOME))
    assert not stays.spec.rules
    stays.undo()
    assert stays.spec.rules == (Compare("Stay", "nights", ">=", 1, older_may_break=True),)


def test_tables_that_need_each_other_hold_rules_over_their_references(tmp_path: Path) -> None:
    system = LiveSystem(tmp_path)
    links = (
        Relationship("Team", "Person", "many_to_one", "lead"),
        Relationship("Team", "Person", "many_to_one", "deputy"),
        Relationship("Person", "Team", "many_to_one", "team"),
    )
    system.change(
        AddEntity(Entity("Team", (Attribute("name", "string"),))),
        AddEntity(Entity("Person", (Attribute("name", "string"),))),
        *map(AddRelationship, links),
        AddRule(RequiredIf("Team", "lead", (("name", "t"),))),
        AddRule(UniqueTogether("Team", ("lead", "deputy"))),
        AddRule(UniqueTogether("Person", ("team", "name"))),
    )
    system.execute("INSERT INTO people (name) VALUES ('a'), ('b')")
    with pytest.raises(sqlite3.IntegrityError, match="CHECK"):
        system.execute("INSERT INTO teams (name, deputy_id) VALUES ('t', 1)")
    system.execute("INSERT INTO teams (name, lead_id, deputy_id) VALUES ('t', 1, 2)")
    with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"):
        system.execute("INSERT INTO teams (name, lead_id, deputy_id) VALUES ('t', 1, 2)")
