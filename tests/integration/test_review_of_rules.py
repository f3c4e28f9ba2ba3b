"""What is made of a system with rules passes the review that each request's files go through."""

from __future__ import annotations

import pytest

from baes.core.code_generation import CodeGenerator
from baes.core.switches import Switches
from baes.spec.apply import apply
from baes.spec.changes import AddRule, Change
from baes.spec.model import SystemSpec
from baes.spec.pipeline import GenerationContext
from tests.integration.ruled_systems import BOOKINGS, SHOP


@pytest.mark.parametrize("changes", [SHOP, BOOKINGS], ids=["shop", "bookings"])
def test_every_file_of_a_system_with_rules_is_approved(changes: tuple[Change, ...]) -> None:
    plain = tuple(change for change in changes if not isinstance(change, AddRule))
    rules = tuple(change for change in changes if isinstance(change, AddRule))
    empty = SystemSpec()
    first = apply(empty, plain)
    for context in (
        GenerationContext(empty, changes, apply(empty, changes)),
        GenerationContext(first, rules, apply(first, rules)),
    ):
        generated = CodeGenerator(Switches()).generate(context)
        assert {verdict.outcome for verdict in generated.verdicts} == {"confident_approval"}
