"""``baes rules``: the catalogue, and reviews of people's own files."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from baes.cli import main
from baes.standards.rule_catalogue import packaged_rules

GOOD = '"""Nothing yet."""\n'
BAD = '''"""Hooks."""


def after_create(connection: object, record: dict[str, object]) -> None:
    """Announce a record."""
    try:
        announce(record)
    except Exception:
        pass
'''


@pytest.fixture
def system(tmp_path: Path) -> Path:
    """The shape of a managed system, with a custom module."""
    for name in ("app/main.py", "app/custom/student.py", "ui/pages/student_page.py"):
        path = tmp_path / "managed_system" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(GOOD)
    return tmp_path / "managed_system"


def check(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    status = main(["rules", "check", *arguments])
    return status, capsys.readouterr().out


def test_all_rules_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "list", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)["rules"]
    assert {rule["id"] for rule in listed} == {rule.id for rule in packaged_rules()}
    assert all(rule["why"] and rule["description"] for rule in listed)


def test_a_clean_folder_gives_the_status_0(
    system: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, output = check(capsys, str(system))
    assert (status, output) == (0, "3 files checked, 0 findings\n")


def test_findings_name_path_line_column_and_rule_as_editors_read_them(
    system: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = system / "app/custom/student.py"
    file.write_text(BAD)
    status, output = check(capsys, str(file))
    lines = output.splitlines()
    assert status == 1
    assert all(re.fullmatch(rf"{re.escape(str(file))}:\d+:\d+: \w+ .+", x) for x in lines[:-1])
    assert f"{file}:7:9: undefined_names Undefined name `announce` (F821)" in lines
    assert any(line.startswith(f"{file}:8:1: error_handling ") for line in lines)


def test_json_holds_the_findings(system: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = system / "app/custom/student.py"
    file.write_text(BAD)
    status, output = check(capsys, str(system), "--json")
    found = json.loads(output)
    assert status == 1
    assert found["success"] is False
    assert {f["rule"] for f in found["findings"]} == {
        "undefined_names",
        "error_handling",
        "pep8",
    }
    outcomes = {Path(f["path"]).name: f["outcome"] for f in found["files"]}
    assert outcomes["student.py"] == "confident_rejection"
    assert outcomes["main.py"] == "confident_approval"


def test_the_place_of_a_file_says_whose_rules_hold(
    system: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = system / "ui/pages/student_page.py"
    page.write_text('"""A page."""\n\nfrom app.models.student import Student\n\nprint(Student)\n')
    _, output = check(capsys, str(page))
    assert f"{page}:3:1: thin_pages a page imports app.models.student" in output


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"def broken(:\n", "no Python"),
        (b"x = '\xff'\n", "no UTF-8"),
        (b"x = 1\n\0\n", "a null character"),
        (b"x = " + b"(" * 50_000, "no Python"),
        (b"x = 1\n" + b"y = -" + b"-" * 100_000 + b"1\n", "nested"),
        (b"# " + b"x" * 1_000_000, "too large"),
        (b"class A:\n    def f(self):\n        return [", "no Python"),
    ],
    ids=["no python", "no utf-8", "null", "open", "nested", "large", "half"],
)
def test_what_cannot_be_read_is_a_finding_with_a_reason(
    system: Path, capsys: pytest.CaptureFixture[str], content: bytes, reason: str
) -> None:
    file = system / "app/custom/student.py"
    file.write_bytes(content)
    status, output = check(capsys, str(file), "--json")
    found = json.loads(output)["findings"]
    assert status == 1
    assert any(f["rule"] == "syntax" and reason in f["reason"] for f in found), found


def test_the_type_checker_is_asked_on_demand(
    system: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = system / "app/custom/student.py"
    file.write_text('"""Sums."""\n\n\ndef total() -> int:\n    """Add."""\n    return "1"\n')
    assert check(capsys, str(file))[0] == 0
    status, output = check(capsys, str(file), "--deep")
    assert status == 1
    assert f"{file}:6:12: types Incompatible return value type" in output


@pytest.mark.parametrize(
    "arguments",
    [["check"], ["check", "nowhere.py"], ["explain"], ["explain", "no_such_rule"], ["x"]],
)
def test_wrong_usage_gives_the_status_2(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["rules", *arguments]) == 2
    assert capsys.readouterr().err


def test_a_rule_is_explained_with_its_examples(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "explain", "sql_statements"]) == 0
    output = capsys.readouterr().out
    assert "# sql_statements" in output
    assert "WHERE name = '{name}'" in output
