"""What an undo takes back, and which changes do it."""

from __future__ import annotations

from pathlib import Path

import pytest

from baes.core.context_store import ContextStore, Memory, memory_from_json, memory_to_json
from baes.core.history import History, read_history
from baes.core.project_paths import ProjectPaths
from baes.core.undo import plan_undo
from baes.errors import RequestFailed
from baes.spec.apply import apply
from baes.spec.changes import (
    AddAttribute,
    AddEntity,
    Change,
    ChangeAttribute,
    RemoveAttribute,
    RemoveEntity,
    RenameAttribute,
)
from baes.spec.codec import change_to_json
from baes.spec.diff import diff
from baes.spec.model import Attribute, Entity, SystemSpec

STUDENT = AddEntity(Entity("Student", (Attribute("name", "string"),)))
COURSE = AddEntity(Entity("Course", (Attribute("title", "string"),)))
NOTE = AddAttribute("Student", Attribute("note", "text", required=False))


class Project:
    """A project that only remembers."""

    def __init__(self, folder: Path) -> None:
        self.paths = ProjectPaths(folder)
        self.current = Memory()

    def did(self, *changes: Change, undoes: tuple[int, ...] = ()) -> SystemSpec:
        """Remember a request; gives the system after it."""
        spec = apply(self.current.spec, changes)
        self.current = Memory(
            spec=spec,
            request_id=f"r{spec.version}",
            text=f"request {spec.version}",
            changes=tuple(map(change_to_json, changes)),
            undoes=tuple(f"r{number}" for number in undoes),
        )
        ContextStore(self.paths).append_history(self.current)
        return spec

    def undid(self, count: int | None = None) -> tuple[int, ...]:
        """Undo, in memory only; gives the numbers of what was taken back."""
        plan = plan_undo(self.history, self.current.spec, count)
        numbers = tuple(entry.number for entry in plan.entries)
        self.did(*plan.changes, undoes=numbers)
        return numbers

    @property
    def history(self) -> History:
        return read_history(self.paths, self.current)

    @property
    def standing(self) -> list[int]:
        return [entry.number for entry in self.history.entries if entry.stands]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


def same(one: SystemSpec, other: SystemSpec) -> bool:
    return diff(one, other) == diff(other, one) == ()


def test_the_last_request_is_taken_back_and_marked(project: Project) -> None:
    before = project.did(STUDENT)
    project.did(COURSE)
    assert project.undid() == (2,)
    assert same(project.current.spec, before)
    assert project.standing == [1, 3]
    assert project.history.entries[-1].undoes == (2,)


def test_an_undo_is_undone_by_an_undo(project: Project) -> None:
    project.did(STUDENT)
    after = project.did(NOTE)
    assert project.undid() == (2,)
    assert project.undid() == (3,)
    assert same(project.current.spec, after)
    assert project.standing == [1, 2, 4]
    assert project.undid() == (4,)
    assert project.standing == [1, 3, 5]


def test_a_number_counts_requests_that_stand(project: Project) -> None:
    before = project.did(STUDENT)
    project.did(COURSE)
    project.did(NOTE)
    project.undid()
    assert project.undid(1) == (2,)
    assert same(project.current.spec, before)
    assert project.standing == [1, 4, 5]


def test_several_requests_go_at_once_and_come_back_at_once(project: Project) -> None:
    before = project.did(STUDENT)
    project.did(NOTE)
    project.did(RenameAttribute("Student", "note", "remark"))
    after = project.did(COURSE, AddAttribute("Student", Attribute("note", "text")))
    assert project.undid(3) == (4, 3, 2)
    assert same(project.current.spec, before)
    project.undid()
    assert same(project.current.spec, after)


def test_what_came_and_went_between_is_not_touched(project: Project) -> None:
    project.did(STUDENT)
    project.did(COURSE)
    project.did(RemoveEntity("Course"), NOTE)
    plan = plan_undo(project.history, project.current.spec, 2)
    assert plan.changes == (RemoveAttribute("Student", "note"),)


def test_names_that_were_swapped_are_swapped_back(project: Project) -> None:
    first, last = Attribute("first", "string"), Attribute("last", "string")
    before = project.did(AddEntity(Entity("Person", (first, last))))
    project.did(
        RenameAttribute("Person", "first", "other"),
        RenameAttribute("Person", "last", "first"),
        RenameAttribute("Person", "other", "last"),
    )
    project.undid()
    assert same(project.current.spec, before)


def test_a_removed_attribute_comes_back_with_its_id(project: Project) -> None:
    project.did(AddEntity(Entity("Student", (Attribute("name", "string"), NOTE.attribute))))
    project.did(RemoveAttribute("Student", "note"))
    (change,) = plan_undo(project.history, project.current.spec).changes
    assert isinstance(change, AddAttribute)
    assert change.attribute.id == "note"


def test_records_that_may_lack_a_value_meanwhile_do_not_hinder(project: Project) -> None:
    project.did(STUDENT)
    project.did(ChangeAttribute("Student", "name", (("required", False),)))
    plan = plan_undo(project.history, project.current.spec)
    again = (("required", True), ("older_may_lack", False))
    assert plan.changes == (ChangeAttribute("Student", "name", again),)


def test_nothing_to_undo_is_said(project: Project) -> None:
    with pytest.raises(RequestFailed, match="nothing to undo"):
        plan_undo(project.history, project.current.spec)
    project.did(STUDENT)
    project.undid()
    with pytest.raises(RequestFailed, match="nothing to undo"):
        plan_undo(project.history, project.current.spec, 1)


def test_more_than_there_are_is_refused(project: Project) -> None:
    project.did(STUDENT)
    project.did(COURSE)
    with pytest.raises(RequestFailed, match="2 of them stand"):
        plan_undo(project.history, project.current.spec, 3)


def test_a_damaged_line_is_said_and_hinders_only_what_needs_it(project: Project) -> None:
    project.did(STUDENT)
    project.did(COURSE)
    project.did(NOTE)
    lines = project.paths.history.read_bytes().splitlines(keepends=True)
    lines[1] = lines[1].replace(b"Course", b"Curse!", 1)
    project.paths.history.write_bytes(b"".join(lines))
    history = project.history
    assert (history.damaged_lines, history.missing) == ((2,), (2,))
    assert [entry.number for entry in history.entries] == [1, 3]
    with pytest.raises(RequestFailed, match="damaged"):
        plan_undo(history, project.current.spec)


def test_what_is_remembered_now_stands_in_for_a_lost_last_line(project: Project) -> None:
    project.did(STUDENT)
    project.did(COURSE)
    lines = project.paths.history.read_bytes().splitlines(keepends=True)
    project.paths.history.write_bytes(lines[0] + lines[1][:40])
    assert project.history.damaged_lines == (2,)
    assert project.history.missing == ()
    assert project.undid() == (2,)


def test_a_memory_of_the_first_programs_has_taken_nothing_back() -> None:
    stored = memory_to_json(Memory(request_id="r1"))
    del stored["undoes"]
    assert memory_from_json(stored) == Memory(request_id="r1")
