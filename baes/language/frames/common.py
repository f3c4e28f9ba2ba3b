"""What several frames share: subjects, openings, what may trail behind."""

from __future__ import annotations

from baes.language.facts import Background, Noun
from baes.language.names import (
    begins_purpose,
    can_name,
    mentions_known,
    read_noun,
    takes_place,
    without_last,
)
from baes.language.phrases import EntityPhrase
from baes.language.tokens import LINE
from baes.language.words import Reader, Word, Words, text_of

__all__ = [
    "TRIGGERS", "harmless", "is_request", "read_opening", "read_role", "read_subject",
    "read_trailing", "scene_facts",
]  # fmt: skip

TRIGGERS = frozenset(
    {"not", "many", "one", "number", "flag", "bound", "default", "except", "all", "each",
     "whether", "with", "etc", "kind", "link", "rule_unless"}
)  # fmt: skip
"""Words of quantities, limits and rules: no span with one of them is mere background."""
_HARMLESS_MARKS = ",.!;:-'()&/\N{EN DASH}\N{EM DASH}"


def harmless(words: tuple[Word, ...]) -> bool:
    """Whether a span can't be a statement about data: no number, negation, quantifier, limit."""
    return not any(
        word.token.kind in ("number", "moment", "quoted")
        or (TRIGGERS & word.alone)
        or any(word.hits[tag].length > 1 for tag in ("flag", "many", "bound") if tag in word.hits)
        or (word.token.kind == "mark" and word.token.norm not in _HARMLESS_MARKS)
        for word in words
    )


def read_opening(reader: Reader, telling: bool = True) -> tuple[bool, list[str]]:
    """What leads to a request; whether a verb of making or managing was read, and scenes.

    Without ``telling`` "we run a hotel" is no request to run one.
    """
    verb, scenes = False, []
    while True:
        start = reader.position
        if read_role(reader):
            scenes.append(text_of(reader.since(start), reader.text))
        elif _read_system_subject(reader) or reader.mark(",", "!", "-"):
            pass
        elif verb and "opening" not in reader.word.hits and "courtesy" not in reader.word.hits:
            return verb, scenes  # "create note": the second word is what is made
        elif (telling or not _tells(reader)) and _takes_verb(reader):
            verb = True
            while _joins_verbs(reader):
                pass
            _takes_receiver(reader)
        elif _is_object(reader, verb) or _begins_name(reader, verb):
            return verb, scenes
        elif reader.take("opening") or reader.take("courtesy"):
            pass
        else:
            return verb, scenes


def _is_object(reader: Reader, verb: bool) -> bool:
    """Whether the word behind a verb is what is made, and nobody spoken to: "create users"."""
    opening = reader.peek("opening")
    return verb and opening is not None and opening.value == "who"


def _begins_name(reader: Reader, verb: bool) -> bool:
    """Whether a word of order begins a name, as in "we keep first name and phone"."""
    opening = reader.peek("opening")
    if opening is None or opening.value != "order" or not (verb or reader.position):
        return False
    after = reader.ahead(1)
    return can_name(after) and not {"opening", "create", "manage"} & set(after.hits)


def _takes_receiver(reader: Reader) -> bool:
    """Read whom something is made for: "make me a list"."""
    person = reader.peek("person")
    if person is None or person.value != "other" or "article" not in reader.ahead(1).alone:
        return False
    return reader.take("person") is not None


def _tells(reader: Reader) -> bool:
    person = reader.ahead(-1).hits.get("person")
    return person is not None and person.value == "subject"


def _takes_verb(reader: Reader) -> bool:
    opening = reader.peek("opening")
    hits = {tag: hit for tag in ("create", "manage") if (hit := reader.peek(tag)) is not None}
    tag = max(hits, key=lambda tag: hits[tag].length, default="")
    if not tag or (opening is not None and opening.length > hits[tag].length):
        return False
    return reader.take(tag) is not None


def _joins_verbs(reader: Reader) -> bool:
    start = reader.position
    if not (reader.mark(",") or reader.take("and") or reader.take("or")):
        return False
    reader.take("and") or reader.take("or")
    reader.take("opening") if "infinitive" in reader.word.alone else None
    if _takes_verb(reader) or reader.take("crud_verb"):
        return True
    reader.position = start
    return False


def read_role(reader: Reader) -> bool:
    """As in "As a librarian," and "my business needs"."""
    start = reader.position
    if reader.take("role_lead"):
        determined = reader.take("article")
        if _role_words(reader) and (reader.mark(",") or determined or _wants(reader)):
            return True
    elif reader.take("possessive") and _role_words(reader) and reader.take("role_verb"):
        return True
    elif reader.take("article") and _role_words(reader) and reader.take("role_verb"):
        while reader.take("infinitive"):
            pass
        if {"create", "manage"} & set(reader.word.hits):
            return True
    reader.position = start
    return False


def _wants(reader: Reader) -> bool:
    """As in "como treinador | quero acompanhar": what somebody in that role asks for."""
    hit = reader.peek("opening")
    return hit is not None and hit.value != "who" and "role_verb" in reader.word.alone


def _role_words(reader: Reader) -> bool:
    start = reader.position
    while can_name(reader.word) and "role_verb" not in reader.word.alone:
        reader.position += 1
        if reader.position - start > 4:
            return False
    if "role_place" in reader.word.alone and reader.position > start:
        reader.position += 1
        reader.take("article") or reader.take("possessive")
        read_noun(reader, 3)
    return reader.position > start


def _read_system_subject(reader: Reader) -> bool:
    """As in "The system shall", "it should", "the app must let me"."""
    start = reader.position
    if reader.take("system_pronoun"):
        pass
    elif not (reader.take("article") and reader.take("system")):
        reader.position = start
        return False
    modal = reader.peek("modal")
    if modal is not None and reader.take("modal"):
        return True
    reader.position = start
    return False


def is_request(reader: Reader) -> bool:
    """Whether a clause begins with a verb and its object ("Create Note …"), and no noun."""
    polite = 0
    while "courtesy" in reader.ahead(polite).alone:
        polite += 1
    verb = {"create", "manage"} & reader.ahead(polite).alone
    after = reader.ahead(polite + 1)
    return bool(verb) and (can_name(after) or "article" in after.alone)


def read_subject(reader: Reader) -> Noun | None:
    """Who a sentence is about: a noun with its article, or a pronoun for the last subject."""
    start = reader.position
    reader.take("adverb")
    pronoun = reader.peek("pronoun")
    if pronoun is not None:
        subject = reader.scope.subject
        if subject is None or "person" in reader.word.alone:
            reader.position = start
            return None
        reader.take("pronoun")
        return subject
    determiner = reader.take("each") or reader.take("article") or reader.take("all")
    if determiner and reader.scope.subject is not None:
        if "stand_in" in reader.word.alone:
            reader.position += 1
            return reader.scope.subject
        if "has" in reader.word.hits and "each" in reader.ahead(-1).alone:  # "Each has a date"
            return reader.scope.subject
    one = reader.peek("one")
    if one is not None and not determiner:
        reader.take("one")
    noun = read_noun(reader)
    if noun is None or _is_courtesy(reader, start):
        reader.position = start
        return None
    return without_last(noun, reader.lexicon, "entity_word", "always", "spoken") or noun


def _is_courtesy(reader: Reader, start: int) -> bool:
    """Whether what was read as a noun is the "please" of "please create …"."""
    asked = {"create", "manage"} & set(reader.word.hits)
    return bool(asked) and all("courtesy" in word.alone for word in reader.since(start))


def read_trailing(reader: Reader) -> tuple[Background, ...] | None:
    """What may stand behind a request: thanks, techniques, the place, the purpose."""
    found: list[Background] = []
    while not reader.at_end:
        start = reader.position
        if reader.mark("!", ".", "?", ",", LINE, ":") or reader.take("courtesy"):
            continue
        if _ends_in_adverb(reader):
            continue
        if _technique(reader) or _place(reader) or _purpose(reader):
            found.append(Background(text_of(reader.since(start), reader.text)))
            continue
        return None
    return tuple(found)


def _ends_in_adverb(reader: Reader) -> bool:
    """Read the ", obviously" at the end of a sentence, but no "sometimes"."""
    hit = reader.peek("adverb")
    if hit is None or hit.value or reader.ahead(-1).token.norm != ",":
        return False
    after = reader.ahead(hit.length).token
    return after.norm in (".", "!", "") and reader.take("adverb") is not None


def _technique(reader: Reader) -> bool:
    start = reader.position
    reader.take("using")
    anchored = False
    while not reader.at_end:
        anchor = reader.take("anchor")
        anchored = anchored or anchor is not None
        if anchor is not None and reader.word.token.kind == "number":  # a version
            reader.position += 1
            reader.mark("+")
        elif anchor is None and not reader.take("filler") and not reader.mark(",", "."):
            break
    if not anchored:
        reader.position = start
    return anchored


def _place(reader: Reader) -> bool:
    start = reader.position
    if takes_place(reader):
        noun = read_noun(reader, 4)
        if noun is not None and not mentions_known(reader, noun):
            return True
    reader.position = start
    return False


def _purpose(reader: Reader) -> bool:
    start = reader.position
    begun = begins_purpose(reader) and (reader.take("purpose") or reader.take("purpose_lead"))
    rest = reader.words[reader.position :]
    if begun and harmless(_without_company(rest)) and not _list_goes_on(rest):
        reader.position = len(reader.words)
        return True
    reader.position = start
    return False


def _list_goes_on(words: Words) -> bool:
    """Whether a list goes on behind an aside: "…, since we need it, and the number of movers"."""
    return any(
        a.token.norm == "," and "and" in b.alone and {"article", "of_it"} & c.alone
        for a, b, c in zip(words, words[1:], words[2:], strict=False)
    )


def _without_company(words: Words) -> Words:
    """The words without "with us": who is with us has no attributes."""
    return tuple(
        word
        for i, word in enumerate(words)
        if not ("with" in word.alone and i + 1 < len(words) and "pronoun" in words[i + 1].alone)
    )


def scene_facts(phrases: tuple[EntityPhrase, ...]) -> tuple[Background, ...]:
    """The scene-setting spans of entity phrases."""
    return tuple(Background(scene) for phrase in phrases for scene in phrase.scenes)
