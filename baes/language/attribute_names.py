"""Names of attributes: which words they have, and where they end.

A name ends where something is said of it, so that "price per night in EUR" is a price per night,
and "date in" a date.
"""

from __future__ import annotations

from baes.language.facts import Noun
from baes.language.modifiers import read_modifier
from baes.language.names import begins_purpose, can_name, is_separator, noun_of, read_noun
from baes.language.targets import owner_ends_here
from baes.language.tokens import DASHES
from baes.language.words import Reader, Word

__all__ = ["read_name"]

_MAX_NAME_WORDS = 7


def read_name(reader: Reader) -> tuple[Noun | None, bool]:
    """A name, and whether its words make it a yes or no."""
    start = reader.position
    if reader.take("whether"):
        return _read_condition(reader), True
    if "condition" in reader.word.alone and _is_validity(reader.ahead(1)):
        reader.position += 2
        return noun_of(reader, start), True
    if "condition" in reader.word.alone and can_name(reader.ahead(1)):
        reader.position += 1
        _read_words(reader, start)
        return noun_of(reader, start), True
    if "leads_name" in reader.word.alone and can_name(reader.ahead(1)):
        reader.position += 1
    elif "prep" in reader.word.alone or "custom_verb" in reader.word.alone:
        return None, False
    if not can_name(reader.word):
        return None, False
    _read_words(reader, start)
    return noun_of(reader, start, attribute=True), False


def _is_validity(word: Word) -> bool:
    """Whether it is the valid of "is valid", a yes or no."""
    return "valid" in word.alone


def _read_condition(reader: Reader) -> Noun | None:
    """As in "whether it is active" -> "is active"; who is it that is so goes unread."""
    told = reader.take("pronoun") is not None
    told or (reader.take("article") and read_noun(reader, 1))
    start = reader.position
    while reader.take("adverb"):
        pass
    plain = not {"be", "has", "condition", "modal"} & set(reader.word.hits)
    if told and plain and can_name(reader.word):  # "whether they take cards"
        _read_words(reader, reader.position)
        return noun_of(reader, start)
    if not (reader.take("be") or reader.take("has") or reader.take("condition")):
        return None
    reader.take("article")
    begin = reader.position
    _read_words(reader, begin)
    if reader.position == begin:
        return None
    verb = reader.words[start].hits.get("condition")
    if verb is not None and verb.value == "kept":
        return noun_of(reader, start if begin == start + 1 else begin)
    return noun_of(reader, begin)


def _read_words(reader: Reader, start: int) -> None:
    while reader.position - start < _MAX_NAME_WORDS and not is_separator(reader):
        if _takes_compound(reader):
            continue
        if reader.position > start:
            if _is_over(reader, start):
                return
            if _takes_inner_preposition(reader):
                continue
            if _takes_last_word(reader) or _leads_elsewhere(reader):
                return
        if not can_name(reader.word) or "belongs" in reader.word.hits:
            return
        reader.position += 1


def _takes_compound(reader: Reader) -> bool:
    """Read "date and time", where the list goes on and "and" joins no last two of its members."""
    hit = reader.peek("compound")
    if hit is None:
        return False
    after = reader.ahead(hit.length)
    if hit.value == "listed" and after.token.norm not in (",", "(", ";"):
        return False
    return reader.take("compound") is not None


def _is_over(reader: Reader, start: int) -> bool:
    """Whether what follows a name is no part of it."""
    return (
        begins_purpose(reader)
        or "example" in reader.word.hits
        or _something_is_said(reader)
        or _ends_name(reader)
        or (reader.scope.owners and _is_owned(reader, start))
    )


def _is_owned(reader: Reader, start: int) -> bool:
    """Whether whose it is follows; "number of students" counts them and is not theirs."""
    name = " ".join(word.token.norm for word in reader.words[start : reader.position + 1])
    counts = reader.lexicon.hints["counting"]
    return name not in counts and owner_ends_here(reader)


def _takes_inner_preposition(reader: Reader) -> bool:
    """Read the preposition within "date of birth"."""
    drops = "drops_article" in reader.word.alone
    if "format" in reader.word.hits:  # "a code of the form AB-1234"
        return False
    if "within_name" not in reader.word.alone or not _goes_on_after_preposition(reader):
        return False
    reader.position += 1
    if drops:
        _drop_article(reader)
    return True


def _leads_elsewhere(reader: Reader) -> bool:
    """Whether a preposition begins what is no name: "birth date | for every pupil"."""
    after = reader.ahead(1)
    closed = after.token.kind == "word" and not can_name(after)
    return (
        closed
        and bool({"each", "article", "possessive"} & after.alone)
        and "prep" in reader.word.alone
    )


def _takes_last_word(reader: Reader) -> bool:
    """Read the last word of "date in", "weekend only"; whether the name ends here."""
    if "ends_name" in reader.word.alone:
        reader.position += 1
        ends = is_separator(reader) or reader.at_mark(":", "=", "(", *DASHES)
        if not ends and not _something_is_said(reader):
            reader.position -= 1
        return True
    if "only" in reader.word.alone and _is_last(reader):
        reader.position += 1
        return True
    return False


def _ends_name(reader: Reader) -> bool:
    """Whether a word comes that speaks of the list: "name and level fields", "using …"."""
    field = reader.peek("field_word")
    return "after_list" in reader.word.alone or (field is not None and field.value == "many")


def _is_last(reader: Reader) -> bool:
    after = reader.ahead(1)
    return after.token.kind in ("end", "line", "mark") or bool({"and", "or"} & after.alone)


def _drop_article(reader: Reader) -> None:
    """Leave the article of "description of the work" out of the name."""
    if "article" in reader.word.alone and can_name(reader.ahead(1)):
        index = reader.position
        reader.words = reader.words[:index] + reader.words[index + 1 :]


def _goes_on_after_preposition(reader: Reader) -> bool:
    after = reader.ahead(1)
    if reader.lexicon.is_infinitive(after.token.norm) and "purpose_lead" in reader.word.alone:
        return False
    if "drops_article" in reader.word.alone and "article" in after.alone:
        after = reader.ahead(2)
    return can_name(after) and "prep" not in after.alone


def _something_is_said(reader: Reader) -> bool:
    """Whether the words at the cursor say something of the name before them."""
    position = reader.position
    said = read_modifier(reader)
    ends = (
        is_separator(reader)
        or (reader.scope.owners and owner_ends_here(reader))
        or read_modifier(reader) is not None
    )
    reader.position = position
    return said is not None and ends
