"""What waiting side by side saves, what the graph costs where nothing waits, what metrics cost."""

from __future__ import annotations

import dataclasses
import datetime
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from baes.bench.custom_request import CUSTOM_REQUEST
from baes.bench.scripted_server import SCRIPTED_MODEL, scripted_server
from baes.core.code_generation import CodeGenerator
from baes.core.consents import Consents
from baes.core.enhanced_runtime_kernel import EnhancedRuntimeKernel
from baes.core.entity_recognizer import EntityRecognizer
from baes.core.switches import Switches
from baes.core.task_graph import GraphTask, TaskDependencyGraph
from baes.llm.configured import ConfiguredModel
from baes.llm.settings import ModelSettings
from baes.spec.apply import apply
from baes.spec.model import SystemSpec
from baes.spec.pipeline import GenerationContext
from baes.utils.optimization_metrics import MetricsLog, MetricsRecorder, RequestMetrics
from benchmarks.figure import Figure, median_seconds

__all__ = ["figures"]

LATENCY_S = 2.0
RUNS = 5
STANDARD = (
    "Create a system with students (name, email), courses (title, credits integer), teachers "
    "(name), rooms (name, seats integer), books (title, author) and loans (due date)."
)


def figures() -> list[Figure]:
    """Ratios of one setting to the other, in this run."""
    _custom(True)  # imports, and what is remembered of the templates
    together, apart = _custom(True), _custom(False)
    on, off = _standard()
    inline, threads = _rendering()
    recording, request_s = _metrics()
    calls = f"three calls of {LATENCY_S:g} s"
    return [
        Figure(f"request with {calls}, at once", together, "s"),
        Figure(f"request with {calls}, one after the other", apart, "s"),
        Figure("ratio", together / apart, "", 0.45),
        Figure("standard request of six entities, parallel on", on, "s"),
        Figure("standard request of six entities, parallel off", off, "s"),
        Figure("ratio", on / off, "", 1.1),
        Figure("rendering six entities, in the thread that asks", inline, "s"),
        Figure("rendering six entities, in four threads", threads, "s"),
        Figure("recording and writing a request's metrics", recording * 1000, "ms"),
        Figure("share of a request of one entity", 100 * recording / request_s, "%", 1.0),
    ]


def _kernel(folder: str, parallel: bool, model: ConfiguredModel | None) -> EnhancedRuntimeKernel:
    return EnhancedRuntimeKernel(
        Path(folder),
        switches=Switches(parallel_execution=parallel),
        background_suite=False,
        model=model,
    )


def _carried_out(text: str, *, parallel: bool, model: ConfiguredModel | None) -> RequestMetrics:
    with tempfile.TemporaryDirectory(prefix="baes-bench-") as folder:
        report = _kernel(folder, parallel, model).carry_out(text, consents=Consents())
    assert report.error is None, report.error
    return report.metrics


def _custom(parallel: bool) -> float:
    with scripted_server(LATENCY_S) as server:
        model = ConfiguredModel(ModelSettings(SCRIPTED_MODEL, server.url))
        return _carried_out(CUSTOM_REQUEST, parallel=parallel, model=model).total_time


def _standard() -> tuple[float, float]:
    """(on, off): medians of runs that take turns."""
    times: dict[bool, list[float]] = {True: [], False: []}
    for _ in range(RUNS):
        for parallel, seconds in times.items():
            seconds.append(_carried_out(STANDARD, parallel=parallel, model=None).total_time)
    return tuple(sorted(seconds)[RUNS // 2] for seconds in times.values())  # type: ignore[return-value]  # two


def _rendering() -> tuple[float, float]:
    """(inline, in threads): writing the files alone, without the review."""
    changes = (
        EntityRecognizer.in_memory(remembers=False).recognize(STANDARD, SystemSpec()).all_changes()
    )
    context = GenerationContext(SystemSpec(), changes, apply(SystemSpec(), changes))
    tasks = [t for t in CodeGenerator(Switches()).tasks(context) if t.agent != "TechLeadSWEA"]

    def inline() -> None:
        TaskDependencyGraph(tasks).run(parallel=False)

    def in_threads() -> None:
        with ThreadPoolExecutor(4) as pool:
            for wave in TaskDependencyGraph(tasks).waves:
                list(pool.map(_done, [t for t in tasks if t.id in wave]))

    inline()
    return median_seconds(inline, 15), median_seconds(in_threads, 15)


def _done(task: GraphTask) -> object:
    return task.run({})


def _metrics() -> tuple[float, float]:
    """(seconds to note and write what one request cost, seconds of that request)."""
    like = _carried_out("Create a Student with name", parallel=True, model=None)
    with tempfile.TemporaryDirectory(prefix="baes-bench-") as folder:
        log = MetricsLog.of_project(Path(folder))
        seconds = median_seconds(lambda: _recorded(like, log), 200)
    return seconds, like.total_time


def _recorded(like: RequestMetrics, log: MetricsLog) -> None:
    """Note all that a request of this kind notes, and write it."""
    clock: Callable[[], float] = time.perf_counter
    recorder = MetricsRecorder("bench", datetime.datetime.now(datetime.UTC), clock)
    for stage in like.stages:
        with recorder.stage(stage.name):
            pass
    recorder.worked(like.tasks, 0.1)
    for template, count in like.templates.items():
        for _ in range(count):
            recorder.made(template)
    for question, counts in like.cascade.items():
        recorder.answered(question, counts)
    log.append(dataclasses.replace(recorder.finished(), request_id=like.request_id))
