"""Repair without writing anew: review, decide, patch, review again.

Code of a model or a person whose faults are few and local is mended in its syntax tree, which
costs no tokens; several unrelated faults, or structural ones, are a reason to write it anew. A
template's artifact is never mended: its fault is the generator's.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from baes.core.formatter import fix_artifacts, format_artifacts, lint_artifacts
from baes.errors import ArtifactRejected, WrongUsage
from baes.spec.pipeline import Artifact, Finding, Verdict
from baes.swea_agents.techlead_swea import RepairDecision, TechLeadSWEA
from baes.utils.feedback_log import FeedbackLog

__all__ = ["MAX_RETRIES", "CodeRepair", "Repaired", "max_retries"]

MAX_RETRIES = 3
"""Times that rejected code is written anew, unless ``BAES_MAX_RETRIES`` says otherwise."""
MOST_RETRIES = 20
CHARACTERS_A_TOKEN = 4
"""For what a regeneration would have cost; a server's own count is not known before."""


def max_retries(environment: Mapping[str, str]) -> int:
    """How often rejected code is written anew: ``BAES_MAX_RETRIES``.

    Raises:
        WrongUsage: It is no number from 0 to 20.
    """
    said = environment.get("BAES_MAX_RETRIES", "").strip()
    if not said:
        return MAX_RETRIES
    if not said.isdecimal() or int(said) > MOST_RETRIES:
        raise WrongUsage.of("core.error.retries", value=said, most=MOST_RETRIES)
    return int(said)


@dataclass(frozen=True, slots=True)
class Repaired:
    """What became of one artifact."""

    artifact: Artifact
    verdict: Verdict
    """The last review's."""
    decision: RepairDecision
    mended: tuple[Finding, ...] = ()
    tokens_saved: int = 0
    """What writing it anew would have cost at least, where a patch made that unnecessary."""

    @property
    def is_approved(self) -> bool:
        """Whether it may be used as it is."""
        return self.verdict.outcome == "confident_approval"


class CodeRepair:
    """Reviews code that no template wrote, and mends what is mendable.

    Args:
        tech_lead: Who reviews and decides.
        log: Where findings are kept for analysis; ``None``: nowhere.
        enabled: Whether patches are tried (``BAES_ENABLE_SMART_RETRY``).
        trust_comments: Whether a comment in the code may switch a check of the linter off; a
            model's may not.
    """

    def __init__(
        self,
        tech_lead: TechLeadSWEA,
        log: FeedbackLog | None = None,
        *,
        enabled: bool = True,
        trust_comments: bool = False,
    ) -> None:
        self._tech_lead = tech_lead
        self._log = log
        self._enabled = enabled
        self._trust_comments = trust_comments

    def repaired(self, artifacts: Sequence[Artifact], attempt: int = 1) -> tuple[Repaired, ...]:
        """Each artifact after review and, where the tech lead decides so, a patch.

        Args:
            artifacts: Formatted files of one system; each is reviewed by one linter call for all.
            attempt: How often the code was written, for the log.
        """
        verdicts = self._reviews(artifacts)
        return tuple(
            self._repaired(artifact, verdict, attempt)
            for artifact, verdict in zip(artifacts, verdicts, strict=True)
        )

    def approved(
        self,
        write: Callable[[tuple[Finding, ...]], Artifact],
        *,
        retries: int = MAX_RETRIES,
        undecided: Callable[[Artifact, Verdict], Verdict] | None = None,
    ) -> Repaired:
        """Code that was written, mended, or written anew until it is approved.

        Args:
            write: Writes the code; is told what is wrong with the last attempt, at first nothing.
            retries: How often it is written anew.
            undecided: Decides where the rules can't; nobody: it counts as rejected.

        Raises:
            ArtifactRejected: It was never right; names artifact, rule, line and what was tried.
        """
        findings: tuple[Finding, ...] = ()
        tried: list[str] = []
        for attempt in range(1, retries + 2):
            (found,) = self.repaired([write(findings)], attempt)
            if found.verdict.outcome == "uncertain" and undecided is not None:
                verdict = undecided(found.artifact, found.verdict)
                found = dataclasses.replace(found, verdict=verdict)
            if found.is_approved:
                return found
            findings = found.verdict.findings
            tried.append(found.decision)
        raise _refusal(found, tried)

    def _reviews(self, artifacts: Sequence[Artifact]) -> tuple[Verdict, ...]:
        diagnostics = lint_artifacts(artifacts, trust_comments=self._trust_comments)
        return tuple(self._tech_lead.review(artifact, diagnostics) for artifact in artifacts)

    def _repaired(self, artifact: Artifact, verdict: Verdict, attempt: int) -> Repaired:
        decision = self._tech_lead.decide_repair(verdict)
        if decision == "patch" and not self._enabled:
            decision = "regenerate"
        found = Repaired(artifact, verdict, decision)
        if decision == "patch":
            found = self._patched(artifact, verdict)
        if self._log is not None:
            self._log.add(artifact, verdict.findings, found.decision, attempt)
        return found

    def _patched(self, artifact: Artifact, verdict: Verdict) -> Repaired:
        from baes.utils.code_patcher import patched  # libcst takes a fifth of a second to import

        is_sql = artifact.path.endswith(".sql")
        result = patched(artifact.content, verdict.findings, is_sql=is_sql)
        changed = dataclasses.replace(artifact, content=result.content)
        try:
            (changed,) = format_artifacts(fix_artifacts([changed]))
        except ArtifactRejected:
            return Repaired(artifact, verdict, "regenerate")
        (again,) = self._reviews([changed])
        if again.outcome == "confident_rejection":
            return Repaired(artifact, verdict, "regenerate")
        saved = len(artifact.content) // CHARACTERS_A_TOKEN
        return Repaired(changed, again, "patch", result.mended, saved)


def _refusal(found: Repaired, tried: Sequence[str]) -> ArtifactRejected:
    faults = [f for f in found.verdict.findings if f.outcome != "confident_approval"]
    return ArtifactRejected.of(
        "core.error.never_right",
        path=found.artifact.path,
        reasons="; ".join(f"line {f.line}: {f.reason} ({f.rule})" for f in faults[:3]),
        attempts=len(tried),
        tried=", ".join(dict.fromkeys(tried)),
    )
