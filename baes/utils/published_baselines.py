"""What other frameworks spent on the published six-step benchmark."""

from __future__ import annotations

import functools
from dataclasses import dataclass

from baes.datafiles import load_toml

__all__ = ["Baseline", "published_baselines", "published_requests"]

_FILE = "utils/data/published_baselines.toml"


@dataclass(frozen=True, slots=True)
class Baseline:
    """Medians of one framework for all six requests together."""

    name: str
    tokens: int
    calls: int
    seconds: int
    usd: float

    @property
    def tokens_a_request(self) -> float:
        """Tokens of one request, on average."""
        return self.tokens / published_requests()


@functools.cache
def published_baselines() -> tuple[Baseline, ...]:
    """The frameworks, the cheapest first."""
    return tuple(Baseline(**framework) for framework in load_toml(_FILE)["framework"])


def published_requests() -> int:
    """How many requests the benchmark has."""
    return int(load_toml(_FILE)["requests"])
