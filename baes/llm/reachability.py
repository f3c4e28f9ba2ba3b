"""Whether the model can be reached, without asking it anything that costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from baes.llm.settings import ModelSettings

__all__ = ["Reachability", "reachability"]

TIMEOUT_S = 5.0
NOT_FOUND = 404
REFUSED_KEY = (401, 403)

State = Literal["reachable", "unknown_model", "key", "refused", "unreachable"]


@dataclass(frozen=True, slots=True)
class Reachability:
    """What was found."""

    state: State
    cause: str = ""


def reachability(settings: ModelSettings) -> Reachability:
    """Ask the server which models it has; one that doesn't tell is reachable all the same."""
    import openai

    client = openai.OpenAI(
        api_key=settings.api_key or "none",
        base_url=settings.base_url,
        max_retries=0,
        timeout=min(TIMEOUT_S, settings.timeout_s),
    )
    with client:
        try:
            models = {model.id for model in client.models.list().data or ()}
        except openai.APIStatusError as error:
            if error.status_code == NOT_FOUND:
                return Reachability("reachable")
            state: State = "key" if error.status_code in REFUSED_KEY else "refused"
            return Reachability(state, f"{error.status_code}: {error.message}"[:200])
        except openai.APIError as error:
            return Reachability("unreachable", str(error.__cause__ or error)[:200])
        except (AttributeError, TypeError, ValueError):  # it answers something else than a list
            return Reachability("reachable")
    if models and settings.model not in models:
        return Reachability("unknown_model", ", ".join(sorted(models)[:5]))
    return Reachability("reachable")
