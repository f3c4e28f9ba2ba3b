"""What else is said of what is there: "make the email unique", "GPA must be between 0 and 4"."""

from __future__ import annotations

from collections.abc import Callable

from baes.language.facts import Alters, Fact, Noun, Relinks, Said, Target, Value
from baes.language.frames.changing import read_end, read_front, read_lead
from baes.language.frames.option_values import has_choices, read_option_change, read_options
from baes.language.modifiers import read_modifiers
from baes.language.names import is_separator
from baes.language.targets import (
    read_entity_noun,
    read_owner,
    read_target,
    read_targets,
    with_owner,
)
from baes.language.values import read_choices, read_number, read_value
from baes.language.words import Reader
from baes.spec.names import words_of

__all__ = ["read_alter"]

_NEGATED: dict[str, Said] = {
    "required": (("required", False),),
    "optional": (("required", True),),
    "unique": (("unique", False),),
}
_NAMELIKE_TYPES = frozenset({"email", "phone", "url", "date", "time", "boolean", "decimal", "uuid"})
"""Types whose plain words are names as well: "to email" may be a rename, "to an email" is none."""


def read_alter(reader: Reader) -> tuple[Fact, ...] | None:
    """What a clause says of attributes and links that are there."""
    if reader.scope.inventory.is_empty:
        return None
    for read in _READERS:
        reader.position = 0
        front = read_front(reader)
        lead = read_lead(reader)
        facts = read(reader)
        if facts is None:
            continue
        owner = _owner_behind(reader)
        end = read_end(reader)
        if end is not None:
            return (*lead, *(_with(fact, owner or front) for fact in facts), *end)
    return None


def _owner_behind(reader: Reader) -> Noun | None:
    """As in "make phone optional for tenants"."""
    return read_owner(reader)


def _with(fact: Fact, owner: Noun | None) -> Fact:
    if not isinstance(fact, Alters):
        return fact
    (target,) = with_owner((fact.target,), owner)
    return Alters(target, fact.said)


def _known(targets: tuple[Target, ...], reader: Reader) -> bool:
    """Whether all targets are names of attributes or links that are there."""
    inventory = reader.scope.inventory
    return bool(targets) and all(inventory.is_name(words_of(t.noun.text)) for t in targets)


# ----------------------------------------------------------------------------- what is said
def _read_said(reader: Reader) -> Said:
    """All that is said from the cursor on, wholly; empty where nothing, or not all, is read."""
    start = reader.position
    negated = reader.take("no_longer")
    if negated is not None:
        if reader.take("valid") is not None:
            reader.take("any_more")
            return (("valid", False),)
        flag = reader.take("flag")
        reader.take("any_more")
        said = _NEGATED.get(flag.value, ()) if flag is not None else ()
        if said:
            return said
        reader.position = start
        return ()
    said = read_modifiers(reader)
    if not said:
        _skip_verb(reader)
        said = read_modifiers(reader) or _read_type(reader)
    if not said:
        reader.position = start
        return ()
    if reader.take("any_more"):
        return () if said != (("required", False),) else said
    return said


def _skip_verb(reader: Reader) -> None:
    """As in "may have at most 80 characters", "can now be up to 16"."""
    while reader.take("modal") or reader.take("now") or reader.take("be") or reader.take("has"):
        pass


def _read_type(reader: Reader) -> Said:
    """A type behind "be" or "to": plain words that are names as well need an article."""
    article = reader.take("article") is not None
    adjective = reader.take("type_adjective") is not None
    hit = reader.take("type")
    if hit is None:
        return ()
    noun = reader.take("type_noun") is not None
    pure = "pure_type" in reader.ahead(-hit.length).hits
    if hit.value in _NAMELIKE_TYPES and not (article or adjective or noun or pure):
        return ()
    return (("type", hit.value),)


# -------------------------------------------------------------------------------- sentences
def _read_sentence(reader: Reader) -> tuple[Fact, ...] | None:
    """As in "the phone of a tenant should be optional", "email no longer unique"."""
    targets = read_targets(reader)
    if not _known(targets, reader):
        return None
    while reader.take("now"):
        pass
    said = _read_said(reader) or _read_values(reader)
    if said in _NEGATED.values():
        targets += _read_neither(reader)
    return tuple(Alters(target, said) for target in targets) if said else None


def _read_neither(reader: Reader) -> tuple[Target, ...]:
    """What else is no longer so: ", and neither is the hire date"."""
    start = reader.position
    reader.mark(",")
    reader.take("and")
    if reader.take("neither") is not None:
        targets = read_targets(reader)
        if _known(targets, reader):
            return targets
    reader.position = start
    return ()


def _read_values(reader: Reader) -> Said:
    """As in "the level of a course is beginner, intermediate or advanced": its choices."""
    start = reader.position
    choices = read_choices(reader) if reader.take("be") is not None else None
    either = any("or" in word.alone for word in reader.since(start))
    plain = choices and not any(c.number or c.truth or c.call for c in choices)
    if plain and either and _ends(reader):
        return (("choices", choices),)
    reader.position = start
    return ()


def _read_also(reader: Reader) -> tuple[Fact, ...] | None:
    """As in "the status can also be returned", "… can now be new, sent or lost"."""
    target = read_target(reader)
    if target is None or not has_choices(target, reader):
        return None
    also = False
    if reader.take("modal") is None:
        return None
    while (hit := reader.take("also")) or reader.take("now") or reader.take("be"):
        also = also or hit is not None
    if also:
        values = read_options(reader)
        return (Alters(target, (("add_choices", values),)),) if values else None
    choices = read_choices(reader)
    return (Alters(target, (("choices", choices),)),) if choices and _ends(reader) else None


def _ends(reader: Reader) -> bool:
    return is_separator(reader) or bool({"now", "owner_prep"} & set(reader.word.hits))


# --------------------------------------------------------------------------------- commands
def _read_make(reader: Reader) -> tuple[Fact, ...] | None:
    """As in "make the email of members unique", "make the remark of pallets a long text"."""
    if reader.take("make_verb") is None:
        return None
    first = _read_said(reader) if "flag" in reader.word.hits else ()  # "make unique the email"
    targets = read_targets(reader)
    if not _known(targets, reader):
        return None
    said = first or _read_said(reader)
    return tuple(Alters(target, said) for target in targets) if said else None


def _read_require_not(reader: Reader) -> tuple[Fact, ...] | None:
    """As in "don't require the phone of a tenant"."""
    if reader.take("require_not") is None:
        return None
    targets = read_targets(reader)
    reader.take("any_more")
    if not _known(targets, reader):
        return None
    return tuple(Alters(target, _NEGATED["required"]) for target in targets)


def _read_change(reader: Reader) -> tuple[Fact, ...] | None:
    """As in "change quantity to decimal", "set the type of weight to float"."""
    if reader.take("alter_verb") is None:
        return None
    typed = reader.take("type_of") is not None
    listed = not typed and reader.take("options_of") is not None
    targets = read_targets(reader)
    if not _known(targets, reader):
        return None
    if reader.take("type_of_before"):
        reader.take("article")
        if reader.take("type") is None:
            return None
    if not (reader.take("into") or reader.mark("->", "→", "=>", ":", "=")):
        return None
    said = _read_new_values(reader, listed) or (
        _bare_type(reader) if typed else _read_type(reader) or _read_said(reader)
    )
    return tuple(Alters(target, said) for target in targets) if said else None


def _read_new_values(reader: Reader, listed: bool) -> Said:
    if not listed:
        return ()
    choices = read_choices(reader)
    return (("choices", choices),) if choices and _ends(reader) else ()


def _bare_type(reader: Reader) -> Said:
    reader.take("article")
    reader.take("type_adjective")
    hit = reader.take("type")
    reader.take("type_noun")
    return (("type", hit.value),) if hit is not None else ()


def _read_limit(reader: Reader) -> tuple[Fact, ...] | None:
    """As in "limit the title of posts to 120 characters", "restrict the size to S, M or L"."""
    if reader.take("limit_verb") is None:
        return None
    targets = read_targets(reader)
    if not _known(targets, reader) or not (reader.take("into") or reader.mark(":")):
        return None
    said = _limit_said(reader)
    return tuple(Alters(target, said) for target in targets) if said else None


def _limit_said(reader: Reader) -> Said:
    start = reader.position
    reader.take("article")
    said = read_modifiers(reader, bracketed=True)
    if said and {key for key, _ in said} & {"min", "max", "max_length", "min_length", "scale"}:
        return said
    reader.position = start
    number = read_number(reader)
    if number is not None:
        letters = reader.take("letters")
        if letters is not None and letters.value == "digits":
            return ()
        key = "max" if letters is None else "scale" if letters.value == "scale" else "max_length"
        return ((key, Value(number, number)),) if _ends(reader) or reader.at_end else ()
    reader.position = start
    reader.take("options_of") or reader.take("choose")
    choices = read_choices(reader)
    return (("choices", choices),) if choices and _ends(reader) else ()


def _read_extreme(reader: Reader) -> tuple[Fact, ...] | None:
    """As in "raise the maximum capacity of lifts to 16", "set the maximum of capacity to 16"."""
    if reader.take("raise_verb") is None:
        return None
    reader.take("article")
    hit = reader.take("limit_word")
    if hit is None or hit.value not in ("min", "max", "min_length", "max_length"):
        return None
    reader.take("owner_prep")
    target = read_target(reader)
    if target is None or not _known((target,), reader) or reader.take("into") is None:
        return None
    number = read_number(reader)
    reader.take("letters") if hit.value.endswith("length") else None
    return (Alters(target, ((hit.value, Value(number, number)),)),) if number is not None else None


def _read_default(reader: Reader) -> tuple[Fact, ...] | None:
    """As in "set the default balance of an account to 0", "the default currency is EUR"."""
    setting = reader.take("make_verb") is not None
    if reader.take("default_of") is None:
        return None
    target = read_target(reader)
    if target is None or not _known((target,), reader):
        return None
    tied = reader.take("into") if setting else reader.take("be") or reader.take("modal")
    reader.take("be")
    if not (tied or reader.mark(":", "=")):
        return None
    value = read_value(reader)
    return (Alters(target, (("default", value),)),) if value is not None else None


def _read_no_two(reader: Reader) -> tuple[Fact, ...] | None:
    """As in "no two accounts may have the same email"."""
    two = reader.take("two_of")
    owner = read_entity_noun(reader) if two is not None else None
    same = reader.take("same_value") if owner is not None else None
    if (
        two is None
        or owner is None
        or same is None
        or (two.value == "none") == (same.value == "not")
    ):
        return None
    target = read_target(reader)
    if target is None or target.owner is not None or not _known((target,), reader):
        return None
    return (Alters(Target(target.noun, owner, target.kind), (("unique", True),)),)


def _read_dropped_option(reader: Reader) -> tuple[Fact, ...] | None:
    """As in "the status 'lost' is no longer allowed"."""
    target = read_target(reader)
    if target is None or reader.word.token.kind != "quoted" or not has_choices(target, reader):
        return None
    values = read_options(reader)
    return (Alters(target, (("drop_choices", values),)),) if reader.take("not_allowed") else None


def _read_extended_option(reader: Reader) -> tuple[Fact, ...] | None:
    """As in "extend the status by 'lost'"."""
    if reader.take("extend_verb") is None:
        return None
    reader.take("options_of")
    target = read_target(reader)
    if target is None or not has_choices(target, reader) or reader.take("by_values") is None:
        return None
    reader.take("article")
    reader.take("option_word")
    values = read_options(reader)
    return (Alters(target, (("add_choices", values),)),) if values else None


def _read_pronoun(reader: Reader) -> tuple[Fact, ...] | None:
    """As in "it must be unique": what is said of what was spoken of last."""
    last = reader.scope.last
    if last is None or "person" in reader.word.alone or reader.take("pronoun") is None:
        return None
    said = _read_said(reader)
    return (Alters(last, said),) if said else None


def _read_added_option(reader: Reader) -> tuple[Fact, ...] | None:
    """As in "add 'cancelled' to the statuses"."""
    if reader.take("add_verb") is None:
        return None
    alters = read_option_change(reader, "add_choices")
    return (alters,) if alters is not None else None


def _read_relink(reader: Reader) -> tuple[Fact, ...] | None:
    """As in "change the relationship between Course and Teacher to many-to-many"."""
    if not (reader.take("alter_verb") or reader.take("make_verb")):
        return None
    reader.take("article")
    if reader.take("kind_noun") is None or reader.take("between_ends") is None:
        return None
    left = read_entity_noun(reader)
    if left is None or not (reader.take("and") or reader.take("link_ends")):
        return None
    right = read_entity_noun(reader)
    if right is None:
        return None
    reader.take("into") or reader.take("be")
    reader.take("article")
    kind = reader.take("kind")
    if kind is not None:
        reader.take("kind_noun")
        return (Relinks(left, right, (("kind", kind.value),)),)
    flag = reader.take("flag")
    if flag is None or flag.value not in ("required", "optional"):
        return None
    return (Relinks(left, right, (("required", flag.value == "required"),)),)


_READERS: tuple[Callable[[Reader], tuple[Fact, ...] | None], ...] = (
    _read_pronoun,
    _read_no_two,
    _read_added_option,
    _read_dropped_option,
    _read_extended_option,
    _read_default,
    _read_relink,
    _read_extreme,
    _read_limit,
    _read_make,
    _read_require_not,
    _read_change,
    _read_also,
    _read_sentence,
)
