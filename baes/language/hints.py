"""Types from names: the whole name, its first word, its last, the head before "of" or "per"."""

from __future__ import annotations

import functools
from typing import cast

from baes.language.spelling import is_slip
from baes.language.vocabulary import Vocabulary, vocabulary
from baes.spec.attribute_types import AttributeType
from baes.spec.names import words_of

__all__ = ["ends_in_value", "hinted_type", "is_plain_attribute", "meant_word", "names_value"]

_SHORT_WORD = 5
_COMPOUND = 2


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
    found = found or _by_parts(words, lexicon)
    return cast("AttributeType | None", found)


def _by_parts(words: list[str], lexicon: Vocabulary) -> str | None:
    """By the chief words, those before "per" or "of", or a word in front ("still", "max")."""
    found = _by_chief(words, lexicon, (3, 2)) or _by_head(words, lexicon)
    found = found or _by_chief(words, lexicon, (1,)) or _of_event(words, lexicon)
    if found is not None or len(words) < _COMPOUND:
        return found
    first, rest = words[0], words[1:]
    if first in lexicon.hints["adverb"]:  # "still active"
        return "boolean" if lexicon.hints["whole"].get(" ".join(rest)) == "boolean" else None
    return "integer" if first in lexicon.hints["extreme"] and _counts(rest, lexicon) else None


def _counts(words: list[str], lexicon: Vocabulary) -> bool:
    """Whether several things are meant: the riders of "max riders per hour"."""
    ends = (i for i, word in enumerate(words) if i and word in lexicon.hints["head_ends"])
    head = words[: next(ends, len(words))]
    return lexicon.is_plural("_".join(head))


def meant_word(name: str, lexicon: Vocabulary) -> str:
    """The known word that the chief word of a name is a slip of ("milage"); empty: none."""
    words = words_of(name)
    if not words:
        return ""
    return _meant(words[0] if lexicon.syntax.head_first else words[-1], lexicon.language)


@functools.lru_cache(maxsize=1024)
def _meant(chief: str, language: str) -> str:
    lexicon = vocabulary(language)
    if len(chief) < _SHORT_WORD:
        return ""
    known = {*lexicon.hints["whole"], *lexicon.hints["chief"]}
    if chief in known or chief in lexicon.entries or lexicon.singular(chief) in known:
        return ""
    found = {right for right in known if " " not in right and _lacks(chief, right)}
    return found.pop() if len(found) == 1 else ""


def _lacks(word: str, right: str) -> bool:
    """Whether a letter is left out, or two changed places; one too many makes other words."""
    return len(word) <= len(right) and is_slip(word, right)


def _by_chief(words: list[str], lexicon: Vocabulary, lengths: tuple[int, ...]) -> str | None:
    chief = lexicon.hints["chief"]
    for length in lengths:
        part = " ".join(words[:length] if lexicon.syntax.head_first else words[-length:])
        if length <= len(words) and part in chief:
            alone = len(words) == length
            if not (alone and (part in lexicon.hints["not_alone"] or chief[part] == "boolean")):
                return chief[part]
    return None


def _of_event(words: list[str], lexicon: Vocabulary) -> str | None:
    """As in "last watered", a day, and "signed", so or not."""
    if len(words) == _COMPOUND and words[0] in lexicon.hints["moment_lead"]:
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
            return lexicon.hints["whole"].get(" ".join(head)) or _by_chief(head, lexicon, (3, 2, 1))
    return None


def is_plain_attribute(name: str, lexicon: Vocabulary) -> bool:
    """Whether a name is one that attributes have and entities don't."""
    return hinted_type(name, lexicon) is not None


def names_value(noun: str, lexicon: Vocabulary) -> bool:
    """Whether a noun is what things have, as "names", and no thing itself, as "loans"."""
    one = lexicon.singular("_".join(words_of(noun))).replace("_", " ")
    return one in lexicon.hints["before"] or is_plain_attribute(one, lexicon)


def ends_in_value(noun: str, lexicon: Vocabulary) -> bool:
    """Whether a noun is the name, title or price of something: "company name"."""
    words = words_of(noun)
    whole = not set(words) & set(lexicon.hints["head_ends"])  # "tabela de preço" is a thing
    last = {words[-1], lexicon.singular(words[-1])} if words and whole else set()
    return bool(last & set(lexicon.hints["before"]))
