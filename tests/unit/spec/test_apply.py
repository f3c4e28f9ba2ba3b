"""Changes applied, taken back, told apart and stored."""

from __future__ import annotations

import dataclasses
import json
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baes.errors import InvalidSpec
from baes.spec.apply import apply
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
    RenameAttribute,
    RenameEntity,
)
from baes.spec.codec import change_from_json, change_to_json, spec_from_json, spec_to_json
from baes.spec.diff import diff
from baes.spec.inverse import inverse
from baes.spec.model import Attribute, Call, Entity, Relationship, SystemSpec
from baes.spec.rules import Compare, Computed, RequiredIf, Rule, UniqueTogether

STUDENT = Entity(
    "Student",
    (
        Attribute("name", "string"),
        Attribute("email", "email", unique=True),
        Attribute("joined", "date", default=Call("today")),
    ),
)
COURSE = Entity(
    "Course",
    (
        Attribute("title", "string"),
        Attribute("credits", "integer", min=1, max=12),
        Attribute("fee", "decimal", scale=2, exclusive_min=0, default=Decimal("0.5")),
    ),
)
ENROLLS = Relationship("Student", "Course", "many_to_many", "courses")
TUTOR = Relationship("Student", "Student", "many_to_one", "tutor")


@pytest.fixture
def school() -> SystemSpec:
    return apply(
        SystemSpec(),
        [
            AddEntity(STUDENT),
            AddEntity(COURSE),
            AddRelationship(ENROLLS),
            AddRelationship(TUTOR),
            AddRule(Compare("Course", "credits", "<", "fee")),
            AddRule(UniqueTogether("Student", ("name", "tutor"))),
        ],
    )


def meaning(spec: SystemSpec) -> object:
    """What a system says, whatever the order and the version."""
    data = spec_to_json(spec)
    data.pop("version")
    for entity in data["entities"]:
        entity["attributes"].sort(key=lambda a: a["name"])
    for key in ("entities", "relationships", "rules"):
        data[key].sort(key=lambda item: json.dumps(item, sort_keys=True))
    return data


def test_ids_are_given_once_and_survive_a_rename(school: SystemSpec) -> None:
    renamed = apply(school, [RenameEntity("Course", "Class"), RenameAttribute("Class", "fee", "x")])
    entity = renamed.entity("Class")
    assert (entity.id, entity.plural) == ("course", "classes")
    assert entity.attributes[2].id == "fee"
    assert renamed.relationships[0].target == "Class"
    assert renamed.rules[0] == Compare("Class", "credits", "<", "x")


def test_an_id_is_never_given_to_another_thing(school: SystemSpec) -> None:
    again = apply(
        school,
        [RemoveAttribute("Course", "fee"), AddAttribute("Course", Attribute("fee", "decimal"))],
    )
    assert again.entity("Course").attributes[-1].id == "fee_2"


def test_removing_an_entity_takes_its_links_and_rules_along(school: SystemSpec) -> None:
    left = apply(school, [RemoveEntity("Course")])
    assert [r.name for r in left.relationships] == ["tutor"]
    assert left.rules == (UniqueTogether("Student", ("name", "tutor")),)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (AddEntity(Entity("Student")), "there already"),
        (AddAttribute("Student", Attribute("email", "string")), "two attributes"),
        (RemoveAttribute("Student", "age"), "has no attribute age"),
        (RemoveEntity("Teacher"), "no entity Teacher"),
        (RenameEntity("Student", "Course"), "there already"),
        (AddRelationship(Relationship("Course", "Room", "many_to_one", "room")), "no entity Room"),
        (RemoveRelationship("Course", "room"), "no relationship room"),
        (ChangeAttribute("Course", "credits", (("min", 20),)), "at least 20"),
    ],
)
def test_a_change_that_no_system_can_take_is_refused(
    school: SystemSpec, change: Change, said: str
) -> None:
    with pytest.raises(InvalidSpec, match=said):
        apply(school, [change])


def test_a_stored_specification_is_read_back_equal(school: SystemSpec) -> None:
    stored = json.dumps(spec_to_json(school))
    assert spec_from_json(json.loads(stored)) == school


def test_a_decimal_too_long_for_a_float_is_stored_exactly() -> None:
    exact = Attribute("x", "decimal", max=Decimal("1234567890123456.78"))
    spec = apply(SystemSpec(), [AddEntity(Entity("A", (exact,)))])
    again = spec_from_json(json.loads(json.dumps(spec_to_json(spec))))
    assert again.entities[0].attributes[0].max == Decimal("1234567890123456.78")


@pytest.mark.parametrize(
    "damage",
    [{"format": 99}, {"colour": "red"}, {"entities": [{"name": "A"}]}, {"rules": [{"kind": "x"}]}],
)
def test_a_damaged_specification_is_refused(school: SystemSpec, damage: dict[str, object]) -> None:
    with pytest.raises(InvalidSpec):
        spec_from_json({**spec_to_json(school), **damage})


NAMES = ["alpha", "beta", "gamma", "delta"]
ENTITY_NAMES = ["Student", "Course", "Room", "Teacher"]


def changes() -> st.SearchStrategy[Change]:
    names, entities = st.sampled_from(NAMES), st.sampled_from(ENTITY_NAMES)
    attributes = st.builds(
        Attribute, name=names, type=st.just("integer"), min=st.none() | st.integers(-5, 5)
    )
    kinds = st.sampled_from(["many_to_one", "one_to_one", "many_to_many"])
    rules: st.SearchStrategy[Rule] = st.builds(UniqueTogether, entities, st.tuples(names, names))
    rules |= st.builds(Computed, entities, names, names.map(lambda n: f"{n} * 2 + min({n}, 1)"))
    rules |= st.builds(RequiredIf, entities, names, st.tuples(st.tuples(names, st.integers())))
    return st.one_of(
        st.builds(AddEntity, st.builds(Entity, entities)),
        st.builds(RemoveEntity, entities),
        st.builds(RenameEntity, entities, entities),
        st.builds(AddAttribute, entities, attributes),
        st.builds(RemoveAttribute, entities, names),
        st.builds(RenameAttribute, entities, names, names),
        st.builds(ChangeAttribute, entities, names, st.tuples(st.just(("required", False)))),
        st.builds(AddRelationship, st.builds(Relationship, entities, entities, kinds, names)),
        st.builds(RemoveRelationship, entities, names),
        st.builds(AddRule, rules),
    )


@settings(max_examples=150, derandomize=True, deadline=None)
@given(st.lists(changes(), max_size=12))
def test_changes_can_be_taken_back_stored_and_found_again(wanted: list[Change]) -> None:
    start = apply(SystemSpec(), [AddEntity(STUDENT), AddEntity(COURSE), AddRelationship(ENROLLS)])
    end, done = start, []
    for change in wanted:
        try:
            end = apply(end, [change])
        except InvalidSpec:
            continue
        done.append(change)
        assert change_from_json(json.loads(json.dumps(change_to_json(change)))) == change
    before = dataclasses.replace(start, retired_ids=())
    back = dataclasses.replace(apply(end, inverse(start, done)), retired_ids=())
    assert meaning(back) == meaning(before)
    reached = dataclasses.replace(apply(start, diff(start, end)), retired_ids=())
    assert meaning(reached) == meaning(dataclasses.replace(end, retired_ids=()))
