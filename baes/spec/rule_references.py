"""What a rule names, and the same rule after a rename."""

from __future__ import annotations

import dataclasses
import re
from typing import Any

from baes.spec.rules import Rule

__all__ = ["own_names", "rename_in_rule", "rule_concerns"]

_NAME = re.compile(
    r"'[^']*'|\"[^\"]*\"|[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)?(?!\s*\()"
)


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
    for found in _NAME.findall(getattr(rule, "expression", "")):
        if found[0] not in "'\"":
            names.add(found)
    return frozenset(names)


def _rename(field: str, content: Any, rule: Rule, names: tuple[str, str, str]) -> Any:
    entity, attribute, new_name = names
    if field in ("left", "right", "attribute", "of", "expression") and isinstance(content, str):
        return _NAME.sub(lambda m: _reference(m.group(), rule.entity, *names), content)
    if field == "attributes":
        return tuple(_reference(name, rule.entity, *names) for name in content)
    if field == "when":
        return tuple((_reference(k, rule.entity, *names), v) for k, v in content)
    if field == "where":
        child = getattr(rule, "of", "").split(".")[0]
        return tuple((_reference(k, child, entity, attribute, new_name), *v) for k, *v in content)
    return content


def _reference(name: str, own: str, entity: str, attribute: str, new_name: str) -> str:
    if name[:1] in "'\"":
        return name
    owner, dot, last = name.rpartition(".")
    if not attribute:
        if owner == entity:
            return f"{new_name}{dot}{last}"
        return new_name if name == entity else name
    if last == attribute and (owner or own) == entity:
        return f"{owner}{dot}{new_name}"
    return name
