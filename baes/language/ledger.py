"""Stage 7: what each clause was taken for, what is left over, and whether that is certain."""

from __future__ import annotations

from baes.language.facts import Asks, Background, Custom
from baes.language.reading import Reading
from baes.language.resolution import Resolved
from baes.language.vocabulary import Vocabulary
from baes.spec.changes import RemoveAttribute, RemoveEntity, RemoveRelationship, RemoveRule
from baes.spec.interpretation import Action, Interpretation, Question

__all__ = ["account", "unclear"]

_HALF_UNDERSTOOD = 0.5
_MAX_FRAGMENT = 300
_REMOVALS = (RemoveAttribute, RemoveEntity, RemoveRelationship, RemoveRule)


def account(
    readings: tuple[Reading, ...], resolved: Resolved, has_system: bool, lexicon: Vocabulary
) -> Interpretation:
    """The interpretation, certain only where nothing is left over and nothing is asked."""
    facts = [fact for reading in readings for fact in reading.facts]
    leftover = [r.text for r in readings if not r.frame]
    custom = tuple(dict.fromkeys(f.text for f in facts if isinstance(f, Custom)))
    background = tuple(dict.fromkeys(f.text for f in facts if isinstance(f, Background)))
    statements = any(not isinstance(f, Background | Custom) for f in facts)
    asks = any(isinstance(f, Asks) for f in facts)
    question = resolved.question
    if question is None and leftover:
        question = _about(leftover, statements or has_system, lexicon)
    elif question is None and asks and (resolved.entities or resolved.changes or custom):
        question = Question(lexicon.question("ask_and_change"))
    elif question is None and not statements and not custom:
        question = Question(lexicon.question("vague"))
    done = bool(resolved.entities or resolved.changes or resolved.settled)
    if question is None and not (done or asks or custom):
        question = Question(lexicon.question("vague"))
    understood = (done or asks) and resolved.question is None
    return Interpretation(
        action=_action(resolved, understood, bool(custom) and not leftover, has_system),
        confidence=1.0
        if understood and question is None
        else _HALF_UNDERSTOOD
        if understood
        else 0.0,
        entities=resolved.entities,
        relationships=resolved.relationships,
        rules=resolved.rules,
        changes=resolved.changes,
        about=resolved.about,
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
        return _deed(resolved)
    return "evolve" if only_custom and has_system and resolved.question is None else "unclear"


def _deed(resolved: Resolved) -> Action:
    """What a request that is understood does."""
    if resolved.entities:
        return "evolve" if resolved.changes else "create"
    if not resolved.changes:
        return "evolve" if resolved.settled else "describe"
    gone = all(isinstance(c, _REMOVALS) for c in resolved.changes)
    return "remove" if gone else "evolve"
