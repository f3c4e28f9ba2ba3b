"""The parts of a system in plain words: attributes, links from either side, rules."""

from __future__ import annotations

import re
from collections.abc import Iterable

from baes.domain_entities.voice import inside
from baes.spec import rules
from baes.spec.inflection import plural, singular
from baes.spec.model import Attribute, Call, Entity, Relationship, SystemSpec
from baes.spec.names import snake_case
from baes.spec.navigation import inverse_name
from baes.texts import Message, listed, text

__all__ = ["Wording"]

_FLAGS = (
    "exclusive_min", "exclusive_max", "min_length", "max_length", "pattern", "scale", "unit",
)  # fmt: skip
_NAME = re.compile(r"(?<!['\w.])[a-z_][a-z0-9_]*(?!['\w(])")


class Wording:
    """Speaks of systems in one language.

    Args:
        language: What is spoken.
        *specs: Where names are looked up, the first one first: a change may be about what is no
            more, or not yet.
    """

    def __init__(self, language: str, *specs: SystemSpec) -> None:
        self.language = language
        self._specs = specs

    def entity(self, name: str) -> str:
        """What the user calls an entity."""
        found = self._entity(name)
        return found.title if found else name

    def attribute(self, entity: str, name: str) -> str:
        """What the user calls an attribute or link of an entity, in a sentence."""
        for spec in self._specs:
            owner = spec.find(entity)
            found = owner.find(name) if owner else None
            link = next((r for r in spec.outgoing(entity) if r.name == name), None)
            if found or link:
                return inside((found or link).title)  # type: ignore[union-attr]  # one is there
        return name.replace("_", " ")

    def attributes(self, attributes: Iterable[Attribute]) -> str:
        """Attributes with what is said of each."""
        said = [f"{inside(a.title)} ({', '.join(self.facts(a))})" for a in attributes]
        return listed(self.language, said) if said else text(self.language, "core.nothing")

    def facts(self, attribute: Attribute) -> list[str]:
        """The type and the limits of an attribute."""
        facts = [text(self.language, f"common.types.{attribute.type}")]
        if not attribute.required:
            facts.append(text(self.language, "common.flags.optional"))
        if attribute.unique:
            facts.append(text(self.language, "common.flags.unique"))
        if attribute.choices is not None:
            facts.append(self.flag("choices", attribute.choices))
        facts += self._bounds(attribute)
        limits = ((key, getattr(attribute, key)) for key in _FLAGS)
        facts += [self.flag(key, value) for key, value in limits if value is not None]
        if attribute.default is not None:
            facts.append(self.flag("default", attribute.default))
        return facts

    def _bounds(self, attribute: Attribute) -> list[str]:
        both = {"min": attribute.min, "max": attribute.max}
        if None not in both.values():
            return [text(self.language, "common.flags.between", **both)]
        return [self.flag(key, bound) for key, bound in both.items() if bound is not None]

    def flag(self, key: str, value: object) -> str:
        """A limit with its value."""
        if isinstance(value, tuple):
            return text(self.language, f"common.flags.{key}", value=", ".join(map(str, value)))
        return text(self.language, f"common.flags.{key}", value=self.value(value))

    def value(self, value: object) -> object:
        """A value as it stands in a sentence."""
        return Message.of(f"common.flags.{value.call}") if isinstance(value, Call) else value

    def link(self, spec: SystemSpec, link: Relationship) -> str:
        """A relationship as its ``from`` side sees it."""
        same = singular(link.name, spec.language) == snake_case(link.target)
        sentence = text(
            self.language,
            f"core.relationships.{link.kind}",
            source=self.entity(link.source),
            target=self.entity(link.target),
            name=inside(link.title),
            inverse=self._inverse(spec, link),
            role="" if same else Message.of("core.relationships.role", target=link.target),
        )
        return (
            f"{sentence} {text(self.language, 'core.relationships.required')}"
            if link.required
            else sentence
        )

    def link_backwards(self, spec: SystemSpec, link: Relationship) -> str:
        """A relationship as the other side sees it."""
        told_apart = "_as_" in inverse_name(spec, link)
        role = Message.of("core.inverse.role", name=inside(link.title))
        return text(
            self.language,
            f"core.inverse.{link.kind}",
            target=self.entity(link.target),
            inverse=self._inverse(spec, link),
            role=role if told_apart else "",
        )

    def rule(self, rule: rules.Rule) -> str:
        """A rule as a sentence."""
        owner = rule.entity
        slots: dict[str, object] = {"entity": self.entity(owner)}
        for key in ("attribute", "source", "target"):
            if hasattr(rule, key):
                slots[key] = getattr(rule, key)
        if hasattr(rule, "attribute"):
            slots["attribute"] = self.attribute(owner, rule.attribute)
        match rule:
            case rules.Compare():
                slots["left"] = self._operand(owner, rule.left)
                slots["right"] = self._operand(owner, rule.right)
                slots["op"] = Message.of(f"core.operators.{_OPERATORS[rule.op]}")
            case rules.UniqueTogether():
                slots["attributes"] = tuple(self.attribute(owner, a) for a in rule.attributes)
            case rules.Computed():
                slots["expression"] = self._expression(owner, rule.expression)
            case rules.Aggregate():
                slots["function"] = Message.of(f"core.functions.{rule.function}")
                slots["of"] = self._operand(owner, rule.of)
                slots["where"] = self._where(rule)
            case rules.Copy():
                slots["of"] = self._operand(owner, rule.of)
            case rules.RequiredIf():
                pairs = ((owner, name, value, True) for name, value in rule.when)
                slots["when"] = self._conditions(pairs)
        sentence = text(self.language, f"core.rules.{rule.kind}", **slots)
        return sentence[:1].upper() + sentence[1:]

    def _where(self, rule: rules.Aggregate) -> object:
        if not rule.where:
            return ""
        child = rule.of.split(".")[0]
        pairs = ((child, name, value, wanted) for name, value, wanted in rule.where)
        return Message.of("core.rules.where", conditions=self._conditions(pairs))

    def _conditions(self, pairs: Iterable[tuple[str, str, object, bool]]) -> tuple[Message, ...]:
        return tuple(
            Message.of(
                f"core.rules.{'is' if wanted else 'is_not'}",
                name=self.attribute(entity, name),
                value=value,
            )
            for entity, name, value, wanted in pairs
        )

    def _operand(self, owner: str, operand: object) -> object:
        """An attribute of this record, of another one, an entity's records, or a literal."""
        if not isinstance(operand, str):
            return operand
        first, _, attribute = operand.partition(".")
        other = self._entity(first)
        if other is not None and attribute:
            name = self.attribute(first, attribute)
            return Message.of("core.rules.of", name=name, entity=other.title)
        if other is not None:
            return plural(inside(other.title), self._specs[0].language)
        here = self._entity(owner)
        return self.attribute(owner, operand) if here and here.find(operand) else operand

    def _expression(self, owner: str, expression: str) -> str:
        return _NAME.sub(lambda found: self.attribute(owner, found.group()), expression)

    def _inverse(self, spec: SystemSpec, link: Relationship) -> str:
        source = inside(self.entity(link.source))
        return source if link.kind == "one_to_one" else plural(source, spec.language)

    def _entity(self, name: str) -> Entity | None:
        return next((found for spec in self._specs if (found := spec.find(name))), None)


_OPERATORS = {
    "<": "less", "<=": "at_most", ">": "more", ">=": "at_least", "==": "equal", "!=": "different",
}  # fmt: skip
