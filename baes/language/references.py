"""Names in rule clauses: whose attribute is meant, in the user's words, as long as the words go.

A rule is full of small words that other names may hold as well ("check in", "less tax", "total to
pay"); so a name that the request or the system has is taken first, as the longest that fits, and
any other one ends where the grammar of rules goes on.
"""

from __future__ import annotations

import functools
from dataclasses import replace

from baes.language.facts import Noun
from baes.language.names import can_name
from baes.language.rule_facts import Ref
from baes.language.vocabulary import Vocabulary, vocabulary
from baes.language.words import Reader, Words
from baes.spec.names import fold, words_of

__all__ = [
    "STOPS", "determiners", "entity_length", "name_length", "normal_name", "read_entity_name",
    "read_ref", "read_refs",
]  # fmt: skip

_MAX_NAME_WORDS = 8
_MAX_ENTITY_WORDS = 5

STOPS = frozenset({
    "rule_mode", "rule_be", "rule_compare", "rule_time", "rule_freeze", "rule_equals", "rule_sign",
    "rule_go", "rule_required", "rule_if", "rule_that", "rule_copy", "rule_together", "rule_per",
    "rule_initial", "rule_unique", "rule_round", "rule_over", "rule_percent", "rule_twice",
    "rule_from", "rule_belonging", "rule_copy_time", "rule_copy_into", "rule_is_allowed",
    "rule_extreme_behind",
})  # fmt: skip
"""Where the grammar of rules goes on, an unknown name is over."""
_NO_BEGINNING = frozenset({"rule_mode", "rule_freeze", "rule_required", "rule_sign", "rule_that"})
"""Those of the same with which no name begins."""
_OWNING = "owned_by"


def normal_name(words: list[str], lexicon: Vocabulary) -> tuple[str, ...]:
    """The words of a name as names are compared: singular, without articles and accents."""
    plain = [_normal_word(word, lexicon.language) for word in words]
    kept = tuple(word for word in plain if word)
    return kept or tuple(fold(word.lower()) for word in words)


@functools.lru_cache(maxsize=10_000)
def _normal_word(word: str, language: str) -> str:
    """One word of a name; empty for an article."""
    lexicon = vocabulary(language)
    plain = fold(word.lower())
    if lexicon.value(_OWNING, plain) is not None:
        return "of"
    return "" if lexicon.value("article", plain) is not None else lexicon.singular(plain)


@functools.lru_cache(maxsize=256)
def _known(names: frozenset[str], language: str) -> frozenset[tuple[str, ...]]:
    lexicon = vocabulary(language)
    return frozenset(normal_name(name.split("_"), lexicon) for name in names)


@functools.lru_cache(maxsize=256)
def _first_words(names: frozenset[str], language: str) -> frozenset[str]:
    """The words that known names begin with: most words of a request begin none."""
    return frozenset(name[0] for name in _known(names, language))


def name_length(reader: Reader) -> int:
    """How many words from the cursor on are the name of an attribute or link, at most."""
    key = ("name", len(reader.words), reader.position)
    found = reader.memo.get(key)
    if found is None:
        found = reader.memo[key] = _name_length(reader)
    return found


def _name_length(reader: Reader) -> int:
    scope, language = reader.scope, reader.lexicon.language
    first = words_of(reader.word.token.norm)
    begins = bool(first) and _normal_word(first[0], language) in _first_words(
        scope.attributes, language
    )
    if not begins and scope.inventory.is_empty:
        return 0
    known = _known(scope.attributes, language)
    for length in range(min(_MAX_NAME_WORDS, len(reader.words) - reader.position), 0, -1):
        parts = _parts(reader.words[reader.position : reader.position + length])
        if not parts:
            continue
        if begins and normal_name(parts, reader.lexicon) in known:
            return length
        if scope.inventory.is_name(parts):
            return length
    return 0


def _parts(words: Words) -> list[str]:
    """The parts of some words that may be a name; none where they can't be one."""
    if any(word.token.kind not in ("word", "quoted", "number") for word in words):
        return []
    if words and ({"article"} & words[0].alone) and len(words) > 1:
        return []
    return [part for word in words for part in words_of(word.token.norm)]


def entity_length(reader: Reader) -> int:
    """How many words from the cursor on name an entity of the request or the system."""
    key = ("entity", len(reader.words), reader.position)
    found = reader.memo.get(key)
    if found is None:
        found = reader.memo[key] = _entity_length(reader)
    return found


def _entity_length(reader: Reader) -> int:
    for length in range(_MAX_ENTITY_WORDS, 0, -1):
        words = reader.words[reader.position : reader.position + length]
        if (
            len(words) == length
            and _may_name_entity(words)
            and reader.knows(_noun(words, reader).key)
        ):
            return length
    return 0


def _may_name_entity(words: Words) -> bool:
    ends = (words[0], words[-1])
    return all(can_name(w) and not {"prep"} & w.alone for w in ends) and all(
        w.token.kind in ("word", "quoted") for w in words
    )


def _noun(words: Words, reader: Reader) -> Noun:
    text = " ".join(w.token.norm if w.token.kind == "quoted" else w.token.text for w in words)
    return Noun(text, words[0].token.start, words[-1].token.end, reader.lexicon.language)


def read_entity_name(reader: Reader) -> Noun | None:
    """An entity with its determiners: "each order", "the orders"."""
    start = reader.position
    determiners(reader)
    length = entity_length(reader)
    if not length:
        reader.position = start
        return None
    begin = reader.position
    reader.position += length
    return _noun(reader.since(begin), reader)


def determiners(reader: Reader) -> bool:
    """Read articles, "each", "its"; whether one of them says that it is the same record's."""
    own = False
    while not _is_name(reader):
        if reader.take("of_it") or reader.take("possessive"):
            own = True
        elif not (reader.take("article") or reader.take("each") or reader.take("rule_all")):
            break
    return own


def _is_name(reader: Reader) -> bool:
    """Whether a known name begins with what could be a determiner ("all day")."""
    return name_length(reader) > 1 and "article" not in reader.word.alone


def read_ref(reader: Reader) -> Ref | None:
    """One attribute, with its owner where that is said; the cursor is left behind it."""
    start = reader.position
    own = determiners(reader)
    owner = _possessive(reader)
    if owner is not None:
        determiners(reader)
    noun, owner = _name(reader, owner)
    if noun is None:
        reader.position = start
        return None
    reader.take("field_word")
    if owner is None and not own:
        owner, own = _owner_behind(reader)
    return Ref(noun, owner, own, reader.scope.subject)


def read_refs(reader: Reader) -> tuple[Ref, ...]:
    """Attributes joined by commas and "and"; an owner that is said last is that of all."""
    found: list[Ref] = []
    while True:
        before = reader.position
        comma = reader.mark(",")
        joined = reader.take("and") is not None
        if found and not (comma or joined):
            break
        ref = read_ref(reader)
        if ref is None:
            reader.position = before
            break
        found.append(ref)
    owner = found[-1].owner if found else None
    return tuple(r if r.owner or owner is None else replace(r, owner=owner) for r in found)


def _possessive(reader: Reader) -> Noun | None:
    """The order of "order's total", the items of "items' amounts"."""
    mark = reader.lexicon.syntax.possessive.strip()
    for length in range(1, _MAX_ENTITY_WORDS if mark else 1):
        word = reader.ahead(length - 1)
        if not can_name(word):
            return None
        said = word.token.text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
        one = said.lower().endswith(mark)
        after = reader.ahead(length)
        many = after.token.norm in ("'", "\N{RIGHT SINGLE QUOTATION MARK}")
        touches = after.token.start == word.token.end
        if not (one or (many and touches)):
            continue
        words = [w.token.text for w in reader.words[reader.position : reader.position + length]]
        words[-1] = said[: -len(mark)] if one else said
        first = reader.word.token
        reader.position += length + (0 if one else 1)
        return Noun(" ".join(words), first.start, word.token.end, reader.lexicon.language)
    return None


def _name(reader: Reader, owner: Noun | None) -> tuple[Noun | None, Noun | None]:
    """The name at the cursor, and whose it is where the name before it says so."""
    begin = reader.position
    known, entity = name_length(reader), entity_length(reader)
    if entity and owner is None:
        reader.position = begin + entity
        dot = reader.mark(".")
        behind = name_length(reader)
        if behind and (dot or entity + behind > max(known, entity)):
            whose = _noun(reader.words[begin : begin + entity], reader)
            name_begin = reader.position
            reader.position += behind
            return _noun(reader.since(name_begin), reader), whose
        reader.position = begin
    length = max(known, _plain_length(reader))
    if not length:
        return None, owner
    reader.position = begin + length
    if length > known:
        _extend(reader)
    words = tuple(w for w in reader.since(begin) if w.token.kind != "mark")
    return _noun(words, reader), owner


def _plain_length(reader: Reader) -> int:
    """How many words from the cursor on can be a name that nobody has said yet."""
    count = 0
    while count < _MAX_NAME_WORDS and _goes_on(reader, count):
        count += 1
    return count


def _goes_on(reader: Reader, count: int) -> bool:
    word = reader.ahead(count)
    if not can_name(word) or "prep" in word.alone:
        return False
    if word.token.kind == "quoted":
        return True
    stops = STOPS & set(word.hits)
    if not count:
        stops &= _NO_BEGINNING  # "média final" and "start" may be names
    return not stops or _known_from(reader, count)


def _known_from(reader: Reader, count: int) -> bool:
    """Whether a known name goes on over the word: "check in date" where "in" would stop it."""
    position = reader.position
    reader.position += count
    length = name_length(reader)
    reader.position = position
    return length > 1


def _extend(reader: Reader) -> None:
    """Read on over the preposition of "date of registration", where no entity follows."""
    word = reader.word
    if _OWNING not in word.alone:
        return
    start = reader.position
    reader.position += 1
    if determiners(reader) or entity_length(reader) or _possessive(reader) is not None:
        reader.position = start
        return
    length = _plain_length(reader)
    reader.position = reader.position + length if length else start


def _owner_behind(reader: Reader) -> tuple[Noun | None, bool]:
    """As in "of the order", "in a course", "dos seus itens": the owner, and whether it is "its"."""
    start = reader.position
    if reader.take("owner_prep") is None and reader.take(_OWNING) is None:
        return None, False
    determiners(reader)
    length = entity_length(reader)
    if not length:
        reader.position = start
        return None, False
    begin = reader.position
    reader.position += length
    return _noun(reader.since(begin), reader), False
