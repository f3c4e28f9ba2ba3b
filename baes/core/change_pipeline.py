"""From changes of the specification to a release that is deployed."""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Callable, Iterable

from baes.core.change_texts import change_texts
from baes.core.code_generation import CodeGenerator, Generated
from baes.core.custom_code import (
    custom_question,
    read_custom,
    rewritten_custom,
    suspects_notice,
)
from baes.core.custom_parts import opened, parts_after, retried, with_fragments, without_written
from baes.core.custom_writer import CustomTask, CustomWriter
from baes.core.formatter import format_artifacts
from baes.core.generator_version import generator_version
from baes.core.history import Entry
from baes.core.managed_system_manager import ManagedSystemManager, Release
from baes.core.manifest import outdated_paths, read_manifest
from baes.core.preview import Preview, consent_question, preview, refusal
from baes.core.project_paths import ProjectPaths
from baes.core.server_supervisor import ServerSupervisor
from baes.core.suite import Suite
from baes.core.task_graph import GraphTask, TaskDependencyGraph
from baes.core.work import Work
from baes.spec.apply import apply
from baes.spec.changes import Change
from baes.spec.codec import change_to_json
from baes.spec.custom import CustomPart
from baes.spec.impact import changed_entities
from baes.spec.model import SystemSpec
from baes.spec.pipeline import Artifact, GenerationContext
from baes.swea_agents.custom_code import custom_path
from baes.texts import Message, text

__all__ = ["ChangePipeline"]

logger = logging.getLogger(__name__)

MODEL_S = 5.0
"""What a language model takes for a function, about."""


class ChangePipeline:
    """Looks at changes before they are made, and makes them.

    Args:
        paths: The project.
        generator: Makes the files.
        manager: Tries and deploys the release.
        supervisor: Knows the server that a release is given to.
        suite: The system's own tests, started after each deploy.
        writer: Writes what no template expresses; may be without a model.
        parallel: Whether what waits may wait side by side.
        progress: Told each step in a few words.
    """

    def __init__(
        self,
        paths: ProjectPaths,
        generator: CodeGenerator,
        manager: ManagedSystemManager,
        supervisor: ServerSupervisor,
        suite: Suite,
        writer: CustomWriter,
        *,
        parallel: bool,
        progress: Callable[[Message], None],
    ) -> None:
        self._paths = paths
        self._generator = generator
        self._manager = manager
        self._supervisor = supervisor
        self._suite = suite
        self._writer = writer
        self._parallel = parallel
        self._progress = progress

    def change(
        self,
        work: Work,
        old: SystemSpec,
        found: Preview,
        *,
        undoes: tuple[Entry, ...] = (),
        fragments: tuple[str, ...] = (),
        custom_after: tuple[CustomPart, ...] | None = None,
    ) -> None:
        """Deploy the release that the changes lead to.

        Args:
            work: Told what was done.
            old: The system as it is.
            found: The changes, looked at.
            undoes: What they take back.
            fragments: What no template expresses.
            custom_after: All such parts as they shall be; what follows from the rest if left out.

        Raises:
            NeedsConsent: A person's code or edits would be replaced.
            BaesError: The release can't be made or is not right; the system is as it was.
        """
        changes = found.changes
        new = apply(old, changes)
        if new is old:  # only what no template expresses is new; it is a release all the same
            new = dataclasses.replace(old, version=old.version + 1)
        self._progress(Message.of("core.progress.writing"))
        made = read_manifest(self._paths)
        anew = made.generator != generator_version()
        before = self._manager.current().custom
        parts = custom_after or ()
        wanted: tuple[str, ...] = ()
        if custom_after is None:
            parts = self._kept_parts(work, before, GenerationContext(old, changes, new))
            wanted = without_written(fragments, parts)
        context = GenerationContext(old, changes, new, anew)
        with work.recorder.stage("generate"):
            generated, news = self._written(work, context, parts, wanted)
        parts = with_fragments(parts, news)
        artifacts = (*generated.artifacts, *self._custom_files(parts, new))
        removed = generated.removed_paths
        removed += _gone(self._custom_files(before, old), artifacts)
        if anew:
            removed = tuple({*removed, *outdated_paths(made, artifacts)})
        custom = rewritten_custom(read_custom(self._paths), old, changes)
        if custom.uses and not work.consents.overwrite_edits:
            raise custom_question(custom)
        release = Release(
            version=new.version,
            request_id=work.request_id,
            spec=new,
            artifacts=artifacts,
            removed_paths=removed,
            rewritten=custom.files,
            renamed_paths=custom.gone,
            summary=(
                *change_texts(old, new, found.requested, work.language),
                *_custom_texts(before, parts, work.language),
            ),
            text=work.text,
            changes=tuple(change_to_json(change) for change in changes),
            created_at=work.recorder.started_at.isoformat(),
            undoes=tuple(entry.memory.request_id for entry in undoes),
            custom=parts,
        )
        self._deploy(work, release)
        work.changes = release.summary
        work.notices += found.of("tells")
        if custom.suspects:
            work.notices += (suspects_notice(custom),)

    def preview(self, work: Work, old: SystemSpec, changes: tuple[Change, ...]) -> Preview:
        """What the changes would do to the data, where the user agrees to it.

        Raises:
            RequestFailed: The data stand in the way.
            NeedsConsent: Data would be lost or changed.
        """
        found = self.looked_up(work, old, changes)
        if found.of("loses") and not work.consents.data_loss:
            raise consent_question(found)
        return found

    def looked_up(self, work: Work, old: SystemSpec, changes: tuple[Change, ...]) -> Preview:
        """What the changes would do to the data.

        Raises:
            RequestFailed: The data stand in the way.
        """
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

    def _kept_parts(
        self, work: Work, before: tuple[CustomPart, ...], context: GenerationContext
    ) -> tuple[CustomPart, ...]:
        """What no template expressed before, after the changes."""
        after = parts_after(before, context.old, context.changes)
        after_trial = retried(
            after.parts, before, lambda part: self._writer.is_right(part, context.new)
        )
        work.notices += after.notices + after_trial.notices
        return after_trial.parts

    def _written(
        self,
        work: Work,
        context: GenerationContext,
        parts: tuple[CustomPart, ...],
        wanted: tuple[str, ...],
    ) -> tuple[Generated, tuple[CustomPart, ...]]:
        """(the files, the new parts that no template expresses), written side by side.

        Raises:
            BaesError: A task has failed; the others are ended.
        """
        if work.consents.without_custom or not wanted:
            custom: tuple[CustomTask, ...] = ()
        else:
            self._progress(Message.of("core.progress.asking_model"))
            custom = self._writer.tasks(
                wanted,
                context.new,
                touched=changed_entities(context.old, context.new),
                taken=(part.what for part in parts),
            )
        graph = TaskDependencyGraph(
            (
                *(self._custom_task(task, context.new) for task in custom),
                *self._generator.tasks(context),
            )
        )
        try:
            done = graph.run(
                parallel=self._parallel,
                stop=self._writer.stop,
                seen=lambda timeline: work.recorder.worked(timeline.runs, timeline.wall_s),
            )
        finally:
            work.recorder.spanned("custom", map(_id_of, custom))
            self._note(work)
        generated = self._generator.generated(done.results)
        for artifact in generated.artifacts:
            work.recorder.made(artifact.template)
        for verdict in generated.verdicts:
            work.recorder.reviewed(verdict)
        if work.consents.without_custom:
            return generated, tuple(opened(CustomPart(fragment)) for fragment in wanted)
        return generated, tuple(done.results[_id_of(task)] for task in custom)

    def _custom_task(self, task: CustomTask, spec: SystemSpec) -> GraphTask:
        return GraphTask(
            _id_of(task),
            "BackendSWEA",
            task.entities[0].name if len(task.entities) == 1 else "",
            lambda _: self._writer.written(task, spec),
            waits=True,
            expected_s=MODEL_S,
        )

    def _note(self, work: Work) -> None:
        """Who answered what, also when a task failed."""
        for question, counts in self._generator.counts.items():
            work.recorder.answered(question, counts)
        for found in self._writer.repairs:
            work.recorder.reviewed(found.verdict)
            work.recorder.repaired(found.decision, found.tokens_saved)
        self._writer.repairs.clear()

    def _custom_files(self, parts: Iterable[CustomPart], spec: SystemSpec) -> tuple[Artifact, ...]:
        return format_artifacts(self._writer.files.files(parts, spec))

    def _deploy(self, work: Work, release: Release) -> None:
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


def _id_of(task: CustomTask) -> str:
    return f"custom:{task.name}"


def _gone(before: Iterable[Artifact], after: Iterable[Artifact]) -> tuple[str, ...]:
    """Files that were made, and are made no more."""
    made = {artifact.path for artifact in after}
    return tuple(artifact.path for artifact in before if artifact.path not in made)


def _custom_texts(
    before: tuple[CustomPart, ...], after: tuple[CustomPart, ...], language: str
) -> tuple[str, ...]:
    """In sentences, what became of the parts that no template expresses."""
    known = {(part.fragment, part.is_open) for part in before}
    return tuple(
        text(language, "core.changes.custom_open", fragment=part.fragment)
        if part.is_open
        else text(language, "core.changes.custom", fragment=part.fragment, path=custom_path(part))
        for part in after
        if (part.fragment, part.is_open) not in known
    ) + tuple(
        text(language, "core.changes.custom_gone", fragment=part.fragment)
        for part in before
        if part.fragment not in {other.fragment for other in after}
    )
