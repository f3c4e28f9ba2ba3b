"""Types from names: the whole name, its first word, its last, the head before "of" or "per"."""

from __future__ import annotations

import itertools
from typing import cast

from baes.language.vocabulary import Vocabulary
from baes.spec.attribute_types import AttributeType
from baes.spec.names import words_of

__all__ = ["hinted_type", "is_plain_attribute", "is_run_together"]

_SHORT_WORD = 5


def hinted_type(name: str, lexicon: Vocabulary) -> AttributeType | None:
    """The type that a name suggests, or ``None``."""
    hints = lexicon.hints
    words = words_of(name)
    whole = " ".join(words)
    for phrase, type_ in hints["counting"].items():
        if whole.startswith(phrase + " ") or f" {phrase} " in whole:
            return cast(AttributeType, type_)
    for phrase, type_ in hints["counting_plural"].items():
        counted = whole.removeprefix(phrase + " ").replace(" ", "_")
        if whole.startswith(phrase + " ") and lexicon.is_plural(counted):
            return cast(AttributeType, type_)
    if len(words) > 1 and words[-1] in hints["ending"] and whole not in hints["whole"]:
        return cast(AttributeType, hints["ending"][words[-1]])
    if whole in hints["string"]:
        return None
    if len(words) > 1 and words[-1] in hints["after"] and whole not in hints["whole"]:
        words = words[:-1]
    found = hints["whole"].get(" ".join(words)) or hints["whole"].get(whole)
    if found is None and len(words) > 1:
        found = hints["first"].get(words[0])
    found = found or _by_chief(words, lexicon) or _by_head(words, lexicon)
    return cast("AttributeType | None", found)


def _by_chief(words: list[str], lexicon: Vocabulary) -> str | None:
    chief = lexicon.hints["chief"]
    for length in (3, 2, 1):
        part = " ".join(words[:length] if lexicon.syntax.head_first else words[-length:])
        if length <= len(words) and part in chief:
            alone = len(words) == length
            if not (alone and (part in lexicon.hints["not_alone"] or chief[part] == "boolean")):
                return chief[part]
    if len(words) == 2 and words[0] in lexicon.hints["moment_lead"]:  # "last watered"
        return "date" if _is_participle(words[1], lexicon) else None
    return "boolean" if len(words) == 1 and _is_participle(words[0], lexicon) else None


def _is_participle(word: str, lexicon: Vocabulary) -> bool:
    """As in "reimbursed", "signed": a state that is so or not; "breed" is none."""
    endings = lexicon.hints["participle"]
    if len(word) <= _SHORT_WORD or not word.endswith(tuple(endings)):
        return False
    others = lexicon.hints["no_participle"]
    endings_of_others = tuple(other[1:] for other in others if other.startswith("-"))
    return word not in others and not (endings_of_others and word.endswith(endings_of_others))


def _by_head(words: list[str], lexicon: Vocabulary) -> str | None:
    """As in "price per night", "date of birth", "description of work": the words before."""
    for i, word in enumerate(words):
        if word in lexicon.hints["head_ends"] and 0 < i < len(words) - 1:
            head = words[:i]
            if " ".join(head) in lexicon.hints["no_head"]:
                return None
            return lexicon.hints["whole"].get(" ".join(head)) or _by_chief(head, lexicon)
    return None


def is_plain_attribute(name: str, lexicon: Vocabulary) -> bool:
    """Whether a name is one that attributes have and entities don't."""
    return hinted_type(name, lexicon) is not None


def is_run_together(name: str, lexicon: Vocabulary) -> bool:
    """Whether a name is rather a list without commas: "name phone", "title author year".

    >>> from baes.language.vocabulary import vocabulary
    >>> is_run_together("name phone", vocabulary("en")), is_run_together("a mail", vocabulary("en"))
    (True, False)
    """
    words = words_of(name)
    before, alone = lexicon.hints["before"], lexicon.hints["alone"]
    return any(a in before and b in alone for a, b in itertools.pairwise(words))
