"""The six optimisations' switches, read from the environment once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from baes.errors import WrongUsage

__all__ = ["Switches"]

_ON = {"1", "true", "yes", "on"}
_OFF = {"0", "false", "no", "off"}


@dataclass(frozen=True, slots=True)
class Switches:
    """Which optimisations are on; each is ``BAES_ENABLE_`` and its name in capitals."""

    templates: bool = True
    rule_validation: bool = True
    recognition_cache: bool = True
    compressed_standards: bool = True
    parallel_execution: bool = True
    smart_retry: bool = True

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Switches:
        """The switches as set, on where nothing is said.

        Raises:
            WrongUsage: A value is neither yes nor no.
        """
        return cls(**{field.name: _read(field.name, environment) for field in fields(cls)})


def _read(name: str, environment: Mapping[str, str]) -> bool:
    variable = f"BAES_ENABLE_{name.upper()}"
    value = environment.get(variable, "1").strip().lower()
    if value not in _ON | _OFF:
        raise WrongUsage.of("core.error.switch", variable=variable, value=value)
    return value in _ON
