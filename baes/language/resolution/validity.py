"""What "valid" means for an attribute."""

from __future__ import annotations

from typing import Any

from baes.language.named_forms import said_of_form
from baes.language.resolution.drafts import Doubt
from baes.language.vocabulary import Vocabulary
from baes.spec.attribute_types import AttributeType
from baes.spec.interpretation import Question
from baes.spec.names import words_of

__all__ = ["settle_validity"]


def settle_validity(
    told: dict[str, Any], name: str, type_: AttributeType, lexicon: Vocabulary
) -> None:
    """Say what "valid" means for an attribute: its type, or the form that its name tells.

    Args:
        told: What is said of it; "valid" is replaced, and what no longer has to be so goes.
        name: The user's words for it.
        type_: Its type.
        lexicon: The request's language.

    Raises:
        Doubt: Nobody can know when it is valid.
    """
    valid = told.pop("valid", None)
    if valid is False:
        told |= {"format": None, "pattern": None}
    if not valid or {"format", "pattern", "choices"} & set(told):
        return
    form = _form_in(name, lexicon)
    if form is not None and type_ in ("string", "text"):
        told |= dict(said_of_form(form))
    elif type_ in ("string", "text"):
        raise Doubt(Question(lexicon.question("when_valid", name=name)))


def _form_in(name: str, lexicon: Vocabulary) -> str | None:
    """The form that the words of a name tell: "CPF do cliente", "billing postal code"."""
    words = words_of(name)
    for i, word in enumerate(words):
        found = [
            (len(rest), value)
            for rest, tag, value in lexicon.entries.get(word, ())
            if tag == "named_form" and tuple(words[i + 1 : i + 1 + len(rest)]) == rest
        ]
        if found:
            return max(found)[1]
    return None
