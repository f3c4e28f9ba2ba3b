"""The ways of a state: "goes from draft to submitted to approved or rejected"."""

from __future__ import annotations

from baes.language.facts import Noun, Value
from baes.language.rule_facts import Lifts, Ref, Transits
from baes.language.words import Reader, Word, text_of

__all__ = ["ANY", "read_steps", "read_transits"]

ANY = Value("*")
"""Stands for every other state."""

_MAX_STATE_WORDS = 4
Pair = tuple[Value, Value]


def read_transits(
    reader: Reader, ref: Ref | None, entity: Noun | None = None
) -> Transits | Lifts | None:
    """The steps behind a state's name, or behind whose state it is; may be only an arrow chain."""
    start = reader.position
    reader.take("rule_adverb")
    hit = reader.peek("rule_mode")
    forbids = hit is not None and hit.value == "must_not"
    if hit is not None and hit.value != "lifted":
        reader.take("rule_mode")
    only = _only(reader) or any("only" in word.alone for word in reader.since(start))
    moved = reader.take("rule_go") is not None or _is_one_after_another(reader)
    only = _only(reader) or only
    reader.mark(":")
    if not moved and (entity is not None or hit is not None or "rule_from" in reader.word.hits):
        reader.position = start
        return None
    pairs = read_steps(reader, arrows=not moved)
    if not pairs or not _are_states(pairs, reader):
        reader.position = start
        return None
    only = _only(reader) or only
    rule = Transits(ref, pairs, entity, only)
    return Lifts(rule) if forbids else rule


def _is_one_after_another(reader: Reader) -> bool:
    """Read the "is" of "is new, then paid, then shipped"."""
    steps = (word.hits.get("rule_to") for word in reader.words[reader.position :])
    later = any(hit is not None and hit.value == "then" for hit in steps)
    return later and reader.take("be") is not None


def _are_states(pairs: tuple[Pair, ...], reader: Reader) -> bool:
    """Whether no number and no entity is among them: "from 1 to 5", "teacher -> Teacher"."""
    texts = {value.text for pair in pairs for value in pair}
    return not any(text.isdigit() for text in texts) and not any(
        reader.knows(Noun(text, 0, 0, reader.lexicon.language).key) for text in texts
    )


def _only(reader: Reader) -> bool:
    return "only" in reader.word.hits and reader.take("only") is not None


def read_steps(reader: Reader, *, arrows: bool = False) -> tuple[Pair, ...]:
    """All steps, wholly; with ``arrows`` only those that an arrow shows."""
    found: list[Pair] = []
    while True:
        before = reader.position
        if found and not _separator(reader):
            break
        more = _chain(reader, arrows)
        if not more:
            reader.position = before
            break
        found += more
    return tuple(dict.fromkeys(found))


def _separator(reader: Reader) -> bool:
    marked = reader.mark(",", ";", "\n")
    while reader.mark("\n"):
        marked = True
    joined = reader.take("and") or reader.take("or")
    reader.mark("\n")
    return marked or joined is not None


def _chain(reader: Reader, arrows: bool) -> list[Pair]:
    """One way through several states: "from a to b or c to d"."""
    start = reader.position
    if "rule_mode" in reader.word.hits and reader.take("rule_mode") is not None:
        reader.take("rule_go")
    reader.take("rule_go") if "rule_from" in reader.ahead(1).hits else None
    only = _only(reader)
    told = reader.take("rule_from") is not None
    sources = _states(reader, target=False)
    pairs: list[Pair] = []
    while sources and _takes_to(reader, arrows):
        targets = _states(reader, target=True)
        if not targets:
            break
        pairs += [(a, b) for a in sources for b in targets]
        sources = targets
    if not pairs or (only and not told):
        reader.position = start
        return []
    return pairs


def _takes_to(reader: Reader, arrows: bool) -> bool:
    start = reader.position
    reader.mark(",")
    if "and" in reader.word.alone and _is_later(reader.ahead(1)):
        reader.position += 1
    token = reader.word.token
    arrow = token.kind == "mark" and "rule_to" in reader.word.hits
    if (arrow or not arrows) and reader.take("rule_to") is not None:
        return True
    reader.position = start
    return False


def _states(reader: Reader, *, target: bool) -> list[Value]:
    """States joined by "or"; targets also by a comma or "and", where no step begins with them."""
    found: list[Value] = []
    while True:
        before = reader.position
        if found and not _joins(reader, target):
            reader.position = before
            break
        reader.take("rule_from") if not target and found else None
        state = _state(reader)
        if state is None or (found and target and _begins_step(reader)):
            reader.position = before
            break
        found.append(state)
    return found


def _joins(reader: Reader, target: bool) -> bool:
    """Read what stands between two states of one side."""
    comma = reader.mark(",") if target else False
    if target and (_is_later(reader.word) or (comma and "rule_to" in reader.word.hits)):
        return False  # the next step begins
    either = reader.take("or") is not None
    joined = either or reader.mark("/", "|") or (reader.take("and") if target else None)
    if target and "rule_to" in reader.word.hits and reader.word.token.kind == "word":
        if not either or _is_later(reader.word):
            return False
        reader.take("rule_to")  # "to paid or to cancelled"
    if target and "rule_from" in reader.word.hits and "rule_from" in reader.word.alone:
        return False
    return comma or bool(joined)


def _is_later(word: Word) -> bool:
    hit = word.hits.get("rule_to")
    return hit is not None and hit.value == "then"


def _begins_step(reader: Reader) -> bool:
    """Whether what was read as a state is the source of the next step: "paid to shipped"."""
    return "rule_to" in reader.word.hits


def _state(reader: Reader) -> Value | None:
    """The name of a state: quoted, or words up to what goes on; the first may be any."""
    reader.take("article") if reader.ahead(1).token.kind == "quoted" else None
    hit = reader.peek("rule_any")
    if hit is not None and reader.take("rule_any"):
        return ANY
    if reader.word.token.kind == "quoted":
        reader.position += 1
        return Value(reader.ahead(-1).token.norm)
    begin = reader.position
    while reader.position - begin < _MAX_STATE_WORDS:
        word = reader.word
        if word.token.kind not in ("word", "number"):
            break
        inside = reader.position > begin
        if inside and ({"rule_to", "or", "and", "rule_tail", "only"} & set(word.hits)):
            break
        if inside and "rule_from" in word.alone and not reader.lexicon.syntax.head_first:
            break
        reader.position += 1
    words = reader.since(begin)
    return Value(text_of(words, reader.text)) if words else None
