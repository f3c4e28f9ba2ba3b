"""People's own code follows a rename: what is about the thing, and nothing else."""

from __future__ import annotations

import pytest

from baes.core.custom_code import rewritten_custom
from baes.spec.apply import apply
from baes.spec.changes import AddEntity, Change, RenameAttribute, RenameEntity
from baes.spec.model import Attribute, Entity, SystemSpec

SPEC = apply(
    SystemSpec(),
    [
        AddEntity(Entity("Student", (Attribute("note", "text"), Attribute("name", "string")))),
        AddEntity(Entity("Course", (Attribute("note", "text"),))),
    ],
)
STUDENT, PUPIL = "app/custom/student.py", "app/custom/pupil.py"
NOTE = RenameAttribute("Student", "note", "remark")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('values["note"]\n', 'values["remark"]\n'),
        ("Student.note\n", "Student.remark\n"),
        ("dict(note=1, name=2)\n", "dict(remark=1, name=2)\n"),
        ("update(name=1, note=2)\n", "update(name=1, remark=2)\n"),
        ('note = values["note"]\n', 'note = values["remark"]\n'),
        ('{"note": 1, "notes": 2}\n', '{"remark": 1, "notes": 2}\n'),
        (
            '{\n  "name": 1,  # both\n  "note": 2,\n}\n',
            '{\n  "name": 1,  # both\n  "remark": 2,\n}\n',
        ),
        ('values.get("note", "")\n', 'values.get("remark", "")\n'),
        ('"note" in values\n', '"remark" in values\n'),
        ('getattr(found[0], "note", None)\n', 'getattr(found[0], "remark", None)\n'),
        (
            "f\"{record['note']} is {student.note!r:>{note}} {{note}}\"\n",
            "f\"{record['remark']} is {student.remark!r:>{note}} {{note}}\"\n",
        ),
        (
            "f\"{len(a['x']['note']):4} {dict(note=1)}\"\n",
            "f\"{len(a['x']['remark']):4} {dict(remark=1)}\"\n",
        ),
        ("f'''a\n{one.note\n + two}'''\n", "f'''a\n{one.remark\n + two}'''\n"),
    ],
)
def test_an_attribute_is_followed(before: str, after: str) -> None:
    found = rewritten_custom({STUDENT: before}, SPEC, [NOTE])
    assert [(a.path, a.content) for a in found.files] == [(STUDENT, after)]
    changed = [
        (number, old.strip(), new.strip())
        for number, (old, new) in enumerate(
            zip(before.split("\n"), after.split("\n"), strict=True), 1
        )
        if old != new
    ]
    assert [(u.line, u.before, u.after) for u in found.uses] == changed
    assert found.suspects == ()


@pytest.mark.parametrize(
    "content",
    [
        "note = 1\nprint(note)\n",
        "# the note of a student\n",
        '"""Take a note."""\n',
        'values["notes"] = values["a note"]\n',
        "def broken(:\n  'note\n",
        'f"{note=} {note} note"\n',
        'def f():\n    """Update it, and set the note."""\n',
    ],
)
def test_what_is_not_about_it_stays(content: str) -> None:
    found = rewritten_custom({STUDENT: content}, SPEC, [NOTE])
    assert (found.files, found.suspects) == ((), ())


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ('print("note")\n', 1),
        ('\nkeys = ["note", "name"]\n', 2),
        ('run("SELECT note FROM students")\n', 1),
        ('run(f"UPDATE {table} SET note = 1")\n', 1),
        ('run(\n    """\n    SELECT *\n    FROM students\n    WHERE note = 1\n    """\n)\n', 2),
    ],
)
def test_what_may_be_about_it_is_shown_and_stays(content: str, line: int) -> None:
    found = rewritten_custom({STUDENT: content}, SPEC, [NOTE])
    assert found.files == ()
    assert [(use.path, use.line) for use in found.suspects] == [(STUDENT, line)]


def test_paths_in_f_strings_are_followed_and_tables_in_sql_are_suspected() -> None:
    content = 'f"/api/students/{id}"\nrun("SELECT * FROM students")\n'
    found = rewritten_custom({STUDENT: content}, SPEC, [RenameEntity("Student", "Pupil")])
    assert found.files[0].content == 'f"/api/pupils/{id}"\nrun("SELECT * FROM students")\n'
    assert [use.line for use in found.suspects] == [2]


def test_a_file_about_another_entity_stays() -> None:
    files = {"app/custom/course.py": 'values["note"]\n'}
    assert rewritten_custom(files, SPEC, [NOTE]).uses == ()


def test_a_file_that_mentions_the_entity_is_meant() -> None:
    files = {"app/custom/reports.py": 'Student\nrecord["note"]\n'}
    (use,) = rewritten_custom(files, SPEC, [NOTE]).uses
    assert (use.path, use.line) == ("app/custom/reports.py", 2)


def test_an_entity_is_followed_and_its_file_gets_its_name() -> None:
    content = (
        "from app.models.student import Student\n"
        "from app.schemas.student import StudentRead\n"
        'router = APIRouter(prefix="/api/students")\n'
        'path = "/api/students/1"\n'
        'other = "/api/students_of_old"\n'
    )
    found = rewritten_custom({STUDENT: content}, SPEC, [RenameEntity("Student", "Pupil")])
    (artifact,) = found.files
    assert artifact.path == PUPIL
    assert artifact.content == (
        "from app.models.pupil import Pupil\n"
        "from app.schemas.pupil import PupilRead\n"
        'router = APIRouter(prefix="/api/pupils")\n'
        'path = "/api/pupils/1"\n'
        'other = "/api/students_of_old"\n'
    )
    assert found.gone == (STUDENT,)


def test_renames_are_followed_one_after_the_other() -> None:
    changes: list[Change] = [
        RenameEntity("Student", "Pupil"),
        RenameAttribute("Pupil", "note", "remark"),
    ]
    found = rewritten_custom({STUDENT: 'Student\nvalues["note"]\n'}, SPEC, changes)
    assert [a.content for a in found.files] == ['Pupil\nvalues["remark"]\n']


def test_where_nothing_is_named_nobody_is_asked() -> None:
    assert rewritten_custom({"app/custom/__init__.py": ""}, SPEC, [NOTE]).uses == ()
