"""One request from text to running system; the kernel only conducts.

Each step is somebody else's: recognising, generating, staging, checking, deploying. Until the
deployment commits, the managed system is as it was.
"""

from __future__ import annotations

import datetime
import logging
import uuid
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from baes.core.answers import QuestionClosed, answered
from baes.core.change_pipeline import ChangePipeline
from baes.core.change_texts import describe_entity
from baes.core.code_generation import CodeGenerator
from baes.core.code_repair import MAX_RETRIES
from baes.core.consents import Consents
from baes.core.custom_writer import CustomWriter
from baes.core.entity_recognizer import EntityRecognizer
from baes.core.history import Entry, read_history
from baes.core.managed_system_manager import ManagedSystemManager
from baes.core.open_ends import refuse_open_ends
from baes.core.open_questions import OpenQuestion, OpenQuestions
from baes.core.preview import Preview
from baes.core.project_lock import TIMEOUT_S, project_lock
from baes.core.project_paths import ProjectPaths
from baes.core.purge import archived, erase, erasure_text, purge_question
from baes.core.server_supervisor import ServerSupervisor
from baes.core.suite import Suite
from baes.core.switches import Switches
from baes.core.undo import plan_undo
from baes.core.undo_texts import undo_question
from baes.core.warm_process import WarmProcess
from baes.core.work import Command, RequestReport, Serving, Work
from baes.errors import BaesError, NeedsAnswer
from baes.llm.model import LanguageModel, Purpose
from baes.spec.apply import apply
from baes.spec.custom import CustomPart
from baes.spec.impact import changed_entities, removed_entities
from baes.spec.model import SystemSpec
from baes.swea_agents.custom_code import CustomCode
from baes.texts import DEFAULT_LANGUAGE, Message, known_language, text
from baes.utils.feedback_log import FeedbackLog
from baes.utils.optimization_metrics import MetricsLog, MetricsRecorder, RequestMetrics
from baes.utils.request_spans import ModelCall, SpanExport
from baes.utils.template_registry import TemplateRegistry

__all__ = ["STAGES", "Consents", "EnhancedRuntimeKernel", "RequestReport", "Serving"]

logger = logging.getLogger(__name__)

STAGES: dict[Purpose, str] = {
    "recognition": "recognize",
    "custom_code": "custom",
    "semantic_review": "generate",
    "artifact": "generate",
    "check": "check",
}
"""What a language model is asked for -> the stage that pays for it."""


class EnhancedRuntimeKernel:
    """Carries out requests on one project.

    Args:
        project: Folder of the project; made when a request is carried out.
        switches: The optimisations that are on.
        progress: Told each step in a few words.
        background_suite: Whether the system's own tests run after each deploy.
        language: What is spoken where no request decides.
        lock_timeout_s: How long to wait for another command on the same project.
        model: The language model, for what nothing else answers; ``None``: there is none.
        retries: How often it writes anew what was not right.
        spans: Told what each request cost, for those who watch from elsewhere.
    """

    def __init__(
        self,
        project: Path,
        *,
        switches: Switches,
        background_suite: bool = True,
        progress: Callable[[Message], None] = lambda _: None,
        language: str = DEFAULT_LANGUAGE,
        lock_timeout_s: float = TIMEOUT_S,
        model: LanguageModel | None = None,
        retries: int = MAX_RETRIES,
        spans: SpanExport | None = None,
    ) -> None:
        self._paths = ProjectPaths(project)
        self._progress = progress
        self._language = language
        self._lock_timeout_s = lock_timeout_s
        self._model = model
        self._spans = spans
        warm = WarmProcess(self._paths)  # tries and migrates the release, and then may serve it
        self._manager = ManagedSystemManager(self._paths, warm)
        self._supervisor = ServerSupervisor(self._paths, warm)
        self._recognizer = EntityRecognizer.of_project(
            self._paths.root, cached=switches.recognition_cache, model=model
        )
        self._pipeline = ChangePipeline(
            self._paths,
            CodeGenerator(switches),
            self._manager,
            self._supervisor,
            Suite(self._paths, is_on=background_suite),
            CustomWriter(
                model,
                CustomCode(TemplateRegistry()),
                compressed=switches.compressed_standards,
                retries=retries,
                smart_retry=switches.smart_retry,
                feedback=FeedbackLog.of_logs(self._paths.logs),
            ),
            parallel=switches.parallel_execution,
            progress=progress,
        )
        self._questions = OpenQuestions(self._paths)

    def carry_out(
        self, text: str, *, consents: Consents, serving: Serving | None = None
    ) -> RequestReport:
        """Carry out one request, whatever it is; errors are told in the report."""
        work = self._new_work("request", text, None, consents, serving)
        return self._report(work, self._carry_out)

    def undo(self, count: int | None = None, *, consents: Consents) -> RequestReport:
        """Take requests back, as a release of its own; errors are told in the report.

        Args:
            count: How many of the last requests that stand; if left out, the last release, which
                an undo is as well.
            consents: What the user agreed to beforehand.
        """
        text = "undo" if count is None else f"undo {count}"
        return self._report(self._new_work("undo", text, count, consents, None), self._undo)

    def purge(self, older_than_days: int | None = None, *, consents: Consents) -> RequestReport:
        """Empty the archive for good, of all or of what is old; errors are told in the report."""
        said = "purge" if older_than_days is None else f"purge --older-than {older_than_days}"
        work = self._new_work("purge", said, older_than_days, consents, None)
        return self._report(work, self._purge)

    def answer(
        self, request_id: str, answer: str, *, consents: Consents, serving: Serving | None = None
    ) -> RequestReport:
        """Go on with a command that stopped for a question; errors are told in the report.

        Args:
            request_id: Of the report that put the question.
            answer: What the user says to it.
            consents: What the user agrees to besides.
            serving: As for a request.
        """
        work = self._new_work("request", "", None, consents, serving, request_id)

        def step(work: Work) -> None:
            self._answer(work, answer)

        return self._report(work, step)

    def _new_work(
        self,
        command: Command,
        text: str,
        number: int | None,
        consents: Consents,
        serving: Serving | None,
        request_id: str = "",
    ) -> Work:
        id_ = request_id or uuid.uuid4().hex[:12]
        recorder = MetricsRecorder(id_, datetime.datetime.now(datetime.UTC))
        if self._model is not None:
            self._model.begin(id_)
        return Work(id_, recorder, command, text, number, consents, serving, self._language)

    def _report(self, work: Work, step: Callable[[Work], None]) -> RequestReport:
        error: BaesError | None = None
        try:
            self._locked(work, step)
        except BaesError as exc:
            error = exc.spoken(work.language)
        self._note_question(work, error)
        return work.report(self._record(work, error), error)

    def _locked(self, work: Work, step: Callable[[Work], None]) -> None:
        try:
            with project_lock(
                self._paths,
                purpose=f"baes {work.command}",
                timeout_s=self._lock_timeout_s,
                on_wait=self._progress,
            ):
                with work.recorder.stage("recover"):
                    work.notices += self._manager.recover().notices
                step(work)
                if work.serving:
                    self._serve(work, work.serving)
        finally:
            self._supervisor.close()
            work.notices += self._recognizer.close()

    def _carry_out(self, work: Work) -> None:
        spec = self._manager.current().spec
        self._progress(Message.of("core.progress.understanding"))
        with work.recorder.stage("recognize"):
            interpretation = self._recognizer.recognize(work.text, spec)
        work.interpretation, work.language = interpretation, known_language(interpretation.language)
        work.recorder.answered("what does it mean", self._recognizer.counts)
        refuse_open_ends(interpretation, work.consents, has_model=self._model is not None)
        writes = bool(interpretation.custom) and not work.consents.without_custom
        if interpretation.action == "describe":
            about = interpretation.about or tuple(entity.name for entity in spec)
            described = (describe_entity(spec, spec.entity(e), work.language) for e in about)
            work.description = tuple(described)
        elif (changes := interpretation.all_changes()) or writes:
            old = spec if spec.version else replace(spec, language=interpretation.language)
            found = self._pipeline.preview(work, old, changes)
            self._change(work, old, found, fragments=interpretation.custom)
        self._recognizer.remember(work.text, spec, interpretation)

    def _undo(self, work: Work) -> None:
        current = self._manager.current()
        plan = plan_undo(read_history(self._paths, current), current.spec, work.number)
        found = self._pipeline.looked_up(work, current.spec, plan.changes)
        if not work.consents.data_loss:
            raise undo_question(plan, current.spec, found, work.language)
        self._change(work, current.spec, found, undoes=plan.entries, custom_after=plan.custom)

    def _purge(self, work: Work) -> None:
        now = datetime.datetime.now(datetime.UTC)
        things = archived(self._paths, older_than_days=work.number, now=now)
        if things and not work.consents.data_loss:
            raise purge_question(things, work.language)
        if not things:
            work.description = (text(work.language, "core.archive.empty"),)
            return
        erase(self._paths, things)
        work.changes = tuple(erasure_text(thing, work.language) for thing in things)

    def _answer(self, work: Work, answer: str) -> None:
        work.asked = asked = self._questions.find(work.request_id)
        work.command, work.text, work.number = asked.command, asked.text, asked.number
        work.consents = work.consents.joined(asked.consents)
        current = self._manager.current()
        goes_on, notices = answered(asked, answer, current=current, recognizer=self._recognizer)
        work.text, work.notices = goes_on.text, work.notices + notices
        work.consents = work.consents.joined(goes_on.consents)
        steps = {"request": self._carry_out, "undo": self._undo, "purge": self._purge}
        steps[asked.command](work)

    def _note_question(self, work: Work, error: BaesError | None) -> None:
        """Keep the question open so that it can be answered; close it when it was."""
        try:
            if isinstance(error, NeedsAnswer):
                same = work.asked is not None and work.asked.question == error.question
                self._questions.put(
                    OpenQuestion(
                        request_id=work.request_id,
                        command=work.command,
                        question=error.question,
                        alternatives=error.alternatives,
                        consent=error.consent,
                        text=work.asked.text if same and work.asked else work.text,
                        number=work.number,
                        consents=work.consents,
                        release=self._manager.current().request_id,
                    )
                )
            elif error is None or isinstance(error, QuestionClosed):
                self._questions.close(work.request_id)
        except (OSError, BaesError) as exc:
            logger.warning("the question could not be kept open: %s", exc)

    def _change(
        self,
        work: Work,
        old: SystemSpec,
        found: Preview,
        *,
        undoes: tuple[Entry, ...] = (),
        fragments: tuple[str, ...] = (),
        custom_after: tuple[CustomPart, ...] | None = None,
    ) -> None:
        """Make the changes; what was recognised of the entities before is then out of date."""
        self._pipeline.change(
            work, old, found, undoes=undoes, fragments=fragments, custom_after=custom_after
        )
        new = apply(old, found.changes)
        evolved = changed_entities(old, new) + removed_entities(old, new)
        self._recognizer.forget(name for name in evolved if old.find(name))

    def _serve(self, work: Work, serving: Serving) -> None:
        self._progress(Message.of("core.progress.starting"))
        with work.recorder.stage("serve"):
            servers = self._supervisor.start(serving.api_port, serving.ui_port)
        work.urls = servers.urls

    def _record(self, work: Work, error: BaesError | None) -> RequestMetrics:
        """Keep what the request cost; a log that can't be written does not undo a request."""
        read = work.interpretation
        for call in self._model.calls if self._model else ():
            work.recorder.spent(STAGES[call.purpose], call.tokens)
        metrics = work.recorder.finished(
            action=read.action if read else None,
            error=error.code if error else None,
            source=read.source if read else None,
        )
        facts = {
            "request_id": work.request_id,
            "outcome": metrics.outcome,
            "seconds": round(metrics.total_time, 3),
            "tokens": metrics.total_tokens,
            "request": work.text,
        }
        logger.info("request %s: %s", work.request_id, metrics.outcome, extra=facts)
        try:
            MetricsLog.of_project(self._paths.root).append(metrics)
        except OSError as exc:
            logger.warning("the metrics could not be written: %s", exc)
        if self._spans is not None:
            self._spans(metrics, self._model_calls())
        return metrics

    def _model_calls(self) -> tuple[ModelCall, ...]:
        model = self._model
        return tuple(
            ModelCall(
                model.name,
                call.purpose,
                call.prompt_tokens,
                call.answer_tokens,
                call.seconds,
                call.ended_at,
            )
            for call in (model.calls if model else ())
            if model
        )
