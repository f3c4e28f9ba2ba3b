"""Stage 7: what each clause was taken for, what is left over, and whether that is certain."""

from __future__ import annotations

from baes.language.facts import AllFields, Background, Custom, Declares, Describes, Limits, Links
from baes.language.reading import Reading
from baes.language.resolution import Resolved
from baes.language.vocabulary import Vocabulary
from baes.spec.interpretation import Action, Interpretation, Question

__all__ = ["account", "unclear"]

_HALF_UNDERSTOOD = 0.5
_MAX_FRAGMENT = 300


def account(
    readings: tuple[Reading, ...], resolved: Resolved, has_system: bool, lexicon: Vocabulary
) -> Interpretation:
    """The interpretation, certain only where nothing is left over and nothing is asked."""
    facts = [fact for reading in readings for fact in reading.facts]
    leftover = [r.text for r in readings if not r.frame] + list(resolved.unexplained)
    custom = tuple(dict.fromkeys(f.text for f in facts if isinstance(f, Custom)))
    background = tuple(dict.fromkeys(f.text for f in facts if isinstance(f, Background)))
    statements = any(
        isinstance(f, Declares | Describes | Links | Limits | AllFields) for f in facts
    )
    question = resolved.question
    if question is None and leftover:
        question = _about(leftover, statements, lexicon)
    elif question is None and not statements and not custom:
        question = Question(lexicon.question("vague"))
    understood = bool(resolved.entities or resolved.changes) and resolved.question is None
    return Interpretation(
        action=_action(resolved, understood, bool(custom) and not leftover, has_system),
        confidence=1.0
        if understood and question is None
        else _HALF_UNDERSTOOD
        if understood
        else 0.0,
        entities=resolved.entities,
        relationships=resolved.relationships,
        changes=resolved.changes,
        assumptions=resolved.assumptions,
        background=background,
        custom=custom,
        unexplained=tuple(fragment[:_MAX_FRAGMENT] for fragment in leftover),
        question=question,
        language=lexicon.language,
    )


def unclear(question: str, fragment: str, lexicon: Vocabulary) -> Interpretation:
    """An interpretation that only asks."""
    return Interpretation(
        action="unclear",
        confidence=0.0,
        unexplained=(fragment[:_MAX_FRAGMENT],) if fragment else (),
        question=Question(question),
        language=lexicon.language,
    )


def _about(leftover: list[str], statements: bool, lexicon: Vocabulary) -> Question:
    if not statements:
        return Question(lexicon.question("off_topic"))
    return Question(lexicon.question("unexplained", fragment=leftover[0][:120]))


def _action(resolved: Resolved, understood: bool, only_custom: bool, has_system: bool) -> Action:
    if understood:
        return "create" if resolved.entities else "evolve"
    return "evolve" if only_custom and has_system and resolved.question is None else "unclear"
