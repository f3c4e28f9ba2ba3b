"""Changes of what is there, and questions about it.

Each line of a table: what is tried, the requests that make the system, the request, and everything
that it must be taken to mean.
"""

from __future__ import annotations

import pytest

from baes.language import interpret
from baes.spec.apply import apply
from baes.spec.codec import change_from_json, change_to_json
from baes.spec.interpretation import Interpretation
from baes.spec.model import SystemSpec

from .notation import shown

CLUB = (
    "Create Member with name, email, fax and level (bronze, silver, gold).",
    "Create Coach with name and wage per hour.",
)
SCHOOL = ("Create Student with name.", "Create Course with title and level.")
TAUGHT = (*SCHOOL, "Create Teacher with name.", "Each course has one teacher.")
TAGGED = (
    "Create Book with title.",
    "Create Tag with word.",
    "Books have many tags and tags have many books.",
)
LISTED = ("Create Book with title and tags as text.", "Create Tag with word.")

CASES = {
    "add": (CLUB, "Add a birth date to Member.", "+Member.birth_date:date?"),
    "add, required": (CLUB, "Members must have a locker number.", "+Member.locker_number"),
    "add, of each": (CLUB, "We would like to record the city of each coach.", "+Coach.city?"),
    "add, limits behind": (
        CLUB, "Add a rank to Coach, a whole number between 1 and 9",
        "+Coach.rank:integer[min=1 max=9]?",
    ),
    "add, choices behind": (
        CLUB, "Add a grade to Coach: junior or senior.", "+Coach.grade[junior/senior]?",
    ),
    "add to two": (
        CLUB, "Add a city to members and coaches.", "+Member.city? | +Coach.city?",
    ),
    "add two, to each another": (
        CLUB, "Add a city to Member and a nickname to Coach", "+Member.city? | +Coach.nickname?",
    ),
    "add lines": (
        CLUB, "Add to Coach:\n- city\n- on leave (boolean, required)",
        "+Coach.city? | +Coach.on_leave:boolean",
    ),
    "add, said again": (
        CLUB, "Add phone field to Coach entity.\n\n- Add phone field to the existing Coach "
        "entity:\n  - phone (string, required)\n- Update the database schema to include the phone "
        "field\n- Existing Coach data must be preserved", "+Coach.phone",
    ),
    "add, a slip in a key word": (CLUB, "pls add colum city to Coach", "+Coach.city?"),
    "add, with a remark between commas": (
        CLUB, "Add birth date, optional, and a city to Member",
        "+Member.birth_date:date? | +Member.city?",
    ),
    "add, to a new name": (
        CLUB, "Rename Coach to Trainer and add a phone to Trainer",
        "Coach=Trainer | +Trainer.phone:phone?",
    ),
    "rename, and what else holds of it": (
        CLUB, "Rename fax to fax number and make it optional",
        "Member.fax=fax_number | Member.fax_number{required=False}",
    ),
    "neither": (
        CLUB, "The email of members is no longer required, and neither is the fax",
        "Member.email{required=False} | Member.fax{required=False}",
    ),
    "not to require": (CLUB, "Please don't require the fax", "Member.fax{required=False}"),
    "no requirement": (CLUB, "Remove the requirement for fax", "Member.fax{required=False}"),
    "nor": (
        CLUB, "The wage per hour can't be less than 10 nor more than 90",
        "Coach.wage_per_hour{min=10 max=90}",
    ),
    "digits": (CLUB, "The fax has exactly 8 digits", "Member.fax{pattern=[0-9]{8}}"),
    "remove": (CLUB, "Drop the fax from members", "-Member.fax"),
    "remove, by need": (CLUB, "We no longer need the fax.", "-Member.fax"),
    "remove, by possessive": (CLUB, "Remove the member's e-mail", "-Member.email"),
    "remove from two": (CLUB, "Remove name from Member and Coach", "-Member.name | -Coach.name"),
    "remove, a name with a preposition": (CLUB, "delete the wage per hour", "-Coach.wage_per_hour"),
    "remove an entity": (CLUB, "Get rid of the coaches", "-Coach"),
    "rename": (CLUB, "Rename fax to pager", "Member.fax=pager"),
    "rename an entity that a link is called like": (
        TAUGHT, "Rename Teacher to Tutor", "Teacher=Tutor",
    ),
    "rename an entity that many are linked with": (TAGGED, "rename tag to marker", "Tag=Marker"),
    "remove an entity that many are linked with": (TAGGED, "Remove Tag", "-Tag"),
    "rename an entity, with an attribute in the plural": (
        LISTED, "Rename Tag to Marker", "Tag=Marker",
    ),
    "rename two": (
        CLUB, "Rename fax to pager and level to tier in Member",
        "Member.fax=pager | Member.level=tier",
    ),
    "rename an entity": (CLUB, "Call members associates from now on", "Member=Associate"),
    "rename both": (
        CLUB, "Rename Member to Associate and its fax to pager",
        "Member=Associate | Associate.fax=pager",
    ),
    "optional": (CLUB, "The fax of a member is no longer required.", "Member.fax{required=False}"),
    "unique": (CLUB, "make email unique", "Member.email{unique=True}"),
    "type": (CLUB, "Change fax to a long text in Member", "Member.fax{type=text}"),
    "type, without the scale": (
        ("Create Parcel with volume (decimal with 3 decimal places).",),
        "Change volume to integer", "Parcel.volume{type=integer scale=None}",
    ),
    "range": (
        CLUB, "The wage per hour must be between 10 and 90", "Coach.wage_per_hour{min=10 max=90}",
    ),
    "length": (CLUB, "Limit the fax to 20 characters", "Member.fax{max_length=20}"),
    "default": (CLUB, "The default level of a member is silver", "Member.level{default=silver}"),
    "one more choice": (
        CLUB, "Add 'platinum' to the levels", "Member.level{choices=bronze/silver/gold/platinum}",
    ),
    "one choice less": (
        CLUB, "Remove bronze from the levels of members", "Member.level{choices=silver/gold}",
    ),
    "all but one": (
        CLUB, "Make everything of a coach optional except the name",
        "Coach.wage_per_hour{required=False}",
    ),
    "several": (
        CLUB, "Add a phone to Coach, remove the fax and make the email of members optional.",
        "+Coach.phone:phone? | -Member.fax | Member.email{required=False}",
    ),
    "under a heading": (
        CLUB, "Changes to Member:\n- add a phone number\n- remove fax\n- email must be unique",
        "+Member.phone_number:phone? | -Member.fax | Member.email{unique=True}",
    ),
    "create what is there": (
        CLUB, "Create Coach with name and city", "+Coach.city?",
    ),
    "a new entity beside": (
        CLUB, "Create Locker with number, and remove the fax from Member",
        "Locker(number) | -Member.fax",
    ),
    "a link of its own": (
        SCHOOL, "Add course relationship to Student. A student should be able to have courses.",
        "+Student <> Course as courses",
    ),
    "a link in a sentence": (
        (*SCHOOL, "Create Teacher with name."), "A course now has one teacher",
        "+Course > Teacher as teacher",
    ),
    "a link by role": (
        (*SCHOOL, "Create Teacher with name."), "Add a tutor to Student, who is a teacher",
        "+Student > Teacher as tutor",
    ),
    "several instead of one": (
        TAUGHT, "A course can have several teachers from now on.",
        "Course.teacher: Course <> Teacher as teachers",
    ),
    "a link required": (
        TAUGHT, "Every course must have a teacher", "Course.teacher: Course > Teacher as teacher!",
    ),
    "a link away": (TAUGHT, "Courses no longer have a teacher.", "-Course.teacher"),
    "a link away, by its ends": (
        TAUGHT, "Remove the relationship between teachers and courses", "-Course.teacher",
    ),
}  # fmt: skip

STEPS = (
    ("Keep track of our students with their name.", "Student(name)"),
    ("Please add an email (string, required) to every student. Their data must stay.",
     "+Student.email"),
    ("Please set up a Course entity (name, level).", "Course(name, level)"),
    ("Add a course relationship to students. A student should be able to have courses.",
     "+Student <> Course as courses"),
    ("Now make a Teacher entity with name and email (string).", "Teacher(name, email)"),
    ("Add a relationship from Course to Teacher. A course should be able to have a teacher.",
     "+Course > Teacher as teacher"),
)  # fmt: skip

ASKED = {
    "how long": (CLUB, "The fax is 8 characters", "exactly 8"),
    "a part of a name": (CLUB, "The wage must be at least 5", "Wage per hour"),
    "one part of it": (CLUB, "Drop the fax, and glorb the email", "glorb the email"),
    "no such entity": (CLUB, "Add a colour to Membership", "Member"),
    "at least one from the other side": (
        TAUGHT,
        "A teacher must have at least one course",
        "before it can have any",
    ),
    "no such attribute": (CLUB, "Remove the colour from Member", "Fax"),
    "a misspelt attribute": (CLUB, "Remove the emial", "Email"),
    "whose": (CLUB, "Remove the name", "Coach, Member"),
    "an entity, or an attribute": (
        ("Create Book with title and tag as text.", "Create Tag with word."),
        "Remove tag",
        "Book, Tag",
    ),
    "add and remove": (CLUB, "Add a phone to Coach and remove the phone from Coach", "phone"),
    "removed and renamed": (CLUB, "Remove fax from Member and rename fax to pager", "fax"),
    "two truths": (CLUB, "Make fax optional and the fax must be required", "required"),
    "how many": (SCHOOL, "Add a relationship between Student and Course", "how many"),
    "several of a text": (CLUB, "Members may have several emails", "emails"),
    "no such value": (CLUB, "Remove tin from the levels", "bronze"),
    "a value twice": (CLUB, "Add gold to the levels", "bronze"),
    "no link": (SCHOOL, "Remove the relationship between Student and Course", "not linked"),
    "in other words": (CLUB, "Create Coach with name (integer) and city", "Coach"),
    "a question and a change": (
        CLUB,
        "Remove fax from Member. Which entities are there?",
        "change",
    ),
}

DEFERRED = {
    "negated": "Don't remove the fax from Member",
    "never": "Never make the email unique",
    "conditional": "If the fax is empty, remove it",
    "unless": "Remove the fax from Member unless somebody uses it",
    "for some": "Add a phone to Member, only for gold members",
    "a record": "Delete the member John Smith",
    "records": "Delete all members whose email is empty",
    "a value": "Set the email of all members to info@example.org",
    "a split": "Split the name into first and last name",
    "a comparison": "The wage per hour must be more than the fax",
    "at most so many": "A coach may have at most 11 members",
    "better": "Make members better",
    "code": "Rename fax to ../../etc in Member",
}

DESCRIBED = {
    "what": ("What do we keep about members?", ("Member",)),
    "which": ("Which entities are there?", ()),
    "how": ("How are coaches and members linked?", ("Coach", "Member")),
    "of an attribute": ("Is the fax of a member required?", ("Member",)),
    "a command": ("Describe the Coach entity", ("Coach",)),
    "a list": ("list the attributes of Coach.", ("Coach",)),
}


def system(requests: tuple[str, ...]) -> SystemSpec:
    """The system that requests make one after the other."""
    spec = SystemSpec()
    for request in requests:
        spec = apply(spec, read(request, spec).all_changes())
    return spec


def read(text: str, spec: SystemSpec) -> Interpretation:
    interpretation = interpret(text, spec)
    assert interpretation.is_certain, (text, interpretation.unexplained, interpretation.question)
    return interpretation


@pytest.mark.parametrize(("context", "text", "expected"), CASES.values(), ids=CASES.keys())
def test_request_is_taken_for_exactly_these_changes(
    context: tuple[str, ...], text: str, expected: str
) -> None:
    assert shown(read(text, system(context))) == expected


@pytest.mark.parametrize(("context", "text", "expected"), CASES.values(), ids=CASES.keys())
def test_changes_can_be_applied_and_stored(
    context: tuple[str, ...], text: str, expected: str
) -> None:
    del expected
    spec = system(context)
    changes = read(text, spec).all_changes()
    apply(spec, changes)
    assert tuple(change_from_json(change_to_json(c)) for c in changes) == changes


def test_six_steps_in_own_words_in_one_project() -> None:
    spec = SystemSpec()
    for text, expected in STEPS:
        interpretation = read(text, spec)
        assert shown(interpretation) == expected
        spec = apply(spec, interpretation.all_changes())


@pytest.mark.parametrize(("context", "text", "part"), ASKED.values(), ids=ASKED.keys())
def test_what_can_not_be_decided_is_asked_and_nothing_is_changed(
    context: tuple[str, ...], text: str, part: str
) -> None:
    interpretation = interpret(text, system(context))
    assert not interpretation.is_certain
    assert interpretation.question is not None
    assert part in interpretation.question.text


@pytest.mark.parametrize("text", DEFERRED.values(), ids=DEFERRED.keys())
def test_what_is_no_such_change_is_never_half_read(text: str) -> None:
    assert not interpret(text, system(CLUB)).is_certain


@pytest.mark.parametrize(("text", "about"), DESCRIBED.values(), ids=DESCRIBED.keys())
def test_a_question_about_the_system_changes_nothing(text: str, about: tuple[str, ...]) -> None:
    interpretation = read(text, system(CLUB))
    assert (interpretation.action, interpretation.about) == ("describe", about)
    assert not interpretation.all_changes()


def test_only_what_goes_makes_a_removal() -> None:
    spec = system(CLUB)
    assert read("Remove the fax and the level of members", spec).action == "remove"
    assert read("Remove the fax and rename email to mail", spec).action == "evolve"


def test_the_merge_of_a_create_is_said() -> None:
    interpretation = read("Create Coach with name and city", system(CLUB))
    assert any("there already" in text for text in interpretation.assumptions)


def test_what_is_so_already_is_said_and_changes_nothing() -> None:
    interpretation = read("The fax of a member is required.", system(CLUB))
    assert interpretation.changes == ()
    assert interpretation.assumptions == ("“Fax” is like that already.",)


SAYING = {  # a change, words of which none may be left out without a difference
    "a number": ("Limit the fax to 20 characters", "20"),
    "a unit of length": ("Limit the fax to 20 characters", "characters"),
    "a negation": ("The fax is no longer required", "no longer"),
    "a flag": ("Add a locker (required) to Member", "(required)"),
    "a type": ("Add a locker of type integer to Member", "of type integer"),
    "an attribute": ("Remove the fax and the level of members", "and the level"),
    "an exception": ("All fields of a member are optional except the name", "except the name"),
    "a quantifier": ("A coach now has exactly one member", "exactly"),
    "an owner": ("Remove the name of coaches", "of coaches"),
    "a bound": ("The wage per hour must be at least 5", "at least"),
}


@pytest.mark.parametrize(("text", "word"), SAYING.values(), ids=SAYING.keys())
def test_leaving_out_a_word_of_a_change_changes_the_outcome(text: str, word: str) -> None:
    spec = system(CLUB)
    whole, less = interpret(text, spec), interpret(" ".join(text.replace(word, "").split()), spec)
    assert whole.question is None or "how many" in whole.question.text
    assert not less.is_certain or shown(less) != shown(whole)


INSERTED = ("not", "3", "no", "many", "unless", "except", "never", "without", "only if", "half of")
MUTATED = (
    "Add {}city{} to Coach",
    "Remove {}the fax{} from Member",
    "Rename {}fax{} to pager",
    "Make {}fax{} optional",
    "The {}fax{} must have at most 20 characters",
    "Each coach {}has{} one member",
)


@pytest.mark.parametrize("word", INSERTED)
@pytest.mark.parametrize("sentence", MUTATED)
@pytest.mark.parametrize("place", [0, 1])
def test_a_word_put_into_a_change_is_never_overheard(sentence: str, word: str, place: int) -> None:
    spec = system(CLUB)
    slots = (f"{word} ", "") if place == 0 else ("", f" {word}")
    plain, changed = (interpret(sentence.format(*s), spec) for s in (("", ""), slots))
    assert plain.is_certain
    assert not changed.is_certain or shown(changed) != shown(plain)
