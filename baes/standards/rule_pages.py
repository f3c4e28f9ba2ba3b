"""What each rule is good for, with an example that breaks it and one that keeps it."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

from baes.datafiles import load_toml
from baes.standards.artifact_code import language_of
from baes.standards.validation_rules import ValidationRule

__all__ = ["RulePage", "index_text", "page_of", "page_text"]


@dataclass(frozen=True, slots=True)
class RulePage:
    """The explanation of one rule."""

    why: str
    path: str
    """Where code like the examples stands."""
    bad: str
    good: str
    lines: tuple[int, ...]
    """Lines of the bad example at which the rule finds a fault; 0: the whole."""


@functools.cache
def _pages() -> dict[str, RulePage]:
    return {rule: _page(entry) for rule, entry in load_toml("standards/rule_pages.toml").items()}


def page_of(rule_id: str) -> RulePage | None:
    """The page of a packaged rule; ``None`` for people's own."""
    return _pages().get(rule_id)


def page_text(rule: ValidationRule) -> str:
    """The page in Markdown."""
    page = page_of(rule.id)
    facts = [f"Category: {rule.category}. Code of: {', '.join(sorted(rule.applies_to))}."]
    if rule.linter:
        facts.append(f"Checks of ruff: {', '.join(rule.linter)}.")
    parts = [f"# {rule.id}", f"{rule.description}.", " ".join(facts)]
    if page is not None:
        parts += [
            page.why,
            f"Instead of (`{page.path}`, {_places(page)})",
            _block(page, page.bad),
            "write",
            _block(page, page.good),
        ]
    return "\n\n".join(parts) + "\n"


def index_text(rules: tuple[ValidationRule, ...]) -> str:
    """The list of all pages in Markdown."""
    lines = [f"- [{rule.id}]({rule.id}.md): {rule.description}" for rule in rules]
    head = (
        "# The rules\n\nMade from `baes/standards/rules.toml` and `rule_pages.toml` by `make docs`."
    )
    return f"{head}\n\n" + "\n".join(sorted(lines)) + "\n"


def _places(page: RulePage) -> str:
    lines = [str(line) for line in page.lines if line]
    return f"found in line {' and '.join(lines)}" if lines else "found in the file as a whole"


def _block(page: RulePage, code: str) -> str:
    return f"```{language_of(page.path)}\n{code.rstrip()}\n```"


def _page(entry: dict[str, Any]) -> RulePage:
    return RulePage(**{**entry, "lines": tuple(entry["lines"])})
