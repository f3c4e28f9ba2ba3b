"""From text to interpretation: the recognition cascade.

What was understood before is remembered; the local interpreter reads the grammar, and the domain
agents complete and check what it read. A rung is certain only when the whole text is explained and
nobody has a question. The grammar and the agents are built when a text is new, not before.
"""

from __future__ import annotations

import dataclasses
import datetime
import functools
import logging
from collections import Counter
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from baes.core.cascade import Cascade, Outcome, Rung
from baes.core.project_paths import ProjectPaths
from baes.errors import InvalidSpec, ModelFailed
from baes.spec.apply import apply
from baes.spec.interpretation import Interpretation
from baes.spec.model import SystemSpec
from baes.texts import Speakable

if TYPE_CHECKING:
    from baes.core.bae_registry import BaeRegistry
    from baes.core.recognition_cache import RecognitionCache
    from baes.core.recognition_key import KeyContext
    from baes.llm.model import LanguageModel

__all__ = ["EntityRecognizer"]

logger = logging.getLogger(__name__)


@dataclasses.dataclass(frozen=True, slots=True)
class _Request:
    text: str
    spec: SystemSpec


class EntityRecognizer:
    """Answers what a request means.

    Args:
        registry: Builds the domain agents (vocabulary, defaults, coherence) when a text is new.
        cache: What was understood before; ``None``: nothing is remembered.
        knowledge: Digest of all that readings depend on; a part of each key of the cache.
        model: Reads what nobody else understands; ``None``: the user is asked.
    """

    def __init__(
        self,
        registry: Callable[[], BaeRegistry],
        cache: RecognitionCache | None = None,
        knowledge: str = "",
        model: LanguageModel | None = None,
    ) -> None:
        self._registry = functools.cache(registry)
        self._cache = cache
        self._knowledge = knowledge
        self._hashed: tuple[SystemSpec, str] | None = None
        self._model = model
        self._local: Interpretation | None = None
        self._notices: tuple[Speakable, ...] = ()
        remembers = cache is not None
        self._cascade: Cascade[_Request, Interpretation] = Cascade(
            "what does it mean",
            (
                Rung("memory_cache", self._from_memory, remembers),
                Rung("persistent_cache", self._from_disk, remembers),
                Rung("local", self._read_locally),
                Rung("llm", self._read_by_model, model is not None),
            ),
        )

    @classmethod
    def of_project(
        cls, project: Path, *, cached: bool, model: LanguageModel | None = None
    ) -> EntityRecognizer:
        """The recogniser with the packaged domain packs and those of the project's ``domain/``.

        Args:
            project: Folder of the project.
            cached: Whether what was understood is remembered, in memory and in the project.
            model: Reads what nobody else understands.
        """
        packs = project / "domain"
        if not cached:
            return cls(partial(_registry, packs), model=model)
        from baes.core.knowledge_digest import knowledge_digest
        from baes.core.recognition_cache import RecognitionCache

        cache = RecognitionCache(ProjectPaths(project).recognition_cache)
        return cls(partial(_registry, packs), cache, knowledge_digest(packs), model)

    @classmethod
    def in_memory(cls, *, remembers: bool) -> EntityRecognizer:
        """The recogniser without a project; what it remembers ends with the process."""
        from baes.core.recognition_cache import RecognitionCache

        return cls(
            partial(_registry, Path("domain")), RecognitionCache(None) if remembers else None
        )

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
                self.remember(earlier, spec, interpretation)
                spec = self._applied(spec, interpretation)
        interpretation = self.recognize(text, spec)
        self.remember(text, spec, interpretation)
        return interpretation

    def remember(self, text: str, spec: SystemSpec, interpretation: Interpretation) -> None:
        """Keep a reading that proved right; one that failed later must not be given here.

        Args:
            text: The request.
            spec: The system that it was about, before it was carried out.
            interpretation: What was understood.
        """
        if self._cache is not None:
            self._cache.keep(text, interpretation, self._context(spec))

    def forget(self, entities: Iterable[str]) -> None:
        """Drop what was remembered of entities that have evolved."""
        if self._cache is not None:
            self._cache.forget(entities)

    def close(self) -> tuple[Speakable, ...]:
        """Write what is pending; gives what the user should know of the cache and the model."""
        told, self._notices = self._notices, ()
        if self._cache is None:
            return told
        self._cache.close()
        return told + self._cache.notices()

    def explain(self, text: str, spec: SystemSpec) -> str:
        """What each stage of reading gave, and what each part of the text was taken for."""
        from baes import language

        return language.explain(text, spec, self._registry().knowledge()).render()

    def _from_memory(self, request: _Request) -> Outcome[Interpretation]:
        assert self._cache is not None  # noqa: S101  the rung is switched off without a cache
        found = self._cache.find_in_memory(request.text, self._context(request.spec))
        return Outcome(found) if found else Outcome(None, ("it is not in memory",))

    def _from_disk(self, request: _Request) -> Outcome[Interpretation]:
        assert self._cache is not None  # noqa: S101  the rung is switched off without a cache
        found = self._cache.find_on_disk(request.text, request.spec, self._context(request.spec))
        if found:
            return Outcome(found)
        self._cache.count_miss()
        return Outcome(None, ("it is not on the disk",))

    def _read_locally(self, request: _Request) -> Outcome[Interpretation]:
        from baes import language

        registry = self._registry()
        read = language.interpret(request.text, request.spec, registry.knowledge())
        self._local = refined = registry.refine(read, request.spec)
        if refined.is_certain:
            return Outcome(refined)
        reasons = (*refined.unexplained, refined.question.text if refined.question else "unclear")
        return Outcome(refined, reasons)

    def _read_by_model(self, request: _Request) -> Outcome[Interpretation]:
        from baes.core.model_reading import NotBelieved, may_be_read, read_by_model

        assert self._model is not None  # noqa: S101  the rung is switched off without a model
        if self._local is None or not may_be_read(self._local):
            return Outcome(None, ("there is nothing that a model could add",))
        try:
            read = read_by_model(self._model, request.text, request.spec, self._local)
        except (NotBelieved, ModelFailed) as error:
            logger.info("the model's reading is not used: %s", error)
            if isinstance(error, ModelFailed):
                self._notices += (error,)
            return Outcome(None, (str(error),))
        refined = self._registry().refine(read, request.spec)
        if refined.is_certain:
            return Outcome(refined)
        return Outcome(None, ("what the model says contradicts the system",))

    def _context(self, spec: SystemSpec) -> KeyContext:
        from baes.core.recognition_key import KeyContext, spec_hash

        if self._hashed is None or self._hashed[0] is not spec:
            self._hashed = (spec, spec_hash(spec))
        return KeyContext(self._hashed[1], self._knowledge, spec.language)

    @staticmethod
    def _applied(spec: SystemSpec, interpretation: Interpretation) -> SystemSpec:
        try:
            return apply(spec, interpretation.all_changes())
        except InvalidSpec:
            return spec


def _registry(packs: Path) -> BaeRegistry:
    from baes.core.bae_registry import BaeRegistry

    return BaeRegistry.with_packs(packs, datetime.datetime.now(datetime.UTC).date())
