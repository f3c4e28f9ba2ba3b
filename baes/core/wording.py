"""The parts of a system in plain words: attributes, links from either side, rules."""

from __future__ import annotations

from collections.abc import Iterable

from baes.domain_entities.voice import inside
from baes.spec.formats import checked_form
from baes.spec.inflection import plural, singular
from baes.spec.model import Attribute, Call, Entity, Relationship, SystemSpec
from baes.spec.names import snake_case
from baes.spec.navigation import inverse_name
from baes.spec.rules import Rule
from baes.texts import Message, listed, text
from baes.utils.rule_wording import RuleWording

__all__ = ["Wording"]

_FLAGS = (
    "exclusive_min", "exclusive_max", "min_length", "max_length", "pattern", "format", "scale",
    "unit",
)  # fmt: skip


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
        self._rules = RuleWording(language, *specs)

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
        shown = checked_form(str(value)).title if key == "format" else self.value(value)
        return text(self.language, f"common.flags.{key}", value=shown)

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

    def rule(self, rule: Rule) -> str:
        """A rule as a sentence."""
        return self._rules.sentence(rule)

    def rules(self, found: Iterable[Rule]) -> tuple[str, ...]:
        """The rules of one entity, each as a sentence."""
        return self._rules.sentences(found)

    def _inverse(self, spec: SystemSpec, link: Relationship) -> str:
        source = inside(self.entity(link.source))
        return source if link.kind == "one_to_one" else plural(source, spec.language)

    def _entity(self, name: str) -> Entity | None:
        return next((found for spec in self._specs if (found := spec.find(name))), None)
