"""Taking what a user answers to a question together with what was asked about."""

from __future__ import annotations

from dataclasses import replace

from baes.core.consents import agreement
from baes.core.context_store import Memory
from baes.core.entity_recognizer import EntityRecognizer
from baes.core.open_questions import OpenQuestion
from baes.errors import NeedsAnswer, NeedsConsent, NeedsModel, NeedsOverwrite, RequestFailed
from baes.spec.model import SystemSpec
from baes.texts import Message, Speakable

__all__ = ["QuestionClosed", "answered", "completions"]


class QuestionClosed(RequestFailed):
    """The question needs no answer any more."""


def answered(
    asked: OpenQuestion, answer: str, *, current: Memory, recognizer: EntityRecognizer
) -> tuple[OpenQuestion, tuple[Speakable, ...]]:
    """(the command to go on with: its text and consents as the answer makes them, notices).

    Raises:
        QuestionClosed: The system has changed meanwhile, or the answer is no.
        NeedsAnswer: A yes or a no is wanted, and the answer is neither.
    """
    if asked.release != current.request_id:
        raise QuestionClosed.of("core.error.question_outdated")
    if asked.consent is None:
        return _completed(asked, answer, current.spec, recognizer)
    said = agreement(answer, asked.alternatives)
    if said is None:
        raise _reminder(asked)
    if not said:
        raise QuestionClosed.of("core.error.declined")
    return replace(asked, consents=asked.consents.and_also(asked.consent)), ()


def completions(text: str, answer: str, alternatives: tuple[str, ...]) -> tuple[str, str]:
    """(the request and the answer as one text, the answer alone).

    A number stands for the alternative at that place.

    >>> completions("Add a note.", "2", ("to Student", "to Course"))[1]
    'to Course'
    """
    said = answer.strip()
    if said.isdecimal() and 1 <= int(said) <= len(alternatives):
        said = alternatives[int(said) - 1]
    return f"{text.rstrip()}\n{said}", said


def _completed(
    asked: OpenQuestion, answer: str, spec: SystemSpec, recognizer: EntityRecognizer
) -> tuple[OpenQuestion, tuple[Speakable, ...]]:
    together, alone = completions(asked.text, answer, asked.alternatives)
    is_certain = recognizer.recognize(together, spec).is_certain
    if not is_certain and recognizer.recognize(alone, spec).is_certain:
        notice = Message.of("core.notice.answer_alone", text=alone)
        return replace(asked, text=alone), (notice,)
    return replace(asked, text=together), ()


def _reminder(asked: OpenQuestion) -> NeedsAnswer:
    """The same question again, for an answer that is none."""
    kinds = (NeedsConsent, NeedsOverwrite, NeedsModel)
    kind = next(k for k in kinds if k.agrees_to == asked.consent)
    return kind.of("core.error.neither", question=asked.question, answers=asked.alternatives)
