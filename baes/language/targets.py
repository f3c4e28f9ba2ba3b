"""What is there already, as a sentence refers to it: "the student's e-mail", "pets' age"."""

from __future__ import annotations

from dataclasses import replace

from baes.language.facts import Noun, Target, TargetKind
from baes.language.names import can_name, noun_of, read_noun, without_last
from baes.language.tokens import LINE
from baes.language.words import Reader
from baes.spec.names import words_of

__all__ = [
    "at_border", "owner_ends_here", "read_entity_noun", "read_known", "read_owner", "read_owners",
    "read_target", "read_targets", "with_owner",
]  # fmt: skip

_MAX_NAME_TOKENS = 8
_KINDS: dict[str, TargetKind] = {"field": "attribute", "entity": "entity", "kind_noun": "link"}
"""Tag of a word beside a name -> what it says that the name is."""


def read_targets(reader: Reader) -> tuple[Target, ...]:
    """Targets, separated by commas and "and"; an owner said last is that of all before it."""
    found: list[Target] = []
    while True:
        before = reader.position
        if found and (not _separator(reader) or _begins_command(reader)):
            reader.position = before
            break
        target = read_target(reader, kind=found[-1].kind if found else "")
        if target is None:
            reader.position = before
            break
        found.append(target)
    return with_owner(tuple(found), found[-1].owner) if found else ()


def _begins_command(reader: Reader) -> bool:
    """Whether another request follows: "remove age from students and add a birth date"."""
    verb = {"create", "change_verb"} & reader.word.alone
    after = reader.ahead(1)
    named = reader.scope.inventory.is_name([reader.word.token.norm])
    return bool(verb) and not named and (can_name(after) or "article" in after.alone)


def with_owner(targets: tuple[Target, ...], owner: Noun | None) -> tuple[Target, ...]:
    """The targets, those without an owner with this one."""
    if owner is None:
        return targets
    return tuple(t if t.owner or t.kind == "entity" else replace(t, owner=owner) for t in targets)


def _separator(reader: Reader) -> bool:
    comma = reader.mark(",")
    while reader.mark(LINE):
        comma = True
    return reader.take("and") is not None or comma


def read_target(reader: Reader, kind: TargetKind = "") -> Target | None:
    """One target, with its owner where that is said; the cursor is left behind it."""
    start = reader.position
    if reader.scope.last is not None and "them" in reader.word.hits and not kind:
        reader.take("them")
        return reader.scope.last
    _determiners(reader)
    possessive = _possessive(reader)
    if possessive is not None:
        _determiners(reader)
    lead = _lead_kind(reader)
    begin = reader.position
    noun = _known_name(reader)
    owner = possessive
    if owner is None:
        dotted = _owned_name(reader, begin)
        if dotted is not None:
            owner, noun = dotted
    if noun is None:
        noun = _plain_noun(reader)
    if noun is None:
        reader.position = start
        return None
    kind = lead or _trailing_kind(reader) or kind
    if owner is None and not _skips_system(reader):
        owner = read_owner(reader, adding=False)
    subject = reader.scope.subject
    near = subject if subject and reader.scope.inventory.entity(subject.key) else None
    return Target(noun, owner, kind, near)


def _skips_system(reader: Reader) -> bool:
    """Read "from the system": that is where everything is."""
    start = reader.position
    led = reader.take("owner_prep") and reader.take("article") and not _known_length(reader)
    if led and reader.take("system") and at_border(reader):
        return True
    reader.position = start
    return False


def _determiners(reader: Reader) -> None:
    while (
        reader.take("article")
        or reader.take("possessive")
        or reader.take("each")
        or (
            ("existing_word" in reader.word.hits or "all" in reader.word.hits)
            and not _known_length(reader)
            and can_name_after(reader)
            and (reader.take("existing_word") or reader.take("all"))
        )
    ):
        pass


def can_name_after(reader: Reader) -> bool:
    """Whether a name can follow the word at the cursor."""
    after = reader.ahead(1)
    return can_name(after) or "article" in after.alone


def _possessive(reader: Reader) -> Noun | None:
    """The student of "student's e-mail", the customers of "customers' names"."""
    mark = reader.lexicon.syntax.possessive.strip()
    if not mark:
        return None
    for length in range(1, 4):
        word = reader.ahead(length - 1)
        if not can_name(word):
            return None
        norm = word.token.text
        ends_so = norm.lower().endswith(mark)
        plural = reader.ahead(length).token.norm in ("'", "\N{RIGHT SINGLE QUOTATION MARK}")
        if not (ends_so or plural):
            continue
        words = [w.token.text for w in reader.words[reader.position : reader.position + length]]
        if ends_so:
            words[-1] = norm[: -len(mark)]
        first = reader.word.token
        noun = Noun(" ".join(words), first.start, word.token.end, reader.lexicon.language)
        if reader.scope.inventory.entity(noun.key) is None:
            return None
        reader.position += length + (1 if plural and not ends_so else 0)
        return noun
    return None


def _lead_kind(reader: Reader) -> TargetKind:
    """A word before the name: "the field email", "table Coupon", "the attribute called fax"."""
    if _known_length(reader):
        return ""
    for tag, kind in _KINDS.items():
        hit = reader.peek(tag)
        if hit is None:
            continue
        after = reader.ahead(hit.length)
        named = after.hits.get("named")
        follows = reader.ahead(hit.length + named.length) if named else after
        if can_name(follows) and "prep" not in follows.alone:
            reader.position += hit.length + (named.length if named else 0)
            return kind
    return ""


def _trailing_kind(reader: Reader) -> TargetKind:
    for tag, kind in _KINDS.items():
        if reader.take(tag) is not None:
            return kind
    return ""


def _known_length(reader: Reader) -> int:
    """How many words from the cursor on are the name of an attribute, link or entity."""
    return max(_name_length(reader), _entity_length(reader))


def _name_length(reader: Reader) -> int:
    """How many words from the cursor on are the name of an attribute or link, at most."""
    inventory = reader.scope.inventory
    for length in range(min(_MAX_NAME_TOKENS, len(reader.words) - reader.position), 0, -1):
        words = reader.words[reader.position : reader.position + length]
        if any(w.token.kind not in ("word", "quoted", "number") for w in words):
            continue
        parts = [
            part
            for i, word in enumerate(words)
            if i in (0, length - 1) or "article" not in word.alone
            for part in words_of(word.token.norm)
        ]
        if parts and inventory.is_name(parts):
            return length
    return 0


def _entity_length(reader: Reader) -> int:
    inventory = reader.scope.inventory
    for length in range(5, 0, -1):
        words = reader.words[reader.position : reader.position + length]
        if len(words) < length or not all(can_name(w) for w in words):
            continue
        text = " ".join(w.token.norm for w in words)
        token = words[0].token
        noun = Noun(text, token.start, words[-1].token.end, reader.lexicon.language)
        if inventory.entity(noun.key) is not None:
            return length
    return 0


def _known_name(reader: Reader) -> Noun | None:
    length = _known_length(reader)
    return _spanned(reader, length) if length else None


def _spanned(reader: Reader, length: int) -> Noun:
    start = reader.position
    reader.position += length
    words = reader.since(start)
    text = " ".join(w.token.norm if w.token.kind == "quoted" else w.token.text for w in words)
    return Noun(text, words[0].token.start, words[-1].token.end, reader.lexicon.language)


def _owned_name(reader: Reader, begin: int) -> tuple[Noun, Noun] | None:
    """As in "student email", "Student.email", "the Student entity's email field"."""
    end = reader.position
    reader.position = begin
    length = _entity_length(reader)
    if length:
        owner = _spanned(reader, length)
        word = reader.peek("entity")
        if word is not None and reader.ahead(word.length).token.kind == "word":
            reader.position += word.length
        reader.mark(".")
        rest = _name_length(reader)
        if rest and reader.position + rest > end:
            return owner, _spanned(reader, rest)
    reader.position = end
    return None


def _plain_noun(reader: Reader) -> Noun | None:
    """A name that is not known: the question about it says so."""
    start = reader.position
    if not can_name(reader.word) or {"prep", "owner_prep"} & reader.word.alone:
        return None
    if "courtesy" in reader.word.hits:
        return None
    while (
        reader.position - start < _MAX_NAME_TOKENS
        and can_name(reader.word)
        and not {"prep", "owner_prep", "into", "now", "field", "entity"} & reader.word.alone
    ):
        reader.position += 1
    return noun_of(reader, start)


# ---------------------------------------------------------------------------------- owners
def read_owner(reader: Reader, adding: bool = True) -> Noun | None:
    """As in "of the student", "from suppliers": an entity, or what stands where one must.

    "To the student" is whose it is only where something is added.
    """
    start = reader.position
    hit = reader.take("owner_prep")
    if hit is None or (hit.value == "to" and not adding):
        reader.position = start
        return None
    noun = read_entity_noun(reader)
    if noun is None:
        reader.position = start
    return noun


def read_entity_noun(reader: Reader) -> Noun | None:
    """An entity with what stands around its name: "the existing Student entity"."""
    start = reader.position
    _determiners(reader)
    entity = reader.peek("entity")
    if entity is not None and not _entity_length(reader):
        after = reader.ahead(entity.length)
        named = after.hits.get("named")
        follows = reader.ahead(entity.length + named.length) if named else after
        if can_name(follows) and "prep" not in follows.alone:
            reader.position += entity.length + (named.length if named else 0)
    length = _entity_length(reader)
    if length:
        noun: Noun | None = _spanned(reader, length)
        reader.take("entity")
        return noun
    noun = read_noun(reader)
    if noun is not None:
        noun = without_last(noun, reader.lexicon, "entity_word") or noun
        if at_border(reader):
            return noun
    reader.position = start
    return None


def at_border(reader: Reader) -> bool:
    """Whether a clause, or a part of it, may end here."""
    return (
        reader.at_end
        or reader.word.token.kind in ("mark", "line")
        or bool({"and", "now", "courtesy", "purpose", "any_more"} & set(reader.word.hits))
    )


def read_owners(reader: Reader) -> tuple[Noun, ...]:
    """One owner or several: "to Trip and to Tour", "from swimmers and coaches"."""
    first = read_owner(reader)
    if first is None:
        return ()
    found = [first]
    while True:
        start = reader.position
        if not _separator(reader):
            return tuple(found)
        reader.take("owner_prep")
        length = None
        begin = reader.position
        _determiners(reader)
        length = _entity_length(reader)
        reader.position = begin
        other = read_entity_noun(reader) if length else None
        if other is None or not at_border(reader):
            reader.position = start
            return tuple(found)
        found.append(other)


def owner_ends_here(reader: Reader) -> bool:
    """Whether "of each customer", "to Student" follows, and a clause or part of it ends then."""
    if "owner_prep" not in reader.word.hits:
        return False
    position = reader.position
    owner = read_owner(reader)
    known = owner is not None and reader.scope.inventory.entity(owner.key) is not None
    ends = known and (at_border(reader) or _says_more(reader))
    reader.position = position
    return ends


def _says_more(reader: Reader) -> bool:
    return bool({"with", "owner_prep", "bound", "flag", "default"} & set(reader.word.hits))


def read_known(reader: Reader, entities: bool = False) -> tuple[Noun, ...] | None:
    """A name that is there, as the entities that it may mean; empty for one of many."""
    length, named = _entity_length(reader), 0 if entities else _name_length(reader)
    if length and length >= named:
        noun = _spanned(reader, length)
        return (noun,)
    if named:
        noun = _spanned(reader, named)
        places = reader.scope.inventory.places(words_of(noun.text))
        owners = {place.entity.name for place in places}
        if len(owners) == 1:
            return (replace(noun, text=owners.pop()),)
        return ()
    return None
