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
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Literal

from baes.spec.interpretation import Source
from baes.spec.pipeline import Outcome, ReviewMethod, Verdict

__all__ = [
    "MetricsLog",
    "MetricsRecorder",
    "RequestMetrics",
    "StageMetrics",
    "TaskMetrics",
    "TaskOutcome",
]

LOG_FOLDER = Path("logs") / "optimization_metrics"
"""Where the lines lie, relative to the project."""

SUCCEEDED = "success"

TaskOutcome = Literal["success", "failed", "cancelled"]

_CACHE_TIERS: Mapping[Source, str] = {"memory_cache": "memory", "persistent_cache": "persistent"}


@dataclass(frozen=True, slots=True)
class StageMetrics:
    """One stage of a request; a stage that ran several times is summed up."""

    name: str
    seconds: float = 0.0
    tokens: int = 0
    llm_calls: int = 0
    start: float = 0.0
    """Seconds from the beginning of the request to the stage's first run."""


@dataclass(frozen=True, slots=True)
class TaskMetrics:
    """One task of a request: when it was done, for how long, and what became of it."""

    id: str
    agent: str
    entity: str
    """Empty: the whole system."""
    start: float
    """Seconds from the beginning of the request (of the graph, while that runs)."""
    seconds: float
    outcome: TaskOutcome = "success"
    """``cancelled``: another one had failed before it was done, or begun."""


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
    repairs: Mapping[str, int] = field(default_factory=dict)
    """What was done with code that a model wrote -> how often: ``accept``, ``patch``, ..."""
    tokens_saved: int = 0
    """By patches; what writing the code anew would have cost at least, told by its length."""
    tasks: tuple[TaskMetrics, ...] = ()
    """What the agents did, in the order in which it began."""
    parallel_saving: float = 0.0
    """Seconds by which the tasks' own times together are more than the time of all.

    Tasks side by side hinder each other a little, so one after the other takes somewhat less.
    """

    @property
    def success(self) -> bool:
        """Whether the request was carried out."""
        return self.outcome == SUCCEEDED

    def to_json(self) -> dict[str, object]:
        """The record as JSON values."""
        return {"success": self.success, **asdict(self)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> RequestMetrics:
        """The record that was written, also by an earlier version.

        Raises:
            ValueError: It is no record.
        """
        known = {field.name for field in fields(cls)}
        try:
            values = {key: value for key, value in data.items() if key in known}
            values["stages"] = tuple(StageMetrics(**stage) for stage in data["stages"])
            values["tasks"] = tuple(TaskMetrics(**task) for task in data.get("tasks", ()))
            datetime.datetime.fromisoformat(values["started_at"])
            return cls(**values)
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"that is no record of a request: {error}") from error


@dataclass(slots=True)
class _Stage:
    start: float
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
    _repairs: Counter[str] = field(default_factory=Counter, init=False)
    _tokens_saved: int = field(default=0, init=False)
    _tasks: list[TaskMetrics] = field(default_factory=list, init=False)
    _parallel_saving: float = field(default=0.0, init=False)
    _start: float = field(default=0.0, init=False)

    def __post_init__(self) -> None:
        """The request begins when its recorder does."""
        self._start = self.clock()

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Times what happens inside, also when it fails."""
        began = self.clock()
        stage = self._stage(name, began)
        try:
            yield
        finally:
            stage.seconds += self.clock() - began

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

    def repaired(self, decision: str, tokens_saved: int) -> None:
        """Notes what was decided about code that a model wrote, and what that saved."""
        self._repairs[decision] += 1
        self._tokens_saved += tokens_saved

    def worked(self, tasks: Iterable[TaskMetrics], wall_s: float) -> None:
        """Notes the tasks of a graph that has just ended, their starts counted from its own."""
        tasks = tuple(tasks)
        began = self.clock() - self._start - wall_s
        self._tasks += (replace(task, start=began + task.start) for task in tasks)
        self._parallel_saving += max(0.0, sum(task.seconds for task in tasks) - wall_s)

    def spanned(self, stage: str, tasks: Iterable[str]) -> None:
        """Notes that some noted tasks were a stage of their own, from first start to last end."""
        ids = frozenset(tasks)
        times = [(t.start, t.start + t.seconds) for t in self._tasks if t.id in ids]
        if times:
            start = min(begin for begin, _ in times)
            found = self._stage(stage)
            found.start, found.seconds = start, max(end for _, end in times) - start

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
            StageMetrics(name, s.seconds, s.tokens, s.llm_calls, s.start)
            for name, s in self._stages.items()
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
            repairs=dict(self._repairs),
            tokens_saved=self._tokens_saved,
            tasks=tuple(self._tasks),
            parallel_saving=self._parallel_saving,
        )

    def _stage(self, name: str, began: float | None = None) -> _Stage:
        if name not in self._stages:
            self._stages[name] = _Stage((self.clock() if began is None else began) - self._start)
        return self._stages[name]


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

    def read(self) -> tuple[tuple[RequestMetrics, ...], int]:
        """(the records in the order of their days, how many lines are no records)."""
        records: list[RequestMetrics] = []
        damaged = 0
        for path in sorted(self.folder.glob("*.jsonl")):
            for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
                try:
                    records.append(RequestMetrics.from_json(json.loads(line)))
                except ValueError:
                    damaged += 1
        return tuple(records), damaged


def _append(path: Path, line: bytes) -> None:
    """One write at the end of the file: the system keeps lines of several processes apart."""
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        written = os.write(handle, line)
    finally:
        os.close(handle)
    if written != len(line):
        raise OSError(f"only {written} of {len(line)} bytes were written to {path}")
