"""What the record of a request says, and how its lines are kept."""

from __future__ import annotations

import datetime
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from baes.spec.pipeline import Verdict
from baes.utils.optimization_metrics import MetricsLog, MetricsRecorder, TaskMetrics

START = datetime.datetime(2026, 3, 1, 23, 30, tzinfo=datetime.UTC)


def ticking(*moments: float) -> Callable[[], float]:
    ticks: Iterator[float] = iter(moments)
    return lambda: next(ticks)


def test_a_successful_request_is_recorded_with_all_its_figures() -> None:
    recorder = MetricsRecorder("r1", START, clock=ticking(10.0, 11.0, 11.5, 12.0, 14.0, 14.5, 15.0))
    with recorder.stage("recognize"):
        recorder.spent("recognize", 120)
    with recorder.stage("generate"):
        recorder.made("backend/model.py.j2")
        recorder.made("backend/model.py.j2")
        recorder.made(None)
        recorder.made("database/schema.sql.j2")
    recorder.reviewed(Verdict("a.py", "confident_approval", "confident_regex_approval"))
    recorder.reviewed(Verdict("b.py", "uncertain", "undecided"))
    recorder.repaired("patch", 30)
    recorder.repaired("accept", 0)
    both = (TaskMetrics("a", "TestSWEA", "X", 0.0, 1.5), TaskMetrics("b", "TestSWEA", "", 0.5, 1.0))
    recorder.worked(both, wall_s=2.0)
    recorder.answered("what does it mean", {"local": 1})
    recorder.answered("what does it mean", {"local": 1, "llm": 1})

    record = recorder.finished(action="create", source="memory_cache")

    assert record.to_json() == {
        "success": True,
        "request_id": "r1",
        "started_at": "2026-03-01T23:30:00+00:00",
        "outcome": "success",
        "action": "create",
        "total_time": 5.0,
        "total_tokens": 120,
        "llm_calls": 1,
        "stages": (
            {"name": "recognize", "seconds": 0.5, "tokens": 120, "llm_calls": 1, "start": 1.0},
            {"name": "generate", "seconds": 2.0, "tokens": 0, "llm_calls": 0, "start": 2.0},
        ),
        "cascade": {"what does it mean": {"local": 2, "llm": 1}},
        "cache_hit": "memory",
        "templates": {"backend/model.py.j2": 2, "database/schema.sql.j2": 1},
        "template_usage": 0.75,
        "reviews": {"confident_approval": 1, "uncertain": 1},
        "review_methods": {"confident_regex_approval": 1, "undecided": 1},
        "repairs": {"patch": 1, "accept": 1},
        "tokens_saved": 30,
        "tasks": (
            {
                "id": "a",
                "agent": "TestSWEA",
                "entity": "X",
                "start": 2.5,
                "seconds": 1.5,
                "outcome": "success",
            },
            {
                "id": "b",
                "agent": "TestSWEA",
                "entity": "",
                "start": 3.0,
                "seconds": 1.0,
                "outcome": "success",
            },
        ),
        "parallel_saving": 0.5,
    }


def test_a_stage_that_fails_is_timed_and_the_request_recorded_with_its_error() -> None:
    recorder = MetricsRecorder("r2", START, clock=ticking(0.0, 1.0, 3.0, 4.0))
    with pytest.raises(ZeroDivisionError), recorder.stage("migrate"):
        _ = 1 / 0

    record = recorder.finished(error="GATE_FAILED")

    assert (record.success, record.outcome, record.action) == (False, "GATE_FAILED", None)
    assert record.stages[0].seconds == 2.0
    assert record.template_usage == 1.0


def test_a_stage_that_runs_twice_is_summed_up() -> None:
    recorder = MetricsRecorder("r3", START, clock=ticking(0.0, 1.0, 2.0, 5.0, 7.0, 8.0))
    for _ in range(2):
        with recorder.stage("render"):
            pass
    assert [(s.name, s.seconds) for s in recorder.finished().stages] == [("render", 3.0)]


def test_records_lie_in_the_file_of_the_day_in_utc(tmp_path: Path) -> None:
    late = START.astimezone(datetime.timezone(datetime.timedelta(hours=3)))
    log = MetricsLog.of_project(tmp_path)
    path = log.append(MetricsRecorder("a", late).finished())
    log.append(MetricsRecorder("é", late).finished(error="UNCLEAR"))

    assert path == tmp_path / "logs" / "optimization_metrics" / "2026-03-01.jsonl"
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert [(line["request_id"], line["outcome"]) for line in lines] == [
        ("a", "success"),
        ("é", "UNCLEAR"),
    ]


def _write_many(folder: Path, name: str) -> None:
    recorder = MetricsRecorder(name * 3000, START)
    for _ in range(50):
        MetricsLog(folder).append(recorder.finished())


def test_lines_of_several_processes_stay_whole(tmp_path: Path) -> None:
    module = f"import {__name__} as tests; from pathlib import Path; "
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", f"{module}tests._write_many(Path({str(tmp_path)!r}), {name!r})"]
        )
        for name in "xyz"
    ]
    assert [writer.wait(timeout=60) for writer in writers] == [0, 0, 0]

    lines = (tmp_path / "2026-03-01.jsonl").read_text(encoding="utf-8").splitlines()
    names = [json.loads(line)["request_id"] for line in lines]
    assert {name[0]: names.count(name) for name in names} == {"x": 50, "y": 50, "z": 50}


def test_a_line_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(OSError, match="file"):
        MetricsLog(tmp_path / "file").append(MetricsRecorder("r", START).finished())


def test_what_was_written_is_read_and_damaged_lines_are_counted(tmp_path: Path) -> None:
    log = MetricsLog.of_project(tmp_path)
    assert log.read() == ((), 0)
    recorder = MetricsRecorder("r1", START, clock=ticking(0.0, 1.0, 2.0, 3.0))
    with recorder.stage("recognize"):
        pass
    recorder.reviewed(Verdict("a.py", "confident_approval", "confident_regex_approval"))
    record = recorder.finished(action="create")
    path = log.append(record)
    with path.open("a", encoding="utf-8") as file:
        file.write('{"request_id": "half"\n{"request_id": "other"}\n[]\n')
    assert log.read() == ((record,), 3)


def test_lines_of_an_earlier_version_are_read(tmp_path: Path) -> None:
    log = MetricsLog.of_project(tmp_path)
    recorder = MetricsRecorder("r1", START, clock=ticking(0.0, 1.0, 2.0, 3.0))
    with recorder.stage("recognize"):
        pass
    path = log.append(recorder.finished())
    line = json.loads(path.read_text())
    del line["stages"][0]["start"]
    path.write_text(json.dumps(line) + "\n")
    ((record,), damaged) = log.read()
    assert (record.stages[0].start, damaged) == (0.0, 0)
