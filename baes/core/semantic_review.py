"""What no rule can decide is asked of the language model: the undecided sections, and no more.

A proof is not asked about: code that a rule rejects is rejected, whatever a model thinks of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from baes.llm.model import LanguageModel, Prompt
from baes.llm.prompting import prompt_text
from baes.spec.pipeline import Artifact, Finding, Verdict
from baes.standards.sections import undecided_sections

if TYPE_CHECKING:
    from baes.core.semantic_answer import SemanticAnswer

__all__ = ["SemanticReview"]


class SemanticReview:
    """Asks once about the same doubts of the same code.

    Args:
        model: Who is asked.
        standards: What it is told of the standards.
    """

    def __init__(self, model: LanguageModel, standards: str) -> None:
        self._model = model
        self._standards = standards
        self._said: dict[tuple[str, str], SemanticAnswer] = {}

    def decided(self, artifact: Artifact, verdict: Verdict) -> Verdict:
        """An undecided verdict as the model decides it; any other as it is.

        Raises:
            ModelFailed: It has no answer.
        """
        if verdict.outcome != "uncertain":
            return verdict
        doubts = [f for f in verdict.findings if f.outcome == "uncertain"]
        answer = self._answer(artifact, doubts)
        if answer.acceptable:
            return Verdict(artifact.path, "confident_approval", "llm_semantic_review")
        reason = answer.reason.strip() or "the model does not accept it"
        rejected = tuple(
            Finding(f.rule, "confident_rejection", f"{f.reason}: {reason}", f.line, f.column)
            for f in doubts
        )
        return Verdict(artifact.path, "confident_rejection", "llm_semantic_review", rejected)

    def _answer(self, artifact: Artifact, doubts: list[Finding]) -> SemanticAnswer:
        told = "\n".join(f"- {f.rule}: {f.reason}" for f in doubts)
        sections = undecided_sections(artifact.content, (f.line for f in doubts))
        code = "\n\n".join(section.text for section in sections)
        if (told, code) not in self._said:
            (self._said[told, code],) = self._model.ask([self._prompt(told, code)])
        return self._said[told, code]

    def _prompt(self, doubts: str, code: str) -> Prompt[SemanticAnswer]:
        from baes.core.semantic_answer import SemanticAnswer

        text = prompt_text("semantic_review")
        system, user = text.filled(standards=self._standards, doubts=doubts, code=code)
        return Prompt("semantic_review", system, user, SemanticAnswer, text.max_answer_tokens)
