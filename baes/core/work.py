"""One command while it is carried out, and what is reported of it afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from baes.core.consents import Consents
from baes.core.open_questions import OpenQuestion
from baes.errors import BaesError
from baes.spec.interpretation import Interpretation
from baes.texts import Speakable
from baes.utils.optimization_metrics import MetricsRecorder, RequestMetrics

__all__ = ["Command", "RequestReport", "Serving", "Work"]

Command = Literal["request", "undo", "purge"]


@dataclass(frozen=True, slots=True)
class Serving:
    """That the system shall run, and where; ``None``: where it runs, or the usual port."""

    api_port: int | None
    ui_port: int | None


@dataclass(frozen=True, slots=True)
class RequestReport:
    """What became of a request; a failed one tells its error."""

    request_id: str
    metrics: RequestMetrics
    language: str
    """Of the sentences, which is the request's wherever that is known."""
    interpretation: Interpretation | None = None
    changes: tuple[str, ...] = ()
    """In sentences."""
    description: tuple[str, ...] = ()
    """The answer to a question about the system."""
    artifacts: tuple[str, ...] = ()
    """Files written, relative to the managed system."""
    urls: tuple[tuple[str, str], ...] = ()
    """(api, docs or ui, its address) of a running system."""
    notices: tuple[str, ...] = ()
    """What the user should know besides, in sentences."""
    error: BaesError | None = None


@dataclass(slots=True)
class Work:
    """What is known of a command while it is carried out."""

    request_id: str
    recorder: MetricsRecorder
    command: Command
    text: str
    number: int | None
    consents: Consents
    serving: Serving | None
    language: str
    asked: OpenQuestion | None = None
    """The question that the user answers."""
    interpretation: Interpretation | None = None
    changes: tuple[str, ...] = ()
    description: tuple[str, ...] = ()
    artifacts: tuple[str, ...] = ()
    urls: tuple[tuple[str, str], ...] = ()
    notices: tuple[Speakable, ...] = ()

    def report(self, metrics: RequestMetrics, error: BaesError | None) -> RequestReport:
        """What became of it, put into words."""
        return RequestReport(
            request_id=self.request_id,
            metrics=metrics,
            language=self.language,
            interpretation=self.interpretation,
            changes=self.changes,
            description=self.description,
            artifacts=self.artifacts,
            urls=self.urls,
            notices=tuple(str(notice.spoken(self.language)) for notice in self.notices),
            error=error,
        )
