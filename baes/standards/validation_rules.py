"""Judging code by rules: certain approval, certain rejection, or undecided, each with its lines.

A rule is data: patterns that must not fit, that must, and that leave the question open. The weakest
result decides for the whole: one certain rejection rejects, else one undecided rule leaves the
whole undecided. What can't be applied is undecided; nothing is approved unseen.
"""

from __future__ import annotations

import fnmatch
import logging
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple

from baes.errors import InvalidSpec
from baes.spec.pipeline import Outcome
from baes.standards import (  # noqa: F401  importing them registers the finders
    answer_finders,
    assertion_finders,
    async_finders,
    call_finders,
    constraint_finders,
    exception_finders,
    flow_finders,
    lifecycle_finders,
    migration_finders,
    model_finders,
    page_finders,
    resource_finders,
    route_finders,
    sql_finders,
    statement_finders,
)
from baes.standards.artifact_code import LANGUAGES, Code, Language, Match, code_of
from baes.standards.bounded_regex import compiled, places_in
from baes.standards.finders import FINDERS, options_of
from baes.standards.sql_schema import SqlFault

__all__ = [
    "MAX_SIZE",
    "SYNTAX",
    "Pattern",
    "Reason",
    "RuleResult",
    "ValidationResult",
    "ValidationRule",
    "is_readable",
    "validate_code",
]

logger = logging.getLogger(__name__)

DEFAULT_THRESHOLD = 0.8
SYNTAX = "syntax"
"""Id of the results about code that can't be read; no rule has it."""
MAX_SIZE = 250_000
"""Characters of a file beyond which it is left undecided: reading it would take a second."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A regular expression over the lines, or a finder over the syntax tree; checked when made.

    Raises:
        InvalidSpec: The expression is broken, or there is no such finder or option.
    """

    reason: str
    """Said of each place; ``{note}`` stands for what was found."""
    regex: str = ""
    finder: str = ""
    language: Language | None = None
    """What a regular expression looks at (``None``: everything); a finder knows its own."""
    options: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    confidence: float = 1.0
    _compiled: re.Pattern[str] | None = field(default=None, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Compile once, and refuse what could never be applied."""
        object.__setattr__(self, "options", MappingProxyType(dict(self.options)))
        if bool(self.regex) == bool(self.finder):
            raise _bad_pattern(self, "it needs either a regex or a finder")
        if not 0 < self.confidence <= 1:
            raise _bad_pattern(self, "its confidence is not between 0 and 1")
        if self.language not in (None, *LANGUAGES):
            raise _bad_pattern(self, f"there is no language {self.language}")
        if self.finder:
            self._check_finder()
            return
        try:
            object.__setattr__(self, "_compiled", compiled(self.regex))
        except ValueError as exc:
            raise _bad_pattern(self, str(exc)) from exc

    def _check_finder(self) -> None:
        if self.finder not in FINDERS:
            raise _bad_pattern(self, f"there is no such finder; there are {', '.join(FINDERS)}")
        unknown = self.options.keys() - options_of(self.finder)
        if unknown:
            raise _bad_pattern(self, f"the finder takes no option {min(unknown)}")

    @property
    def name(self) -> str:
        """What the pattern is called in results."""
        return self.finder or self.regex

    def reads(self, language: Language) -> bool:
        """Whether the pattern looks at code of a language."""
        return language == FINDERS[self.finder][0] if self.finder else (
            self.language in (None, language)
        )  # fmt: skip

    def matches(self, code: Code) -> tuple[Match, ...]:
        """The places that fit, by line."""
        if self._compiled is not None:
            return tuple(places_in(code.lines, self._compiled))
        found = FINDERS[self.finder][1](code, self.options)
        return tuple(sorted(found, key=lambda match: match.line))

    def said_of(self, match: Match) -> str:
        """The reason, about one place."""
        return self.reason.replace("{note}", match.note)


@dataclass(frozen=True, slots=True)
class ValidationRule:
    """One standard of generated code.

    Raises:
        InvalidSpec: It has no pattern, or its threshold makes no sense.
    """

    id: str
    description: str
    category: str
    """What it is listed under: ``backend``, ``frontend``, ``database``, ``test``, ``general``."""
    applies_to: frozenset[str]
    """Agents whose code it judges: ``backend`` …"""
    elsewhere: tuple[str, ...] = ()
    """Files that it is not about: patterns of paths, as of file names."""
    required: tuple[Pattern, ...] = ()
    prohibited: tuple[Pattern, ...] = ()
    uncertainty: tuple[Pattern, ...] = ()
    subject: tuple[Pattern, ...] = ()
    """The rule is about code in which one of these fits; none: about all."""
    linter: tuple[str, ...] = ()
    """Beginnings of the linter's codes that this rule stands for."""
    threshold: float = DEFAULT_THRESHOLD
    """Confidence from which an answer is certain."""
    enabled: bool = True
    version: int = 1

    def __post_init__(self) -> None:
        """Refuse a rule that could only approve."""
        if not (self.required or self.prohibited or self.uncertainty or self.linter):
            raise InvalidSpec(
                f"the rule {self.id} has no pattern",
                "it would approve everything",
                "give it a required or a prohibited pattern",
            )
        if not 0 < self.threshold <= 1:
            raise InvalidSpec(f"the threshold of the rule {self.id} is not between 0 and 1")

    def concerns(self, swea_type: str, language: Language, path: str = "") -> bool:
        """Whether the rule has anything to say about an agent's file in a language."""
        patterns = (*self.required, *self.prohibited, *self.uncertainty)
        return (
            self.enabled
            and swea_type in self.applies_to
            and not any(fnmatch.fnmatch(path, pattern) for pattern in self.elsewhere)
            and any(pattern.reads(language) for pattern in patterns)
        )


class Reason(NamedTuple):
    """Why, at one place."""

    line: int
    """1-based; 0: about the whole."""
    text: str
    column: int = 0
    """1-based; 0: about the whole line."""


@dataclass(frozen=True, slots=True)
class RuleResult:
    """What one rule says."""

    rule_id: str
    outcome: Outcome
    confidence: float
    matched: tuple[str, ...] = ()
    """Names of the patterns that fitted."""
    failed: tuple[str, ...] = ()
    """Names of the required patterns that did not."""
    reasons: tuple[Reason, ...] = ()
    """One a place, by line."""

    @property
    def reason(self) -> str:
        """All reasons in one text."""
        return "; ".join(reason.text for reason in self.reasons)

    @property
    def lines(self) -> tuple[int, ...]:
        """The lines of the places, each once."""
        return tuple(sorted({reason.line for reason in self.reasons if reason.line}))


@dataclass(frozen=True, slots=True)
class ValidationResult:
    """What all rules together say."""

    outcome: Outcome
    confidence: float
    results: tuple[RuleResult, ...]


def validate_code(
    code: str,
    swea_type: str,
    rules: Iterable[ValidationRule],
    language: Language = "python",
    path: str = "",
) -> ValidationResult:
    """Judge code by the rules that concern it.

    Args:
        code: The text of one file.
        swea_type: Whose code it is: ``backend``, ``database``, ``frontend``, ``test``.
        rules: Those that don't concern such code are passed over.
        language: What the text is written in.
        path: Of the file, for rules that are not about some.
    """
    subject = code_of(code, language)
    unreadable = _unreadable(subject)
    if unreadable is not None:
        return ValidationResult(unreadable.outcome, unreadable.confidence, (unreadable,))
    results = tuple(
        _apply(rule, subject) for rule in rules if rule.concerns(swea_type, language, path)
    )
    return _together(results)


def is_readable(code: str, language: Language) -> bool:
    """Whether a text is code at all, as far as a parser can say; deep nesting kills some."""
    return _unreadable(code_of(code, language)) is None


def _together(results: tuple[RuleResult, ...]) -> ValidationResult:
    if not results:
        nobody = _verdict("none", "uncertain", 0.0, 0, "no rule is about code of this kind")
        return ValidationResult("uncertain", 0.0, (nobody,))
    ordered: tuple[Outcome, ...] = ("confident_rejection", "uncertain", "confident_approval")
    outcome = min((result.outcome for result in results), key=ordered.index)
    deciding = [result.confidence for result in results if result.outcome == outcome]
    strongest = max if outcome == "confident_rejection" else min
    return ValidationResult(outcome, strongest(deciding), results)


def _unreadable(code: Code) -> RuleResult | None:
    """A rejection of what is no code at all; undecided where the parser itself gives up."""
    if len(code.text) > MAX_SIZE:
        why = f"too large to be read: {len(code.text):,} characters of at most {MAX_SIZE:,}"
        return _verdict(SYNTAX, "uncertain", 0.0, 0, why)
    if "\0" in code.text:
        line = code.line_at(code.text.index("\0"))
        return _verdict(SYNTAX, "confident_rejection", 1.0, line, "a null character is in the text")
    try:
        if code.language == "python":
            _ = code.python
        elif code.language == "sql":
            _ = code.sql
    except SqlFault as exc:
        outcome: Outcome = "uncertain" if exc.may_be_ours else "confident_rejection"
        confidence = 0.0 if exc.may_be_ours else 1.0
        return _verdict(SYNTAX, outcome, confidence, exc.line, f"no SQL: {exc.reason}")
    except SyntaxError as exc:
        return _verdict(
            SYNTAX, "confident_rejection", 1.0, exc.lineno or 0, f"no Python: {exc.msg}"
        )
    except ValueError as exc:
        return _verdict(SYNTAX, "confident_rejection", 1.0, 0, f"no Python: {exc}")
    except (RecursionError, MemoryError) as exc:
        return _verdict(SYNTAX, "uncertain", 0.0, 0, f"too deeply nested to be read: {exc}")
    return None


def _apply(rule: ValidationRule, code: Code) -> RuleResult:
    """One rule's result; a rule that breaks is undecided."""
    try:
        return _result(rule, code)
    except Exception as exc:  # a finder may meet code that nobody thought of
        logger.exception("rule %s can't be applied", rule.id)
        return _verdict(rule.id, "uncertain", 0.0, 0, f"the rule can't be applied: {exc!r}")


def _verdict(rule: str, outcome: Outcome, confidence: float, line: int, reason: str) -> RuleResult:
    return RuleResult(rule, outcome, confidence, reasons=(Reason(line, reason),))


def _result(rule: ValidationRule, code: Code) -> RuleResult:
    about = [pattern for pattern in rule.subject if pattern.reads(code.language)]
    if about and not any(pattern.matches(code) for pattern in about):
        return RuleResult(rule.id, "confident_approval", 1.0)
    faults = _places(rule.prohibited, code)
    missing = [
        (pattern, Match(0))
        for pattern in rule.required
        if pattern.reads(code.language) and not pattern.matches(code)
    ]
    sure = [place for place in faults + missing if _confidence(place) >= rule.threshold]
    if sure:
        return _from_places(rule, "confident_rejection", sure, max(map(_confidence, sure)))
    open_ = faults + missing + _places(rule.uncertainty, code)
    if open_:
        return _from_places(rule, "uncertain", open_, 1 - max(map(_confidence, open_)))
    return RuleResult(rule.id, "confident_approval", 1.0)


_Place = tuple[Pattern, Match]


def _places(patterns: Iterable[Pattern], code: Code) -> list[_Place]:
    return [
        (pattern, match)
        for pattern in patterns
        if pattern.reads(code.language)
        for match in pattern.matches(code)
    ]


def _confidence(place: _Place) -> float:
    pattern, match = place
    return pattern.confidence * match.confidence


def _from_places(
    rule: ValidationRule, outcome: Outcome, places: list[_Place], confidence: float
) -> RuleResult:
    failed = {pattern.name for pattern, _ in places if pattern in rule.required}
    matched = {pattern.name for pattern, _ in places} - failed
    reasons = sorted({Reason(m.line, pattern.said_of(m), m.column) for pattern, m in places})
    return RuleResult(
        rule.id, outcome, confidence, tuple(sorted(matched)), tuple(sorted(failed)), tuple(reasons)
    )


def _bad_pattern(pattern: Pattern, why: str) -> InvalidSpec:
    return InvalidSpec(f"the pattern {pattern.name or '(empty)'} can't be used", why)
