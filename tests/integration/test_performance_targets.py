"""What the optimisations are for, in figures that no machine changes: calls, tokens, ratios.

Seconds are measured by ``make bench`` and ``baes bench``; here a bound of seconds is one that only
a different order of magnitude breaks.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import get_args

import pytest

from baes.bench.custom_request import CUSTOM_REQUEST, FRAGMENTS
from baes.bench.scripted_server import SCRIPTED_MODEL, scripted_server
from baes.bench.six_steps import STEPS
from baes.core.code_repair import CodeRepair
from baes.core.consents import Consents
from baes.core.enhanced_runtime_kernel import EnhancedRuntimeKernel
from baes.core.entity_recognizer import EntityRecognizer
from baes.core.switches import Switches
from baes.llm.configured import ConfiguredModel
from baes.llm.settings import ModelSettings
from baes.spec.model import SystemSpec
from baes.spec.pipeline import AgentName, Artifact, Finding
from baes.standards.compressed_standards import compressed_standards, full_standards
from baes.swea_agents.techlead_swea import TechLeadSWEA
from baes.utils.optimization_metrics import MetricsLog, RequestMetrics
from baes.utils.published_baselines import published_baselines

TEXTS = tuple(step.text for step in STEPS)


@dataclass(frozen=True)
class Carried:
    """Requests that were carried out in one project, and what was kept of them."""

    errors: tuple[str, ...]
    records: tuple[RequestMetrics, ...]


def carried_out(
    project: Path, texts: tuple[str, ...], switches: Switches, model: ConfiguredModel | None = None
) -> Carried:
    errors = []
    for text in texts:
        kernel = EnhancedRuntimeKernel(
            project, switches=switches, background_suite=False, model=model
        )
        error = kernel.carry_out(text, consents=Consents()).error
        errors += [error.code] if error else []
    records, damaged = MetricsLog.of_project(project).read()
    assert not damaged
    return Carried(tuple(errors), records)


def test_the_six_steps_cost_nothing_and_all_is_told_of_them(tmp_path: Path) -> None:
    """One run for all targets: it takes as long as six requests do."""
    six = carried_out(tmp_path, (*TEXTS, "Blah blah"), Switches())
    assert six.errors == ("UNCLEAR",)
    assert [r.outcome for r in six.records] == ["success"] * len(STEPS) + ["UNCLEAR"], "all count"
    assert sum(r.total_tokens + r.llm_calls for r in six.records) == 0
    assert {r.template_usage for r in six.records} == {1.0}
    for other in published_baselines():
        assert sum(r.total_tokens for r in six.records) <= 0.3 * other.tokens, other.name
        assert sum(r.total_time for r in six.records) <= other.seconds, other.name
    outcomes = {outcome for r in six.records for outcome, n in r.reviews.items() if n}
    assert outcomes == {"confident_approval"}
    assert {m for r in six.records for m in r.review_methods} == {"confident_regex_approval"}
    for record in six.records[: len(STEPS)]:
        assert {s.name for s in record.stages} >= {"recognize", "generate", "gate", "deploy"}
        assert {t.agent for t in record.tasks} == {*get_args(AgentName), "TechLeadSWEA"}
        assert {t.outcome for t in record.tasks} == {"success"}
    assert six.records[-1].tasks == ()


def test_repeated_requests_are_answered_by_the_cache(tmp_path: Path) -> None:
    """60 % and more are asked for; all repetitions are meant here."""
    (tmp_path / "database").mkdir()
    sources = []
    for _ in range(2):
        recognizer = EntityRecognizer.of_project(tmp_path, cached=True)
        for _ in range(3):
            read = recognizer.recognize(TEXTS[0], SystemSpec())
            recognizer.remember(TEXTS[0], SystemSpec(), read)
            sources.append(read.source)
        recognizer.close()
    memory = ["memory_cache"] * 2
    assert sources == ["local", *memory, "persistent_cache", *memory]


@pytest.mark.parametrize("agent", get_args(AgentName))
def test_short_standards_are_less_than_half_of_the_full_ones(agent: AgentName) -> None:
    short, full = compressed_standards(agent), full_standards(agent)
    assert short.tokens < 300
    assert len(short.text.splitlines()) <= 25
    assert short.tokens <= 0.5 * full.tokens


# What each switch makes of a difference.


def standard(project: Path, switches: Switches) -> str:
    """How a standard request ends."""
    done = carried_out(project, ("Create a Student with name",), switches)
    return ", ".join(done.errors) or "done"


def source_of_the_second(project: Path, switches: Switches) -> str:
    """Who answers when a text is read for the second time."""
    (project / "database").mkdir(parents=True)
    for _ in range(2):
        recognizer = EntityRecognizer.of_project(project, cached=switches.recognition_cache)
        read = recognizer.recognize(TEXTS[0], SystemSpec())
        recognizer.remember(TEXTS[0], SystemSpec(), read)
        recognizer.close()
    return read.source


def at_once(project: Path, switches: Switches) -> str:
    """How many of three questions wait at the same time."""
    with scripted_server(1.0) as server:
        model = ConfiguredModel(ModelSettings(SCRIPTED_MODEL, server.url, timeout_s=600.0))
        assert carried_out(project, (CUSTOM_REQUEST,), switches, model).errors == ()
    return str(server.most_at_once)


def standards_told(project: Path, switches: Switches) -> str:
    """Whether a question has the full standards in it."""
    with scripted_server(0.0) as server:
        model = ConfiguredModel(ModelSettings(SCRIPTED_MODEL, server.url, timeout_s=600.0))
        assert carried_out(project, (CUSTOM_REQUEST,), switches, model).errors == ()
    one = server.prompt_characters / server.calls
    return "full" if one > len(full_standards("BackendSWEA").text) else "short"


def times_written(_: Path, switches: Switches) -> str:
    """How often code with one local fault is written until it is right."""
    code = '"""X."""\n\n\ndef size_of(text: str) -> int:\n    """Y."""\n    {}return len(text)\n'
    written = []

    def write(findings: tuple[Finding, ...]) -> Artifact:
        content = code.format("" if findings else "print(text)\n    ")
        written.append(content)
        return Artifact("app/custom/student.py", content, "BackendSWEA", "", "", "")

    CodeRepair(TechLeadSWEA(), enabled=switches.smart_retry).approved(write)
    return str(len(written))


DIFFERENCES: Mapping[str, tuple[Callable[[Path, Switches], str], str, str]] = {
    "templates": (standard, "done", "NEEDS_MODEL"),
    "rule_validation": (standard, "done", "NEEDS_MODEL"),
    "recognition_cache": (source_of_the_second, "persistent_cache", "local"),
    "compressed_standards": (standards_told, "short", "full"),
    "parallel_execution": (at_once, str(len(FRAGMENTS)), "1"),
    "smart_retry": (times_written, "1", "2"),
}
"""Switch -> (what is looked at, what it is with the switch on, and off)."""


def test_each_switch_is_here() -> None:
    assert set(DIFFERENCES) == {field.name for field in fields(Switches)}


@pytest.mark.parametrize("switch", DIFFERENCES)
def test_each_switch_makes_its_difference(switch: str, tmp_path: Path) -> None:
    look, with_it, without_it = DIFFERENCES[switch]
    off = dataclasses.replace(Switches(), **{switch: False})
    assert Switches.from_environment({f"BAES_ENABLE_{switch.upper()}": "off"}) == off
    assert look(tmp_path / "on", Switches()) == with_it
    assert look(tmp_path / "off", off) == without_it
