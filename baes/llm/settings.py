"""Which model is asked, where, and what it may cost; read from the environment."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from baes.errors import WrongUsage

__all__ = ["DEFAULT_BASE_URL", "ModelSettings"]

DEFAULT_BASE_URL = "https://api.openai.com/v1"
DEFAULT_MODEL = "gpt-4o-mini"
DEFAULT_TOKENS = 20_000
DEFAULT_TIMEOUT_S = 60.0


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """How the model is reached, and the limits of one request of a user."""

    model: str = DEFAULT_MODEL
    base_url: str = DEFAULT_BASE_URL
    api_key: str = ""
    timeout_s: float = DEFAULT_TIMEOUT_S
    """Of one question to the model, with everything: retries, waiting, reading the answer."""
    max_tokens: int = DEFAULT_TOKENS
    """Tokens that one request may use, in and out, over all its questions."""
    max_cost_usd: float | None = None
    """Money that one request may use; ``None``: only tokens are limited."""
    price_in_usd: float | None = None
    """Of a million tokens in; ``None``: as the price list says."""
    price_out_usd: float | None = None

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> ModelSettings | None:
        """The settings; ``None`` where neither a key nor an address is given: no model is there.

        Raises:
            WrongUsage: A variable holds no number, or none that makes sense.
        """
        key = environment.get("OPENAI_API_KEY", "").strip()
        base_url = environment.get("OPENAI_BASE_URL", "").strip().rstrip("/")
        if not key and not base_url:
            return None
        timeout_s = _number("BAES_MODEL_TIMEOUT", environment)
        max_tokens = _number("BAES_MAX_TOKENS_PER_REQUEST", environment)
        return cls(
            model=environment.get("OPENAI_MODEL", "").strip() or DEFAULT_MODEL,
            base_url=base_url or DEFAULT_BASE_URL,
            api_key=key,
            timeout_s=timeout_s or DEFAULT_TIMEOUT_S,
            max_tokens=DEFAULT_TOKENS if max_tokens is None else int(max_tokens),
            max_cost_usd=_number("BAES_MAX_COST_PER_REQUEST", environment),
            price_in_usd=_number("BAES_PRICE_PER_MILLION_IN", environment),
            price_out_usd=_number("BAES_PRICE_PER_MILLION_OUT", environment),
        )


def _number(variable: str, environment: Mapping[str, str]) -> float | None:
    value = environment.get(variable, "").strip()
    if not value:
        return None
    try:
        number = float(value)
    except ValueError:
        number = math.nan
    if not math.isfinite(number) or number < 0:
        raise WrongUsage.of("llm.error.number", variable=variable, value=value)
    return number
