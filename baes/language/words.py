"""Stage 3: words with what each can be taken for, and a cursor over them.

A word may begin several phrases of the lexicon ("is", "is one of", "is part of"); nothing is
decided here. The reader of the grammar asks for a tag and gets the longest phrase that has it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from baes.language.facts import Noun, Target
from baes.language.inventory import EMPTY, Inventory
from baes.language.tokens import Token
from baes.language.vocabulary import Vocabulary

__all__ = ["END", "Hit", "Reader", "Scope", "Word", "Words", "tagged", "text_of"]


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase of the lexicon found in the request."""

    value: str
    length: int
    """Words that it takes."""


@dataclass(frozen=True, slots=True)
class Word:
    """A token and the phrases that begin at it."""

    token: Token
    hits: dict[str, Hit] = field(default_factory=dict)
    """Tag -> the longest phrase with that tag."""
    alone: frozenset[str] = frozenset()
    """Tags of the single word."""


Words = tuple[Word, ...]
END = Word(Token("", "", 0, 0, "end"))


def tagged(tokens: tuple[Token, ...], lexicon: Vocabulary) -> Words:
    """The tokens with their tags."""
    return tuple(_tagged(tokens, i, lexicon) for i in range(len(tokens)))


def _tagged(tokens: tuple[Token, ...], i: int, lexicon: Vocabulary) -> Word:
    token = tokens[i]
    if token.kind == "quoted":
        return Word(token)
    hits: dict[str, Hit] = {}
    alone: set[str] = set()
    for rest, tag, value in lexicon.entries.get(token.norm, ()):
        length = len(rest) + 1
        if rest and tuple(t.norm for t in tokens[i + 1 : i + length]) != rest:
            continue
        if length == 1:
            alone.add(tag)
        if tag not in hits or hits[tag].length < length:
            hits[tag] = Hit(value, length)
    return Word(token, hits, frozenset(alone))


def text_of(words: Iterable[Word], text: str) -> str:
    """The part of the request from the first of some words to the last."""
    real = [w.token for w in words if w.token.kind != "line"]
    return text[real[0].start : real[-1].end] if real else ""


@dataclass(frozen=True, slots=True)
class Scope:
    """What a clause is read against."""

    text: str
    lexicon: Vocabulary
    known: frozenset[str] = frozenset()
    """Entities of the request and the system, as singular snake_case words."""
    subject: Noun | None = None
    """The entity that was spoken of last: who "it" is."""
    elliptic: bool = False
    """Whether the clause goes on from another one and may lack a subject of its own."""
    attributes: frozenset[str] = frozenset()
    """Attributes that the request names, as snake_case words."""
    inventory: Inventory = EMPTY
    """What the system has already."""
    last: Target | None = None
    """The attribute that was spoken of last, where it was one: what "it" is."""
    owners: bool = False
    """Whether a name ends before "of" or "to" and something that is there already."""

    def resolve(self, key: str) -> str | None:
        """The known entity that a word means: itself, or the one with it as its chief word."""
        if key in self.known:
            return key
        longer = [name for name in self.known if self.lexicon.is_headed(name, key)]
        return longer[0] if len(longer) == 1 else None


class Reader:
    """A cursor over the words of one clause; every method that fails leaves it where it was."""

    def __init__(self, words: Words, scope: Scope) -> None:
        self.words = words
        self.scope = scope
        self.position = 0
        self.memo: dict[tuple[str, int, int], int] = {}
        """Lengths of names found so far, by kind, number of words and position."""

    @property
    def text(self) -> str:
        """The whole request."""
        return self.scope.text

    @property
    def lexicon(self) -> Vocabulary:
        """The vocabulary of the request's language."""
        return self.scope.lexicon

    def knows(self, key: str) -> bool:
        """Whether a singular snake_case word names an entity of the request or the system."""
        return self.scope.resolve(key) is not None

    @property
    def word(self) -> Word:
        """The word at the cursor, or ``END``."""
        return self.ahead(0)

    @property
    def at_end(self) -> bool:
        """Whether nothing is left."""
        return self.position >= len(self.words)

    def ahead(self, count: int) -> Word:
        """The word some places further on, or ``END``."""
        index = self.position + count
        return self.words[index] if 0 <= index < len(self.words) else END

    def peek(self, tag: str) -> Hit | None:
        """The longest phrase with a tag that begins at the cursor."""
        return self.word.hits.get(tag)

    def take(self, tag: str) -> Hit | None:
        """Such a phrase, read."""
        hit = self.word.hits.get(tag)
        if hit is not None:
            self.position += hit.length
        return hit

    def take_any(self, *tags: str) -> bool:
        """Read all phrases with one of the tags that follow each other; whether there was one."""
        start = self.position
        while any(self.take(tag) for tag in tags):
            pass
        return self.position > start

    def take_any_once(self, *tags: str) -> bool:
        """Read one phrase with one of the tags; whether there was one."""
        return any(self.take(tag) for tag in tags)

    def mark(self, *marks: str) -> bool:
        """Read one of some marks, if it is next."""
        if self.word.token.kind in ("mark", "line") and self.word.token.norm in marks:
            self.position += 1
            return True
        return False

    def at_mark(self, *marks: str) -> bool:
        """Whether one of some marks is next."""
        return self.word.token.kind in ("mark", "line") and self.word.token.norm in marks

    def since(self, start: int) -> Words:
        """The words read since a position."""
        return self.words[start : self.position]
