"""What a rule says, in plain words of the user's language: one wording for all who say it.

Descriptions, the list of what a request changed, the errors of a generated system and its pages
take it from here, so that a person meets the same sentence wherever the rule is met.
"""

from __future__ import annotations

from collections.abc import Iterable

from baes.spec import rules
from baes.spec.attribute_types import TEMPORAL_TYPES
from baes.spec.inflection import plural
from baes.spec.model import Attribute, Entity, SystemSpec
from baes.spec.names import in_sentence
from baes.texts import Message, text
from baes.utils.expression_wording import worded_expression

__all__ = ["RuleWording"]

_OPERATORS = {
    "<": "less", "<=": "at_most", ">": "more", ">=": "at_least", "==": "equal", "!=": "different",
}  # fmt: skip


class RuleWording:
    """Says the rules of systems in one language.

    Args:
        language: What is spoken.
        *specs: Where names are looked up, the first one first: a rule may be about what is no
            more, or not yet.
    """

    def __init__(self, language: str, *specs: SystemSpec) -> None:
        self._language = language
        self._specs = specs

    def statement(self, rule: rules.Rule) -> str:
        """The rule where it is known whose it is, as a part of a sentence.

        As an error beside a field has it: "check-out date must be after check-in date".
        """
        return self._said(rule, owned=False)

    def sentence(self, rule: rules.Rule) -> str:
        """The rule as a whole sentence that says whose it is."""
        return _whole(self._said(rule, owned=True))

    def sentences(self, found: Iterable[rules.Rule]) -> tuple[str, ...]:
        """Rules of one entity, each as a sentence; all steps of one state are one of them."""
        said: dict[object, str] = {}
        told = tuple(found)
        for rule in told:
            if isinstance(rule, rules.Transition):
                key = (rule.entity, rule.attribute)
                steps = [r for r in told if isinstance(r, rules.Transition)]
                said[key] = _whole(
                    self.steps([r for r in steps if (r.entity, r.attribute) == key], owned=True)
                )
            else:
                said[rule] = self.sentence(rule)
        return tuple(said.values())

    def steps(self, found: Iterable[rules.Transition], *, owned: bool = False) -> str:
        """All steps that one attribute may take, as a part of a sentence."""
        targets: dict[str, list[str]] = {}
        steps = tuple(found)
        for step in steps:
            targets.setdefault(step.source, []).append(step.target)
        parts = tuple(
            Message.of("utils.rules.step", source=source, targets=self._either(reached))
            for source, reached in targets.items()
        )
        name = self._attribute(steps[0].entity, steps[0].attribute, owned=owned)
        return text(self._language, "utils.rules.transitions", attribute=name, steps=parts)

    def _either(self, values: list[str]) -> str:
        *first, last = values
        if not first:
            return last
        return text(self._language, "utils.rules.either", first=", ".join(first), last=last)

    # ---------------------------------------------------------------------------------- parts
    def _said(self, rule: rules.Rule, *, owned: bool) -> str:
        owner = rule.entity
        slots: dict[str, object] = {"entity": self._title(owner)}
        if hasattr(rule, "attribute"):
            slots["attribute"] = self._attribute(owner, rule.attribute, owned=owned)
        match rule:
            case rules.Compare():
                slots["left"] = self._operand(owner, rule.left, owned=owned)
                slots["right"] = self._operand(owner, rule.right)
                dated = self._is_dated(owner, rule.left) or self._is_dated(owner, rule.right)
                slots["op"] = _operator(rule.op, dated=dated)
            case rules.UniqueTogether():
                slots["attributes"] = tuple(self._attribute(owner, a) for a in rule.attributes)
            case rules.Computed():
                slots["expression"] = self._expression(owner, rule.expression)
            case rules.Aggregate():
                slots |= self._aggregate(rule)
            case rules.Copy():
                slots["of"] = self._operand(owner, rule.of)
            case rules.Transition():
                slots |= {"source": rule.source, "target": rule.target}
            case rules.RequiredIf():
                pairs = ((owner, name, value, True) for name, value in rule.when)
                slots["when"] = self._conditions(pairs)
        return text(self._language, f"utils.rules.{rule.kind}", **slots)

    def _aggregate(self, rule: rules.Aggregate) -> dict[str, object]:
        child, _, attribute = rule.of.partition(".")
        extreme = rule.function in ("min", "max") and self._is_dated(child, attribute)
        pairs = ((child, name, value, wanted) for name, value, wanted in rule.where)
        conditions = self._conditions(pairs)
        return {
            "function": _function(rule.function, dated=extreme),
            "of": self._operand(rule.entity, rule.of),
            "where": Message.of("utils.rules.where", conditions=conditions) if rule.where else "",
        }

    def _conditions(self, pairs: Iterable[tuple[str, str, object, bool]]) -> tuple[Message, ...]:
        return tuple(
            Message.of(
                f"utils.rules.{'is' if wanted else 'is_not'}",
                name=self._attribute(entity, name),
                value=value,
            )
            for entity, name, value, wanted in pairs
        )

    def _operand(self, owner: str, operand: object, *, owned: bool = False) -> object:
        """An attribute of this record, of another one, an entity's records, or a literal."""
        if not isinstance(operand, str):
            return operand
        first, _, attribute = operand.partition(".")
        other = self._entity(first)
        if other is not None and attribute:
            return self._attribute(first, attribute, owned=True)
        if other is not None:
            return in_sentence(plural(other.title, self._specs[0].language))
        known = self._find(owner, operand) is not None
        return self._attribute(owner, operand, owned=owned) if known else operand

    def _expression(self, owner: str, expression: str) -> str:
        return worded_expression(
            expression, lambda name: self._attribute(owner, name), self._language
        )

    # ---------------------------------------------------------------------------------- names
    def _attribute(self, entity: str, name: str, *, owned: bool = False) -> str:
        found = self._find(entity, name)
        title = in_sentence(found.title) if found is not None else self._link(entity, name)
        if not owned:
            return title
        return text(self._language, "utils.rules.of", name=title, entity=self._title(entity))

    def _link(self, entity: str, name: str) -> str:
        links = (link for spec in self._specs for link in spec.outgoing(entity))
        title = next((link.title for link in links if link.name == name), None)
        return in_sentence(title or name.replace("_", " "))

    def _title(self, entity: str) -> str:
        found = self._entity(entity)
        return found.title if found is not None else entity

    def _is_dated(self, entity: str, operand: object) -> bool:
        owner, _, name = str(operand).rpartition(".")
        found = self._find(owner or entity, name)
        return found is not None and found.type in TEMPORAL_TYPES

    def _find(self, entity: str, name: str) -> Attribute | None:
        owners = (spec.find(entity) for spec in self._specs)
        return next((a for owner in owners if owner and (a := owner.find(name))), None)

    def _entity(self, name: str) -> Entity | None:
        return next((found for spec in self._specs if (found := spec.find(name))), None)


def _operator(sign: str, *, dated: bool) -> Message:
    name = _OPERATORS[sign]
    return Message.of(f"utils.dated.{name}" if dated else f"utils.operators.{name}")


def _function(name: str, *, dated: bool) -> Message:
    return Message.of(f"utils.dated_functions.{name}" if dated else f"utils.functions.{name}")


def _whole(said: str) -> str:
    return f"{said[:1].upper()}{said[1:]}."
