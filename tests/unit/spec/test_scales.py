"""The scale of a decimal is settled once: what is stored under it is never read under another."""

from __future__ import annotations

import hashlib
import json

import pytest

from baes.datafiles import PACKAGE
from baes.spec.apply import apply
from baes.spec.changes import (
    AddAttribute,
    AddEntity,
    Change,
    ChangeAttribute,
    RemoveAttribute,
    RenameAttribute,
)
from baes.spec.codec import spec_from_json, spec_to_json
from baes.spec.inverse import inverse
from baes.spec.model import Attribute, Entity, SystemSpec
from baes.spec.scales import scale_of

PARCEL = Entity(
    "Parcel",
    (
        Attribute("amount", "decimal"),
        Attribute("weight", "decimal"),
        Attribute("volume", "decimal", scale=3),
        Attribute("duty", "decimal", unit="EUR"),
        Attribute("fee", "integer"),
    ),
)


@pytest.fixture
def system() -> SystemSpec:
    return apply(SystemSpec(), [AddEntity(PARCEL)])


def scales(spec: SystemSpec) -> dict[str, int | None]:
    return {a.name: scale_of(a) for a in spec.entity("Parcel").attributes}


def changed(name: str, **to: object) -> Change:
    return ChangeAttribute("Parcel", name, tuple(to.items()))


def test_a_scale_is_settled_by_the_name_or_the_unit_where_none_is_said(system: SystemSpec) -> None:
    assert scales(system) == {"amount": 2, "weight": 6, "volume": 3, "duty": 2, "fee": None}


@pytest.mark.parametrize(
    ("change", "name", "scale"),
    [
        (RenameAttribute("Parcel", "amount", "mass"), "mass", 2),
        (RenameAttribute("Parcel", "weight", "price"), "price", 6),
        (changed("weight", unit="EUR"), "weight", 6),
        (changed("duty", unit=None), "duty", 2),
        (changed("weight", scale=1), "weight", 1),
        (changed("volume", scale=None), "volume", 6),
        (changed("fee", type="decimal"), "fee", 2),
        (changed("amount", type="integer"), "amount", None),
        (AddAttribute("Parcel", Attribute("tare", "decimal")), "tare", 6),
    ],
)
def test_only_a_new_scale_or_type_changes_it_and_the_inverse_brings_it_back(
    system: SystemSpec, change: Change, name: str, scale: int | None
) -> None:
    after = apply(system, [change])
    assert scales(after)[name] == scale
    assert scales(apply(after, inverse(system, [change]))) == scales(system)


def test_what_is_renamed_and_becomes_an_integer_comes_back_with_its_scale(
    system: SystemSpec,
) -> None:
    changes = [RenameAttribute("Parcel", "amount", "mass"), changed("mass", type="integer")]
    assert scales(apply(apply(system, changes), inverse(system, changes))) == scales(system)
    gone: list[Change] = [changes[0], RemoveAttribute("Parcel", "mass")]
    assert scales(apply(apply(system, gone), inverse(system, gone))) == scales(system)


def test_a_kept_scale_is_read_as_it_was_written_whatever_the_table_says_now() -> None:
    kept = Attribute("amount", "decimal", default_scale=6)
    system = apply(SystemSpec(), [AddEntity(Entity("Parcel", (kept,)))])
    again = spec_from_json(json.loads(json.dumps(spec_to_json(system))))
    assert scales(again) == {"amount": 6}


def test_a_specification_of_format_1_is_read_as_the_versions_read_it_that_wrote_it(
    system: SystemSpec,
) -> None:
    renamed = apply(
        system,
        [
            RenameAttribute("Parcel", "amount", "mass"),
            RenameAttribute("Parcel", "weight", "price"),
            changed("fee", type="decimal"),
        ],
    )
    stored = {**spec_to_json(renamed), "format": 1}
    for attribute in stored["entities"][0]["attributes"]:
        attribute.pop("default_scale", None)
    read = scales(spec_from_json(stored))
    assert read == {"mass": 2, "price": 6, "volume": 3, "duty": 2, "fee": 2}


def test_the_table_of_format_1_never_changes() -> None:
    table = (PACKAGE / "spec" / "data" / "scales_format_1.toml").read_bytes()
    assert (
        hashlib.sha256(table).hexdigest()
        == "b458cb95066f687030371db761aafc2873f403416c728f3ba9de75b3ee4a3a0e"
    )
