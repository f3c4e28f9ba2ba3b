"""Stage 4, second half: attributes with what is said of them, in lists.

An attribute's name ends where something is said of it, so that "price per night in EUR" is a
price per night, and "date in" a date.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from baes.language.facts import Item, Noun, Said, Value
from baes.language.hints import hinted_type
from baes.language.modifiers import read_modifier, read_modifiers
from baes.language.names import begins_purpose, can_name, is_separator, noun_of, read_noun
from baes.language.targets import owner_ends_here
from baes.language.tokens import LINE
from baes.language.values import read_choices
from baes.language.words import Reader
from baes.spec.names import fold

__all__ = ["DASHES", "read_item", "read_items", "read_separator"]

DASHES = ("-", "\N{EN DASH}", "\N{EM DASH}")
_MAX_NAME_WORDS = 7


def read_items(reader: Reader, stop_at_entity: bool = True) -> tuple[Item, ...]:
    """Attributes, separated by commas, "and", lines; the cursor is left behind the last one."""
    items: list[Item] = []
    while True:
        before = reader.position
        if items and not read_separator(reader):
            break
        item = read_item(reader)
        if item is None or not _list_goes_on(reader):
            reader.position = before
            break
        if stop_at_entity and items and _begins_entity(reader):
            reader.position = before
            break
        shared = _shared_noun(reader, item)
        items.extend(shared or (item,))
    return tuple(items)


def _list_goes_on(reader: Reader) -> bool:
    """Whether what follows an item may follow one: else the item was no item."""
    return (
        is_separator(reader)
        or bool({"with", "has", "field", "modal", "belongs", "be"} & set(reader.word.hits))
        or "after_list" in reader.word.alone
        or (reader.scope.owners and ("owner_prep" in reader.word.hits or "now" in reader.word.hits))
        or begins_purpose(reader)
        or reader.word.token.norm in ("(", ":", *DASHES)
    )


def _begins_entity(reader: Reader) -> bool:
    """Whether an item is in truth the next entity: "and Pet with name", "and Pet (name)"."""
    return "with" in reader.word.hits or reader.at_mark("(")


def read_separator(reader: Reader) -> bool:
    """Read what stands between two members of a list; whether there was something."""
    marked = reader.mark(",", ";", LINE, "|")
    while reader.mark(LINE):
        marked = True
    joined = reader.take("and") is not None
    adverb = reader.ahead(1).hits.get("adverb")
    if joined and adverb is not None and adverb.value == "optional":
        reader.mark(",")  # "and, optionally, an address"
    reader.mark(LINE)
    return marked or joined


def read_item(reader: Reader) -> Item | None:
    """One attribute: what leads to it, its name, what is said of it."""
    start = reader.position
    if _is_technique(reader):
        return None
    linked = _read_link_item(reader)
    if linked is not None:
        return linked
    said, many, article = _read_lead(reader)
    noun, boolean = _read_name(reader)
    if noun is None:
        reader.position = start
        return None
    if boolean:
        said = (*said, ("type", "boolean"))
    noun, unit = _without_unit(noun, reader)
    said += unit
    said += _read_after_colon(reader) or ()
    said += read_modifiers(reader)
    _skip_relative(reader)
    return Item(noun, said, many, article)


def _read_link_item(reader: Reader) -> Item | None:
    """As in "a reference to Truck": an item that is a link, called by where it leads."""
    start = reader.position
    reader.take("article")
    if reader.take("link_item") is not None:
        reader.take("article") or reader.take("each")
        noun = read_noun(reader)
        if noun is not None and reader.knows(noun.key):
            return Item(noun, (("link", noun), *read_modifiers(reader)))
    reader.position = start
    return None


def _is_technique(reader: Reader) -> bool:
    """Whether "using SQLite", "on FastAPI" follows, and no attribute ("on display")."""
    hit = reader.peek("using")
    if hit is None:
        return False
    after = reader.ahead(hit.length)
    return "leads_name" not in reader.word.alone or bool({"anchor", "article"} & set(after.hits))


def _without_unit(noun: Noun, reader: Reader) -> tuple[Noun, Said]:
    """As in "height cm": the symbol of a unit behind a name is no part of it."""
    last = reader.ahead(-1)
    hit = last.hits.get("unit")
    name, _, word = noun.text.rpartition(" ")
    is_symbol = hit is not None and len(word) > 1 and hit.value.lower() == word.lower()
    called = reader.lexicon.value("field_word", name.lower()) is not None  # "a field ph"
    if hit is None or not name or called or not is_symbol or last.token.norm != word.lower():
        return noun, ()
    return replace(noun, text=name), (("unit", hit.value),)


def _read_lead(reader: Reader) -> tuple[Said, Literal["", "one", "many"], bool]:
    """Articles, quantifiers and flags before a name."""
    said: Said = ()
    many: Literal["", "one", "many"] = ""
    article = False
    while True:
        position = reader.position
        adverb = reader.peek("adverb")
        if not _longer_quantifier(reader) and (reader.take("article") or reader.take("of_it")):
            article = True
        elif adverb is not None and reader.take("adverb"):
            said += (("required", False),) if adverb.value == "optional" else ()
            reader.mark(",")
        elif (counted := _quantifier(reader)) is not None:
            if many:  # "many one members" says nothing
                reader.position = position
                return said, many, article
            many, more = counted
            said += more
        elif "flag" in reader.word.alone and can_follow_flag(reader):
            flag = read_modifier(reader)
            if flag is None:
                return said, many, article
            said += flag
        elif "pure_type" in reader.word.hits and _is_type_first(reader):
            hit = reader.take("pure_type")
            said += (("type", hit.value),) if hit else ()
        else:
            return said, many, article
        if reader.position == position:
            return said, many, article


def _quantifier(reader: Reader) -> tuple[Literal["one", "many"], Said] | None:
    """How many, and what that says of having none."""
    if hit := reader.take("many"):
        return "many", (("required", True),) if hit.value == "required" else ()
    hit = reader.peek("one")
    if hit is None or reader.ahead(hit.length).token.kind != "word":
        return None
    reader.take("one")
    return "one", (("required", hit.value == "required"),) if hit.value else ()


def _longer_quantifier(reader: Reader) -> bool:
    """Whether an article is only the beginning of "a single", "um ou mais"."""
    one, many = reader.peek("one"), reader.peek("many")
    return (one is not None and one.length > 1) or (many is not None and many.value == "required")


def can_follow_flag(reader: Reader) -> bool:
    """Whether a flag stands before its noun, as in "a unique code"."""
    hit = reader.peek("flag")
    if hit is None:
        return False
    after = reader.ahead(hit.length)
    return (can_name(after) or "flag" in after.alone or "and" in after.alone) and not {
        "prep"
    } & after.alone


def _is_type_first(reader: Reader) -> bool:
    """Whether a type stands before its name, as in "string name"; "boolean flag" is one type."""
    hit = reader.peek("pure_type")
    if hit is None or "type_behind" in reader.word.alone:  # "flag state" is a name
        return False
    return can_name(reader.ahead(hit.length))


def _read_name(reader: Reader) -> tuple[Noun | None, bool]:
    """A name, and whether its words make it a yes or no."""
    start = reader.position
    if reader.take("whether"):
        return _read_condition(reader), True
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


def _read_condition(reader: Reader) -> Noun | None:
    """As in "whether it is active" -> "is active"; who is it that is so goes unread."""
    reader.take("pronoun") or (reader.take("article") and read_noun(reader, 1))
    start = reader.position
    while reader.take("adverb"):
        pass
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
        if reader.take("compound"):
            continue
        if reader.position > start:
            if _is_over(reader, start):
                return
            if _takes_inner_preposition(reader):
                continue
            if _takes_last_word(reader):
                return
        if not can_name(reader.word) or "belongs" in reader.word.hits:
            return
        reader.position += 1


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
    if "within_name" not in reader.word.alone or not _goes_on_after_preposition(reader):
        return False
    reader.position += 1
    if drops:
        _drop_article(reader)
    return True


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


def _read_after_colon(reader: Reader) -> Said | None:
    """The type or the choices after "name:" in a list of lines or of typed names."""
    start = reader.position
    if not reader.mark(":", "::", *DASHES, "="):
        return None
    colon = reader.words[start].token.norm
    said = read_modifiers(reader, bracketed=True)
    while said and reader.at_mark(",") and _line_item(reader):
        reader.mark(",")
        more = read_modifiers(reader, bracketed=True)
        if not more:
            break
        said += more
    if said and is_separator(reader):
        return said
    reader.position = start + 1
    target = read_noun(reader)
    is_entity = target is not None and target.text[:1].isupper() and reader.knows(target.key)
    if target is not None and is_entity and is_separator(reader):
        return (("link", target),)
    reader.position = start + 1
    choices = read_choices(reader) if colon == ":" else None
    said_or = any(
        "or" in word.alone or word.token.norm in ("/", "|") for word in reader.since(start)
    )
    listed = choices is not None and _line_item(reader) and not _are_attributes(choices, reader)
    if choices and is_separator(reader) and (said_or or listed):
        return (("choices", choices),)
    reader.position = start
    return None


def _are_attributes(choices: tuple[Value, ...], reader: Reader) -> bool:
    """Whether what follows "Room:" in a list are attributes: one has a type by its name."""
    types = {hinted_type(choice.text, reader.lexicon) for choice in choices}
    return bool(types - {None, "boolean"})


def _line_item(reader: Reader) -> bool:
    """Whether the list has lines, so that a comma belongs to the item."""
    return any(w.token.kind == "line" for w in reader.words)


def _skip_relative(reader: Reader) -> None:
    """As in "the number of movers that we send", "the priest who officiated": nothing is said."""
    start = reader.position
    who = "who" in reader.word.alone
    told = reader.take("relative") is not None and (reader.take("pronoun") is not None or who)
    if told and can_name(reader.word):
        reader.position += 1
        if is_separator(reader):
            return
    reader.position = start


def _shared_noun(reader: Reader, item: Item) -> tuple[Item, ...]:
    """As in "first and last name": both share the noun of the second."""
    if reader.lexicon.syntax.head_first:
        return _shared_head(reader, item)
    words = item.noun.text.split()
    lowered = item.noun.text.lower()
    if len(words) != 1 or item.said or not _is_shared(reader, lowered):
        return ()
    start = reader.position
    if reader.take("and") is None:
        return ()
    other = read_item(reader)
    if other is not None and is_separator(reader):
        first, *rest = other.noun.text.split(" ")
        if rest and _is_shared(reader, first.lower()):
            whole = f"{item.noun.text} {' '.join(rest)}"
            noun = replace(item.noun, text=whole)
            said = tuple(pair for pair in other.said if pair[0] in ("type", "unit", "required"))
            return (replace(item, noun=noun, said=said), other)
    reader.position = start
    return ()


def _shared_head(reader: Reader, item: Item) -> tuple[Item, ...]:
    """As in "data de ida e volta", "peso bruto e líquido": both have the first one's head."""
    head, _, last = item.noun.text.rpartition(" ")
    if not head or not _is_shared(reader, fold(last.lower())):
        return ()
    start = reader.position
    other = read_item(reader) if reader.take("and") else None
    if other is not None and is_separator(reader):
        word = fold(other.noun.text.lower())
        if _is_shared(reader, word) and not other.article:
            noun = replace(other.noun, text=f"{head} {other.noun.text}")
            said = tuple(pair for pair in item.said if pair[0] in ("type", "unit", "required"))
            return (item, replace(other, noun=noun, said=(*said, *other.said)))
    reader.position = start
    return ()


def _is_shared(reader: Reader, word: str) -> bool:
    return word in reader.lexicon.hints["shared"]
