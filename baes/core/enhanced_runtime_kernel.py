"""One request from text to running system; the kernel only conducts.

Each step is somebody else's: recognising, generating, staging, checking, deploying. Until the
deployment commits, the managed system is as it was.
"""

from __future__ import annotations

import datetime
import logging
import textwrap
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from baes.core.answers import QuestionClosed, answered
from baes.core.change_texts import change_texts, describe_entity
from baes.core.code_generation import CodeGenerator, Generated
from baes.core.consents import Consents
from baes.core.custom_code import custom_question, read_custom, rewritten_custom
from baes.core.entity_recognizer import EntityRecognizer
from baes.core.generator_version import generator_version
from baes.core.history import Entry, read_history
from baes.core.managed_system_manager import ManagedSystemManager, Release
from baes.core.manifest import outdated_paths, read_manifest
from baes.core.open_questions import OpenQuestion, OpenQuestions
from baes.core.preview import Preview, consent_question, preview, refusal
from baes.core.project_lock import TIMEOUT_S, project_lock
from baes.core.project_paths import ProjectPaths
from baes.core.purge import archived, erase, erasure_text, purge_question
from baes.core.server_supervisor import ServerSupervisor
from baes.core.suite import Suite
from baes.core.switches import Switches
from baes.core.undo import plan_undo
from baes.core.undo_texts import undo_question
from baes.core.warm_process import WarmProcess
from baes.errors import BaesError, NeedsAnswer, NeedsModel, Unclear
from baes.spec.apply import apply
from baes.spec.changes import Change
from baes.spec.codec import change_to_json
from baes.spec.impact import changed_entities, removed_entities
from baes.spec.interpretation import Interpretation
from baes.spec.model import SystemSpec
from baes.spec.pipeline import GenerationContext
from baes.texts import DEFAULT_LANGUAGE, Message, Speakable, known_language, text
from baes.utils.optimization_metrics import MetricsLog, MetricsRecorder, RequestMetrics

__all__ = ["Consents", "EnhancedRuntimeKernel", "RequestReport", "Serving"]

Command = Literal["request", "undo", "purge"]

logger = logging.getLogger(__name__)

MAX_FRAGMENTS = 3
"""Fragments of a request that a message repeats."""

MAX_QUOTED = 80
"""Characters of a fragment that a message repeats."""


@dataclass(frozen=True, slots=True)
class Serving:
    """That the system shall run, and where."""

    api_port: int
    ui_port: int


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
class _Work:
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


class EnhancedRuntimeKernel:
    """Carries out requests on one project.

    Args:
        project: Folder of the project; made when a request is carried out.
        switches: The optimisations that are on.
        progress: Told each step in a few words.
        background_suite: Whether the system's own tests run after each deploy.
        language: What is spoken where no request decides.
        lock_timeout_s: How long to wait for another command on the same project.
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
    ) -> None:
        self._paths = ProjectPaths(project)
        self._progress = progress
        self._language = language
        self._lock_timeout_s = lock_timeout_s
        warm = WarmProcess(self._paths)  # tries and migrates the release, and then may serve it
        self._manager = ManagedSystemManager(self._paths, warm)
        self._supervisor = ServerSupervisor(self._paths, warm)
        self._recognizer = EntityRecognizer.of_project(
            self._paths.root, cached=switches.recognition_cache
        )
        self._generator = CodeGenerator(switches)
        self._suite = Suite(self._paths, is_on=background_suite)
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

        def step(work: _Work) -> None:
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
    ) -> _Work:
        id_ = request_id or uuid.uuid4().hex[:12]
        recorder = MetricsRecorder(id_, datetime.datetime.now(datetime.UTC))
        return _Work(id_, recorder, command, text, number, consents, serving, self._language)

    def _report(self, work: _Work, step: Callable[[_Work], None]) -> RequestReport:
        error: BaesError | None = None
        try:
            self._locked(work, step)
        except BaesError as exc:
            error = exc.spoken(work.language)
        self._note_question(work, error)
        metrics = self._record(work, error)
        return RequestReport(
            request_id=work.request_id,
            metrics=metrics,
            language=work.language,
            interpretation=work.interpretation,
            changes=work.changes,
            description=work.description,
            artifacts=work.artifacts,
            urls=work.urls,
            notices=tuple(str(notice.spoken(work.language)) for notice in work.notices),
            error=error,
        )

    def _locked(self, work: _Work, step: Callable[[_Work], None]) -> None:
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

    def _carry_out(self, work: _Work) -> None:
        spec = self._manager.current().spec
        self._progress(Message.of("core.progress.understanding"))
        with work.recorder.stage("recognize"):
            interpretation = self._recognizer.recognize(work.text, spec)
        work.interpretation, work.language = interpretation, known_language(interpretation.language)
        work.recorder.answered("what does it mean", self._recognizer.counts)
        _refuse_open_ends(interpretation, work.consents)
        if interpretation.action == "describe":
            about = interpretation.about or tuple(entity.name for entity in spec)
            described = (describe_entity(spec, spec.entity(e), work.language) for e in about)
            work.description = tuple(described)
        elif changes := interpretation.all_changes():
            old = spec if spec.version else replace(spec, language=interpretation.language)
            self._change(work, old, self._preview(work, old, changes))
        self._recognizer.remember(work.text, spec, interpretation)

    def _undo(self, work: _Work) -> None:
        current = self._manager.current()
        plan = plan_undo(read_history(self._paths, current), current.spec, work.number)
        found = self._looked_up(work, current.spec, plan.changes)
        if not work.consents.data_loss:
            raise undo_question(plan, current.spec, found, work.language)
        self._change(work, current.spec, found, undoes=plan.entries)

    def _purge(self, work: _Work) -> None:
        now = datetime.datetime.now(datetime.UTC)
        things = archived(self._paths, older_than_days=work.number, now=now)
        if things and not work.consents.data_loss:
            raise purge_question(things, work.language)
        if not things:
            work.description = (text(work.language, "core.archive.empty"),)
            return
        erase(self._paths, things)
        work.changes = tuple(erasure_text(thing, work.language) for thing in things)

    def _answer(self, work: _Work, answer: str) -> None:
        work.asked = asked = self._questions.find(work.request_id)
        work.command, work.text, work.number = asked.command, asked.text, asked.number
        work.consents = work.consents.joined(asked.consents)
        current = self._manager.current()
        goes_on, notices = answered(asked, answer, current=current, recognizer=self._recognizer)
        work.text, work.notices = goes_on.text, work.notices + notices
        work.consents = work.consents.joined(goes_on.consents)
        steps = {"request": self._carry_out, "undo": self._undo, "purge": self._purge}
        steps[asked.command](work)

    def _note_question(self, work: _Work, error: BaesError | None) -> None:
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
        work: _Work,
        old: SystemSpec,
        found: Preview,
        *,
        undoes: tuple[Entry, ...] = (),
    ) -> None:
        changes = found.changes
        new = apply(old, changes)
        self._progress(Message.of("core.progress.writing"))
        made = read_manifest(self._paths)
        anew = made.generator != generator_version()
        with work.recorder.stage("generate"):
            generated = self._generate(work, GenerationContext(old, changes, new, anew))
        removed = generated.removed_paths
        if anew:
            removed = tuple({*removed, *outdated_paths(made, generated.artifacts)})
        custom = rewritten_custom(read_custom(self._paths), old, changes)
        if custom.uses and not work.consents.overwrite_edits:
            raise custom_question(custom.uses)
        release = Release(
            version=new.version,
            request_id=work.request_id,
            spec=new,
            artifacts=generated.artifacts,
            removed_paths=removed,
            rewritten=custom.files,
            renamed_paths=custom.gone,
            summary=change_texts(old, new, found.requested, work.language),
            text=work.text,
            changes=tuple(change_to_json(change) for change in changes),
            created_at=work.recorder.started_at.isoformat(),
            undoes=tuple(entry.memory.request_id for entry in undoes),
        )
        self._deploy(work, release)
        evolved = changed_entities(old, new) + removed_entities(old, new)
        self._recognizer.forget(name for name in evolved if old.find(name))
        work.changes = release.summary
        work.notices += found.of("tells")

    def _preview(self, work: _Work, old: SystemSpec, changes: tuple[Change, ...]) -> Preview:
        """What the changes would do to the data, where the user agrees to it.

        Raises:
            RequestFailed: The data stand in the way.
            NeedsConsent: Data would be lost or changed.
        """
        found = self._looked_up(work, old, changes)
        if found.of("loses") and not work.consents.data_loss:
            raise consent_question(found)
        return found

    def _looked_up(self, work: _Work, old: SystemSpec, changes: tuple[Change, ...]) -> Preview:
        new = apply(old, changes)
        if work.serving:
            self._supervisor.prewarm(work.serving.api_port, work.serving.ui_port)
        else:
            self._manager.prewarm()
        with work.recorder.stage("preview"):
            found = preview(self._paths.database, old, changes, new)
        if found.of("blocks"):
            raise refusal(found)
        return found

    def _generate(self, work: _Work, context: GenerationContext) -> Generated:
        try:
            generated = self._generator.generate(context)
        finally:
            for question, counts in self._generator.counts.items():
                work.recorder.answered(question, counts)
        for artifact in generated.artifacts:
            work.recorder.made(artifact.template)
        for verdict in generated.verdicts:
            work.recorder.reviewed(verdict)
        return generated

    def _deploy(self, work: _Work, release: Release) -> None:
        staged = self._manager.stage(
            release,
            overwrite_edits=work.consents.overwrite_edits,
            originals=lambda: self._generator.files_of(self._manager.current().spec),
        )
        self._progress(Message.of("core.progress.trying"))
        with work.recorder.stage("gate"):
            self._manager.gate(staged)
        self._progress(Message.of("core.progress.deploying"))
        with work.recorder.stage("deploy"):
            # A server that runs is given the release even when the request asks for none.
            tested = self._suite.stop()  # it would meet files of two releases
            try:
                deployed = self._manager.deploy(staged, self._supervisor.live())
            except BaseException:
                if tested:
                    self._start_suite(self._manager.current().request_id)
                raise
        self._start_suite(release.request_id)
        work.artifacts = deployed.written
        work.notices += deployed.notices

    def _start_suite(self, request_id: str) -> None:
        try:
            self._suite.start(request_id)
        except OSError as exc:
            logger.warning("the tests could not be started: %s", exc)

    def _serve(self, work: _Work, serving: Serving) -> None:
        self._progress(Message.of("core.progress.starting"))
        with work.recorder.stage("serve"):
            servers = self._supervisor.start(serving.api_port, serving.ui_port)
        work.urls = servers.urls

    def _record(self, work: _Work, error: BaesError | None) -> RequestMetrics:
        """Keep what the request cost; a log that can't be written does not undo a request."""
        read = work.interpretation
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
        return metrics


def _refuse_open_ends(interpretation: Interpretation, consents: Consents) -> None:
    """Ask instead of guessing.

    Raises:
        Unclear: A part of the request is not understood, or has two meanings.
        NeedsModel: A fragment wants a language model.
    """
    if not interpretation.is_certain:
        asked = interpretation.question
        question = asked.text if asked else Message.of("core.open.example")
        answers = asked.alternatives if asked else ()
        if interpretation.unexplained and interpretation.entities:
            fragments = _quoted(interpretation.unexplained)
            raise Unclear.of(
                "core.error.not_understood",
                fragments=fragments,
                question=question,
                answers=answers,
            )
        raise Unclear.of("core.error.unclear", question=question, answers=answers)
    if interpretation.custom and not consents.without_custom:
        raise NeedsModel.of("core.error.needs_model", fragments=_quoted(interpretation.custom))


def _quoted(fragments: tuple[str, ...]) -> object:
    """The first few fragments, each cut to a readable length."""
    cut = [textwrap.shorten(f, MAX_QUOTED, placeholder=" …") for f in fragments[:MAX_FRAGMENTS]]
    shown = ", ".join(f"“{fragment}”" for fragment in cut)
    more = len(fragments) - MAX_FRAGMENTS
    return Message.of("core.open.more", shown=shown, count=more) if more > 0 else shown
