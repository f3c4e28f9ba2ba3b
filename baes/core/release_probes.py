"""What a release is asked at the gate."""

from __future__ import annotations

from dataclasses import dataclass

from baes.spec.impact import affected_entities
from baes.spec.model import SystemSpec

__all__ = ["Probe", "plan_probes"]


@dataclass(frozen=True, slots=True)
class Probe:
    """One request, and what it may answer."""

    method: str
    path: str
    expected: tuple[int, ...]
    body: str = ""


def plan_probes(old: SystemSpec, new: SystemSpec) -> tuple[Probe, ...]:
    """What a release is asked at the gate.

    An empty body may be accepted where nothing is required, and must never be a server's error.
    """
    probes = [Probe("GET", "/health", (200,)), Probe("GET", "/", (200,))]
    for name in affected_entities(old, new):
        collection = f"/api/{new.entity(name).plural}"
        probes.append(Probe("GET", collection, (200,)))
        probes.append(Probe("POST", collection, (201, 409, 422), "{}"))
    return tuple(probes)
