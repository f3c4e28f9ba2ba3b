"""What a domain pack holds, and how a faulty one is refused."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from pathlib import Path

import pytest

from baes.core.bae_registry import BaeRegistry
from baes.datafiles import load_toml
from baes.domain_entities.domain_pack import PACKAGED, extended, packaged_packs, parse_pack
from baes.errors import InvalidSpec
from baes.language.hints import hinted_type
from baes.language.vocabulary import vocabulary
from baes.spec.inflection import plural_label, singular_label
from baes.spec.interpretation import Interpretation
from baes.spec.knowledge import EntityKnowledge, Knowledge
from baes.spec.model import Attribute, Call, Entity, SystemSpec
from baes.spec.names import EntityName, fold

CLINIC = """
[attribute.blood_type]
type = "string"
en = ["blood type"]
pt = ["tipo sanguíneo"]
choices = ["A", "B", "AB", "0"]

[attribute.fee]
type = "decimal"
en = ["fee", "consultation fee"]
pt = ["honorário"]
min = 0.5
label = { pt = "Honorário (R$)" }

[attribute.seen_on]
type = "date"
en = ["seen on"]
pt = ["visto em"]
default = { call = "today" }

[entity.Patient]
en = ["patient", "Sick Person"]
pt = ["paciente"]
attributes = ["blood_type", "fee"]
defaults = ["blood_type", { attribute = "fee", max = 90 }, "seen_on"]
"""


def parse(text: str) -> None:
    parse_pack(tomllib.loads(text), "domain/clinic.toml")


def test_a_pack_gives_words_attributes_and_defaults_a_language() -> None:
    (patient,) = parse_pack(tomllib.loads(CLINIC), "domain/clinic.toml").entities
    assert patient.name == "Patient"
    assert patient.words == {"en": ("patient", "sick person"), "pt": ("paciente",)}
    choices = ("A", "B", "AB", "0")
    assert patient.attributes == {
        "blood_type": Attribute("blood_type", "string", choices=choices, label="Blood type"),
        "tipo_sanguineo": Attribute(
            "tipo_sanguineo", "string", choices=choices, label="Tipo sanguíneo"
        ),
        "fee": Attribute("fee", "decimal", min=Decimal("0.5"), label="Fee"),
        "consultation_fee": Attribute(
            "consultation_fee", "decimal", min=Decimal("0.5"), label="Consultation fee"
        ),
        "honorario": Attribute("honorario", "decimal", min=Decimal("0.5"), label="Honorário (R$)"),
    }
    assert [a.name for a in patient.defaults["en"]] == ["blood_type", "fee", "seen_on"]
    assert patient.defaults["pt"][1] == Attribute(
        "honorario", "decimal", min=Decimal("0.5"), max=90, label="Honorário (R$)"
    )
    assert patient.defaults["en"][2].default == Call("today")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('type = "decimal"', 'type = "money"', "attribute.fee.type: 'money' is no type"),
        ('type = "decimal"', "", "attribute.fee.type: None is no type"),
        ("min = 0.5", "minimum = 0.5", "attribute.fee: there is no key 'minimum'"),
        ("min = 0.5", "max_length = 5", "attribute.fee: fee can't be like that"),
        ("max = 90", "max = 0", "entity.Patient.defaults: fee can't be like that"),
        ('en = ["fee", "consultation fee"]', 'en = "fee"', "attribute.fee.en: is no list of words"),
        ('en = ["fee", "consultation fee"]', 'en = ["1"]', "attribute.fee.en: '1' can't be a name"),
        ('pt = ["honorário"]\n', "", "attribute.fee.label: there is no key 'pt'"),
        ('pt = ["tipo sanguíneo"]', "", "has no word in the language pt"),
        ('["blood_type", "fee"]', '["blood_type", "bed"]', "there is no attribute 'bed'"),
        ('{ attribute = "fee", max', '{ attribute = "fee", maxi', "there is no key 'maxi'"),
        ('{ attribute = "fee", max = 90 }', "{ max = 90 }", "there is no attribute None"),
        ("[entity.Patient]", "[entity.patient]", "entity.patient: is no entity"),
        ("[entity.Patient]", "[entities.Patient]", "the file: there is no key 'entities'"),
        ('defaults = ["blood', 'default = ["blood', "entity.Patient: there is no key 'default'"),
        ('en = ["patient", "Sick Person"]\npt = ["paciente"]', "", "entity.Patient: has no words"),
    ],
)
def test_a_faulty_pack_is_refused_with_file_key_and_mend(old: str, new: str, expected: str) -> None:
    assert old in CLINIC
    with pytest.raises(InvalidSpec) as caught:
        parse(CLINIC.replace(old, new, 1))
    assert "domain/clinic.toml" in caught.value.what
    assert expected in caught.value.why
    assert caught.value.next


def test_a_pack_without_entities_is_refused() -> None:
    with pytest.raises(InvalidSpec, match="knows no entity"):
        parse("")


def test_a_word_of_two_entities_is_refused() -> None:
    with pytest.raises(InvalidSpec, match="'patient' is Patient already"):
        parse(f'{CLINIC}\n[entity.Visitor]\nen = ["visitor", "patient"]\n')


def test_a_further_pack_adds_words_and_replaces_attributes_and_defaults() -> None:
    (patient,) = parse_pack(tomllib.loads(CLINIC), "a").entities
    text = """
        [attribute.fee]
        type = "integer"
        en = ["fee"]
        [entity.Patient]
        en = ["client"]
        es = ["paciente"]
        attributes = ["fee"]
        defaults = []
    """
    (more,) = parse_pack(tomllib.loads(text.replace('es = ["paciente"]', "")), "b").entities
    both = extended(patient, more)
    assert both.words == {"en": ("client", "patient", "sick person"), "pt": ("paciente",)}
    assert both.attributes["fee"].type == "integer"
    assert both.attributes["honorario"].type == "decimal"


PACKAGED_ENTITIES = [entity for pack in packaged_packs() for entity in pack.entities]
LANGUAGES = ("en", "pt")


@pytest.mark.parametrize("name", PACKAGED)
def test_a_packaged_pack_is_without_fault(name: str) -> None:
    parse_pack(load_toml(f"domain_entities/packs/{name}.toml"), f"{name}.toml")


@pytest.mark.parametrize("entity", PACKAGED_ENTITIES, ids=lambda entity: entity.name)
def test_each_packaged_entity_is_worded_and_offers_little_in_both_languages(
    entity: EntityKnowledge,
) -> None:
    assert set(entity.words) == set(LANGUAGES)
    for language in LANGUAGES:
        names = [a.name for a in entity.defaults[language]]
        assert 1 <= len(names) <= 4
        assert len(set(names)) == len(names)
        assert set(names) <= entity.attributes.keys()
        assert any(a.required for a in entity.defaults[language])


def test_packaged_attributes_suggest_types_and_no_limits_that_nobody_asked_for() -> None:
    for entity in PACKAGED_ENTITIES:
        for attribute in entity.attributes.values():
            bare = Attribute(attribute.name, attribute.type, label=attribute.label)
            assert attribute == bare


def test_no_word_means_two_entities() -> None:
    owners: dict[tuple[str, str], str] = {}
    for entity in PACKAGED_ENTITIES:
        for language, words in entity.words.items():
            for word in words:
                owner = owners.setdefault((language, fold(word)), entity.name)
                assert owner == entity.name, f"{word} is {owner} and {entity.name}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_word_leads_to_its_entity_in_both_numbers(language: str) -> None:
    knowledge = Knowledge(tuple(PACKAGED_ENTITIES))
    lost = [
        word
        for entity in PACKAGED_ENTITIES
        for word in entity.words[language]
        for written in (word, fold(word), singular_label(plural_label(word, language), language))
        if knowledge.of(written, language) is not entity
    ]
    assert lost == []


BETTER_KNOWN = {
    "Course": {"credit hours"},
    "Teacher": {"subject area", "rank"},
    "Class": {"período letivo", "semestre letivo", "horário", "horários"},
    "Enrollment": {"período letivo", "semestre letivo"},
    "Grade": {"período letivo", "semestre letivo"},
    "Customer": {"limite de crédito"},
    "Timesheet": {"hours", "hours worked"},
    "Training": {"hours", "hours worked"},
    "Recipe": {"preparation time", "prep time", "cooking time", "cook time"},
    "Habit": {"frequency"},
    "Chore": {"frequency"},
}
"""Entity -> names that mean something else there than anywhere, which its pack tells."""
BETTER_KNOWN_ANYWHERE = {"method of payment"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_hints_say_a_pack_does_not_say_otherwise(language: str) -> None:
    """What a name suggests anywhere is the hints'; a pack has what is special to its entities."""
    lexicon = vocabulary(language)
    common = load_toml("domain_entities/packs/common.toml")["attribute"]
    otherwise = {
        (name, word, concept["type"], hint)
        for pack in PACKAGED
        for data in [load_toml(f"domain_entities/packs/{pack}.toml")]
        for name, entity in data["entity"].items()
        for key in entity["attributes"]
        for concept in [data["attribute"].get(key) or common[key]]
        for word in concept[language]
        if (hint := hinted_type(word, lexicon)) not in (None, concept["type"])
        and word not in BETTER_KNOWN.get(name, set()) | BETTER_KNOWN_ANYWHERE
    }
    assert otherwise == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_entities_of_all_packs_make_one_system(language: str) -> None:
    entities = tuple(
        Entity(EntityName.from_text(e.words[language][0]).name) for e in PACKAGED_ENTITIES
    )
    asked = Interpretation("create", entities=entities, language=language)
    refined = BaeRegistry().refine(asked, SystemSpec(language=language))
    assert refined.question is None
    assert len(refined.assumptions) == len(entities)
    assert all(entity.attributes for entity in refined.entities)


def test_the_worked_example_of_the_documentation_is_a_pack() -> None:
    page = (Path(__file__).parents[3] / "docs" / "domain-packs.md").read_text(encoding="utf-8")
    example = page.split("```toml\n")[1].split("```")[0]
    patient, doctor = parse_pack(tomllib.loads(example), "domain/clinic.toml").entities
    assert [a.name for a in patient.defaults["pt"]] == ["nome", "tipo_sanguineo"]
    assert [(a.title, a.min) for a in doctor.defaults["en"]] == [("Name", None), ("Fee (EUR)", 0)]
    assert patient.attributes["blood_group"].choices == ("A", "B", "AB", "0")
