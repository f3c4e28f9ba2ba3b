"""Only the part of a file that is undecided goes to a language model."""

from __future__ import annotations

import pytest

from baes.standards.sections import undecided_sections

MODULE = """import a

@decorated
def one():
    return 1


def two():
    x = 2
    return x
"""


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([5], [(3, 5)]),
        ([3, 9, 10], [(3, 5), (8, 10)]),
        ([1], [(1, 1)]),
        ([0], [(1, 10)]),
        ([7], [(1, 10)]),
        ([], [(1, 10)]),
    ],
)
def test_the_things_around_undecided_lines_are_the_sections(
    lines: list[int], expected: list[tuple[int, int]]
) -> None:
    found = undecided_sections(MODULE, lines)
    assert [(section.first, section.last) for section in found] == expected
    for section in found:
        assert section.text.splitlines() == MODULE.splitlines()[section.first - 1 : section.last]


def test_code_that_is_none_is_one_section() -> None:
    assert [s.text for s in undecided_sections("def (:", [1])] == ["def (:"]
