"""Names: what the user wrote, and the safe words made of it.

An entity's name is PascalCase and an attribute's snake_case, both in the user's own language with
accents folded away; the ``label`` keeps the word as written. Words reserved by Python, SQL or a
library stay allowed here: the templates give them another name inside.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from baes.errors import InvalidSpec
from baes.texts import Message

__all__ = [
    "MAX_NAME_LENGTH",
    "AttributeName",
    "EntityName",
    "bad_name",
    "fold",
    "in_sentence",
    "is_attribute_name",
    "is_entity_name",
    "pascal_case",
    "snake_case",
    "spaced",
    "words_of",
]

MAX_NAME_LENGTH = 63
"""Characters; PostgreSQL's limit of identifiers, the tightest of the databases in question."""

_ENTITY = re.compile(r"[A-Z][A-Za-z0-9]*")
_ATTRIBUTE = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z](?!s(?![a-z]))[a-z])")
_WORD = re.compile(r"[A-Za-z0-9]+")
_APOSTROPHE_S = re.compile(r"['\u2019](?=s\b)", re.IGNORECASE)
_NO_DECOMPOSITION = str.maketrans(
    {"ß": "ss", "æ": "ae", "Æ": "AE", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "œ": "oe", "đ": "d"}
)


def fold(text: str) -> str:
    """A text without its accents.

    >>> fold("Avó"), fold("ação")
    ('Avo', 'acao')
    """
    decomposed = unicodedata.normalize("NFKD", text.translate(_NO_DECOMPOSITION))
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def _loses_letters(text: str) -> bool:
    """Whether letters of it are none of a name, so that it would be called by the rest alone."""
    return any(char.isalpha() and not char.isascii() for char in fold(text))


def words_of(text: str) -> list[str]:
    """The words of a name in lower case, without accents.

    >>> words_of("WarehouseItem"), words_of("date-of birth"), words_of("Avó"), words_of("child's")
    (['warehouse', 'item'], ['date', 'of', 'birth'], ['avo'], ['childs'])
    >>> words_of("DVDs"), words_of("HTTPServer")
    (['dvds'], ['http', 'server'])
    """
    folded = _APOSTROPHE_S.sub("", fold(text))
    return [word.lower() for word in _WORD.findall(_CAMEL.sub(" ", folded))]


def snake_case(text: str) -> str:
    """The words of a text as a snake_case name.

    >>> snake_case("Unit price"), snake_case("OrderItem")
    ('unit_price', 'order_item')
    """
    return "_".join(words_of(text))


def pascal_case(text: str) -> str:
    """The words of a text as a PascalCase name.

    >>> pascal_case("warehouse item"), pascal_case("order_line")
    ('WarehouseItem', 'OrderLine')
    """
    return "".join(word[:1].upper() + word[1:] for word in words_of(text))


def is_entity_name(name: str) -> bool:
    """Whether a text is a well-formed entity name."""
    return len(name) <= MAX_NAME_LENGTH and _ENTITY.fullmatch(name) is not None


def is_attribute_name(name: str) -> bool:
    """Whether a text is a well-formed attribute or relationship name."""
    return len(name) <= MAX_NAME_LENGTH and _ATTRIBUTE.fullmatch(name) is not None


@dataclass(frozen=True, slots=True)
class EntityName:
    """An entity's name and the user's word for it."""

    name: str
    label: str

    @classmethod
    def from_text(cls, text: str) -> EntityName:
        """The name made of a user's word in the singular.

        Raises:
            InvalidSpec: No name can be made of it.
        """
        name = pascal_case(text)
        if not is_entity_name(name) or _loses_letters(text):
            raise bad_name("entity", text)
        return cls(name, label_of(text))


@dataclass(frozen=True, slots=True)
class AttributeName:
    """An attribute's or relationship's name and the user's word for it."""

    name: str
    label: str

    @classmethod
    def from_text(cls, text: str) -> AttributeName:
        """The name made of a user's word.

        Raises:
            InvalidSpec: No name can be made of it.
        """
        name = snake_case(text)
        if not is_attribute_name(name) or _loses_letters(text):
            raise bad_name("attribute", text)
        return cls(name, label_of(text))


def label_of(text: str) -> str:
    """The user's word as a label: spaces between the words, a capital first.

    >>> label_of("birth date"), label_of("avó"), label_of("OrderItem"), label_of("unit_price")
    ('Birth date', 'Avó', 'Order item', 'Unit price')
    """
    parts = [
        word if word.isupper() or i == 0 else word.lower() if _is_title(word) else word
        for i, word in enumerate(spaced(text).split(" "))
    ]
    joined = " ".join(parts)
    return joined[:1].upper() + joined[1:]


def in_sentence(label: str) -> str:
    """A label as it stands within a sentence: in lower case but for abbreviations.

    >>> in_sentence("Nota fiscal"), in_sentence("DNA")
    ('nota fiscal', 'DNA')
    """
    words = label.split(" ")
    return " ".join(w if len(w) > 1 and w.isupper() else w.lower() for w in words)


def spaced(text: str) -> str:
    """The words of a name as written, with one space between them.

    >>> spaced("OrderItem"), spaced("unit_price")
    ('Order Item', 'unit price')
    """
    return " ".join(_CAMEL.sub(" ", text.strip().replace("_", " ")).split())


def _is_title(word: str) -> bool:
    return word[:1].isupper() and word[1:].islower()


def bad_name(kind: str, text: str) -> InvalidSpec:
    """The error that says why a text can't be the name of an entity, attribute or relationship."""
    of_what = Message.of(f"spec.kinds.{kind}")
    return InvalidSpec.of(
        "spec.error.bad_name", text=text[:80], kind=of_what, longest=MAX_NAME_LENGTH
    )
