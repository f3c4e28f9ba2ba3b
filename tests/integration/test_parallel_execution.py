"""What waits for a model waits side by side; what fails in the middle leaves nothing behind."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import threading
from contextlib import closing
from pathlib import Path

from baes.bench.custom_request import CUSTOM_REQUEST, FRAGMENTS
from baes.bench.scripted_server import SCRIPTED_MODEL, ScriptedServer, scripted_server
from baes.core.consents import Consents
from baes.core.enhanced_runtime_kernel import EnhancedRuntimeKernel
from baes.core.project_paths import ProjectPaths
from baes.core.switches import Switches
from baes.core.work import RequestReport
from baes.llm.configured import ConfiguredModel
from baes.llm.settings import ModelSettings
from baes.utils.optimization_metrics import MetricsLog, RequestMetrics

LATENCY_S = 1.0


def requested(
    project: Path, text: str, server: ScriptedServer | None = None, *, parallel: bool = True
) -> tuple[RequestReport, RequestMetrics]:
    """The report of a request, and what is kept of its cost."""
    model = None
    if server is not None:
        model = ConfiguredModel(ModelSettings(SCRIPTED_MODEL, server.url, timeout_s=600.0))
    kernel = EnhancedRuntimeKernel(
        project,
        switches=Switches(parallel_execution=parallel),
        background_suite=False,
        model=model,
    )
    report = kernel.carry_out(text, consents=Consents())
    records, damaged = MetricsLog.of_project(project).read()
    assert not damaged
    return report, records[-1]


def test_fragments_are_written_at_once_or_with_the_switch_off_one_after_the_other(
    tmp_path: Path,
) -> None:
    costs: dict[str, RequestMetrics] = {}
    servers: dict[str, ScriptedServer] = {}
    files: dict[str, dict[str, bytes]] = {}
    for switch in ("on", "off"):
        with scripted_server(LATENCY_S) as server:
            folder = tmp_path / switch
            report, cost = requested(folder, CUSTOM_REQUEST, server, parallel=switch == "on")
        assert report.error is None, report.error
        costs[switch], servers[switch] = cost, server
        folder = tmp_path / switch / "managed_system" / "app"
        files[switch] = {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*.py")}
    assert files["on"] == files["off"], "the switch changes when, and not what"
    count = len(FRAGMENTS)
    assert [servers[s].calls for s in ("on", "off")] == [count, count]
    assert [servers[s].most_at_once for s in ("on", "off")] == [count, 1]
    assert costs["on"].parallel_saving > LATENCY_S
    assert costs["off"].parallel_saving == 0
    for cost in costs.values():
        custom = [task for task in cost.tasks if task.id.startswith("custom:")]
        assert {task.entity for task in custom} == {"Student", "Course", "Teacher"}
        assert cost.llm_calls == count
        (stage,) = (stage for stage in cost.stages if stage.name == "custom")
        assert stage.llm_calls == count
        assert stage.start == min(task.start for task in custom)
    sequential = next(s for s in costs["off"].stages if s.name == "custom")
    assert sequential.seconds >= count * LATENCY_S
    rendered = next(t for t in costs["on"].tasks if t.id == "BackendSWEA:Student")
    written = [t for t in costs["on"].tasks if t.id.startswith("custom:")]
    ends = [task.start + task.seconds for task in written]
    assert rendered.start < min(ends), "templates are rendered while the model is waited for"


def test_a_standard_request_asks_nobody_and_its_tasks_are_told_all_the_same(
    tmp_path: Path,
) -> None:
    report, cost = requested(tmp_path, "Create a Student with name")
    assert report.error is None
    assert {task.agent for task in cost.tasks} == {
        "DatabaseSWEA", "BackendSWEA", "FrontendSWEA", "TestSWEA", "TechLeadSWEA",
    }  # fmt: skip
    assert (cost.llm_calls, cost.parallel_saving) == (0, 0.0)


def test_a_task_that_fails_in_the_middle_leaves_no_file_row_or_process(
    tmp_path: Path,
) -> None:
    project = tmp_path / "school"
    report, _ = requested(project, "Create a Book with title")
    assert report.error is None
    database = ProjectPaths(project).database
    with closing(sqlite3.connect(database)) as rows:
        rows.execute("INSERT INTO books (title) VALUES ('Emma')")
        rows.commit()
    before = _state(project)
    processes, threads = _processes(project), threading.active_count()

    with scripted_server(LATENCY_S, refuses="new course") as server:
        report, cost = requested(project, CUSTOM_REQUEST, server)
    assert report.error is not None
    assert "Send every new course to the catalogue webhook" in report.error.message
    assert "the work of BackendSWEA on Course" in report.error.message
    assert server.most_at_once == len(FRAGMENTS), "the others were on their way"
    outcomes = {task.entity: task.outcome for task in cost.tasks if task.id.startswith("custom:")}
    assert outcomes["Course"] == "failed"
    assert cost.outcome == "MODEL_FAILED"

    assert _state(project) == before
    with closing(sqlite3.connect(database)) as rows:
        assert rows.execute("SELECT id, title FROM books").fetchall() == [(1, "Emma")]
    assert _processes(project) <= processes
    assert threading.active_count() <= threads


def _state(project: Path) -> dict[str, bytes]:
    """Every file that a request makes, whose log of attempts grows with each."""
    inside = {
        str(path.relative_to(project)): path.read_bytes()
        for path in project.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    passing = ("logs/", "database/recognition_cache", ".baes/lock", ".baes/server_ways")
    return {
        path: content
        for path, content in inside.items()
        if not path.startswith(passing) and not path.endswith((".db-wal", ".db-shm"))
    }


def _processes(project: Path) -> set[str]:
    """What runs with the project's folder in its command line."""
    command = [shutil.which("ps") or "/bin/ps", "-eo", "pid,args"]
    listed = subprocess.run(command, capture_output=True, text=True, check=True)
    return {line.split()[0] for line in listed.stdout.splitlines() if str(project) in line}
