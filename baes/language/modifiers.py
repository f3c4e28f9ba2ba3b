"""What is said of one attribute: type, flags, default, choices, unit, link, and its bounds.

Each kind is a small reader of the same shape: it takes the cursor, reads its phrase and gives what
that says, or gives ``None`` and leaves the cursor where it was. A new kind is one more reader.
"""

from __future__ import annotations

from collections.abc import Callable

from baes.language.bounds import read_between, read_bound_after, read_one_bound, read_range
from baes.language.facts import Noun, Said, Value
from baes.language.named_forms import read_named_form, read_valid_form
from baes.language.names import is_separator, read_noun
from baes.language.predicates import read_rule_modifier
from baes.language.spelled_patterns import read_spelled_pattern
from baes.language.values import MAX_VALUE_WORDS, read_choices, read_mask, read_value
from baes.language.words import Reader

__all__ = ["read_bracket", "read_modifier", "read_modifiers"]

ModifierReader = Callable[[Reader], Said | None]


_FLAGS: dict[str, Said] = {
    "optional": (("required", False),),
    "required": (("required", True),),
    "unique": (("unique", True),),
    "key": (("unique", True), ("required", True)),
    "generated": (("generated", True),),
    "positive": (("exclusive_min", Value("0", "0")),),
    "not_negative": (("min", Value("0", "0")),),
    "negative": (("exclusive_max", Value("0", "0")),),
}


_NAMED_ALIKE = frozenset({"phone", "email", "url"})
"""Types whose words are part of names as well: "telefone celular"."""


_Segment = tuple[Said | None, Value | None]
"""A part of a bracket: what it says, and the value that it is or could be."""


def read_modifiers(reader: Reader, bracketed: bool = False) -> Said:
    """All that is said at the cursor, until something else comes."""
    said: Said = ()
    while (more := read_modifier(reader, bracketed) or _joined_modifier(reader, said)) is not None:
        said += more
    return said


def _joined_modifier(reader: Reader, said: Said) -> Said | None:
    """As in "at least 18 and at most 65", "required and unique", but not "unique and notes"."""
    start = reader.position
    if said and (reader.take("and") or reader.mark(",")):
        reader.take("and")
        goes_on = {"bound", "flag", "default", "relative"} & set(reader.word.hits)
        more = read_modifier(reader) if goes_on else None
        more = more or _chosen_default(reader, said)
        if more and is_separator(reader):
            return more
    reader.position = start
    return None


def _chosen_default(reader: Reader, said: Said) -> Said | None:
    """As in "(low, normal, high), normal by default": one of the choices."""
    choices = dict(said).get("choices")
    default = _value_by_default(reader) if isinstance(choices, tuple) else None
    if default is None or not isinstance(choices, tuple):
        return None
    return default if default[0][1] in choices else None


def read_modifier(reader: Reader, bracketed: bool = False) -> Said | None:
    """One thing that is said at the cursor; in brackets more may stand without its usual lead."""
    start = reader.position
    readers = (read_valid_form, *_INLINE, *_BRACKETED) if bracketed else _INLINE
    for read in readers:
        said = read(reader)
        if said is not None:
            return said
        reader.position = start
    return None


def read_bracket(reader: Reader) -> Said | None:
    """What a bracket after a name says: modifiers, or the choices."""
    start = reader.position
    if not reader.mark("(", "["):
        return None
    said = _skip_note(reader) if reader.take("example") else _read_segments(reader)
    if said is None or not reader.mark(")", "]"):
        reader.position = start
        return None
    return said


def _skip_note(reader: Reader) -> Said | None:
    """An example in brackets says nothing, as long as it holds no number and no negation."""
    while not reader.at_end and not reader.at_mark(")", "]"):
        if reader.word.token.kind in ("number", "moment") or "not" in reader.word.alone:
            return None
        reader.position += 1
    return ()


def _read_segments(reader: Reader) -> Said | None:
    """The parts of a bracket between its separators; two or more plain ones are choices."""
    segments: list[_Segment] = []
    while True:
        segment = _read_segment(reader)
        if segment is None:
            return None
        segments.append(segment)
        joined = _takes_joint(reader)
        if reader.at_mark(")", "]") or reader.at_end:
            return _sorted_out(segments)
        if not reader.mark(",", ";", "/", "|") and not joined:
            return None
        _takes_joint(reader)


def _takes_joint(reader: Reader) -> bool:
    return reader.take("or") is not None or reader.take("and") is not None


def _read_segment(reader: Reader) -> _Segment | None:
    """What a part says, and the plain value that it may be instead."""
    start = reader.position
    said = read_modifiers(reader, bracketed=True)
    if not (said and _at_border(reader)):
        reader.position = start
        value = _plain_value(reader)
        return (None, value) if value is not None and _at_border(reader) else None
    end = reader.position
    reader.position = start
    value = _plain_value(reader)
    reader.position = end
    return (said, value)


def _sorted_out(segments: list[_Segment]) -> Said | None:
    """Choices where parts are plain, or are all types or units; the rest are modifiers."""
    plain = any(said is None for said, _ in segments)
    several = sum(said is None for said, _ in segments) > 1
    if plain and len(segments) == 1:
        return None
    measures = [said for said, _ in segments if said is not None and _is_measure(said)]
    alike = len(measures) > 1 and len({tuple(key for key, _ in said) for said in measures}) == 1
    modifiers: Said = ()
    choices: list[Value] = []
    for said, value in segments:
        chosen = said is None or ((several or alike) and _is_measure(said))
        chosen = chosen or (plain and said == (("valid", True),))  # "(valid, expired)"
        if chosen and value is not None:
            choices.append(value)
        elif said is not None:
            modifiers += said
    if len(choices) == 1:
        return None
    return (*modifiers, ("choices", tuple(choices))) if choices else modifiers


def _is_measure(said: Said) -> bool:
    """Whether only a type or a unit is said: two of them are choices ("EUR or USD")."""
    return {key for key, _ in said} <= {"type", "exact", "unit"}


def _at_border(reader: Reader) -> bool:
    return (
        reader.at_end
        or reader.at_mark(")", "]", ",", ";", "/", "|")
        or bool({"or", "and"} & reader.word.alone)
    )


def _plain_value(reader: Reader) -> Value | None:
    return read_value(reader)


def _flag(reader: Reader) -> Said | None:
    after = reader.ahead(1)
    if reader.at_mark(",") and "sub" in after.alone and "flag" in after.hits:
        reader.position += 1  # "…, but it is not required"
    hit = reader.take("flag")
    if hit is None:
        _lead_clause(reader)
        hit = reader.take("flag")
    if hit is None:
        return None
    within = "unique_within" in reader.word.alone and "format" not in reader.word.hits
    if hit.value == "unique" and within:
        return None  # "unique per customer" is a rule over several attributes
    return _FLAGS[hit.value]


def _lead_clause(reader: Reader) -> bool:
    """Read ", which must be", "that is", "is always": the lead of a flag or a type."""
    start = reader.position
    reader.mark(",")
    if reader.take("relative") is None:
        reader.position = start
    modal = reader.peek("modal")
    if modal and modal.value != "may":
        reader.take("modal")
    reader.take("be")
    reader.take("adverb")
    return reader.position > start


def _pure_type(reader: Reader) -> Said | None:
    start = reader.position
    if reader.take("article") and not reader.peek("pure_type"):
        reader.position = start
    hit = reader.take("pure_type")
    if hit is None:
        return None
    exact: Said = (("exact", True),) if hit.value == "decimal" else ()
    return (("type", hit.value), *exact, *_size(reader))


def _trailing_type(reader: Reader) -> Said | None:
    """A bare type behind a name that can't go on with it: "starts_on date", "placa texto"."""
    before = reader.ahead(-1).token.norm
    hit = reader.peek("type")
    if hit is None or hit.value in _NAMED_ALIKE:
        return None
    if not ("_" in before or reader.lexicon.syntax.head_first):
        return None
    if "prep" in reader.ahead(-1).alone or reader.ahead(-1).token.kind != "word":
        return None
    if f"{before} {reader.word.token.norm}" in reader.lexicon.hints["whole"]:
        return None
    reader.take("type")
    ends = is_separator(reader) or bool({"flag", "default"} & set(reader.word.hits))
    return (("type", hit.value),) if ends or reader.at_mark("(", "[") else None


def _said_type(reader: Reader) -> Said | None:
    if reader.take("type_lead"):
        reader.mark(":", "=")
    elif not _lead_clause(reader) or "article" not in reader.word.alone:
        return None
    return _bare_type(reader)


def _bare_type(reader: Reader) -> Said | None:
    reader.take("article")
    reader.take("type_adjective")
    loose = reader.peek("loose_number")
    hit = reader.take("type")
    if hit is None:
        return None
    is_loose = loose is not None and loose.length == hit.length
    exact: Said = (("exact", True),) if hit.value == "decimal" and not is_loose else ()
    reader.take("type_noun")
    return (("type", hit.value), *exact, *_size(reader))


def _size(reader: Reader) -> Said:
    """The size of a column type: VARCHAR(60), decimal(10, 2)."""
    numbers = [reader.ahead(i).token for i in (1, 3)]
    if not (reader.at_mark("(") and numbers[0].kind == "number"):
        return ()
    if reader.ahead(2).token.norm == ")":
        reader.position += 3
        scale = numbers[0].norm.partition(".")[2]
        if scale:  # "10,2" where the comma is the decimal mark
            return (("scale", Value(scale, scale)),)
        return (("max_length", Value(numbers[0].norm, numbers[0].norm)),)
    two = reader.ahead(2).token.norm == "," and numbers[1].kind == "number"
    if two and reader.ahead(4).token.norm == ")":
        reader.position += 5
        return (("scale", Value(numbers[1].norm, numbers[1].norm)),)
    return ()


def _default(reader: Reader) -> Said | None:
    reader.mark(",")
    reader.take("relative")
    if not reader.take("default"):
        return None
    reader.mark(":", "=", "->") or reader.take("be")
    reader.take("default_to")
    value = read_value(reader)
    return (("default", value),) if value else None


def _value_by_default(reader: Reader) -> Said | None:
    reader.take("relative")
    reader.take("be")
    start = reader.position
    for length in range(1, MAX_VALUE_WORDS + 1):
        reader.position = start
        value = read_value(reader, limit=length)
        if value is not None and reader.take("by_default"):
            return (("default", value),)
    return None


def _equals_default(reader: Reader) -> Said | None:
    if not reader.mark("="):
        return None
    value = read_value(reader, limit=1)
    return (("default", value),) if value else None


def _unit(reader: Reader) -> Said | None:
    if reader.mark("%"):
        return (("unit", "%"),)
    before = reader.ahead(-1).token.norm
    if not reader.take("unit_lead"):
        return None
    if (unit := _bare_unit(reader)) is not None:
        return unit
    called = f"{before} {reader.ahead(-1).token.norm} {reader.word.token.norm}"
    return None if called in reader.lexicon.hints["whole"] else _bare_type(reader)


def _bare_unit(reader: Reader) -> Said | None:
    if (kind := reader.take("calendar")) is not None:  # "founded (year)"
        return (("type", kind.value),)
    hit = reader.take("unit")
    if hit is None:
        return None
    symbol = hit.value
    if "unit" in reader.ahead(1).hits and (reader.mark("/") or reader.take("per")):
        over = reader.take("unit")
        symbol = f"{symbol}/{over.value}" if over else symbol
    return (("unit", symbol),)


def _format(reader: Reader) -> Said | None:
    """As in "in the format 000.000.000-00": 0, 9 and # are digits, A is a letter."""
    reader.take("relative")
    if not reader.take("format"):
        return None
    reader.mark(":", "=")
    start = reader.position
    mask = read_mask(reader)
    if mask is not None:
        return (("pattern", mask),)
    reader.position = start
    reader.take("of")
    return read_named_form(reader)


def _in_named_form(reader: Reader) -> Said | None:
    """As in "in CPF format"."""
    if "prep" not in reader.word.alone:
        return None
    reader.position += 1
    said = read_named_form(reader)
    return said if said and reader.take("type_noun") else None


def _valid(reader: Reader) -> Said | None:
    """As in "CPF (valid)", "o e-mail deve ser válido"; before a noun it belongs to that."""
    _lead_clause(reader)
    if reader.take("valid") is None or not (is_separator(reader) or reader.peek("flag")):
        return None
    return (("valid", True),)


def _valid_form(reader: Reader) -> Said | None:
    """As in ", which must be a valid CPF"."""
    return read_valid_form(reader) if _lead_clause(reader) else None


def _choose(reader: Reader) -> Said | None:
    reader.mark(",")
    if not reader.take("choose"):
        return None
    reader.mark(":", "=")
    choices = read_choices(reader)
    return (("choices", choices),) if choices else None


def _slashes(reader: Reader) -> Said | None:
    """As in "low/medium/high": three values or more, each of one word."""
    if reader.ahead(1).token.norm not in ("/", "|"):
        return None
    choices: list[Value] = []
    while (value := read_value(reader, limit=1)) is not None:
        choices.append(value)
        if not reader.mark("/", "|"):
            break
    return (("choices", tuple(choices)),) if len(choices) > 2 and is_separator(reader) else None


def _link(reader: Reader) -> Said | None:
    reader.mark(",")
    hit = reader.take("link")
    if hit is None:
        return None
    reader.take("article")
    noun = read_noun(reader)
    return (("link", noun),) if isinstance(noun, Noun) else None


def _strict_link(reader: Reader) -> Said | None:
    """A link outside brackets: the words must be those of a link, and its target known."""
    start = reader.position
    if reader.scope.owners and "kind_noun" in reader.word.alone:
        return None  # "add a course relationship to Student": whose it is, not where it leads
    said = _link(reader)
    if said is None:
        return None
    target = said[0][1]
    known = isinstance(target, Noun) and reader.knows(target.key)
    lead = reader.words[start]
    relative = "relative" in lead.alone or "relative" in reader.words[start + 1].alone
    arrow = lead.token.kind == "mark"
    plain = known and not {"article", "another"} & lead.alone
    return said if relative or arrow or plain else None


def _question_mark(reader: Reader) -> Said | None:
    if not reader.mark("?") or (reader.at_end and "opening" in reader.words[0].hits):
        return None  # "Could you create …?" asks for a system
    return (("type", "boolean"),)


def _or_not(reader: Reader) -> Said | None:
    return (("type", "boolean"),) if reader.take("or_not") else None


def _rule(reader: Reader) -> Said | None:
    """As in "after the start date", "= quantity * unit price": what rules say behind a name."""
    rule = read_rule_modifier(reader)
    return (("rule", rule),) if rule is not None else None


_INLINE: tuple[ModifierReader, ...] = (
    read_spelled_pattern, _rule, read_bracket, _or_not, _valid_form, _in_named_form, _valid,
    _flag, _pure_type, _trailing_type, read_between, read_one_bound, read_bound_after, _default,
    _value_by_default, _equals_default, _format, _choose, _unit, _said_type, _slashes,
    _strict_link, _question_mark,
)  # fmt: skip


_BRACKETED: tuple[ModifierReader, ...] = (_link, _bare_type, _bare_unit, read_range)
