"""What stands in front of a request and only says what it is about: titles, domains, sections."""

from __future__ import annotations

from baes.language.facts import Noun
from baes.language.frames.common import harmless, read_opening
from baes.language.names import can_name, is_place, mentions_known, read_noun
from baes.language.vocabulary import Vocabulary
from baes.language.words import Reader, Scope, Words

__all__ = ["is_domain", "is_front", "is_title", "names_system", "only_announces", "section_of"]

_MAX_FRONT_WORDS = 3
_MAX_DOMAIN_WORDS = 6
_MAX_TITLE_WORDS = 8
_LEADS_SECTION = frozenset({"article", "create", "following", "opening"})
"""As in "Create the following entities:"."""


def is_title(words: Words, scope: Scope) -> bool:
    """Whether a first sentence only names the project or the business: "Driving school."."""
    reader = Reader(words, scope)
    if reader.take("title_lead") is not None and reader.mark(":", "-", "="):
        rest = words[reader.position :]
        plain = all(can_name(w) or {"prep", "article", "and"} & w.alone for w in rest)
        return 0 < len(rest) <= _MAX_TITLE_WORDS and plain and harmless(rest)
    reader.position = 0
    read_opening(reader, telling=False)
    determined = reader.take("article") or reader.take("possessive")
    noun = read_noun(reader, _MAX_FRONT_WORDS + 1)
    if noun is None or noun.plural:
        return False
    listed = determined is not None and _is_list(noun, scope.lexicon)
    if not listed and (reader.words[0].token.start != noun.start and not determined):
        return False
    if not listed and not is_place(noun, scope.lexicon):
        return False
    if reader.take("scene_prep"):
        reader.take("article") or reader.take("possessive")
        read_noun(reader, _MAX_FRONT_WORDS)
    reader.mark(":", "!", ".")
    return reader.at_end and not mentions_known(reader, noun)


def _is_list(noun: Noun, lexicon: Vocabulary) -> bool:
    """As in "a to-do list", "a logbook": it holds what the next sentences tell of."""
    words = noun.text.lower().split(" ")
    about = lexicon.syntax.head_first and len(words) > 1  # "cadastro de clientes" tells of what
    return not about and lexicon.value("list_word", words[-1]) is not None


def is_front(words: Words) -> bool:
    """Whether a first line like "Online shop:" names the domain of what follows it."""
    if len(words) > _MAX_FRONT_WORDS + 1 or words[-1].token.norm != ":":
        return False
    return all(can_name(word) for word in words[:-1])


def is_domain(words: Words) -> bool:
    """Whether the words before a colon name a domain or a remark: "farm", "a museum's data"."""
    if not (len(words) <= _MAX_FRONT_WORDS or names_system(words)):
        return False
    if len(words) > _MAX_DOMAIN_WORDS:
        return False
    return all(can_name(word) or {"and", "article"} & word.alone for word in words)


def names_system(words: Words) -> bool:
    """As in "an inventory system", "data for a museum": what all of it is about."""
    return any({"system", "data_noun", "register"} & set(word.hits) for word in words)


def section_of(words: Words) -> str:
    """The section that a line opens ("Relationships:"), empty where it is none."""
    bare = [w for w in words if w.token.norm not in (":", ".", "*", "**")]
    made = False
    while len(bare) > 1 and "section" not in bare[0].hits and _LEADS_SECTION & bare[0].alone:
        made = made or "create" in bare[0].alone
        bare = bare[1:]
    hit = bare[0].hits.get("section") if bare else None
    if made and hit is not None and hit.value != "entities":
        return ""  # "create fields" is no heading
    return hit.value if hit is not None and hit.length == len(bare) else ""


def only_announces(words: Words) -> bool:
    """Whether a heading says no more than "Create the following entities:"."""
    kinds = {"create", "opening", "courtesy", "article", "following", "entity", "about"}
    told = [w for w in words if w.token.kind == "word"]
    announced = any("entity" in w.alone for w in told)
    return announced and all(kinds & set(w.hits) and "number" not in w.hits for w in told)
