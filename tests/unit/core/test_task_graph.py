"""The graph of tasks: its faults, its order, what overlaps, and what a failure leaves."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from baes.core.task_graph import GraphTask, TaskDependencyGraph, Timeline
from baes.errors import InvalidSpec, NeedsModel, RequestFailed

PATIENCE_S = 30.0


def task(
    id_: str,
    *needs: str,
    run: Callable[[Mapping[str, Any]], Any] = lambda _: None,
    waits: bool = False,
    entity: str = "Course",
    expected_s: float = 0.0,
) -> GraphTask:
    return GraphTask(id_, f"{id_}SWEA", entity, run, needs, waits, expected_s)


@pytest.mark.parametrize(
    ("tasks", "said"),
    [
        ((task("a", "b"), task("b", "c"), task("c", "a")), "wait for each other"),
        ((task("a", "a"),), "wait for each other"),
        ((task("a", "b"),), "a waits for b, which isn't there"),
        ((task("a"), task("a")), "stands twice"),
    ],
    ids=["cycle", "itself", "missing", "twice"],
)
def test_a_graph_that_cannot_be_done_is_refused(tasks: tuple[GraphTask, ...], said: str) -> None:
    with pytest.raises(InvalidSpec, match=said):
        TaskDependencyGraph(tasks)


def test_waves_are_the_least_steps_after_which_a_task_can_begin() -> None:
    graph = TaskDependencyGraph(
        [task("test", "backend", "frontend"), task("backend", "db"), task("frontend"), task("db")]
    )
    assert [set(wave) for wave in graph.waves] == [{"frontend", "db"}, {"backend"}, {"test"}]


@pytest.mark.parametrize("parallel", [True, False])
def test_a_task_is_given_what_was_done_before_it(parallel: bool) -> None:
    tasks = [
        task("sum", "one", "two", run=lambda done: done["one"] + done["two"]),
        task("one", run=lambda _: 1, waits=True),
        task("two", run=lambda _: 2, waits=True),
    ]
    done = TaskDependencyGraph(tasks).run(parallel=parallel)
    assert done.results == {"one": 1, "two": 2, "sum": 3}
    assert [run.outcome for run in done.runs] == ["success"] * 3


def test_what_waits_overlaps_with_what_waits_and_with_what_computes() -> None:
    barrier = threading.Barrier(3, timeout=PATIENCE_S)  # only met when three wait at once
    computed = threading.Event()

    def meets(_: Mapping[str, Any]) -> bool:
        barrier.wait()
        return computed.wait(PATIENCE_S)

    tasks = [task(name, run=meets, waits=True) for name in "abc"]
    tasks += [task("render", run=lambda _: computed.set())]
    done = TaskDependencyGraph(tasks).run()
    assert [done.results[name] for name in "abc"] == [True] * 3


def test_a_task_begins_when_its_own_needs_are_done_and_not_when_a_wave_is() -> None:
    followed = threading.Event()
    tasks = [
        task("slow", run=lambda _: followed.wait(PATIENCE_S), waits=True),
        task("quick", waits=True),
        task("after quick", "quick", run=lambda _: followed.set(), waits=True),
    ]
    assert TaskDependencyGraph(tasks).run().results["slow"] is True


def test_switched_off_one_task_follows_the_other_in_the_thread_that_asked() -> None:
    where: list[threading.Thread] = []
    tasks = [
        task(n, run=lambda _: where.append(threading.current_thread()), waits=True) for n in "ab"
    ]
    done = TaskDependencyGraph(tasks).run(parallel=False)
    assert where == [threading.current_thread()] * 2
    assert done.sequential_s <= done.wall_s


def test_where_nothing_can_overlap_nothing_leaves_the_thread() -> None:
    where: list[threading.Thread] = []

    def note(_: Mapping[str, Any]) -> None:
        where.append(threading.current_thread())

    tasks = [
        task("a", run=note),
        task("b", run=note),
        task("review", "a", "b", run=note, waits=True),
    ]
    graph = TaskDependencyGraph(tasks)
    assert not graph.can_overlap
    graph.run()
    assert set(where) == {threading.current_thread()}


def test_of_those_that_are_ready_the_longest_begins_first() -> None:
    tasks = [task(n, waits=True, expected_s=s) for n, s in (("a", 1.0), ("b", 3.0), ("c", 2.0))]
    begun = [run.id for run in TaskDependencyGraph(tasks).run().runs]
    assert begun == ["b", "c", "a"]


@pytest.mark.parametrize("waits", [True, False], ids=["a waiting task", "a computing task"])
def test_the_first_failure_ends_the_rest_and_says_whose_it_was(waits: bool) -> None:
    stopped = threading.Event()
    begun = threading.Barrier(5, timeout=PATIENCE_S)
    ended: list[str] = []
    before = threading.active_count()

    def patient(_: Mapping[str, Any]) -> None:
        begun.wait()
        assert stopped.wait(PATIENCE_S), "it was never told to stop"
        ended.append("patient")
        raise RequestFailed("given up")

    def fails(_: Mapping[str, Any]) -> None:
        begun.wait()
        raise RequestFailed("no paper", "the printer is empty")

    tasks = [task(f"patient{n}", run=patient, waits=True) for n in range(4)]
    tasks.append(task("fails", run=fails, waits=waits, entity="Student"))
    tasks.append(task("after", "fails", run=lambda _: ended.append("after")))
    seen: list[Timeline] = []
    with pytest.raises(RequestFailed, match="No paper") as error:
        TaskDependencyGraph(tasks).run(stop=stopped.set, seen=seen.append)
    assert "the work of failsSWEA on Student" in error.value.message
    assert "o trabalho de failsSWEA em Student" in error.value.spoken("pt").message
    assert "after" not in ended
    outcomes = {run.id: run.outcome for run in seen[0].runs}
    assert outcomes.pop("fails") == "failed"
    assert set(outcomes.values()) == {"cancelled"}
    assert set(outcomes) == {"patient0", "patient1", "patient2", "patient3", "after"}
    assert threading.active_count() == before, "no thread of it lives"


def test_a_question_stays_as_it_was_put() -> None:
    def asks(_: Mapping[str, Any]) -> None:
        raise NeedsModel("a model is wanted")

    with pytest.raises(NeedsModel) as error:
        TaskDependencyGraph([task("a", run=asks, waits=True), task("b")]).run()
    assert "SWEA" not in error.value.message


def test_a_fault_of_the_program_keeps_its_kind_and_names_the_task() -> None:
    def breaks(_: Mapping[str, Any]) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError) as error:
        TaskDependencyGraph([task("a", run=breaks, waits=True), task("b", waits=True)]).run()
    assert error.value.__notes__ == ["in the task a"]


def test_a_thousand_tasks_in_a_chain_and_a_thousand_side_by_side() -> None:
    chain = [task("c0")] + [task(f"c{n}", f"c{n - 1}", waits=n % 100 == 0) for n in range(1, 1000)]
    wide = [task(f"w{n}", run=lambda _: time.sleep(0), waits=True) for n in range(1000)]
    done = TaskDependencyGraph([*chain, *wide]).run()
    assert len(done.results) == 2000
