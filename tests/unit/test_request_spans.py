"""A request as spans: what they say, whose child they are by time, and when none are sent."""

from __future__ import annotations

import datetime
import logging
import sys

import pytest

from baes.utils.optimization_metrics import MetricsRecorder, RequestMetrics, TaskMetrics
from baes.utils.request_spans import ModelCall, span_export, spans_of

START = datetime.datetime(2026, 3, 1, 12, 0, tzinfo=datetime.UTC)
EPOCH = START.timestamp()
CALL = ModelCall("gpt-4o-mini", "custom_code", 700, 150, seconds=2.0, ended_at=EPOCH + 3.0)
TO_NOBODY = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9"}


def record(error: str | None = None) -> RequestMetrics:
    ticks = iter([0.0, 0.5, 4.0, 4.0, 5.0])
    recorder = MetricsRecorder("r1", START, clock=lambda: next(ticks))
    with recorder.stage("generate"):
        pass
    tasks = [
        TaskMetrics("BackendSWEA:Course", "BackendSWEA", "Course", 0.0, 0.5),
        TaskMetrics("custom:notify", "BackendSWEA", "Course", 0.0, 3.0, "failed"),
    ]
    recorder.worked(tasks, wall_s=3.0)
    return recorder.finished(error=error)


def test_a_request_is_a_span_with_its_stages_tasks_and_calls() -> None:
    whole, stage, task, failed, call = spans_of(record("MODEL_FAILED"), [CALL])
    assert (whole.name, whole.start, whole.seconds) == ("baes request", EPOCH, 5.0)
    assert (whole.error, whole.attributes["baes.request_id"]) == ("MODEL_FAILED", "r1")
    assert (stage.name, stage.start, stage.seconds) == ("stage generate", EPOCH + 0.5, 3.5)
    assert (task.name, task.start, task.error) == ("task BackendSWEA:Course", EPOCH + 1.0, "")
    assert failed.error == "failed"
    assert (call.name, call.start, call.is_call) == ("chat gpt-4o-mini", EPOCH + 1.0, True)
    assert call.attributes == {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": "gpt-4o-mini",
        "gen_ai.usage.input_tokens": 700,
        "gen_ai.usage.output_tokens": 150,
        "baes.purpose": "custom_code",
    }


def test_a_request_that_succeeded_has_no_error() -> None:
    assert spans_of(record(), [])[0].error == ""


@pytest.mark.parametrize("environment", [{}, {**TO_NOBODY, "OTEL_SDK_DISABLED": "true"}])
def test_nothing_is_sent_unless_it_is_asked_for(environment: dict[str, str]) -> None:
    assert span_export(environment) is None


def test_a_missing_sdk_is_told_in_the_log_and_fails_nothing(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry", None)
    send = span_export(TO_NOBODY)
    assert send is not None
    with caplog.at_level(logging.WARNING):
        send(record(), [CALL])
    assert "baes[otel]" in caplog.text
