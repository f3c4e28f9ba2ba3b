"""The data files of each language have the shape that the interpreter relies on."""

from __future__ import annotations

import string

import pytest

from baes.datafiles import load_toml
from baes.language.identification import LANGUAGES
from baes.language.vocabulary import LEXICON_FILES, vocabulary
from baes.spec.attribute_types import ATTRIBUTE_TYPES

TYPED_HINTS = ("whole", "first", "chief", "counting")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", LEXICON_FILES)
def test_a_lexicon_file_maps_tags_to_values_to_phrases(language: str, name: str) -> None:
    for tag, values in load_toml(f"language/data/{language}/{name}.toml").items():
        assert tag.islower()
        for phrases in values.values():
            assert phrases
            assert all(isinstance(p, str) and p == p.strip().lower() and p for p in phrases), tag


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", LEXICON_FILES)
def test_no_phrase_stands_twice_under_one_tag(language: str, name: str) -> None:
    for tag, values in load_toml(f"language/data/{language}/{name}.toml").items():
        phrases = [phrase for found in values.values() for phrase in found]
        assert sorted(phrases) == sorted(set(phrases)), tag


@pytest.mark.parametrize("language", LANGUAGES)
def test_types_and_hints_name_types_that_exist(language: str) -> None:
    types = load_toml(f"language/data/{language}/types.toml")
    hints = load_toml(f"language/data/{language}/hints.toml")
    for table in (types["type"], types["pure_type"], *(hints[kind] for kind in TYPED_HINTS)):
        assert set(table) <= set(ATTRIBUTE_TYPES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_messages_are_templates_with_named_slots(language: str) -> None:
    for kind in load_toml(f"language/data/{language}/messages.toml").values():
        for message in kind.values():
            assert all(slot != "" for _, slot, _, _ in string.Formatter().parse(message))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_of_the_lexicon_is_found_as_it_is_tokenized(language: str) -> None:
    entries = vocabulary(language).entries
    assert all(word and not word.isspace() for word in entries)
