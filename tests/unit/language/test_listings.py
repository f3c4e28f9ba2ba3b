"""Tables, JSON and SQL: all of a listing is understood, or it stays as it is and is asked about."""

from __future__ import annotations

import time

import pytest

from baes.language import interpret
from baes.language.listings import told
from baes.language.vocabulary import vocabulary

from .notation import shown

READ = {
    "json with a list of fields": (
        '{"entity": "Kiln", "fields": [{"name": "label", "type": "string", "unique": true}, '
        '{"name": "heat", "type": "float", "required": false}]}',
        "Kiln(label[unique], heat:float?)",
    ),
    "json with names and types": (
        '{"Kiln": {"label": "string", "fired_on": "date"}, "Glaze": {"colour": "string"}}',
        "Kiln(label, fired_on:date) | Glaze(colour)",
    ),
    "json behind a sentence": (
        'Please create this: {"entity": "Kiln", "fields": ["label", "volume"]}',
        "Kiln(label, volume:decimal)",
    ),
    "sql with a key to another table": (
        "CREATE TABLE depots (id SERIAL PRIMARY KEY, town VARCHAR(40) NOT NULL UNIQUE);\n"
        "CREATE TABLE trams (id SERIAL PRIMARY KEY, seats INT NOT NULL CHECK (seats > 0), "
        "depot_id INT NOT NULL REFERENCES depots(id));",
        "Depot(town[max_length=40 unique]) | Tram(seats:integer[exclusive_min=0]) | "
        "Tram > Depot as depot!",
    ),
    "sql with defaults": (
        "create table stamps (id integer primary key, issued date default current_date, "
        "rare boolean default false)",
        "Stamp(issued:date[default=Call(call='today')], rare:boolean[default=False])",
    ),
    "a specification with pipes": (
        "Create an entity Vat with these attributes:\n\n| name | type | required |\n"
        "|---|---|---|\n| label | string | yes |\n| emptied on | date | no |",
        "Vat(label, emptied_on:date?)",
    ),
    "a header of examples": (
        "Vats\n\nlabel   litres   scrubbed\nA1      300      yes\nB2      450      no",
        "Vat(label, litres:integer, scrubbed:boolean)",
    ),
    "an export": (
        "Vats:\n\nid,label,emptied_on\n1,A1,2024-03-01\n2,B2,2024-05-20",
        "Vat(label, emptied_on:date)",
    ),
    "one line with pipes": (
        "Vat | label | capacity | emptied on",
        "Vat(label, capacity:integer, emptied_on:date)",
    ),
    "portuguese": (
        "Crie a entidade Tonel:\n\n| campo | tipo | obrigatório |\n|---|---|---|\n"
        "| rótulo | texto | sim |\n| esvaziado em | data | não |",
        "Tonel(rotulo:text, esvaziado_em:date?)",
    ),
}

LEFT = {
    "sql with a check of two columns": (
        "CREATE TABLE trips (id INT PRIMARY KEY, a DATE, b DATE, CHECK (a < b));"
    ),
    "json of something else": '{"colour": "blue", "size": 5}',
    "json with an unknown key": '{"entity": "Kiln", "fields": [{"name": "label", "glow": 3}]}',
    "sql that drops": "DROP TABLE students;",
}


@pytest.mark.parametrize(("text", "expected"), READ.values(), ids=READ.keys())
def test_a_listing_is_read(text: str, expected: str) -> None:
    interpretation = interpret(text)
    assert interpretation.is_certain, interpretation.question
    assert shown(interpretation) == expected


@pytest.mark.parametrize("text", LEFT.values(), ids=LEFT.keys())
def test_a_listing_of_which_a_part_is_not_understood_is_asked_about(text: str) -> None:
    interpretation = interpret(text)
    assert not interpretation.is_certain


def test_rows_of_examples_are_told_of() -> None:
    interpretation = interpret("Vats:\n\nid,label,emptied_on\n1,A1,2024-03-01\n2,B2,2024-05-20")
    assert any("2 rows" in text for text in interpretation.assumptions)


@pytest.mark.parametrize(
    "text", ["Create Kiln with label and heat.", "Kiln: label\n- heat\n- volume, in litres"]
)
def test_what_is_no_listing_stays_as_it_is(text: str) -> None:
    assert told(text, vocabulary("en")).text == text


@pytest.mark.parametrize("text", ["[{" * 20_000, "a,b\n" * 20_000, "a | b\n" * 15_000])
def test_a_long_listing_is_told_in_bounded_time(text: str) -> None:
    begun = time.process_time()
    told(text, vocabulary("en"))
    assert time.process_time() - begun < 5
