"""The agent of students; what it knows is in ``packs/academic.toml``."""

from __future__ import annotations

from typing import ClassVar

from baes.domain_entities.base_bae import BaseBae

__all__ = ["StudentBae"]


class StudentBae(BaseBae):
    """Keeps what a student is."""

    canonical_name: ClassVar[str] = "Student"
