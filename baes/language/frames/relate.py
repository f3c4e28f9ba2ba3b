"""Sentences with a verb between two entities: "a pet belongs to an owner"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Literal

from baes.language.facts import Cardinality, Declares, Fact, Links, Noun
from baes.language.frames.common import is_request, read_opening, read_subject, read_trailing
from baes.language.names import can_name, noun_of, read_noun
from baes.language.phrases import read_attribute_list
from baes.language.words import Reader, tagged, text_of

__all__ = ["read_relation"]

_VERBS = {"belongs": "many", "possesses": "one", "joins": "many"}
"""Tag of a verb -> how many subjects one object has, where nothing else is said."""
_CARDINALITIES: dict[str, tuple[Cardinality, Cardinality]] = {
    "many_to_many": ("many", "many"),
    "many_to_one": ("one", "many"),
    "one_to_many": ("many", "one"),
    "one_to_one": ("one", "one"),
}
"""Kind -> how many objects a subject has, and how many subjects an object."""
_IMPERATIVE = frozenset({"create", "manage", "opening"})
"""A clause that begins with such a verb asks for something and goes on with no subject."""
_TO = frozenset({"prep", "owner_prep", "owned_by"})
_MAX_SUBJECT_WORDS = 5


def read_relation(reader: Reader) -> tuple[Fact, ...] | None:
    """The links that a sentence states."""
    if any(w.hits["adverb"].value == "must" for w in reader.words if "adverb" in w.alone):
        return _read_duty(reader)
    for facts in _candidates(reader):
        trailing = read_trailing(reader)
        if trailing is not None:
            return (*facts, *trailing)
    return None


def _read_duty(reader: Reader) -> tuple[Fact, ...] | None:
    """As in "an artefact necessarily belongs to a site": the sentence without the adverb."""
    kept = tagged(tuple(w.token for w in reader.words if "adverb" not in w.alone), reader.lexicon)
    facts = read_relation(Reader(kept, reader.scope))
    reader.position = len(reader.words)
    if facts is None:
        return None
    return tuple(replace(f, required=True) if isinstance(f, Links) else f for f in facts)


def _candidates(reader: Reader) -> Iterator[tuple[Fact, ...]]:
    """The readings of a clause: its subject left out, a pronoun, a noun of some length."""
    if "role_lead" in reader.word.alone:
        read_opening(reader)
    begin = reader.position
    subject = reader.scope.subject
    if subject is not None and reader.scope.elliptic and not _is_imperative(reader):
        facts = _read_predicate(reader, subject, "", elliptic=True)
        if facts is not None and _all_known(facts, reader):
            yield facts
    reader.position = begin
    pronoun = read_subject(reader) if "pronoun" in reader.word.hits else None
    if pronoun is not None:
        facts = _read_predicate(reader, pronoun, "")
        if facts is not None:
            yield facts
    for length in _subject_lengths(reader, begin):
        reader.position = begin
        many = _read_determiner(reader)
        noun = read_noun(reader, length)
        facts = _read_predicate(reader, noun, many) if noun is not None else None
        if facts is not None:
            yield facts
    reader.position = begin
    fronted = _read_fronted(reader)
    if fronted is not None:
        yield fronted
    gapped = _read_gapped(reader, begin) if reader.scope.elliptic else None
    if gapped is not None:
        yield gapped


def _read_fronted(reader: Reader) -> tuple[Fact, ...] | None:
    """As in "on a walk there are several dogs"."""
    if "prep" not in reader.word.alone:
        return None
    reader.position += 1
    reader.take("article") or reader.take("each") or reader.take("one")
    subject = _read_known(reader)
    if subject is None:
        return None
    if reader.take("there_is") is None:
        reader.position += 1  # "em um passeio vão vários cães"
    many = reader.take("many")
    target = _read_target_noun(reader) if many is not None else None
    if target is None or not reader.knows(target.key) or not target.plural:
        return None
    required = True if many is not None and many.value == "required" else None
    return (Links(subject, target, "many", "", required),)


def _read_known(reader: Reader) -> Noun | None:
    """The longest name of an entity at the cursor."""
    start = reader.position
    for length in range(_MAX_SUBJECT_WORDS, 0, -1):
        reader.position = start
        noun = read_noun(reader, length)
        if noun is not None and reader.knows(noun.key):
            return noun
    return None


def _read_gapped(reader: Reader, begin: int) -> tuple[Fact, ...] | None:
    """As in "(a book can have several authors, and) an author several books": the verb is said."""
    subject = reader.scope.subject
    for length in _subject_lengths(reader, begin):
        reader.position = begin
        determiner = _read_determiner(reader)
        noun = read_noun(reader, length)
        if noun is None or determiner or not {"one", "many"} & set(reader.word.hits):
            continue
        facts = _read_targets(reader, noun, None, ("possesses", "one"), "", reader.position)
        links = [fact for fact in facts or () if isinstance(fact, Links)]
        known = reader.knows(noun.key) and len(links) == 1
        back = subject is not None and reader.scope.resolve(subject.key)
        if known and back and reader.scope.resolve(links[0].target.key) == back:
            return tuple(links)
    return None


def _all_known(facts: tuple[Fact, ...], reader: Reader) -> bool:
    """Whether all that is linked is known: "house number" is no verb and what is housed."""
    return all(reader.knows(fact.target.key) for fact in facts if isinstance(fact, Links))


def _is_imperative(reader: Reader) -> bool:
    return bool(_IMPERATIVE & set(reader.word.hits))


def _subject_lengths(reader: Reader, begin: int) -> list[int]:
    """How many words the subject may have: known entities first, the longer ones before."""
    lengths: list[tuple[bool, int]] = []
    for length in range(1, _MAX_SUBJECT_WORDS + 1):
        reader.position = begin
        _read_determiner(reader)
        noun = read_noun(reader, length)
        if noun is None or len(noun.text.split(" ")) < length or _is_system(reader, length):
            break
        polite = "courtesy" in reader.words[begin].alone
        if (length > 1 or polite) and is_request(Reader(reader.words[begin:], reader.scope)):
            break
        lengths.append((reader.knows(noun.key), length))
    known = [length for is_known, length in reversed(lengths) if is_known]
    return known or [length for _, length in lengths]


def _is_system(reader: Reader, length: int) -> bool:
    """Whether the subject is the system itself: what it does is no link."""
    word = reader.ahead(-1)
    about = {"system", "field", "anchor"} & word.alone
    return length == 1 and bool(about) and not reader.knows(word.token.norm)


def _read_determiner(reader: Reader) -> str:
    """The words before a subject; "many" where several of it are meant."""
    reader.take("adverb")
    if reader.take("many"):
        return "many"
    reader.take("each") or reader.take("article") or reader.take("all") or reader.take("one")
    return ""


def _read_predicate(
    reader: Reader, subject: Noun, many: str, elliptic: bool = False
) -> tuple[Fact, ...] | None:
    required: bool | None = None
    while True:
        modal, adverb = reader.peek("modal"), reader.peek("adverb")
        if modal is not None and reader.take("modal"):
            required = modal.value == "must" or (None if modal.value == "plain" else False)
        elif adverb is not None and reader.take("adverb"):
            required = False if adverb.value == "optional" else required
        else:
            break
    start = reader.position
    for tag, back in _VERBS.items():
        reader.position = start
        if reader.take(tag) is not None:
            facts = _read_targets(reader, subject, required, (tag, back), many, start)
            if facts is not None:
                return facts
    reader.position = start
    hit = reader.take("linked") if reader.take("be") else None
    if hit is not None:
        facts = _read_targets(reader, subject, required, (hit.value, "many"), many, start)
        if facts is not None:
            return facts
    reader.position = start
    replied = _read_counterpart(reader, subject, required)
    if replied is not None:
        return replied
    reader.position = start
    return None if elliptic else _read_open_verb(reader, subject, required, many)


def _read_counterpart(
    reader: Reader, subject: Noun, required: bool | None
) -> tuple[Fact, ...] | None:
    """As in "a message can be a reply to another message": what the other one is to it."""
    if reader.take("be") is None:
        return None
    reader.take("article")
    begin = reader.position
    while can_name(reader.word) and "prep" not in reader.word.alone:
        reader.position += 1
    role = noun_of(reader, begin)
    if role is None or not _TO & set(reader.word.hits):
        return None
    preposition = reader.word.token.text
    reader.position += 1
    if reader.take("another") is None:
        return None
    other = read_noun(reader)
    if other is None or other.key != subject.key:
        return None
    return (Links(subject, other, "one", "many", required, f"{role.text} {preposition}"),)


def _read_open_verb(
    reader: Reader, subject: Noun, required: bool | None, many: str
) -> tuple[Fact, ...] | None:
    """A verb of no list is taken for one between two entities that are both known."""
    if not reader.knows(subject.key) or "has" in reader.word.hits:
        return None
    start = reader.position
    reader.take("be")
    verb_start = reader.position
    while reader.position - verb_start < 3 and not {"one", "many", "article"} & set(
        reader.word.hits
    ):
        if not can_name(reader.word) and not {"prep", "finite_verb"} & reader.word.alone:
            return None
        reader.position += 1
    if reader.position == verb_start:
        return None
    facts = _read_targets(reader, subject, required, ("", ""), many, start)
    links = [fact for fact in facts or () if isinstance(fact, Links)]
    if not links or not all(reader.knows(link.target.key) for link in links):
        return None
    return facts


def _read_targets(
    reader: Reader, subject: Noun, required: bool | None, of_verb: tuple[str, str],
    many: str, verb_start: int,
) -> tuple[Fact, ...] | None:  # fmt: skip
    verb = text_of(reader.since(verb_start), reader.text)
    found: list[Links] = []
    while True:
        before = reader.position
        if found and not _takes_comma_or_and(reader):
            break
        if found and {"article", "one", "each"} & set(reader.ahead(1).hits):
            reader.take("said_again")
        link = _read_target(reader, subject, required, of_verb, many, verb)
        if link is None:
            if not found:
                return None
            reader.position = before
            break
        kind = _read_kind(reader)
        if kind is not None:
            return None if found else _of_kind(link, kind)
        found.append(link)
        defined = _read_defined(reader, link)
        if defined is not None:
            return (*found, defined)
    return tuple(found)


def _read_kind(reader: Reader) -> str | None:
    """As in "actors play in movies (many-to-many)"."""
    start = reader.position
    if reader.mark("(", "["):
        hit = reader.take("kind")
        if hit is not None and reader.mark(")", "]"):
            return hit.value
    reader.position = start
    return None


def _of_kind(link: Links, kind: str) -> tuple[Links, ...] | None:
    """The link with the kind that is said; ``None`` where its own words say another."""
    forth, back = _CARDINALITIES[kind]
    counted = not link.bare and (link.many, link.back) != (forth, back)
    return None if counted else (replace(link, many=forth, back=back, bare=False),)


def _read_defined(reader: Reader, link: Links) -> Declares | None:
    """As in "each animal belongs to an owner with name and phone": the owner's attributes."""
    counted = link.many == "one" and not link.bare and reader.knows(link.subject.key)
    target = link.target if counted else None
    if target is None or not (reader.at_mark("(") or "with" in reader.word.hits):
        return None
    start = reader.position
    items = read_attribute_list(reader)
    if items and not any(reader.knows(item.noun.key) for item in items):
        return Declares(target, items)
    reader.position = start
    return None


def _takes_comma_or_and(reader: Reader) -> bool:
    comma = reader.mark(",")
    joined = reader.take("and") is not None or comma
    return joined or _joins_known(reader)


def _joins_known(reader: Reader) -> bool:
    """As in "a bid is placed by a bidder on a lot", where there are lots."""
    start = reader.position
    joined = reader.take("with") is not None
    if joined or reader.take("said_again") is not None:
        begin = reader.position
        counted = reader.take("article") or reader.take("one")
        noun = read_noun(reader) if counted or joined else None
        if noun is not None and reader.knows(noun.key):
            reader.position = begin
            return True
    reader.position = start
    return False


def _read_target(
    reader: Reader, subject: Noun, required: bool | None, of_verb: tuple[str, str],
    many: str, verb: str,
) -> Links | None:  # fmt: skip
    (tag, back), count, bare = of_verb, "", False
    start = reader.position
    hit_one, hit_many = reader.peek("one"), reader.peek("many")
    if hit_many is not None:
        reader.take("many")
        count = "many"
        required = True if hit_many.value == "required" else required
    elif hit_one is not None and (reader.take("one") or True):
        count = "one"
        required = {"required": True, "optional": False}.get(hit_one.value, required)
    elif reader.take("article") or reader.take("each"):
        count = "one"
    reader.take("of_it")
    noun = _read_target_noun(reader)
    if noun is None:
        return None
    role = _role_of_another(reader, start, subject, noun)
    if not count:
        count, bare = ("many" if noun.plural else "one"), True
    via = _read_via(reader)
    reader.take("verb_tail")
    if many == "many":
        shared: Literal["one", "many"] = "many" if count == "many" else "one"
        return Links(noun, subject, "many", shared, required, verb=verb)
    if count == "one":
        back = "many"
    elif bare and back == "many" and tag == "belongs":
        back = ""  # "books belong to categories": one each, or several? Nobody says.
    return Links(
        subject, noun, "many" if count == "many" else "one",
        "many" if back == "many" else "one" if back == "one" else "",
        required, role, verb=verb, via=via, bare=bare,
    )  # fmt: skip


def _role_of_another(reader: Reader, start: int, subject: Noun, noun: Noun) -> str:
    """As in "a sector may belong to another sector": that one is the other sector."""
    if noun.key != subject.key:
        return ""
    other = next((w for w in reader.since(start) if "another" in w.alone), None)
    return f"{other.token.norm} {noun.text}" if other is not None else ""


def _read_target_noun(reader: Reader) -> Noun | None:
    start = reader.position
    noun = read_noun(reader)
    if noun is None:
        return None
    words = noun.text.split(" ")
    if reader.knows(noun.key) or len(words) == 1:
        return noun
    for length in range(len(words) - 1, 0, -1):
        reader.position = start + length
        shorter = noun_of(reader, start)
        if shorter is not None and reader.knows(shorter.key):
            return shorter
    reader.position = start + len(words)
    return noun


def _read_via(reader: Reader) -> Noun | None:
    start = reader.position
    if reader.take("via") is not None:
        reader.take("article")
        noun = read_noun(reader)
        if noun is not None:
            return noun
    reader.position = start
    return None
