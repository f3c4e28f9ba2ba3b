"""``baes rules list|check|explain|standards``."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from baes.cli.output import print_json, print_text, say
from baes.cli.parser import Parser
from baes.errors import WrongUsage
from baes.spec.pipeline import AgentName, Finding
from baes.standards.compressed_standards import Standards, compressed_standards, full_standards
from baes.standards.rule_catalogue import RuleCatalogue
from baes.standards.rule_pages import page_of, page_text
from baes.standards.validation_rules import ValidationRule

if TYPE_CHECKING:
    from baes.core.file_repair import FileRepair

__all__ = ["add_arguments", "run"]

ACTIONS = ("list", "check", "explain", "standards")


def add_arguments(parser: Parser) -> None:
    """Declare the arguments."""
    parser.add_argument("action", choices=ACTIONS, metavar="list|check|explain|standards")
    parser.add_argument("targets", nargs="*", metavar="FILE|DIR|RULE")
    parser.add_argument("--deep", action="store_true")
    parser.add_argument("--fix", action="store_true")


def run(options: argparse.Namespace) -> int:
    """List the rules, explain some of them, or check files; findings give the status 1."""
    if options.action == "list":
        return _list(options)
    if options.action == "standards":
        return _standards(options)
    if not options.targets:
        raise WrongUsage.of("cli.rules.error.no_target", action=options.action)
    return _check(options) if options.action == "check" else _explain(options)


def _list(options: argparse.Namespace) -> int:
    rules = sorted(RuleCatalogue().list_rules(), key=lambda rule: (rule.category, rule.id))
    if options.json:
        print_json({"rules": [_rule_json(rule) for rule in rules]})
        return 0
    width = max(len(rule.id) for rule in rules)
    for rule in rules:
        print_text(f"{rule.category:<9} {rule.id:<{width}}  {rule.description}")
    return 0


def _standards(options: argparse.Namespace) -> int:
    """What a language model is told of the rules, an agent each, and what that costs."""
    agents = [a for a in get_args(AgentName) if not options.targets or a in options.targets]
    unknown = sorted(set(options.targets) - set(agents))
    if unknown:
        raise WrongUsage.of(
            "cli.rules.error.no_agent", name=unknown[0], known=tuple(get_args(AgentName))
        )
    found = [(compressed_standards(agent), full_standards(agent)) for agent in agents]
    if options.json:
        print_json({"standards": [_standards_json(short, full) for short, full in found]})
        return 0
    for short, full in found:
        lines = len(short.text.splitlines())
        counts = {"lines": lines, "tokens": short.tokens, "full": full.tokens}
        say(options.language, "cli.rules.standards", agent=short.agent, **counts)
        if options.targets:
            print_text(short.text)
    return 0


def _standards_json(short: Standards, full: Standards) -> dict[str, Any]:
    return {
        "agent": short.agent,
        "lines": len(short.text.splitlines()),
        "tokens": short.tokens,
        "full_tokens": full.tokens,
        "text": short.text,
    }


def _rule_json(rule: ValidationRule) -> dict[str, Any]:
    page = page_of(rule.id)
    return {
        "id": rule.id,
        "category": rule.category,
        "description": rule.description,
        "applies_to": sorted(rule.applies_to),
        "threshold": rule.threshold,
        "enabled": rule.enabled,
        "version": rule.version,
        "linter": list(rule.linter),
        "why": page.why if page else "",
    }


def _explain(options: argparse.Namespace) -> int:
    known = {rule.id: rule for rule in RuleCatalogue().list_rules()}
    unknown = [name for name in options.targets if name not in known]
    if unknown:
        raise WrongUsage.of("cli.rules.error.no_rule", rule=unknown[0], known=", ".join(known))
    rules = [known[name] for name in options.targets]
    if options.json:
        print_json({"rules": [_rule_json(rule) | {"page": page_text(rule)} for rule in rules]})
    else:
        print_text("\n".join(page_text(rule) for rule in rules).rstrip())
    return 0


def _check(options: argparse.Namespace) -> int:
    from baes.core.file_review import review_files  # listing needs no linter

    targets = [Path(target) for target in options.targets]
    reviews = review_files(targets, deep=options.deep)
    repairs: tuple[FileRepair, ...] = ()
    if options.fix:
        from baes.core.file_repair import repairs_of  # syntax trees take a while to import

        repairs = repairs_of(reviews)
        for repair in repairs:
            repair.write()
        reviews = review_files(targets, deep=options.deep)
    found = [(review.path, finding) for review in reviews for finding in review.findings]
    if options.json:
        print_json(
            {
                "success": not found,
                "files": [
                    {"path": str(r.path), "outcome": r.verdict.outcome, "method": r.verdict.method}
                    for r in reviews
                ],
                "findings": [_finding_json(path, finding) for path, finding in found],
                "fixed": [_repair_json(repair) for repair in repairs],
            }
        )
        return 1 if found else 0
    for repair in repairs:
        print_text(repair.difference.rstrip("\n"))
    for path, finding in found:
        place = f"{path}:{max(finding.line, 1)}:{max(finding.column, 1)}"
        print_text(f"{place}: {finding.rule} {_shown(finding, options.language)}")
    files = len(reviews)
    if options.fix:
        mended = sum(len(repair.mended) for repair in repairs)
        say(options.language, "cli.rules.fixed", findings=mended, files=len(repairs))
    say(options.language, "cli.rules.checked", files=files, findings=len(found))
    return 1 if found else 0


def _shown(finding: Finding, language: str) -> str:
    from baes.texts import text

    certain = finding.outcome == "confident_rejection"
    reason = " ".join(finding.reason.split())
    return reason if certain else text(language, "cli.rules.unsure", reason=reason)


def _repair_json(repair: FileRepair) -> dict[str, Any]:
    return {
        "path": str(repair.path),
        "rules": [finding.rule for finding in repair.mended],
        "difference": repair.difference,
    }


def _finding_json(path: Path, finding: Finding) -> dict[str, Any]:
    return {
        "path": str(path),
        "line": finding.line,
        "column": finding.column,
        "rule": finding.rule,
        "outcome": finding.outcome,
        "reason": finding.reason,
    }
