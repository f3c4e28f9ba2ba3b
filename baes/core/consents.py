"""What a user can agree to, and how an answer is taken."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass, replace

from baes.datafiles import load_toml
from baes.errors import ConsentName

__all__ = ["Consents", "agreement"]


@dataclass(frozen=True, slots=True)
class Consents:
    """What the user agreed to."""

    data_loss: bool = False
    overwrite_edits: bool = False
    without_custom: bool = False

    def and_also(self, name: ConsentName) -> Consents:
        """These and one more."""
        given: dict[str, bool] = {name: True}
        return replace(self, **given)

    def joined(self, other: Consents) -> Consents:
        """All that either holds."""
        return Consents(
            self.data_loss or other.data_loss,
            self.overwrite_edits or other.overwrite_edits,
            self.without_custom or other.without_custom,
        )


def agreement(answer: str, alternatives: Iterable[str] = ()) -> bool | None:
    """Whether an answer says yes or no; ``None`` when it says neither.

    >>> agreement("Yes."), agreement("não"), agreement("perhaps"), agreement("--yes", ["--yes"])
    (True, False, None, True)
    """
    said = answer.strip().rstrip(".!").casefold()
    words = _words()
    if said in words["yes"] or said in alternatives:
        return True
    return False if said in words["no"] else None


@functools.cache
def _words() -> dict[str, frozenset[str]]:
    return {key: frozenset(words) for key, words in load_toml("core/answers.toml").items()}
