"""The generated tests of rules notice each rule that is not enforced any more."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from baes.spec.changes import Change
from tests.integration.managed_system import write_system
from tests.integration.ruled_systems import BOOKINGS, NEEDY, SHOP

LIMIT_S = 600

MUTATE = """
import contextlib, dataclasses, io, json, pytest
from app import enforcement, rules

def mutations():
    for table, own in list(rules.RULES.items()):
        for group in ("computed", "on_reading", "copied", "states", "checks"):
            elements = getattr(own, group)
            for each in elements:
                left = {group: tuple(e for e in elements if e is not each)}
                name = f"{table.name}: {group} {getattr(each, 'says', None) or each.field}"
                yield name, table, dataclasses.replace(own, **left)
        for field in own.fixed:
            left = {f: words for f, words in own.fixed.items() if f != field}
            yield f"{table.name}: fixed {field}", table, dataclasses.replace(own, fixed=left)

def passes(name):
    for function in vars(enforcement).values():
        if hasattr(function, "cache_clear"):
            function.cache_clear()
    with contextlib.redirect_stdout(io.StringIO()):
        options = ["-x", "-q", "--assert=plain", "-p", "no:cacheprovider"]
        return pytest.main([*options, "tests/rules"]) == 0

found = {"as it is": passes("as it is")}
for name, table, mutated in mutations():
    kept = rules.RULES[table]
    rules.RULES[table] = mutated
    found[name] = passes(name)
    rules.RULES[table] = kept
steps = enforcement.STEPS
for aggregate in [each for step in steps for each in step]:
    enforcement.STEPS = tuple(tuple(e for e in step if e is not aggregate) for step in steps)
    found[f"{aggregate.table.name}: aggregate {aggregate.name}"] = passes(aggregate.name)
enforcement.STEPS = steps
print(json.dumps(found))
"""
"""Runs the tests of rules with one rule taken away after the other; rule -> whether they pass."""


@pytest.mark.parametrize("changes", [SHOP, BOOKINGS, NEEDY], ids=["shop", "bookings", "needy"])
def test_the_whole_suite_of_a_system_with_rules_passes(
    changes: Sequence[Change], tmp_path: Path
) -> None:
    write_system(tmp_path, changes)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:]


@pytest.mark.parametrize(
    ("changes", "rules"), [(SHOP, 6), (BOOKINGS, 20), (NEEDY, 2)], ids=["shop", "bookings", "needy"]
)
def test_no_rule_can_be_taken_away_unnoticed(
    changes: Sequence[Change], rules: int, tmp_path: Path
) -> None:
    write_system(tmp_path, changes)
    done = subprocess.run(
        [sys.executable, "-c", MUTATE],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    passed = json.loads(done.stdout.splitlines()[-1])
    assert passed.pop("as it is")
    assert len(passed) >= rules
    assert [rule for rule, still in passed.items() if still] == []
