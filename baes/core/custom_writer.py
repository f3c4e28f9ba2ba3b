"""Having a language model write what no template expresses, and believing nothing of it.

An answer is taken apart, held against the whitelist, put into its files, formatted, linted and
reviewed like any other code, and its tests are run in a process with limits. Few and local faults
are mended in the syntax tree, which costs no call; other ones go back to the model with the reason,
a few times. Only what passed all of it becomes a part.
"""

from __future__ import annotations

import dataclasses
import re
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from baes.core.code_repair import MAX_RETRIES, CodeRepair, Repaired
from baes.core.custom_trial import tried
from baes.core.formatter import format_artifacts
from baes.core.semantic_review import SemanticReview
from baes.errors import ArtifactRejected, InvalidSpec, ModelFailed, NeedsModel
from baes.llm.model import LanguageModel, Prompt
from baes.llm.prompting import PromptText, prompt_text
from baes.spec.custom import CustomPart
from baes.spec.model import Entity, SystemSpec
from baes.spec.pipeline import Artifact
from baes.standards.compressed_standards import compressed_standards
from baes.standards.untrusted_code import untrusted_faults
from baes.swea_agents.custom_code import (
    CustomCode,
    concerned_entities,
    custom_name,
    entity_outline,
    read_back,
    split_code,
)
from baes.swea_agents.identifiers import class_name
from baes.swea_agents.techlead_swea import TechLeadSWEA
from baes.utils.feedback_log import FeedbackLog

if TYPE_CHECKING:
    from baes.core.custom_answer import CustomAnswer

__all__ = ["CustomTask", "CustomWriter", "custom_prompt"]

FAULTS_TOLD = 8
_FENCED = re.compile(r"```(?:python|py)?[ \t]*\n(.*?)\n?[ \t]*```", re.DOTALL)


@dataclass(slots=True)
class CustomTask:
    """One fragment, until there is a part for it."""

    fragment: str
    entities: tuple[Entity, ...]
    name: str
    prompt: Prompt[CustomAnswer]
    faults: tuple[str, ...] = ()
    part: CustomPart | None = None


@dataclass(slots=True)
class CustomWriter:
    """Turns fragments into parts.

    Args:
        model: Who writes; ``None``: nobody does.
        files: Puts what was written into files.
    """

    model: LanguageModel | None
    files: CustomCode
    compressed: bool = True
    """Whether the standards may be told in short (``BAES_ENABLE_COMPRESSED_STANDARDS``)."""
    retries: int = MAX_RETRIES
    """How often a fragment is written anew (``BAES_MAX_RETRIES``)."""
    smart_retry: bool = True
    """Whether what is mendable is mended (``BAES_ENABLE_SMART_RETRY``)."""
    feedback: FeedbackLog | None = None
    """Where findings are kept for analysis; ``None``: nowhere."""
    repairs: list[Repaired] = field(default_factory=list)
    """What became of all that was reviewed, of what was refused as well."""
    _tech_lead: TechLeadSWEA = field(default_factory=TechLeadSWEA)
    _reviewing: threading.Lock = field(default_factory=threading.Lock)
    """Reviews go one after the other: they share counts and a file, and want the processor."""

    def tasks(
        self,
        fragments: Iterable[str],
        spec: SystemSpec,
        *,
        touched: Iterable[str] = (),
        taken: Iterable[str] = (),
    ) -> tuple[CustomTask, ...]:
        """What is to be written for some fragments, one task each; none waits for another.

        Args:
            fragments: In the user's words.
            spec: The system that they are for, as it will be.
            touched: Entities that the request is about.
            taken: Names of functions that are there.

        Raises:
            NeedsModel: There is no model.
        """
        if self.model is None:
            raise NeedsModel.of("core.error.needs_model", fragments=", ".join(fragments))
        return tuple(self._tasks(fragments, spec, tuple(touched), set(taken)))

    def written(self, task: CustomTask, spec: SystemSpec) -> CustomPart:
        """The part for one fragment; tasks may be written at the same time, in threads.

        Raises:
            ModelFailed: It has no answer that is right.
            NeedsModel: There is no model.
        """
        if self.model is None:
            raise NeedsModel.of("core.error.needs_model", fragments=task.fragment)
        for attempt in range(1, self.retries + 2):
            (answer,) = self.model.ask([task.prompt])
            self._judge(task, answer, spec, attempt)
            if task.part is not None:
                return task.part
        faults = "; ".join(task.faults[:FAULTS_TOLD])
        raise ModelFailed.of(
            "core.error.custom_not_right",
            fragment=task.fragment,
            faults=faults,
            count=self.retries + 1,
        )

    def stop(self) -> None:
        """End what is being written in other threads."""
        if self.model is not None:
            self.model.cancel()

    def is_right(self, part: CustomPart, spec: SystemSpec) -> bool:
        """Whether a part's tests pass, for a part that was changed."""
        _, faults = self._looked_at(part, spec, tuple(spec), attempt=1)
        return not faults

    def _tasks(
        self, fragments: Iterable[str], spec: SystemSpec, touched: Sequence[str], taken: set[str]
    ) -> Iterator[CustomTask]:
        from baes.standards.compressed_standards import standards_for

        text = prompt_text("custom_code")
        rate = self.feedback.approval_rate("BackendSWEA") if self.feedback else None
        for fragment in fragments:
            entities = concerned_entities(spec, fragment, touched)
            name = custom_name(fragment, taken)
            taken.add(name)
            standards = standards_for(
                "BackendSWEA",
                compressed=self.compressed,
                entities=len(entities),
                approval_rate=rate,
            )
            prompt = custom_prompt(text, spec, entities, fragment, name, standards=standards.text)
            yield CustomTask(fragment, entities, name, prompt)

    def _judge(
        self, task: CustomTask, answer: CustomAnswer, spec: SystemSpec, attempt: int
    ) -> None:
        if not answer.can_be_done:
            raise ModelFailed.of(
                "core.error.custom_impossible", fragment=task.fragment, reason=answer.reason or "-"
            )
        names = {class_name(e.name): e.name for e in task.entities} | {
            e.name: e.name for e in task.entities
        }
        part = CustomPart(
            fragment=task.fragment,
            entity=names.get(answer.entity, ""),
            what=task.name,
            moments=tuple(dict.fromkeys(answer.moments)),
            code=_unfenced(answer.code),
            tests=_unfenced(answer.tests),
            model=self.model.name if self.model else "",
        )
        part, task.faults = self._looked_at(part, spec, task.entities, attempt, asks=True)
        if not task.faults:
            task.part = part
            return
        told = "\n".join(f"- {fault}" for fault in task.faults[:FAULTS_TOLD])
        text = prompt_text("custom_code").faults.replace("{faults}", told)
        task.prompt = task.prompt.corrected(answer.model_dump_json(), text)

    def _looked_at(
        self,
        part: CustomPart,
        spec: SystemSpec,
        entities: tuple[Entity, ...],
        attempt: int,
        *,
        asks: bool = False,
    ) -> tuple[CustomPart, tuple[str, ...]]:
        """A part, mended where it can be, and what the first check that finds anything finds.

        Args:
            part: As it was written.
            spec: The system that it is for.
            entities: Those that it may name.
            attempt: How often it was written, for the log.
            asks: Whether the model is asked about what no rule can decide.
        """
        if faults := _forbidden(part, entities):
            return part, faults
        try:
            split_code(part.code, part.what)
            made = format_artifacts(self.files.files_of(part, spec))
        except (InvalidSpec, ArtifactRejected) as error:
            return part, (str(error),)
        found = self._reviewed(made, attempt)
        if any(one.mended for one in found) and not _rejections(found):
            mended = read_back(part, *(one.artifact for one in found))
            made = format_artifacts(self.files.files_of(mended, spec))
            part, found = mended, self._repair(None).repaired(made, attempt)
        function, tests = made
        faults = _rejections(found) or _forbidden(part, entities)
        if asks and not faults:
            faults = _rejections(self._decided(found, attempt))
        system = self.files.fake_system()
        return part, faults or tried(part, function, tests, system, spec).faults

    def _reviewed(self, artifacts: Sequence[Artifact], attempt: int) -> tuple[Repaired, ...]:
        with self._reviewing:
            found = self._repair(self.feedback).repaired(artifacts, attempt)
            self.repairs += found
        return found

    def _decided(self, found: Iterable[Repaired], attempt: int) -> tuple[Repaired, ...]:
        """What the rules left undecided, as the model decides it."""
        undecided = [one for one in found if one.verdict.outcome == "uncertain"]
        if not undecided or self.model is None:
            return ()
        standards = compressed_standards("BackendSWEA").text
        review = SemanticReview(self.model, standards)
        decided = []
        for one in undecided:
            verdict = review.decided(one.artifact, one.verdict)
            decided.append(dataclasses.replace(one, verdict=verdict))
            if self.feedback is not None:
                with self._reviewing:
                    self.feedback.add(one.artifact, verdict.findings, verdict.method, attempt)
        with self._reviewing:
            self.repairs += decided
        return tuple(decided)

    def _repair(self, log: FeedbackLog | None) -> CodeRepair:
        return CodeRepair(self._tech_lead, log, enabled=self.smart_retry)


def _forbidden(part: CustomPart, entities: Iterable[Entity]) -> tuple[str, ...]:
    """What is missing in an answer, or what its code may not do."""
    classes = {class_name(entity.name) for entity in entities}
    code = untrusted_faults(part.code, "function", classes)
    tests = untrusted_faults(part.tests, "tests", classes | {part.what})
    return (
        *_formal_faults(part, classes),
        *(f"code, {fault}" for fault in code),
        *(f"tests, {fault}" for fault in tests),
    )


def _rejections(found: Iterable[Repaired]) -> tuple[str, ...]:
    return tuple(
        f"{one.artifact.path} line {finding.line}: {finding.reason} ({finding.rule})"
        for one in found
        for finding in one.verdict.findings
        if finding.outcome == "confident_rejection"
    )


def custom_prompt(
    text: PromptText,
    spec: SystemSpec,
    entities: Iterable[Entity],
    fragment: str,
    name: str,
    *,
    standards: str,
) -> Prompt[CustomAnswer]:
    """The question for one fragment: the entities' fields, the standards, and the fragment."""
    from baes.core.custom_answer import CustomAnswer

    system, user = text.filled(
        standards=standards,
        entities="\n".join(entity_outline(spec, entity) for entity in entities),
        name=name,
        fragment=" ".join(fragment.split()),
    )
    return Prompt("custom_code", system, user, CustomAnswer, text.max_answer_tokens)


def _formal_faults(part: CustomPart, classes: Iterable[str]) -> Iterator[str]:
    if not part.entity:
        yield f"entity must be one of {', '.join(sorted(classes))}"
    if not part.moments:
        yield "moments must name at least one moment"
    if not part.code.strip():
        yield "code is empty"
    if not part.tests.strip():
        yield "tests is empty"


def _unfenced(code: str) -> str:
    """Code without the fences and the prose around it."""
    found = _FENCED.findall(code)
    return "\n\n".join(found) if found else code.strip("\n")
