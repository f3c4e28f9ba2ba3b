"""The agent of courses; what it knows is in ``packs/academic.toml``."""

from __future__ import annotations

from typing import ClassVar

from baes.domain_entities.base_bae import BaseBae

__all__ = ["CourseBae"]


class CourseBae(BaseBae):
    """Keeps what a course is."""

    canonical_name: ClassVar[str] = "Course"
