"""Stage 4, first half: which words can make a name, and where a name ends."""

from __future__ import annotations

import re
from dataclasses import replace

from baes.language.facts import Noun
from baes.language.tokens import LINE
from baes.language.vocabulary import Vocabulary
from baes.language.words import Reader, Word, text_of
from baes.spec.names import fold, words_of

__all__ = [
    "can_name",
    "is_place",
    "is_separator",
    "mentions_known",
    "noun_of",
    "read_name_words",
    "read_noun",
    "split_owner",
    "without_last",
]

_CLOSED = frozenset({
    "article", "each", "possessive", "and", "or", "with", "has", "modal", "be", "not", "relative",
    "sub", "except", "all", "pronoun", "many", "flag", "change_verb", "whether", "etc", "via",
    "number", "adverb", "finite_verb",
})  # fmt: skip
"""A word with one of these tags is grammar and part of no name."""
_NAME = re.compile(r"[^\W\d_]\w*(?:[-']\w+)*")
_MAX_NOUN_WORDS = 5


def can_name(word: Word) -> bool:
    """Whether a word may be part of a name."""
    token = word.token
    if token.kind == "quoted":
        return all(_NAME.fullmatch(part) for part in token.norm.split()) and bool(token.norm)
    closed = _CLOSED & word.alone
    if closed <= {"pronoun"} and len(token.text) > 1 and token.text.isupper():
        closed = frozenset()  # IT, US
    return token.kind == "word" and not closed and _NAME.fullmatch(token.norm) is not None


def is_separator(reader: Reader) -> bool:
    """Whether a list's separator, a closing bracket or the end is next."""
    return (
        reader.at_end
        or reader.at_mark(",", ";", ")", "]", "}", LINE, "?", "|", "+")
        or bool({"and", "or"} & reader.word.alone)
    )


def read_name_words(reader: Reader, limit: int, plain: bool = False) -> int:
    """Read up to some name words; with ``plain`` prepositions between them too. How many."""
    start = reader.position
    while reader.position - start < limit:
        word = reader.word
        joins = plain and reader.position > start and "prep" in word.alone
        if not (can_name(word) or (joins and can_name(reader.ahead(1)))):
            break
        reader.position += 1
    return reader.position - start


def read_noun(reader: Reader, limit: int = _MAX_NOUN_WORDS) -> Noun | None:
    """A noun phrase of plain words: the name of an entity."""
    start = reader.position
    while reader.position - start < limit and can_name(reader.word):
        tags = reader.word.alone
        if reader.position > start and _goes_on(reader):
            reader.position += 2
            continue
        if reader.position > start and (
            {"prep", "after_list", "list_lead", "likeness"} & tags
            or _phrase_begins(reader.word)
            or _command_begins(reader)
        ):
            break
        if reader.position == start and (
            {"prep", "custom_verb"} & tags or "belongs" in reader.word.hits
        ):
            return None
        reader.position += 1
    return noun_of(reader, start)


def _command_begins(reader: Reader) -> bool:
    """Whether a verb with its object follows: "for each project | store the name"."""
    verb = {"create", "manage"} & reader.word.alone
    return bool(verb) and bool({"article", "possessive"} & reader.ahead(1).alone)


def _goes_on(reader: Reader) -> bool:
    """Whether a preposition and a noun go on with a name: "item do pedido", "sala de aula".

    Where it is a place that is meant, or several, they only say whose it is: "livros da
    biblioteca", "notas dos alunos".
    """
    after = reader.ahead(1)
    if "within_entity" not in reader.word.alone or not can_name(after) or "prep" in after.alone:
        return False
    owner = fold(after.token.norm)
    place = reader.lexicon.singular(owner) in reader.lexicon.hints["place"]
    several = reader.lexicon.is_plural(owner)  # "notas dos alunos": of all of them
    return not ((place or several) and "article_in" in reader.word.alone)


def is_place(noun: Noun, lexicon: Vocabulary) -> bool:
    """Whether a noun names a place or a business, or what it is about, and no record."""
    words = words_of(noun.text)
    if not words:
        return False
    places = lexicon.hints["place"]
    whole = " ".join(words)
    chief = words[0] if lexicon.syntax.head_first else words[-1]
    return whole in places or lexicon.singular(chief) in places


def begins_purpose(reader: Reader) -> bool:
    """Whether what follows tells what something is for."""
    if "purpose" in reader.word.hits:
        return True
    verb = reader.ahead(1).token.norm
    return "purpose_lead" in reader.word.alone and reader.lexicon.is_infinitive(verb)


def takes_place(reader: Reader) -> bool:
    """Read a preposition of place and the article or pronoun that determines what follows."""
    hit = reader.take("scene_prep")
    if hit is None:
        return False
    found = reader.take("article")
    found = reader.take("possessive") or found
    return found is not None or hit.value == "joined"


def mentions_known(reader: Reader, noun: Noun) -> bool:
    """Whether a noun is or holds the name of an entity, so that it is no mere scene."""
    words = [noun.key, *noun.key.split("_")]
    return any(reader.knows(reader.lexicon.singular(word)) for word in words)


def _phrase_begins(word: Word) -> bool:
    """Whether a verb or a scene begins here: "baptisms | held in our church"."""
    scene = max((word.hits[t].length for t in ("scene", "scene_prep") if t in word.hits), default=0)
    has = word.hits.get("has")
    return "belongs" in word.hits or scene > 1 or (has is not None and has.length > 1)


def noun_of(reader: Reader, start: int, attribute: bool = False) -> Noun | None:
    """The words since a position as a noun, ``None`` where they name nothing."""
    words = reader.since(start)
    if not words:
        return None
    text = " ".join(w.token.norm if w.token.kind == "quoted" else w.token.text for w in words)
    if len(words) == 1 and "reserved" in words[0].alone:
        known = attribute and words[0].token.norm in reader.lexicon.hints["whole"]
        if not known:  # "website" is an attribute, and no entity
            return None
    if any("vague" in word.alone for word in words):
        return None
    language = reader.lexicon.language
    return Noun(text, words[0].token.start, words[-1].token.end, language)


def without_last(noun: Noun, lexicon: Vocabulary, tag: str, *values: str) -> Noun | None:
    """A noun without its last word, if that has a tag (with one of some values): "Item table"."""
    name, _, last = noun.text.rpartition(" ")
    value = lexicon.value(tag, last.lower()) if name else None
    if value is None or (values and value not in values):
        return None
    return replace(noun, text=name)


def split_owner(noun: Noun, lexicon: Vocabulary) -> tuple[Noun, Noun] | None:
    """What a noun names and whose it is: "model of car", "car's model"."""
    possessive = lexicon.syntax.possessive
    owner, mark, name = noun.text.partition(possessive) if possessive else ("", "", "")
    if mark:
        return replace(noun, text=name), replace(noun, text=owner)
    words = noun.text.split(" ")
    for i in range(len(words) - 2, 0, -1):
        if lexicon.value("owned_by", words[i].lower()) is not None:
            name, owner = " ".join(words[:i]), " ".join(words[i + 1 :])
            return replace(noun, text=name), replace(noun, text=owner)
    return None


def spoken(reader: Reader, start: int) -> str:
    """The words since a position as written."""
    return text_of(reader.since(start), reader.text)
