"""What the domain packs offer makes a working system, in each language."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from baes.core.bae_registry import BaeRegistry
from baes.domain_entities.domain_pack import packaged_packs
from baes.spec.apply import apply
from baes.spec.changes import AddEntity
from baes.spec.interpretation import Interpretation
from baes.spec.model import Entity, SystemSpec
from baes.spec.names import EntityName
from baes.swea_agents.samples import samples
from tests.integration.managed_system import serving, write_system


def _offered(language: str) -> tuple[Entity, ...]:
    """Every entity that a pack knows, with the attributes that it offers."""
    words = [e.words[language][0] for pack in packaged_packs() for e in pack.entities]
    names = [EntityName.from_text(word) for word in words]
    bare = tuple(Entity(name.name, label=name.label) for name in names)
    asked = Interpretation("create", entities=bare, language=language)
    return BaeRegistry().refine(asked, SystemSpec(language=language)).entities


@pytest.mark.parametrize("language", ["en", "pt"])
def test_every_packaged_entity_makes_a_system_that_works(language: str, tmp_path: Path) -> None:
    changes = [AddEntity(entity) for entity in _offered(language)]
    empty = SystemSpec(language=language)
    spec = apply(empty, changes)
    write_system(tmp_path, changes, empty)
    with serving(tmp_path) as api:
        faults = [f"{e.name}: {fault}" for e in spec for fault in _faults(api, e)]
    assert faults == []


def _faults(api: httpx.Client, entity: Entity) -> Iterator[str]:
    path = f"/api/{entity.plural}"
    given = {a.name: samples(a)[0] for a in entity.attributes if a.required and a.default is None}
    made = api.post(path, json=given)
    if made.status_code != httpx.codes.CREATED:
        yield f"create: {made.text[:200]}"
        return
    stored, at = made.json(), made.headers["Location"]
    if stored.keys() != {"id", *(a.name for a in entity.attributes)}:
        yield f"stored: {stored}"
    if any(stored[a.name] is None for a in entity.attributes if a.default is not None):
        yield f"without its defaults: {stored}"
    every = {a.name: samples(a)[-1] for a in entity.attributes}
    changed = api.put(at, json=every)
    if changed.status_code != httpx.codes.OK or not every.items() <= changed.json().items():
        yield f"replace: {changed.text[:200]}"
    if [each["id"] for each in api.get(path).json()] != [stored["id"]]:
        yield "list"
    if api.delete(at).status_code != httpx.codes.NO_CONTENT:
        yield "delete"
