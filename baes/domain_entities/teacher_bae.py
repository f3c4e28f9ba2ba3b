"""The agent of teachers; what it knows is in ``packs/academic.toml``."""

from __future__ import annotations

from typing import ClassVar

from baes.domain_entities.base_bae import BaseBae

__all__ = ["TeacherBae"]


class TeacherBae(BaseBae):
    """Keeps what a teacher is."""

    canonical_name: ClassVar[str] = "Teacher"
