"""A request with three fragments that no template expresses, one on each of three entities."""

from __future__ import annotations

__all__ = ["CUSTOM_REQUEST", "FRAGMENTS"]

FRAGMENTS = (
    "Send every new student to the library webhook",
    "Send every new course to the catalogue webhook",
    "Send every new teacher to the payroll webhook",
)
CUSTOM_REQUEST = (
    "Create a system with students (name, email), courses (title, capacity integer) and teachers "
    f"(name, email). {'. '.join(FRAGMENTS)}."
)
