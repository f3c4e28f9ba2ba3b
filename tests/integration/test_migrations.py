"""Every change on a database with rows: what the revision says, and what became of the rows."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from baes.spec.changes import (
    AddAttribute,
    AddEntity,
    AddRelationship,
    Change,
    ChangeAttribute,
    ChangeRelationship,
    RemoveAttribute,
    RemoveEntity,
    RemoveRelationship,
    RenameAttribute,
    RenameEntity,
)
from baes.spec.diff import diff
from baes.spec.model import Attribute, Call, Entity, Relationship
from tests.integration.migrating import LiveSystem
from tests.integration.systems import SCHOOL

pytestmark = pytest.mark.filterwarnings("ignore:The GenericFunction")


@pytest.fixture(scope="module")
def first_release(tmp_path_factory: pytest.TempPathFactory) -> LiveSystem:
    """Two teachers and one that was deleted, three courses, three students with four links."""
    system = LiveSystem(tmp_path_factory.mktemp("school"))
    system.change(*SCHOOL)
    for name in ("Ana", "Bia", "gone"):
        system.execute("INSERT INTO teachers (name) VALUES (?)", name)
    system.execute("DELETE FROM teachers WHERE id = 3")
    for course in (("Art", 4, 1), ("Biology", 5, 2), ("Chess", 12, None)):
        system.execute("INSERT INTO courses (title, credits, teacher_id) VALUES (?, ?, ?)", *course)
    for n in (1, 2, 3):
        student = (f"S{n}", f"s{n}@x.org", "2000-01-31")
        system.execute("INSERT INTO students (name, email, birth_date) VALUES (?, ?, ?)", *student)
    for pair in ((1, 1), (1, 2), (2, 2), (3, 3)):
        system.execute("INSERT INTO students_courses VALUES (?, ?)", *pair)
    return system


@pytest.fixture
def school(first_release: LiveSystem, tmp_path: Path) -> LiveSystem:
    return first_release.copied(tmp_path / "school")


def everything(system: LiveSystem) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of the system's own tables, their columns in the order of their names."""
    tables = system.rows(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' "
        "ESCAPE '!' AND name NOT LIKE '!_baes%' ESCAPE '!' AND name NOT LIKE 'baes!_%' ESCAPE '!'"
        " AND name <> 'alembic_version'"
    )
    found = {}
    for (table,) in tables:
        names = sorted(row[1] for row in system.rows(f"PRAGMA table_info({table})"))
        columns = ", ".join(f'"{name}"' for name in names)
        query = f"SELECT {columns} FROM {table}"  # noqa: S608  names that SQLite gave
        found[table] = sorted(system.rows(query), key=repr)
    return found


NOTE = Attribute("note", "text", required=False)

CHANGES: dict[str, tuple[Change, ...]] = {
    "add an optional attribute": (AddAttribute("Course", NOTE),),
    "add a unique one": (
        AddAttribute("Course", Attribute("code", "string", required=False, unique=True)),
    ),
    "add one with a default": (AddAttribute("Course", Attribute("level", "integer", default=3)),),
    "add a required one": (AddAttribute("Course", Attribute("room", "string")),),
    "remove one": (RemoveAttribute("Course", "credits"),),
    "remove a unique one": (RemoveAttribute("Student", "email"),),
    "rename one with limits": (RenameAttribute("Course", "credits", "points"),),
    "rename one to a reserved word": (RenameAttribute("Course", "title", "order"),),
    "make one optional": (ChangeAttribute("Student", "birth_date", (("required", False),)),),
    "make one unique": (ChangeAttribute("Course", "title", (("unique", True),)),),
    "make one not unique": (ChangeAttribute("Student", "email", (("unique", False),)),),
    "loosen a limit": (ChangeAttribute("Course", "credits", (("max", None),)),),
    "tighten a limit": (ChangeAttribute("Course", "credits", (("min", 2),)),),
    "name choices": (
        ChangeAttribute("Course", "title", (("choices", ("Art", "Biology", "Chess")),)),
    ),
    "turn a number into text": (
        ChangeAttribute("Course", "credits", (("type", "string"), ("min", None), ("max", None))),
    ),
    "turn a number into a decimal": (
        ChangeAttribute("Course", "credits", (("type", "decimal"), ("scale", 2))),
    ),
    "turn a date into a moment": (
        ChangeAttribute("Student", "birth_date", (("type", "datetime"),)),
    ),
    "turn an e-mail into text": (ChangeAttribute("Student", "email", (("type", "text"),)),),
    "add an optional reference": (
        AddRelationship(Relationship("Course", "Student", "many_to_one", "tutor")),
    ),
    "add a required reference": (
        AddRelationship(Relationship("Course", "Teacher", "many_to_one", "examiner", True)),
    ),
    "add a reference to itself": (
        AddRelationship(Relationship("Course", "Course", "one_to_one", "successor")),
    ),
    "add a table of links": (
        AddRelationship(Relationship("Teacher", "Student", "many_to_many", "tutees")),
    ),
    "remove a reference": (RemoveRelationship("Course", "teacher"),),
    "remove links": (RemoveRelationship("Student", "courses"),),
    "one to several": (
        ChangeRelationship(
            "Course", "teacher", Relationship("Course", "Teacher", "many_to_many", "teachers")
        ),
    ),
    "a reference of one's own": (
        ChangeRelationship(
            "Course", "teacher", Relationship("Course", "Teacher", "one_to_one", "teacher")
        ),
    ),
    "several to one": (
        ChangeRelationship(
            "Student", "courses", Relationship("Student", "Course", "many_to_one", "course")
        ),
    ),
    "another name of links": (
        ChangeRelationship(
            "Student", "courses", Relationship("Student", "Course", "many_to_many", "classes")
        ),
    ),
    "another name of a reference": (
        ChangeRelationship(
            "Course", "teacher", Relationship("Course", "Teacher", "many_to_one", "lecturer")
        ),
    ),
    "a required reference": (
        ChangeRelationship(
            "Course", "teacher", Relationship("Course", "Teacher", "many_to_one", "teacher", True)
        ),
    ),
    "other ends": (
        ChangeRelationship(
            "Course", "teacher", Relationship("Course", "Student", "many_to_one", "teacher")
        ),
    ),
    "rename an entity": (RenameEntity("Student", "Person"),),
    "remove an entity that others refer to": (RemoveEntity("Teacher"),),
    "remove an entity that refers to others": (RemoveEntity("Course"),),
    "add an entity": (
        AddEntity(Entity("Room", (Attribute("number", "integer"),))),
        AddRelationship(Relationship("Course", "Room", "many_to_one", "room")),
    ),
    "swap two names": (
        RenameAttribute("Student", "name", "other"),
        RenameAttribute("Student", "email", "name"),
        RenameAttribute("Student", "other", "email"),
    ),
    "replace one by another of its name": (
        RemoveAttribute("Course", "credits"),
        AddAttribute("Course", Attribute("credits", "text", required=False)),
    ),
    "replace an entity by another of its name": (
        RemoveEntity("Teacher"),
        AddEntity(Entity("Teacher", (Attribute("code", "integer"),))),
        AddRelationship(Relationship("Course", "Teacher", "many_to_one", "teacher")),
    ),
    "much at once": (
        RenameEntity("Course", "Lesson"),
        RemoveAttribute("Lesson", "credits"),
        AddAttribute("Lesson", Attribute("credits", "decimal", scale=1, default=Decimal("0.5"))),
        RenameAttribute("Lesson", "title", "name"),
        ChangeAttribute("Lesson", "name", (("type", "text"), ("unique", True))),
        ChangeRelationship(
            "Lesson", "teacher", Relationship("Lesson", "Teacher", "many_to_many", "teachers")
        ),
        RemoveAttribute("Student", "email"),
        ChangeAttribute("Student", "name", (("required", False),)),
    ),
}


@pytest.mark.parametrize("changes", CHANGES.values(), ids=CHANGES)
def test_a_change_gives_the_schema_and_is_taken_back_with_its_data(
    school: LiveSystem, changes: tuple[Change, ...]
) -> None:
    before, first = everything(school), school.spec
    school.change(*changes)  # compares the tables with schema.sql, and follows all references
    school.check()
    school.undo()
    school.check()
    assert everything(school) == before
    assert diff(first, school.spec) == ()


def test_no_id_is_given_twice(school: LiveSystem) -> None:
    school.change(ChangeAttribute("Teacher", "name", (("required", False),)))
    assert school.execute("INSERT INTO teachers (name) VALUES ('new')") == 4
    school.execute("DELETE FROM teachers WHERE id = 4")
    school.change(RemoveEntity("Teacher"))
    school.undo()
    assert school.execute("INSERT INTO teachers (name) VALUES ('new')") == 5


def test_native_statements_are_taken_where_sqlite_has_them(school: LiveSystem) -> None:
    for name in ("add an optional attribute", "remove one", "rename an entity", "add links"):
        changes = CHANGES.get(name, ())
        if changes:
            assert "rebuild_table" not in school.change(*changes)
            school.undo()


def test_links_move_with_the_kind_of_their_relationship(school: LiveSystem) -> None:
    school.change(*CHANGES["one to several"])
    assert school.rows("SELECT * FROM courses_teachers") == [(1, 1), (2, 2)]
    school.change(*CHANGES["several to one"])
    assert school.rows("SELECT id, course_id FROM students") == [(1, None), (2, 2), (3, 3)]
    (left,) = school.rows("SELECT thing, row_count FROM baes_archive_contents")
    assert left == ("student_courses", 2)


def test_links_that_had_no_room_come_back_unless_the_record_was_linked_anew(
    school: LiveSystem,
) -> None:
    school.execute("INSERT INTO students_courses VALUES (2, 1)")
    school.change(*CHANGES["several to one"])
    school.execute("UPDATE students SET course_id = 3 WHERE id = 2")
    school.undo()
    assert school.rows("SELECT * FROM students_courses ORDER BY 1, 2") == [
        (1, 1),
        (1, 2),
        (2, 3),
        (3, 3),
    ]


def test_rows_added_since_keep_their_state_when_something_comes_back(school: LiveSystem) -> None:
    school.change(RemoveEntity("Teacher"), RemoveAttribute("Student", "email"))
    school.execute("INSERT INTO courses (title, credits) VALUES ('Dance', 1)")
    school.execute("DELETE FROM courses WHERE id = 1")
    school.execute("DELETE FROM students WHERE id = 1")
    school.undo()
    assert school.rows("SELECT id, teacher_id FROM courses ORDER BY id") == [
        (2, 2),
        (3, None),
        (4, None),
    ]
    assert school.rows("SELECT id, email FROM students") == [(2, "s2@x.org"), (3, "s3@x.org")]


def test_an_attribute_that_newer_rows_lack_comes_back_with_that_said(school: LiveSystem) -> None:
    school.change(RemoveAttribute("Course", "credits"))
    school.execute("INSERT INTO courses (title) VALUES ('Dance')")
    back = Attribute("credits", "integer", min=1, max=12, id="credits", older_may_lack=True)
    school.change(AddAttribute("Course", back))
    assert school.rows("SELECT credits FROM courses") == [(4,), (5,), (12,), (None,)]


def test_several_releases_are_taken_back_at_once(school: LiveSystem) -> None:
    before, first = everything(school), school.spec
    school.change(RemoveAttribute("Course", "credits"))
    school.change(RenameEntity("Course", "Lesson"), RemoveRelationship("Lesson", "teacher"))
    school.change(RemoveEntity("Lesson"))
    school.change(*diff(school.spec, first))
    school.check()
    assert everything(school) == before


def test_former_values_come_back_over_several_conversions(tmp_path: Path) -> None:
    system = LiveSystem(tmp_path)
    system.change(AddEntity(Entity("Item", (Attribute("n", "string", required=False),))))
    for value in ("1.26", "abc", "007", "7", "2.0", None):
        system.execute("INSERT INTO items (n) VALUES (?)", value)
    first = system.spec
    system.change(ChangeAttribute("Item", "n", (("type", "decimal"), ("scale", 1))))
    assert system.rows("SELECT n FROM items") == [(13,), (None,), (70,), (70,), (20,), (None,)]
    system.execute("UPDATE items SET n = 14 WHERE id = 5")
    system.execute("UPDATE items SET n = 90 WHERE id = 2")
    system.change(ChangeAttribute("Item", "n", (("type", "integer"), ("scale", None))))
    system.change(*diff(system.spec, first))
    assert system.rows("SELECT n FROM items") == [
        ("1.26",), ("9.0",), ("007",), ("7",), ("1.4",), (None,),
    ]  # fmt: skip


def test_a_default_that_was_filled_in_is_taken_back_where_it_still_stands(
    tmp_path: Path,
) -> None:
    system = LiveSystem(tmp_path)
    system.change(AddEntity(Entity("Item", (Attribute("n", "integer", required=False),))))
    for value in (1, None, None):
        system.execute("INSERT INTO items (n) VALUES (?)", value)
    system.change(ChangeAttribute("Item", "n", (("required", True), ("default", 0))))
    assert system.rows("SELECT n FROM items") == [(1,), (0,), (0,)]
    system.execute("UPDATE items SET n = 5 WHERE id = 3")
    system.undo()
    assert system.rows("SELECT n FROM items") == [(1,), (None,), (5,)]


def test_what_depends_on_the_moment_is_not_made_up_for_older_rows(school: LiveSystem) -> None:
    school.change(AddAttribute("Course", Attribute("made_on", "date", default=Call("today"))))
    assert school.rows("SELECT DISTINCT made_on FROM courses") == [(None,)]
    assert school.spec.entity("Course").attributes[-1].older_may_lack


def test_a_rename_keeps_the_digits_of_a_decimal(tmp_path: Path) -> None:
    system = LiveSystem(tmp_path)
    system.change(AddEntity(Entity("Item", (Attribute("weight", "decimal"),))))
    system.execute("INSERT INTO items (weight) VALUES (1234567)")
    text = system.change(RenameAttribute("Item", "weight", "price"))
    assert "convert" not in text
    assert system.rows("SELECT price FROM items") == [(1234567,)]


def test_a_migration_that_fails_leaves_all_as_it_was(school: LiveSystem) -> None:
    school.execute("INSERT INTO courses (title, credits) VALUES ('Art', 1)")
    before, structure = everything(school), school.rows("SELECT sql FROM sqlite_master")
    with pytest.raises(IntegrityError, match=r"courses\.title"):
        school.change(RemoveEntity("Teacher"), *CHANGES["make one unique"])
    assert everything(school) == before
    assert school.rows("SELECT sql FROM sqlite_master") == structure


def test_a_revision_reads_as_if_written_by_hand(school: LiveSystem) -> None:
    text = school.change(RenameEntity("Course", "Lesson"), RemoveAttribute("Student", "email"))
    body = [line.strip() for line in text[text.index("def upgrade") :].splitlines()[2:]]
    assert body == [
        "archive = Archive(op.get_bind(), revision)",
        "archive.put_attribute('student.email', 'email', 'students', 'email')",
        "op.drop_index('uq_student__email', table_name='students')",
        "op.drop_column('students', 'email')",
        "op.rename_table('courses', 'lessons')",
    ]
