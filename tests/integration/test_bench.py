"""``baes bench``: what it measures, and what it says where a setting needs a language model."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from baes.bench.custom_measured import CustomMeasured, custom_measured
from baes.bench.custom_request import FRAGMENTS
from baes.bench.six_steps import STEPS, Rows
from baes.bench.variants import Measured, StepMeasured, variants
from baes.cli import bench_command
from baes.cli.main import main
from baes.errors import RequestFailed
from tests.integration.command import Project

SWITCHES = (
    "templates", "rule_validation", "recognition_cache", "compressed_standards",
    "parallel_execution", "smart_retry",
)  # fmt: skip


def test_without_templates_and_without_a_model_nothing_is_counted(tmp_path: Path) -> None:
    done = Project(tmp_path).run("bench", "--only", "templates", "--latency", "0.1", "--json")
    (measured,) = done.json["variants"]
    assert (measured["variant"], measured["steps"]) == ("templates", [])
    assert "BAES_ENABLE_TEMPLATES" in measured["stopped"]
    (asked,) = done.json["custom"]["variants"]
    assert asked["variant"] == "templates"
    assert asked["stopped"], "the scripted model writes functions, and no whole files"
    assert next(other["name"] for other in done.json["published"]).startswith("BAES")


def test_all_on_and_each_switch_are_measured(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def quick(variant: str) -> Measured:
        if variant == "templates":
            return Measured(variant, (), "it needs a model")
        steps = tuple(StepMeasured(step.name, 0.5, 0, 0) for step in STEPS)
        return Measured(variant, steps)

    def asked(variant: str, latency_s: float) -> CustomMeasured:
        seconds = 9.0 if variant == "parallel_execution" else 4.0
        return CustomMeasured(variant, seconds + latency_s, 3, 3, 9_000, 1_200)

    monkeypatch.setattr(bench_command, "measured", quick)
    monkeypatch.setattr(bench_command, "custom_measured", asked)
    file, plot = tmp_path / "figures.csv", tmp_path / "figures.svg"
    options = ["--csv", str(file), "--plot", str(plot), "--latency", "0.5"]
    assert main(["bench", *options]) == 0
    table = capsys.readouterr().out
    assert variants() == ("all", *SWITCHES)
    for part in ("all on", "6/6", "3.00", "+0.00", "44,198", "338,787", "it needs a model"):
        assert part in table
    for part in ("tokens, assumed", "2,550", "9,000", "+5.00", "0.5 s an answer"):
        assert part in table
    image = plot.read_text()
    for part in ("all on", "BAES (original), published median", "210 s", "9.50 s"):
        assert part in image
    with file.open(newline="") as lines:
        rows = list(csv.DictReader(lines))
    six = [row for row in rows if row["name"] != "custom"]
    assert len(six) == (len(variants()) - 1) * len(STEPS)
    assert {row["variant"] for row in six} == {"all", *SWITCHES} - {"templates"}
    custom = [row for row in rows if row["name"] == "custom"]
    assert len(custom) == len(variants())
    assert {(row["tokens"], row["assumed_tokens"]) for row in custom} == {("", "2550")}


def test_a_benchmark_that_stops_with_all_on_has_failed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bench_command, "measured", lambda v: Measured(v, (), "the port is taken"))
    asked = CustomMeasured("all", 4.0, 3, 3, 9_000, 1_200)
    monkeypatch.setattr(bench_command, "custom_measured", lambda *_: asked)
    assert main(["bench", "--only", "all"]) == 1
    assert "the port is taken" in capsys.readouterr().out


@pytest.mark.parametrize(
    "wrong",
    [
        lambda rows: rows.add("/api/students", {"name": "Ada"}),
        lambda rows: rows.refuses("/api/students", {}),
        lambda rows: rows.change("/api/students/1", {"name": "Ada"}),
    ],
)
def test_a_system_that_answers_otherwise_ends_the_benchmark(wrong: Callable[[Rows], None]) -> None:
    broken = httpx.MockTransport(lambda _: httpx.Response(500))
    with httpx.Client(transport=broken, base_url="http://system") as client:
        rows = Rows(client)
        with pytest.raises(RequestFailed, match="does not do what was asked"):
            wrong(rows)


def test_a_lost_row_ends_the_benchmark() -> None:
    empty = httpx.MockTransport(lambda _: httpx.Response(404, json={"detail": []}))
    with httpx.Client(transport=empty, base_url="http://system") as client:
        rows = Rows(client, {"/api/students/1": {"id": 1, "name": "Ada"}})
        with pytest.raises(RequestFailed, match="/api/students/1"):
            rows.check()


def test_the_scripted_model_is_counted_where_the_questions_arrive() -> None:
    found = custom_measured("all", 0.2)
    assert (found.stopped, found.calls) == ("", len(FRAGMENTS))
    characters = found.prompt_characters + found.answer_characters
    assert found.assumed_tokens == characters // 4 > 0
