"""Having a language model read what the grammar does not explain, and checking what it says.

It sees the fragment, the request and the names of the system. What it says must be made of words of
the request, account for every word of the fragment, and add something: taking away, renaming and
limits are never left to a model. What fails is not mended; the user is asked instead.
"""

from __future__ import annotations

import functools
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from baes.datafiles import load_toml
from baes.errors import InvalidSpec
from baes.llm.model import LanguageModel, Prompt
from baes.llm.prompting import PromptText
from baes.spec.changes import AddAttribute, Change
from baes.spec.inflection import singular
from baes.spec.interpretation import Action, Interpretation
from baes.spec.model import Attribute, Entity, Relationship, SystemSpec
from baes.spec.names import is_entity_name, snake_case

if TYPE_CHECKING:
    from baes.core.reading_answer import ReadingAnswer, ReadItem

__all__ = ["NotBelieved", "may_be_read", "read_by_model", "reading_prompt"]

logger = logging.getLogger(__name__)

_DATA = "llm/prompts/recognition.toml"
_WORD = re.compile(r"[^\W_]+")
FEWEST_WORDS = 3
"""A fragment of fewer is a name or a number that has two meanings: the user is asked."""
MAX_CHARACTERS = 2_000
MAX_OUTLINED = 30


class NotBelieved(Exception):
    """What the model says contradicts the request or the system; the text says how."""


@dataclass(frozen=True, slots=True)
class _Known:
    """What an item may speak of."""

    spec: SystemSpec
    words: frozenset[str]
    """Of the whole request, in the singular."""
    new: dict[str, Entity]
    """Entities that the request makes."""


def may_be_read(local: Interpretation) -> bool:
    """Whether a model has anything to add: a fragment, and no other question of its own."""
    fragments = local.unexplained
    if not fragments or sum(map(len, fragments)) > MAX_CHARACTERS:
        return False
    if any(len(_WORD.findall(fragment)) < FEWEST_WORDS for fragment in fragments):
        return False
    if local.action != "unclear":
        return True
    understood = local.entities or local.changes or local.about
    return not understood and not (local.question and local.question.alternatives)


def read_by_model(
    model: LanguageModel, text: str, spec: SystemSpec, local: Interpretation
) -> Interpretation:
    """The interpretation with the fragments read by the model.

    Raises:
        NotBelieved: What it says can't be used.
        ModelFailed: It can't be asked.
    """
    from baes.core.reading_answer import ReadingAnswer

    prompts = [
        reading_prompt(text, fragment, spec, local, ReadingAnswer) for fragment in local.unexplained
    ]
    before = sum(call.tokens for call in model.calls)
    answers = model.ask(prompts)
    tokens = sum(call.tokens for call in model.calls) - before
    merged = local
    for fragment, answer in zip(local.unexplained, answers, strict=True):
        merged = _merged(merged, text, fragment, answer, spec)
    return replace(
        merged,
        action=_action(merged, spec),
        confidence=1.0,
        source="llm",
        tokens=tokens,
        unexplained=(),
        question=None,
    )


def reading_prompt(
    text: str,
    fragment: str,
    spec: SystemSpec,
    local: Interpretation,
    form: type[ReadingAnswer],
) -> Prompt[ReadingAnswer]:
    """The question for one fragment."""
    data = load_toml(_DATA)
    words = PromptText(data["system"], data["user"], data["max_answer_tokens"])
    entities = {entity.name: entity for entity in (*spec, *local.entities)}
    outline = "\n".join(_outlined(e) for e in list(entities.values())[:MAX_OUTLINED])
    system, user = words.filled(
        system=outline or "nothing yet", text=text[:MAX_CHARACTERS], fragment=fragment
    )
    return Prompt("recognition", system, user, form, words.max_answer_tokens)


def _outlined(entity: Entity) -> str:
    return f"{entity.name}: {', '.join(a.name for a in entity.attributes)}"


def _merged(
    so_far: Interpretation, text: str, fragment: str, answer: ReadingAnswer, spec: SystemSpec
) -> Interpretation:
    _refuse_silence(fragment, answer)
    words = frozenset(_singulars(text)) | {w for e in spec for w in _singulars(snake_case(e.name))}
    for item in answer.items:
        known = _Known(spec, words, {entity.name: entity for entity in so_far.entities})
        try:
            so_far = _with_item(so_far, item, known)
        except InvalidSpec as error:
            raise NotBelieved(str(error)) from error
    return so_far


def _with_item(so_far: Interpretation, item: ReadItem, known: _Known) -> Interpretation:
    if item.says == "unclear":
        raise NotBelieved(f"it finds “{item.words}” unclear")
    if item.says == "custom":
        return replace(so_far, custom=tuple(dict.fromkeys((*so_far.custom, item.words.strip()))))
    _refuse_more_than_plain(item)
    if item.says == "background":
        named = known.words & set(_singulars(item.words)) & _names(so_far, known.spec)
        if named:
            raise NotBelieved(f"“{item.words}” names {min(named)} and can't be background")
        return replace(so_far, background=(*so_far.background, item.words.strip()))
    entity = _entity_name(item.entity, known)
    if item.says == "new_entity":
        if entity in known.new or known.spec.find(entity):
            return so_far
        return replace(so_far, entities=(*so_far.entities, Entity(entity)))
    if entity not in known.new and known.spec.find(entity) is None:
        raise NotBelieved(f"there is no {entity}")
    if item.says == "new_attribute":
        return _with_attribute(so_far, entity, item, known)
    target = _entity_name(item.target, known)
    if target not in known.new and known.spec.find(target) is None:
        raise NotBelieved(f"there is no {target}")
    name = _from_the_text(snake_case(item.name or target), known)
    link = Relationship(entity, target, item.kind or "many_to_one", name, required=item.required)
    return replace(so_far, relationships=(*so_far.relationships, link))


def _with_attribute(
    so_far: Interpretation, entity: str, item: ReadItem, known: _Known
) -> Interpretation:
    name = _from_the_text(snake_case(item.name), known)
    is_new = entity in known.new
    attribute = Attribute(
        name, item.type or "string", required=item.required or is_new, unique=item.unique
    )
    if not is_new:
        change: Change = AddAttribute(entity, attribute)
        return replace(so_far, changes=(*so_far.changes, change))
    if any(a.name == name for a in known.new[entity].attributes):
        return so_far
    grown = replace(known.new[entity], attributes=(*known.new[entity].attributes, attribute))
    entities = tuple(grown if e.name == entity else e for e in so_far.entities)
    return replace(so_far, entities=entities)


def _refuse_silence(fragment: str, answer: ReadingAnswer) -> None:
    """Every word of the fragment belongs to an item, and every item's words to the fragment."""
    folded = " ".join(fragment.casefold().split())
    said: set[str] = set()
    for item in answer.items:
        words = " ".join(item.words.casefold().split()).strip(" .!")
        if not words or words not in folded:
            raise NotBelieved(f"“{item.words}” does not stand in the request")
        said.update(_WORD.findall(words))
    left = [word for word in _WORD.findall(folded) if word not in said | _connecting()]
    if left:
        raise NotBelieved(f"nothing is said of “{left[0]}”")


def _refuse_more_than_plain(item: ReadItem) -> None:
    words = set(_WORD.findall(item.words.casefold()))
    more = words & set(load_toml(_DATA)["never_plain"])
    numbers = {word for word in words if any(char.isdigit() for char in word)}
    if more or numbers:
        raise NotBelieved(f"“{min(more | numbers)}” says more than {item.says} can hold")


def _entity_name(said: str, known: _Known) -> str:
    name = next((e.name for e in known.spec if said in (e.name, e.label)), said)
    if name not in known.new and known.spec.find(name) is None:
        if not is_entity_name(name):
            raise NotBelieved(f"“{said}” is no name of an entity")
        _from_the_text(snake_case(name), known)
    return name


def _from_the_text(name: str, known: _Known) -> str:
    """The name, if every word of it stands in the request.

    Raises:
        NotBelieved: It was invented.
    """
    invented = [word for word in _singulars(name) if word not in known.words]
    if invented or not name:
        raise NotBelieved(f"“{name}” is not in the request")
    return name


def _names(so_far: Interpretation, spec: SystemSpec) -> frozenset[str]:
    """The words that name something, in the singular."""
    return frozenset(
        word
        for entity in (*spec, *so_far.entities)
        for name in (entity.name, *(a.name for a in entity.attributes))
        for word in _singulars(snake_case(name))
    )


def _singulars(text: str) -> Iterator[str]:
    for word in _WORD.findall(text.casefold()):
        yield singular(word)


def _action(merged: Interpretation, spec: SystemSpec) -> Action:
    if not (spec.entities or merged.entities):
        raise NotBelieved("there is no system yet that it could be about")
    if merged.action != "unclear" and not merged.changes:
        return merged.action if merged.entities or merged.action != "describe" else "evolve"
    return "create" if merged.entities and not merged.changes and not spec.entities else "evolve"


@functools.cache
def _connecting() -> frozenset[str]:
    """Words that hold others together and mean nothing alone."""
    return frozenset(load_toml("swea_agents/data/custom_names.toml")["small_words"])
