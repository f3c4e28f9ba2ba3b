"""The agent of every entity that no domain pack knows."""

from __future__ import annotations

from baes.domain_entities.base_bae import BaseBae
from baes.spec.knowledge import EntityKnowledge

__all__ = ["GenericBae"]


class GenericBae(BaseBae):
    """Knows no words of its own, and offers a name.

    Args:
        name: The entity's name.
    """

    def __init__(self, name: str) -> None:
        super().__init__(EntityKnowledge(name, {}))
