"""How the pages show, read and write values and files, in each language."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.integration.page_system import LOJA, SHOP, generate

Module = Callable[[str], ModuleType]


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    systems = {"en": SHOP, "pt": LOJA}
    return {
        language: generate(tmp_path_factory.mktemp(language), changes, language).folder / "ui"
        for language, changes in systems.items()
    }


@pytest.fixture
def module(
    folders: dict[str, Path], language: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Module]:
    """Loads one of the pages' modules of a language."""
    folder = folders[language]
    monkeypatch.syspath_prepend(str(folder))
    yield importlib.import_module
    for name, loaded in list(sys.modules.items()):
        if str(getattr(loaded, "__file__", None) or "").startswith(str(folder)):
            del sys.modules[name]


NUMBERS = [
    ("en", "1234.5", "1234.5"),
    ("en", "1,234.50", "1234.50"),
    ("en", "1,234,567", "1234567"),
    ("en", "12,5", "12.5"),
    ("en", "1.500", "1.500"),
    ("en", "-0,125", "-0.125"),
    ("en", "1,500", None),
    ("pt", "1.234,50", "1234.50"),
    ("pt", "1234,5", "1234.5"),
    ("pt", "1,500", "1.500"),
    ("pt", "1,234.50", "1234.50"),
    ("pt", "0.125", "0.125"),
    ("pt", "1.234.567", "1234567"),
    ("pt", "\u22123", "-3"),
    ("pt", "1 234,5", "1234.5"),
    ("pt", "1.500", None),
    ("pt", "1.23.4", None),
    ("pt", "1,2,3", None),
    ("pt", "12.34,5", None),
    ("pt", "1e5", None),
    ("pt", "dez", None),
    ("pt", "", None),
]


@pytest.mark.parametrize(("language", "text", "number"), NUMBERS)
def test_a_number_is_read_by_its_language_and_shape(
    module: Module, text: str, number: str | None
) -> None:
    numbers = module("numbers_in_text")
    if number is not None:
        assert str(numbers.read_number(text)) == number
        return
    with pytest.raises(numbers.UnreadableError):
        numbers.read_number(text)


SHOWN = [
    ("en", "ExactNumber", {"scale": 2}, "1234567.50", "1,234,567.50"),
    ("en", "ExactNumber", {"unit": "USD"}, "-1234.50", "-$ 1,234.50"),
    ("en", "Integer", {}, 2026, "2026"),
    ("en", "Integer", {}, -12345, "-12,345"),
    ("en", "Number", {"unit": "kg"}, 0.125, "0.125"),
    ("en", "Number", {}, 1e22, "10,000,000,000,000,000,000,000"),
    ("en", "YesNo", {}, True, "Yes"),
    ("en", "Date", {}, "2026-12-31", "31 Dec 2026"),
    ("en", "Time", {}, "09:05:00", "09:05"),
    ("en", "Moment", {}, "2026-12-31T10:30:00Z", "31 Dec 2026 10:30"),
    ("pt", "ExactNumber", {}, "1234.50", "1.234,50"),
    ("pt", "ExactNumber", {"unit": "BRL"}, "1234.50", "R$ 1.234,50"),
    ("pt", "Integer", {}, 12345, "12.345"),
    ("pt", "Number", {}, 3.5, "3,5"),
    ("pt", "YesNo", {}, False, "Não"),
    ("pt", "Date", {}, "2026-12-31", "31/12/2026"),
    ("pt", "Choice", {"choices": [1.5, 2.5]}, 1.5, "1,5"),
]


@pytest.mark.parametrize(("language", "kind", "options", "value", "shown"), SHOWN)
def test_a_value_is_shown_as_its_language_writes_it(
    module: Module, kind: str, options: dict[str, Any], value: object, shown: str
) -> None:
    attribute = getattr(module("attributes"), kind)("x", "X", **options)
    assert attribute.show(value) == shown


@pytest.mark.parametrize("language", ["en", "pt"])
def test_what_is_written_to_a_file_is_read_again(module: Module) -> None:
    kinds = module("attributes")
    values: list[tuple[str, dict[str, Any], list[Any]]] = [
        ("Text", {}, ["a; b, c", "two\nlines", "  kept  "]),
        ("Integer", {}, [0, -5, 2**63 - 1]),
        ("Number", {}, [0.1, -1500.0, 1e-7, 1e300]),
        ("ExactNumber", {"scale": 3}, ["1.500", "-1234567.125", "0.000"]),
        ("YesNo", {}, [True, False]),
        ("Choice", {"choices": ["a", "A", 1.5]}, ["a", "A", 1.5]),
        ("Date", {}, ["0001-01-01", "2026-12-31"]),
        ("Time", {}, ["09:05:00", "23:59:59"]),
        ("Uuid", {}, ["123e4567-e89b-12d3-a456-426614174000"]),
    ]
    for kind, options, some in values:
        attribute = getattr(kinds, kind)("x", "X", **options)
        for value in some:
            assert attribute.read(attribute.write(value)) == value


UNREADABLE = [
    ("en", "Date", "31/12/2026"),  # the American and the European order could both be meant
    ("en", "Date", "2026-02-30"),
    ("pt", "Date", "12/31/2026"),
    ("pt", "Integer", "1,5"),
    ("pt", "Integer", "99999999999999999999"),
    ("pt", "YesNo", "talvez"),
    ("en", "Time", "10"),
    ("en", "Uuid", "x"),
    ("en", "Moment", "tomorrow"),
]


@pytest.mark.parametrize(("language", "kind", "text"), UNREADABLE)
def test_what_has_no_sure_meaning_is_refused(module: Module, kind: str, text: str) -> None:
    attribute = getattr(module("attributes"), kind)("x", "X")
    with pytest.raises(module("numbers_in_text").UnreadableError):
        attribute.read(text)


@pytest.mark.parametrize("language", ["pt"])
def test_a_day_is_read_as_portuguese_writes_it(module: Module) -> None:
    assert module("attributes").Date("x", "X").read("31/12/2026") == "2026-12-31"


FORMULAS = ["=1+1", "+55 11 91234-5678", "-x", "@a", "\tx", "'=1", "''=1", "'quoted'", "plain"]


@pytest.mark.parametrize("language", ["en"])
@pytest.mark.parametrize("text", FORMULAS)
def test_no_text_reaches_a_spreadsheet_as_a_formula(module: Module, text: str) -> None:
    files = module("csv_files")
    guarded = files.guarded(text)
    assert guarded[0] not in "=+-@\t\r"
    assert files.unguarded(guarded) == text


FILES = [
    (b"a;b\n1,5;x\n", ";", [["1,5", "x"]]),
    (b"a,b\n1.5,x\n", ",", [["1.5", "x"]]),
    (b"a\tb\n1\t2\n", "\t", [["1", "2"]]),
    (b'\xef\xbb\xbfa;b\r\n\r\n"x\r\ny";z\r\n', ";", [["x\r\ny", "z"]]),
    ("a;b\nação;é\n".encode("cp1252"), ";", [["ação", "é"]]),
    ("a,b\nação,é\n".encode("utf-16"), ",", [["ação", "é"]]),
    (b'a,b\n"1;2;3",x\n', ",", [["1;2;3", "x"]]),
]


@pytest.mark.parametrize("language", ["pt"])
@pytest.mark.parametrize(("data", "delimiter", "cells"), FILES)
def test_a_file_is_read_whatever_program_wrote_it(
    module: Module, data: bytes, delimiter: str, cells: list[list[str]]
) -> None:
    table = module("csv_files").read(data)
    assert list(table.titles) == ["a", "b"]
    assert table.delimiter == delimiter
    assert [list(line.cells) for line in table.lines] == cells


@pytest.mark.parametrize("language", ["en"])
@pytest.mark.parametrize("data", [b"", b"\n\n", b"PK\x03\x04\x00\x00", b"a,a\n1,2\n", b'a,b\n"x'])
def test_what_is_no_table_is_refused(module: Module, data: bytes) -> None:
    files = module("csv_files")
    with pytest.raises(files.BadFileError):
        files.read(data)


@pytest.mark.parametrize("language", ["en"])
def test_lines_are_numbered_as_an_editor_counts(module: Module) -> None:
    table = module("csv_files").read(b'a,b\n"x\ny",1\n\nz,2\n')
    assert [line.number for line in table.lines] == [2, 5]


PLAIN = [
    ("Valor (R$) *", "Valor (R$) \\*"),
    ("teacher_id", "teacher_id"),
    ("$1 or $2", r"\$1 or \$2"),
    ("*a* _b_ `c` [d](e) <f>", r"\*a\* \_b\_ \`c\` \[d\](e) \<f>"),
    (":red[x] :smile: 10:30 a: b", r"\:red\[x\] \:smile: 10:30 a: b"),
    ("# 1\n2", r"\# 1 2"),
    ("1. first", r"1\. first"),
    ("- a -> b --", r"\- a \-> b \--"),
]


@pytest.mark.parametrize("language", ["en"])
@pytest.mark.parametrize(("text", "markdown"), PLAIN)
def test_what_people_wrote_is_shown_as_they_wrote_it(
    module: Module, text: str, markdown: str
) -> None:
    assert module("texts").plain(text) == markdown
