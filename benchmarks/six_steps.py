"""The six requests of the published benchmark in one project, each verified over HTTP."""

from __future__ import annotations

from baes.bench.variants import ALL_ON, measured
from baes.utils.published_baselines import published_baselines

__all__ = ["report"]

GOAL_S = 12.0


def report() -> str:
    """The six steps in one project, served: seconds, tokens and proof of each."""
    found = measured(ALL_ON)
    lines = ["\nsix steps (request, swap and verification over HTTP)"]
    for number, step in enumerate(found.steps, 1):
        facts = f"{step.seconds:>7.2f} s {step.tokens:>9} tokens  verified"
        lines.append(f"  {number} {step.name:<28} {facts}")
    if found.stopped:
        lines.append(f"  stopped: {found.stopped}")
    met = not found.stopped and found.seconds < GOAL_S and found.tokens == 0
    together = f"{found.seconds:>7.2f} s {found.tokens:>9} tokens"
    lines.append(f"  together {'':<21} {together}  < {GOAL_S:g} s: {'yes' if met else 'NO'}")
    for other in published_baselines():
        facts = f"{other.calls} calls, {other.usd} USD, published"
        lines.append(f"  {other.name:<30} {other.seconds:>7} s {other.tokens:>9,} tokens  {facts}")
    return "\n".join(lines)
