"""A request as OpenTelemetry spans, for whoever watches many of them.

The spans are made from the record that is kept anyway, after the request: nothing is measured
twice, and a request that nobody watches imports nothing for it. Calls of a language model carry the
names of the GenAI semantic conventions.
"""

from __future__ import annotations

import datetime
import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from baes.utils.optimization_metrics import RequestMetrics

__all__ = ["ModelCall", "SpanExport", "SpanFacts", "span_export", "spans_of"]

logger = logging.getLogger(__name__)

_ENDPOINTS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
_TIMEOUT_S = 2
"""A collector that hangs holds a command no longer than this."""
_NANO = 1_000_000_000


@dataclass(frozen=True, slots=True)
class ModelCall:
    """One call of a language model."""

    model: str
    purpose: str
    input_tokens: int
    output_tokens: int
    seconds: float
    ended_at: float
    """Seconds since the epoch."""


@dataclass(frozen=True, slots=True)
class SpanFacts:
    """What one span says; the first of several is the parent of the others."""

    name: str
    start: float
    """Seconds since the epoch."""
    seconds: float
    attributes: Mapping[str, str | int | float]
    is_call: bool = False
    """Whether somebody else's server was waited for."""
    error: str = ""


SpanExport = Callable[[RequestMetrics, Iterable[ModelCall]], None]


def spans_of(record: RequestMetrics, calls: Iterable[ModelCall]) -> tuple[SpanFacts, ...]:
    """The request, its stages and tasks, and the calls of a language model.

    Nothing of the request's text or of a model's answer is among them.
    """
    began = datetime.datetime.fromisoformat(record.started_at).timestamp()
    facts: dict[str, str | int | float] = {
        "baes.request_id": record.request_id,
        "baes.outcome": record.outcome,
        "baes.tokens": record.total_tokens,
        "baes.model_calls": record.llm_calls,
        "baes.template_usage": record.template_usage,
    }
    error = "" if record.success else record.outcome
    whole = SpanFacts("baes request", began, record.total_time, facts, error=error)
    stages = (
        SpanFacts(f"stage {s.name}", began + s.start, s.seconds, {"baes.stage": s.name})
        for s in record.stages
    )
    tasks = (
        SpanFacts(
            f"task {t.id}",
            began + t.start,
            t.seconds,
            {"baes.agent": t.agent, "baes.entity": t.entity, "baes.outcome": t.outcome},
            error="" if t.outcome == "success" else t.outcome,
        )
        for t in record.tasks
    )
    return (whole, *stages, *tasks, *map(_call_span, calls))


def span_export(environment: Mapping[str, str]) -> SpanExport | None:
    """Sends spans where OpenTelemetry's variables say; ``None`` where they say nothing."""
    named = any(environment.get(name, "").strip() for name in _ENDPOINTS)
    if not named or environment.get("OTEL_SDK_DISABLED", "").strip().lower() == "true":
        return None
    return _export


def _call_span(call: ModelCall) -> SpanFacts:
    facts: dict[str, str | int | float] = {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": call.model,
        "gen_ai.usage.input_tokens": call.input_tokens,
        "gen_ai.usage.output_tokens": call.output_tokens,
        "baes.purpose": call.purpose,
    }
    began = call.ended_at - call.seconds
    return SpanFacts(f"chat {call.model}", began, call.seconds, facts, is_call=True)


def _export(record: RequestMetrics, calls: Iterable[ModelCall]) -> None:
    """Send the spans; that it can't be done is logged and fails nothing."""
    try:
        from opentelemetry import trace
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError:
        logger.warning("spans are wanted, and OpenTelemetry is not installed: baes[otel]")
        return
    provider = TracerProvider(
        resource=Resource.create({"service.name": "baes"}), shutdown_on_exit=False
    )
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(timeout=_TIMEOUT_S)))
    tracer = provider.get_tracer("baes")
    whole, *parts = spans_of(record, calls)

    def began(facts: SpanFacts, context: object = None) -> trace.Span:
        kind = trace.SpanKind.CLIENT if facts.is_call else trace.SpanKind.INTERNAL
        span: trace.Span = tracer.start_span(
            facts.name,
            context=context,
            kind=kind,
            attributes=dict(facts.attributes),
            start_time=int(facts.start * _NANO),
        )
        if facts.error:
            span.set_status(trace.Status(trace.StatusCode.ERROR, facts.error))
        return span

    parent = began(whole)
    for part in parts:
        child = began(part, trace.set_span_in_context(parent))
        child.end(end_time=int((part.start + part.seconds) * _NANO))
    parent.end(end_time=int((whole.start + whole.seconds) * _NANO))
    provider.shutdown()
