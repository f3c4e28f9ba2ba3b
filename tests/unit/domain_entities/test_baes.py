"""What the domain agents complete, and what they ask about."""

from __future__ import annotations

import dataclasses
import datetime
from pathlib import Path

import pytest

from baes.core.bae_registry import BaeRegistry
from baes.domain_entities import BaseBae, CourseBae, GenericBae, StudentBae, TeacherBae
from baes.errors import InvalidSpec
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
from baes.spec.interpretation import Interpretation, Question
from baes.spec.model import Attribute, Entity, Relationship, SystemSpec
from baes.spec.rules import Aggregate, Compare, NotFuture, Rule, Transition, UniqueTogether

TODAY = datetime.date(2026, 5, 1)
REGISTRY = BaeRegistry(today=TODAY)
STUDENT = Entity(
    "Student",
    (
        Attribute("name", "string"),
        Attribute("email", "email", unique=True, label="E-mail"),
        Attribute("age", "integer", min=16, default=18),
        Attribute("status", "string", choices=("new", "active")),
    ),
)
COURSE = Entity("Course", (Attribute("title", "string"),))
TEACHES = Relationship("Course", "Student", "many_to_one", "tutor")
SPEC = apply(SystemSpec(), [AddEntity(STUDENT), AddEntity(COURSE), AddRelationship(TEACHES)])


def created(*entities: Entity, language: str = "en") -> Interpretation:
    return Interpretation("create", entities=entities, language=language)


def asked(interpretation: Interpretation, spec: SystemSpec = SPEC) -> Question:
    refined = REGISTRY.refine(interpretation, spec)
    assert refined.action == "unclear"
    assert refined.confidence < 1
    assert refined.question is not None
    return refined.question


def asked_of(*changes: Change, spec: SystemSpec = SPEC) -> Question:
    return asked(Interpretation("evolve", changes=changes), spec)


@pytest.mark.parametrize(
    ("name", "language", "names"),
    [
        ("Student", "en", ["name", "email", "birth_date"]),
        ("Aluno", "pt", ["nome", "email", "data_de_nascimento"]),
        ("Disciplina", "pt", ["nome", "codigo", "creditos"]),
        ("Course", "en", ["name", "code", "credits"]),
        ("Professor", "en", ["name", "email"]),
        ("Wheel", "en", ["name"]),
        ("Roda", "pt", ["nome"]),
    ],
)
def test_an_entity_without_attributes_gets_the_usual_ones_of_its_language(
    name: str, language: str, names: list[str]
) -> None:
    refined = REGISTRY.refine(created(Entity(name), language=language), SystemSpec())
    assert refined.is_certain
    assert [a.name for a in refined.entities[0].attributes] == names
    assert len(refined.assumptions) == 1


def test_the_assumption_is_said_in_the_language_of_the_request() -> None:
    assert REGISTRY.refine(created(Entity("Student")), SystemSpec()).assumptions == (
        "No attributes were named for Student: name, e-mail and birth date are assumed.",
    )
    avo = created(Entity("Avo", label="Avó"), language="pt")
    assert REGISTRY.refine(avo, SystemSpec()).assumptions == (
        "Nenhum atributo foi indicado para Avó: nome é presumido.",
    )


def test_an_email_offered_to_students_is_unique() -> None:
    (student,) = REGISTRY.refine(created(Entity("Student")), SystemSpec()).entities
    email = student.find("email")
    assert email == Attribute("email", "email", unique=True, label="E-mail")


def test_named_attributes_are_kept_and_nothing_is_added() -> None:
    request = created(Entity("Student", (Attribute("nickname", "string"),)))
    assert REGISTRY.refine(request, SystemSpec()) == request


@pytest.mark.parametrize(
    "request_",
    [
        Interpretation("unclear", entities=(Entity("Student"),)),
        Interpretation("create", entities=(Entity("Student"),), unexplained=("frobnicated",)),
        Interpretation("describe", about=("Student",)),
    ],
    ids=lambda i: i.action,
)
def test_what_is_not_certain_or_changes_nothing_stays_as_it_was_read(
    request_: Interpretation,
) -> None:
    assert REGISTRY.refine(request_, SPEC) is request_


def attribute_question(attribute: Attribute, entity: str = "Person") -> Question | None:
    return REGISTRY.refine(created(Entity(entity, (attribute,))), SystemSpec()).question


@pytest.mark.parametrize(
    "attribute",
    [
        Attribute("email", "integer"),
        Attribute("work_email", "boolean"),
        Attribute("person_email", "date"),
        Attribute("email_pessoal", "integer"),
        Attribute("birth_date", "boolean"),
        Attribute("data_de_nascimento", "integer"),
        Attribute("first_name", "decimal"),
        Attribute("price", "date"),
    ],
    ids=lambda a: f"{a.name} {a.type}",
)
def test_a_type_that_contradicts_the_name_is_asked_about(attribute: Attribute) -> None:
    question = attribute_question(attribute)
    assert question is not None
    assert len(question.alternatives) == 2


def test_the_question_names_what_it_is_about_and_offers_types() -> None:
    assert attribute_question(Attribute("email", "integer")) == Question(
        "Email of Person is said to be of the type whole number, which does not fit what it means."
        " Which type should it be?",
        ("e-mail address", "text"),
    )


@pytest.mark.parametrize(
    "attribute",
    [
        Attribute("email", "string"),
        Attribute("email_verified", "boolean"),
        Attribute("email_count", "integer"),
        Attribute("price_list", "string"),
        Attribute("phone", "integer"),
        Attribute("age", "integer", min=0),
        Attribute("age", "integer", exclusive_min=0, max=200),
        Attribute("birth_date", "date", min="1900-01-01"),
        Attribute("birth_date", "date", default="2026-05-01"),
        Attribute("temperature", "float", min=-40),
    ],
    ids=str,
)
def test_what_makes_sense_is_not_asked_about(attribute: Attribute) -> None:
    assert attribute_question(attribute) is None


@pytest.mark.parametrize(
    "attribute",
    [
        Attribute("age", "integer", min=-5),
        Attribute("idade", "integer", max=-1),
        Attribute("age", "integer", default=-1),
        Attribute("capacity", "integer", exclusive_min=-2),
        Attribute("birth_date", "date", default="2026-05-02"),
        Attribute("data_de_nascimento", "datetime", min="2030-01-01T00:00:00Z"),
    ],
    ids=str,
)
def test_values_that_contradict_the_meaning_are_asked_about(attribute: Attribute) -> None:
    question = attribute_question(attribute)
    assert question is not None
    assert question.alternatives


def test_without_a_day_nothing_is_said_about_the_future() -> None:
    later = created(Entity("Person", (Attribute("birth_date", "date", default="2999-01-01"),)))
    assert BaeRegistry().refine(later, SystemSpec()).is_certain


def test_an_entity_that_exists_with_other_attributes_is_asked_about() -> None:
    more = Entity("Student", (Attribute("name", "string"), Attribute("phone", "phone")))
    assert asked(created(more)) == Question(
        "Student exists already, with name, e-mail, age and status."
        " What should be done with phone?",
        ("Add phone to Student", "Leave Student as it is"),
    )


@pytest.mark.parametrize(
    "entity", [STUDENT, Entity("Student"), Entity("Student", (STUDENT.attributes[0],))], ids=str
)
def test_an_entity_that_exists_like_that_stays_and_it_is_said(entity: Entity) -> None:
    refined = REGISTRY.refine(created(entity, Entity("Wheel")), SPEC)
    assert [e.name for e in refined.entities] == ["Wheel"]
    assert refined.assumptions[0] == "Student exists already and stays as it is."


def test_an_attribute_that_exists_like_that_stays_and_it_is_said() -> None:
    change = AddAttribute("Student", Attribute("email", "email", required=False))
    refined = REGISTRY.refine(Interpretation("evolve", changes=(change,)), SPEC)
    assert (refined.changes, refined.assumptions) == (
        (),
        ("Student has email already; it stays as it is.",),
    )


def test_two_words_for_one_thing_are_kept_apart_and_it_is_said() -> None:
    refined = REGISTRY.refine(created(Entity("Pupil", (Attribute("name", "string"),))), SPEC)
    assert refined.is_certain
    assert refined.assumptions == (
        "Pupil is kept apart from Student, though both words can mean the same.",
    )


QUESTIONS: dict[str, tuple[Change, str]] = {
    "attribute exists": (
        AddAttribute("Student", Attribute("age", "string")),
        "Student has age already, of the type whole number",
    ),
    "attribute named like a link": (
        AddAttribute("Course", Attribute("tutor", "string")),
        "Course has tutor already",
    ),
    "no entity": (AddAttribute("Car", Attribute("name", "string")), "There is no Car yet"),
    "entity to remove": (RemoveEntity("Car"), "There is no Car yet"),
    "no attribute": (RemoveAttribute("Student", "colour"), "Student has no colour"),
    "attribute to rename": (RenameAttribute("Student", "colour", "tint"), "Student has no colour"),
    "rename to what exists": (RenameAttribute("Student", "name", "email"), "has email already"),
    "entity rename to what exists": (RenameEntity("Student", "Course"), "There is Course already"),
    "no relationship": (RemoveRelationship("Course", "room"), "Course has no relationship room"),
    "limits leave nothing": (
        ChangeAttribute("Student", "age", (("max", 10), ("default", None))),
        "No value of age of Student could meet these limits: ≥ 16, ≤ 10",
    ),
    "default outside": (
        ChangeAttribute("Student", "age", (("min", 21),)),
        "The default 18 of age of Student does not fit its type or limits: ≥ 21",
    ),
    "limit of another type": (
        ChangeAttribute("Student", "name", (("min", 3),)),
        "Name of Student is of the type text, which can't have these limits: ≥ 3",
    ),
    "type without its limits": (
        ChangeAttribute("Student", "age", (("type", "date"), ("default", None))),
        "Age of Student is of the type date, which can't have these limits: ≥ 16",
    ),
    "below zero": (ChangeAttribute("Student", "age", (("min", -1),)), "can't be below 0"),
    "unknown attribute of a change": (
        ChangeAttribute("Student", "colour", (("min", 1),)),
        "Student has no colour",
    ),
    "link to nothing": (
        AddRelationship(Relationship("Course", "Room", "many_to_one", "room")),
        "There is no Room yet",
    ),
    "link exists": (AddRelationship(TEACHES), "Course has tutor already"),
    "link named like an attribute": (
        AddRelationship(Relationship("Course", "Student", "many_to_one", "title")),
        "Course has title already",
    ),
}


@pytest.mark.parametrize(("change", "text"), QUESTIONS.values(), ids=QUESTIONS)
def test_a_change_that_contradicts_the_system_is_asked_about(change: Change, text: str) -> None:
    question = asked_of(change)
    assert text in question.text
    assert question.alternatives


def test_alternatives_are_what_the_system_has() -> None:
    question = asked_of(RemoveAttribute("Student", "colour"))
    assert question.alternatives == ("name", "e-mail", "age", "status")
    missing = asked_of(RemoveEntity("Car"))
    assert missing.alternatives == ("Student", "Course", "Create Car")


def test_changes_of_one_request_may_build_on_each_other() -> None:
    changes = (
        RenameEntity("Student", "Pupil"),
        AddAttribute("Pupil", Attribute("phone", "phone", required=False)),
        RenameAttribute("Pupil", "phone", "mobile"),
        RemoveRelationship("Course", "tutor"),
        AddRelationship(Relationship("Course", "Pupil", "many_to_one", "tutor")),
    )
    request = Interpretation("evolve", changes=changes)
    assert REGISTRY.refine(request, SPEC) == request


def test_two_entities_of_one_collection_are_asked_about() -> None:
    name = (Attribute("name", "string"),)
    question = asked(created(Entity("OrderItem", name), Entity("OrderItems", name)), SystemSpec())
    assert "order_items" in question.text


def test_a_link_whose_number_is_an_attribute_too_is_asked_about() -> None:
    course = Entity("Lesson", (Attribute("tutor_id", "integer"),))
    link = Relationship("Lesson", "Student", "many_to_one", "tutor")
    question = asked(dataclasses.replace(created(course), relationships=(link,)))
    assert question.alternatives == ("the link to Student", "the attribute tutor id")


def required(source: str, target: str, name: str) -> Relationship:
    return Relationship(source, target, "many_to_one", name, required=True)


def test_two_words_that_differ_in_an_accent_are_asked_about() -> None:
    spec = apply(SystemSpec(language="pt"), [AddEntity(Entity("Avo", label="Avó"))])
    question = asked(created(Entity("Avo", label="Avô"), language="pt"), spec)
    assert question.text.startswith("Avô e Avó seriam guardados com o mesmo nome, avos.")
    same = REGISTRY.refine(created(Entity("Avo", label="avo"), language="pt"), spec)
    assert same.entities == ()


NEWS = apply(
    SystemSpec(),
    [
        AddEntity(Entity("News", (Attribute("title", "string"),))),
        AddEntity(Entity("Article", (Attribute("title", "string"),))),
        AddRelationship(Relationship("News", "Article", "many_to_many", "articles")),
        AddRelationship(Relationship("Article", "News", "many_to_one", "origin")),
    ],
)


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (AddEntity(Entity("Thing", (Attribute("id", "string"),))), "gets an id from the system"),
        (AddAttribute("News", Attribute("id", "uuid")), "gets an id from the system"),
        (RenameAttribute("News", "title", "id"), "gets an id from the system"),
        (AddAttribute("Article", Attribute("origin_id", "integer")), "has origin id already"),
        (RenameAttribute("News", "title", "article_ids"), "has article ids already"),
        (
            AddRelationship(Relationship("News", "Article", "many_to_many", "article")),
            "has article already",
        ),
        (AddEntity(Entity("NewsArticle")), "where the links from News to articles are"),
        (RenameEntity("Article", "NewsArticle"), "would be kept under the name news_articles"),
        (AddEntity(Entity("SqliteBackup")), "keeps for itself"),
    ],
    ids=str,
)
def test_a_name_that_is_taken_is_asked_about(change: Change, text: str) -> None:
    assert text in asked_of(change, spec=NEWS).text


def test_required_links_in_a_circle_are_asked_about() -> None:
    name = (Attribute("name", "string"),)
    entities = (Entity("Employee", name), Entity("Department", name))
    links = (
        required("Employee", "Department", "department"),
        required("Department", "Employee", "head"),
    )
    question = asked(dataclasses.replace(created(*entities), relationships=links), SystemSpec())
    assert question.text.startswith(
        "Each Department needs head and each Employee needs department: none of them could"
    )
    assert question.alternatives == ("head of Department", "department of Employee")


def test_a_required_link_to_itself_is_asked_about_and_an_optional_one_is_not() -> None:
    employee = Entity("Employee", (Attribute("name", "string"),))
    link = required("Employee", "Employee", "manager")
    assert asked(dataclasses.replace(created(employee), relationships=(link,))).alternatives == (
        "manager of Employee",
    )
    optional = dataclasses.replace(link, required=False)
    request = dataclasses.replace(created(employee), relationships=(optional,))
    assert REGISTRY.refine(request, SPEC).is_certain


def test_a_link_made_required_may_close_a_circle() -> None:
    back = required("Student", "Course", "major")
    spec = apply(SPEC, [AddRelationship(back)])
    change = ChangeRelationship("Course", "tutor", dataclasses.replace(TEACHES, required=True))
    assert asked_of(change, spec=spec).alternatives == ("tutor of Course", "major of Student")


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (NotFuture("Student", "colour"), "Student has no colour, which the rule is about"),
        (NotFuture("Student", "age"), "so it has no past or future"),
        (UniqueTogether("Course", ("title", "room")), "Course has no room"),
        (Transition("Student", "status", "new", "gone"), "gone is none of these"),
        (NotFuture("Car", "built"), "There is no Car yet"),
    ],
)
def test_a_rule_about_what_is_not_there_is_asked_about(rule: Rule, text: str) -> None:
    question = asked(Interpretation("evolve", rules=(rule,)))
    assert text in question.text
    assert question.alternatives


def test_questions_are_put_in_the_language_of_the_request() -> None:
    change = RemoveAttribute("Student", "colour")
    question = asked(Interpretation("evolve", changes=(change,), language="pt"))
    assert question.text == "Student não tem colour. Qual é o atributo?"


def test_all_else_of_a_questioned_request_is_kept() -> None:
    request = Interpretation(
        "evolve",
        changes=(RemoveEntity("Car"),),
        background=("using SQLite",),
        custom=("send a letter",),
    )
    refined = REGISTRY.refine(request, SPEC)
    assert dataclasses.replace(refined, action="evolve", question=None, confidence=1.0) == request


def test_each_entity_has_its_agent() -> None:
    assert isinstance(REGISTRY.for_entity("Aluno"), StudentBae)
    assert isinstance(REGISTRY.for_entity("Disciplina"), CourseBae)
    assert isinstance(REGISTRY.for_entity("Professor"), TeacherBae)
    assert isinstance(REGISTRY.for_entity("Wheel"), GenericBae)
    assert REGISTRY.for_entity("Matricula").name == "Enrollment"
    assert StudentBae().name == "Student"
    with pytest.raises(InvalidSpec, match="No domain pack"):
        BaseBae()


def test_the_knowledge_of_all_agents_is_told_to_the_interpreter() -> None:
    knowledge = REGISTRY.knowledge()
    known = knowledge.of("discente")
    assert known is not None
    assert known.name == "Student"
    assert known.attributes["data_de_nascimento"].type == "date"
    assert knowledge.of("wheel") is None


LIMITED = """
[attribute.shoe_size]
type = "integer"
en = ["shoe size", "size"]
min = 0
max = 60

[entity.Robot]
en = ["robot"]
attributes = ["shoe_size"]
"""


def test_a_packs_limits_hold_wherever_its_attribute_is_named(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(LIMITED, encoding="utf-8")
    registry = BaeRegistry.with_packs(tmp_path)
    robot = Entity("Robot", (Attribute("size", "integer", max=50),))
    refined = registry.refine(created(robot), SystemSpec())
    assert refined.entities[0].attributes == (Attribute("size", "integer", min=0, max=50),)
    assert refined.assumptions == (
        "Size of Robot keeps the limits that the domain pack gives it: \u2265 0.",
    )
    added = AddAttribute("Robot", Attribute("shoe_size", "integer"))
    spec = apply(SystemSpec(), [AddEntity(Entity("Robot"))])
    changed = registry.refine(Interpretation("evolve", changes=(added,)), spec).changes
    assert changed == (AddAttribute("Robot", Attribute("shoe_size", "integer", min=0, max=60)),)


PACK = """
[attribute.shoe_size]
type = "integer"
en = ["shoe size"]

[entity.Student]
en = ["apprentice", "student"]
attributes = ["shoe_size"]
defaults = ["shoe_size"]

[entity.Robot]
en = ["robot"]
defaults = ["shoe_size"]
"""


def test_packs_of_a_project_extend_the_packaged_ones(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(PACK, encoding="utf-8")
    registry = BaeRegistry.with_packs(tmp_path)
    assert isinstance(registry.for_entity("Apprentice"), StudentBae)
    assert isinstance(registry.for_entity("Aluno"), StudentBae)
    refined = registry.refine(created(Entity("Student"), Entity("Robot")), SystemSpec())
    assert [a.name for e in refined.entities for a in e.attributes] == ["shoe_size"] * 2
    student = registry.knowledge().of("student")
    assert student is not None
    assert student.attributes["email"].type == "email"


def test_a_pack_that_offers_nothing_leaves_what_was_offered_before(tmp_path: Path) -> None:
    text = '[entity.Student]\nen = ["apprentice"]\n[entity.Robot]\nen = ["robot"]\n'
    (tmp_path / "own.toml").write_text(text, encoding="utf-8")
    registry = BaeRegistry.with_packs(tmp_path)
    refined = registry.refine(created(Entity("Apprentice"), Entity("Robot")), SystemSpec())
    names = [[a.name for a in entity.attributes] for entity in refined.entities]
    assert names == [["name", "email", "birth_date"], ["name"]]


def test_a_folder_that_is_not_there_has_no_packs(tmp_path: Path) -> None:
    registry = BaeRegistry.with_packs(tmp_path / "domain")
    assert registry.knowledge() == BaeRegistry().knowledge()


def test_a_pack_that_is_no_toml_is_refused_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text("[entity.Student\n", encoding="utf-8")
    with pytest.raises(InvalidSpec, match=r"bad\.toml.*line 1"):
        BaeRegistry.with_packs(tmp_path)


def test_two_packs_that_claim_one_word_are_refused(tmp_path: Path) -> None:
    for name in ("Robot", "Machine"):
        text = f'[entity.{name}]\nen = ["automaton"]\n'
        (tmp_path / f"{name.lower()}.toml").write_text(text, encoding="utf-8")
    with pytest.raises(InvalidSpec, match="'automaton' is Machine already"):
        BaeRegistry.with_packs(tmp_path)


def test_all_languages_say_all_that_there_is_to_say() -> None:
    from baes.datafiles import load_toml

    english = load_toml("domain_entities/messages/en.toml")
    portuguese = load_toml("domain_entities/messages/pt.toml")
    assert {k: set(v) for k, v in english.items()} == {k: set(v) for k, v in portuguese.items()}
    for key, entry in english["question"].items():
        other = portuguese["question"][key]
        assert set(entry) == set(other)
        assert len(entry["alternatives"]) == len(other["alternatives"])


COUNTED = apply(
    SPEC,
    [
        AddAttribute("Student", Attribute("courses", "integer", required=False)),
        AddRule(Aggregate("Student", "courses", "count", "Course")),
        AddAttribute("Student", Attribute("points", "integer", required=False)),
        AddRule(Compare("Student", "points", ">=", 17)),
    ],
)
TO_TEXT = ChangeAttribute("Student", "courses", (("type", "string"),))


@pytest.mark.parametrize(
    "change",
    [
        TO_TEXT,
        ChangeAttribute("Student", "points", (("type", "boolean"),)),
        AddRelationship(Relationship("Course", "Student", "many_to_one", "marker")),
    ],
    ids=["a type that can't hold it", "a type that has no order", "two ways to the same"],
)
def test_a_change_that_a_rule_can_t_live_with_is_asked_about(change: Change) -> None:
    question = asked_of(change, spec=COUNTED)
    assert question.text.startswith("A rule could no longer hold: ")
    assert "take the rule away" in question.alternatives


def test_a_rule_that_goes_with_the_request_is_in_nobodys_way() -> None:
    gone = RemoveRule(Aggregate("Student", "courses", "count", "Course"))
    for changes in ((gone, TO_TEXT), (TO_TEXT, gone)):
        refined = REGISTRY.refine(Interpretation("evolve", changes=changes), COUNTED)
        assert refined.question is None
