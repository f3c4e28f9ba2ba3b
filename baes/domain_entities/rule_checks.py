"""Whether a rule is about something that is there and can have it."""

from __future__ import annotations

from baes.domain_entities.voice import Voice, called, entity_title
from baes.spec.interpretation import Question
from baes.spec.model import Attribute, Entity, Relationship, SystemSpec
from baes.spec.rule_checks import rule_fault
from baes.spec.rule_references import own_names
from baes.spec.rules import NotFuture, NotPast, Rule, Transition

__all__ = ["check_rule"]

_DATED = ("date", "datetime")


def check_rule(rule: Rule, spec: SystemSpec, voice: Voice) -> Question | None:
    """A question where a rule names what its entity has not, or what can't have it."""
    entity = spec.entity(rule.entity)
    known: list[Attribute | Relationship] = [*entity.attributes, *spec.outgoing(entity.name)]
    missing = sorted(own_names(rule) - {thing.name for thing in known})
    if missing:
        return voice.question(
            "rule_of_nothing",
            entity=entity_title(entity, entity.name),
            attribute=missing[0].replace("_", " "),
            known=tuple(called(thing) for thing in known),
        )
    match rule:
        case NotFuture(_, attribute) | NotPast(_, attribute):
            return _needs_date(entity, attribute, voice)
        case Transition():
            return _unknown_state(entity, rule, voice) or _impossible(rule, spec, voice)
        case _:
            return _impossible(rule, spec, voice)


def _impossible(rule: Rule, spec: SystemSpec, voice: Voice) -> Question | None:
    fault = rule_fault(spec, rule)
    return voice.question("rule_impossible", what=voice.cause(fault)) if fault else None


def _needs_date(entity: Entity, name: str, voice: Voice) -> Question | None:
    attribute = entity.find(name)
    if attribute is None or attribute.type in _DATED:
        return None
    return voice.question(
        "rule_needs_date",
        entity=entity_title(entity, entity.name),
        attribute=called(attribute),
        type=voice.type_name(attribute.type),
    )


def _unknown_state(entity: Entity, rule: Transition, voice: Voice) -> Question | None:
    attribute = entity.find(rule.attribute)
    if attribute is None or attribute.choices is None:
        return None
    choices = tuple(str(choice) for choice in attribute.choices)
    for state in (rule.source, rule.target):
        if state not in choices:
            return voice.question(
                "state_unknown",
                entity=entity_title(entity, entity.name),
                attribute=called(attribute),
                choices=choices,
                state=state,
                choice_list=choices,
            )
    return None
