"""What one request of a user may spend on the model, in tokens and in money.

A question is only put when what it may cost at most is still there, so the limit is never crossed
by more than a server's own miscount. A price that isn't known is not 0: with a limit of money and
no price nothing is asked.
"""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass

from baes.datafiles import load_toml
from baes.errors import ModelFailed
from baes.llm.settings import ModelSettings

__all__ = ["Budget", "Price", "Usage", "estimated_tokens", "price_of"]

MILLION = 1_000_000
CHARACTERS_A_TOKEN = 3
"""Fewer than most texts have, so that an estimate is rather too high."""
_DATED = re.compile(r"-\d")


@dataclass(frozen=True, slots=True)
class Usage:
    """What one call used."""

    prompt_tokens: int
    answer_tokens: int
    is_estimated: bool = False
    """The server did not say."""

    @property
    def total_tokens(self) -> int:
        """In and out."""
        return self.prompt_tokens + self.answer_tokens

    def plus(self, other: Usage) -> Usage:
        """Both together."""
        return Usage(
            self.prompt_tokens + other.prompt_tokens, self.answer_tokens + other.answer_tokens
        )


@dataclass(frozen=True, slots=True)
class Price:
    """Of a million tokens, in US dollars."""

    in_usd: float
    out_usd: float

    def of(self, usage: Usage) -> float:
        """What a call costs."""
        total = usage.prompt_tokens * self.in_usd + usage.answer_tokens * self.out_usd
        return total / MILLION


def price_of(settings: ModelSettings) -> Price | None:
    """What the model costs; ``None`` where nobody says."""
    if settings.price_in_usd is not None and settings.price_out_usd is not None:
        return Price(settings.price_in_usd, settings.price_out_usd)
    name = settings.model.rpartition("/")[2]  # OpenRouter says "openai/gpt-4o-mini"
    for known, price in load_toml("llm/data/prices.toml")["prices"].items():
        if name == known or (name.startswith(known) and _DATED.match(name[len(known) :])):
            return Price(price["in"], price["out"])
    return None


def estimated_tokens(text: str) -> int:
    """About how many tokens a text is, rather too many."""
    return len(text.encode()) // CHARACTERS_A_TOKEN + 1


class Budget:
    """The limits of one request, and what is left of them."""

    def __init__(self, settings: ModelSettings) -> None:
        self._settings = settings
        self._price = price_of(settings)
        self.tokens = 0
        """Spent so far."""
        self.cost_usd = 0.0 if self._price else None
        """Spent so far; ``None``: the price isn't known."""
        self._held = Usage(0, 0)
        """What questions that wait for their answers may still use."""
        self._lock = threading.Lock()
        """Questions are put from several threads."""

    def reserve(self, usage: Usage) -> None:
        """Hold what a question may use, or refuse it where that is more than is left.

        Args:
            usage: The most that it may use.

        Raises:
            ModelFailed: It is not affordable, or nobody knows whether it is.
        """
        with self._lock:
            self._reserve(usage)

    def _reserve(self, usage: Usage) -> None:
        held = self._held.plus(usage)
        wanted, limit = self.tokens + held.total_tokens, self._settings.max_tokens
        if wanted > limit:
            raise ModelFailed.of("llm.error.tokens", wanted=wanted, limit=limit, spent=self.tokens)
        money = self._settings.max_cost_usd
        if money is not None:
            if self._price is None or self.cost_usd is None:
                raise ModelFailed.of("llm.error.no_price", model=self._settings.model)
            if self.cost_usd + self._price.of(held) > money:
                raise ModelFailed.of("llm.error.money", limit=money, spent=round(self.cost_usd, 6))
        self._held = held

    def spend(self, usage: Usage, held: Usage) -> float | None:
        """Note what a call used, for which something was held; gives what it cost, if known."""
        with self._lock:
            self._held = self._held.plus(Usage(-held.prompt_tokens, -held.answer_tokens))
            self.tokens += usage.total_tokens
            if self._price is None or self.cost_usd is None:
                return None
            cost = self._price.of(usage)
            self.cost_usd += cost
            return cost
