"""The catalogue of validation rules: the packaged ones, and what is added, changed, disabled."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from baes.datafiles import load_toml
from baes.errors import InvalidSpec
from baes.standards.validation_rules import Pattern, ValidationRule

__all__ = ["LinterSettings", "RuleCatalogue", "linter_settings", "packaged_rules"]

_PATTERN_KEYS = frozenset({"regex", "finder", "reason", "language", "confidence"})
_PATTERN_LISTS = ("required", "prohibited", "uncertainty", "subject")


class RuleCatalogue:
    """Rules by id; of a rule that changed, the old versions are kept.

    Args:
        rules: What it starts with; the packaged rules unless given.
    """

    def __init__(self, rules: Iterable[ValidationRule] | None = None) -> None:
        self._versions: dict[str, list[ValidationRule]] = {}
        for rule in packaged_rules() if rules is None else rules:
            self.add_rule(rule)

    def get_rule(self, rule_id: str) -> ValidationRule:
        """The newest version of a rule.

        Raises:
            InvalidSpec: There is none of that id.
        """
        return self.versions(rule_id)[-1]

    def versions(self, rule_id: str) -> tuple[ValidationRule, ...]:
        """All versions of a rule, the oldest first.

        Raises:
            InvalidSpec: There is none of that id.
        """
        if rule_id not in self._versions:
            known = ", ".join(sorted(self._versions))
            raise InvalidSpec(f"there is no rule {rule_id}", f"there are {known}")
        return tuple(self._versions[rule_id])

    def list_rules(
        self, category: str | None = None, *, enabled_only: bool = False
    ) -> tuple[ValidationRule, ...]:
        """The newest version of each rule, in the order in which they were added."""
        newest = (versions[-1] for versions in self._versions.values())
        return tuple(
            rule
            for rule in newest
            if category in (None, rule.category) and (rule.enabled or not enabled_only)
        )

    def rule_of_code(self, code: str) -> ValidationRule | None:
        """The rule that a code of the linter belongs to, by the longest beginning."""
        claims = [
            (len(beginning), rule)
            for rule in self.list_rules()
            for beginning in rule.linter
            if code.startswith(beginning)
        ]
        return max(claims, key=lambda claim: claim[0])[1] if claims else None

    def add_rule(self, rule: ValidationRule) -> None:
        """Take up a new rule.

        Raises:
            InvalidSpec: Its id is taken.
        """
        if rule.id in self._versions:
            raise InvalidSpec(f"there is a rule {rule.id} already", "", "update it instead")
        self._versions[rule.id] = [rule]

    def update_rule(self, rule_id: str, **fields: Any) -> ValidationRule:
        """A new version of a rule, with some fields changed.

        Raises:
            InvalidSpec: There is no such rule or field, or the new version makes no sense.
        """
        newest = self.get_rule(rule_id)
        changeable = {f.name for f in dataclasses.fields(ValidationRule)} - {"id", "version"}
        unknown = sorted(fields.keys() - changeable)
        if unknown:
            raise InvalidSpec(f"{unknown[0]} of a rule can't be changed")
        changed = dataclasses.replace(newest, version=newest.version + 1, **fields)
        self._versions[rule_id].append(changed)
        return changed

    def disable_rule(self, rule_id: str) -> ValidationRule:
        """A new version of a rule that is not applied.

        Raises:
            InvalidSpec: There is none of that id.
        """
        return self.update_rule(rule_id, enabled=False)


@functools.cache
def packaged_rules() -> tuple[ValidationRule, ...]:
    """The rules that come with the product."""
    return tuple(_rule(entry) for entry in load_toml("standards/rules.toml")["rule"])


@dataclass(frozen=True, slots=True)
class LinterSettings:
    """Which of the linter's checks are made."""

    select: tuple[str, ...]
    ignore: tuple[str, ...]
    ignore_in_tests: tuple[str, ...]


@functools.cache
def linter_settings() -> LinterSettings:
    """The packaged settings of the linter."""
    entry = load_toml("standards/rules.toml")["linter"]
    return LinterSettings(**{key: tuple(value) for key, value in entry.items()})


def _rule(entry: Mapping[str, Any]) -> ValidationRule:
    values = {key: value for key, value in entry.items() if key not in _PATTERN_LISTS}
    values["applies_to"] = frozenset(values["applies_to"])
    values |= {key: tuple(values.get(key, ())) for key in ("linter", "elsewhere")}
    values |= {key: tuple(map(_pattern, entry.get(key, ()))) for key in _PATTERN_LISTS}
    return ValidationRule(**values)


def _pattern(entry: Mapping[str, Any]) -> Pattern:
    options = {key: tuple(value) for key, value in entry.items() if key not in _PATTERN_KEYS}
    known = {key: value for key, value in entry.items() if key in _PATTERN_KEYS}
    return Pattern(**known, options=options)
