"""From the tree of lines to facts: which frame reads which clause.

A clause is tried whole; only where no frame reads it, it is cut at a semicolon, a colon, a comma or
an "and" into parts that are each read whole. What still fits nothing is left over, verbatim.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import cast

from baes.language.facts import (
    Adds,
    Alters,
    Background,
    Declares,
    Describes,
    Fact,
    Limits,
    Links,
    Noun,
    Removes,
    Renames,
    RuleStatement,
    Target,
    Topic,
)
from baes.language.frames import FRAMES, FRONT, Frame
from baes.language.frames.common import harmless
from baes.language.inventory import Inventory
from baes.language.items import read_items
from baes.language.layout import Node, layout, sentences
from baes.language.names import is_place
from baes.language.rule_facts import Aggregates, Computes, RuleFact, subject_of
from baes.language.titles import is_domain, is_front, is_title, only_announces, section_of
from baes.language.tokens import LINE, Token, tokenize
from baes.language.vocabulary import Vocabulary
from baes.language.words import Reader, Scope, Word, Words, tagged, text_of
from baes.spec.names import snake_case

__all__ = ["Reading", "read_text"]

MAX_CLAUSE_WORDS = 600
MAX_CUT_WORDS = 120
MAX_CLAUSES = 400
"""Beyond these a text is no request that anybody typed; the rest is left over unread."""
MAX_READINGS = 3
"""Who is spoken of in one sentence may only be understood once another one is."""
TITLE = "title"
"""Name of what only says what a request is about: it holds where something is defined."""
_MIN_LISTED = 2
"""A list without a verb has two members at least."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One clause and what it was taken for."""

    text: str
    frame: str
    """Name of the frame; empty: none fits."""
    facts: tuple[Fact, ...] = ()
    words: Words = ()


@dataclass(slots=True)
class _State:
    text: str
    lexicon: Vocabulary
    known: frozenset[str]
    inventory: Inventory
    attributes: frozenset[str] = frozenset()
    subject: Noun | None = None
    last: Target | None = None
    readings: list[Reading] = field(default_factory=list)
    stated: bool = False
    """Whether anything but background was read."""

    @property
    def scope(self) -> Scope:
        return Scope(
            self.text, self.lexicon, self.known, self.subject,
            attributes=self.attributes, inventory=self.inventory, last=self.last,
        )  # fmt: skip

    def add(self, readings: list[Reading]) -> None:
        for reading in readings:
            self.readings.append(reading)
            self.stated |= any(not isinstance(f, Background) for f in reading.facts)
            self.subject = _subject_after(reading.facts, self.subject)
            self.last = _last_after(reading.facts, self.last)


def read_text(text: str, lexicon: Vocabulary, inventory: Inventory) -> tuple[Reading, ...]:
    """All clauses of a request, read again while that tells of more entities than were known."""
    known = frozenset(inventory.entities)
    attributes: frozenset[str] = frozenset()
    nodes = layout(text, lexicon.syntax)
    readings = _read_nodes(nodes, text, lexicon, inventory, known)
    for _ in range(MAX_READINGS - 1):
        named, found = _named(readings, known, lexicon), _attributes(readings, lexicon)
        if named <= known and (inventory.is_empty or found <= attributes):
            break
        known, attributes = known | named, found
        readings = _read_nodes(nodes, text, lexicon, inventory, known, attributes)
    return tuple(_unless_bare(reading, readings, lexicon) for reading in readings)


def _unless_bare(reading: Reading, readings: tuple[Reading, ...], lexicon: Vocabulary) -> Reading:
    """A topic that nothing else speaks of is left over: it may be anything."""
    if reading.frame in (FRONT, TITLE):
        facts = [f for r in readings for f in r.facts]
        defined = [f for f in facts if isinstance(f, Declares | Describes) and f.items]
        needed = 2 if reading.frame == FRONT else 1
        return reading if len(defined) >= needed else _left_over(reading)
    if _tells_of_place(reading, readings, lexicon):
        return replace(reading, frame=TITLE, facts=(Background(reading.text),))
    bare = {f.entity.key for f in reading.facts if isinstance(f, Declares) and f.needs_more}
    if not bare:
        return reading
    described = {
        fact.entity.key
        for other in readings
        for fact in other.facts
        if other is not reading and isinstance(fact, Declares | Describes)
    }
    named = any(lexicon.is_headed(key, other) for key in bare for other in described)
    return reading if named or bare <= described else _left_over(reading)


def _tells_of_place(reading: Reading, readings: tuple[Reading, ...], lexicon: Vocabulary) -> bool:
    """As in "The cinema shows films.": a place of which nothing is kept, and what is kept there."""
    if len(reading.facts) != 1 or not isinstance(link := reading.facts[0], Links):
        return False
    facts = [fact for other in readings if other is not reading for fact in other.facts]
    kept = {f.entity.key for f in facts if isinstance(f, Declares | Describes)}
    place = is_place(link.subject, lexicon) and not link.subject.plural
    spoken = {end.key for f in facts if isinstance(f, Links) for end in (f.subject, f.target)}
    return place and link.subject.key not in kept | spoken and link.target.key in kept


def _left_over(reading: Reading) -> Reading:
    return Reading(reading.text, "", (), reading.words)


def _named(
    readings: tuple[Reading, ...], known: frozenset[str], lexicon: Vocabulary
) -> frozenset[str]:
    """The entities that facts speak of; "room" is no new one beside "hotel room"."""
    facts = [fact for reading in readings for fact in reading.facts]
    declared = {f.entity.key for f in facts if isinstance(f, Declares)} | known
    scope = Scope("", lexicon, frozenset(declared))
    for fact in facts:
        nouns = [fact.entity] if isinstance(fact, Describes) else []
        nouns += [fact.subject, fact.target] if isinstance(fact, Links) else []
        for noun in nouns:
            if scope.resolve(noun.key) is None:
                declared.add(noun.key)
    return frozenset(declared)


def _attributes(readings: tuple[Reading, ...], lexicon: Vocabulary) -> frozenset[str]:
    """The attributes that facts name, as snake_case words."""
    facts = [fact for reading in readings for fact in reading.facts]
    named = {
        snake_case(item.noun.text)
        for fact in facts
        if isinstance(fact, Adds | Declares | Describes)
        for item in fact.items
    }
    refs = (f.ref for f in facts if isinstance(f, Computes | Aggregates))
    worked_out = (ref.noun.text for ref in refs if ref and _is_plain(ref.noun.text, lexicon))
    return frozenset(named | {snake_case(name) for name in worked_out})


def _is_plain(name: str, lexicon: Vocabulary) -> bool:
    """Whether a name doesn't say whose it is as well: "order total", not "total of the order"."""
    return all(lexicon.value("owned_by", word.lower()) is None for word in name.split(" "))


def _read_nodes(
    nodes: tuple[Node, ...], text: str, lexicon: Vocabulary, inventory: Inventory,
    known: frozenset[str], attributes: frozenset[str] = frozenset(),
) -> tuple[Reading, ...]:  # fmt: skip
    state = _State(text, lexicon, known, inventory, attributes)
    for node in nodes:
        _read_node(node, state)
    return tuple(state.readings)


def _read_node(node: Node, state: _State) -> None:
    spans = sentences(state.text, node.start, node.end, state.lexicon.syntax)
    for start, end in spans[:-1] if node.children else spans:
        if len(state.readings) > MAX_CLAUSES:
            state.readings.append(Reading(state.text[start:end].strip(), ""))
            continue
        _read_sentence(_words(start, end, state), state)
    if node.children and spans and len(state.readings) <= MAX_CLAUSES:
        _read_heading(_words(*spans[-1], state), node.children, state)
    elif node.children and spans:
        state.readings.append(Reading(state.text[spans[-1][0] : node.children[-1].end].strip(), ""))


def _words(start: int, end: int, state: _State) -> Words:
    if end - start > MAX_CLAUSE_WORDS * 12:
        token = Token(state.text[start:end].strip(), "", start, end, "mark")
        return (Word(token),)
    tokens = tokenize(state.text, start, end, state.lexicon.syntax)
    kept = tuple(
        t for t in tokens if not (t.kind == "mark" and t.norm in "*_#`") or _is_times(t, state.text)
    )
    return tagged(kept, state.lexicon)


def _is_times(token: Token, text: str) -> bool:
    """Whether a star multiplies, and doesn't stress a word: what stands on both sides is alike."""
    before = text[token.start - 1 : token.start]
    after = text[token.end : token.end + 1]
    apart = before == after == " "
    return token.norm == "*" and (apart or (before.isalnum() and after.isalnum()))


def _read_sentence(words: Words, state: _State) -> None:
    words = _trimmed(words)
    if section_of(words):
        return
    if not any(w.token.kind in ("word", "number", "quoted", "moment") for w in words):
        if any(w.token.norm not in ".!,;:-" for w in words):
            state.add([Reading(text_of(words, state.text), "")])
        return
    found = (
        _read_title(words, state)
        or _read_clause(words, state, {}, first=True)
        or _read_front(words, state)
        or _read_bare_list(words, state)
    )
    parts = [] if found else _parts(words)
    if len(parts) > 1:
        for part in parts:
            _read_sentence(part, state)
        return
    state.add(found or [Reading(text_of(words, state.text), "", (), words)])


def _parts(words: Words) -> list[Words]:
    """What stands between the semicolons of a sentence, outside of brackets."""
    parts: list[Words] = []
    begin = 0
    for i, word in enumerate(words):
        if word.token.norm == ";" and not _open_bracket(words[begin:i]):
            parts.append(words[begin:i])
            begin = i + 1
    return [part for part in (*parts, words[begin:]) if part]


def _read_front(words: Words, state: _State) -> list[Reading] | None:
    """A first line like "Online shop:", where the entities follow with their attributes."""
    if state.readings or not is_front(words):
        return None
    text = text_of(words[:-1], state.text)
    return [Reading(text, FRONT, (Background(text),), words)]


def _read_title(words: Words, state: _State) -> list[Reading] | None:
    """What is said in front of all else, and only says what it is about."""
    if state.stated or not is_title(words, state.scope):
        return None
    text = text_of(words, state.text)
    return [Reading(text, TITLE, (Background(text),), words)]


def _read_bare_list(words: Words, state: _State) -> list[Reading] | None:
    """Attributes with no verb, behind an entity of which nothing is said yet."""
    if state.subject is None or not _is_bare(state):
        return None
    reader = Reader(words, state.scope)
    items = read_items(reader, stop_at_entity=False)
    reader.mark(".", "!", "?")
    if len(items) < _MIN_LISTED or not reader.at_end:
        return None
    return [
        Reading(text_of(words, state.text), "fields", (Describes(state.subject, items),), words)
    ]


def _trimmed(words: Words) -> Words:
    while words and words[-1].token.norm in (".", "!", ";", LINE):
        words = words[:-1]
    return words


# ------------------------------------------------------------------------------- headings
def _read_heading(words: Words, children: tuple[Node, ...], state: _State) -> None:
    """A line with lines under it: a section, an entity with its attributes, or just two levels."""
    lists = [child for child in children if child.bullet]
    if lists and len(lists) < len(children) and children[len(lists) - 1].bullet:
        _read_heading(words, tuple(lists), state)
        for child in children[len(lists) :]:
            _read_node(child, state)
        return
    section = section_of(words)
    if section in ("fields", "plain") and _read_fields(section, words, children, state):
        return
    if not section and all(not child.children for child in children):
        joined = _joined(words, children, state)
        for frame in FRAMES:
            if frame.name != "custom" and _try(frame, joined, state):
                return
    if not section and not only_announces(words):
        head = tuple(w for i, w in enumerate(words) if i < len(words) - 1 or w.token.norm != ":")
        _read_heading_alone(head, state)
    for child in children:
        _read_node(child, state)


def _read_heading_alone(words: Words, state: _State) -> None:
    """A heading of its own: a request, or the title of a document about a system."""
    if not words:
        return
    found = _read_title(words, state) or _read_clause(words, state, {}, first=True)
    if not found and any("system" in w.hits for w in words) and len(words) <= 6 and harmless(words):
        text = text_of(words, state.text)
        found = [Reading(text, "heading", (Background(text),), words)]
    state.add(found or [Reading(text_of(words, state.text), "", (), words)])


def _joined(words: Words, children: tuple[Node, ...], state: _State) -> Words:
    line = Word(Token(LINE, LINE, children[0].start, children[0].start, "line"))
    colon = Word(Token(":", ":", children[0].start, children[0].start, "mark"))
    head = _trimmed(words)
    if head and head[-1].token.norm in (":", "-", "\N{EN DASH}", "\N{EM DASH}"):
        head = head[:-1]
    parts: list[Word] = [*head, colon]
    for child in children:
        parts += [line, *_trimmed(_words(child.start, child.end, state))]
    return tuple(parts)


def _read_fields(section: str, words: Words, children: tuple[Node, ...], state: _State) -> bool:
    """A section with the attributes of the entity before it: all typed where it says "rules"."""
    subject = state.subject
    joined = _joined((), children, state)[2:]
    reader = Reader(joined, state.scope)
    items = read_items(reader, stop_at_entity=False)
    if not items or not reader.at_end or subject is None:
        return False
    if section == "plain" and not (_is_bare(state) and all(item.said for item in items)):
        return False
    state.add(
        [Reading(text_of((*words, *joined), state.text), "fields", (Describes(subject, items),))]
    )
    return True


def _is_bare(state: _State) -> bool:
    """Whether the last clause only names an entity, and says nothing of it."""
    facts = state.readings[-1].facts if state.readings else ()
    return any(isinstance(fact, Declares) and not fact.items for fact in facts)


def _try(frame: Frame, words: Words, state: _State) -> bool:
    facts = _facts(frame, words, state.scope)
    if facts is None:
        return False
    state.add([Reading(text_of(words, state.text), frame.name, facts, words)])
    return True


# -------------------------------------------------------------------------------- clauses
def _facts(frame: Frame, words: Words, scope: Scope) -> tuple[Fact, ...] | None:
    reader = Reader(words, scope)
    facts = frame.read(reader)
    return facts if facts is not None and reader.at_end else None


def _whole(words: Words, scope: Scope, verbal: bool) -> list[Reading] | None:
    bare = words if scope.inventory.is_empty else _without_now(words)
    bare = _default_last(bare)
    for frame in FRAMES:
        if verbal and not frame.verbal:
            continue
        facts = _facts(frame, words, scope) if frame.whole else None
        facts = _facts(frame, bare, scope) if facts is None else facts
        if facts is not None:
            return [Reading(text_of(words, scope.text), frame.name, facts, words)]
    return None


def _without_now(words: Words) -> Words:
    """The words without "from now on" and its like at both ends: each change is one from now on."""
    while words and (hit := words[0].hits.get("now")) and len(words) > hit.length:
        words = words[hit.length :]
        words = words[1:] if words[0].token.norm == "," else words
    cut = True
    while cut:
        cut = False
        for length in range(1, 4):
            hit = words[-length].hits.get("now") if len(words) > length else None
            if hit is not None and hit.length == length:
                words, cut = words[:-length], True
                words = words[:-1] if words[-1].token.norm == "," else words
                break
    return words


def _default_last(words: Words) -> Words:
    """The words with a "by default," in front put behind: "by default, active is yes"."""
    hit = words[0].hits.get("by_default") if words else None
    if hit is None or len(words) <= hit.length + 1:
        return words
    rest = words[hit.length :]
    return (*(rest[1:] if rest[0].token.norm == "," else rest), *words[: hit.length])


def _read_clause(
    words: Words, state: _State, memo: dict[int, list[Reading] | None], first: bool = False
) -> list[Reading] | None:
    """The clause by one frame, or cut into parts."""
    if len(words) > MAX_CLAUSE_WORDS:
        return None
    found = _whole(words, state.scope, verbal=False)
    custom = found is not None and found[0].frame == "custom"
    if (found is not None and not custom) or len(words) > MAX_CUT_WORDS or not first:
        return found
    parts = _cut(words, 0, state, memo, state.subject, ";", state.last)
    if custom and (parts is None or all(part.frame == "custom" for part in parts)):
        return found  # only where a part of it can be done without a model it is cut
    return parts


_CUTS = (";", ":", ",", "-", "\N{EN DASH}", "\N{EM DASH}", LINE)


def _cut(
    words: Words, start: int, state: _State, memo: dict[int, list[Reading] | None],
    subject: Noun | None, before: str, last: Target | None = None,
) -> list[Reading] | None:  # fmt: skip
    """The words from a place on, read in parts that each a frame reads whole."""
    if start in memo:
        return memo[start]
    memo[start] = None
    rest = words[start:]
    scope = replace(state.scope, subject=subject, elliptic=start > 0, last=last)
    verbal = before not in (";", ":", LINE)
    whole = _whole(rest, scope, verbal) if start else None
    if whole is not None:
        memo[start] = whole
        return whole
    for end in range(start + 1, len(words) - 1):
        norm = words[end].token.norm
        if not _is_cut(words[end]) or _open_bracket(words[start:end]):
            continue
        left = _whole(_trimmed(words[start:end]), scope, verbal) or _front(words, start, end, scope)
        if left is None:
            continue
        then = end + 1
        while then < len(words) and (words[then].token.norm == "," or "and" in words[then].alone):
            then += 1
        lead = words[then].hits.get("clause_lead") if then < len(words) else None
        then += lead.length if lead is not None else 0
        now = _subject_after(left[0].facts, subject), _last_after(left[0].facts, last)
        right = _cut(words, then, state, memo, now[0], norm, now[1])
        if right is not None:
            memo[start] = left + right
            return left + right
    return None


def _is_cut(word: Word) -> bool:
    token = word.token
    joins = "sub" in word.alone and word.hits["sub"].value == "joining"
    return (token.kind in ("mark", "line") and token.norm in _CUTS) or joins or "and" in word.alone


def _front(words: Words, start: int, end: int, scope: Scope) -> list[Reading] | None:
    """The domain or a remark in front of a colon: "farm: a field has a name"."""
    if start or words[end].token.norm != ":" or not is_domain(words[:end]):
        return None
    text = text_of(words[:end], scope.text)
    return [Reading(text, "front", (Background(text),), words[:end])]


def _open_bracket(words: Words) -> bool:
    opened = sum(w.token.norm in ("(", "[") for w in words)
    return opened > sum(w.token.norm in (")", "]") for w in words)


def _owner_of(fact: Alters | Removes | Renames) -> Noun | None:
    """Whose attribute a change is about; a renamed entity goes on under its new name."""
    if isinstance(fact, Renames) and fact.target.owner is None and fact.target.kind == "entity":
        return fact.target.noun
    target: Target = fact.targets[-1] if isinstance(fact, Removes) else fact.target
    return target.owner


def _last_after(facts: tuple[Fact, ...], before: Target | None) -> Target | None:
    """Which attribute "it" is after a clause: the only one that it speaks of."""
    kinds = Adds | Alters | Renames | Removes | Declares | Limits | RuleStatement
    if not any(isinstance(f, kinds) for f in facts):
        return before
    for fact in facts:
        match fact:
            case Limits(attribute=noun, entity=entity):
                return Target(noun, entity, "attribute")
            case RuleStatement():
                return _subject_of_rule(fact) or before
            case Adds(owner=owner, items=(item,)):
                return Target(item.noun, owner, "attribute")
            case Alters(target=target) | Renames(target=target) | Removes(targets=(target,)):
                return target
            case _:
                pass
    return None


def _subject_of_rule(fact: RuleStatement) -> Target | None:
    ref = subject_of(cast(RuleFact, fact))
    return Target(ref.noun, ref.owner, "attribute", ref.near) if ref is not None else None


def _subject_after(facts: tuple[Fact, ...], before: Noun | None) -> Noun | None:
    """Who "it" is after a clause."""
    declared = [f.entity for f in facts if isinstance(f, Declares)]
    if len(declared) > 1:
        return None
    for fact in reversed(facts):
        if isinstance(fact, Declares | Describes | Topic):
            return fact.entity
        if isinstance(fact, Adds):
            return fact.owner
        if isinstance(fact, Alters | Removes | Renames):
            return _owner_of(fact) or before
        if isinstance(fact, Links):
            return fact.subject
        if isinstance(fact, Limits):
            return fact.entity or before
        if isinstance(fact, RuleStatement):
            ref = subject_of(cast(RuleFact, fact))
            return (ref.owner if ref is not None else None) or before
    return before
