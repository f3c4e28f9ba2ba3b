"""What is said of one attribute: type, flags, limits, default, choices, unit, link.

Each kind is a small reader of the same shape: it takes the cursor, reads its phrase and gives what
that says, or gives ``None`` and leaves the cursor where it was. A new kind is one more reader.
"""

from __future__ import annotations

from collections.abc import Callable

from baes.language.facts import Noun, Said, Value
from baes.language.names import is_separator, read_name_words, read_noun
from baes.language.tokens import LINE
from baes.language.words import Reader, text_of

__all__ = ["read_bracket", "read_choices", "read_modifier", "read_modifiers", "read_value"]

ModifierReader = Callable[[Reader], Said | None]

_FLAGS: dict[str, Said] = {
    "optional": (("required", False),),
    "required": (("required", True),),
    "unique": (("unique", True),),
    "positive": (("exclusive_min", Value("0", "0")),),
    "not_negative": (("min", Value("0", "0")),),
    "negative": (("exclusive_max", Value("0", "0")),),
}
_Segment = tuple[Said | None, Value | None]
"""A part of a bracket: what it says, and the value that it is or could be."""
_MAX_VALUE_WORDS = 3
_RULE_OF_UNIQUE = ("per", "within", "together", "in", "for", "across", "among")


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
        more = read_modifier(reader) if {"bound", "flag"} & set(reader.word.hits) else None
        if more and is_separator(reader):
            return more
    reader.position = start
    return None


def read_modifier(reader: Reader, bracketed: bool = False) -> Said | None:
    """One thing that is said at the cursor; in brackets more may stand without its usual lead."""
    start = reader.position
    readers = (*_INLINE, *_BRACKETED) if bracketed else _INLINE
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
        if chosen and value is not None:
            choices.append(value)
        elif said is not None:
            modifiers += said
    if len(choices) == 1:
        return None
    return (*modifiers, ("choices", tuple(choices))) if choices else modifiers


def _is_measure(said: Said) -> bool:
    """Whether only a type or a unit is said: two of them are choices ("EUR or USD")."""
    return {key for key, _ in said} <= {"type", "unit"}


def _at_border(reader: Reader) -> bool:
    return (
        reader.at_end
        or reader.at_mark(")", "]", ",", ";", "/", "|")
        or bool({"or", "and"} & reader.word.alone)
    )


def _plain_value(reader: Reader) -> Value | None:
    return read_value(reader, limit=_MAX_VALUE_WORDS)


def read_value(reader: Reader, limit: int = _MAX_VALUE_WORDS) -> Value | None:
    """A literal: quoted, a number, a date, true or false, today, or up to some plain words."""
    token = reader.word.token
    for tag in ("call", "truth"):
        if hit := reader.peek(tag):
            reader.position += hit.length
            text = text_of(reader.since(reader.position - hit.length), reader.text)
            return Value(text, truth=hit.value) if tag == "truth" else Value(text, call=hit.value)
    if token.kind == "quoted":
        reader.position += 1
        return Value(token.norm)
    if (number := read_number(reader)) is not None:
        start = reader.position
        words = read_name_words(reader, limit - 1)
        if words:  # "2 weeks" is a value like any other
            return Value(text_of(reader.words[start - 1 : reader.position], reader.text))
        reader.position = start
        return Value(number, number=number)
    if token.kind == "moment":
        reader.position += 1
        return Value(token.text)
    start = reader.position
    words = read_name_words(reader, limit, plain=True)
    return Value(text_of(reader.since(start), reader.text)) if words else None


def read_number(reader: Reader) -> str | None:
    """A number in digits or in words, as digits; a currency sign before it goes unread."""
    token = reader.word.token
    if token.kind == "number":
        reader.position += 1
        scale = reader.word.token.norm
        if scale in ("thousand", "million") and reader.word.token.kind == "word":
            reader.position += 1
            zeros = "000" if scale == "thousand" else "000000"
            return token.norm + zeros if "." not in token.norm else None
        return token.norm
    hit = reader.take("number")
    if hit is None:
        return None
    scale_word = reader.word.token.norm
    if scale_word in ("hundred", "thousand", "million"):
        reader.position += 1
        return hit.value + {"hundred": "00", "thousand": "000", "million": "000000"}[scale_word]
    return hit.value


def _bound(reader: Reader) -> tuple[str | None, str | None]:
    """A limit's value and its unit, each ``None`` where there is none."""
    unit = None
    if reader.word.token.norm in ("$", "€", "£", "¥") and reader.ahead(1).token.kind == "number":
        unit = reader.word.hits["unit"].value if "unit" in reader.word.hits else None
        reader.position += 1
    if reader.word.token.kind == "moment":
        text = reader.word.token.text.replace(" ", "T")
        reader.position += 1
        return text, None
    reader.take("article") if "number" not in reader.word.hits else None
    number = read_number(reader)
    if number is None:
        return None, None
    hit = reader.peek("unit")
    if hit is not None and "letters" not in reader.word.hits:
        reader.position += hit.length
        unit = hit.value
        if reader.word.token.norm in ("old", "long", "of", "high", "wide"):
            if reader.word.token.norm != "old" and reader.word.token.norm != "long":
                return number, unit
            reader.position += 1
            if hit.value == "yr":
                unit = None
    return number, unit


def _limit_keys(reader: Reader, low: str | None, high: str | None, keys: tuple[str, str]) -> Said:
    """Bounds as keys, of the value or, before "characters", of the length."""
    hit = reader.take("letters")
    if hit is not None:
        if hit.value == "scale":
            return (("scale", Value(high or low or "", high or low or "")),)
        keys = ("min_length", "max_length")
    pairs = zip(keys, (low, high), strict=True)
    return tuple((key, Value(value, value)) for key, value in pairs if value is not None)


def _with_unit(said: Said, *units: str | None) -> Said:
    unit = next((u for u in units if u), None)
    return (*said, ("unit", unit)) if unit else said


def _lead(reader: Reader, *more: str) -> None:
    """Words that only lead to a limit: "which must be", "of", "that is"."""
    while True:
        modal = reader.peek("modal")
        if (modal and modal.value != "may" and reader.take("modal")) or any(
            reader.take(tag) for tag in ("relative", "be", "of", *more)
        ):
            continue
        return


def _flag(reader: Reader) -> Said | None:
    hit = reader.take("flag")
    if hit is None:
        _lead_clause(reader)
        hit = reader.take("flag")
    if hit is None:
        return None
    if hit.value == "unique" and reader.word.token.norm in _RULE_OF_UNIQUE:
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
    return (("type", hit.value), *_size(reader)) if hit else None


def _said_type(reader: Reader) -> Said | None:
    norm = reader.word.token.norm
    if norm in ("as", "type"):
        reader.position += 1
        reader.mark(":", "=")
    elif norm == "of" and reader.ahead(1).token.norm == "type":
        reader.position += 2
    elif not _lead_clause(reader) or "article" not in reader.word.alone:
        return None
    return _bare_type(reader)


def _bare_type(reader: Reader) -> Said | None:
    reader.take("article")
    if reader.word.token.norm in ("plain", "simple", "single", "valid"):
        reader.position += 1
    hit = reader.take("type")
    if hit is None:
        return None
    norm = reader.word.token.norm
    if norm in ("field", "value", "column", "type", "format", "attribute") and not reader.at_end:
        reader.position += 1
    return (("type", hit.value), *_size(reader))


def _size(reader: Reader) -> Said:
    """The size of a column type: VARCHAR(60), decimal(10, 2)."""
    numbers = [reader.ahead(i).token for i in (1, 3)]
    if not (reader.at_mark("(") and numbers[0].kind == "number"):
        return ()
    if reader.ahead(2).token.norm == ")":
        reader.position += 3
        return (("max_length", Value(numbers[0].norm, numbers[0].norm)),)
    two = reader.ahead(2).token.norm == "," and numbers[1].kind == "number"
    if two and reader.ahead(4).token.norm == ")":
        reader.position += 5
        return (("scale", Value(numbers[1].norm, numbers[1].norm)),)
    return ()


def _between(reader: Reader) -> Said | None:
    _lead(reader, "with")
    reader.take("article")
    hit = reader.take("between")
    reader.mark(":")
    if hit is not None and reader.word.hits.get("between"):
        reader.take("between")
    return _range(reader)


def _range(reader: Reader) -> Said | None:
    low, unit_low = _bound(reader)
    if low is None:
        return None
    if reader.take("span") is None:
        if reader.word.token.norm.startswith("-") and reader.word.token.kind == "number":
            high, unit_high = _bound(reader)  # "1 -5" is written for "1 - 5" now and then
            high = high.lstrip("-") if high else None
        else:
            return None
    else:
        high, unit_high = _bound(reader)
    if high is None:
        return None
    keys = _limit_keys(reader, low, high, ("min", "max"))
    return _with_unit(keys, unit_low, unit_high)


def _one_bound(reader: Reader) -> Said | None:
    _lead(reader, "with")
    reader.take("article") if "bound" not in reader.word.hits else None
    hit = reader.take("bound")
    if hit is None:
        return None
    reader.mark(":", "=")
    if reader.word.token.norm in ("of", "is"):
        reader.position += 1
    value, unit = _bound(reader)
    if value is None:
        return None
    if hit.value in ("min_length", "max_length"):
        reader.take("letters")
        return ((hit.value, Value(value, value)),)
    if hit.value == "scale":
        return (("scale", Value(value, value)),)
    if hit.value == "exactly":
        letters = reader.take("letters")
        if letters is None or letters.value != "length":
            return None
        return (("min_length", Value(value, value)), ("max_length", Value(value, value)))
    if hit.value.startswith("exclusive"):
        return _exclusive(reader, hit.value, value, unit)
    low = value if hit.value == "min" else None
    high = value if hit.value == "max" else None
    if reader.word.token.norm in ("in", "on") and reader.ahead(1).token.norm in ("length", "long"):
        reader.position += 2
    return _with_unit(_limit_keys(reader, low, high, ("min", "max")), unit)


def _exclusive(reader: Reader, key: str, value: str, unit: str | None) -> Said | None:
    letters = reader.take("letters")
    if letters is None:
        return _with_unit(((key, Value(value, value)),), unit)
    if letters.value != "length" or not value.isdigit():
        return None
    number = int(value) + 1 if key == "exclusive_min" else int(value) - 1
    length = "min_length" if key == "exclusive_min" else "max_length"
    return ((length, Value(str(number), str(number))),)


def _bound_after(reader: Reader) -> Said | None:
    """As in "18 or older", "50 characters at most", "two decimal places"."""
    _lead(reader, "with")
    value, unit = _bound(reader)
    if value is None:
        return None
    letters = reader.take("letters")
    if letters is not None and letters.value == "scale":
        return (("scale", Value(value, value)),)
    hit = reader.take("beyond")
    if hit is None:
        return None
    if letters is not None:
        key = "min_length" if hit.value == "min" else "max_length"
        return ((key, Value(value, value)),)
    return _with_unit(((hit.value, Value(value, value)),), unit)


def _default(reader: Reader) -> Said | None:
    reader.mark(",")
    reader.take("relative")
    if not reader.take("default"):
        return None
    reader.mark(":", "=", "->") or reader.take("be")
    if reader.word.token.norm == "to":
        reader.position += 1
    value = read_value(reader)
    return (("default", value),) if value else None


def _value_by_default(reader: Reader) -> Said | None:
    reader.take("relative")
    reader.take("be")
    value = read_value(reader)
    if value is None or not reader.take("by_default"):
        return None
    return (("default", value),)


def _equals_default(reader: Reader) -> Said | None:
    if not reader.mark("="):
        return None
    value = read_value(reader, limit=1)
    return (("default", value),) if value else None


def _unit(reader: Reader) -> Said | None:
    norm = reader.word.token.norm
    if norm == "%":
        reader.position += 1
        return (("unit", "%"),)
    if norm not in ("in", "measured"):
        return None
    reader.position += 2 if norm == "measured" else 1
    return _bare_unit(reader)


def _bare_unit(reader: Reader) -> Said | None:
    hit = reader.take("unit")
    if hit is None:
        return None
    symbol = hit.value
    if reader.word.token.norm in ("per", "/") and "unit" in reader.ahead(1).hits:
        reader.position += 1
        over = reader.take("unit")
        symbol = f"{symbol}/{over.value}" if over else symbol
    return (("unit", symbol),)


def _choose(reader: Reader) -> Said | None:
    reader.mark(",")
    if not reader.take("choose"):
        return None
    reader.mark(":", "=")
    choices = read_choices(reader)
    return (("choices", choices),) if choices else None


def read_choices(reader: Reader) -> tuple[Value, ...] | None:
    """As in "a, b or c", with or without brackets: two values at least."""
    bracket = reader.mark("(", "[", "{")
    choices: list[Value] = []
    closed = False
    while not _begins_modifier(reader) and (value := read_value(reader)) is not None:
        choices.append(value)
        before = reader.position
        comma = reader.mark(",", "/", "|", ";")
        joined = reader.take("or") or reader.take("and")
        if closed or not (comma or joined):
            reader.position = before
            break
        closed = bool(joined)
    if bracket and not reader.mark(")", "]", "}"):
        return None
    complete = closed or bracket or _ends_here(reader)
    return tuple(choices) if len(choices) > 1 and complete else None


def _begins_modifier(reader: Reader) -> bool:
    """Whether what follows the choices says something else: "a, b; default a"."""
    return bool({"default", "flag"} & set(reader.word.hits))


def _ends_here(reader: Reader) -> bool:
    return reader.at_end or reader.at_mark(")", "]", LINE, ";")


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
    said = _link(reader)
    if said is None:
        return None
    target = said[0][1]
    known = isinstance(target, Noun) and reader.knows(target.key)
    lead = reader.words[start]
    relative = "relative" in lead.alone or "relative" in reader.words[start + 1].alone
    return said if relative or (known and lead.token.norm not in ("a", "an", "another")) else None


def _question_mark(reader: Reader) -> Said | None:
    if not reader.mark("?"):
        return None
    return (("type", "boolean"),)


def _or_not(reader: Reader) -> Said | None:
    if reader.take("or") and reader.word.token.norm == "not":
        reader.position += 1
        return (("type", "boolean"),)
    return None


_INLINE: tuple[ModifierReader, ...] = (
    read_bracket, _or_not, _flag, _pure_type, _between, _one_bound, _bound_after, _default,
    _value_by_default, _equals_default, _choose, _unit, _said_type, _slashes, _strict_link,
    _question_mark,
)  # fmt: skip
_BRACKETED: tuple[ModifierReader, ...] = (_link, _bare_type, _bare_unit, _range)
