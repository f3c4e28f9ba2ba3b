"""Every error that BAES raises, in one tree.

Each says what happened, why, and what to try next; the terminal text and the JSON both come from
these three, and they come from the catalogues of :mod:`baes.texts`, so that an error that is raised
where no language is known is told in the user's. A class fixes the ``code`` of the JSON and the
exit status of the command.

    BaesError
    ├── RequestFailed            1  the request could not be carried out
    │   ├── InvalidSpec          1  a value or change that no system can have
    │   ├── ArtifactRejected     1  a template's artifact broke a rule: a fault of the generator
    │   ├── GateFailed           1  the staged system does not start or does not answer
    │   ├── ProjectBusy          1  another command holds the project
    │   ├── ProjectDamaged       1  files of the project can't be read or contradict each other
    │   ├── ServerFailed         1  a server can't be started, reached or stopped
    │   └── ModelFailed          1  the language model gave nothing that can be used
    ├── WrongUsage               2  options or arguments that make no sense
    └── NeedsAnswer              3  a question is put; nothing was changed
        ├── Unclear              3  the request, or a part of it, is not understood
        ├── NeedsConsent         3  something would be lost or overwritten
        │   └── NeedsOverwrite   3  a file that a person wrote in would be replaced
        └── NeedsModel           3  a fragment wants a language model, and there is none
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal, Self

from baes.texts import DEFAULT_LANGUAGE, Speakable, alternatives, has_text, said, text

__all__ = [
    "ArtifactRejected",
    "BaesError",
    "ConsentName",
    "GateFailed",
    "InvalidSpec",
    "ModelFailed",
    "NeedsAnswer",
    "NeedsConsent",
    "NeedsModel",
    "NeedsOverwrite",
    "ProjectBusy",
    "ProjectDamaged",
    "RequestFailed",
    "ServerFailed",
    "Unclear",
    "WrongUsage",
]

ConsentName = Literal["data_loss", "overwrite_edits", "without_custom"]
"""What a user can agree to."""


class BaesError(Exception):
    """What happened, why, and what to try next.

    Args:
        what: One clause in the user's words, without a full stop.
        why: The cause, as far as it is known.
        next: A command, an option or a wording that works.
    """

    code: ClassVar[str] = "FAILED"
    exit_status: ClassVar[int] = 1

    def __init__(self, what: str, why: str = "", next: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.why = why
        self.next = next
        self.key = ""
        """Where the catalogues have the texts; empty where they were given in words."""
        self.slots: Mapping[str, object] = {}
        self.place: Speakable | str = ""
        """Whose work it happened in, as a sentence; empty where that says nothing."""

    @classmethod
    def of(cls, key: str, /, **slots: object) -> Self:
        """The error whose texts stand under a key: ``what``, and ``why`` and ``next`` if any.

        Its attributes are in English, for logs; ``spoken`` gives another language.
        """
        error = cls._in_words(DEFAULT_LANGUAGE, key, slots)
        error.key, error.slots = key, slots
        return error

    def spoken(self, language: str) -> Self:
        """The error in the words of a language."""
        error = self._in_words(language, self.key, self.slots) if self.key else self
        error.place = str(said(self.place, language))
        return error

    @classmethod
    def _in_words(cls, language: str, key: str, slots: Mapping[str, object]) -> Self:
        parts = (f"{key}.{part}" for part in ("what", "why", "next"))
        return cls(*(text(language, part, **slots) if has_text(part) else "" for part in parts))

    @property
    def message(self) -> str:
        """The three parts, and the place, as one text of up to four sentences."""
        told = (self.what, self.why, str(self.place), self.next)
        parts = (part.strip().rstrip(".") for part in told)
        return " ".join(f"{_capitalised(part)}." for part in parts if part)

    def __str__(self) -> str:
        return self.message


def _capitalised(sentence: str) -> str:
    """A sentence with a capital, unless it begins with a path, a command or another name."""
    word = sentence.split(maxsplit=1)[0].rstrip(",:;")
    return sentence[0].upper() + sentence[1:] if word.isalpha() and word != "baes" else sentence


class RequestFailed(BaesError):
    """The request could not be carried out; the system is as it was."""

    code = "REQUEST_FAILED"


class InvalidSpec(RequestFailed):
    """A specification, or a change to one, that no system can have."""

    code = "INVALID_SPEC"


class ArtifactRejected(RequestFailed):
    """A generated artifact broke a rule."""

    code = "ARTIFACT_REJECTED"


class GateFailed(RequestFailed):
    """The staged system did not start, migrate or answer as it should."""

    code = "GATE_FAILED"


class ProjectBusy(RequestFailed):
    """Another command works on the project."""

    code = "PROJECT_BUSY"


class ProjectDamaged(RequestFailed):
    """Files of the project can't be read, or contradict each other."""

    code = "PROJECT_DAMAGED"


class ServerFailed(RequestFailed):
    """A server can't be started, reached or stopped."""

    code = "SERVER_FAILED"


class ModelFailed(RequestFailed):
    """The language model could not be reached, was too dear, or gave nothing that can be used."""

    code = "MODEL_FAILED"


class WrongUsage(BaesError):
    """Options or arguments that make no sense."""

    code = "WRONG_USAGE"
    exit_status = 2


class NeedsAnswer(BaesError):
    """A question is put to the user; nothing was changed.

    Args:
        what: What is unclear or needs consent.
        why: The fragment or the data that it is about.
        next: How to answer.
        question: The question itself.
        alternatives: The answers that would do, the likeliest first.
    """

    code = "UNCLEAR"
    exit_status = 3
    agrees_to: ClassVar[ConsentName | None] = None

    def __init__(
        self,
        what: str,
        why: str = "",
        next: str = "",
        *,
        question: str = "",
        alternatives: tuple[str, ...] = (),
    ) -> None:
        super().__init__(what, why, next)
        self.question = question or what
        self.alternatives = alternatives

    @classmethod
    def _in_words(cls, language: str, key: str, slots: Mapping[str, object]) -> Self:
        """Also the ``question`` and its ``alternatives``, where the catalogue has them.

        Answers that somebody else made come as the slot ``answers``.
        """
        error = super()._in_words(language, key, slots)
        if has_text(f"{key}.question"):
            error.question = text(language, f"{key}.question", **slots)
        if has_text(f"{key}.alternatives"):
            error.alternatives = alternatives(language, f"{key}.alternatives", **slots)
        answers = slots.get("answers")
        if isinstance(answers, tuple):
            error.alternatives = answers
        return error

    @property
    def consent(self) -> ConsentName | None:
        """What a plain yes agrees to; ``None`` where other words are wanted, or nothing helps."""
        return self.agrees_to if self.alternatives else None


class Unclear(NeedsAnswer):
    """The request, or a part of it, is not understood."""


class NeedsConsent(NeedsAnswer):
    """Something would be lost or overwritten."""

    code = "NEEDS_CONSENT"
    agrees_to: ClassVar[ConsentName | None] = "data_loss"


class NeedsOverwrite(NeedsConsent):
    """A file that a person wrote in would be replaced."""

    agrees_to = "overwrite_edits"


class NeedsModel(NeedsAnswer):
    """A fragment of the request wants a language model, and none is configured."""

    code = "NEEDS_MODEL"
    agrees_to = "without_custom"
