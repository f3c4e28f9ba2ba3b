"""What a rule says of one attribute, behind its name: each kind is a small reader.

All have one shape: they take the cursor and the attribute (``None`` where the phrase stands behind
a name in a list), read what they know, and give the rule, or nothing.
"""

from __future__ import annotations

from collections.abc import Callable

from baes.language.aggregates import read_aggregate
from baes.language.conditions import read_when
from baes.language.formulas import read_formula
from baes.language.references import determiners, name_length, read_entity_name, read_ref
from baes.language.rule_facts import (
    Compares,
    Computes,
    Copies,
    Formula,
    Freezes,
    Lifts,
    Operator,
    Ref,
    Requires,
    RuleFact,
    Times,
)
from baes.language.steps import read_transits
from baes.language.words import Hit, Reader
from baes.spec.expressions import Call, Name

__all__ = ["read_predicate", "read_rule_modifier", "read_worked_out"]

PredicateReader = Callable[[Reader, Ref | None], RuleFact | None]

_NEGATED: dict[str, Operator] = {
    ">": "<=", ">=": "<", "<": ">=", "<=": ">", "==": "!=", "!=": "==",
}  # fmt: skip


def read_predicate(reader: Reader, ref: Ref | None) -> RuleFact | None:
    """The rule that a phrase behind an attribute says; the cursor is left behind it."""
    start = reader.position
    for read in _PREDICATES:
        rule = read(reader, ref)
        if rule is not None:
            return rule
        reader.position = start
    return None


_BEGINS = frozenset({
    "relative", "rule_adverb", "rule_be", "rule_compare", "rule_copy", "rule_equals",
    "rule_freeze", "rule_go", "rule_mode", "rule_not", "rule_required", "only",
})  # fmt: skip
"""What a rule behind a name in a list can begin with."""


def read_rule_modifier(reader: Reader) -> RuleFact | None:
    """The same behind an attribute in a list: "end date after start date", "total = a * b"."""
    start = reader.position
    if not (_BEGINS & reader.word.hits.keys()) and not reader.at_mark(",", ":"):
        return None
    if "relative" in reader.ahead(1).hits:
        reader.mark(",")
    reader.take("relative")
    for read in _MODIFIERS:
        begin = reader.position
        rule = read(reader, None)
        if rule is not None:
            return rule
        reader.position = begin
    reader.position = start
    return None


# ------------------------------------------------------------------------------ never changes
def _freeze(reader: Reader, ref: Ref | None) -> RuleFact | None:
    hit = reader.peek("rule_freeze")
    if (
        hit is None or "rule_from" in reader.ahead(hit.length).hits
    ):  # "may change from open to paid"
        return None
    reader.take("rule_freeze")
    while reader.take("rule_afterwards"):
        pass
    frozen = Freezes(ref)
    return frozen if hit.value == "frozen" else Lifts(frozen, permitted=True)


# ------------------------------------------------------------------------------ comparing
def _mode(reader: Reader) -> str | None:
    """Must, must not, may or lifted; ``None`` where nothing like it follows."""
    reader.take("rule_adverb")
    hit = reader.peek("rule_mode")
    if hit is not None:
        reader.take("rule_mode")
    mode = hit.value if hit is not None else ""
    while reader.take("rule_adverb"):
        pass
    told = mode != ""
    while True:
        if "rule_compare" in reader.word.hits and reader.peek("rule_not") is None:
            break
        if _longer(reader, "rule_compare", "rule_not") or _longer(reader, "rule_time", "rule_not"):
            break
        if reader.take("rule_not"):
            mode = {"must_not": "must", "lifted": "lifted", "may": "must_not"}.get(mode, "must_not")
            told = True
        elif "rule_time" in reader.word.hits or not (
            reader.take("rule_be") or reader.take("rule_adverb")
        ):
            break
        else:
            told = True
    return (mode or "must") if told else None


def _longer(reader: Reader, tag: str, than: str) -> bool:
    one, other = reader.peek(tag), reader.peek(than)
    return one is not None and (other is None or one.length >= other.length)


def _verbal(hit: Hit | None, reader: Reader) -> bool:
    """Whether a comparison has a verb of its own ("exceeds"), or is a sign."""
    word = reader.ahead(-hit.length if hit is not None else -1)
    return word.token.kind == "mark" or "compare_verb" in word.hits


def _compare(reader: Reader, ref: Ref | None) -> RuleFact | None:
    """As in "must be after the start date", "must not exceed the credit limit"."""
    mode = _mode(reader)
    hit = reader.peek("rule_compare")
    if hit is None or not reader.take("rule_compare"):
        return None
    if mode is None and ref is not None and not _verbal(hit, reader):
        return None
    operator = _operator(hit.value)
    right = _operand(reader)
    if operator is None or right is None:
        return None
    if mode == "must_not":
        operator = _NEGATED[operator]
    if mode == "may":  # what may be was forbidden by the opposite
        return Lifts(Compares(ref, _NEGATED[operator], right), permitted=True)
    rule = Compares(ref, operator, right)
    return Lifts(rule) if mode == "lifted" else rule


def _operator(value: str) -> Operator | None:
    return value if value in _NEGATED else None  # type: ignore[return-value]  # its keys are all


def _operand(reader: Reader) -> Ref | None:
    """What an attribute is compared with; a number or a date is the attribute's own limit."""
    if reader.word.token.kind in ("number", "moment", "quoted"):
        return None
    start = reader.position
    reader.take("rule_pro")  # "that of the start date"
    ref = read_ref(reader)
    if ref is None or ("number" in reader.words[start].hits and reader.position == start + 1):
        return None
    return ref


def _times(reader: Reader, ref: Ref | None) -> RuleFact | None:
    """As in "can't be in the future", "must be today or later"."""
    mode = _mode(reader)
    hit = reader.peek("rule_time")
    if hit is None or (mode is None and ref is not None):
        return None
    reader.take("article") if "rule_time" not in reader.word.hits else None
    reader.take("rule_time")
    forbids = mode in ("must_not", "may") or (mode == "lifted")
    kinds = {
        ("future", False): "not_past", ("future", True): "not_future",
        ("past", False): "not_future", ("past", True): "not_past",
    }  # fmt: skip
    if hit.value in ("future", "past"):
        negative = forbids and mode != "lifted"
        kind = kinds[hit.value, negative]
        strict = not negative
    elif mode == "must_not":
        return None  # "not today or later" is before today: no rule has that
    else:
        kind = "not_past" if hit.value == "today_or_later" else "not_future"
        strict = False
    rule = Times(ref, kind, strict)  # type: ignore[arg-type]  # the table's values are both kinds
    if mode in ("may", "lifted"):
        return Lifts(rule, permitted=mode == "may")
    return rule


# ------------------------------------------------------------------------------ computing
def _equals(reader: Reader, ref: Ref | None) -> RuleFact | None:
    """As in "is quantity times unit price", "= a * b", "is the sum of its lines' amounts"."""
    reader.take("rule_adverb")
    hit = reader.peek("rule_equals")
    sign = reader.at_mark("=")
    if hit is None and not sign:
        return None
    if hit is not None and hit.value == "no_more":
        reader.take("rule_equals")
        return Lifts(Computes(ref, Formula(Name("r0"), ())))
    reader.mark("=") if hit is None else reader.take("rule_equals")
    reader.mark(":")
    reader.take("rule_adverb")
    kind = hit.value if hit is not None else "as"
    return _computed(reader, ref, kind)


def read_worked_out(reader: Reader, ref: Ref | None) -> RuleFact | None:
    """A calculation that nothing leads to: "a line count (number of lines)"."""
    return _computed(reader, ref, "as")


def _computed(reader: Reader, ref: Ref | None, kind: str) -> RuleFact | None:
    start = reader.position
    formula = read_formula(reader)
    calculated = reader.position if formula is not None and _ends(reader) else start
    reader.position = start
    aggregate = read_aggregate(reader, ref)
    gathered = reader.position if aggregate is not None and _ends(reader) else start
    spans = formula is not None and isinstance(formula.tree, Call)
    if formula is not None and (
        calculated > gathered or (calculated == gathered > start and spans)
    ):
        reader.position = calculated
        return Computes(ref, formula)
    if aggregate is not None and gathered > start:
        return aggregate
    reader.position = start
    if kind != "from":
        return None
    source = read_ref(reader)
    if source is None or not _ends(reader):
        return None
    return Computes(ref, Formula(Name("r0"), (source,), ages=True))


def _ends(reader: Reader) -> bool:
    """Whether a calculation may be over here."""
    return (
        reader.at_end
        or reader.word.token.kind in ("mark", "line")
        or bool({"and", "rule_tail", "rule_copy_time", "courtesy"} & set(reader.word.hits))
    )


# ------------------------------------------------------------------------------ copying
def _copy(reader: Reader, ref: Ref | None) -> RuleFact | None:
    """As in "is copied from the product", "defaults to the price of its product"."""
    reader.take("rule_adverb")
    hit = reader.peek("rule_copy")
    if hit is not None and hit.value != "verb":
        reader.take("rule_copy")
        rule = _copied(reader, ref)
        if rule is not None:
            reader.take("rule_copy_time")
        return rule
    equals = reader.peek("rule_equals")  # "is the product's price when the order is placed"
    if equals is None or equals.value != "is" or not reader.take("rule_equals"):
        return None
    rule = _copied(reader, ref)
    return rule if rule is not None and reader.take("rule_copy_time") else None


def _copied(reader: Reader, ref: Ref | None) -> Copies | None:
    start = reader.position
    entity = read_entity_name(reader)
    if entity is not None and _copy_ends(reader):
        return Copies(ref, None, entity)
    reader.position = start
    of = read_ref(reader)
    if of is None or of.owner is None:
        return None
    return Copies(ref, of, of.owner)


def _copy_ends(reader: Reader) -> bool:
    return _ends(reader) or "rule_copy_time" in reader.word.hits


# ------------------------------------------------------------------------------ required
def _required(reader: Reader, ref: Ref | None) -> RuleFact | None:
    """As in "is required when the status is cancelled"."""
    hit = reader.peek("rule_required")
    if hit is None:
        return None
    reader.take("rule_required")
    while reader.take("rule_adverb"):
        pass
    reader.mark(",")
    cases = read_when(reader)
    if not cases:
        return None
    rule = Requires((ref,) if ref is not None else (), cases)
    return Lifts(rule) if hit.value == "lifted" else rule


def _transits(reader: Reader, ref: Ref | None) -> RuleFact | None:
    return read_transits(reader, ref)


# ------------------------------------------------------------------------------ in lists
# Behind a name in a list the words of a rule may as well be a part of the name ("time over par"),
# so that they must be clearer than in a sentence of their own.
def _listed_steps(reader: Reader, ref: Ref | None) -> RuleFact | None:
    begin = reader.position
    rule = read_transits(reader, ref)
    arrow = any(
        word.token.kind == "mark" and "rule_to" in word.hits for word in reader.since(begin)
    )
    return rule if rule is not None and (arrow or "rule_go" in _tags(reader, begin)) else None


def _tags(reader: Reader, begin: int) -> set[str]:
    return {tag for word in reader.since(begin) for tag in word.hits}


def _listed_times(reader: Reader, ref: Ref | None) -> RuleFact | None:
    begin = reader.position
    rule = _times(reader, ref)
    return rule if {"rule_mode", "rule_not"} & _tags(reader, begin) else None


def _listed_compare(reader: Reader, ref: Ref | None) -> RuleFact | None:
    begin = reader.position
    _mode(reader)
    if reader.take("rule_compare") is None:
        return None
    determiners(reader)
    scope = reader.scope
    names_known = bool(scope.attributes) or not scope.inventory.is_empty
    if names_known and not name_length(reader):
        return None
    reader.position = begin
    return _compare(reader, ref)


def _listed_equals(reader: Reader, ref: Ref | None) -> RuleFact | None:
    hit = reader.peek("rule_equals")
    if hit is not None and hit.value in ("is", "no_more") and hit.length == 1:
        return None
    return _equals(reader, ref)


_PREDICATES: tuple[PredicateReader, ...] = (
    _freeze, _required, _transits, _copy, _times, _compare, _equals,
)  # fmt: skip
_MODIFIERS: tuple[PredicateReader, ...] = (
    _freeze, _required, _listed_steps, _copy, _listed_times, _listed_compare, _listed_equals,
)  # fmt: skip
