"""What a request cost: one frozen record each, failed requests too, kept as JSON lines.

The recorder gathers while the request runs and is the only mutable thing here; the record is what
remains. Each record is one line, appended by one write to a file opened for appending, so that
several processes can share a day's file without a lock.
"""

from __future__ import annotations

import datetime
import json
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from baes.spec.interpretation import Source
from baes.spec.pipeline import Outcome, ReviewMethod, Verdict

__all__ = ["MetricsLog", "MetricsRecorder", "RequestMetrics", "StageMetrics"]

LOG_FOLDER = Path("logs") / "optimization_metrics"
"""Where the lines lie, relative to the project."""

SUCCEEDED = "success"

_CACHE_TIERS: Mapping[Source, str] = {"memory_cache": "memory", "persistent_cache": "persistent"}


@dataclass(frozen=True, slots=True)
class StageMetrics:
    """One stage of a request; a stage that ran several times is summed up."""

    name: str
    seconds: float = 0.0
    tokens: int = 0
    llm_calls: int = 0


@dataclass(frozen=True, slots=True)
class RequestMetrics:
    """What one request cost, and how each of its questions was answered."""

    request_id: str
    started_at: str
    """ISO 8601 in UTC."""
    outcome: str
    """``success``, or the code of the error."""
    action: str | None
    """Of the interpretation; ``None`` where the request failed before there was one."""
    total_time: float
    """Seconds."""
    total_tokens: int
    llm_calls: int
    stages: tuple[StageMetrics, ...]
    cascade: Mapping[str, Mapping[str, int]]
    """Question -> expert -> how many answers."""
    cache_hit: str | None
    """The tier that answered: ``memory`` or ``persistent``."""
    templates: Mapping[str, int]
    """Template -> artifacts made by it."""
    template_usage: float
    """Share of the artifacts that a template made; 1.0 where none was asked for."""
    reviews: Mapping[Outcome, int]
    review_methods: Mapping[ReviewMethod, int]

    @property
    def success(self) -> bool:
        """Whether the request was carried out."""
        return self.outcome == SUCCEEDED

    def to_json(self) -> dict[str, object]:
        """The record as JSON values."""
        return {"success": self.success, **asdict(self)}


@dataclass(slots=True)
class _Stage:
    seconds: float = 0.0
    tokens: int = 0
    llm_calls: int = 0


@dataclass(slots=True)
class MetricsRecorder:
    """Gathers the figures of one request.

    >>> ticks = iter([0.0, 1.0, 1.5, 2.0])
    >>> start = datetime.datetime(2026, 1, 31, tzinfo=datetime.UTC)
    >>> recorder = MetricsRecorder("r1", start, clock=lambda: next(ticks))
    >>> with recorder.stage("recognize"):
    ...     pass
    >>> record = recorder.finished(action="create")
    >>> record.stages[0].seconds, record.total_time, record.outcome
    (0.5, 2.0, 'success')
    """

    request_id: str
    started_at: datetime.datetime
    """With its offset."""
    clock: Callable[[], float] = time.perf_counter
    """Seconds from any fixed moment."""
    _stages: dict[str, _Stage] = field(default_factory=dict, init=False)
    _cascade: dict[str, Counter[str]] = field(default_factory=dict, init=False)
    _templates: Counter[str] = field(default_factory=Counter, init=False)
    _artifacts: int = field(default=0, init=False)
    _outcomes: Counter[Outcome] = field(default_factory=Counter, init=False)
    _methods: Counter[ReviewMethod] = field(default_factory=Counter, init=False)
    _start: float = field(default=0.0, init=False)

    def __post_init__(self) -> None:
        """The request begins when its recorder does."""
        self._start = self.clock()

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Times what happens inside, also when it fails."""
        began = self.clock()
        try:
            yield
        finally:
            self._stage(name).seconds += self.clock() - began

    def spent(self, stage: str, tokens: int, llm_calls: int = 1) -> None:
        """Notes what a stage asked of the language model."""
        spent = self._stage(stage)
        spent.tokens += tokens
        spent.llm_calls += llm_calls

    def answered(self, question: str, counts: Mapping[str, int]) -> None:
        """Adds a cascade's counts: expert -> how many answers."""
        self._cascade.setdefault(question, Counter()).update(counts)

    def made(self, template: str | None) -> None:
        """Notes an artifact and the template that made it, if one did."""
        self._artifacts += 1
        if template:
            self._templates[template] += 1

    def reviewed(self, verdict: Verdict) -> None:
        """Notes the review of an artifact."""
        self._outcomes[verdict.outcome] += 1
        self._methods[verdict.method] += 1

    def finished(
        self, *, action: str | None = None, error: str | None = None, source: Source | None = None
    ) -> RequestMetrics:
        """The record so far.

        Args:
            action: The interpretation's, if there is one.
            error: Code of the error that ended the request.
            source: Who gave the interpretation; tells which tier of the cache answered.
        """
        stages = tuple(
            StageMetrics(name, s.seconds, s.tokens, s.llm_calls) for name, s in self._stages.items()
        )
        return RequestMetrics(
            request_id=self.request_id,
            started_at=self.started_at.astimezone(datetime.UTC).isoformat(),
            outcome=error or SUCCEEDED,
            action=action,
            total_time=self.clock() - self._start,
            total_tokens=sum(s.tokens for s in stages),
            llm_calls=sum(s.llm_calls for s in stages),
            stages=stages,
            cascade={question: dict(counts) for question, counts in self._cascade.items()},
            cache_hit=_CACHE_TIERS.get(source) if source else None,
            templates=dict(self._templates),
            template_usage=(self._templates.total() / self._artifacts if self._artifacts else 1.0),
            reviews=dict(self._outcomes),
            review_methods=dict(self._methods),
        )

    def _stage(self, name: str) -> _Stage:
        return self._stages.setdefault(name, _Stage())


@dataclass(frozen=True, slots=True)
class MetricsLog:
    """The JSON lines of a project, a file a day (UTC).

    Args:
        folder: ``logs/optimization_metrics`` of the project; made when the first line is written.
    """

    folder: Path

    @classmethod
    def of_project(cls, project: Path) -> MetricsLog:
        """The log of a project's folder."""
        return cls(project / LOG_FOLDER)

    def append(self, record: RequestMetrics) -> Path:
        """Writes a record under the day on which its request began; gives the file.

        Raises:
            OSError: The line can't be written; a part of it may have been.
        """
        path = self.folder / f"{record.started_at[:10]}.jsonl"
        line = json.dumps(record.to_json(), ensure_ascii=False, separators=(",", ":"))
        self.folder.mkdir(parents=True, exist_ok=True)
        _append(path, f"{line}\n".encode())
        return path


def _append(path: Path, line: bytes) -> None:
    """One write at the end of the file: the system keeps lines of several processes apart."""
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        written = os.write(handle, line)
    finally:
        os.close(handle)
    if written != len(line):
        raise OSError(f"only {written} of {len(line)} bytes were written to {path}")
