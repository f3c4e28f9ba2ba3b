"""Stage 4, second half: attributes with what is said of them, in lists."""

from __future__ import annotations

from dataclasses import replace

from baes.language.attribute_names import read_name
from baes.language.facts import Item, Noun, Said, Value
from baes.language.hints import hinted_type
from baes.language.leads import read_lead
from baes.language.modifiers import read_modifier, read_modifiers
from baes.language.names import begins_purpose, can_name, is_separator, read_noun
from baes.language.tokens import DASHES, LINE
from baes.language.values import read_choices
from baes.language.words import Reader
from baes.spec.names import fold, words_of

__all__ = ["in_singular", "read_item", "read_items", "read_separator"]


def read_items(reader: Reader, stop_at_entity: bool = True) -> tuple[Item, ...]:
    """Attributes, separated by commas, "and", lines; the cursor is left behind the last one."""
    items: list[Item] = []
    while True:
        before = reader.position
        if items and not read_separator(reader):
            break
        item = read_item(reader)
        if item is None or not _list_goes_on(reader) or _is_sentence(reader, before):
            reader.position = before
            break
        if stop_at_entity and items and _begins_entity(reader):
            reader.position = before
            break
        shared = _shared_noun(reader, item)
        items.extend(shared or (item,))
    return _as_links(tuple(items), reader)


def _as_links(items: tuple[Item, ...], reader: Reader) -> tuple[Item, ...]:
    """The items, links where it is said of what kind they are: ", both doctors"."""
    start = reader.position
    reader.mark(",")
    if items and reader.take("all_are"):
        noun = read_noun(reader)
        if noun is not None and noun.plural and reader.knows(noun.key):
            reader.take("also")
            return tuple(replace(item, said=(*item.said, ("link", noun))) for item in items)
    reader.position = start
    return items


def _is_sentence(reader: Reader, start: int) -> bool:
    """Whether a semicolon was followed by a sentence: "…; new orders are open by default"."""
    words = reader.since(start)
    if not words or words[0].token.norm != ";":
        return False
    depth = 0
    for i, word in enumerate((*words, reader.word)):
        depth += {"(": 1, ")": -1}.get(word.token.norm, 0)
        verbs = {"belongs", "has", "possesses", "joins"} & set(word.hits)
        if not depth and ({"be", "modal"} & word.alone or (verbs and i > 1)):
            return True
    return False


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
    marked = reader.mark(",", ";", LINE, "|") or _takes_plus(reader)
    while reader.mark(LINE):
        marked = True
    joined = reader.take("and") is not None
    adverb = reader.ahead(1).hits.get("adverb")
    if joined and adverb is not None and adverb.value == "optional":
        reader.mark(",")  # "and, optionally, an address"
    reader.mark(LINE)
    return marked or joined


def _takes_plus(reader: Reader) -> bool:
    """Read the sign of "brand + model", where nothing is reckoned."""
    return not any(word.token.norm == "=" for word in reader.words) and reader.mark("+")


def read_item(reader: Reader) -> Item | None:
    """One attribute: what leads to it, its name, what is said of it."""
    start = reader.position
    if _is_technique(reader):
        return None
    linked = _read_link_item(reader)
    if linked is not None:
        return linked
    counted = _read_counted(reader) or _read_bounded(reader)
    if counted is not None:
        return counted
    said, many, article = read_lead(reader)
    noun, boolean = read_name(reader)
    if noun is None:
        reader.position = start
        return _read_flag_as_name(reader)
    if boolean:
        said = (*said, ("type", "boolean"))
    said += _or_opposite(noun, reader)
    noun, unit = _without_unit(noun, reader)
    said += unit
    said += _read_after_colon(reader) or ()
    said += read_modifiers(reader)
    said += _read_apposition(reader)
    if noun.plural and _lists_attributes(said, reader):
        reader.position = start
        return None  # "deliveries (pickup time, weight in kg)" is an entity
    _skip_relative(reader)
    return Item(noun, said, many, article)


def _read_apposition(reader: Reader) -> Said:
    """As in "birth date, optional, and name"; at a list's end it may be said of all of it."""
    start = reader.position
    if reader.mark(",") and {"flag", "valid"} & reader.word.alone:
        said = read_modifier(reader)
        owned = reader.scope.owners and "owner_prep" in reader.word.hits
        if said and (reader.at_mark(",") or owned):
            return said
    reader.position = start
    return ()


def _or_opposite(noun: Noun, reader: Reader) -> Said:
    """Read the rest of "paid or unpaid": a yes or no."""
    word, other = noun.text.lower(), reader.ahead(1).token.norm
    prefix = other.removesuffix(word)
    opposite = prefix != other and reader.lexicon.value("negative_prefix", prefix) is not None
    if "or" not in reader.word.alone or not opposite:
        return ()
    reader.position += 2
    return (("type", "boolean"),)


def _read_flag_as_name(reader: Reader) -> Item | None:
    """As in "mandatory (yes/no)": a word that says something of others is a name itself here."""
    start = reader.position
    word = reader.word
    if "flag" in word.alone and reader.ahead(1).token.norm == "(" and word.token.kind == "word":
        reader.position += 1
        said = read_modifiers(reader)
        if dict(said).get("type") == "boolean" and is_separator(reader):
            token = word.token
            return Item(Noun(token.text, token.start, token.end, reader.lexicon.language), said)
    reader.position = start
    return None


def _read_counted(reader: Reader) -> Item | None:
    """As in "how many rooms it has": a number of them."""
    start = reader.position
    if reader.take("how_many") is not None:
        noun = read_noun(reader)
        if noun is not None:
            clause = reader.position
            reader.take("pronoun") or reader.take("there")
            reader.take("has") or reader.take("be") or reader.take("there_be")
            if is_separator(reader):
                return Item(noun, (("type", "integer"),))
            reader.position = clause
            if is_separator(reader):
                return Item(noun, (("type", "integer"),))
    reader.position = start
    return None


def _read_bounded(reader: Reader) -> Item | None:
    """As in "between 1 and 12 credits": a number of them, within limits."""
    start = reader.position
    said = read_modifier(reader) if "between" in reader.word.hits else None
    if said is not None and {"min", "max"} <= set(dict(said)):
        noun = read_noun(reader)
        if noun is not None and noun.plural and is_separator(reader):
            return Item(noun, (("type", "integer"), *said))
    reader.position = start
    return None


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


def in_singular(item: Item | None, reader: Reader) -> Item | None:
    """One customer has one name: "names" is said of all."""
    if item is None or not item.noun.plural:
        return item
    words = words_of(item.noun.text)
    one = reader.lexicon.singular("_".join(words)).replace("_", " ")
    return replace(item, noun=replace(item.noun, text=one))


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


def _lists_attributes(said: Said, reader: Reader) -> bool:
    """Whether what was taken for choices are attributes: one has a type by its name."""
    choices = dict(said).get("choices")
    if not isinstance(choices, tuple):
        return False
    types = {hinted_type(choice.text, reader.lexicon) for choice in choices}
    usual = {*reader.lexicon.hints["before"], *reader.lexicon.hints["alone"]}  # "title", "author"
    return bool(types - {None, "boolean"}) or any(c.text.lower() in usual for c in choices)


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
        if rest and _is_shared(reader, first.lower()) and not (other.article and not item.article):
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
