"""The agent of every entity that no domain pack knows."""

from __future__ import annotations

import functools

from baes.datafiles import load_toml
from baes.domain_entities.base_bae import FALLBACK_LANGUAGE, BaseBae
from baes.spec.knowledge import EntityKnowledge
from baes.spec.model import Attribute
from baes.spec.names import AttributeName

__all__ = ["GenericBae"]


class GenericBae(BaseBae):
    """Knows no words of its own, and offers a name.

    Args:
        name: The entity's name.
    """

    def __init__(self, name: str) -> None:
        super().__init__(EntityKnowledge(name, {}))

    def default_attributes(self, language: str) -> tuple[Attribute, ...]:
        """A pack that offers nothing for a language, or none at all, leaves the name."""
        return (_name(language),)


@functools.cache
def _name(language: str) -> Attribute:
    words = load_toml("domain_entities/packs/general.toml")["sense"]["name"]
    name = AttributeName.from_text(words.get(language, words[FALLBACK_LANGUAGE])[0])
    return Attribute(name.name, "string", label=name.label)
