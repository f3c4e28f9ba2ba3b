"""What a rule names, and the same rule after a rename."""

from __future__ import annotations

import dataclasses
from typing import Any

from baes.spec.expressions import expression_text, names_in, parse_expression, renamed
from baes.spec.rules import Computed, Rule

__all__ = ["own_names", "rename_in_rule", "rule_concerns"]


def rule_concerns(rule: Rule, entity: str, attribute: str = "") -> bool:
    """Whether a rule names an entity, or one attribute or relationship of it."""
    marker = "\0"
    return rename_in_rule(rule, entity, attribute, marker) != rule


def rename_in_rule(rule: Rule, entity: str, attribute: str, new_name: str) -> Rule:
    """The rule after the entity (``attribute`` empty) or its attribute got a new name.

    References to another entity are written ``Other.attribute``; a bare name is an attribute of
    the rule's own entity.
    """
    values: dict[str, Any] = {}
    for field in dataclasses.fields(rule):
        content = getattr(rule, field.name)
        if field.name == "entity":
            values["entity"] = new_name if not attribute and content == entity else content
        else:
            values[field.name] = _rename(field.name, content, rule, (entity, attribute, new_name))
    return dataclasses.replace(rule, **values)


def own_names(rule: Rule) -> frozenset[str]:
    """Attributes and relationships of the rule's own entity that it can't do without.

    A bare word beside a comparison's sign is left out: it may be a literal.
    """
    names: set[str] = set(getattr(rule, "attributes", ()))
    names |= {key for key, _ in getattr(rule, "when", ())}
    if hasattr(rule, "attribute"):
        names.add(rule.attribute)
    if isinstance(rule, Computed):
        names |= set(names_in(parse_expression(rule.expression)))
    return frozenset(names)


def _rename(field: str, content: Any, rule: Rule, names: tuple[str, str, str]) -> Any:
    entity, attribute, new_name = names
    if field in ("left", "right") and isinstance(content, str):
        literal = not attribute and "." not in content
        return content if literal else _reference(content, rule.entity, *names)
    if field in ("attribute", "of"):
        return _reference(content, rule.entity, *names)
    if field == "expression" and entity == rule.entity:
        return _renamed_expression(content, attribute, new_name)
    if field == "attributes":
        return tuple(_reference(name, rule.entity, *names) for name in content)
    if field == "when":
        return tuple((_reference(k, rule.entity, *names), v) for k, v in content)
    if field == "where":
        child = getattr(rule, "of", "").split(".")[0]
        return tuple((_reference(k, child, entity, attribute, new_name), *v) for k, *v in content)
    return content


def _renamed_expression(expression: str, attribute: str, new_name: str) -> str:
    """The expression with another name for an attribute; as it was where it has no such name."""
    tree = parse_expression(expression)
    if attribute not in names_in(tree):
        return expression
    return expression_text(renamed(tree, lambda name: new_name if name == attribute else name))


def _reference(name: str, own: str, entity: str, attribute: str, new_name: str) -> str:
    owner, dot, last = name.rpartition(".")
    if not attribute:
        if owner == entity:
            return f"{new_name}{dot}{last}"
        return new_name if name == entity else name
    if last == attribute and (owner or own) == entity:
        return f"{owner}{dot}{new_name}"
    return name
