"""From text to interpretation: the recognition cascade.

The local interpreter reads the grammar, the domain agents complete and check what it read. A rung
is certain only when the whole text is explained and nobody has a question.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from baes import language
from baes.core.bae_registry import BaeRegistry
from baes.core.cascade import Cascade, Outcome, Rung
from baes.errors import InvalidSpec
from baes.spec.apply import apply
from baes.spec.interpretation import Interpretation
from baes.spec.model import SystemSpec

__all__ = ["EntityRecognizer"]


@dataclasses.dataclass(frozen=True, slots=True)
class _Request:
    text: str
    spec: SystemSpec


class EntityRecognizer:
    """Answers what a request means.

    Args:
        registry: The domain agents: vocabulary, defaults, coherence.
    """

    def __init__(self, registry: BaeRegistry) -> None:
        self._registry = registry
        self._knowledge = registry.knowledge()
        self._cascade = Cascade("what does it mean", (Rung("local", self._read_locally),))

    @classmethod
    def of_project(cls, project: Path) -> EntityRecognizer:
        """The recogniser with the packaged domain packs and those of the project's ``domain/``."""
        today = datetime.datetime.now(datetime.UTC).date()
        return cls(BaeRegistry.with_packs(project / "domain", today))

    @property
    def counts(self) -> Counter[str]:
        """Rung -> how many requests it answered; ``nobody``: how many stayed open."""
        return self._cascade.counts

    def recognize(self, text: str, spec: SystemSpec) -> Interpretation:
        """What a request means for a system; unclear ones carry a question."""
        outcome = self._cascade.ask(_Request(text, spec))
        assert outcome.value is not None, "the local interpreter always says something"  # noqa: S101
        return outcome.value

    def recognize_after(self, context: Iterable[str], text: str) -> Interpretation:
        """What a request means after earlier ones, which are applied in memory only.

        Earlier requests that are not clear change nothing.
        """
        spec = SystemSpec()
        for earlier in context:
            interpretation = self.recognize(earlier, spec)
            if interpretation.is_certain:
                spec = self._applied(spec, interpretation)
        return self.recognize(text, spec)

    def explain(self, text: str, spec: SystemSpec) -> str:
        """What each stage of reading gave, and what each part of the text was taken for."""
        return language.explain(text, spec, self._knowledge).render()

    def _read_locally(self, request: _Request) -> Outcome[Interpretation]:
        read = language.interpret(request.text, request.spec, self._knowledge)
        refined = self._registry.refine(read, request.spec)
        if refined.is_certain:
            return Outcome(refined)
        reasons = (*refined.unexplained, refined.question.text if refined.question else "unclear")
        return Outcome(refined, reasons)

    @staticmethod
    def _applied(spec: SystemSpec, interpretation: Interpretation) -> SystemSpec:
        try:
            return apply(spec, interpretation.all_changes())
        except InvalidSpec:
            return spec
