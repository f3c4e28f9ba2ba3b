"""Rule sentences: "the end date must be after the start date", "if it is a gift, a note is needed".

A sentence is read by its grammar, not by the names in it; what they mean is settled later, against
the whole request and the system.
"""

from __future__ import annotations

from collections.abc import Callable

from baes.language.aggregates import read_some
from baes.language.conditions import read_when
from baes.language.facts import Fact, Noun
from baes.language.frames.rules_unique import read_unique
from baes.language.predicates import read_predicate, read_worked_out
from baes.language.references import read_entity_name, read_ref, read_refs
from baes.language.rule_facts import (
    Aggregates,
    Computes,
    Copies,
    Lifts,
    Ref,
    Requires,
    RuleFact,
    Transits,
    owned,
)
from baes.language.steps import read_steps, read_transits
from baes.language.tokens import LINE
from baes.language.words import Reader, Word

__all__ = ["read_removed_rule", "read_rule"]

_TELLING = frozenset({
    "rule_required", "rule_sharing",
    "rule_closing", "rule_combination", "rule_compare", "rule_copy", "rule_copy_time", "rule_fold",
    "rule_freeze", "rule_function", "rule_between", "rule_since", "rule_sign", "rule_go",
    "rule_if", "rule_unless", "rule_no_two", "rule_only_one", "rule_steps", "rule_time",
    "rule_together",
    "rule_twice", "rule_unique", "rule_fraction", "rule_percent", "rule_extreme_behind",
})  # fmt: skip
"""A clause without any word of these is no rule."""

_STARTS = frozenset(
    {"rule_only_one", "rule_no_two", "rule_if", "rule_unless", "rule_steps", "rule_closing"}
)
"""Tags of phrases that begin a rule, though a courtesy may begin like them ("there")."""

RuleReader = Callable[[Reader], tuple[RuleFact, ...] | None]


def read_rule(reader: Reader) -> tuple[Fact, ...] | None:
    """The rules that a clause says, read to its end."""
    needing = not reader.scope.inventory.is_empty
    if not any(_tells(word) or (needing and "has" in word.hits) for word in reader.words):
        return None
    front = _lead(reader)
    begin = reader.position
    for read in _READERS:
        reader.position = begin
        rules = read(reader)
        if rules is None:
            continue
        behind = _end(reader)
        if reader.at_end:
            owner = behind or front
            return tuple(owned(rule, owner) if owner is not None else rule for rule in rules)
    return None


def _tells(word: Word) -> bool:
    equals, step = word.hits.get("rule_equals"), word.hits.get("rule_to")
    told = (equals is not None and equals.value != "is") or (step and step.value == "then")
    return bool(_TELLING & word.hits.keys()) or bool(told)


def _lead(reader: Reader) -> Noun | None:
    """What leads to a rule: courtesies, "make sure that", "For orders:"; whose rule it is."""
    while not (_STARTS & reader.word.hits.keys()) and (
        reader.take("rule_lead") or reader.take("courtesy") or reader.take("now")
        or reader.mark(",", ":", "-", "!", "\N{EN DASH}")
    ):  # fmt: skip
        pass
    start = reader.position
    led = reader.take("owner_prep") or reader.take("each_lead")
    entity = read_entity_name(reader)
    if entity is not None and _is_front(reader, entity, led is not None):
        return entity
    reader.position = start
    return None


def _is_front(reader: Reader, entity: Noun, led: bool) -> bool:
    """Whether an entity only says whose rule it is: "Orders: the total is …", no list follows."""
    if led and reader.mark(","):
        return True
    told = reader.scope.inventory.entity(entity.key) is not None
    told = told or "article" in reader.ahead(1).alone
    return told and reader.mark(":")


def _end(reader: Reader) -> Noun | None:
    """What may stand behind a rule; whose it is, where that is said there."""
    owner: Noun | None = None
    while not reader.at_end:
        start = reader.position
        if reader.take("rule_tail") or reader.take("courtesy") or reader.mark(",", ".", "!", LINE):
            continue
        if reader.take("rule_closing"):
            continue
        if owner is None and (reader.take("owner_prep") or reader.take("rule_belongs")):
            owner = read_entity_name(reader)
            if owner is not None:
                continue
        reader.position = start
        return owner
    return owner


# ------------------------------------------------------------------------------ one attribute
def _read_sentence(reader: Reader) -> tuple[RuleFact, ...] | None:
    """As in "the end date must be after the start date and not in the future"."""
    subjects = _subjects(reader)
    if not subjects:
        return None
    found: list[RuleFact] = []
    while True:
        begin = reader.position
        rules = [_again(reader, begin, subject) for subject in subjects]
        alone = any(isinstance(rule, Computes | Aggregates | Copies) for rule in rules)
        if not all(rules) or (alone and len(subjects) > 1):
            return None
        found += [rule for rule in rules if rule is not None]
        start = reader.position
        reader.mark(",")
        if not (reader.take("and") or reader.take("rule_but")):
            reader.position = start
            break
        if read_predicate(reader, subjects[0]) is None:
            reader.position = start
            break
        reader.position = start
        reader.mark(",")
        reader.take("and") or reader.take("rule_but")
    return tuple(found)


def _again(reader: Reader, begin: int, subject: Ref) -> RuleFact | None:
    reader.position = begin
    return read_predicate(reader, subject)


def _subjects(reader: Reader) -> tuple[Ref, ...]:
    """The attributes that a sentence begins with; for a pronoun what was spoken of last."""
    last = reader.scope.last
    if reader.peek("pronoun") is not None and last is not None:
        if "person" in reader.word.alone or not reader.take("pronoun"):
            return ()
        return (Ref(last.noun, last.owner or last.near),)
    reader.take("rule_both") or reader.take("make_verb")
    return read_refs(reader)


# ------------------------------------------------------------------------------ states
def _read_state_of_entity(reader: Reader) -> tuple[RuleFact, ...] | None:
    """As in "an order may go from new to paid": whose state it is."""
    entity = read_entity_name(reader)
    if entity is None:
        return None
    rule = read_transits(reader, None, entity)
    return (rule,) if rule is not None else None


def _read_elliptic_steps(reader: Reader) -> tuple[RuleFact, ...] | None:
    """As in "it can only go from open to closed": the state that was spoken of last."""
    reader.take("pronoun")
    if not {"rule_mode", "only"} & set(reader.word.hits):
        return None
    rule = read_transits(reader, None)
    return (rule,) if rule is not None else None


def _read_listed_steps(reader: Reader) -> tuple[RuleFact, ...] | None:
    """As in "Allowed transitions: todo to doing, doing to done"."""
    if reader.take("rule_steps") is None:
        return None
    start = reader.position
    ref = entity = None
    if reader.take("rule_belongs") or reader.take("owner_prep"):
        entity = read_entity_name(reader)
        if entity is None:
            ref = read_ref(reader)
    if not (reader.mark(":", "-") or reader.take("rule_be") or start):
        return None
    while reader.mark(LINE):
        pass
    pairs = read_steps(reader)
    return (Transits(ref, pairs, entity, only=True),) if pairs else None


def _read_closing(reader: Reader) -> tuple[RuleFact, ...] | None:
    """As in "no other change is allowed": only the steps that are named are possible anyway."""
    return () if reader.take("rule_closing") else None


# ------------------------------------------------------------------------------ conditions first
def _read_if(reader: Reader) -> tuple[RuleFact, ...] | None:
    """As in "if the kind is temporary, the end date is mandatory"."""
    cases = read_when(reader)
    if not cases:
        return None
    reader.mark(",")
    led = False
    while reader.take("rule_then") is not None:
        led = True
    refs = read_refs(reader)
    hit = reader.peek("rule_required")
    if hit is not None:
        reader.take("rule_required")
    if not refs or (hit is None and not led):
        return None
    rule = Requires(refs, cases)
    return (Lifts(rule) if hit is not None and hit.value == "lifted" else rule,)


def _read_many_required(reader: Reader) -> tuple[RuleFact, ...] | None:
    """As in "reason and date are required when the status is cancelled"."""
    refs = read_refs(reader)
    hit = reader.peek("rule_required")
    if not refs or hit is None or not reader.take("rule_required"):
        return None
    while reader.take("rule_adverb"):
        pass
    reader.mark(",")
    cases = read_when(reader)
    if not cases:
        return None
    rule = Requires(refs, cases)
    return (Lifts(rule) if hit.value == "lifted" else rule,)


def _read_some_require(reader: Reader) -> tuple[RuleFact, ...] | None:
    """As in "cancelled orders need a reason", of what is there already."""
    some = read_some(reader)
    if some is None or reader.scope.inventory.entity(some[0].key) is None:
        return None
    has = reader.peek("has")
    if has is None:
        mode = reader.take("rule_mode")
        has = reader.peek("has") if mode is not None and mode.value == "must" else None
    elif has.value != "must":
        return None
    if has is None or not reader.take("has"):
        return None
    refs = read_refs(reader)
    return (owned(Requires(refs, (some[1],)), some[0]),) if refs else None


def _read_required_for_some(reader: Reader) -> tuple[RuleFact, ...] | None:
    """As in "notes are mandatory for cancelled orders"."""
    refs = read_refs(reader)
    hit = reader.peek("rule_required")
    if not refs or hit is None or not reader.take("rule_required"):
        return None
    while reader.take("rule_adverb"):
        pass
    if not (reader.take("owner_prep") or reader.take("rule_per")):
        return None
    some = read_some(reader)
    if some is None:
        return None
    rule = owned(Requires(refs, (some[1],)), some[0])
    return (Lifts(rule) if hit.value == "lifted" else rule,)  # type: ignore[arg-type]  # no Lifts


# ------------------------------------------------------------------------------ adding
def _read_added(reader: Reader) -> tuple[RuleFact, ...] | None:
    """As in "add a total to Line, which is quantity times price": what is worked out is new."""
    if reader.take("add_verb") is None:
        return None
    owner = _owner_first(reader)
    ref = read_ref(reader)
    if ref is None:
        return None
    bracket = reader.mark("(")
    reader.mark(",", ":")
    reader.take("relative")
    rule = read_predicate(reader, ref) or read_worked_out(reader, ref)
    if bracket and not reader.mark(")"):
        return None
    if not isinstance(rule, Computes | Aggregates | Copies):
        return None
    return (owned(rule, owner) if owner is not None else rule,)


def _owner_first(reader: Reader) -> Noun | None:
    """As in "add to Customer a last order date"."""
    start = reader.position
    owner = read_entity_name(reader) if reader.take("owner_prep") else None
    if owner is None:
        reader.position = start
    return owner


# ------------------------------------------------------------------------------ copying
def _read_copy_order(reader: Reader) -> tuple[RuleFact, ...] | None:
    """As in "copy the price of the product into the unit price"."""
    hit = reader.peek("rule_copy")
    if hit is None or hit.value != "verb" or not reader.take("rule_copy"):
        return None
    of = read_ref(reader)
    if of is None:
        return None
    if reader.take("rule_copy_into") is None:
        return None
    ref = read_ref(reader)
    if ref is None:
        return None
    reader.take("rule_copy_time")
    return (Copies(ref, of, of.owner),)


# ------------------------------------------------------------------------------ taking away
def read_removed_rule(reader: Reader) -> tuple[Fact, ...] | None:
    """As in "remove the rule that …", "the rule that … no longer applies"."""
    if not any({"rule_noun", "rule_over"} & word.hits.keys() for word in reader.words):
        return None
    _lead(reader)
    begin = reader.position
    if reader.take("rule_remove") is not None:
        every = reader.take("rule_all") is not None and "all" in reader.ahead(-1).hits
        reader.take("article")
        noun = reader.peek("rule_noun")
        if noun is None or not reader.take("rule_noun"):
            return None
        inside = _without_end(reader)
        if noun.value == "about":
            return _about(inside, every=every)
        return _lifted(inside)
    reader.take("article")
    if reader.take("rule_noun") is not None:
        return _lifted(_without_over(reader))
    reader.position = begin
    return _lifted(_without_over(reader))


def _lifted(inside: Reader | None) -> tuple[Fact, ...] | None:
    facts = read_rule(inside) if inside is not None else None
    if not facts or any(isinstance(fact, Lifts) for fact in facts):
        return None
    return tuple(Lifts(fact) for fact in facts)  # type: ignore[arg-type]  # rules, and no Lifts


def _about(inside: Reader, *, every: bool) -> tuple[Fact, ...] | None:
    entity = read_entity_name(inside)
    if entity is not None and inside.at_end:
        return (Lifts(None, Ref(entity), every),)
    inside.position = 0
    ref = read_ref(inside)
    return (Lifts(None, ref, every),) if ref is not None and inside.at_end else None


def _without_end(reader: Reader) -> Reader:
    """A reader of the words from the cursor on, without what may stand behind a rule."""
    words = reader.words[reader.position :]
    while words and (words[-1].token.norm in (".", "!") or "courtesy" in words[-1].alone):
        words = words[:-1]
    reader.position = len(reader.words)
    return Reader(words, reader.scope)


def _without_over(reader: Reader) -> Reader | None:
    """A reader of the words before "no longer applies"; ``None`` where that isn't said."""
    begin = reader.position
    for index in range(len(reader.words) - 1, begin, -1):
        hit = reader.words[index].hits.get("rule_over")
        if hit is None:
            continue
        rest = Reader(reader.words[index + hit.length :], reader.scope)
        _end(rest)
        if rest.at_end:
            inner = Reader(reader.words[begin:index], reader.scope)
            reader.position = len(reader.words)
            return inner
    return None


_READERS: tuple[RuleReader, ...] = (
    _read_closing,
    read_unique,
    _read_listed_steps,
    _read_if,
    _read_copy_order,
    _read_added,
    _read_some_require,
    _read_required_for_some,
    _read_many_required,
    _read_state_of_entity,
    _read_sentence,
    _read_elliptic_steps,
)
