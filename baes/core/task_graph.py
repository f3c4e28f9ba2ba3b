"""The tasks of one request, each done as soon as what it depends on is done.

Two kinds of work want two ways. What computes (rendering) is done in the order of the graph by the
thread that asked: threads would only take turns at the interpreter, and processes cost more to
start than there is to win. What waits (a language model, a child process) waits in threads beside
it. Where nothing can overlap, no event loop is started at all.

The first task that fails ends the rest: what has not begun is left out, what waits is told to stop,
and the graph is left only when no thread of it lives.
"""

from __future__ import annotations

import graphlib
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from baes.errors import BaesError, InvalidSpec, NeedsAnswer
from baes.texts import Message
from baes.utils.optimization_metrics import TaskMetrics, TaskOutcome

if TYPE_CHECKING:
    import asyncio

__all__ = ["GraphTask", "TaskDependencyGraph", "Timeline"]

MAX_WAITING = 16
"""Tasks that wait at the same time; the rest queue."""


@dataclass(frozen=True, slots=True)
class GraphTask:
    """One piece of work."""

    id: str
    agent: str
    """Who does it."""
    entity: str
    """What it is about; empty: the whole system."""
    run: Callable[[Mapping[str, Any]], Any]
    """Does it, given the results of what was done before it by their ids; gives its own."""
    depends_on: tuple[str, ...] = ()
    waits: bool = False
    """Whether it mostly waits, for a server or a process, and does not compute."""
    expected_s: float = 0.0
    """About how long it takes; of those that are ready the longest begins first."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """What each task gave, and when it was done."""

    results: Mapping[str, Any]
    """Id -> what the task gave."""
    runs: tuple[TaskMetrics, ...]
    """In the order in which they began."""
    wall_s: float
    """From the first beginning to the last end."""

    @property
    def sequential_s(self) -> float:
        """What the tasks would have taken one after the other."""
        return sum(run.seconds for run in self.runs)


class TaskDependencyGraph:
    """Tasks and what each waits for.

    Args:
        tasks: In the order in which they are done where nothing else decides.
        clock: Seconds from any fixed moment.

    Raises:
        InvalidSpec: Two tasks have one name, one depends on something that isn't there, or tasks
            wait for each other.
    """

    def __init__(
        self, tasks: Iterable[GraphTask], *, clock: Callable[[], float] = time.perf_counter
    ) -> None:
        self._tasks: dict[str, GraphTask] = {}
        self._clock = clock
        for task in tasks:
            if task.id in self._tasks:
                raise InvalidSpec.of("core.error.task_twice", task=task.id)
            self._tasks[task.id] = task
        for task in self._tasks.values():
            for needed in task.depends_on:
                if needed not in self._tasks:
                    raise InvalidSpec.of("core.error.task_missing", task=task.id, needed=needed)
        try:
            order = tuple(self._sorter().static_order())
        except graphlib.CycleError as error:
            cycle = " -> ".join(error.args[1])
            raise InvalidSpec.of("core.error.task_cycle", tasks=cycle) from error
        self.order = order
        """The ids, each after what it depends on."""

    @property
    def waves(self) -> tuple[tuple[str, ...], ...]:
        """The ids by the least number of steps after which they can begin."""
        level: dict[str, int] = {}
        for id_ in self.order:
            level[id_] = 1 + max((level[n] for n in self._tasks[id_].depends_on), default=-1)
        return tuple(
            tuple(id_ for id_ in self.order if level[id_] == number)
            for number in range(max(level.values(), default=-1) + 1)
        )

    @property
    def can_overlap(self) -> bool:
        """Whether a task that waits has any other beside it that it does not depend on."""
        before: dict[str, frozenset[str]] = {}
        for id_ in self.order:
            needed = self._tasks[id_].depends_on
            before[id_] = frozenset(needed).union(*(before[n] for n in needed))
        return any(
            other != id_ and other not in before[id_] and id_ not in before[other]
            for id_, task in self._tasks.items()
            if task.waits
            for other in self._tasks
        )

    def run(
        self,
        *,
        parallel: bool = True,
        stop: Callable[[], None] = lambda: None,
        seen: Callable[[Timeline], None] = lambda _: None,
    ) -> Timeline:
        """Do all tasks.

        Args:
            parallel: Whether tasks that wait may do so at the same time.
            stop: Makes tasks that wait end soon; called when one has failed, from any thread.
            seen: Told what was done, also when a task failed.

        Raises:
            Exception: The first that a task raised; one of ours says which task it was.
        """
        progress = _Progress(self._clock)
        try:
            if parallel and self.can_overlap:
                self._at_once(progress, stop)
            else:
                for id_ in self.order:
                    progress.do(self._tasks[id_])
        finally:
            done = {run.id for run in progress.runs}
            left = tuple(task for id_, task in self._tasks.items() if id_ not in done)
            timeline = progress.timeline(left)
            seen(timeline)
        return timeline

    def _sorter(self) -> graphlib.TopologicalSorter[str]:
        return graphlib.TopologicalSorter(
            {id_: task.depends_on for id_, task in self._tasks.items()}
        )

    def _at_once(self, progress: _Progress, stop: Callable[[], None]) -> None:
        import asyncio  # most requests have nothing to wait for

        try:
            asyncio.run(self._conducted(progress, stop))
        except BaseExceptionGroup as group:
            # What failed first is the cause; the others only heard of it.
            raise progress.failure or group.exceptions[0] from None

    async def _conducted(self, progress: _Progress, stop: Callable[[], None]) -> None:
        import asyncio

        with ThreadPoolExecutor(MAX_WAITING, thread_name_prefix="baes-task") as threads:
            try:
                async with asyncio.TaskGroup() as group:
                    await self._begin_ready(progress, group, threads)
            except BaseException as error:
                progress.failure = progress.failure or error
                threads.shutdown(wait=False, cancel_futures=True)
                stop()
                raise

    async def _begin_ready(
        self, progress: _Progress, group: asyncio.TaskGroup, threads: ThreadPoolExecutor
    ) -> None:
        """Begin each task when all that it depends on is done; those that wait go first."""
        import asyncio

        sorter = self._sorter()
        sorter.prepare()
        finished: asyncio.Queue[str] = asyncio.Queue()
        loop = asyncio.get_running_loop()

        async def waited(task: GraphTask) -> None:
            context = copy_context()
            await loop.run_in_executor(threads, lambda: context.run(progress.do, task))
            finished.put_nowait(task.id)

        computing: list[GraphTask] = []
        while sorter.is_active():
            ready = sorted((self._tasks[id_] for id_ in sorter.get_ready()), key=_longest_first)
            for task in ready:
                if task.waits:
                    group.create_task(waited(task))
                else:
                    computing.append(task)
            if computing:
                await asyncio.sleep(0)  # those that wait begin, and a failure is noticed
                task = computing.pop(0)
                progress.do(task)
                finished.put_nowait(task.id)
            sorter.done(await finished.get())
            while not finished.empty():
                sorter.done(finished.get_nowait())


class _Progress:
    """What was done so far; told from several threads, each by one append."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._began = clock()
        self._results: dict[str, Any] = {}
        self.runs: list[TaskMetrics] = []
        self.failure: BaseException | None = None

    def do(self, task: GraphTask) -> None:
        """Do one task, unless another has failed."""
        if self.failure is not None:
            return
        start = self._clock()
        outcome: TaskOutcome = "success"
        try:
            self._results[task.id] = task.run(self._results)
        except BaseException as error:
            outcome = "cancelled" if self.failure else "failed"
            if self.failure is None:
                self.failure = error
                _place(error, task)
            raise
        finally:
            seconds = self._clock() - start
            self.runs.append(
                TaskMetrics(task.id, task.agent, task.entity, start - self._began, seconds, outcome)
            )

    def timeline(self, left: Iterable[GraphTask]) -> Timeline:
        """All of it, with the tasks that never began."""
        now = self._clock() - self._began
        never = (TaskMetrics(t.id, t.agent, t.entity, now, 0.0, "cancelled") for t in left)
        runs = (*sorted(self.runs, key=lambda run: run.start), *never)
        return Timeline(dict(self._results), runs, now)


def _longest_first(task: GraphTask) -> float:
    return -task.expected_s


def _place(error: BaseException, task: GraphTask) -> None:
    """Say in the error which task failed; a question to the user says itself what it is about."""
    if isinstance(error, BaesError) and not isinstance(error, NeedsAnswer):
        entity = task.entity or Message.of("core.task.whole")
        error.place = Message.of("core.task.failed", agent=task.agent, entity=entity)
    elif not isinstance(error, BaesError):
        error.add_note(f"in the task {task.id}")
