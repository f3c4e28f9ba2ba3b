"""Keys of the recognition cache: variants meet, different meanings never do."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baes.core.recognition_key import KeyContext, folded, frame_key, loose_form, spec_hash, text_key
from baes.spec.apply import apply
from baes.spec.changes import AddAttribute, AddEntity, RemoveAttribute
from baes.spec.interpretation import Interpretation
from baes.spec.model import Attribute, Entity, SystemSpec

DATA = tomllib.loads((Path(__file__).parent / "data" / "opposite_pairs.toml").read_text("utf-8"))
CONTEXT = KeyContext("spec", "knowledge")


def test_there_are_a_hundred_and_fifty_opposite_pairs() -> None:
    assert len(DATA["pairs"]) >= 150
    assert len({tuple(sorted(pair)) for pair in DATA["pairs"]}) == len(DATA["pairs"])


@pytest.mark.parametrize(("one", "other"), DATA["pairs"])
def test_requests_that_mean_different_things_have_different_keys(one: str, other: str) -> None:
    assert text_key(one, CONTEXT) != text_key(other, CONTEXT)


@pytest.mark.parametrize(("one", "other"), DATA["variants"])
def test_variants_of_one_wording_share_a_key(one: str, other: str) -> None:
    assert text_key(one, CONTEXT) == text_key(other, CONTEXT)


def test_the_usual_normalisation_would_merge_opposites() -> None:
    """Why no answer is looked up by it."""
    assert loose_form("a course has many teachers") == loose_form("a teacher has many courses")


@pytest.mark.parametrize(
    "context",
    [
        KeyContext("other", "knowledge"),
        KeyContext("spec", "other"),
        KeyContext("spec", "knowledge", language="pt"),
        KeyContext("spec", "knowledge", question="Which one?"),
    ],
)
def test_everything_that_an_answer_depends_on_is_in_the_key(context: KeyContext) -> None:
    assert text_key("create students", context) != text_key("create students", CONTEXT)


@given(st.text(max_size=80))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert folded(folded(text)) == folded(text)


@given(st.text(alphabet="abc AB-+<>=*/%0123456789.,()\n", max_size=40))
def test_folding_keeps_every_sign_and_number_but_the_last_full_stops(text: str) -> None:
    kept = [c for c in folded(text) if not c.isspace()]
    given_ = [c for c in text.casefold() if not c.isspace()]
    while given_ and given_[-1] in ".!":
        given_.pop()
    assert [c.casefold() for c in kept] == given_


def test_undo_brings_the_hash_of_a_system_back() -> None:
    before = apply(SystemSpec(), [AddEntity(Entity("Student", (Attribute("name", "string"),)))])
    changed = apply(before, [AddAttribute("Student", Attribute("age", "integer", required=False))])
    undone = apply(changed, [RemoveAttribute("Student", "age")])
    assert spec_hash(changed) != spec_hash(before)
    assert spec_hash(undone) == spec_hash(before)


def test_wordings_that_mean_the_same_meet_at_the_frame() -> None:
    entity = Entity("Student", (Attribute("name", "string"),))
    one = Interpretation("create", entities=(entity,), background=("using FastAPI",))
    other = Interpretation("create", entities=(entity,), assumptions=("a name is a text",))
    assert frame_key(one, CONTEXT) == frame_key(other, CONTEXT)
    optional = Entity("Student", (Attribute("name", "string", required=False),))
    assert frame_key(Interpretation("create", entities=(optional,)), CONTEXT) != frame_key(
        one, CONTEXT
    )
