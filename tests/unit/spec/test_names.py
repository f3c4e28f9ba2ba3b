"""Names made of users' words, singular and plural, and how links are called."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baes.errors import InvalidSpec
from baes.spec.apply import apply
from baes.spec.changes import AddEntity, AddRelationship, Change
from baes.spec.model import Entity, Relationship, SystemSpec
from baes.spec.names import AttributeName, EntityName, is_attribute_name, is_entity_name
from baes.spec.navigation import id_field, inverse_name


@pytest.mark.parametrize(
    ("text", "name", "label"),
    [
        ("warehouse item", "WarehouseItem", "Warehouse item"),
        ("WarehouseItem", "WarehouseItem", "Warehouse item"),
        ("Avó", "Avo", "Avó"),
        ("order_line", "OrderLine", "Order line"),
    ],
)
def test_an_entity_keeps_the_users_word_as_its_label(text: str, name: str, label: str) -> None:
    assert EntityName.from_text(text) == EntityName(name, label)


def test_an_attribute_is_named_in_snake_case() -> None:
    assert AttributeName.from_text("Date of birth").name == "date_of_birth"
    assert AttributeName.from_text("child's name").name == "childs_name"
    assert AttributeName.from_text("e-mail").name == "e_mail"


@pytest.mark.parametrize("text", ["", "???", "1st place", "x" * 64, "日本", "🎉"])
def test_a_word_of_which_no_name_can_be_made_is_refused(text: str) -> None:
    for kind in (EntityName, AttributeName):
        with pytest.raises(InvalidSpec):
            kind.from_text(text)


@settings(max_examples=300, derandomize=True, deadline=None)
@given(st.text(max_size=80))
def test_whatever_is_written_a_name_is_well_formed_or_refused(text: str) -> None:
    for kind, well_formed in ((EntityName, is_entity_name), (AttributeName, is_attribute_name)):
        try:
            name = kind.from_text(text).name
        except InvalidSpec:
            continue
        assert well_formed(name)


def system(*relationships: Relationship) -> SystemSpec:
    names = dict.fromkeys(end for r in relationships for end in (r.source, r.target))
    changes: list[Change] = [AddEntity(Entity(name)) for name in names]
    changes += [AddRelationship(relationship) for relationship in relationships]
    return apply(SystemSpec(), changes)


@pytest.mark.parametrize(
    ("relationships", "field", "inverse"),
    [
        ([("Course", "Teacher", "many_to_one", "teacher")], "teacher_id", "courses"),
        ([("Citizen", "Passport", "one_to_one", "passport")], "passport_id", "citizen"),
        ([("Student", "Course", "many_to_many", "courses")], "course_ids", "students"),
        ([("Event", "Person", "many_to_many", "attendees")], "attendee_ids", "events"),
        (
            [("Employee", "Employee", "many_to_one", "manager")],
            "manager_id",
            "employees_as_manager",
        ),
        (
            [
                ("Match", "Team", "many_to_one", "home_team"),
                ("Match", "Team", "many_to_one", "away_team"),
            ],
            "home_team_id",
            "matches_as_home_team",
        ),
        (
            [
                ("Member", "Club", "many_to_one", "club"),
                ("Club", "Member", "many_to_many", "members"),
            ],
            "club_id",
            "members_as_club",
        ),
    ],
)
def test_both_sides_of_a_link_have_a_name_of_their_own(
    relationships: list[tuple[str, str, str, str]], field: str, inverse: str
) -> None:
    spec = system(*(Relationship(*r) for r in relationships))  # type: ignore[arg-type]  # kinds
    first = spec.relationships[0]
    assert id_field(first) == field
    assert inverse_name(spec, first) == inverse
